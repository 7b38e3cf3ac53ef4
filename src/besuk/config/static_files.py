"""Addresses of scripts and styles that change with their content, so that browsers may keep them for long."""

import hashlib
from functools import lru_cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage

DIGITS = 12


class VersionedFiles(StaticFilesStorage):
    """`/static/<name>?v=<start of the content's SHA-256>`: a family pays for a script once, not at every page.

    The name itself stays, so that nothing has to be collected or renamed before a site starts.
    """

    def url(self, name: str | None) -> str:
        """The address of a file; without a version when there is no such file."""
        return super().url(name) + version(name or "")


@lru_cache(maxsize=500)
def version(name: str) -> str:
    """Of a file as this process first saw it: what a running site serves does not change under it."""
    found = finders.find(name) if name else None
    if not isinstance(found, str) or not Path(found).is_file():
        return ""
    return "?v=" + hashlib.sha256(Path(found).read_bytes()).hexdigest()[:DIGITS]
