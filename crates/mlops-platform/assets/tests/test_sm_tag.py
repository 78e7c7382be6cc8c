"""The function that tags what people make by hand."""

import datetime
import json
import time

import pytest
from botocore.exceptions import ClientError
from conftest import LAMBDA, REGION, Context, load, serving

ACCOUNT, DOMAIN, FUNCTION = "123456789012", "d-0a1b", "sm-tag-lambda"
PROJECT = "sagemaker:project-name"
TAGS = {"CostCenter": "12345", "Team": "blue"}
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mlops/{REGION}-demo-project-role"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/{REGION}-demo-project-role/SageMaker"
FOREIGN = f"arn:aws:iam::{ACCOUNT}:role/research"
YOUNG = datetime.datetime.now(datetime.UTC)
OLD = YOUNG - datetime.timedelta(hours=4)
LISTS = {  # in the order of the search
    "training_job": ("TrainingJobSummaries", "TrainingJob"),
    "processing_job": ("ProcessingJobSummaries", "ProcessingJob"),
    "transform_job": ("TransformJobSummaries", "TransformJob"),
    "hyper_parameter_tuning_job": ("HyperParameterTuningJobSummaries", "HyperParameterTuningJob"),
    "pipeline": ("PipelineSummaries", "Pipeline"),
    "experiment": ("ExperimentSummaries", "Experiment"),
    "trial": ("TrialSummaries", "Trial"),
    "trial_component": ("TrialComponentSummaries", "TrialComponent"),
    "endpoint": ("Endpoints", "Endpoint"),
    "model": ("Models", "Model"),
    "model_package": ("ModelPackageSummaryList", "ModelPackage"),
    "model_package_group": ("ModelPackageGroupSummaryList", "ModelPackageGroup"),
    "app": ("Apps", "App"),
    "space": ("Spaces", "Space"),
}


def arn(rest):
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{rest}"


JOB = arn("training-job/job-1")


def state_change(kind, resource, **detail):
    """An event as SageMaker sends it."""
    return {
        "version": "0",
        "id": "844e2571-85d4-695f-b930-0153b71dcb42",
        "detail-type": f"SageMaker {kind}",
        "source": "aws.sagemaker",
        "account": ACCOUNT,
        "time": "2024-01-02T12:26:13Z",
        "region": REGION,
        "resources": [resource],
        "detail": {"Tags": {}, "FailureReason": None} | detail,
    }


def api_call(name, request, response, **detail):
    """An event as CloudTrail sends it."""
    detail = {
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "arn": SESSION},
        "eventSource": "sagemaker.amazonaws.com",
        "eventName": name,
        "requestParameters": request,
        "responseElements": response,
    } | detail
    return {"detail-type": "AWS API Call via CloudTrail", "source": "aws.sagemaker", "id": "e1", "detail": detail}


def training(status="Completed"):
    name = {"TrainingJobName": "job-1", "TrainingJobArn": JOB, "TrainingJobStatus": status}
    return state_change("Training Job State Change", JOB, **name)


SCHEDULED = {"detail-type": "Scheduled Event", "source": "aws.events", "id": "e2", "detail": {}}


class TagContext(Context):
    """Lambda's context, with what this function reads of it."""

    function_name = FUNCTION


def readable(text):
    """Returns whether a text is JSON."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


class Script:
    """Tells the stubs which calls to expect, and what to answer."""

    def __init__(self, aws):
        self.sagemaker, self.ssm = aws("sagemaker"), aws("ssm")

    def tags(self, resource, *pages):
        """Pages of a resource's tags; the first page may be the code of an error."""
        if pages and isinstance(pages[0], str):
            self.refuses("list_tags", *pages, ResourceArn=resource)
            return
        for number, page in enumerate(pages or [{}]):
            found = [{"Key": key, "Value": value} for key, value in page.items()]
            following = {"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
            token = {"NextToken": f"t{number}"} if number else {}
            self.sagemaker.add_response("list_tags", {"Tags": found} | following, {"ResourceArn": resource} | token)

    def describes(self, noun, names, answer):
        self.sagemaker.add_response(f"describe_{noun}", answer, names)

    def refuses(self, operation, code, message="", **asked):
        self.sagemaker.add_client_error(operation, code, message, 400, None, asked or None)

    def project(self, *pages, project="demo", form=None):
        """Pages of a project's parameters; the default has the tags on the second page.

        The parameter with the tags has tags itself, if it is there and JSON: those of the form are among them.
        """
        path = f"/mlops/projects/{project}"
        pages = pages or [{"id": "p-1", "bucket": "b"}, {"tags": json.dumps(TAGS), "tags-old": "x"}]
        for number, page in enumerate(pages):
            found = [{"Name": f"{path}/{name}", "Value": value} for name, value in page.items()]
            following = {"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
            token = {"NextToken": f"t{number}"} if number else {}
            answer = {"Parameters": found} | following
            self.ssm.add_response("get_parameters_by_path", answer, {"Path": path} | token)
        if any(readable(page.get("tags", "{")) for page in pages):
            found = [{"Key": key, "Value": value} for key, value in (form or {}).items()]
            asked = {"ResourceType": "Parameter", "ResourceId": f"{path}/tags"}
            self.ssm.add_response("list_tags_for_resource", {"TagList": found}, asked)

    def adds(self, resource, tags):
        found = [{"Key": key, "Value": value} for key, value in tags.items()]
        self.sagemaker.add_response("add_tags", {"Tags": found}, {"ResourceArn": resource, "Tags": found})

    def adds_all(self, resource):
        self.adds(resource, {PROJECT: "demo"} | TAGS)

    def lists(self, noun, *pages):
        """Pages of a listing, newest first."""
        for number, page in enumerate(pages or [[]]):
            following = {"NextToken": f"t{number + 1}"} if number + 1 < len(pages) else {}
            token = {"NextToken": f"t{number}"} if number else {}
            asked = {"SortBy": "CreationTime", "SortOrder": "Descending", "MaxResults": 100} | token
            self.sagemaker.add_response(f"list_{noun}s", {LISTS[noun][0]: page} | following, asked)

    def lists_nothing(self, first="training_job", but=()):
        nouns = list(LISTS)
        for noun in nouns[nouns.index(first) :]:
            if noun not in but:
                self.lists(noun)


def jobs(*names, created=YOUNG):
    common = {"CreationTime": created, "TrainingJobStatus": "Completed"}
    return [{"TrainingJobName": name, "TrainingJobArn": arn(f"training-job/{name}")} | common for name in names]


@pytest.fixture
def module():
    return load(LAMBDA / "sm_tag.py")


@pytest.fixture
def handle(module, aws):
    module.client = aws.client
    return lambda event, seconds=60: module.handler(event, TagContext(seconds))


@pytest.fixture
def tagger(module, handle):
    """Gives what makes an invocation's state, for resources that no event tells of."""
    return module.Tagger


def check(shape, answer):
    """Asserts that SageMaker could answer this, although much is left out that it requires."""
    if shape.type_name == "structure" and answer is not None:
        assert answer.keys() <= shape.members.keys()
        for key, value in answer.items():
            check(shape.members[key], value)
    elif shape.type_name == "list":
        for value in answer:
            check(shape.member, value)


@pytest.fixture
def script(aws, monkeypatch):
    def validate(stub, operation, answer):
        check(stub.client.meta.service_model.operation_model(operation).output_shape, answer)

    monkeypatch.setattr("botocore.stub.Stubber._validate_operation_response", validate)
    return Script(aws)


@pytest.fixture
def untagged(capfd):
    """Gives a function that returns what the log's lines in the embedded metric format count."""

    def read():
        lines = [line for line in capfd.readouterr().out.splitlines() if line.startswith('{"_aws"')]
        for line in map(json.loads, lines):
            (directive,) = line["_aws"]["CloudWatchMetrics"]
            assert directive == {
                "Namespace": "MLOpsPlatform",
                "Dimensions": [["FunctionName"]],
                "Metrics": [{"Name": "Untagged", "Unit": "Count"}],
            }
            assert abs(line["_aws"]["Timestamp"] / 1000 - time.time()) < 60
            assert line["FunctionName"] == FUNCTION
        return [json.loads(line)["Untagged"] for line in lines]

    return read


def test_fits_into_16_kib():
    assert len((LAMBDA / "sm_tag.py").read_bytes()) <= 16 * 1024


STATE_CHANGES = [
    ("Training Job State Change", "training-job/x", {"TrainingJobName": "X"}, "TrainingJob"),
    ("Processing Job State Change", "processing-job/x", {"ProcessingJobName": "X"}, "ProcessingJob"),
    ("Transform Job State Change", "transform-job/x", {"TransformJobName": "X"}, "TransformJob"),
    (
        "HyperParameter Tuning Job State Change",
        "hyper-parameter-tuning-job/x",
        {"HyperParameterTuningJobName": "X"},
        "HyperParameterTuningJob",
    ),
    ("Endpoint State Change", "endpoint/x", {"EndpointName": "X"}, "Endpoint"),
    ("Model Package State Change", "model-package/x", {"ModelPackageName": "X"}, "ModelPackage"),
]


@pytest.mark.parametrize(("kind", "rest", "name", "noun"), STATE_CHANGES)
def test_state_change(module, kind, rest, name, noun):
    """Names come from the event: an ARN may have them in lower case."""
    found, known = module.subject(state_change(kind, arn(rest), **{f"{noun}Arn": arn(rest)}, **name))
    assert (found, known[f"{noun}Arn"], known[f"{noun}Name"]) == (noun, arn(rest), "X")


def test_state_change_of_a_pipelines_execution(module):
    execution = arn("pipeline/demo-pipeline/execution/0a1b")
    detail = {
        "pipelineExecutionDisplayName": "SomeName",
        "currentPipelineExecutionStatus": "Executing",
        "pipelineArn": arn("pipeline/demo-pipeline"),
        "pipelineExecutionArn": execution,
    }
    event = state_change("Model Building Pipeline Execution Status Change", execution, **detail)
    noun, known = module.subject(event)
    assert noun == "Pipeline"
    assert (known["PipelineArn"], known["PipelineName"]) == (arn("pipeline/demo-pipeline"), "demo-pipeline")


def test_version_of_a_model_package_has_the_tags_of_its_group(module):
    detail = {
        "ModelPackageGroupName": "demo-models",
        "ModelPackageVersion": 2,
        "ModelPackageArn": arn("model-package/demo-models/2"),
        "ModelApprovalStatus": "Approved",
    }
    event = state_change("Model Package State Change", detail["ModelPackageArn"], **detail)
    assert module.subject(event) == ("ModelPackageGroup", {"ModelPackageGroupName": "demo-models"})


API_CALLS = [
    (
        "CreateApp",
        {"domainId": DOMAIN, "userProfileName": "u", "appType": "JupyterLab", "appName": "default"},
        {"appArn": arn(f"app/{DOMAIN}/u/jupyterlab/default")},
        "App",
        {"DomainId": DOMAIN, "UserProfileName": "u", "AppType": "JupyterLab", "AppName": "default"},
    ),
    (
        "CreateSpace",
        {"domainId": DOMAIN, "spaceName": "S"},
        {"spaceArn": arn(f"space/{DOMAIN}/s")},
        "Space",
        {"DomainId": DOMAIN, "SpaceName": "S"},
    ),
    ("CreatePipeline", {"pipelineName": "P"}, {"pipelineArn": arn("pipeline/p")}, "Pipeline", {"PipelineName": "P"}),
    (
        "CreateExperiment",
        {"experimentName": "E"},
        {"experimentArn": arn("experiment/e")},
        "Experiment",
        {"ExperimentName": "E"},
    ),
    ("CreateTrial", {"trialName": "T"}, {"trialArn": arn("experiment-trial/t")}, "Trial", {"TrialName": "T"}),
    ("CreateModel", {"modelName": "M"}, {"modelArn": arn("model/m")}, "Model", {"ModelName": "M"}),
    (
        "CreateModelPackageGroup",
        {"modelPackageGroupName": "G"},
        {"modelPackageGroupArn": arn("model-package-group/g")},
        "ModelPackageGroup",
        {"ModelPackageGroupName": "G"},
    ),
]


@pytest.mark.parametrize(("name", "request_", "response", "noun", "known"), API_CALLS)
def test_api_call(module, name, request_, response, noun, known):
    found, told = module.subject(api_call(name, request_, response))
    assert found == noun
    assert told.items() >= known.items()
    assert told[f"{noun}Arn"] == next(iter(response.values()))


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"detail-type": "Something", "source": "aws.other", "id": "e3", "detail": None},
        state_change("Image State Change", arn("image/x"), ImageArn=arn("image/x")),
        state_change("Training Job State Change", JOB),
        api_call("DeleteModel", {"modelName": "m"}, None),
        api_call("CreateModel", {"modelName": "m"}, None, errorCode="AccessDenied"),
        api_call("CreateModel", None, None, errorCode="AccessDenied"),
        {"detail-type": "AWS API Call via CloudTrail", "source": "aws.sagemaker", "id": "e4"},
    ],
)
def test_unknown_event_is_logged_and_no_error(handle, script, event, capfd):
    handle(event)
    assert capfd.readouterr().out.startswith("nothing to tag: ")


def test_project_by_tag(handle, script, capfd, untagged):
    script.tags(JOB, {PROJECT: "demo"})
    script.project()
    script.adds(JOB, TAGS)
    handle(training())
    assert capfd.readouterr().out == f"{JOB}: 2 of 2 lacking tags added\n"
    assert untagged() == []


def test_existing_keys_are_never_overwritten(handle, script):
    script.tags(JOB, {PROJECT: "demo", "CostCenter": "other"}, {}, {"aws:x": "y", "Own": "z"})
    script.project()
    script.adds(JOB, {"Team": "blue"})
    handle(training())


def test_event_that_comes_twice_tags_once(handle, script, capfd):
    script.tags(JOB, {PROJECT: "demo"} | TAGS)
    script.project()
    handle(training())
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    "tags",
    [
        {"CostCenter": "12345", "aws:cloudformation:stack-name": "s", "AWS:y": "z"},
        [{"Key": "CostCenter", "Value": "12345"}, {"Key": "aws:y", "Value": "z"}],
    ],
)
def test_aws_keys_are_dropped(handle, script, tags):
    script.tags(JOB, {PROJECT: "demo"})
    script.project({"tags": json.dumps(tags)})
    script.adds(JOB, {"CostCenter": "12345"})
    handle(training())


def test_tags_of_the_form_are_given_too(handle, script):
    """The project's own come first and win, and what shows the product in Studio is no tag of a project."""
    form = {"aws:cloudformation:stack-name": "s", "sagemaker:studio-visibility": "true", "Owner": "me"}
    script.tags(JOB, {PROJECT: "demo"})
    script.project({"tags": json.dumps(TAGS)}, form=form | {PROJECT: "other", "Team": "red"})
    script.adds(JOB, TAGS | {"Owner": "me"})
    handle(training())


@pytest.mark.parametrize(("existing", "added"), [(0, 50), (47, 3), (50, 0), (51, 0)])
def test_fifty_tags_at_most(handle, script, capfd, existing, added):
    """AWS's own do not count."""
    own = {f"own{number}": "x" for number in range(existing)}
    wanted = {f"key{number:02}": number for number in range(60)}
    script.tags(JOB, own | {"aws:a": "b", "aws:c": "d"})
    script.describes("training_job", {"TrainingJobName": "job-1"}, {"RoleArn": ROLE})
    script.project({"tags": json.dumps(wanted)})
    if added:
        script.adds(JOB, dict(list({PROJECT: "demo", **{key: str(wanted[key]) for key in wanted}}.items())[:added]))
    handle(training())
    assert f"{added} of 61 lacking tags added" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("noun", "answer"),
    [
        ("training_job", {"RoleArn": ROLE}),
        ("training_job", {"RoleArn": ROLE.replace("/mlops/", "/")}),
        ("processing_job", {"RoleArn": ROLE}),
        ("pipeline", {"RoleArn": ROLE}),
        ("model", {"ExecutionRoleArn": ROLE}),
        ("hyper_parameter_tuning_job", {"TrainingJobDefinition": {"RoleArn": ROLE}}),
        ("hyper_parameter_tuning_job", {"TrainingJobDefinitions": [{"RoleArn": FOREIGN}, {"RoleArn": ROLE}]}),
        ("model_package", {"CreatedBy": {"IamIdentity": {"Arn": SESSION}}}),
        ("model_package_group", {"CreatedBy": {"IamIdentity": {"Arn": SESSION}}}),
    ],
)
def test_project_by_role(tagger, script, noun, answer):
    name = LISTS[noun][1]
    script.tags(arn("x/x"))
    script.describes(noun, {f"{name}Name": "X"}, answer)
    script.project()
    script.adds_all(arn("x/x"))
    tagger().tag(name, {f"{name}Arn": arn("x/x"), f"{name}Name": "X"})


@pytest.mark.parametrize(
    "role",
    [
        FOREIGN,
        ROLE.replace(REGION, "us-east-1"),
        f"{ROLE}-2",
        f"arn:aws:iam::{ACCOUNT}:role/my-{REGION}-demo-project-role",
        f"arn:aws:iam::{ACCOUNT}:role/{REGION}-project-role",
        f"arn:aws:iam::{ACCOUNT}:role/{REGION}-Demo_1-project-role",
        f"arn:aws:iam::{ACCOUNT}:user/{REGION}-demo-project-role",
    ],
)
def test_foreign_role_is_left_alone_and_counted(handle, script, role, untagged):
    script.tags(JOB)
    script.describes("training_job", {"TrainingJobName": "job-1"}, {"RoleArn": role})
    handle(training())
    assert untagged() == [1]


@pytest.mark.parametrize("tag", ["Demo", "a/b", "../../platform", "a--b", "-"])
def test_foreign_project_is_left_alone_and_counted(handle, script, tag, untagged):
    """SageMaker's own templates allow names that are none of the platform's."""
    script.tags(JOB, {PROJECT: tag})
    handle(training())
    assert untagged() == [1]


def test_deleted_project_is_left_alone_and_counted(handle, script, untagged):
    script.tags(JOB, {PROJECT: "gone"})
    script.project({}, project="gone")
    handle(training())
    assert untagged() == [1]


def test_transform_job_by_the_role_of_its_model(handle, module, script):
    job = arn("transform-job/x")
    script.tags(job)
    script.describes("transform_job", {"TransformJobName": "x"}, {"TransformJobName": "x", "ModelName": "M"})
    model = {"ModelName": "M", "ModelArn": arn("model/m"), "ExecutionRoleArn": ROLE}
    script.describes("model", {"ModelName": "M"}, model)
    script.tags(arn("model/m"))
    script.project()
    script.adds_all(job)
    handle(state_change("Transform Job State Change", job, TransformJobArn=job, TransformJobName="x"))


def endpoint_event(status="IN_SERVICE"):
    endpoint = arn("endpoint/x")
    return state_change(
        "Endpoint State Change", endpoint, EndpointArn=endpoint, EndpointName="X", EndpointStatus=status
    )


def test_endpoint_by_the_role_of_a_model(handle, script):
    script.tags(arn("endpoint/x"))
    script.describes("endpoint", {"EndpointName": "X"}, {"EndpointName": "X", "EndpointConfigName": "C"})
    variants = [{"VariantName": "a", "ModelName": "gone"}, {"VariantName": "b"}, {"VariantName": "c", "ModelName": "M"}]
    config = {"EndpointConfigName": "C", "EndpointConfigArn": arn("endpoint-config/c"), "ProductionVariants": variants}
    script.describes("endpoint_config", {"EndpointConfigName": "C"}, config)
    script.tags(arn("endpoint-config/c"))
    script.refuses("describe_model", "ValidationException", 'Could not find model "gone".', ModelName="gone")
    model = {"ModelName": "M", "ModelArn": arn("model/m"), "ExecutionRoleArn": ROLE}
    script.describes("model", {"ModelName": "M"}, model)
    script.tags(arn("model/m"))
    script.project()
    script.adds_all(arn("endpoint/x"))
    handle(endpoint_event())


def test_endpoint_by_the_tag_of_its_configuration(handle, script):
    script.tags(arn("endpoint/x"))
    script.describes("endpoint", {"EndpointName": "X"}, {"EndpointName": "X", "EndpointConfigName": "C"})
    config = {"EndpointConfigName": "C", "EndpointConfigArn": arn("endpoint-config/c")}
    script.describes("endpoint_config", {"EndpointConfigName": "C"}, config)
    script.tags(arn("endpoint-config/c"), {PROJECT: "demo"})
    script.project()
    script.adds_all(arn("endpoint/x"))
    handle(endpoint_event())


PROFILE = {
    "DomainId": DOMAIN,
    "UserProfileName": "Anna-demo",
    "UserProfileArn": arn(f"user-profile/{DOMAIN}/anna-demo"),
}
PROFILE_NAMES = {"DomainId": DOMAIN, "UserProfileName": "Anna-demo"}
SPACE = {
    "DomainId": DOMAIN,
    "SpaceName": "S",
    "SpaceArn": arn(f"space/{DOMAIN}/s"),
    "OwnershipSettings": {"OwnerUserProfileName": "Anna-demo"},
}
APP = {"DomainId": DOMAIN, "AppType": "JupyterLab", "AppName": "default"}
APP_ARN = arn(f"app/{DOMAIN}/x/jupyterlab/default")


def profile(script, tags):
    script.describes("user_profile", PROFILE_NAMES, PROFILE)
    script.tags(PROFILE["UserProfileArn"], tags)


def lower(names):
    return {key[0].lower() + key[1:]: value for key, value in names.items()}


def test_app_by_the_tag_of_its_profile(handle, script):
    names = APP | {"UserProfileName": "Anna-demo"}
    script.tags(APP_ARN)
    script.describes("app", names, names | {"AppArn": APP_ARN})
    profile(script, {PROJECT: "demo"})
    script.project()
    script.adds_all(APP_ARN)
    handle(api_call("CreateApp", lower(names), {"appArn": APP_ARN}))


def test_app_of_a_space_by_the_tag_of_the_owners_profile(handle, script):
    """SageMaker takes only the name of the space then, even if it tells both."""
    names = APP | {"SpaceName": "S"}
    script.tags(APP_ARN)
    script.describes("app", names, names | {"AppArn": APP_ARN})
    script.describes("space", {"DomainId": DOMAIN, "SpaceName": "S"}, SPACE)
    script.tags(SPACE["SpaceArn"])
    profile(script, {PROJECT: "demo"})
    script.project()
    script.adds_all(APP_ARN)
    handle(api_call("CreateApp", lower(names | {"UserProfileName": "Anna-demo"}), {"appArn": APP_ARN}))


def test_space_by_the_tag_of_its_owners_profile(handle, script):
    script.tags(SPACE["SpaceArn"])
    script.describes("space", {"DomainId": DOMAIN, "SpaceName": "S"}, SPACE)
    profile(script, {PROJECT: "demo"})
    script.project()
    script.adds_all(SPACE["SpaceArn"])
    request = {"domainId": DOMAIN, "spaceName": "S"}
    handle(api_call("CreateSpace", request, {"spaceArn": SPACE["SpaceArn"]}))


def test_profile_without_a_project_is_counted(handle, script, untagged):
    """As that of the Data Science Admin."""
    script.tags(SPACE["SpaceArn"])
    script.describes("space", {"DomainId": DOMAIN, "SpaceName": "S"}, SPACE)
    profile(script, {"mlops:persona": "admin"})
    request = {"domainId": DOMAIN, "spaceName": "S"}
    handle(api_call("CreateSpace", request, {"spaceArn": SPACE["SpaceArn"]}))
    assert untagged() == [1]


def test_profile_that_is_gone_is_counted(handle, script, untagged):
    script.tags(SPACE["SpaceArn"])
    script.describes("space", {"DomainId": DOMAIN, "SpaceName": "S"}, SPACE)
    script.refuses("describe_user_profile", "ResourceNotFound", **PROFILE_NAMES)
    request = {"domainId": DOMAIN, "spaceName": "S"}
    handle(api_call("CreateSpace", request, {"spaceArn": SPACE["SpaceArn"]}))
    assert untagged() == [1]


@pytest.mark.parametrize(
    ("name", "operation", "kind"),
    [("Experiment", "experiment", "experiment"), ("Trial", "trial", "experiment-trial")],
)
def test_experiment_by_the_profile_of_who_made_it(handle, script, name, operation, kind):
    """A role goes before: here it is none of a project."""
    resource = arn(f"{kind}/e")
    script.tags(resource)
    maker = PROFILE_NAMES | {"UserProfileArn": PROFILE["UserProfileArn"], "IamIdentity": {"Arn": FOREIGN}}
    script.describes(operation, {f"{name}Name": "E"}, {"Source": None, "CreatedBy": maker})
    profile(script, {PROJECT: "demo"})
    script.project()
    script.adds_all(resource)
    handle(api_call(f"Create{name}", {f"{name.lower()}Name": "E"}, {f"{name.lower()}Arn": resource}))


@pytest.mark.parametrize(
    ("source", "operation", "noun"),
    [
        ("training-job/s", "training_job", "TrainingJob"),
        ("processing-job/s", "processing_job", "ProcessingJob"),
        ("transform-job/s", "transform_job", "TransformJob"),
        ("pipeline/s/execution/0a1b", "pipeline", "Pipeline"),
    ],
)
def test_trial_component_by_its_source(tagger, script, source, operation, noun):
    resource, other = arn("experiment-trial-component/c"), arn("x/s")
    script.tags(resource)
    answer = {"Source": {"SourceArn": arn(source), "SourceType": "x"}}
    script.describes("trial_component", {"TrialComponentName": "C"}, answer)
    script.describes(operation, {f"{noun}Name": "s"}, {f"{noun}Arn": other})
    script.tags(other, {PROJECT: "demo"})
    script.project()
    script.adds_all(resource)
    tagger().tag("TrialComponent", {"TrialComponentArn": resource, "TrialComponentName": "C"})


def test_unknown_source_tells_nothing(tagger, script):
    resource = arn("experiment-trial-component/c")
    script.tags(resource)
    answer = {"Source": {"SourceArn": arn("automl-job/s"), "SourceType": "x"}}
    script.describes("trial_component", {"TrialComponentName": "C"}, answer)
    invocation = tagger()
    invocation.tag("TrialComponent", {"TrialComponentArn": resource, "TrialComponentName": "C"})
    assert invocation.untagged == 1


def test_group_of_a_model_package(handle, script):
    group = arn("model-package-group/demo-models")
    known = {"ModelPackageGroupName": "demo-models", "ModelPackageGroupArn": group}
    script.describes("model_package_group", {"ModelPackageGroupName": "demo-models"}, known)
    script.tags(group, {PROJECT: "demo"})
    script.project()
    script.adds(group, TAGS)
    detail = {"ModelPackageGroupName": "demo-models", "ModelPackageArn": arn("model-package/demo-models/2")}
    handle(state_change("Model Package State Change", detail["ModelPackageArn"], **detail))


GONE = [
    ("ResourceNotFound", ""),
    ("ResourceNotFoundException", ""),
    ("ValidationException", "Requested resource not found."),
    ("ValidationException", 'Could not find endpoint "arn:...".'),
    ("ValidationException", "Pipeline does not exist"),
]


@pytest.mark.parametrize(("code", "message"), GONE)
def test_gone_resource_is_no_error(handle, script, code, message, untagged):
    script.tags(JOB, code, message)
    handle(training())
    assert untagged() == []


def test_resource_without_tags_that_is_gone_is_no_error(handle, script, untagged):
    script.tags(JOB)
    script.refuses("describe_training_job", *GONE[2], TrainingJobName="job-1")
    handle(training())
    assert untagged() == []


@pytest.mark.parametrize(("code", "message"), GONE)
def test_resource_that_goes_meanwhile_is_no_error(handle, script, code, message, untagged):
    script.tags(JOB, {PROJECT: "demo"})
    script.project()
    script.refuses("add_tags", code, message)
    handle(training())
    assert untagged() == []


@pytest.mark.parametrize(("code", "message"), GONE)
def test_gone_group_is_no_error(handle, script, code, message, untagged):
    script.refuses("describe_model_package_group", code, message, ModelPackageGroupName="g")
    detail = {"ModelPackageGroupName": "g", "ModelPackageArn": arn("model-package/g/2")}
    handle(state_change("Model Package State Change", detail["ModelPackageArn"], **detail))
    assert untagged() == []


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "ThrottlingException"])
@pytest.mark.parametrize("operation", ["list_tags", "describe_training_job", "get_parameters_by_path", "add_tags"])
def test_other_errors_are_raised(handle, script, code, operation):
    """For Lambda to try again, and then for the dead-letter queue."""
    steps = {
        "list_tags": lambda: script.tags(JOB),
        "describe_training_job": lambda: script.describes("training_job", None, {"RoleArn": ROLE}),
        "get_parameters_by_path": script.project,
    }
    for name, step in steps.items():
        if name == operation:
            break
        step()
    stub = script.ssm if operation == "get_parameters_by_path" else script.sagemaker
    stub.add_client_error(operation, code, "not so", 400)
    with pytest.raises(ClientError, match=code):
        handle(training())


def test_bad_tags_of_a_project_are_raised(handle, script):
    script.tags(JOB, {PROJECT: "demo"})
    script.project({"tags": "CostCenter=12345"})
    with pytest.raises(ValueError, match="Expecting value"):
        handle(training())


def test_search_finds_all_kinds(handle, script):
    """All have their tags, except the last. Their project's are read once."""
    for noun, (_, name) in LISTS.items():
        summary = {f"{name}Name": "x", f"{name}Arn": arn(f"{noun}/x"), "CreationTime": YOUNG}
        known = {"app": APP | {"UserProfileName": "u"}, "space": {"DomainId": DOMAIN, "SpaceName": "S"}}.get(noun)
        if known:  # these listings tell no ARNs
            del summary[f"{name}Name"], summary[f"{name}Arn"]
            summary |= known
        script.lists(noun, [summary])
        if known:
            script.describes(noun, known, known | {f"{name}Arn": arn(f"{noun}/x")})
        script.tags(arn(f"{noun}/x"), {PROJECT: "demo"} | (TAGS if noun != "space" else {}))
    script.project()
    script.adds(arn("space/x"), TAGS)
    handle(SCHEDULED)


def test_search_reads_pages_until_something_is_old(handle, script, untagged):
    script.lists("training_job", jobs("a", "b"), jobs("c") + jobs("d", created=OLD), jobs("e", created=OLD))
    script.sagemaker._queue.pop()  # the third page is never asked for
    for name in "abc":
        script.tags(arn(f"training-job/{name}"), {PROJECT: "demo"} | TAGS)
    script.lists_nothing("processing_job")
    script.project()
    handle(SCHEDULED)
    assert untagged() == []


def test_search_asks_once_for_what_many_belong_to(handle, script, untagged):
    components = [
        {
            "TrialComponentName": name,
            "TrialComponentArn": arn(f"experiment-trial-component/{name}"),
            "CreationTime": YOUNG,
        }
        for name in "ab"
    ]
    script.lists_nothing(but=list(LISTS)[7:])
    script.lists("trial_component", components)
    for first, known in zip((True, False), components, strict=True):
        script.tags(known["TrialComponentArn"])
        source = {"Source": {"SourceArn": arn("training-job/s")}}
        script.describes("trial_component", {"TrialComponentName": known["TrialComponentName"]}, source)
        if first:
            script.describes("training_job", {"TrainingJobName": "s"}, {"TrainingJobArn": JOB, "RoleArn": ROLE})
            script.tags(JOB)
            script.project()
        script.adds_all(known["TrialComponentArn"])
    script.lists_nothing("endpoint")
    handle(SCHEDULED)
    assert untagged() == []


def test_search_describes_an_app_once(handle, script, untagged):
    script.lists_nothing(but=["app", "space"])
    names = APP | {"UserProfileName": "Anna-demo"}
    script.lists("app", [names | {"CreationTime": YOUNG, "Status": "InService"}])
    script.describes("app", names, names | {"AppArn": APP_ARN})
    script.tags(APP_ARN)
    profile(script, {PROJECT: "demo"})
    script.project()
    script.adds_all(APP_ARN)
    script.lists("space")
    handle(SCHEDULED)
    assert untagged() == []


def test_search_counts_what_it_leaves_alone(handle, script, untagged):
    script.lists("training_job", jobs("a", "b"))
    for name in "ab":
        script.tags(arn(f"training-job/{name}"))
        script.describes("training_job", {"TrainingJobName": name}, {"RoleArn": FOREIGN})
    script.lists_nothing("processing_job")
    handle(SCHEDULED)
    assert untagged() == [2]


def test_search_goes_on_after_errors_and_raises_the_first(handle, script, untagged):
    script.refuses("list_training_jobs", "AccessDeniedException", "first")
    script.refuses("list_processing_jobs", "AccessDeniedException", "second")
    script.lists_nothing("transform_job", but=list(LISTS)[9:])
    models = [
        {"ModelName": name, "ModelArn": arn(f"model/{name}"), "CreationTime": YOUNG} for name in ("a", "b", "c", "d")
    ]
    script.lists("model", models)
    script.tags(arn("model/a"), "ThrottlingException", "third")
    script.tags(arn("model/b"), {PROJECT: "bad"})
    script.project({"tags": "{"}, project="bad")
    script.tags(arn("model/c"), "ValidationException", "model not found")
    script.tags(arn("model/d"))
    script.describes("model", {"ModelName": "d"}, {"ExecutionRoleArn": FOREIGN})
    script.lists_nothing("model_package")
    with pytest.raises(ClientError, match="first"):
        handle(SCHEDULED)
    assert untagged() == [1]


def test_search_that_is_out_of_time_ends_well(handle, script, capfd):
    script.lists("training_job", jobs("a"))
    handle(SCHEDULED, seconds=9)
    assert capfd.readouterr().out == "out of time at TrainingJob: the next search goes on\n"


def test_error_of_a_search_that_is_out_of_time_is_raised(handle, script):
    script.refuses("list_training_jobs", "AccessDeniedException", "first")
    script.lists(
        "processing_job",
        [{"ProcessingJobName": "a", "ProcessingJobArn": arn("processing-job/a"), "CreationTime": YOUNG}],
    )
    with pytest.raises(ClientError, match="first"):
        handle(SCHEDULED, seconds=9)


@pytest.mark.parametrize("refusals", [4, 5])
def test_throttled_calls_are_tried_five_times(module, monkeypatch, no_sleep, refusals):
    """With the real clients, against a server that first is too busy."""
    answers = {
        "SageMaker.ListTags": {"Tags": [{"Key": PROJECT, "Value": "demo"}]},
        "AmazonSSM.GetParametersByPath": {
            "Parameters": [{"Name": "/mlops/projects/demo/tags", "Value": json.dumps(TAGS)}]
        },
        "AmazonSSM.ListTagsForResource": {"TagList": []},
        "SageMaker.AddTags": {"Tags": []},
    }
    calls = []

    def respond(request, body):
        target = request.headers["X-Amz-Target"]
        calls.append(target)
        if calls.count(target) <= refusals:
            return 400, {}, b'{"__type": "ThrottlingException"}'
        return 200, {}, json.dumps(answers[target]).encode()

    with serving(respond) as url:
        for service in ("SAGEMAKER", "SSM"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)
        if refusals == 4:
            module.handler(training(), TagContext(60))
            assert calls == [target for target in answers for _ in range(5)]
        else:
            with pytest.raises(ClientError, match="ThrottlingException"):
                module.handler(training(), TagContext(60))
            assert calls == ["SageMaker.ListTags"] * 5


def test_tables_name_what_the_api_has(module):
    """Operations, their parameters and results, as botocore knows them."""
    model = module.client("sagemaker").meta.service_model
    nouns = {*module.LISTS, *module.STATE_CHANGES.values(), *module.CALLS.values(), *module.SOURCES.values()}
    for noun in nouns | {"EndpointConfig", "UserProfile"}:
        operation = model.operation_model(f"Describe{noun}")
        assert {*module.NAMES.get(noun, (f"{noun}Name",))} <= operation.input_shape.members.keys()
        assert f"{noun}Arn" in operation.output_shape.members
        assert hasattr(module.client("sagemaker"), f"describe_{module.spelt(noun)}")
    for noun, key in module.LISTS.items():
        operation = model.operation_model(f"List{noun}s")
        summaries = operation.output_shape.members[key].member.members
        assert "CreationTime" in summaries
        assert {f"{noun}Name", f"{noun}Arn"} <= summaries.keys() or noun in module.NAMES
        assert "CreationTime" in operation.input_shape.members["SortBy"].enum
        assert "Descending" in operation.input_shape.members["SortOrder"].enum
        assert module.client("sagemaker").can_paginate(f"list_{module.spelt(noun)}s")
    for name in module.CALLS:
        assert f"{module.CALLS[name]}Arn" in model.operation_model(name).output_shape.members
