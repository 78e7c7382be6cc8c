"""The buildspecs: what CodeBuild reads, and what a shell does with it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from scripting import BUILDSPECS, ROOT, SCRIPTS

FILES = sorted(path.stem for path in BUILDSPECS.glob("*"))
SCRIPT = {
    "init_mlops_platform_repo": "init_repo.py",
    "build_base_model_repo": "build_release.py",
    "deploy_platform": "deploy_root.py",
    "build_codeartifact": "publish_wheels.py",
    "build_lcc": "build_lcc.py",
    "build_cfn": "build_cfn.py",
    "build_model_group_params": "build_model_group_params.py",
    "create_sm_experiment": "create_sm_experiment.py",
    "build_endpoint_params": "build_endpoint_params.py",
    "build_monitor_params": "build_monitor_params.py",
    "push_image": "push_image.py",
    "sm_pipeline": "upsert_pipeline.py",
    "associate_user_lifecycle": "associate_user.py",
}
PROJECT = {"PROJECT", "PROJECT_ID"}
TEMPLATES = {"ARTIFACTS_BUCKET", "CODEBUILD_BUILD_ARN"}
CODE = {"COMMIT_ID", "AWS_REGION", "CODEBUILD_SRC_DIR_ProjectRepo"}
STOPS = {"PIPELINE", "PIPELINE_EXECUTION_ID"}
# What sets each variable that a script reads: the buildspec itself, else the build project, the action or CodeBuild.
FROM_OUTSIDE = {
    "init_mlops_platform_repo": {"ACTION", "BRANCH_NAME", "REPOSITORY"},
    "build_base_model_repo": {"ACTION", "ARTIFACTS_BUCKET"},
    "deploy_platform": {"ACTION", "ARTIFACTS_BUCKET", "ROOT_STACK", "CHANGED", "RELEASE_ID", "CODEBUILD_BUILD_NUMBER"},
    "build_codeartifact": {"ACTION"},
    "build_lcc": {"ACTION", "PROJECT", "PROJECT_BUCKET"},
    "build_cfn": {"ACTION", *PROJECT, *TEMPLATES},
    "build_model_group_params": {"ACTION", *PROJECT},
    "create_sm_experiment": {"ACTION", "PROJECT"},
    "build_endpoint_params": {"ACTION", *PROJECT, *TEMPLATES, *STOPS, "STAGE"},
    "build_monitor_params": {"ACTION", *PROJECT, *TEMPLATES},
    "push_image": {"ACTION", "PROJECT", "CONTAINER", *CODE, *STOPS},
    "sm_pipeline": {"ACTION", "PROJECT", *CODE, *STOPS},
    "associate_user_lifecycle": {"ACTION", *PROJECT, "USER_PROFILE"},
}
OUTPUT = {"build_cfn", "build_model_group_params", "build_endpoint_params", "build_monitor_params"}
KEYS = {"version", "env", "phases"}
ENV_KEYS = {"shell", "variables", "parameter-store", "exported-variables"}
PHASES = ["install", "build"]
PHASE_KEYS = {"runtime-versions", "commands"}
SECRET = re.compile(r"secret|token|password|credential|(?<!artifacts-)\bkey\b|AKIA", re.IGNORECASE)
# That of PyPI beside this Python, else that of the system.
SHELLCHECK = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") or "shellcheck"


def text(name: str) -> str:
    return (BUILDSPECS / f"{name}.yaml").read_text()


def load(name: str) -> dict:
    return yaml.safe_load(text(name))


def commands(name: str) -> list[str]:
    return [command for phase in load(name)["phases"].values() for command in phase["commands"]]


def imports(file: Path) -> set[str]:
    """Names of modules that a script imports, ours and others'."""
    lines = re.findall(r"^(?:from (\w+)|import (\w+))", file.read_text(), re.MULTILINE)
    return {one or other for one, other in lines}


def used(name: str) -> list[Path]:
    """The script of a buildspec, and what it takes from the others."""
    files = [SCRIPTS / SCRIPT[name]]
    for file in files:  # which grows
        ours = (SCRIPTS / f"{module}.py" for module in sorted(imports(file)))
        files += [other for other in ours if other.is_file() and other not in files]
    return files


def check(*words: str | Path, script: str) -> None:
    done = subprocess.run(words, input=script, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_there_is_one_for_each_action():
    assert set(FILES) == set(SCRIPT)


@pytest.mark.parametrize("name", FILES)
def test_is_what_codebuild_reads(name):
    spec = load(name)
    assert spec.keys() == (KEYS | {"artifacts"} if name in OUTPUT else KEYS)
    assert spec["version"] == 0.2
    assert spec["env"].keys() <= ENV_KEYS
    assert spec["env"]["shell"] == "bash"
    assert list(spec["phases"]) == PHASES
    for phase in spec["phases"].values():
        assert phase.keys() <= PHASE_KEYS
        assert all(isinstance(command, str) for command in phase["commands"])
    assert spec["phases"]["install"]["runtime-versions"] == {"python": "3.12"}


@pytest.mark.parametrize("name", FILES)
def test_variables_are_texts(name):
    env = load(name)["env"]
    for values in (env.get("variables", {}), env.get("parameter-store", {})):
        for variable, value in values.items():
            assert re.fullmatch(r"[A-Z][A-Z_]*", variable)
            assert isinstance(value, str)
    assert all(re.fullmatch(r"/mlops/platform/[a-z-]+", path) for path in env.get("parameter-store", {}).values())


@pytest.mark.parametrize("name", FILES)
def test_holds_no_secret(name):
    env = load(name)["env"]
    plain = [f"{variable}={value}" for variable, value in env.get("variables", {}).items()]
    assert not [line for line in [*plain, *env.get("exported-variables", []), *commands(name)] if SECRET.search(line)]


@pytest.mark.parametrize("name", FILES)
def test_stops_at_the_first_error(name):
    assert all(command.startswith("set -euo pipefail\n") for command in commands(name))


@pytest.mark.parametrize("name", FILES)
def test_shell_is_sound(name):
    for command in commands(name):
        check("bash", "-n", script=command)
        check(SHELLCHECK, "--shell=bash", "--severity=style", "-", script=command)


@pytest.mark.parametrize("name", FILES)
def test_installs_and_calls_one_script(name):
    install, build = commands(name)
    assert re.findall(r"\S+\.py\b", install) == []
    (script,) = re.findall(r'"\$CODEBUILD_SRC_DIR/(\S+\.py)"', build)
    assert (ROOT / script).is_file()
    assert script.endswith(f"/scripts/{SCRIPT[name]}")
    (folder,) = re.findall(r"^cd (\S+)$", install, re.MULTILINE)
    lists = re.findall(r"-r (\S+)", install)
    assert "--require-hashes" in install
    assert lists
    assert all((ROOT / folder / file).is_file() for file in lists)
    assert ("requirements-twine.txt" in lists) == ("twine" in (SCRIPTS / SCRIPT[name]).read_text())
    assert ("requirements-yaml.txt" in lists) == ("yaml" in {module for file in used(name) for module in imports(file)})


@pytest.mark.parametrize("name", FILES)
def test_sets_what_the_script_reads(name):
    text = (SCRIPTS / SCRIPT[name]).read_text()
    if re.search(r"from project import .*\bstop\b", text):
        text += (SCRIPTS / "project.py").read_text()
    read = {name for call in re.findall(r"settings\(([^)]*)\)", text) for name in re.findall(r'"(\w+)"', call)}
    env = load(name)["env"]
    given = {*env.get("variables", {}), *env.get("parameter-store", {})}
    assert read | {"ACTION"} == FROM_OUTSIDE[name] | given - {"CARGO_TERM_COLOR"}
    assert not FROM_OUTSIDE[name] & given


def test_hands_on_what_the_script_exports(tmp_path):
    """The end of the command, run by a shell after a script that wrote its file."""
    _, build = commands("build_base_model_repo")
    exported = load("build_base_model_repo")["env"]["exported-variables"]
    assert exported == ["CHANGED", "RELEASE_ID"]
    (tmp_path / "release.env").write_text("CHANGED=true\nRELEASE_ID=0a1b\n")
    after = build[build.index("set -a") :]
    script = f"set -euo pipefail\n{after}\nexec printenv {' '.join(exported)}"
    environment = {"PATH": "/usr/bin:/bin", "RELEASE_ENV": str(tmp_path / "release.env")}
    done = subprocess.run(["bash"], input=script, text=True, capture_output=True, check=True, env=environment)
    assert done.stdout == "true\n0a1b\n"


@pytest.mark.parametrize("name", sorted(OUTPUT))
def test_hands_on_what_the_script_writes(name):
    spec = load(name)
    assert spec["artifacts"] == {"base-directory": spec["env"]["variables"]["OUTPUT"], "files": ["**/*"]}


@pytest.mark.parametrize("name", FILES)
def test_script_needs_nothing_that_is_not_installed(name):
    ours = {file.stem for file in SCRIPTS.glob("*.py")}
    needed = {module for file in used(name) for module in imports(file)} - ours - sys.stdlib_module_names
    assert needed <= {"boto3", "botocore", "yaml"}


def test_lists_pin_everything_by_hash():
    for file in SCRIPTS.glob("requirements*.txt"):
        for line in file.read_text().replace("\\\n", " ").splitlines():
            assert line.startswith("#") or re.fullmatch(r"[\w.-]+==\S+(\s+--hash=sha256:[0-9a-f]{64})+", line)
