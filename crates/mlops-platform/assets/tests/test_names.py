"""Names that scripts and handlers make up by themselves are those that the templates give."""

import re

import pytest
from conftest import LAMBDA, REGION, load
from projecting import ACCOUNT, NAME
from scripting import SCRIPTS, build_cfn, build_monitor_params, stages
from templates import all_templates, of_type, texts

TEMPLATES = all_templates()
PROJECT = TEMPLATES["smproject"]
CLEANUP = (LAMBDA / "project_cleanup.py").read_text()


def only(template, kind, key):
    """A property of the only resource of a type."""
    (found,) = [each[key] for each in of_type(TEMPLATES[template], kind).values()]
    return found


def pipelines():
    """The names of the project's pipelines, each with its actions."""
    for pipeline in of_type(PROJECT, "AWS::CodePipeline::Pipeline").values():
        yield pipeline["Name"], [action for stage in pipeline["Stages"] for action in stage["Actions"]]


def stacks():
    """The stacks that they deploy."""
    actions = [action for _, actions in pipelines() for action in actions]
    return {each["Configuration"]["StackName"] for each in actions if "StackName" in each["Configuration"]}


def filled(text):
    """A name in a text of Python, for the project."""
    return text.replace("{project}", NAME).replace("{run.properties['ProjectName']}", NAME)


def test_stacks():
    of_models = {stages.stack_of(NAME, stage) for stage in stages.STAGES}
    others = {f"{NAME}-{name}" for name in (*build_cfn.STACKS, build_monitor_params.STACK)}
    assert of_models | others == stacks()


@pytest.mark.parametrize("template", ["inference-stackset", "monitor-stackset"])
def test_a_stack_set_is_called_like_its_stack_and_guarded(template):
    name = only(template, "AWS::CloudFormation::StackSet", "StackSetName")
    assert name in stacks()
    assert load(LAMBDA / "cr_common.py", LAMBDA / "deletion_guard.py").STACK_SET.fullmatch(name)


def test_the_cleanup_takes_every_stack_by_its_tag_and_every_pipeline():
    assert set(only("smproject", "Custom::ProjectCleanup", "StackNames")) == stacks()
    tag = re.search(r'^TAG = "(.+)"$', CLEANUP, re.MULTILINE)[1]
    # What scripts hand over as tags of stacks is what this parameter holds, and more.
    (of_project,) = (each for each in texts(PROJECT) if each.startswith('{"CostCenter"'))
    assert f'"{tag}":"p-0a1b2c"' in of_project
    kinds = re.search(r'_pipeline" for kind in \(([^)]+)\)', CLEANUP)[1]
    assert {f"{NAME}_{kind}_pipeline" for kind in re.findall(r"\w+", kinds)} == {name for name, _ in pipelines()}


def test_the_cleanup_knows_the_users_product_and_its_constraint():
    product = re.search(r'get\("ProductName"\) == f"([^"]+)"', CLEANUP)[1]
    assert filled(product) == only("project-service-catalog", "AWS::ServiceCatalog::CloudFormationProduct", "Name")
    output = re.search(r'"OutputKey"\] == "(\w+)"', CLEANUP)[1]
    assert TEMPLATES["project-service-catalog"]["Outputs"][output]["Value"] == {"Ref": "LaunchConstraint"}


def test_models():
    group = only("project-model-group", "AWS::SageMaker::ModelPackageGroup", "ModelPackageGroupName")
    named = {
        filled(found)
        for file in ("build_endpoint_params.py", "build_model_group_params.py", "upsert_pipeline.py")
        for found in re.findall(r'f"(\{project\}-models)"', (SCRIPTS / file).read_text())
    }
    assert named == {group}
    (approved,) = (
        each["EventPattern"]["detail"]["ModelPackageGroupName"]
        for each in of_type(PROJECT, "AWS::Events::Rule").values()
        if "ModelPackageGroupName" in each["EventPattern"]["detail"]
    )
    assert approved == [group]


def test_what_is_made_is_what_is_removed():
    """SageMaker's pipeline and the lifecycle configurations: no stack has them."""
    assert 'f"{project}-pipeline"' in (SCRIPTS / "upsert_pipeline.py").read_text()
    assert 'f"{project}-pipeline"' in CLEANUP
    assert 'f"{project}-lcc-{' in (SCRIPTS / "build_lcc.py").read_text()
    assert 'f"{project}-lcc-"' in CLEANUP


def test_what_monitors_watch_is_what_is_deployed():
    endpoint = only("inference", "AWS::SageMaker::Endpoint", "EndpointName")
    assert endpoint == f"{NAME}-prod-endpoint"
    assert endpoint in set(texts(TEMPLATES["monitor"]))
    batch = re.search(r'batch = f"(.+)"\n', (LAMBDA / "model_monitor.py").read_text())[1]
    batch = filled(batch).replace("{run.properties['Stage']}", "prod")
    assert batch == only("inference", "AWS::Scheduler::Schedule", "Name")


def test_who_is_told_of_a_project_is_told_its_names():
    mail = (LAMBDA / "project_ready_notify.py").read_text()
    (told,) = [each for _, actions in pipelines() for each in actions if each["ActionTypeId"]["Provider"] == "Lambda"]
    functions = of_type(TEMPLATES["deploy-infra"], "AWS::Lambda::Function").values()
    (function,) = (each for each in functions if each["FunctionName"] == told["Configuration"]["FunctionName"])
    assert set(re.findall(r'os\.environ\["(\w+)"\]', mail)) == function["Environment"]["Variables"].keys()
    assert told["Configuration"]["UserParameters"] == NAME
    named = set(re.findall(r"\{project\}_\w+_pipeline", mail))
    assert set(map(filled, named)) < {name for name, _ in pipelines()}
    product = only("project-service-catalog", "AWS::ServiceCatalog::CloudFormationProduct", "Name")
    assert product in filled(mail)


@pytest.mark.parametrize("template", ["smproject", "inference", "monitor"])
def test_the_project_of_what_runs_is_found_by_its_role(template):
    """Of jobs that monitors and schedules start, nobody else says whose they are."""
    sm_tag = load(LAMBDA / "sm_tag.py")
    runs = {"ProjectRole", "InferenceRole", "MonitorRole"}
    roles = [each for name, each in of_type(TEMPLATES[template], "AWS::IAM::Role").items() if name in runs]
    assert len(roles) == 1
    for role in roles:
        arn = f"arn:aws:iam::{ACCOUNT}:role{role['Path']}{role['RoleName']}"
        assert sm_tag.project_of_role(REGION, {"RoleArn": arn}) == NAME
