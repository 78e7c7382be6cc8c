"""Holds a value against a JSON Schema: the part of the standard that a project's configuration needs, and no more.

Invariant: every mistake is found at once; a schema that says something else than what is known here is refused, so that
nothing counts as checked that was not.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from common import WorkError

Path = tuple[str | int, ...]
Fault = tuple[Path, str]


def is_number(value: Any) -> bool:
    """Returns whether a value is a number, which a Boolean is not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


SILENT = {"$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples"}
TYPES: dict[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: is_number(value) and value == int(value),
    "null": lambda value: value is None,
    "number": is_number,
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}
LIMITS: dict[str, tuple[str, Callable[[Any, Any], bool], str]] = {
    "minimum": ("number", lambda value, limit: value >= limit, "{} or more"),
    "maximum": ("number", lambda value, limit: value <= limit, "{} or less"),
    "exclusiveMinimum": ("number", lambda value, limit: value > limit, "more than {}"),
    "exclusiveMaximum": ("number", lambda value, limit: value < limit, "less than {}"),
    "minLength": ("string", lambda value, limit: len(value) >= limit, "{} characters or more"),
    "maxLength": ("string", lambda value, limit: len(value) <= limit, "{} characters or less"),
    "minItems": ("array", lambda value, limit: len(value) >= limit, "{} items or more"),
    "maxItems": ("array", lambda value, limit: len(value) <= limit, "{} items or less"),
    "minProperties": ("object", lambda value, limit: len(value) >= limit, "{} keys or more"),
    "maxProperties": ("object", lambda value, limit: len(value) <= limit, "{} keys or less"),
    "pattern": ("string", lambda value, limit: re.search(limit, value) is not None, "text like {}"),
}
OBJECTS = {"properties", "required", "additionalProperties", "patternProperties", "propertyNames", "dependentRequired"}
KNOWN = SILENT | set(LIMITS) | OBJECTS | {"type", "enum", "const", "items", "uniqueItems", "$ref"}
KNOWN |= {"anyOf", "oneOf", "allOf", "not", "if", "then", "else"}


def same(one: Any, other: Any) -> bool:
    """Returns whether two values are the same, which true and 1 are not."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def given(value: Any) -> str:
    """Returns a value as a person should see it."""
    text = json.dumps(value, default=str, skipkeys=True)
    return text if len(text) <= 60 else f"{text[:57]}..."


class Schema:
    """A schema and what it refers to."""

    def __init__(self, root: Any) -> None:
        """Takes the whole document."""
        self.root = root

    def resolve(self, reference: str) -> Any:
        """Returns what a reference into the same document names."""
        if not reference.startswith("#"):
            raise WorkError(f"pipeline/schema.json: $ref {reference}: only references into the file itself are known")
        found = self.root
        try:
            for part in reference[1:].split("/")[1:]:
                found = found[part.replace("~1", "/").replace("~0", "~")]
        except (KeyError, TypeError) as error:
            raise WorkError(f"pipeline/schema.json: $ref {reference} names nothing") from error
        return found

    def faults(self, value: Any, schema: Any, path: Path = ()) -> list[Fault]:
        """Returns what is wrong with a value."""
        if isinstance(schema, bool):
            return [] if schema else [(path, f"given {given(value)}, nothing is allowed here")]
        unknown = sorted(set(schema) - KNOWN)
        if unknown:
            raise WorkError(
                f"pipeline/schema.json: unknown words: {', '.join(unknown)}: use others, json_schema.py lists them"
            )
        if "type" in schema:
            kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            wrong = [str(kind) for kind in kinds if kind not in TYPES]
            if wrong:
                raise WorkError(
                    f"pipeline/schema.json: unknown types: {', '.join(wrong)}: allowed are {', '.join(TYPES)}"
                )
            if not any(TYPES[kind](value) for kind in kinds):
                return [(path, self.refusal(value, schema, " or ".join(kinds)))]
        found = list(self.own(value, schema, path))
        if isinstance(value, dict):
            found += self.of_object(value, schema, path)
        if isinstance(value, list):
            found += self.of_list(value, schema, path)
        return found + list(self.composed(value, schema, path))

    def refusal(self, value: Any, schema: Any, allowed: str) -> str:
        """Returns what is said of a value: what is given and what is allowed, in the schema's words if it has some."""
        return f"given {given(value)}, allowed: {schema.get('description', allowed)}"

    def own(self, value: Any, schema: Any, path: Path) -> Iterator[Fault]:
        """Gives what is wrong with a value by itself."""
        if "enum" in schema and not any(same(value, each) for each in schema["enum"]):
            yield path, f"given {given(value)}, allowed: {', '.join(str(each) for each in schema['enum'])}"
        if "const" in schema and not same(value, schema["const"]):
            yield path, f"given {given(value)}, allowed: {given(schema['const'])}"
        for word, (kind, holds, says) in LIMITS.items():
            if word in schema and TYPES[kind](value) and not holds(value, schema[word]):
                limit = says.format(schema[word])
                yield path, self.refusal(value, schema if word == "pattern" else {}, limit)

    def of_object(self, value: dict[str, Any], schema: Any, path: Path) -> Iterator[Fault]:
        """Gives what is wrong with the keys of an object, and below them."""
        properties, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
        rest = schema.get("additionalProperties", True)
        needed = dict.fromkeys(schema.get("required", []), "")
        for key, others in schema.get("dependentRequired", {}).items():
            needed |= {other: f" beside {key}" for other in others if key in value}
        for key, beside in needed.items():
            if key not in value:
                yield (*path, key), f"missing{beside}: add it"
        for key, item in value.items():
            below = (*path, str(key))
            if "propertyNames" in schema:
                yield from self.faults(key, schema["propertyNames"], below)
            fitting = [properties[key]] if key in properties else []
            fitting += [each for pattern, each in patterns.items() if re.search(pattern, str(key))]
            if not fitting and rest is False:
                allowed = ", ".join(properties) or "no key"
                yield below, f"unknown key, allowed: {allowed}"
            for each in fitting or ([] if isinstance(rest, bool) else [rest]):
                yield from self.faults(item, each, below)

    def of_list(self, value: list[Any], schema: Any, path: Path) -> Iterator[Fault]:
        """Gives what is wrong with the items of a list."""
        seen: list[Any] = []
        for index, item in enumerate(value):
            below = (*path, index)
            if "items" in schema:
                yield from self.faults(item, schema["items"], below)
            if schema.get("uniqueItems") and any(same(item, each) for each in seen):
                yield below, f"given {given(item)} twice: remove one"
            seen.append(item)

    def composed(self, value: Any, schema: Any, path: Path) -> Iterator[Fault]:
        """Gives what is wrong by schemas that are made of others."""
        parts = [self.resolve(schema["$ref"])] if "$ref" in schema else []
        for part in parts + schema.get("allOf", []):
            yield from self.faults(value, part, path)
        if "if" in schema:
            branch = "else" if self.faults(value, schema["if"], path) else "then"
            yield from self.faults(value, schema.get(branch, True), path)
        for word in ("anyOf", "oneOf"):
            ways = [self.faults(value, way, path) for way in schema.get(word, [])]
            fits = sum(not way for way in ways)
            if ways and not fits and "description" in schema:
                yield path, self.refusal(value, schema, "")
            elif ways and not fits:
                yield from min(ways, key=len)  # what is nearest says most
            elif word == "oneOf" and fits > 1:
                yield path, self.refusal(value, schema, "one of several ways, and this is more than one")
        if "not" in schema and not self.faults(value, schema["not"], path):
            yield path, self.refusal(value, schema, "anything else")
