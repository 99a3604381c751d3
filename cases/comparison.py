"""Compares the conversion modes for chosen patents of an institution. Reads only; `states.comparing` answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from cases.db import Database, cursor_of
from cases.errors import Invalid, NotFound
from cases.loading import PATENT_COLUMNS, patent_facts
from cases.patent_grants import grants_on
from cases.rulebooks import book_of
from cases.scope import Person
from cases.tables import Organization
from rules.gates import PatentFacts
from states.comparing import Intention, Suited, suited
from states.facts import CaseData

MOST_PATENTS = 20
CHOSEN_PATENTS = f"SELECT {PATENT_COLUMNS} FROM patent p WHERE p.id IN :ids AND p.org_id = ? ORDER BY p.id"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Comparison:
    """The modes for these patents, on a day, with a partner from abroad or not."""

    patents: tuple[PatentFacts, ...]
    foreign_party: bool
    on: date
    modes: tuple[Suited, ...]


def compare(
    db: Database,
    session: Session,
    person: Person,
    patent_ids: Sequence[int],
    today: date,
    *,
    foreign_party: bool = False,
) -> Comparison:
    """Return what each conversion mode would mean for these patents.

    Raises: Invalid without patents or with too many; NotFound for a patent of another organization.
    """
    chosen = sorted(set(patent_ids))
    if not 1 <= len(chosen) <= MOST_PATENTS:
        reason = f"请选择1至{MOST_PATENTS}件专利"
        raise Invalid(reason, {"patent": reason}, f"choose 1 to {MOST_PATENTS} patents")
    rows = cursor_of(session, db.postgres).of_many(CHOSEN_PATENTS, chosen, person.org_id)
    if len(rows) != len(chosen):
        raise NotFound(
            "所选专利中有的不在本单位专利库中，请重新选择", "some patents are not in this organization"
        )
    patents = tuple(patent_facts(row, CaseData()) for row in rows)
    home = session.get_one(Organization, person.org_id)
    rivals = tuple(dict.fromkeys(found.grant for found in grants_on(session, person.org_id, chosen)))
    intention = Intention(patents, rivals, home.name, foreign_party, book_of(home.rule_layers), today)
    return Comparison(patents, foreign_party, today, suited(intention))
