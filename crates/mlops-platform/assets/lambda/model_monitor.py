"""Keeps a project's monitor: its job's definition and the schedule that runs it.

Invariant: the definition that a schedule names is there. None ever changes: its name holds its content's hash.
"""

import hashlib
import json
import re
import time
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # never run: inline, cr_common.py stands above
    from cr_common import Run, client, flag, number, serve, text

KINDS = {"dq": "data_quality", "mq": "model_quality", "bias": "model_bias", "shap": "model_explainability"}
PAUSE, HAND_OVER = 10, 60  # seconds
TYPES = dict.fromkeys(("InstanceCount", "MaxRuntimeInSeconds", "VolumeSizeInGB"), number)
TYPES |= {"Header": flag, "ProbabilityThresholdAttribute": float}


def typed(value: Any, key: str = "") -> Any:
    """Returns what came as text typed, without what is empty."""
    if isinstance(value, dict):
        return {name: made for name in value if (made := typed(value[name], name)) not in ("", {})}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return TYPES.get(key, str)(value) if value else ""


def kind(value: Any) -> str:
    """Returns it; raises unless it is a kind."""
    if value in [*KINDS]:
        return value
    raise ValueError(f"must be one of {', '.join(KINDS)}")


def definition(value: Any) -> dict[str, Any]:
    """Returns it typed; raises unless it is a definition."""
    if isinstance(value, dict) and value:
        return typed(value)
    raise ValueError("must be a job definition")


PROPERTIES = dict.fromkeys(("ProjectName", "Stage", "Schedule", "ModelPackageArn"), text)
PROPERTIES |= {"Kind": kind, "Definition": definition}


def digest(value: Any) -> str:
    """Returns a short hash."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def found(call: Any, **named: Any) -> dict[str, Any] | None:
    """Returns the answer, none if nothing is there."""
    try:
        return call(**named)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFound":
            raise


def model(run: "Run", api: Any, job: dict[str, Any]) -> str:
    """Returns the deployed model's name, which CloudFormation chose."""
    if "EndpointInput" in job:
        config = api.describe_endpoint(EndpointName=job["EndpointInput"]["EndpointName"])["EndpointConfigName"]
        return api.describe_endpoint_config(EndpointConfigName=config)["ProductionVariants"][0]["ModelName"]
    batch = f"mlops-{run.properties['ProjectName']}-{run.properties['Stage']}-batch"
    return json.loads(client("scheduler").get_schedule(Name=batch)["Target"]["Input"])["ModelName"]


def explain(run: "Run", api: Any, wanted: dict[str, Any]) -> None:
    """Has the job explain the deployed model: copies its configuration."""
    s3, app = client("s3"), wanted["ModelExplainabilityAppSpecification"]
    bucket, _, key = app["ConfigUri"].removeprefix("s3://").partition("/")
    config = json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    config.setdefault("predictor", {})["model_name"] = model(run, api, wanted["ModelExplainabilityJobInput"])
    key = f"monitor/{run.properties['Stage']}/config/{name(run)}-{digest(config)}.json"
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(config).encode())
    app["ConfigUri"] = f"s3://{bucket}/{key}"


def settled(run: "Run", api: Any, busy: Any = None) -> dict[str, Any] | None:
    """Waits while the schedule is pending or busy; returns it, if there."""
    while now := found(api.describe_monitoring_schedule, MonitoringScheduleName=name(run)):
        if now["MonitoringScheduleStatus"] != "Pending" and not (busy and busy(now)):
            break
        run.doing(f"waiting for {name(run)}")
        run.done += 1  # what is waited for goes on
        if run.seconds_left() < HAND_OVER:
            run.hand_over()
        time.sleep(PAUSE)
    return now


def occupied(now: dict[str, Any]) -> bool:
    """Whether a job runs."""
    last = now.get("LastMonitoringExecutionSummary", {})
    return last.get("MonitoringExecutionStatus") in ("Pending", "InProgress", "Stopping")


def forget(run: "Run", api: Any, kept: str = "") -> None:
    """Deletes the monitor's definitions but for one."""
    jobs = f"{KINDS[run.properties['Kind']]}_job_definition"
    pages = api.get_paginator(f"list_{jobs}s").paginate(NameContains=name(run))
    for entry in [entry for page in pages for entry in page["JobDefinitionSummaries"]]:
        job = entry["MonitoringJobDefinitionName"]
        if job != kept and re.fullmatch(f"{name(run)}-[0-9a-f]{{8}}", job):
            run.doing(f"deleting {job}")
            found(getattr(api, f"delete_{jobs}"), JobDefinitionName=job)


def name(run: "Run") -> str:
    """Returns the physical id: the schedule's name."""
    return "-".join(run.properties[key] for key in ("ProjectName", "Stage", "Kind"))


def make(run: "Run") -> None:
    """Makes the definition, then the schedule; deletes the definition before."""
    api, asked = client("sagemaker"), run.properties
    run.doing(f"defining {name(run)}")
    wanted, jobs = asked["Definition"], KINDS[asked["Kind"]]
    if asked["Kind"] == "shap":
        explain(run, api, wanted)
    job = {"JobDefinitionName": f"{name(run)}-{digest(wanted)}"}
    if not found(getattr(api, f"describe_{jobs}_job_definition"), **job):
        getattr(api, f"create_{jobs}_job_definition")(**job, **wanted)
    config = {
        "MonitoringJobDefinitionName": job["JobDefinitionName"],
        "MonitoringType": jobs.title().replace("_", ""),
        "ScheduleConfig": {"ScheduleExpression": asked["Schedule"]},
    }
    schedule = {"MonitoringScheduleName": name(run), "MonitoringScheduleConfig": config}
    now = settled(run, api)
    run.doing(f"scheduling {name(run)}")
    if not now:
        api.create_monitoring_schedule(**schedule, Tags=wanted["Tags"])
    elif now["MonitoringScheduleConfig"] != config or now["MonitoringScheduleStatus"] == "Failed":
        api.update_monitoring_schedule(**schedule)
    now = settled(run, api) or {}
    if now.get("MonitoringScheduleStatus") not in ("Scheduled", "Stopped"):  # by hand
        raise RuntimeError(f"{name(run)} is not scheduled: {now.get('FailureReason')}")
    forget(run, api, job["JobDefinitionName"])


def remove(run: "Run") -> None:
    """Stops the schedule, waits for the job that runs, and deletes all."""
    api, schedule = client("sagemaker"), {"MonitoringScheduleName": name(run)}
    run.doing(f"stopping {name(run)}")
    if now := settled(run, api):
        if now["MonitoringScheduleStatus"] == "Scheduled":
            found(api.stop_monitoring_schedule, **schedule)
        settled(run, api, occupied)
        found(api.delete_monitoring_schedule, **schedule)
        settled(run, api, bool)
    forget(run, api)


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles `Custom::ModelMonitor`."""
    serve(event, context, properties=PROPERTIES, name=name, make=make, remove=remove)
