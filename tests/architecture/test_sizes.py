"""Small things stay readable: the budgets of files and functions."""

import ast
from pathlib import Path
from statistics import median

import pytest

from tests.architecture import source

DRAWERS = {"utils", "util", "helpers", "helper", "common", "base", "misc", "tools", "stuff"}
PRODUCT_LINES, TEST_LINES, TEMPLATE_LINES, TYPESCRIPT_LINES, README_LINES = 400, 500, 150, 300, 150


def lines(path: Path) -> int:
    """Lines of a text file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def budget(path: Path) -> int | None:
    """How many lines `path` may have; None when it has no budget."""
    if path.name == "README.md" and path.parent == source.ROOT:
        return README_LINES
    if "migrations" in path.parts:
        return None
    if path.suffix == ".py":
        is_test = "tests" in path.parts or path.name == "conftest.py"
        return TEST_LINES if is_test else PRODUCT_LINES
    return {".html": TEMPLATE_LINES, ".ts": TYPESCRIPT_LINES, ".mjs": TYPESCRIPT_LINES}.get(path.suffix)


def test_no_file_is_over_its_budget() -> None:
    over = [
        f"{path.relative_to(source.ROOT)}: {lines(path)} lines, at most {limit}"
        for path in source.files()
        if (limit := budget(path)) is not None and lines(path) > limit
    ]
    assert not over, "\n".join(over)


def test_no_function_is_over_sixty_lines() -> None:
    trees = [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in source.files()
             if path.suffix == ".py" and "migrations" not in path.parts]  # fmt: skip
    over = [
        f"{path.relative_to(source.ROOT)}:{function.lineno} {function.name}: {source.length(function)} lines"
        for path, tree in trees
        for function in source.functions(tree)
        if source.length(function) > 60
    ]
    assert not over, "\n".join(over)


def test_half_of_the_functions_have_at_most_ten_lines() -> None:
    sizes = [source.length(function) for module in source.product() for function in source.functions(module.tree)]
    assert median(sizes) <= 10


def test_no_drawer_collects_what_has_no_place() -> None:
    drawers = [module.where for module in source.modules()
               if module.path.stem in DRAWERS or module.path.parent.name in DRAWERS]  # fmt: skip
    assert not drawers, "name the file after what is in it: " + ", ".join(drawers)


@pytest.mark.parametrize(("name", "limit"), [
    ("src/besuk/flow/live/rules.py", 400), ("src/besuk/flow/live/tests/test_end.py", 500), ("README.md", 150),
    ("src/besuk/web/wall/templates/wall/wall.html", 150), ("frontend/pages/wall.ts", 300), ("docs/glossary.md", None),
])  # fmt: skip
def test_each_kind_of_file_has_its_own_budget(name: str, limit: int | None) -> None:
    assert budget(source.ROOT / name) == limit


def test_a_docstring_does_not_count_but_code_does() -> None:
    text = 'def f() -> int:\n    """One\n\n    two."""\n    return 1\n'
    assert source.length(next(source.functions(ast.parse(text)))) == 2
