"""Demands that an enterprise states on the portal: written into the register of demands, owned by an officer."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from cases.companies import EDITORS
from cases.db import Database, cursor_of
from cases.demand_tables import Demand
from cases.demands import write_demand
from cases.enterprise_accounts import Visitor
from cases.enterprise_tables import PatentPush
from cases.errors import Conflict
from cases.scope import Author, Person
from cases.settings import SHANGHAI
from cases.tables import User
from cases.trail import hold_org

SOURCE = "企业门户"
SHOWN = 50


@dataclass(frozen=True, slots=True)
class _Steward(Person):
    """The officer who will own a demand; the trail names the enterprise that stated it."""

    stated_by: Author = Author(None, "")

    @property
    def author(self) -> Author:
        """The person of the enterprise."""
        return self.stated_by


@dataclass(frozen=True, slots=True)
class OwnDemand:
    """A demand as its enterprise sees it."""

    number: str
    title: str
    text: str
    status: str
    stated_at: datetime


def state_demand(db: Database, visitor: Visitor, title: str, text: str, *, now: datetime) -> int:
    """Keep a demand of the visitor's company, and return its id.

    Raises: Invalid with the fields; Conflict if the institution has no officer to own it.
    Effects: as `cases.demands.write_demand`.
    """
    today = now.astimezone(SHANGHAI).date()
    values = {"company_id": visitor.company_id, "title": title, "text": text, "source": SOURCE}
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, visitor.org_id)
        steward = _steward(session, visitor)
        return write_demand(session, cur, steward, values, None, today=today, now=now)


def _steward(session: Session, visitor: Visitor) -> _Steward:
    """Return who owns what the company states: the officer who pushed to it last, or else the first officer."""
    last = select(PatentPush.user_id).where(PatentPush.company_id == visitor.company_id)
    pusher = session.exec(last.order_by(col(PatentPush.id).desc()).limit(1)).first()
    able = select(User).where(User.org_id == visitor.org_id, col(User.active), col(User.role).in_(EDITORS))
    found = session.exec(able.where(User.id == pusher)).first()
    found = found or session.exec(able.order_by(col(User.role).desc(), col(User.id))).first()
    if found is None:
        raise Conflict("该单位暂无人受理需求，请稍后再试", "nobody can take the demand now")
    return _Steward(
        int(found.id or 0), found.org_id, found.login, found.name, found.role, stated_by=visitor.author
    )


def demands_for(session: Session, visitor: Visitor) -> tuple[OwnDemand, ...]:
    """Return what the company has stated on the portal itself, the newest first."""
    query = select(Demand).where(
        Demand.org_id == visitor.org_id, Demand.company_id == visitor.company_id, Demand.source == SOURCE
    )
    rows = session.exec(query.order_by(col(Demand.id).desc()).limit(SHOWN))
    return tuple(OwnDemand(row.number, row.title, row.text, row.status, row.created_at) for row in rows)
