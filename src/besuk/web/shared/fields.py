"""What forms say beside a field."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def unless_given(words: "StrOrPromise") -> dict[str, "StrOrPromise"]:
    """For a field left empty, or answered with a choice that does not exist: what to do, in place of a rule."""
    return {"required": words, "invalid_choice": words}
