"""Everything a database holds, so that a test can say that nothing changed; and ways around the triggers."""

from typing import Any

from cases.db import Database
from cases.schema import TABLES

Dump = dict[str, list[tuple[Any, ...]]]


def dump(db: Database, *but: str) -> Dump:
    """Return all rows of all tables, by table name, without the tables named."""
    with db.read() as session:
        return {
            table.name: [
                tuple(row)
                for row in session.connection().execute(table.select().order_by(*table.primary_key))
            ]
            for table in TABLES.sorted_tables
            if table.name not in but
        }


def execute(db: Database, *statements: str) -> None:
    """Run statements as somebody with the database in hand would."""
    with db.write() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)


def unlock_trail(db: Database) -> None:
    """Take the triggers away that keep the trail append-only."""
    where = " ON trail" if db.postgres else ""
    execute(db, f"DROP TRIGGER trail_no_UPDATE{where}", f"DROP TRIGGER trail_no_DELETE{where}")


def fail_on_insert(db: Database, table: str) -> None:
    """Make every insert into a table fail, with a trigger of the database itself."""
    if not db.postgres:
        execute(db, f"CREATE TRIGGER boom BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'boom'); END")
        return
    execute(
        db,
        "CREATE FUNCTION boom() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'boom'; END $$",
        f"CREATE TRIGGER boom BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION boom()",
    )
