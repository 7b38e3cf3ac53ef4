"""How the command line talks: plain lines, and mistakes as one sentence with what to do next. No Django."""

import sys

NOT_CONFIGURED = 78
"""Exit code (sysexits.h, EX_CONFIG) of a part that cannot work as it is configured: starting it again is no use."""


class Stop(Exception):
    """A mistake of whoever runs this: what is wrong, and what to do next."""

    def __init__(self, what: str, next_step: str = "", code: int = 2) -> None:
        super().__init__(what)
        self.what, self.next_step, self.code = what, next_step, code


def say(words: str = "") -> None:
    """One line to whoever sits at the terminal."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def complain(stop: Stop) -> None:
    """Tell a mistake on the error stream."""
    sys.stderr.write(f"besuk: {stop.what}\n")
    if stop.next_step:
        sys.stderr.write(f"       {stop.next_step}\n")
    sys.stderr.flush()
