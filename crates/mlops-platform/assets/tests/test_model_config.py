"""A project's configuration, its lines, and its schema."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator
from scripting import ASSETS, common, json_schema, model_config

TEXT = """\
framework: sklearn
framework_version: "1.4-2"
data_config:
  inputs:
    data: s3://bucket/data.csv
    headers: [a, b]
train_config:
  instance_type: ml.m5.large
"""


def written(folder, text):
    (folder / "model_config.yaml").write_text(text)
    return folder


def fails(folder):
    with pytest.raises(common.WorkError) as raised:
        model_config.load(folder)
    return str(raised.value)


def test_every_value_has_a_line(tmp_path):
    config, lines = model_config.load(written(tmp_path, TEXT))
    assert config["data_config"]["inputs"]["headers"] == ["a", "b"]
    assert lines["framework",] == 1
    assert lines["data_config",] == 3
    assert lines["data_config", "inputs", "data"] == 5
    assert lines["data_config", "inputs", "headers", 1] == 6
    assert lines["train_config", "instance_type"] == 8


def test_what_is_missing_has_the_line_of_what_lacks_it(tmp_path):
    _, lines = model_config.load(written(tmp_path, TEXT))
    assert model_config.line_of(lines, ("data_config", "inputs", "label")) == 4
    assert model_config.line_of(lines, ("other", "key")) == 1
    assert model_config.line_of({}, ()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "model_config.yaml is missing in the project's repository: restore it"),
        ("", "model_config.yaml:1: the file holds no keys: restore it"),
        ("- a\n", "model_config.yaml:1: the file holds no keys: restore it"),
        ("a: 1\nb: [1\n", "model_config.yaml:3: this is no YAML: expected ',' or ']', but got '<stream end>'"),
        ("a: &x 1\nb: *x\n", "model_config.yaml:2: aliases such as *x are not allowed: write the value out"),
        ("a: \x00\n", "model_config.yaml: this is no YAML: unacceptable character #x0000"),
        ("a: !!python/name:os.system x\n", "model_config.yaml:1: this is no YAML: could not determine a constructor"),
        ("a: 1\nb:\n  c: 1\n  c: 2\n", "model_config.yaml:4: b.c: it stands in line 3 already: remove one"),
    ],
)
def test_what_cannot_be_read(tmp_path, text, said):
    assert fails(written(tmp_path, text) if text is not None else tmp_path).startswith(said)


def test_every_key_that_stands_twice_is_named(tmp_path):
    assert len(fails(written(tmp_path, "a: 1\na: 2\nb: 1\nb: 2\n")).splitlines()) == 2


@pytest.mark.parametrize(
    ("data", "is_one"),
    [("s3://REPLACE-ME/data.csv", True), ("s3://bucket/data.csv", False), (7, False), (None, False)],
)
def test_placeholder(data, is_one):
    assert model_config.is_placeholder({"data_config": {"inputs": {"data": data}}}) is is_one


@pytest.mark.parametrize("config", [{}, {"data_config": None}, {"data_config": {"inputs": ["data"]}}])
def test_what_holds_no_data_is_no_placeholder(config):
    assert not model_config.is_placeholder(config)


def test_shown():
    assert model_config.shown(("a", "b", 2, "c")) == "a.b[2].c"
    assert model_config.shown((0,)) == "[0]"
    assert model_config.shown(()) == "the whole file"


def faults(schema, value):
    return [(".".join(map(str, path)), text) for path, text in json_schema.Schema(schema).faults(value, schema)]


@pytest.mark.parametrize(
    ("schema", "value", "found"),
    [
        ({"type": "integer"}, 1.5, [("", "given 1.5, allowed: integer")]),
        ({"type": ["string", "null"]}, 1, [("", "given 1, allowed: string or null")]),
        ({"type": "string", "description": "a name"}, 1, [("", "given 1, allowed: a name")]),
        ({"enum": ["a", 1]}, "b", [("", 'given "b", allowed: a, 1')]),
        ({"const": "a"}, "b", [("", 'given "b", allowed: "a"')]),
        ({"minimum": 1, "maximum": 3}, 4, [("", "given 4, allowed: 3 or less")]),
        ({"minimum": 1, "description": "a count"}, 0, [("", "given 0, allowed: 1 or more")]),
        ({"pattern": "^ml"}, "x", [("", 'given "x", allowed: text like ^ml')]),
        ({"pattern": "^ml", "description": "an instance type"}, "x", [("", 'given "x", allowed: an instance type')]),
        ({"required": ["a", "b"]}, {"a": 1}, [("b", "missing: add it")]),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, [("b", "missing beside a: add it")]),
        ({"properties": {"a": True}, "additionalProperties": False}, {"b": 1}, [("b", "unknown key, allowed: a")]),
        ({"additionalProperties": False}, {"b": 1}, [("b", "unknown key, allowed: no key")]),
        ({"properties": {"a": False}}, {"a": 1}, [("a", "given 1, nothing is allowed here")]),
        ({"uniqueItems": True}, ["a", "a"], [("1", 'given "a" twice: remove one')]),
        (
            {"oneOf": [{"minimum": 1}, {"minimum": 2}]},
            3,
            [("", "given 3, allowed: one of several ways, and this is more than one")],
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}], "description": "a text"},
            3,
            [("", "given 3, allowed: a text")],
        ),
        ({"not": {"type": "string"}}, "a", [("", 'given "a", allowed: anything else')]),
        ({"maxLength": 3}, "x" * 100, [("", f'given "{"x" * 56}..., allowed: 3 characters or less')]),
    ],
)
def test_what_is_said(schema, value, found):
    assert faults(schema, value) == found


# Each with values that fit and that do not, as the standard's own implementation judges them.
SCHEMAS = [
    {"type": "array", "items": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 2}, "minItems": 1},
    {"type": "object", "propertyNames": {"pattern": "^[a-z]$"}, "minProperties": 1, "maxProperties": 1},
    {"patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": {"type": "string"}},
    {"$defs": {"a/b": {"minLength": 2}}, "$ref": "#/$defs/a~1b"},
    {"allOf": [{"type": "integer"}, {"maximum": 1}]},
    {"anyOf": [{"type": "integer"}, {"required": ["x"]}]},
    {"oneOf": [{"type": "integer"}, {"type": "number"}]},
    {"if": {"type": "string"}, "then": {"maxLength": 1}, "else": {"type": "integer"}},
    {"if": {"required": ["x"]}, "then": {"required": ["y"]}},
    {"not": {"type": ["integer", "boolean"]}},
    {"maxItems": 1, "uniqueItems": True},
    {"type": "boolean"},
    {"type": "null"},
    {"const": 1},
    {"enum": [True, "a"]},
]
VALUES = [1, 1.0, 1.5, 0, -1, True, None, "", "a", "abc", [], [1], [1.5, 1.5], [0], {}, {"x": 1}]
VALUES += [{"x": 1, "y": 2}, {"xy": 1}, {"y": "t"}, {"x": "t"}, ["a", "b"], [1, True], [1, 1.0]]


@pytest.mark.parametrize("schema", SCHEMAS, ids=json.dumps)
def test_judges_as_the_standard_does(schema):
    judge = Draft202012Validator(schema)
    judged = [judge.is_valid(value) for value in VALUES]
    assert [not faults(schema, value) for value in VALUES] == judged
    assert {True, False} == {*judged}


def test_every_fault_is_found_at_once():
    schema = {"properties": {"a": {"type": "string"}, "b": {"items": {"minimum": 1}}}, "required": ["c"]}
    assert [path for path, _ in faults(schema, {"a": 1, "b": [0, 1, 0]})] == ["c", "a", "b.0", "b.2"]


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({"contains": {}, "format": "uri"}, "unknown words: contains, format: use others"),
        ({"type": "text"}, "unknown types: text: allowed are array, boolean"),
        ({"$ref": "other.json"}, r"\$ref other.json: only references into the file itself are known"),
        ({"$ref": "#/$defs/x"}, r"\$ref #/\$defs/x names nothing"),
    ],
)
def test_refuses_a_schema_that_it_does_not_know(schema, said):
    with pytest.raises(common.WorkError, match=f"^pipeline/schema.json: {said}"):
        faults(schema, "x")


SEEDS = sorted(ASSETS.glob("seed/*/model_config.yaml"))


def changed(value, path=()):
    """The value with each of its parts replaced by something else or left out, one at a time."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        for other in ("x", -1, 1.5, None, [], {}, True):
            yield value | {key: other} if isinstance(value, dict) else [*value[:key], other, *value[key + 1 :]]
        for below in changed(value[key]):
            yield value | {key: below} if isinstance(value, dict) else [*value[:key], below, *value[key + 1 :]]
        if isinstance(value, dict):
            yield {name: each for name, each in value.items() if name != key}


@pytest.mark.parametrize("file", SEEDS, ids=lambda file: file.parent.name)
def test_seed_begins_with_the_placeholder_and_fits_its_schema(file, tmp_path):
    text = file.read_text()
    config, _ = model_config.load(written(tmp_path, text))
    assert model_config.is_placeholder(config)
    schema = json.loads((file.parent.parent / "common" / "pipeline" / "schema.json").read_text())
    config = yaml.safe_load(text.replace(model_config.PLACEHOLDER, "s3://bucket"))
    assert faults(schema, config) == []
    judge = Draft202012Validator(schema)
    for other in changed(config):
        assert (not faults(schema, other)) == judge.is_valid(other), other
