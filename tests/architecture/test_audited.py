"""Every change is audited: each action that writes comes to `audit.record` or `audit.transition`, or says why not.

What this shows, by reading the source: from every public function in an `actions` module or package, following the
calls that can be resolved, whether it writes rows and whether it reaches the log. That entry and change are one
transaction is not shown here but enforced: `record` raises outside a unit of work and writes at the unit's end
(`ground/audit/tests`). What reading cannot show is that no branch leaves the log out; the tests of each action do.
"""

import ast
from collections.abc import Iterator
from functools import cache

from tests.architecture import source

LOG = {"besuk.ground.audit.actions.record", "besuk.ground.audit.actions.transition"}
WRITES = {"create", "bulk_create", "save", "update", "delete", "get_or_create", "update_or_create", "bulk_update"}
INSIDE = {
    "flow.bookings.actions.settle.settle": "what comes back is one with the outcome that gives it back",
    "flow.bookings.actions.settle.give_saved": "saved minutes are one with the admit that gives them",
    "flow.live.actions.witness.happened": "a line of the timeline is one with the act it tells of",
}
"""Parts of other actions: whoever calls them comes to the log. That is looked at, too."""

NOT_AUDITED = {
    "flow.checkin.actions.expect.expect": "empty rows of attendance; whatever fills them is audited",
    "flow.checkin.actions.device.save_device_test": "what a visitor's own device can do; decides nothing",
    "flow.live.actions.beats.save_beats": "figures of a line every five seconds; decide nothing",
    "flow.live.actions.report.report": "the media server's own reports: evidence on the timeline, kept raw beside it",
    "flow.live.actions.witness.witness": "what Besuk itself saw: the timeline is its record",
    "ground.accounts.actions.register_visitor.register_visitor": "belongs to no prison yet; the tie that follows is "
    "audited, and the row keeps when it was made",
    "ground.accounts.actions.second_factor.offer_authenticator": "not in force before its first code",
    "ground.accounts.actions.set_visitor_pin.set_visitor_language": "a person's own language",
    "ground.accounts.actions.sign_in_visitor.sign_in_visitor": "spends tries; a visitor belongs to no prison",
    "ground.accounts.actions.sign_in_visitor.who_knows": "spends tries; a visitor belongs to no prison",
    "ground.notices.actions.mark_read": "a person's own inbox",
    "ground.notices.actions.notify": "has a record of its own: the notice, its receipts and the outbox",
}
"""Actions that write without the log, and why that is right."""


@cache
def definitions() -> dict[str, source.Function]:
    """Every function of a module's top level by dotted name."""
    return {
        f"{module.name}.{node.name}": node
        for module in source.product()
        for node in module.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@cache
def names() -> dict[str, dict[str, str]]:
    """What each module calls things: its own functions, and what it imports, by their dotted names."""
    found: dict[str, dict[str, str]] = {}
    for module in source.product():
        own = {name.rpartition(".")[2]: name for name in definitions() if name.rpartition(".")[0] == module.name}
        found[module.name] = {**dict(_imports(module.tree)), **own}
    return found


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)


def resolved(name: str) -> str:
    """The function behind a dotted name, through packages that pass it on."""
    for _ in range(4):
        module, _, last = name.rpartition(".")
        if name in definitions() or module not in names() or last not in names()[module]:
            return name
        name = names()[module][last]
    return name


@cache
def mentioned(function: str) -> frozenset[str]:
    """Dotted names of everything this function calls or hands on (as to `partial`)."""
    known, found = names()[function.rpartition(".")[0]], set()
    for node in ast.walk(definitions()[function]):
        if isinstance(node, ast.Name) and node.id in known:
            found.add(resolved(known[node.id]))
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            found.add(resolved(f"{known[node.value.id]}.{node.attr}"))
    return frozenset(found)


@cache
def changes(function: str) -> bool:
    """Whether this function itself writes rows."""
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        for node in ast.walk(definitions()[function])
    )


@cache
def reached(action: str) -> frozenset[str]:
    """Every function that can be come to from here, this one among them."""
    seen, waiting = {action}, [action]
    while waiting:
        name = waiting.pop()
        if name in definitions() and name not in LOG:
            new = mentioned(name) - seen
            seen |= new
            waiting += new
    return frozenset(seen)


def writes(action: str) -> bool:
    """Whether rows are written on the way, leaving out what the log itself writes."""
    on_the_way = (name for name in reached(action) if name in definitions())
    return any(changes(name) for name in on_the_way if not source.under(name, "besuk.ground.audit"))


def callers(part: str) -> list[str]:
    """Every function of the product that calls `part` itself."""
    return [name for name in definitions() if part in mentioned(name)]


def actions() -> list[str]:
    """Every public function in an `actions` module or package."""
    return sorted(
        name
        for name in definitions()
        if "actions" in name.split(".")[:-1]
        and not name.rpartition(".")[2].startswith("_")
        and not source.under(name, "besuk.ground.audit")
    )


def unaudited() -> set[str]:
    return {name.removeprefix("besuk.") for name in actions() if writes(name) and not LOG & reached(name)}


def test_every_action_that_writes_comes_to_the_log() -> None:
    missing = unaudited() - set(NOT_AUDITED) - set(INSIDE)
    assert not missing, f"these change something and leave no mark: {sorted(missing)}"


def test_parts_of_actions_are_called_by_audited_ones_alone() -> None:
    wrong = [
        f"{caller} calls {part}"
        for part in INSIDE
        for caller in callers(f"besuk.{part}")
        if not LOG & reached(caller) and caller.removeprefix("besuk.") not in {*INSIDE, *NOT_AUDITED}
    ]
    assert not wrong, "\n".join(wrong)


def test_the_exceptions_are_still_some() -> None:
    over = {*NOT_AUDITED, *INSIDE} - unaudited()
    assert not over, f"these are audited by now, or gone: {sorted(over)}"


def test_the_reading_finds_what_it_should() -> None:
    """Else an empty answer would mean nothing."""
    written = [name for name in actions() if writes(name)]
    assert len(written) > 80
    assert sum(bool(LOG & reached(name)) for name in written) > 70
    assert not writes("besuk.flow.live.actions.enter.enter")
    assert callers("besuk.flow.live.actions.witness.happened")
