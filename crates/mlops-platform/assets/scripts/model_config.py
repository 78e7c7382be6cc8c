"""A project's `model_config.yaml`: read with the line of every value, and held against the project's own schema.

Invariant: every mistake is said at once, each with its line; a value is used only if there is none.
"""

from pathlib import Path
from typing import Any

import yaml
from common import WorkError

FILE = "model_config.yaml"
PLACEHOLDER = "s3://REPLACE-ME"  # what the seed's data begin with, until somebody says where they are

Lines = dict[tuple[str | int, ...], int]


class Reader(yaml.SafeLoader):
    """Reads values, notes their lines, and refuses a key that stands twice."""

    def __init__(self, stream: str) -> None:
        """Takes the text."""
        super().__init__(stream)
        self.lines: Lines = {}
        self.twice: list[str] = []

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node:
        """Refuses aliases, which could stand for themselves."""
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            line = event.start_mark.line + 1
            raise WorkError(f"{FILE}:{line}: aliases such as *{event.anchor} are not allowed: write the value out")
        return super().compose_node(parent, index)

    def note(self, node: yaml.Node, path: tuple[str | int, ...] = ()) -> None:
        """Notes the line of a value and of all that it holds."""
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.note(item, (*path, index))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                below = (*path, str(key.value))
                if below in self.lines:
                    first = f"it stands in line {self.lines[below]} already: remove one"
                    self.twice.append(f"{FILE}:{key.start_mark.line + 1}: {shown(below)}: {first}")
                self.note(value, below)
                self.lines[below] = key.start_mark.line + 1


def shown(path: tuple[str | int, ...]) -> str:
    """Returns a path as a person writes it."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the whole file"


def load(root: Path) -> tuple[dict[str, Any], Lines]:
    """Returns the configuration and the line of each of its values."""
    try:
        content = (root / FILE).read_text()
    except FileNotFoundError as error:
        raise WorkError(f"{FILE} is missing in the project's repository: restore it") from error
    try:
        reader = Reader(content)
        node = reader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise WorkError(f"{FILE}:1: the file holds no keys: restore it")
        reader.note(node)
        if reader.twice:
            raise WorkError("\n".join(reader.twice))
        return reader.construct_document(node), reader.lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise WorkError(f"{FILE}:{line}: this is no YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise WorkError(f"{FILE}: this is no YAML: {error}") from error


def is_placeholder(config: dict[str, Any]) -> bool:
    """Returns whether nobody has said yet where the data are."""
    value: Any = config
    for key in ("data_config", "inputs", "data"):
        value = value.get(key) if isinstance(value, dict) else None
    return isinstance(value, str) and value.startswith(PLACEHOLDER)


def line_of(lines: Lines, path: tuple[str | int, ...]) -> int:
    """Returns the line of a value, of what holds it if it is missing itself."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
