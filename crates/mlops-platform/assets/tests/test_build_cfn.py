"""Action `build_cfn`: what stacks are deployed with, and templates that are read and written as YAML."""

import hashlib
import json

import pytest
import yaml
from projecting import NAME, golden
from scripting import ROOT, build_cfn, build_release, common

SNAPSHOTS = sorted((ROOT / "snapshots").glob("*.snap"))
# What is easily lost: CloudFormation's own tags, texts that look like other things, blocks, a date, digits.
SMUSER = b"""\
# MLOps platform
AWSTemplateFormatVersion: '2010-09-09'
Description: "smuser: on, off: yes"
Metadata:
  Version: 2010-09-09
  Answer: "no"
  Octal: "010"
  Empty: ""
Parameters:
  UserEmail:
    Type: String
    AllowedPattern: ^(?=.{1,128}$)[a-z0-9]+@[a-z0-9-]+(\\.[a-z0-9-]+)+$
  ProjectName:
    Type: String
    Default: any
    AllowedPattern: ^[a-z0-9](-?[a-z0-9])*$
  ProjectId:
    Type: String
  CostCenter:
    Type: String
    AllowedValues: [a, b]
Resources:
  Profile:
    Type: AWS::SageMaker::UserProfile
    Properties:
      UserProfileName: !Join ["-", !Split [".", !Ref UserEmail]]
      DomainId: !Sub "{{resolve:ssm:/mlops/platform/domain-id}}"
      Code: |
        def handler(event, context):
            print("x: y")  # stays
      Flag: true
      Text: "true"
      Unicode: "\xc3\xa4"
      Long: %s
""" % (b"word " * 60).strip()
OWN = {"ProjectName": NAME, "ProjectId": "p-0a1b2c", "CostCenter": "12345"}


def plain(node):
    """The tree as texts: every tag and value, not where it stands or how it is quoted."""
    if isinstance(node, yaml.MappingNode):
        return node.tag, [(plain(key), plain(value)) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return node.tag, [plain(item) for item in node.value]
    return node.tag, node.value


def tree(content):
    return plain(yaml.compose(content, Loader=yaml.SafeLoader))


def section(content, *path):
    node = yaml.compose(content, Loader=yaml.SafeLoader)
    for key in path:
        node = build_cfn.entry(node, key)
    return node


@pytest.mark.parametrize("file", SNAPSHOTS, ids=lambda file: file.name)
def test_writing_keeps_the_meaning_of_every_template(file):
    content = file.read_text().split("\n---\n", 1)[1].encode()
    assert tree(build_cfn.made_for(content, {})) == tree(content)


def test_there_are_templates_to_test_with():
    assert len(SNAPSHOTS) > 5


def test_only_the_project_s_own_values_are_allowed():
    made = build_cfn.made_for(SMUSER, OWN)
    for name, value in OWN.items():
        parameter = section(made, "Parameters", name)
        text = ("tag:yaml.org,2002:str", value)
        assert plain(build_cfn.entry(parameter, "Default")) == text
        assert plain(build_cfn.entry(parameter, "AllowedValues")) == ("tag:yaml.org,2002:seq", [text])


def test_all_else_means_the_same():
    made = build_cfn.made_for(SMUSER, OWN)
    for other in ("AWSTemplateFormatVersion", "Description", "Metadata", "Resources"):
        assert plain(section(made, other)) == plain(section(SMUSER, other))
    assert plain(section(made, "Parameters", "UserEmail")) == plain(section(SMUSER, "Parameters", "UserEmail"))
    kept = [(key, value) for key, value in plain(section(made, "Parameters", "ProjectName"))[1] if key[1] != "Default"]
    assert kept[:2] == [pair for pair in plain(section(SMUSER, "Parameters", "ProjectName"))[1] if pair in kept]
    assert [key.value for key, _ in section(made).value] == [key.value for key, _ in section(SMUSER).value]


def test_digits_stay_text_for_readers_of_either_version():
    made = build_cfn.made_for(SMUSER, OWN).decode()
    assert '"12345"' in made
    assert "!Join" in made
    assert "!Split" in made


def test_the_same_template_gives_the_same_copy():
    first = build_cfn.made_for(SMUSER, OWN)
    assert first == build_cfn.made_for(SMUSER, OWN)
    assert first == build_cfn.made_for(first, OWN)
    assert first != build_cfn.made_for(SMUSER, OWN | {"CostCenter": "12346"})


@pytest.mark.parametrize(("content", "names"), [(b"Resources: {}\n", "ProjectName, ProjectId, CostCenter"), (b"", "")])
def test_template_without_the_parameters(content, names):
    content = content or SMUSER.replace(b"ProjectId:", b"Other:")
    with pytest.raises(common.WorkError, match=f"template smuser lacks parameters {names or 'ProjectId'}: deploy"):
        build_cfn.made_for(content, OWN)


class TestWork:
    """The whole action."""

    @pytest.fixture(autouse=True)
    def release(self, world, monkeypatch):
        monkeypatch.setattr(build_cfn, "client", world.client)
        for name in build_cfn.TEMPLATES:
            world.reads(name, f"# {name}\n".encode())
        world.reads("smuser", SMUSER)
        world.releases("inference", b"Resources: {}\n")

    def copy(self, world, there=False):
        content = build_cfn.made_for(SMUSER, OWN)
        key = f"projects/{NAME}/smuser.{hashlib.sha256(content).hexdigest()}.yaml"
        put = {
            "Bucket": "artifacts",
            "Key": key,
            "Body": content,
            "ChecksumSHA256": build_release.base64.b64encode(hashlib.sha256(content).digest()).decode(),
            "ContentType": "application/yaml",
            "Metadata": {"sha256": hashlib.sha256(content).hexdigest()},
            "IfNoneMatch": "*",
        }
        if there:
            world.aws("s3").add_client_error("put_object", "PreconditionFailed", expected_params=put)
            world.reads("copy", content, key)
        else:
            world.aws("s3").add_response("put_object", {}, put)

    def makes_way(self, world, **failed):
        stages = [f"inference-stackset-{stage}" for stage in ("staging", "prod")]
        for name in ("service-catalog-stack", "ecr-repo-stack", "model-group-stack", *stages):
            if name in failed:
                world.has(f"{NAME}-{name}", failed[name], removed="DELETE_COMPLETE")
            else:
                world.lacks(f"{NAME}-{name}")

    def test_what_failed_as_it_was_made_is_made_anew(self, world):
        self.makes_way(world, **{"ecr-repo-stack": "ROLLBACK_COMPLETE", "inference-stackset-prod": "ROLLBACK_FAILED"})
        self.copy(world)
        world.lacks_stack("staging")
        world.lacks_stack("prod")
        build_cfn.work()

    def test_new_project(self, world):
        self.makes_way(world)
        self.copy(world)
        world.lacks_stack("staging")
        world.lacks_stack("prod")
        build_cfn.work()
        made = ["service-catalog", "ecr", "inference-staging", "inference-prod"]
        assert world.wrote() == sorted(
            [*(f"{name}.yaml" for name in build_cfn.TEMPLATES), *(f"{name}.json" for name in made)]
        )
        for name in made:
            golden(f"{name}.json", (world.output / f"{name}.json").read_text())
        assert (world.output / "project-ecr.yaml").read_text() == "# project-ecr\n"

    def test_a_run_again_keeps_what_is_deployed(self, world):
        self.makes_way(world)
        self.copy(world, there=True)
        world.has_stack("staging", ModelPackageArn="arn:7", InstanceType="ml.c5.xlarge", InstanceCount="2")
        world.has_stack(
            "prod", ModelPackageArn="arn:6", InstanceType="ml.c5.large", InstanceCount="4", TemplateUrl="old"
        )
        build_cfn.work()

        def found(stage):
            parameters = json.loads((world.output / f"inference-{stage}.json").read_text())["Parameters"]
            return [parameters[name] for name in ("ModelPackageArn", "InstanceType", "InstanceCount", "CaptureData")]

        assert found("staging") == ["arn:7", "ml.c5.xlarge", "2", "false"]
        assert found("prod") == ["arn:6", "ml.c5.large", "4", "true"]
        assert '"TemplateUrl": "old"' not in (world.output / "inference-prod.json").read_text()
