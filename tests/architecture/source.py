"""The product's own source, read once: files, syntax trees, functions."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ROOT / "src" / "besuk"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: where it is, its dotted name, its tree."""

    path: Path
    tree: ast.Module

    @property
    def where(self) -> str:
        """The path from the root, as people read it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def name(self) -> str:
        """besuk.flow.live.rules"""
        return ".".join(self.path.relative_to(PRODUCT.parent).with_suffix("").parts).removesuffix(".__init__")

    @property
    def is_test(self) -> bool:
        """Whether this is a test or a test's fixture."""
        return "tests" in self.path.parts or self.path.name == "conftest.py"

    @property
    def is_product(self) -> bool:
        """Whether a running site uses it."""
        return not self.is_test and "testing" not in self.path.relative_to(PRODUCT).parts[:1]


def files() -> list[Path]:
    """Every file of the repository: tracked, or about to be (not ignored)."""
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    paths = (ROOT / name for name in told.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file under src/besuk, migrations left out."""
    paths = sorted(path for path in PRODUCT.rglob("*.py") if "migrations" not in path.parts)
    return tuple(Module(path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def product() -> list[Module]:
    """Every module that a running site uses."""
    return [module for module in modules() if module.is_product]


def functions(tree: ast.AST) -> Iterator[Function]:
    """Every function and method in `tree`, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything imported anywhere in `tree`; `from a import b` gives a.b."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def under(name: str, *tops: str) -> bool:
    """Whether dotted `name` is one of `tops` or below one."""
    return any(name == top or name.startswith(f"{top}.") for top in tops)
