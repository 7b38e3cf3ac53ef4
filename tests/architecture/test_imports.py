"""What import-linter cannot see: purity of rules, who reads the clock, who knows LiveKit, lazy imports."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, imported, modules, product, under

PURE = {"rules", "lifecycle"}
IMPURE = ("django.db", "django.utils.timezone", "django.http", "besuk.ground.kernel.clock", "time", "random",
          "channels", "asyncio")  # fmt: skip
IMPURE_ENDINGS = (".models", ".queries", ".actions")

CLOCK_READS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "timezone.localdate",
    "timezone.localtime_now", "time.time", "time.time_ns", "time.monotonic", "time.monotonic_ns", "time.perf_counter",
    "functions.Now",
}  # fmt: skip
MAY_READ_TIME = {
    "besuk.ground.kernel.clock": "the one reader",
    "besuk.ground.media.server": "waits for a child process; runs without Django, in the guard's process",
    "besuk.ground.media.child": "waits for a child process",
    "besuk.run.guard": "imports nothing of the product's database side; its own leases end by its own clock",
    "besuk.run.demo.lan": "a certificate is valid by the browser's date, also when the demo plays another one",
    "besuk.run.tree": "watches child processes, in the guard's process",
}


def impure(tree: ast.AST) -> Iterator[str]:
    """Imports that a pure module may not have."""
    for line, name in imported(tree):
        module = name.rpartition(".")[0]
        if under(name, *IMPURE) or module.endswith(IMPURE_ENDINGS) or name.endswith(IMPURE_ENDINGS):
            yield f"{line}: {name}"


def clock_reads(tree: ast.AST) -> Iterator[str]:
    """Places in `tree` that read the machine's time, or hand on a function that does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if f"{owner}.{node.attr}" in CLOCK_READS:
                yield f"{node.lineno}: {owner}.{node.attr}"
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield f"{node.value.lineno}: {node.arg}"
    for line, name in imported(tree):
        if ".".join(name.split(".")[-2:]) in CLOCK_READS:
            yield f"{line}: import of {name}"


def top_level_imports(tree: ast.Module) -> Iterator[str]:
    """Modules imported as soon as the file is (an `if TYPE_CHECKING:` block is not)."""
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (name for _, name in imported(node))


def found(check: dict[str, list[str]]) -> str:
    """One line for each finding."""
    return "\n".join(f"{where}:{finding}" for where, findings in check.items() for finding in findings)


def over(wanted: list[Module]) -> dict[str, ast.Module]:
    """The modules by the path people read."""
    return {module.where: module.tree for module in wanted}


def test_rules_and_lifecycles_know_neither_database_nor_clock() -> None:
    pure = [module for module in product() if module.path.stem in PURE and "kernel" not in module.path.parts]
    assert pure
    broken = {where: list(impure(tree)) for where, tree in over(pure).items()}
    assert not found(broken), found(broken)


def test_only_the_kernels_clock_reads_time() -> None:
    others = [module for module in product() if module.name not in MAY_READ_TIME]
    broken = {where: list(clock_reads(tree)) for where, tree in over(others).items()}
    assert not found(broken), found(broken)


def test_only_the_media_ground_knows_livekit() -> None:
    broken = [
        f"{module.where}:{line} {name}"
        for module in product()
        if not under(module.name, "besuk.ground.media")
        for line, name in imported(module.tree)
        if under(name, "livekit") or under(name, "besuk.ground.media.livekit")
    ]
    allowed = {"besuk.run", "besuk.config"}
    wrong = [one for one in broken if not any(one.startswith(f"src/{top.replace('.', '/')}") and
             "besuk.ground.media.livekit" in one for top in allowed)]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_livekits_api_is_imported_by_one_file() -> None:
    users = {module.name for module in product() for _, name in imported(module.tree) if under(name, "livekit.api")}
    assert users <= {"besuk.ground.media.livekit"}


def test_no_product_code_imports_what_is_for_tests() -> None:
    broken = [f"{module.where}:{line} {name}" for module in product() for line, name in imported(module.tree)
              if under(name, "besuk.testing", "pytest", "hypothesis", "tests")]  # fmt: skip
    assert not broken, "\n".join(broken)


def test_the_command_line_starts_without_the_web() -> None:
    """The demo's own folder plays with pages and is loaded when a demo starts; everything else asks late."""
    runs = [module for module in product() if under(module.name, "besuk.run") and ".demo" not in module.name]
    broken = [f"{module.where}: {name}" for module in runs for name in top_level_imports(module.tree)
              if under(name, "besuk.web", "besuk.run.demo")]  # fmt: skip
    assert not broken, "\n".join(broken)


def test_the_guard_needs_no_django() -> None:
    guards = [module for module in modules() if module.name in {"besuk.run.guard", "besuk.run.tree"}]
    broken = [f"{module.where}:{line} {name}" for module in guards for line, name in imported(module.tree)
              if under(name, "django")]  # fmt: skip
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize("text", [
    "from django.db import models", "from django.utils import timezone", "from besuk.flow.bookings.models import Visit",
    "from besuk.ground.kernel import clock", "def f() -> None:\n    import time",
])  # fmt: skip
def test_an_impure_rule_would_be_found(text: str) -> None:
    assert list(impure(ast.parse(text)))


@pytest.mark.parametrize("text", [
    "datetime.now(UTC)", "d.datetime.utcnow()", "timezone.now()", "x = Field(default=timezone.now)", "time.time()",
    "from time import monotonic", "x = DateTimeField(auto_now_add=True)", "from django.db.models.functions import Now",
])  # fmt: skip
def test_a_hidden_clock_would_be_found(text: str) -> None:
    assert list(clock_reads(ast.parse(text)))


@pytest.mark.parametrize("text", ["clock.now()", "visit.now", "time.sleep(1)", "datetime(2026, 1, 1)", "timezone.utc"])
def test_an_innocent_line_is_let_through(text: str) -> None:
    assert not list(clock_reads(ast.parse(text)))
