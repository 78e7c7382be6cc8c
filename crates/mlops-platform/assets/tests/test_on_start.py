"""What JupyterLab starts with: the script, run by bash in a home of its own, with a stand-in for AWS and a real git."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
import yaml
from conftest import REGION
from projecting import ACCOUNT, ID, KEY, NAME, OWN, PAIRS, PLATFORM, ROLE
from scripting import STUDIO, build_lcc
from test_buildspecs import SHELLCHECK

HOST = f"https://git-codecommit.{REGION}.amazonaws.com"
APP = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:app/d-1/ada-{NAME}/jupyterlab/default"
EXTENSION = build_lcc.archive(STUDIO / "extension")
EXTENSION_KEY = f"studio/extension.{hashlib.sha256(EXTENSION).hexdigest()}.tar.gz"
# Answers from the folder beside it. `fails` holds words of calls that fail, `hangs` of those that hang.
AWS = """\
#!/bin/bash
here="$(dirname "$0")/../answers"
echo "$*" >>"$here/calls"
while read -r words; do case "$*" in *"$words"*) echo "An error occurred" >&2; exit 254 ;; esac; done <"$here/fails"
while read -r words; do case "$*" in *"$words"*) exec /usr/bin/sleep 60 ;; esac; done <"$here/hangs"
case "$1 $2" in
    "s3 cp") cp "$here/extension" "${@: -1}" ;;
    "codeartifact login") echo "Successfully configured pip" ;;
    *) cat "$here/$2" ;;
esac
"""
STEPS = ["parameters", "git for CodeCommit", "pip for CodeArtifact", "the project's repository", "seed code"]
STEPS += ["parameters as a file", "extension"]
BEFORE = "# a person's own\nalias ll='ls -l'"


def git(*words, folder):
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    subprocess.run(("git", *identity, *words), cwd=folder, check=True, capture_output=True)


class Space:
    """A space: its home, the commands that it has, and what AWS answers."""

    def __init__(self, folder: Path) -> None:
        self.home, self.commands, self.answers = folder / "home", folder / "commands", folder / "answers"
        self.logs, self.origin, self.metadata = folder / "logs", folder / "origin", folder / "metadata.json"
        for each in (self.home, self.commands, self.answers, self.origin):
            each.mkdir()
        self.script = build_lcc.script((STUDIO / "on_start.sh").read_text(), NAME)
        self.command("aws", AWS)
        self.command("sleep", "#!/bin/bash\nexit 1\n")
        self.command("jupyter", f"#!/bin/bash\necho {self.home}/.local/share/jupyter\n")
        self.metadata.write_text(json.dumps({"AppType": "JupyterLab", "DomainId": "d-1", "ResourceArn": APP}))
        self.answer_all()
        self.fails()
        self.hangs()
        (self.home / ".bashrc").write_text(BEFORE)
        (self.origin / "seedcode").mkdir()
        (self.origin / "seedcode" / "start.py").write_text("1\n")
        (self.origin / "README.md").write_text("hello\n")
        git("init", folder=self.origin)
        git("add", ".", folder=self.origin)
        git("commit", "-m", "seed", folder=self.origin)

    def command(self, name, text):
        (self.commands / name).write_text(text)
        (self.commands / name).chmod(0o755)

    def answer_all(self):
        own = OWN | {"repository": f"{NAME}-project-repo", "extension-key": EXTENSION_KEY}

        def values(path, values):
            return json.dumps(
                {"Parameters": [{"Name": f"{path}/{key}", "Value": each} for key, each in values.items()]}
            )

        given = [*PAIRS, {"Key": "aws:x", "Value": "1"}, {"Key": "sagemaker:studio-visibility", "Value": "true"}]
        for name, text in {
            "get-parameters-by-path": values(f"/mlops/projects/{NAME}", own),
            "get-parameters": values("/mlops/platform", PLATFORM),
            "list-tags-for-resource": json.dumps({"TagList": given}),
            "list-tags": f"{NAME}\n",
            "describe-domain": "120\n",
        }.items():
            (self.answers / name).write_text(text)
        (self.answers / "extension").write_bytes(EXTENSION)

    def fails(self, *words):
        (self.answers / "fails").write_text("".join(f"{each}\n" for each in words))

    def hangs(self, *words):
        (self.answers / "hangs").write_text("".join(f"{each}\n" for each in words))

    def calls(self):
        """What AWS was asked, and no longer remembers."""
        file = self.answers / "calls"
        said = re.sub(r"/tmp\.\w+/", "/", file.read_text()).splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return said

    def environment(self, **more):
        redirected = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": f"url.file://{self.origin}.insteadOf"}
        return {
            "HOME": str(self.home),
            "PATH": f"{self.commands}:{Path(shutil.which('python3')).parent}:/usr/bin:/bin",
            "MLOPS_METADATA": str(self.metadata),
            "MLOPS_LOGS": str(self.logs),
            "GIT_CONFIG_VALUE_0": f"{HOST}/v1/repos/{NAME}-project-repo",
            **redirected,
            **more,
        }

    def starts(self, **more):
        """Runs the script as Studio does; it must end well. Returns what it says, without the clock."""
        done = subprocess.run(
            ["bash", "-s"],
            input=self.script,
            env=self.environment(**more),
            text=True,
            capture_output=True,
            check=False,
            cwd=self.home,
            timeout=60,
        )
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", line) for line in lines)
        return [line.partition(" ")[2] for line in lines]

    def files(self):
        """The contents of the home, but for what git notes of its own work."""
        found = (file for file in sorted(self.home.rglob("*")) if file.is_file())
        return {
            file.relative_to(self.home).as_posix(): file.read_bytes()
            for file in found
            if not re.search(r"\.git/(index|logs|objects)", file.as_posix())
        }


@pytest.fixture
def space(tmp_path):
    return Space(tmp_path)


def test_shell_is_sound():
    for text in ((STUDIO / "on_start.sh").read_text(), build_lcc.script((STUDIO / "on_start.sh").read_text(), NAME)):
        done = subprocess.run(
            [SHELLCHECK, "--shell=bash", "--severity=style", "-"],
            input=text,
            text=True,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "")


def test_sets_everything_up(space):
    assert space.starts() == [f"project {NAME} in {REGION}", *(f"{step}: done" for step in STEPS)]
    home = space.home
    assert (home / NAME / "README.md").read_text() == "hello\n"
    assert (home / "seedcode" / "start.py").read_text() == "1\n"
    assert (home / NAME / ".git" / "HEAD").read_text() == "ref: refs/heads/dev\n"
    params = yaml.safe_load((home / NAME / ".project_params.yaml").read_text())
    assert params == {
        "project": NAME,
        "region": REGION,
        "account": ACCOUNT,
        "bucket": OWN["bucket"],
        "kms_key_arn": KEY,
        "role_arn": ROLE,
        "subnets": ["subnet-1", "subnet-2"],
        "security_group_id": "sg-1",
        "repositories": {name.removeprefix("ecr/"): uri for name, uri in OWN.items() if name.startswith("ecr/")},
        "tags": PAIRS,
    }
    assert {"Key": "sagemaker:project-id", "Value": ID} in params["tags"]
    installed = home / ".local/share/jupyter/labextensions/mlops-project"
    assert json.loads((installed / "package.json").read_text())["name"] == "mlops-project"
    shown = json.loads((installed / "static/project.json").read_text())
    assert shown == {"project": NAME, "bucket": OWN["bucket"], "idleMinutes": 120}
    assert (space.logs / "on_start.log").read_text().count("done") == len(STEPS)


def test_twice_in_a_row_changes_nothing(space):
    space.starts()
    first, asked = space.files(), space.calls()
    assert space.starts() == [f"project {NAME} in {REGION}", *(f"{step}: done" for step in STEPS)]
    assert space.files() == first
    assert space.calls() == asked
    lines = (space.home / ".bashrc").read_text().splitlines()
    assert lines[:2] == BEFORE.splitlines()
    assert len(lines) == 3
    assert (space.home / ".gitconfig").read_text().count("helper = ") == 1


def test_what_a_person_made_stays(space):
    space.starts()
    (space.home / NAME / "README.md").write_text("mine\n")
    (space.home / "seedcode" / "start.py").unlink()
    (space.home / ".bashrc").write_text((space.home / ".bashrc").read_text() + "export MINE=1\n")
    before = space.files()
    space.starts()
    assert space.files() == before


def test_git_offers_nothing_to_commit(space):
    space.starts()
    said = subprocess.run(
        ["git", "status", "--porcelain"], cwd=space.home / NAME, text=True, capture_output=True, check=True
    ).stdout
    assert said == ""


def test_follows_a_branch_that_is_there(space):
    git("checkout", "-b", "dev", folder=space.origin)
    (space.origin / "README.md").write_text("from dev\n")
    git("commit", "-am", "dev", folder=space.origin)
    git("checkout", "main", folder=space.origin)
    space.starts()
    assert (space.home / NAME / "README.md").read_text() == "from dev\n"


def test_git_asks_the_role_for_credentials(space):
    space.starts()
    config = (space.home / ".gitconfig").read_text()
    assert f'[credential "{HOST}"]' in config
    assert "helper = !aws codecommit credential-helper $@" in config
    assert "UseHttpPath = true" in config


def test_pip_is_logged_in_and_renewed(space):
    space.starts()
    login = f"codeartifact login --tool pip --region {REGION} --domain mlops --repository mlops-codeartifact-repository"
    assert space.calls().count(login) == 1
    renew = (space.home / ".mlops/renew.sh").read_text()
    done = subprocess.run([SHELLCHECK, "--shell=bash", "-"], input=renew, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    # One pause of ten hours goes by, in the second the space ends.
    space.command("sleep", f'#!/bin/bash\nmkdir "{space.answers}/slept" 2>/dev/null\n')
    subprocess.run(["bash", space.home / ".mlops/renew.sh"], env=space.environment(), check=True, capture_output=True)
    assert space.calls() == [login]


def test_one_loop_renews_however_many_begin_it(space):
    space.starts()
    space.calls()
    lock = space.home / ".mlops/renew.lock"
    with subprocess.Popen(["flock", "--no-fork", lock, "/usr/bin/sleep", "20"]) as holder:
        while subprocess.run(["flock", "--nonblock", lock, "true"], check=False).returncode == 0:
            time.sleep(0.05)
        space.command("sleep", "#!/bin/bash\nexit 0\n")
        subprocess.run(["bash", space.home / ".mlops/renew.sh"], env=space.environment(), check=True, timeout=10)
        holder.terminate()
    assert space.calls() == []


def test_a_shell_begins_the_loop(space):
    space.starts()
    space.calls()
    space.command("sleep", f'#!/bin/bash\nmkdir "{space.answers}/slept" 2>/dev/null\n')
    subprocess.run(
        ["bash", "--rcfile", space.home / ".bashrc", "-i", "-c", "true"], env=space.environment(), check=True
    )
    until = time.monotonic() + 10
    while not (space.answers / "calls").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert len(space.calls()) == 1


@pytest.mark.parametrize(
    ("words", "failed"),
    [
        (["get-parameters-by-path"], [step for step in STEPS if "for" not in step]),
        (["codeartifact login"], ["pip for CodeArtifact"]),
        (["s3 cp"], ["extension"]),
        (["describe-domain"], []),
        (["list-tags-for-resource"], []),
    ],
)
def test_a_step_that_fails_keeps_nothing_else_from_being_done(space, words, failed):
    space.fails(*words)
    said = space.starts()
    wrong = {line.removeprefix("warning: ").partition(": failed")[0] for line in said if "warning" in line}
    assert wrong == {*failed}
    assert len(said) == 1 + len(STEPS)
    # The next start makes up for it.
    space.fails()
    assert not [line for line in space.starts() if "warning" in line]


def test_everything_fails(space):
    space.fails("")
    said = space.starts()
    assert [line.removeprefix("warning: ").partition(":")[0] for line in said if line.startswith("warning")] == [
        step for step in STEPS if step != "git for CodeCommit"
    ]


def test_unknown_idle_time_is_not_shown(space):
    (space.answers / "describe-domain").write_text("None\n")
    space.starts()
    file = space.home / ".local/share/jupyter/labextensions/mlops-project/static/project.json"
    assert json.loads(file.read_text())["idleMinutes"] is None


def test_an_extension_that_is_another_one_is_not_installed(space):
    (space.answers / "extension").write_bytes(EXTENSION + b"x")
    assert next(line for line in space.starts() if "warning" in line).startswith("warning: extension: failed")
    assert not (space.home / ".local").exists()


def test_a_folder_that_stands_in_the_way_stays(space):
    (space.home / NAME).mkdir()
    (space.home / NAME / "mine").write_text("1\n")
    said = space.starts()
    assert f"warning: {space.home}/{NAME} is there and no repository: it stays as it is" in said
    assert (space.home / NAME / "mine").read_text() == "1\n"


def test_an_empty_folder_is_filled(space):
    (space.home / NAME).mkdir()
    space.starts()
    assert (space.home / NAME / "README.md").is_file()


def test_half_a_clone_is_none(space):
    (space.home / ".mlops/clone").mkdir(parents=True)
    (space.home / ".mlops/clone/half").write_text("1\n")
    shutil.move(space.origin, space.origin.with_name("away"))
    assert [line for line in space.starts() if "repository: failed" in line]
    assert not (space.home / NAME).exists()
    shutil.move(space.origin.with_name("away"), space.origin)
    space.starts()
    assert not (space.home / NAME / "half").exists()


def test_project_by_the_tags_of_the_space(space):
    space.script = (STUDIO / "on_start.sh").read_text()
    assert space.starts()[0] == f"project {NAME} in {REGION}"
    assert f"sagemaker list-tags --resource-arn {APP} " in space.calls()[0]


@pytest.mark.parametrize("tag", ["None\n", "../x\n", ""])
def test_no_project(space, tag):
    space.script = (STUDIO / "on_start.sh").read_text()
    (space.answers / "list-tags").write_text(tag)
    assert space.starts() == ["warning: nothing tells which project this space belongs to: nothing is set up"]
    assert (space.home / ".bashrc").read_text() == BEFORE


@pytest.mark.parametrize("text", [None, "{", "{}"])
def test_no_metadata(space, text):
    space.metadata.unlink()
    if text:
        space.metadata.write_text(text)
    assert space.starts() == ["warning: nothing tells which project this space belongs to: nothing is set up"]


def test_ends_in_time_when_nothing_answers(space):
    space.hangs("")
    began = time.monotonic()
    said = space.starts(MLOPS_LIMIT="2")
    assert time.monotonic() - began < 20
    assert len([line for line in said if "no time left for" in line]) >= 1


def test_limit_leaves_room_below_five_minutes():
    text = (STUDIO / "on_start.sh").read_text()
    (limit,) = re.findall(r"^LIMIT=.*:-(\d+)}", text, re.MULTILINE)
    assert int(limit) + 5 < 300
    # Whatever talks to AWS does so within it; what renews the token does so in the background.
    for line in text.splitlines():
        if re.search(r"\baws [a-z0-9]+ [a-z-]+|\bgit clone", line) and not line.startswith(("#", "    aws")):
            assert "limited" in line or "credential-helper" in line, line


def test_logs_go_home_if_they_may_not_go_elsewhere(space, tmp_path):
    (tmp_path / "file").write_text("")
    space.starts(MLOPS_LOGS=str(tmp_path / "file" / "logs"))
    assert "done" in (space.home / ".mlops/on_start.log").read_text()


def test_needs_no_environment_but_home_and_path(space):
    assert os.environ.get("MLOPS_PROJECT") is None
    assert "extension: done" in space.starts()
