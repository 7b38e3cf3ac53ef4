"""Deny by default: every address of the site names the capability it needs."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver
from django.views.static import serve

from besuk.ground.accounts import capabilities

# Django's own views that need no word of ours: files, and the language switch (which changes a cookie).
WITHOUT = {"django.views.static", "django.views.i18n", "django.contrib.staticfiles.views"}


def views(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(address, pattern) of everything below `resolver`."""
    for entry in resolver.url_patterns:
        address = f"{before}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from views(entry, address)
        else:
            yield address, entry


def capability(pattern: URLPattern) -> str | None:
    """What the view says it needs (`besuk.web.shared.access.needs`)."""
    named: str | None = getattr(pattern.callback, "capability", None)
    return named


def test_every_address_names_a_capability() -> None:
    bare = [address for address, pattern in views(get_resolver())
            if pattern.callback.__module__ not in WITHOUT and not capability(pattern)]  # fmt: skip
    assert not bare, "no capability: " + ", ".join(bare)


def test_every_named_capability_exists() -> None:
    known = {value for name, value in vars(capabilities).items() if name.isupper() and isinstance(value, str)}
    for group in vars(capabilities).values():
        if isinstance(group, frozenset | set | tuple | dict):
            known |= {one for one in group if isinstance(one, str)}
    unknown = {f"{address}: {named}" for address, pattern in views(get_resolver())
               if (named := capability(pattern)) and named not in known}  # fmt: skip
    assert not unknown, "\n".join(sorted(unknown))


def test_there_is_no_second_address_for_a_page() -> None:
    addresses = [address for address, _ in views(get_resolver())]
    assert len(addresses) == len(set(addresses))


def test_a_view_without_a_capability_would_be_found() -> None:
    assert capability(URLPattern("", serve)) is None  # type: ignore[arg-type]
