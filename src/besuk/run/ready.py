"""Whether Django can work as it is configured, asked before a process promises anything."""

import django
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from besuk.run.speak import NOT_CONFIGURED, Stop


def set_up_django() -> None:
    """Load settings and apps. Raises Stop when a setting cannot be read."""
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise Stop(f"{error}", "Correct that setting, then start again.", NOT_CONFIGURED) from error


def faults() -> list[str]:
    """Every error of the system checks as a sentence with its id and what to do."""
    set_up_django()
    serious = [one for one in checks.run_checks() if one.level >= checks.ERROR and not one.is_silenced()]
    return [f"{one.id}: {one.msg} {one.hint or ''}".strip() for one in serious]


def must_be_ready() -> None:
    """Raises Stop when a system check fails, the database is away, or it is not up to date."""
    told = faults()
    if told:
        raise Stop("\n       ".join(told), "", NOT_CONFIGURED)
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise Stop(f"the database cannot be opened: {error}", "Run `besuk setup` first.", NOT_CONFIGURED) from error
    finally:
        connections.close_all()
    if behind:
        what = f"the database is {len(behind)} steps behind this version."
        raise Stop(what, "Run `besuk migrate`.", NOT_CONFIGURED)


def migrate() -> str:
    """Make the data folder and bring the database up to date; returns what to tell."""
    from django.conf import settings

    told = faults()
    if told:
        raise Stop("\n       ".join(told), "", NOT_CONFIGURED)
    try:
        settings.BESUK_DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        call_command("migrate", interactive=False, verbosity=0)
    except OSError as error:
        raise Stop(f"{settings.BESUK_DATA_DIR}: {error.strerror}.", "Choose another BESUK_DATA_DIR.") from error
    except DatabaseError as error:
        raise Stop(f"the database refused: {error}".strip(), "Look at BESUK_DATABASE_URL.") from error
    return "The database is up to date."
