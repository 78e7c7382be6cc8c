"""What the scripts write, held against the release: a stack refuses a parameter that its template does not know."""

import json
import re

import pytest
import yaml
from projecting import NAME
from scripting import DATA, ROOT, build_cfn

STACK = {
    "service-catalog": "project-service-catalog",
    "ecr": "project-ecr",
    "model-group": "project-model-group",
    "inference-staging": "inference-stackset",
    "inference-prod": "inference-stackset",
    "inference": "inference-stackset",
    "monitor": "monitor-stackset",
}
SNAPSHOTS = (ROOT / "snapshots", ROOT / "crates" / "mlops-platform" / "tests" / "snapshots")
OWN = {"ProjectName": NAME, "ProjectId": "p-0a1b2c", "CostCenter": "12345"}


def released(stack):
    """The template of a stack, as its snapshot has it."""
    files = [folder / f"{stack}.snap" for folder in SNAPSHOTS if (folder / f"{stack}.snap").is_file()]
    if not files:
        pytest.skip(f"the release has no {stack}")
    return files[0].read_text().split("\n---\n", 1)[1].encode()


def plain(node):
    """A tree of nodes as values, whatever their tags."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    return [plain(item) for item in node.value] if isinstance(node, yaml.SequenceNode) else node.value


def declared(content):
    return plain(build_cfn.entry(yaml.compose(content, Loader=yaml.SafeLoader), "Parameters"))


@pytest.mark.parametrize(("file", "stack"), STACK.items())
def test_every_parameter_is_declared_and_fits(file, stack):
    given = json.loads((DATA / f"{file}.json").read_text())["Parameters"]
    known = declared(released(stack))
    assert set(given) <= set(known)
    assert {name for name, each in known.items() if "Default" not in each} <= set(given)
    for name, value in given.items():
        # What is said of a list is said of each of its items.
        for each in value.split(",") if known[name]["Type"] == "CommaDelimitedList" else [value]:
            assert each in known[name].get("AllowedValues", [each]), name
            assert re.fullmatch(known[name].get("AllowedPattern", ".*"), each), name


def test_the_user_product_takes_what_the_project_s_copy_allows():
    known = declared(build_cfn.made_for(released("smuser"), OWN))
    for name, value in OWN.items():
        assert (known[name]["Default"], known[name]["AllowedValues"]) == (value, [value])
        if "AllowedPattern" in known[name]:
            assert re.fullmatch(known[name]["AllowedPattern"], value), name
    assert {name for name, each in known.items() if "Default" not in each} == {"UserEmail"}
