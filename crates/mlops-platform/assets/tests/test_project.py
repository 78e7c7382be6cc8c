"""What the scripts of a project's pipelines share."""

import json

import pytest
from botocore.exceptions import ClientError, WaiterError
from conftest import REGION
from projecting import ID, NAME, PAIRS, TAGS
from scripting import common, project


def error(code, message="no"):
    return ClientError({"Error": {"Code": code, "Message": message}}, "Describe")


@pytest.mark.parametrize(
    ("raised", "means"),
    [
        (error("ResourceNotFound"), True),
        (error("ResourceNotFoundException"), True),
        (error("ValidationException", "Model Package Group x does not exist."), True),
        (error("ValidationException", "Could not find model package group x"), True),
        (error("ValidationException", "bad name"), False),
        (error("AccessDeniedException", "does not exist"), False),
    ],
)
def test_gone(raised, means):
    assert project.gone(raised) is means


def test_reads_ten_parameters_at_once(aws, monkeypatch):
    monkeypatch.setattr(project, "client", aws.client)
    names = [f"name-{number}" for number in range(12)]
    stub = aws("ssm")
    for some in (names[:10], names[10:]):
        paths = [f"/mlops/platform/{name}" for name in some]
        stub.add_response(
            "get_parameters", {"Parameters": [{"Name": path, "Value": path[-2:]} for path in paths]}, {"Names": paths}
        )
    found = project.of_platform(*names)
    assert list(found) == names
    assert found["name-11"] == "11"


def test_names_all_that_are_missing(world):
    with pytest.raises(
        common.WorkError, match="/mlops/projects/churn-model/a, /mlops/projects/churn-model/b: the stack"
    ):
        project.of_project(NAME, "a", "bucket", "b")


def test_tags_are_those_of_the_project_and_of_the_form(world):
    assert project.tags(NAME) == TAGS


def test_form_tags_do_not_replace_what_must_be_there(world):
    world.ssm.given["sagemaker:project-id"] = "p-other"
    assert project.tags(NAME)["sagemaker:project-id"] == ID


def test_tags_of_the_project_must_be_there(world):
    world.own("tags", json.dumps({"CostCenter": "1"}))
    with pytest.raises(common.WorkError, match="lacks mlops:platform, sagemaker:project-id, sagemaker:project-name: "):
        project.tags(NAME)


def test_fifty_tags_are_allowed_and_no_more(world):
    world.ssm.given = {f"AWS:{number}": "" for number in range(9)} | {f"tag-{number}": "x" for number in range(46)}
    assert len(project.tags(NAME)) == 50
    world.ssm.given["one-more"] = "x"
    with pytest.raises(common.WorkError, match="has 51 tags, 50 are allowed"):
        project.tags(NAME)


def test_remembers_with_tags_first_and_without_afterwards(world, capsys):
    path = f"/mlops/projects/{NAME}/experiment"
    project.remember(NAME, "experiment", "one", TAGS)
    assert world.ssm.made == {path: PAIRS}
    world.ssm.made.clear()
    project.remember(NAME, "experiment", "two", TAGS)
    assert world.ssm.values[path] == "two"
    assert not world.ssm.made
    assert capsys.readouterr().out == f"{path} = one\n{path} = two\n"


def test_overwriting_is_as_systems_manager_takes_it(aws, monkeypatch):
    monkeypatch.setattr(project, "client", aws.client)
    parameter = {"Name": f"/mlops/projects/{NAME}/experiment", "Value": "x", "Type": "String"}
    stub = aws("ssm")
    stub.add_client_error("put_parameter", "ParameterAlreadyExists", expected_params=parameter | {"Tags": PAIRS})
    stub.add_response("put_parameter", {"Version": 2}, parameter | {"Overwrite": True})
    project.remember(NAME, "experiment", "x", TAGS)


def test_accounts_stand_once(world):
    assert project.stage_accounts() == "123456789012,210987654321"
    world.platform("prod-account-id", "123456789012")
    assert project.stage_accounts() == "123456789012"


def test_configuration_is_the_same_for_the_same_values():
    first = project.configuration({"B": "2", "A": "1"}, {"z": "1", "y": "2"})
    assert first == project.configuration({"A": "1", "B": "2"}, {"y": "2", "z": "1"})
    assert json.loads(first) == {"Parameters": {"A": "1", "B": "2"}, "Tags": {"y": "2", "z": "1"}}


def test_configuration_holds_texts_only():
    with pytest.raises(common.WorkError, match="are texts, these are not: B, C"):
        project.configuration({"A": "1", "B": 2, "C": None}, {})


def test_template_is_what_its_key_says(world, monkeypatch):
    key = world.releases("inference", b"one")
    world.reads("inference", b"one", key)
    assert project.template("artifacts", "inference") == b"one"
    world.reads("inference", b"two", key)
    with pytest.raises(common.WorkError, match=f"bucket artifacts, key {key}: another content is there"):
        project.template("artifacts", "inference")


def test_url():
    assert project.url("artifacts", REGION, "a/b.yaml") == f"https://artifacts.s3.{REGION}.amazonaws.com/a/b.yaml"


def test_parameters_of_a_stack(world):
    world.has_stack("prod", A="1", B="")
    assert project.parameters_of(f"{NAME}-inference-stackset-prod") == {"A": "1", "B": ""}
    world.lacks_stack("prod")
    assert project.parameters_of(f"{NAME}-inference-stackset-prod") == {}


@pytest.mark.parametrize("status", ["CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"])
def test_a_stack_whose_creation_failed_makes_way(world, status, capsys):
    world.has("churn-model-ecr-repo-stack", status, removed="DELETE_COMPLETE")
    project.make_way("churn-model-ecr-repo-stack")
    assert capsys.readouterr().out == f"churn-model-ecr-repo-stack is {status}: it is deleted and made anew\n"


@pytest.mark.parametrize(
    "status",
    ["CREATE_COMPLETE", "ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "DELETE_FAILED"],
)
def test_a_stack_that_was_ever_there_stays(world, status):
    world.has("churn-model-ecr-repo-stack", status)
    project.make_way("churn-model-ecr-repo-stack")


def test_a_stack_that_is_not_there_makes_way(world):
    world.lacks("churn-model-ecr-repo-stack")
    project.make_way("churn-model-ecr-repo-stack")


def test_a_stack_that_cannot_be_deleted_is_an_error(world):
    world.has("churn-model-ecr-repo-stack", "ROLLBACK_FAILED", removed="DELETE_FAILED")
    with pytest.raises(WaiterError, match="DELETE_FAILED"):
        project.make_way("churn-model-ecr-repo-stack")


def test_a_stack_that_may_not_be_read_is_no_missing_one(world):
    world.aws("cloudformation").add_client_error("describe_stacks", "AccessDenied", "no")
    with pytest.raises(ClientError, match="AccessDenied"):
        project.parameters_of(f"{NAME}-inference-stackset-prod")


@pytest.mark.parametrize("code", [None, "DuplicatedStopRequestException", "PipelineExecutionNotStoppableException"])
def test_stops_itself_once(world, capsys, code):
    reasons = world.stops(error=code)
    project.stop("x" * 300)
    assert {*reasons} == {"x" * 200}
    assert capsys.readouterr().out.startswith(f"{NAME}_build_pipeline stopped: x")


def test_stopping_is_refused(world):
    world.stops(error="AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        project.stop("why")
