"""What the tests of how parts fit share: the templates as they were reviewed, read for a project."""

import re

import yaml
from conftest import REGION
from projecting import ACCOUNT, ID, NAME
from scripting import ROOT

SNAPSHOTS = ROOT / "snapshots"
KNOWN = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
    "CostCenter": "12345",
    "ProjectId": ID,
    "ProjectName": NAME,
    "SageMakerProjectId": ID,
    "SageMakerProjectName": NAME,
    "Stage": "prod",
}
OPEN = "\N{HORIZONTAL ELLIPSIS}"  # for what only the launch knows


class Reader(yaml.SafeLoader):
    """Reads intrinsic functions as what they give for the project, as far as that is known."""


def function(reader, name, node):
    if isinstance(node, yaml.ScalarNode):
        given = reader.construct_scalar(node)
        if name == "Ref":
            return KNOWN.get(given, {"Ref": given})
        if name == "Sub":
            return re.sub(r"\$\{([^}]+)\}", lambda found: KNOWN.get(found[1], OPEN), given)
        return {name: given}
    if isinstance(node, yaml.SequenceNode):
        given = reader.construct_sequence(node, deep=True)
        if name == "Sub":
            return re.sub(r"\$\{([^}]+)\}", lambda found: KNOWN.get(found[1], OPEN), given[0])
        return {name: given}
    return {name: reader.construct_mapping(node, deep=True)}


Reader.add_multi_constructor("!", function)


def text(name):
    """The template as it is released, but for hashes in keys."""
    return (SNAPSHOTS / f"{name}.snap").read_text().split("\n---\n", 1)[1]


def read(content):
    return yaml.load(content, Loader=Reader)


def template(name):
    return read(text(name))


def all_templates():
    return {file.stem: template(file.stem) for file in sorted(SNAPSHOTS.glob("*.snap"))}


def of_type(one, kind):
    """Properties of the resources of a type, by logical id."""
    return {name: each["Properties"] for name, each in one["Resources"].items() if each["Type"] == kind}


def texts(value):
    """All texts in a value."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def faults(parameters, one):
    """What CloudFormation would refuse in the values that a stack of a template is given."""
    declared, found = one.get("Parameters", {}), []
    found += [f"{name} is no parameter" for name in parameters.keys() - declared.keys()]
    found += [f"{name} is not given" for name, it in declared.items() if "Default" not in it and name not in parameters]
    for name, value in parameters.items():
        it = declared.get(name, {})
        several = value.split(",") if it.get("Type") == "CommaDelimitedList" else [value]
        fitting = [
            isinstance(value, str),
            value in [str(each) for each in it.get("AllowedValues", [value])],
            all(re.fullmatch(it.get("AllowedPattern", ".*"), each) for each in several),
            it.get("MinLength", 0) <= len(value) <= it.get("MaxLength", 4096),
        ]
        if it.get("Type") == "Number":
            fitting.append(it.get("MinValue", float(value)) <= float(value) <= it.get("MaxValue", float(value)))
        if not all(fitting):
            found.append(f"{name} is {value!r}")
    return found
