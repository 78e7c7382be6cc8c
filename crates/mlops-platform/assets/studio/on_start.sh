#!/bin/bash
# What JupyterLab starts with in a space of a project: packages from the platform's repository, git for CodeCommit, the
# project's repository and seed code, its parameters as a file, an extension that shows whose space this is.
#
# Runs each time a space starts, in a network without internet. A step that fails says so and the next one follows: a script
# that fails, or takes more than five minutes, would keep JupyterLab from starting. Ends with 0, always; overwrites nothing
# that a person made. `build_lcc.py` puts MLOPS_PROJECT=<name> before the first command.
# shellcheck disable=SC2329 # `step` calls the functions
set -u

METADATA="${MLOPS_METADATA:-/opt/ml/metadata/resource-metadata.json}"
OWN="$HOME/.mlops"
LIMIT="${MLOPS_LIMIT:-240}" # seconds for all commands that talk to AWS
EACH=60                     # seconds for one of them
LOGS="${MLOPS_LOGS:-/var/log/studio}"
WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT

mkdir -p "$OWN"
if ! mkdir -p "$LOGS" 2>/dev/null || [ ! -w "$LOGS" ]; then
    LOGS="$OWN"
fi
LOG="$LOGS/on_start.log"

# What is said is seen even where a command's output is kept.
exec 3>&1
say() {
    printf '%s %s\n' "$(date -u +%FT%TZ)" "$*" | tee -a "$LOG" >&3
}

# Runs a command for as long as there is time; what it complains of goes to the log.
limited() {
    local left=$((LIMIT - SECONDS))
    if ((left <= 0)); then
        say "warning: no time left for: $1 ${2-} ${3-}"
        return 1
    fi
    timeout --kill-after=5 "$((left < EACH ? left : EACH))" "$@" 2>>"$LOG" </dev/null
}

step() {
    local what="$1"
    shift
    if "$@"; then say "$what: done"; else say "warning: $what: failed, see $LOG"; fi
}

# A field of the metadata that Studio gives every space.
metadata() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$METADATA" "$1" 2>>"$LOG"
}

# A parameter of the platform or the project, from what `read_parameters` got.
parameter() {
    python3 - "$WORK/$1.json" "$2" 2>>"$LOG" <<'PYTHON'
import json, sys
found = {each["Name"].split("/", 4 if each["Name"].startswith("/mlops/projects/") else 3)[-1]: each["Value"]
         for each in json.load(open(sys.argv[1]))["Parameters"]}
print(found[sys.argv[2]])
PYTHON
}

# Whose space this is and where: from the script's head, else from the tags of the space's application.
find_project() {
    local arn
    arn="$(metadata ResourceArn)" || return 1
    REGION="$(cut -d: -f4 <<<"$arn")"
    export AWS_DEFAULT_REGION="$REGION"
    if [ -z "${MLOPS_PROJECT-}" ]; then
        MLOPS_PROJECT="$(limited aws sagemaker list-tags --resource-arn "$arn" \
            --query "Tags[?Key=='sagemaker:project-name'].Value | [0]" --output text)"
    fi
    [[ "${MLOPS_PROJECT-}" =~ ^[a-z0-9](-?[a-z0-9])*$ ]]
}

read_parameters() {
    local path="/mlops/projects/$MLOPS_PROJECT" base=/mlops/platform found=0
    limited aws ssm get-parameters-by-path --path "$path" --recursive --output json >"$WORK/project.json" || found=1
    limited aws ssm get-parameters --output json --names "$base/subnet-ids" "$base/compute-security-group-id" \
        "$base/codeartifact-domain" "$base/codeartifact-repository" >"$WORK/platform.json" || found=1
    return "$found"
}

log_in_pip() {
    local domain repository begin
    domain="$(parameter platform codeartifact-domain)" && repository="$(parameter platform codeartifact-repository)" || return 1
    # A token lasts twelve hours. One loop renews it, however many shells begin it; no cron, for Studio has none.
    cat >"$OWN/renew.sh" <<SCRIPT
#!/bin/bash
# Renews the token of the platform's Python repository. Written anew at each start of the space.
exec 9>"$OWN/renew.lock"
flock --nonblock 9 || exit 0
while sleep 36000 9>&-; do
    aws codeartifact login --tool pip --region "$REGION" --domain "$domain" --repository "$repository" 9>&-
done
SCRIPT
    begin="(setsid bash \"$OWN/renew.sh\" >/dev/null 2>&1 </dev/null &)"
    if ! grep -qxF "$begin" "$HOME/.bashrc" 2>/dev/null; then
        # What stood there may have no end of line.
        [ -s "$HOME/.bashrc" ] && [ -n "$(tail -c 1 "$HOME/.bashrc")" ] && echo >>"$HOME/.bashrc"
        echo "$begin" >>"$HOME/.bashrc"
    fi
    setsid bash "$OWN/renew.sh" >/dev/null 2>&1 3>&- </dev/null &
    limited aws codeartifact login --tool pip --region "$REGION" --domain "$domain" --repository "$repository" >>"$LOG"
}

configure_git() {
    local host="https://git-codecommit.$REGION.amazonaws.com"
    # shellcheck disable=SC2016 # git expands it
    git config --global --replace-all "credential.$host.helper" '!aws codecommit credential-helper $@' 2>>"$LOG" &&
        git config --global --replace-all "credential.$host.UseHttpPath" true 2>>"$LOG"
}

clone() {
    local home="$HOME/$MLOPS_PROJECT" repository
    [ -e "$home/.git" ] && return 0
    if [ -e "$home" ] && ! rmdir "$home" 2>/dev/null; then
        say "warning: $home is there and no repository: it stays as it is"
        return 1
    fi
    repository="$(parameter project repository)" || return 1
    # Moved when it is whole: half a clone would be taken for one at the next start.
    rm -rf "$OWN/clone"
    GIT_TERMINAL_PROMPT=0 limited git clone --quiet \
        "https://git-codecommit.$REGION.amazonaws.com/v1/repos/$repository" "$OWN/clone" >>"$LOG" || return 1
    # Nobody pushes to main: work goes there by pull requests.
    git -C "$OWN/clone" checkout --quiet dev 2>>"$LOG" || git -C "$OWN/clone" checkout --quiet -b dev 2>>"$LOG"
    mv "$OWN/clone" "$home"
}

copy_seed_code() {
    [ -e "$HOME/seedcode" ] && return 0
    rm -rf "$OWN/seedcode"
    cp -R "$HOME/$MLOPS_PROJECT/seedcode" "$OWN/seedcode" 2>>"$LOG" && mv "$OWN/seedcode" "$HOME/seedcode"
}

write_parameters() {
    local home="$HOME/$MLOPS_PROJECT" exclude
    [ -d "$home" ] || return 1
    limited aws ssm list-tags-for-resource --resource-type Parameter \
        --resource-id "/mlops/projects/$MLOPS_PROJECT/tags" --output json >"$WORK/tags.json"
    python3 - "$WORK" "$MLOPS_PROJECT" "$REGION" >"$WORK/params.yaml" 2>>"$LOG" <<'PYTHON' || return 1
import json, pathlib, sys
work, project, region = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
def values(file, base):
    entries = json.loads((work / file).read_text())["Parameters"]
    return {each["Name"].removeprefix(base): each["Value"] for each in entries}
own = values("project.json", f"/mlops/projects/{project}/")
platform = values("platform.json", "/mlops/platform/")
try:
    given = {tag["Key"]: tag["Value"] for tag in json.loads((work / "tags.json").read_text())["TagList"]}
except ValueError:
    given = {}
tags = json.loads(own["tags"])
tags = tags | given | tags
skipped = "sagemaker:studio-visibility"
params = {
    "project": project,
    "region": region,
    "account": own["role-arn"].split(":")[4],
    "bucket": own["bucket"],
    "kms_key_arn": own["kms-key-arn"],
    "role_arn": own["role-arn"],
    "subnets": platform["subnet-ids"].split(","),
    "security_group_id": platform["compute-security-group-id"],
    "repositories": {name.removeprefix("ecr/"): uri for name, uri in sorted(own.items()) if name.startswith("ecr/")},
    "tags": [{"Key": key, "Value": value} for key, value in tags.items()
             if not key.lower().startswith("aws:") and key != skipped],
}
print("# Written at each start of the space: what is changed here is lost.")
for key, value in params.items():  # JSON is YAML
    print(f"{key}: {json.dumps(value)}")
PYTHON
    # Not a change that git would offer to commit.
    exclude="$home/.git/info/exclude"
    if [ -d "$home/.git/info" ] && ! grep -qxF .project_params.yaml "$exclude" 2>/dev/null; then
        echo .project_params.yaml >>"$exclude"
    fi
    mv "$WORK/params.yaml" "$home/.project_params.yaml"
}

install_extension() {
    local bucket key hash data target new="$OWN/extension" minutes
    bucket="$(parameter project bucket)" && key="$(parameter project extension-key)" || return 1
    limited aws s3 cp --only-show-errors "s3://$bucket/$key" "$WORK/extension.tar.gz" >>"$LOG" || return 1
    # The bucket is the project's to write, the key is not.
    hash="${key##*/extension.}"
    sha256sum --check --status <<<"${hash%.tar.gz}  $WORK/extension.tar.gz" 2>>"$LOG" || return 1
    rm -rf "$new"
    mkdir -p "$new" && tar -xzf "$WORK/extension.tar.gz" -C "$new" 2>>"$LOG" || return 1
    minutes="$(limited aws sagemaker describe-domain --domain-id "$(metadata DomainId)" --output text --query \
        DefaultUserSettings.JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes)"
    [[ "$minutes" =~ ^[0-9]+$ ]] || minutes=null
    printf '{"project": "%s", "bucket": "%s", "idleMinutes": %s}\n' "$MLOPS_PROJECT" "$bucket" "$minutes" \
        >"$new/static/project.json" || return 1
    data="$(limited jupyter --data-dir)" || data="$HOME/.local/share/jupyter"
    target="$data/labextensions/mlops-project"
    mkdir -p "$data/labextensions" && rm -rf "$target" && mv "$new" "$target"
}

if find_project; then
    say "project $MLOPS_PROJECT in $REGION"
    step "parameters" read_parameters
    step "git for CodeCommit" configure_git
    step "pip for CodeArtifact" log_in_pip
    step "the project's repository" clone
    step "seed code" copy_seed_code
    step "parameters as a file" write_parameters
    step "extension" install_extension
else
    say "warning: nothing tells which project this space belongs to: nothing is set up"
fi
exit 0
