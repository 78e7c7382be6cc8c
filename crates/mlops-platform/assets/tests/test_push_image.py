"""Action `push_image`, and where images are."""

import base64
import re
import shutil
from pathlib import Path

import pytest
from conftest import REGION
from projecting import ACCOUNT, NAME, OWN
from scripting import Commands, common, images, push_image

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REGIONS = [
    *("ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "eu-central-1", "eu-north-1", "eu-south-1"),
    *("eu-west-1", "eu-west-2", "eu-west-3", "us-east-1", "us-east-2", "us-west-2"),
]
REPOSITORY = f"{NAME}-repository-training"
REGISTRY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
BASE = f"978288397137.dkr.ecr.{REGION}.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3"
CONFIG = 'framework: sklearn\nframework_version: "1.4-2"\ndata_config: {inputs: {data: "s3://bucket/data.csv"}}\n'
TOKENS = ("REGISTRY-TOKEN", "PACKAGES-TOKEN")


@pytest.fixture
def source(tmp_path):
    root = tmp_path / "source"
    for name in ("preprocessing", "transform", "training", "inference"):
        (root / "containers" / name).mkdir(parents=True)
        (root / "containers" / name / "Dockerfile").write_text("ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\n")
    (root / "src").mkdir()
    (root / "src" / "train.py").write_text("1\n")
    (root / "model_config.yaml").write_text(CONFIG)
    return root


class TestImages:
    """Tags and base images."""

    def test_tag_is_the_commit_and_the_files(self, source):
        tag = images.tag(source, "training", COMMIT)
        assert re.fullmatch("0123456789ab-[0-9a-f]{12}", tag)
        assert tag == images.tag(source, "training", COMMIT)
        assert tag != images.tag(source, "inference", COMMIT)

    @pytest.mark.parametrize(
        "file", ["containers/training/Dockerfile", "src/train.py", "src/new.py", "model_config.yaml"]
    )
    def test_tag_changes_with_what_is_in_the_image(self, source, file):
        before = images.tag(source, "training", COMMIT)
        (source / file).write_text("2\n")
        assert images.tag(source, "training", COMMIT) != before

    @pytest.mark.parametrize("file", ["README.md", "containers/inference/Dockerfile", "src/__pycache__/train.pyc"])
    def test_tag_does_not_change_with_anything_else(self, source, file):
        before = images.tag(source, "training", COMMIT)
        (source / file).parent.mkdir(exist_ok=True)
        (source / file).write_text("2\n")
        assert images.tag(source, "training", COMMIT) == before

    def test_tag_is_the_same_wherever_the_checkout_is(self, source, tmp_path):
        shutil.copytree(source, tmp_path / "elsewhere")
        assert images.tag(source, "training", COMMIT) == images.tag(tmp_path / "elsewhere", "training", COMMIT)

    def test_commit_must_be_one(self, source):
        with pytest.raises(
            common.WorkError, match=r"COMMIT_ID is #\{codepipeline\}, allowed are 40 hexadecimal digits"
        ):
            images.tag(source, "training", "#{codepipeline}")

    def test_container_must_be_there(self, source):
        (source / "containers/training/Dockerfile").unlink()
        with pytest.raises(common.WorkError, match="containers/training/Dockerfile is missing"):
            images.tag(source, "training", COMMIT)

    @pytest.mark.parametrize("region", REGIONS)
    def test_every_region_has_every_base(self, region):
        for framework, known in images.json.loads(images.BASES.read_text())["frameworks"].items():
            assert sorted(known["accounts"]) == REGIONS
            for version in known["images"]:
                found = images.base({"framework": framework, "framework_version": version}, region)
                assert re.fullmatch(
                    rf"\d{{12}}\.dkr\.ecr\.{region}\.amazonaws\.com/sagemaker-[a-z-]+:{version}\S*", found
                )

    def test_the_base_is_that_of_the_region(self):
        assert images.base({"framework": "sklearn", "framework_version": "1.4-2"}, REGION) == BASE

    @pytest.mark.parametrize(
        ("config", "region", "said"),
        [
            ({"framework": "keras"}, REGION, "framework is keras, allowed are sklearn, xgboost"),
            ({}, REGION, "framework is None, allowed are"),
            (
                {"framework": "sklearn", "framework_version": 1.2},
                REGION,
                "framework_version is 1.2, allowed for sklearn are",
            ),
            (
                {"framework": "sklearn", "framework_version": "1.4-2"},
                "mx-central-1",
                "region mx-central-1 has no image",
            ),
        ],
    )
    def test_unknown_base(self, config, region, said):
        with pytest.raises(common.WorkError, match=said):
            images.base(config, region)


class Docker(Commands):
    """Stands for docker: notes what goes in by standard input, and what the secret is while it is built."""

    def __init__(self) -> None:
        super().__init__()
        self.inputs: list[bytes | None] = []
        self.secrets: list[tuple[str, int]] = []

    def __call__(self, words, input=None, stdout=None, **more):  # noqa: A002
        self.inputs.append(input)
        secret = next((str(word).partition("src=")[2] for word in words if "src=" in str(word)), None)
        if secret:
            self.secrets.append((Path(secret).read_text(), Path(secret).stat().st_mode & 0o777))
        return super().__call__(words, **more)


@pytest.fixture
def docker(world, monkeypatch, source):
    monkeypatch.setattr(push_image, "client", world.client)
    for name, value in {
        "CONTAINER": "training",
        "COMMIT_ID": COMMIT,
        "CODEBUILD_SRC_DIR_ProjectRepo": str(source),
    }.items():
        monkeypatch.setenv(name, value)
    made = Docker()
    monkeypatch.setattr(common.subprocess, "run", made)
    return made


def asked(source):
    return {"repositoryName": REPOSITORY, "imageIds": [{"imageTag": images.tag(source, "training", COMMIT)}]}


def lacks(world, source):
    world.aws("ecr").add_client_error("describe_images", "ImageNotFoundException", expected_params=asked(source))


def has(world, source):
    world.aws("ecr").add_response("describe_images", {"imageDetails": []}, asked(source))


def gives_tokens(world):
    token = base64.b64encode(f"AWS:{TOKENS[0]}".encode()).decode()
    world.aws("ecr").add_response("get_authorization_token", {"authorizationData": [{"authorizationToken": token}]}, {})
    stub, domain = world.aws("codeartifact"), {"domain": "mlops"}
    endpoint = f"https://mlops-{ACCOUNT}.d.codeartifact.{REGION}.amazonaws.com/pypi/mlops-codeartifact-repository/"
    named = {"repository": "mlops-codeartifact-repository", "format": "pypi"}
    stub.add_response("get_repository_endpoint", {"repositoryEndpoint": endpoint}, domain | named)
    stub.add_response("get_authorization_token", {"authorizationToken": TOKENS[1]}, domain | {"durationSeconds": 3600})


def test_builds_and_pushes(world, docker, source, capsys):
    lacks(world, source)
    gives_tokens(world)
    push_image.work()
    image = f"{OWN['ecr/training']}:{images.tag(source, 'training', COMMIT)}"
    login = ["docker", "login", "--username", "AWS", "--password-stdin"]
    first, second, build, push = docker.ran
    assert [first, second] == [[*login, REGISTRY], [*login, BASE.split("/", maxsplit=1)[0]]]
    assert docker.inputs == [TOKENS[0].encode()] * 2 + [None] * 2
    assert build[:3] == ["docker", "build", "--progress"]
    assert build[-1] == str(source)
    for option, value in {
        "--build-arg": f"BASE_IMAGE={BASE}",
        "--file": str(source / "containers/training/Dockerfile"),
        "--tag": image,
    }.items():
        assert build[build.index(option) + 1] == value
    assert push == ["docker", "push", image]
    assert capsys.readouterr().out.endswith(f"pushed {image}\n")


def test_tokens_are_in_no_command_environment_or_file_that_stays(world, docker, source, capfd):
    lacks(world, source)
    gives_tokens(world)
    push_image.work()
    said = capfd.readouterr()
    for token in TOKENS:
        assert token not in str(docker.ran)
        assert token not in str(docker.environments)
        assert token not in said.out + said.err
    ((text, mode),) = docker.secrets
    address = f"https://aws:{TOKENS[1]}@mlops-{ACCOUNT}.d.codeartifact.{REGION}.amazonaws.com"
    assert text == f"[global]\nindex-url = {address}/pypi/mlops-codeartifact-repository/simple/\n"
    assert mode == 0o600
    (home,) = {environment["DOCKER_CONFIG"] for environment in docker.environments}
    assert not Path(home).exists()


def test_makes_images_that_sagemaker_takes(world, docker, source):
    lacks(world, source)
    gives_tokens(world)
    push_image.work()
    for environment in docker.environments:
        assert environment["DOCKER_BUILDKIT"] == "1"
        assert environment["BUILDX_NO_DEFAULT_ATTESTATIONS"] == "1"


def test_leaves_an_image_that_is_there(world, docker, source, capsys):
    has(world, source)
    push_image.work()
    assert docker.ran == []
    assert capsys.readouterr().out.startswith("there already: ")


def test_stops_without_data(world, docker, source):
    (source / "model_config.yaml").write_text(CONFIG.replace("s3://bucket", "s3://REPLACE-ME"))
    reasons = world.stops()
    push_image.work()
    assert docker.ran == []
    assert reasons[0] == "model_config.yaml names no data yet: set data_config.inputs.data and merge to main"


def test_build_fails(world, docker, source):
    lacks(world, source)
    gives_tokens(world)
    lacks(world, source)
    docker.answers["docker build"] = 1
    with pytest.raises(common.WorkError, match="exit code 1, see above: docker build"):
        push_image.work()


def test_another_build_is_faster(world, docker, source, capsys):
    lacks(world, source)
    gives_tokens(world)
    has(world, source)
    docker.answers["docker push"] = 1
    push_image.work()
    assert "pushed" in capsys.readouterr().out


def test_no_such_container(docker, monkeypatch):
    monkeypatch.setenv("CONTAINER", "../x")
    with pytest.raises(common.WorkError, match=r"CONTAINER is \.\./x, allowed are preprocessing, transform, training"):
        push_image.work()
