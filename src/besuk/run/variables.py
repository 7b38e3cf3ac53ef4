"""`BESUK_*` variables for the guard's process, which imports no Django: each also as `NAME_FILE`, a path to its value.

`besuk.config.env` reads the same for everybody else.
"""

import os
from pathlib import Path

from besuk.run.speak import Stop


def variable(name: str, default: str = "") -> str:
    """The value of `name`, or of the file that `name_FILE` points at. Raises Stop when that cannot be read."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name) or default
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise Stop(f"{name}_FILE cannot be read: {error.strerror}.", f"Check the path {path}.") from error
