"""Tables, migrations and the statements written by hand agree, on both databases."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import CheckConstraint, Column, TypeDecorator, inspect

from cases import (
    advance,
    bouncing,
    case_files,
    clauses,
    delivering,
    heartbeats,
    ladders,
    loading,
    opening,
    outbox,
    reminder_ledger,
    reminder_people,
    reminder_sending,
    reminders,
    runs,
    sending,
    subscriptions,
    terms,
    tokens,
    trail,
    writing,
)
from cases.db import Database, as_date
from cases.reminders import remind
from cases.schema import FOLDER, TABLES, current, differences, newest, rebuilding, upgrade
from tests.cases.dump import Dump, dump, execute
from tests.modes.story import walk
from tests.world import NOW, TODAY, World, settle

VERSIONS = sorted((Path(FOLDER) / "versions").glob("*.py"))
MODULES = (
    advance,
    bouncing,
    case_files,
    clauses,
    delivering,
    heartbeats,
    ladders,
    loading,
    opening,
    outbox,
    reminder_ledger,
    reminder_people,
    reminder_sending,
    reminders,
    runs,
    sending,
    subscriptions,
    terms,
    tokens,
    trail,
    writing,
)
# What the first schema held; every later table goes again on the way down.
FIRST_TABLES = {
    "api_token", "app_user", "case_patent", "company", "conversion_case", "deadline", "document", "draft",
    "idempotency_key", "import_run", "label_event", "message", "organization", "outbox", "patent", "reminder", "session",
    "sign_in_link", "trail",
}  # fmt: skip
BY_HAND = {
    f"{module.__name__.removeprefix('cases.')}.{name}": text
    for module in MODULES
    for name, text in vars(module).items()
    if not name.startswith("_")
    and isinstance(text, str)
    and re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE) ", text)
}
INSERTS = {
    name: found
    for name, text in BY_HAND.items()
    if (found := re.match(r"INSERT INTO (\w+) \((.+?)\) ", text))
}


def test_statements_by_hand_are_found() -> None:
    assert len(BY_HAND) >= 30
    assert {"writing.UPDATE_CASE", "loading.LOAD_CASE", "outbox.READY", "reminders.SWEEP"} <= set(BY_HAND)


@pytest.mark.parametrize("name", INSERTS)
def test_insert_by_hand_names_real_columns_and_all_required_ones(name: str) -> None:
    table = TABLES.tables[INSERTS[name].group(1)]
    named = [column.strip().strip('"') for column in INSERTS[name].group(2).split(",")]
    required = {column.name for column in table.columns if not column.nullable and not column.primary_key}
    assert len(named) == len(set(named))
    assert required <= set(named) <= set(table.columns.keys())


def test_deadlines_by_hand_fill_every_column_that_opening_knows() -> None:
    named = {column.strip() for column in writing.DEADLINE_COLUMNS.split(",")}
    assert set(TABLES.tables["deadline"].columns.keys()) - named == {"id", "closed_seq", "closed_on"}


def test_statements_by_hand_are_understood_by_both_databases(any_db: Database) -> None:
    """Every table and column in them exists: the database itself prepares them."""
    other = "_SQLITE" if any_db.postgres else "_POSTGRES"
    with any_db.cursor() as cur:
        for number, (name, text) in enumerate(BY_HAND.items()):
            if name.endswith(other):
                continue
            sql = text.replace(":ids", "(?, ?)")
            if any_db.postgres:
                places = iter(range(1, 100))
                placed = re.sub(r"[?]", lambda _, places=places: f"${next(places)}", sql)  # type: ignore[misc]
                cur.raw.execute(f"PREPARE by_hand_{number} AS {placed}")
            else:
                cur.all(f"EXPLAIN {sql}", *[None] * sql.count("?"))


def test_columns_of_updates_exist() -> None:
    for name, text in BY_HAND.items():
        if found := re.match(r"\s*UPDATE (\w+) SET (.+?)\s+WHERE", text, re.S):
            columns = [part.split("=")[0].strip() for part in found.group(2).split(",")]
            assert set(columns) <= set(TABLES.tables[found.group(1)].columns.keys()), name


def test_stored_forms_by_hand_are_read_by_the_tables(any_world: World) -> None:
    """What the bare cursor writes comes back through SQLModel as dates, aware timestamps and flags."""
    case_id = any_world.case()
    list(walk(any_world, case_id))
    rows = dump(any_world.db)
    for name in ("conversion_case", "trail", "deadline", "document", "outbox", "label_event"):
        types = [_python_type(column) for column in TABLES.tables[name].columns]
        assert rows[name], name
        for row in rows[name]:
            for value, expected in zip(row, types, strict=True):
                assert value is None or type(value) is expected, (name, value)
                assert not isinstance(value, datetime) or value.tzinfo is not None


def _python_type(column: Column[Any]) -> type:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return kind.python_type


def test_migrations_lead_to_the_tables(any_db: Database) -> None:
    assert differences(any_db) == []
    with any_db.engine.connect() as connection:
        assert current(connection) == newest() == VERSIONS[-1].name[:4]


def test_checks_and_partial_indexes_are_migrated_too(any_db: Database) -> None:
    """Autogenerate does not compare these, so they are compared here."""
    with any_db.engine.connect() as connection:
        found = inspect(connection)
        for table in TABLES.sorted_tables:
            expected = {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
            assert {check["name"] for check in found.get_check_constraints(table.name)} == expected
            kind = "postgresql" if any_db.postgres else "sqlite"
            partial = {
                index.name for index in table.indexes if index.dialect_options[kind]["where"] is not None
            }
            stored = {
                str(index["name"])
                for index in found.get_indexes(table.name)
                if f"{kind}_where" in index["dialect_options"]
            }
            assert stored == partial


def test_difference_is_found(any_db: Database) -> None:
    execute(any_db, "ALTER TABLE company ADD COLUMN nickname TEXT")
    assert [found[0] for found in differences(any_db)] == ["remove_column"]


def test_upgrade_is_repeatable_and_keeps_everything(any_world: World) -> None:
    list(walk(any_world, any_world.case(), until="post_publicity"))
    before = dump(any_world.db)
    upgrade(any_world.db)
    upgrade(any_world.db)
    assert dump(any_world.db) == before


def test_downgrades_lead_back_to_nothing_and_up_again(any_db: Database) -> None:
    assert _downgraded(any_db, "0001") == FIRST_TABLES
    execute(any_db, "DELETE FROM trail")  # the triggers are gone
    assert _downgraded(any_db, "base") == set()
    upgrade(any_db)
    assert differences(any_db) == []
    settle(any_db).case()


def _downgraded(db: Database, revision: str) -> set[str]:
    """Downgrade and return the tables that are left."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with db.engine.connect() as connection, rebuilding(connection):
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
        connection.commit()
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_a_record_in_use_goes_down_a_step_and_up_again(any_world: World) -> None:
    """Tables that others refer to are rebuilt on the way; every row and every reference stays."""
    list(walk(any_world, any_world.case(), until="take_effect"))
    with any_world.db.cursor() as cur:
        (due,) = cur.one("SELECT MIN(due) FROM deadline WHERE status = 'open'")
    remind(any_world.db, as_date(due) or TODAY, NOW, mail=False)
    before = dump(any_world.db)
    assert before["reminder"]
    _downgraded(any_world.db, "0002")
    upgrade(any_world.db)
    # A table of its own goes with its migration; the next reminders are laid out anew.
    assert _undated(dump(any_world.db)) == _undated(
        {**before, "clause_set": [], "delivery": [], "reminder_sweep": []}
    )
    list(walk(any_world, any_world.case(patents=2), until="post_publicity"))


def _undated(held: Dump) -> Dump:
    return {
        **held,
        "deadline": _without(held, "deadline", "next_on"),
        "reminder": _without(held, "reminder", "covered_by"),
    }


def _without(held: Dump, table: str, column: str) -> list[tuple[Any, ...]]:
    place = TABLES.tables[table].columns.keys().index(column)
    return [(*row[:place], *row[place + 1 :]) for row in held[table]]


def test_every_migration_can_go_back() -> None:
    numbers = range(1, len(VERSIONS) + 1)
    assert [path.name[:4] for path in VERSIONS] == [f"{number:04}" for number in numbers]
    assert all("def downgrade() -> None:" in path.read_text(encoding="utf-8") for path in VERSIONS)
