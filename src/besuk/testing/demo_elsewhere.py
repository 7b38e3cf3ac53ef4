"""`python -m besuk.testing.demo_elsewhere PORT DIRECTORY DATABASE_URL`: the demo on another database, for tests."""

import sys
from pathlib import Path

from besuk.run.demo.start import Wanted, run_demo


def main() -> None:
    """Run it until Ctrl-C."""
    port, directory, database = sys.argv[1:]
    run_demo(Wanted(port=int(port), directory=Path(directory), database=database))


if __name__ == "__main__":
    main()
