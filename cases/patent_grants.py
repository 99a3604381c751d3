"""What the cases of an institution grant on given patents. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlmodel import Session, col, select

from cases.conflicts import counted_as
from cases.tables import Case, CasePatent, Patent
from rules.grants import Grant
from states.facts import TermsFacts


@dataclass(frozen=True, slots=True)
class PatentGrant:
    """What a case that has not ended grants, or will grant, on a patent."""

    case_id: int
    application_no: str
    grant: Grant


def grants_on(session: Session, org_id: int, patent_ids: Sequence[int]) -> tuple[PatentGrant, ...]:
    """Return the grants of the institution's open cases on these patents, by case number."""
    query = (
        select(Case, Patent.application_no)
        .join(CasePatent, col(CasePatent.case_id) == col(Case.id))
        .join(Patent, col(Patent.id) == col(CasePatent.patent_id))
        .where(Case.org_id == org_id, col(Patent.id).in_(list(patent_ids)), Case.stage != "end")
        .where(~col(Case.state).contains(" duties_due "))
        .order_by(Case.number)
    )
    return tuple(
        PatentGrant(int(case.id or 0), number, grant)
        for case, number in session.exec(query)
        if (grant := _grant(case)) is not None
    )


def _grant(case: Case) -> Grant | None:
    act = counted_as(case.mode, case.state)
    if act is None:
        return None
    terms = TermsFacts.from_json(orjson.loads(case.terms_facts))
    signed = case.stage == "performance" or " signed " in f" {case.state} "
    return Grant(act, terms.start, terms.end, terms.territory, case.number, case.title, signed)
