"""What the scripts of the build projects share."""

import ast
import runpy
import sys

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from scripting import SCRIPTS, common

ACTIONS = {
    "init_repo": "init_mlops_platform_repo",
    "build_release": "build_base_model_repo",
    "deploy_root": "deploy_platform",
    "publish_wheels": "build_codeartifact",
    "build_lcc": "build_lcc",
    "build_cfn": "build_cfn",
    "build_model_group_params": "build_model_group_params",
    "create_sm_experiment": "create_sm_experiment",
    "build_endpoint_params": "build_endpoint_params",
    "build_monitor_params": "build_monitor_params",
    "push_image": "push_image",
    "upsert_pipeline": "sm_pipeline",
    "associate_user": "associate_user_lifecycle",
}
SHARED = ["common", "images", "json_schema", "model_config", "project", "stages"]


def test_client_repeats_throttled_calls():
    config = common.client("s3").meta.config
    assert config.retries == {"mode": "standard", "total_max_attempts": 10}


def test_settings_are_the_environment(monkeypatch):
    monkeypatch.setenv("ONE", "1")
    monkeypatch.setenv("TWO", "2")
    assert common.settings("ONE", "TWO") == ["1", "2"]


def test_settings_names_all_that_are_missing_or_empty(monkeypatch):
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.delenv("MISSING", raising=False)
    with pytest.raises(common.WorkError, match="EMPTY, MISSING: "):
        common.settings("EMPTY", "MISSING")


def test_command_shows_what_it_runs(capfd, tmp_path):
    common.command(sys.executable, "-c", "print('hello there')", cwd=tmp_path)
    shown, said = capfd.readouterr().out.splitlines()
    assert shown == f"$ {sys.executable} -c 'print('\"'\"'hello there'\"'\"')'"
    assert said == "hello there"


def test_command_fails():
    with pytest.raises(common.WorkError, match=r"exit code 3, see above: .* -c 'exit\(3\)'"):
        common.command(sys.executable, "-c", "exit(3)")


def test_warn(capsys):
    common.warn("look here")
    assert capsys.readouterr().out == "warning: look here\n"


def test_run_succeeds(monkeypatch):
    monkeypatch.setenv("ACTION", "an_action")
    done = []
    assert common.run("an_action", lambda: done.append(True)) == 0
    assert done


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (common.WorkError("no such thing: make one"), "error: no such thing: make one\n"),
        (ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetObject"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="https://s3"), "Could not connect"),
        (OSError("disk is full"), "error: disk is full\n"),
    ],
)
def test_run_says_what_is_wrong(monkeypatch, capsys, error, said):
    monkeypatch.setenv("ACTION", "an_action")

    def work():
        raise error

    assert common.run("an_action", work) == 1
    assert said in capsys.readouterr().err


def test_run_refuses_the_work_of_another_action(monkeypatch, capsys):
    monkeypatch.setenv("ACTION", "another")
    assert common.run("an_action", lambda: pytest.fail("did the work")) == 1
    assert "this build is the action another" in capsys.readouterr().err


@pytest.mark.parametrize(("script", "action"), ACTIONS.items())
def test_scripts_are_programs(monkeypatch, capsys, script, action):
    monkeypatch.setenv("ACTION", "none")
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(SCRIPTS / f"{script}.py"), run_name="__main__")
    assert ended.value.code == 1
    assert f"the script is that of {action}\n" in capsys.readouterr().err


@pytest.mark.parametrize("script", [*SHARED, *ACTIONS])
def test_functions_are_short(script):
    for node in ast.walk(ast.parse((SCRIPTS / f"{script}.py").read_text())):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 40, node.name
