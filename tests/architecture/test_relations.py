"""Tables point the same way as imports: foreign keys go left and down, and nobody reads them backwards."""

import ast
from collections.abc import Iterator

from django.apps import apps
from django.db.models import ForeignObjectRel, Model
from django.db.models.fields.related import ForeignObject, ManyToManyField

from tests.architecture.source import Module, product, under

GROUND = ("kernel", "audit", "accounts", "facilities", "timetable")
BESIDE = ("media", "notices")
FLOW = ("approvals", "bookings", "checkin", "live", "oversight", "complaints", "proceedings", "recordings", "reports")
LOOKUPS = {
    "filter", "exclude", "get", "get_or_create", "update_or_create", "annotate", "values", "values_list", "Q", "F",
    "select_related", "prefetch_related", "order_by", "Prefetch", "only", "defer", "Count", "Exists",
}  # fmt: skip


def place(module: str) -> str:
    """`flow.live` of besuk.flow.live.models; the app's own name outside besuk."""
    parts = module.split(".")
    return ".".join(parts[1:3]) if parts[0] == "besuk" else parts[0]


def may_know(one: str, other: str) -> bool:
    """Whether `one` (flow.live) may refer to `other` (flow.bookings): the direction of imports."""
    if one == other or not other.startswith(("flow.", "ground.")):
        return not other.startswith("web")
    (kind, name), (other_kind, other_name) = one.split(".", 1), other.split(".", 1)
    if kind == "ground":
        return other_kind == "ground" and _ground_may_know(name, other_name)
    return other_kind == "ground" or FLOW.index(other_name) < FLOW.index(name)


def _ground_may_know(name: str, other: str) -> bool:
    if name in BESIDE:
        return other == "kernel"
    return other in BESIDE or GROUND.index(other) < GROUND.index(name)


def relations() -> Iterator[tuple[type[Model], str, type[Model], str | None]]:
    """(from, field, to, reverse name) of every relation between tables of besuk."""
    for model in apps.get_models(include_auto_created=False):
        if not model.__module__.startswith("besuk."):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignObject | ManyToManyField) and field.model is model:
                rel = field.remote_field
                assert isinstance(rel, ForeignObjectRel)
                yield model, field.name, field.related_model, None if rel.hidden else rel.get_accessor_name()


def used_backwards(tree: ast.AST, name: str) -> Iterator[int]:
    """Lines where a query in `tree` follows the reverse name `name`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called not in LOOKUPS:
            continue
        words = [word.arg for word in node.keywords if word.arg]
        words += [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if any(name in word.lstrip("-").split("__") for word in words):
            yield node.lineno


def test_every_relation_points_left_or_down() -> None:
    wrong = [
        f"{model._meta.label}.{field} -> {target._meta.label}"
        for model, field, target, _ in relations()
        if not may_know(place(model.__module__), place(target.__module__))
    ]
    assert not wrong, "\n".join(wrong)


def test_no_earlier_step_follows_a_later_steps_relation_backwards() -> None:
    wrong = []
    for model, field, target, reverse in relations():
        here = place(model.__module__)
        if reverse is None or here == place(target.__module__):
            continue
        for module in _blind_to(here):
            if _has_field(module, reverse):
                continue
            wrong += [f"{module.where}:{line} follows {reverse!r} ({model._meta.label}.{field})"
                      for line in used_backwards(module.tree, reverse)]  # fmt: skip
    assert not wrong, "\n".join(wrong)


def _blind_to(later: str) -> list[Module]:
    """Modules of steps that must not know `later`."""
    steps = [module for module in product() if under(module.name, "besuk.flow", "besuk.ground")]
    return [module for module in steps
            if module.name.count(".") >= 3 and not may_know(place(module.name), later)]  # fmt: skip


def _has_field(module: Module, name: str) -> bool:
    """Whether a table the module may know has a field of its own by that name."""
    here = place(module.name)
    known = (model for model in apps.get_models() if model.__module__.startswith("besuk."))
    return any(name == field.name for model in known if may_know(here, place(model.__module__))
               for field in model._meta.fields)  # fmt: skip


def test_the_order_itself() -> None:
    assert may_know("flow.live", "flow.bookings")
    assert not may_know("flow.bookings", "flow.live")
    assert not may_know("ground.audit", "ground.accounts")
    assert not may_know("ground.kernel", "flow.approvals")
    assert not may_know("ground.notices", "ground.accounts")
    assert may_know("ground.accounts", "auth")


def test_a_backward_lookup_would_be_found() -> None:
    assert list(used_backwards(ast.parse("Visit.objects.filter(call__state='live')"), "call"))
    assert list(used_backwards(ast.parse("rows.select_related('inmate', 'call')"), "call"))
    assert not list(used_backwards(ast.parse("rows.filter(recall=1)"), "call"))
