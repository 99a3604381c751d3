"""How runs of the ledger stand, for those who look after the engine that runs them."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from cases.processes import is_gone
from cases.run_table import FlowRun
from cases.tables import Organization


def states_of(session: Session, run_ids: Sequence[str], now: datetime) -> dict[str, str]:
    """Return the state of the moment of those of these runs that the ledger knows; a silent run is lost."""
    rows = session.exec(select(FlowRun).where(col(FlowRun.id).in_(run_ids)))
    return {row.id: _state(row, now) for row in rows}


def states_since(session: Session, flow: str, since: datetime, now: datetime) -> tuple[str, ...]:
    """Return the states of the moment of a flow's runs that began at a moment or later."""
    query = select(FlowRun).where(FlowRun.flow == flow, FlowRun.started_at >= since)
    return tuple(_state(row, now) for row in session.exec(query.order_by(col(FlowRun.started_at))))


def first_founded(session: Session) -> datetime | None:
    """Return when the first institution was founded: what was due before that has not been missed."""
    return session.exec(select(func.min(Organization.created_at))).one()


def _state(row: FlowRun, now: datetime) -> str:
    silent = row.state == "running" and (row.alive_until <= now or is_gone(row.host))
    return "lost" if silent else row.state
