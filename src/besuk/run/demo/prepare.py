"""`python -m besuk.run.demo.prepare`: migrate, seed once, set the visits to now, say who plays. Uses Django."""

import argparse
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

PREPARED = "prepared.json"


def main(arguments: list[str]) -> None:
    """Prepare the data folder that the environment names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--big", action="store_true")
    asked = parser.parse_args(arguments)
    django.setup()
    from django.conf import settings

    directory: Path = settings.BESUK_DATA_DIR
    _start_over_if_torn(directory)
    call_command("migrate", interactive=False, verbosity=0)
    _prepare(directory, big=asked.big)


def _start_over_if_torn(directory: Path) -> None:
    """A first start that was cut off leaves half a demo: it is cheaper to make it again."""
    torn = directory / "seeding"
    if torn.exists():
        for name in ("besuk.sqlite3", "besuk.sqlite3-wal", "besuk.sqlite3-shm", PREPARED):
            (directory / name).unlink(missing_ok=True)
    torn.touch()


def _prepare(directory: Path, *, big: bool) -> None:
    from besuk.ground.kernel import clock
    from besuk.ground.kernel.models import Facility
    from besuk.run.demo.seed import seed
    from besuk.run.demo.today import set_to_now
    from besuk.run.demo.windows import who_plays

    if not Facility.objects.exists():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                # Only while seeding, which starts over when it is cut off: a real site always waits for the disk.
                cursor.execute("PRAGMA synchronous=OFF")
        seed(clock.now())
        if big:
            from besuk.run.demo.big import seed_big

            seed_big(Facility.objects.order_by("pk")[0], now=clock.now() - timedelta(hours=1))
    (directory / "seeding").unlink()
    set_to_now(clock.now())
    told: dict[str, Any] = who_plays(clock.now())
    (directory / PREPARED).write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
