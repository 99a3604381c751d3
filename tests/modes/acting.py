"""Single steps beside the story, and what the record then holds."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import orjson
from sqlmodel import col, select

from cases.advance import Advanced, Refused, advance
from cases.tables import Case, Company, Deadline, Patent
from states.catalog import MODES
from tests.world import TODAY, World


def day(number: int) -> date:
    """The legal day so many days after the opening."""
    return TODAY + timedelta(days=number)


def _roles(event: str) -> frozenset[str]:
    return next(mode.steps[event].roles for mode in MODES.values() if event in mode.steps)


def act(world: World, case_id: int, event: str, number: int, role: str = "", **payload: Any) -> Advanced:
    """Take one step on a day, in a role that may take it unless one is named."""
    who = world.person(role or min(_roles(event) - {"administrator"}))
    given = {name: value.isoformat() if isinstance(value, date) else value for name, value in payload.items()}
    now = datetime.combine(day(number), time(3, tzinfo=UTC))
    return advance(world.db, case_id, event, who, given, expected_version=None, today=day(number), now=now)


def refusal(world: World, case_id: int, event: str, number: int, **payload: Any) -> list[str]:
    """Take a step that must be refused, and return the codes of what is unmet."""
    try:
        act(world, case_id, event, number, **payload)
    except Refused as refused:
        return [unmet.code for unmet in refused.unmet]
    raise AssertionError(f"{event} was not refused")


def open_deadlines(world: World, case_id: int) -> dict[str, str]:
    """The open deadlines by key."""
    with world.db.read() as session:
        query = select(Deadline).where(Deadline.case_id == case_id, Deadline.status == "open")
        return {
            row.key: row.due.isoformat()
            for row in session.exec(query.order_by(col(Deadline.due), col(Deadline.id)))
        }


def case_row(world: World, case_id: int) -> Case:
    """The stored case."""
    with world.db.read() as session:
        found = session.get(Case, case_id)
        assert found is not None
        session.expunge(found)
        return found


def case_data(world: World, case_id: int) -> Mapping[str, Any]:
    """What the events have established."""
    return dict(orjson.loads(case_row(world, case_id).data))


def change_patent(world: World, number: int = 0, **values: Any) -> None:
    """Change a patent of the world, as an import would."""
    with world.db.write() as session:
        patent = session.get(Patent, world.patent_ids[number])
        assert patent is not None
        for name, value in values.items():
            setattr(patent, name, value)


def make_foreign(world: World) -> None:
    """Make the counterparty a foreign one."""
    with world.db.write() as session:
        company = session.get(Company, world.company_id)
        assert company is not None
        company.is_foreign, company.uscc = True, ""
