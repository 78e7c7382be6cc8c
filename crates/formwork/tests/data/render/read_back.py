"""Reads one YAML document with every reader there is and compares it with what it should say.

usage: read_back.py DOCUMENT.yaml EXPECTED.json

Type, value and order must be equal: a text that comes back as a date, a number or a boolean is a
failure. Tags of short forms are read as CloudFormation does. Says what differs; exit 1 if anything does.
"""

import json
import sys

import ruamel.yaml
import yaml


def long_form(construct, tag, node):
    """What CloudFormation makes of a short form."""
    name = tag if tag in ("Ref", "Condition") else "Fn::" + tag
    value = construct(node)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name: value}


def constructed(loader, node):
    kind = type(node).__name__
    if kind == "ScalarNode":
        return loader.construct_scalar(node)
    if kind == "SequenceNode":
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


def intrinsic(loader, tag, node):
    return long_form(lambda inner: constructed(loader, inner), tag, node)


class PyYaml(yaml.SafeLoader):
    """PyYAML: YAML 1.1."""


PyYaml.add_multi_constructor("!", intrinsic)


class Ruamel(ruamel.yaml.constructor.SafeConstructor):
    """ruamel.yaml: YAML 1.1 or 1.2."""


Ruamel.add_multi_constructor("!", intrinsic)


def ruamel_reader(version):
    def read(text):
        reader = ruamel.yaml.YAML(typ="safe", pure=True)
        reader.Constructor = Ruamel
        reader.version = version
        return reader.load(text)

    return read


READERS = {
    "PyYAML, YAML 1.1": lambda text: yaml.load(text, Loader=PyYaml),
    "ruamel.yaml, YAML 1.1": ruamel_reader((1, 1)),
    "ruamel.yaml, YAML 1.2": ruamel_reader((1, 2)),
}


def differences(expected, found, path=""):
    numbers = (int, float)
    if isinstance(expected, dict) and isinstance(found, dict):
        if [(type(k), k) for k in expected] != [(type(k), k) for k in found]:
            for want, got in zip(list(expected) + [None], list(found) + [None]):
                if (type(want), want) != (type(got), got):
                    yield f"{path}: the key {want!r} came back as {got!r}"
                    return
        for key in expected:
            yield from differences(expected[key], found[key], f"{path}/{key!r}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for index, (want, got) in enumerate(zip(expected, found)):
            yield from differences(want, got, f"{path}/{index}")
    elif type(expected) in numbers and type(found) in numbers and expected == found:
        pass
    elif type(expected) is not type(found) or expected != found:
        yield f"{path}: {expected!r} came back as {found!r}"


def main():
    with open(sys.argv[1], encoding="utf-8", newline="") as file:
        text = file.read()
    with open(sys.argv[2], encoding="utf-8") as file:
        expected = json.load(file)
    failed = False
    for name, read in READERS.items():
        try:
            found = list(differences(expected, read(text)))
        except Exception as error:  # whatever a reader says is a finding
            found = [f"cannot read it: {error}"]
        if found:
            failed = True
            print(f"{name}: {len(found)} differences")
            print("".join(f"  {line}\n" for line in found[:20]), end="")
    return failed


if __name__ == "__main__":
    sys.exit(main())
