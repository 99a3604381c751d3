"""How many contacts became contracts 对接签约率: a fact for the indicators.

A contact is a company and a patent that were brought together: by a match that was taken, a push, or a lead.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session

from cases.db import Database, cursor_of
from cases.settings import SHANGHAI

_CONTACTS = (
    "SELECT d.company_id, m.patent_id, m.at FROM demand_match m JOIN demand d ON d.id = m.demand_id "
    "WHERE m.org_id = ? AND m.decision = 'accepted' "
    "UNION ALL SELECT company_id, patent_id, pushed_at FROM patent_push WHERE org_id = ? "
    "UNION ALL SELECT company_id, patent_id, created_at FROM promotion_lead "
    "WHERE org_id = ? AND company_id IS NOT NULL AND patent_id IS NOT NULL"
)
_PAIRS = (
    "SELECT company_id, patent_id, min(at) FROM ("  # noqa: S608
    f"{_CONTACTS}) contact GROUP BY company_id, patent_id HAVING min(at) >= ? AND min(at) < ?"
)
_CASES = (
    "SELECT c.company_id, cp.patent_id, c.id, EXISTS (SELECT 1 FROM trail t WHERE t.case_id = c.id AND t.verb = 'sign') "
    "FROM conversion_case c JOIN case_patent cp ON cp.case_id = c.id WHERE c.org_id = ? AND c.company_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class ContactFigures:
    """Contacts first made in a time, and what came of them. `case_ids` are the cases behind the figures."""

    contacts: int
    cases: int
    signed: int
    case_ids: tuple[int, ...]

    @property
    def signed_percent(self) -> float | None:
        """The signed among the contacts, in percent; None without a contact."""
        return round(100 * self.signed / self.contacts, 1) if self.contacts else None


def contact_figures(db: Database, session: Session, org_id: int, start: date, end: date) -> ContactFigures:
    """Return what came of the contacts first made from `start` to `end`, both included (days in Shanghai)."""
    cur = cursor_of(session, db.postgres)
    first, last = (
        cur.moment(datetime.combine(day, at, SHANGHAI)) for day, at in ((start, time.min), (end, time.max))
    )
    pairs = {(row[0], row[1]) for row in cur.all(_PAIRS, org_id, org_id, org_id, first, last)}
    found = [(row[0], row[1], row[2], bool(row[3])) for row in cur.all(_CASES, org_id)]
    cases = [row for row in found if (row[0], row[1]) in pairs]
    opened = {(company, patent) for company, patent, _, _ in cases}
    signed = {(company, patent) for company, patent, _, is_signed in cases if is_signed}
    return ContactFigures(
        len(pairs), len(opened), len(signed), tuple(sorted({case for _, _, case, _ in cases}))
    )
