"""Action `associate_user_lifecycle`."""

import pytest
from conftest import REGION
from projecting import ACCOUNT, ID, NAME, OWN
from scripting import associate_user, common

PROFILE = f"ada-{NAME}"
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:user-profile/d-1/{PROFILE}"
NAMED = {"DomainId": "d-1", "UserProfileName": PROFILE}
CONFIG = OWN["lifecycle-config-arn"]
OLDER = CONFIG.replace("0123abcd", "99999999")
FOREIGN = CONFIG.replace(f"{NAME}-lcc-0123abcd", "somebody-s-own")
WANTED = {"LifecycleConfigArns": [CONFIG], "DefaultResourceSpec": {"LifecycleConfigArn": CONFIG}}


class Sagemaker:
    """Tells the stub which calls to expect, and what to answer."""

    def __init__(self, stub) -> None:
        self.stub = stub

    def is_(self, status="InService", has=None, **more):
        answer = {"UserProfileArn": ARN, "Status": status, "UserSettings": {}} | more
        if has is not None:
            answer["UserSettings"] = {"JupyterLabAppSettings": has}
        self.stub.add_response("describe_user_profile", answer, NAMED)

    def tagged(self, project_id=ID):
        tags = [{"Key": "sagemaker:project-id", "Value": project_id}]
        self.stub.add_response(
            "list_tags", {"Tags": [{"Key": "x", "Value": "y"}], "NextToken": "1"}, {"ResourceArn": ARN}
        )
        self.stub.add_response("list_tags", {"Tags": tags}, {"ResourceArn": ARN, "NextToken": "1"})

    def updates(self, settings=WANTED):
        expected = NAMED | {"UserSettings": {"JupyterLabAppSettings": settings}}
        self.stub.add_response("update_user_profile", {"UserProfileArn": ARN}, expected)


@pytest.fixture
def sagemaker(world, monkeypatch, no_sleep):
    monkeypatch.setenv("USER_PROFILE", PROFILE)
    monkeypatch.setattr(associate_user, "client", world.client)
    return Sagemaker(world.aws("sagemaker"))


def fails():
    with pytest.raises(common.WorkError) as raised:
        associate_user.work()
    return str(raised.value)


def test_gives_the_configuration(sagemaker, capsys, no_sleep):
    sagemaker.is_("Pending")
    sagemaker.is_()
    sagemaker.tagged()
    sagemaker.updates()
    sagemaker.is_("Updating")
    sagemaker.is_("InService", WANTED)
    associate_user.work()
    assert capsys.readouterr().out.splitlines() == [
        f"profile {PROFILE} starts JupyterLab with {CONFIG}",
        f"to sign in: switch to role {REGION}-datascientist-{ACCOUNT}, then SageMaker, Domains, d-1, {PROFILE},"
        " Launch, Studio",
    ]
    assert no_sleep == [associate_user.POLL] * 2


def test_twice_is_once(sagemaker):
    sagemaker.is_("InService", WANTED)
    sagemaker.tagged()
    associate_user.work()


def test_replaces_the_project_s_older_one_and_keeps_all_else(sagemaker):
    has = {
        "DefaultResourceSpec": {"InstanceType": "ml.t3.medium", "LifecycleConfigArn": OLDER},
        "LifecycleConfigArns": [FOREIGN, OLDER],
        "AppLifecycleManagement": {"IdleSettings": {"LifecycleManagement": "ENABLED", "IdleTimeoutInMinutes": 60}},
    }
    wanted = has | {
        "DefaultResourceSpec": {"InstanceType": "ml.t3.medium", "LifecycleConfigArn": CONFIG},
        "LifecycleConfigArns": [FOREIGN, CONFIG],
    }
    sagemaker.is_("Update_Failed", has)
    sagemaker.tagged()
    sagemaker.updates(wanted)
    sagemaker.is_("InService", wanted)
    associate_user.work()


@pytest.mark.parametrize("status", ["creating", "failed"])
def test_project_is_not_ready(sagemaker, world, status):
    world.own("status", status)
    assert fails() == f"project {NAME} is {status}: wait for {NAME}_project_pipeline, then retry this stage"


def test_profile_of_another_project(sagemaker):
    sagemaker.is_()
    sagemaker.tagged("p-other")
    assert fails() == f"profile {PROFILE} lacks tag sagemaker:project-id = {ID}: launch the project's user product"


def test_profile_that_cannot_be_updated(sagemaker):
    sagemaker.is_("Delete_Failed", FailureReason="apps run")
    sagemaker.tagged()
    assert fails() == f"profile {PROFILE} is Delete_Failed: apps run"


@pytest.mark.parametrize(
    ("status", "has", "more", "said"),
    [
        ("Update_Failed", {}, {"FailureReason": "no such configuration"}, "no such configuration"),
        ("InService", {}, {}, "no reason given"),
    ],
)
def test_update_has_no_effect(sagemaker, status, has, more, said):
    sagemaker.is_()
    sagemaker.tagged()
    sagemaker.updates()
    sagemaker.is_(status, has, **more)
    assert fails() == f"profile {PROFILE} is {status} and was not given {CONFIG}: {said}"


def test_waits_no_longer_than_it_may(sagemaker, monkeypatch):
    monkeypatch.setattr(associate_user, "WAIT", 0)
    sagemaker.is_("Updating")
    assert fails() == f"profile {PROFILE} is still Updating: retry this stage later"
