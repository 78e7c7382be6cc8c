"""The starting points for other frameworks: they can be read. They are not run: none is installed."""

import ast
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).resolve().parent.parent / "seedcode").glob("*/train.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.parent.name)
def test_scripts_can_be_read(script):
    module = ast.parse(script.read_text())
    assert ast.get_docstring(module)
    assert "main" in {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


def test_there_are_three():
    assert [script.parent.name for script in SCRIPTS] == ["huggingface", "tensorflow", "xgboost"]
