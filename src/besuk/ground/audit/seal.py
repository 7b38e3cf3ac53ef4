"""The database itself refuses to change or delete log entries.

Triggers, so that also a person with a database shell must first take them away, which `besuk audit verify`
notices. A migration that rebuilds one of these tables on SQLite drops its triggers: it must end with `seal`.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("audit_entry", "audit_transition")
REFUSAL = "log entries can be neither changed nor deleted"


def seal(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; harmless when they are."""
    _run(connection, _postgres_on() if connection.vendor == "postgresql" else _sqlite_on())


def unseal(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: only for tests that empty the database."""
    _run(connection, _postgres_off() if connection.vendor == "postgresql" else _sqlite_off())


def is_sealed(connection: BaseDatabaseWrapper) -> bool:
    """Whether every trigger is in place."""
    if connection.vendor == "postgresql":
        found = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'audit%%sealed%%' AND tgenabled <> 'D'"
    else:
        found = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%%sealed%%'"
    with connection.cursor() as cursor:
        cursor.execute(found, [])
        return int(cursor.fetchone()[0]) == 2 * len(TABLES)


def seal_forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """For migrations."""
    seal(editor.connection)


def seal_backwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """For migrations."""
    unseal(editor.connection)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for one in statements:
            cursor.execute(one)


def _sqlite_on() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_sealed_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for table in TABLES
        for act in ("UPDATE", "DELETE")
    ]


def _sqlite_off() -> list[str]:
    return [f"DROP TRIGGER IF EXISTS {table}_sealed_{act}" for table in TABLES for act in ("update", "delete")]


def _postgres_on() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION audit_sealed() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
    )
    made = [function]
    for table in TABLES:
        rows = f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_sealed()"
        whole = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_sealed()"
        made.append(f"CREATE OR REPLACE TRIGGER {table}_sealed_rows {rows}")
        # PostgreSQL replaces row triggers; a statement trigger can be replaced likewise since 14.
        made.append(f"CREATE OR REPLACE TRIGGER {table}_sealed_whole {whole}")
    return made


def _postgres_off() -> list[str]:
    return [
        f"DROP TRIGGER IF EXISTS {table}_sealed_{what} ON {table}" for table in TABLES for what in ("rows", "whole")
    ]
