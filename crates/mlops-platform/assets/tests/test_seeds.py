"""What projects begin with, seen from the platform. Their own tests are run by `cargo xtask test seeds`."""

import ast
import re
from pathlib import Path

import pytest
import yaml

ASSETS = Path(__file__).parent.parent
SEED = ASSETS / "seed"
COMMON = SEED / "common"
CONTAINERS = ("inference", "preprocessing", "training", "transform")
BASE_IMAGE_PYTHON = (3, 10)  # what sagemaker-scikit-learn 1.4-2 has


def pins(file):
    """Returns the versions that a list of packages names."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\]+)", file.read_text(), re.MULTILINE)
    return {name.lower(): version for name, version in found}


@pytest.mark.parametrize("problem", ["supervised", "unsupervised"])
@pytest.mark.parametrize("inference", ["real-time", "batch"])
def test_each_configuration_says_what_it_is_for(problem, inference):
    own = SEED / f"{problem}-{inference}"
    assert sorted(file.name for file in own.iterdir()) == ["README.md", "model_config.yaml"]
    config = yaml.safe_load((own / "model_config.yaml").read_text())
    assert (config["problem_type"], config["inference_type"]) == (problem, inference)
    assert config["data_config"]["inputs"]["data"].startswith("s3://REPLACE-ME/")


def test_both_kinds_of_inference_differ_in_nothing_else():
    for problem in ("supervised", "unsupervised"):
        texts = [(SEED / f"{problem}-{kind}" / "model_config.yaml").read_text() for kind in ("real-time", "batch")]
        assert texts[0].replace("inference_type: real-time", "inference_type: batch") == texts[1]


def test_containers_need_only_what_the_platform_offers():
    offered = pins(ASSETS / "scripts" / "packages.txt")
    lists = {(COMMON / "containers" / name / "requirements.txt").read_text() for name in CONTAINERS}
    assert len(lists) == 1, "a model is read by what has written it"
    needed = pins(COMMON / "containers" / "training" / "requirements.txt")
    assert needed
    assert needed.items() <= offered.items()


@pytest.mark.parametrize("name", CONTAINERS)
def test_images_are_built_on_what_the_build_names_and_keep_no_secret(name):
    lines = (COMMON / "containers" / name / "Dockerfile").read_text().splitlines()
    words = [line.split()[0] for line in lines if line and not line.startswith(("#", " "))]
    assert words == ["ARG", "FROM", "COPY", "RUN", "COPY", "COPY", "ENV", "WORKDIR", "ENTRYPOINT"]
    assert [line for line in lines if line.startswith(("ARG", "FROM"))] == ["ARG BASE_IMAGE", "FROM ${BASE_IMAGE}"]
    (run,) = (line for line in lines if line.startswith("RUN"))
    assert "--mount=type=secret,id=pip_conf,target=/etc/pip.conf" in run


def test_what_runs_in_images_is_of_their_python():
    for file in (COMMON / "src").glob("*.py"):
        ast.parse(file.read_text(), feature_version=BASE_IMAGE_PYTHON)


def test_what_builds_the_pipeline_is_pinned_by_hashes():
    text = (COMMON / "pipeline" / "requirements.txt").read_text()
    entries = re.split(r"\n(?=[a-z])", text)[1:]
    assert len(entries) == len(pins(COMMON / "pipeline" / "requirements.txt"))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert (
        pins(COMMON / "tests" / "requirements.txt")["sagemaker"]
        == pins(COMMON / "pipeline" / "requirements.txt")["sagemaker"]
    )


def test_no_file_is_empty_or_a_program_by_itself():
    for file in (file for file in SEED.rglob("*") if file.is_file() and "__pycache__" not in file.parts):
        assert file.read_bytes().strip(), file
        assert not file.stat().st_mode & 0o111, file
