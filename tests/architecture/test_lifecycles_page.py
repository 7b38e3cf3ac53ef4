"""docs/lifecycles.md shows the lifecycles that the code has."""

from tools import lifecycles


def test_the_page_is_fresh() -> None:
    assert lifecycles.PAGE.exists(), "make docs writes docs/lifecycles.md"
    assert lifecycles.PAGE.read_text(encoding="utf-8") == lifecycles.page(lifecycles.found()), "stale: run make docs"


def test_it_shows_every_lifecycle_of_the_flow() -> None:
    assert {one.lifecycle.name for one in lifecycles.found()} >= {"tie", "visit", "attendance", "call"}
