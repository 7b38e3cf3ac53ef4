"""Set-up, step by step: `python3 -m tools.setup demo` or `... test`. Every step is skipped when it is done.

Needs nothing but Python's standard library; the Makefile calls it.
"""

import argparse
from collections.abc import Callable

from tools import build, debian, environment

Step = Callable[[], None]


def python_run() -> None:
    """Environment with what running needs."""
    environment.install_python(dev=False)


def python_dev() -> None:
    """Environment with what running, testing and checking need."""
    environment.install_python(dev=True)


DEMO: tuple[Step, ...] = (python_run, build.frontend, build.locale, build.media_server)
CHECK: tuple[Step, ...] = (python_dev, build.frontend, build.locale)
TEST: tuple[Step, ...] = (*CHECK, build.media_server, debian.packages_for_tests, build.load_generator)
BENCH = TEST

STEPS: dict[str, tuple[Step, ...]] = {
    "demo": DEMO,
    "check": CHECK,
    "test": TEST,
    "bench": BENCH,
    "venv": (environment.make_venv,),
    "python": (python_run,),
    "python-dev": (python_dev,),
    "node": (build.node_packages,),
    "frontend": (build.frontend,),
    "media": (build.media_server,),
    "load": (build.load_generator,),
    "locale": (build.locale,),
    "debian": (debian.packages_for_tests,),
}


def main() -> None:
    """Read the wanted part from the command line and do its steps in order."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.setup", description=__doc__)
    parser.add_argument("part", choices=sorted(STEPS), help="what to set up")
    for step in STEPS[parser.parse_args().part]:
        step()


if __name__ == "__main__":
    main()
