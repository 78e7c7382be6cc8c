"""Gives what people make by hand in Studio the tags of their project.

Invariant: a key that a resource has is never overwritten, so that tagging twice is tagging once.

Invoked by EventBridge, asynchronously: what it raises is tried again and then goes to the dead-letter queue. What it
finds no project for, it leaves alone and counts in the metric `Untagged`, by a log line in CloudWatch's embedded metric
format: that needs no permission and cannot fail. A resource counts again each time it is met.
"""

import json
import re
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

NAMESPACE = "MLOpsPlatform"
PROJECT = "sagemaker:project-name"
VISIBILITY = "sagemaker:studio-visibility"  # of the product: Service Catalog gives it to all that is launched
PROJECT_NAME = re.compile(r"[a-z0-9](-?[a-z0-9])*")
MOST = 50  # tags that a resource may have, AWS's own not counted
PERIOD = timedelta(hours=3)  # of the hourly search: so it may fail twice
RESERVE = 10  # seconds left below which the search ends
GONE = {"ResourceNotFound", "ResourceNotFoundException"}
GONE_TEXT = re.compile(r"not found|could not find|does not exist", re.IGNORECASE)  # of SageMaker's ValidationException

# What an event is about: the noun in the names of SageMaker's API.
STATE_CHANGES = {
    "SageMaker Training Job State Change": "TrainingJob",
    "SageMaker Processing Job State Change": "ProcessingJob",
    "SageMaker Transform Job State Change": "TransformJob",
    "SageMaker HyperParameter Tuning Job State Change": "HyperParameterTuningJob",
    "SageMaker Endpoint State Change": "Endpoint",
    "SageMaker Model Package State Change": "ModelPackage",
    "SageMaker Model Building Pipeline Execution Status Change": "Pipeline",
}
CALLS = {
    "CreateApp": "App",
    "CreateSpace": "Space",
    "CreatePipeline": "Pipeline",
    "CreateExperiment": "Experiment",
    "CreateTrial": "Trial",
    "CreateModel": "Model",
    "CreateModelPackageGroup": "ModelPackageGroup",
}
# What the hourly search lists, and the key of the list. Versions of a model package cannot be tagged: their group is.
LISTS = {
    "TrainingJob": "TrainingJobSummaries",
    "ProcessingJob": "ProcessingJobSummaries",
    "TransformJob": "TransformJobSummaries",
    "HyperParameterTuningJob": "HyperParameterTuningJobSummaries",
    "Pipeline": "PipelineSummaries",
    "Experiment": "ExperimentSummaries",
    "Trial": "TrialSummaries",
    "TrialComponent": "TrialComponentSummaries",
    "Endpoint": "Endpoints",
    "Model": "Models",
    "ModelPackage": "ModelPackageSummaryList",
    "ModelPackageGroup": "ModelPackageGroupSummaryList",
    "App": "Apps",
    "Space": "Spaces",
}
# What names a resource, if that is not its name alone.
NAMES = {
    "App": ("DomainId", "UserProfileName", "SpaceName", "AppType", "AppName"),
    "Space": ("DomainId", "SpaceName"),
    "UserProfile": ("DomainId", "UserProfileName"),
}
# Sources of experiments, trials and their components, by the kind in their ARNs.
SOURCES = {
    "training-job": "TrainingJob",
    "processing-job": "ProcessingJob",
    "transform-job": "TransformJob",
    "pipeline": "Pipeline",
}


def client(service: str) -> Any:
    """Returns a client that tries throttled calls five times."""
    config = Config(retries={"mode": "standard", "total_max_attempts": 5}, connect_timeout=5, read_timeout=10)
    return boto3.client(service, config=config)


def gone(error: ClientError) -> bool:
    """Returns whether the error says that a resource does not exist. SageMaker has more than one way to say so."""
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    return code in GONE or (code == "ValidationException" and GONE_TEXT.search(message) is not None)


def spelt(noun: str) -> str:
    """Returns the noun as the names of functions have it: TrainingJob is training_job."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", noun).lower()


def reserved(key: str) -> bool:
    """Returns whether only AWS may use the key."""
    return key.lower().startswith("aws:")


def subject(event: dict[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Returns what the event is about, and what it tells of it; none if it is no event for this function."""
    kind, detail = event.get("detail-type"), event.get("detail") or {}
    if kind in STATE_CHANGES:
        noun, told = STATE_CHANGES[kind], detail
    elif kind == "AWS API Call via CloudTrail" and detail.get("eventName") in CALLS:
        noun = CALLS[detail["eventName"]]
        told = {**(detail.get("requestParameters") or {}), **(detail.get("responseElements") or {})}
    else:
        return None
    known = {key[0].upper() + key[1:]: value for key, value in told.items() if value}
    arn = known.get(f"{noun}Arn")
    if not arn:  # of a call that failed
        return None
    if noun == "ModelPackage" and known.get("ModelPackageGroupName"):
        return "ModelPackageGroup", {"ModelPackageGroupName": known["ModelPackageGroupName"]}
    return noun, {f"{noun}Name": arn.split("/")[1], **known}  # a pipeline's event does not tell its name


def project_of_role(region: str, known: dict[str, Any]) -> str | None:
    """Returns the project whose role a resource has, or who made it had, by the role's name."""
    definitions = [known, known.get("TrainingJobDefinition") or {}, *(known.get("TrainingJobDefinitions") or [])]
    arns = [definition.get(key) for definition in definitions for key in ("RoleArn", "ExecutionRoleArn")]
    arns.append(((known.get("CreatedBy") or {}).get("IamIdentity") or {}).get("Arn"))
    kinds = "project-role|(?:staging|prod)-(?:model|monitor)"
    role = re.compile(rf"arn:[^:]+:(?:iam|sts)::\d+:(?:assumed-)?role/(?:.+/)?{region}-(.+)-(?:{kinds})(?:/[^/]+)?")
    return next((found[1] for found in map(role.fullmatch, filter(None, arns)) if found), None)


def related(noun: str, known: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Returns what a resource belongs to, by nouns and names: first what has its execution role, then its owner."""
    found = [
        ("EndpointConfig", {"EndpointConfigName": known.get("EndpointConfigName")}),
        ("Model", {"ModelName": known.get("ModelName")}),
        *(("Model", {"ModelName": each.get("ModelName")}) for each in known.get("ProductionVariants") or []),
    ]
    kind, _, name = (known.get("Source") or {}).get("SourceArn", "").rpartition(":")[2].partition("/")
    if kind in SOURCES:
        found.append((SOURCES[kind], {f"{SOURCES[kind]}Name": name.split("/")[0]}))
    domain, owner, maker = known.get("DomainId"), known.get("OwnershipSettings") or {}, known.get("CreatedBy") or {}
    found += [
        ("Space", {"DomainId": domain, "SpaceName": known.get("SpaceName")}),
        ("UserProfile", {"DomainId": domain, "UserProfileName": known.get("UserProfileName")}),
        ("UserProfile", {"DomainId": domain, "UserProfileName": owner.get("OwnerUserProfileName")}),
        ("UserProfile", {"DomainId": maker.get("DomainId"), "UserProfileName": maker.get("UserProfileName")}),
    ]
    return [(other, names) for other, names in found if other != noun and all(names.values())]


class Tagger:
    """One invocation: its clients, what it found out so far, and what it found no project for."""

    def __init__(self) -> None:
        """Has found nothing yet."""
        self.sagemaker, self.ssm = client("sagemaker"), client("ssm")
        self.tags_of_project: dict[str, dict[str, str]] = {}
        self.project_of_other: dict[tuple[str, ...], str | None] = {}
        self.untagged, self.errors = 0, []

    def describe(self, noun: str, known: dict[str, Any]) -> dict[str, Any]:
        """Returns what SageMaker knows about a resource; nothing if it is gone."""
        names = {key: known[key] for key in NAMES.get(noun, (f"{noun}Name",)) if known.get(key)}
        if "SpaceName" in names:  # SageMaker takes only one owner
            names.pop("UserProfileName", None)
        try:
            return getattr(self.sagemaker, f"describe_{spelt(noun)}")(**names)
        except ClientError as error:
            if not gone(error):
                raise
            return {}

    def tags(self, arn: str) -> dict[str, str]:
        """Returns the tags of a resource."""
        pages = self.sagemaker.get_paginator("list_tags").paginate(ResourceArn=arn)
        return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}

    def wanted(self, project: str | None) -> dict[str, str]:
        """Returns the tags that a project's resources should have; none if it is no project of the platform.

        Those that were added in the form of "Create project" are the stack's, and so its parameters'.
        """
        if not project or not PROJECT_NAME.fullmatch(project):
            return {}
        if project not in self.tags_of_project:
            path = f"/mlops/projects/{project}"
            pages = self.ssm.get_paginator("get_parameters_by_path").paginate(Path=path)
            values = [each["Value"] for page in pages for each in page["Parameters"] if each["Name"] == f"{path}/tags"]
            tags = json.loads(values[0]) if values else {}
            if isinstance(tags, list):
                tags = {tag["Key"]: tag["Value"] for tag in tags}
            if values:
                asked = {"ResourceType": "Parameter", "ResourceId": f"{path}/tags"}
                given = {tag["Key"]: tag["Value"] for tag in self.ssm.list_tags_for_resource(**asked)["TagList"]}
                own = {PROJECT: project, **tags}
                tags = own | given | own  # its own come first and win
            wanted = {key: str(tags[key]) for key in tags if not reserved(key) and key != VISIBILITY}
            self.tags_of_project[project] = wanted
        return self.tags_of_project[project]

    def project(self, noun: str, known: dict[str, Any], tags: dict[str, str]) -> str | None:
        """Returns the name of a resource's project: by its tag, its role, or what it belongs to."""
        region = self.sagemaker.meta.region_name
        found = tags.get(PROJECT) or project_of_role(region, known)
        others = iter(related(noun, known))
        while not found and (other := next(others, None)):
            found = self.other(*other)
        return found

    def other(self, noun: str, names: dict[str, Any]) -> str | None:
        """Returns the project of what a resource belongs to."""
        key = (noun, *names.values())
        if key not in self.project_of_other:
            known = self.describe(noun, names)
            tags = self.tags(known[f"{noun}Arn"]) if known else {}
            self.project_of_other[key] = self.project(noun, known, tags)
        return self.project_of_other[key]

    def tag(self, noun: str, known: dict[str, Any]) -> None:
        """Tags a resource, which may be gone."""
        try:
            if not self.tag_existing(noun, known):
                print(f"{noun} is gone")
        except ClientError as error:
            if not gone(error):
                raise
            print(f"{noun} is gone: {error}")

    def tag_existing(self, noun: str, known: dict[str, Any]) -> bool:
        """Tags a resource with what it lacks of its project's tags. Returns whether it exists."""
        described = {} if known.get(f"{noun}Arn") else self.describe(noun, known)
        arn = {**known, **described}.get(f"{noun}Arn")
        tags = self.tags(arn) if arn else {}
        if PROJECT not in tags:
            described = described or (arn and self.describe(noun, known))
            if not described:
                return False
        project = self.project(noun, described, tags)
        if wanted := self.wanted(project):
            self.add(arn, tags, wanted)
        else:
            self.untagged += 1
            print(f"{arn} has no project of the platform ({project})")
        return True

    def add(self, arn: str, tags: dict[str, str], wanted: dict[str, str]) -> None:
        """Adds the wanted tags whose keys a resource lacks, as far as it has room for them."""
        room = MOST - sum(not reserved(key) for key in tags)
        lacking = [{"Key": key, "Value": wanted[key]} for key in wanted if key not in tags]
        if adding := lacking[: max(room, 0)]:
            self.sagemaker.add_tags(ResourceArn=arn, Tags=adding)
        if lacking:
            print(f"{arn}: {len(adding)} of {len(lacking)} lacking tags added")

    def attempt(self, call: Callable, *given: Any) -> Any:
        """Returns what the call answers; notes its error, so that the search goes on."""
        try:
            return call(*given)
        except Exception as error:
            traceback.print_exc()
            self.errors.append(error)
            return None

    def newest(self, noun: str, since: datetime) -> list[dict[str, Any]]:
        """Returns what is younger than `since`, of all pages that hold such."""
        how = {"SortBy": "CreationTime", "SortOrder": "Descending", "PaginationConfig": {"PageSize": 100}}
        found = []
        for page in self.sagemaker.get_paginator(f"list_{spelt(noun)}s").paginate(**how):
            young = [each for each in page[LISTS[noun]] if each["CreationTime"] >= since]
            found += young
            if len(young) < len(page[LISTS[noun]]):
                break
        return found

    def search(self, context: Any) -> None:
        """Tags what the events did not tell of. Raises the first error at the end."""
        since = datetime.now(UTC) - PERIOD
        found = ((noun, known) for noun in LISTS for known in self.attempt(self.newest, noun, since) or [])
        for noun, known in found:
            if context.get_remaining_time_in_millis() < RESERVE * 1000:
                print(f"out of time at {noun}: the next search goes on")
                break
            self.attempt(self.tag, noun, known)
        if self.errors:
            raise self.errors[0]


def metric(name: str, count: int) -> str:
    """Returns the line that CloudWatch makes a metric of."""
    untagged = {"Name": "Untagged", "Unit": "Count"}
    metrics = {"Namespace": NAMESPACE, "Dimensions": [["FunctionName"]], "Metrics": [untagged]}
    about = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [metrics]}
    return json.dumps({"_aws": about, "FunctionName": name, "Untagged": count})


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles a state change, an API call or the hourly search. An event that it does not know is no error."""
    tagger = Tagger()
    try:
        if event.get("detail-type") == "Scheduled Event":
            tagger.search(context)
        elif found := subject(event):
            tagger.tag(*found)
        else:
            print("nothing to tag:", *map(event.get, ("source", "detail-type", "id")))
    finally:
        if tagger.untagged:
            print(metric(context.function_name, tagger.untagged))
