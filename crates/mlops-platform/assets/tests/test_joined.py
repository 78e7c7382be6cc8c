"""The handlers as texts: what a launched template shows and Lambda runs."""

import ast
import sys
import types

import pytest
from conftest import LAMBDA, joined

HANDLERS = (
    "deletion_guard",
    "empty_bucket",
    "model_monitor",
    "network_plan",
    "project_cleanup",
    "provided_templates",
    "release_copy",
    "studio_cleanup",
    "studio_storage",
)
FILES = ("cr_common", "project_ready_notify", "sm_tag", *HANDLERS)


def tree(file: str) -> ast.Module:
    return ast.parse((LAMBDA / f"{file}.py").read_text())


def functions(module: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)]


def defined(module: ast.Module) -> set[str]:
    """Names that a module defines at its top, imports not counted."""
    names = {node.name for node in module.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for node in module.body:
        if isinstance(node, ast.Assign):
            names |= {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return names


@pytest.mark.parametrize("handler", HANDLERS)
def test_fits_into_16_kib(handler):
    assert len(joined(handler).encode()) <= 16 * 1024


@pytest.mark.parametrize("handler", HANDLERS)
def test_runs_joined(handler, bench_of):
    module = types.ModuleType("index")
    exec(compile(joined(handler), "index.py", "exec"), module.__dict__)
    bench = bench_of(module)
    assert bench.fails("Create", {}).startswith("ValueError: bad properties: ")
    assert bench.succeeds("Delete", {}, "Tested/create-failed")


@pytest.mark.parametrize("file", FILES)
def test_any_yaml_block_holds_it(file):
    text = (LAMBDA / f"{file}.py").read_text()
    assert text.isascii()
    assert "\t" not in text
    assert "\r" not in text
    assert text.endswith("\n")
    assert all(line == line.rstrip() for line in text.split("\n"))


@pytest.mark.parametrize("handler", HANDLERS)
def test_no_name_is_defined_by_both(handler):
    assert not defined(tree("cr_common")) & defined(tree(handler))


@pytest.mark.parametrize("handler", HANDLERS)
def test_names_taken_from_common_are_there_and_used(handler):
    """The import is never run, so nothing else would notice a wrong one."""
    module = tree(handler)
    imports = [node for node in ast.walk(module) if isinstance(node, ast.ImportFrom) and node.module == "cr_common"]
    (taken,) = [{alias.name for alias in node.names} for node in imports]
    assert taken <= defined(tree("cr_common"))
    assert not [node for node in module.body if node in imports]


@pytest.mark.parametrize("file", FILES)
def test_needs_only_what_the_runtime_has(file):
    for node in ast.walk(tree(file)):
        names = [node.module] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in (name.split(".")[0] for name in names):
            assert name in sys.stdlib_module_names | {"boto3", "botocore", "cr_common"}


@pytest.mark.parametrize("file", FILES)
def test_functions_are_short(file):
    for function in functions(tree(file)):
        assert function.end_lineno - function.lineno < 40, function.name
