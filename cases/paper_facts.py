"""What papers beside the contract show of a case: objections, votes, money shared out, consents, what is on file.

In: a loaded case. Out: plain JSON values, only what is known, so that a paper changes with what it shows.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from sqlmodel import Session, select

from cases.loading import Loaded
from cases.tables import Company, Organization
from contracts.view import Party
from rules.identifiers import parse_application_number
from rules.text import fold
from states.approval_route import Row, rows
from states.approvers import Approvers

SECTIONS = ("objection", "rewards", "first_refusal", "end", "filing", "registration", "export", "company")
LISTS = {
    "receipts": ("receipts", "list"), "distributions": ("distributions", "list"), "consents": ("consents", "given"),
}  # fmt: skip


def paper_facts(loaded: Loaded) -> Mapping[str, Any]:
    """Return what the events have told, by the names that the papers use."""
    data = loaded.facts.data
    found: dict[str, Any] = {name: dict(data.sections[name]) for name in SECTIONS if data.has(name)}
    found |= {name: list(data.items(*where)) for name, where in LISTS.items()}
    found["decisions"] = [
        _decision(row)
        for row in rows(data, Approvers(), loaded.facts.data.day("approval", "submitted_on") or date.min)
        if row.decision
    ]
    found["amendments"] = [
        {"old_terms": one["old_terms"], "signed_on": one.get("signed_on")}
        for one in data.items("amendments", "list")[-1:]
    ]
    found["flags"] = {_shown(p.application_no): sorted(p.flags) for p in loaded.facts.patents if p.flags}
    found["statuses"] = {_shown(p.application_no): p.status for p in loaded.facts.patents}
    # One pass through JSON, so that a view made now equals one made from what the trail holds.
    told: Mapping[str, Any] = orjson.loads(
        orjson.dumps({name: value for name, value in found.items() if value})
    )
    return told


def _shown(number: str) -> str:
    return parse_application_number(number).display


def _decision(row: Row) -> dict[str, Any]:
    """Return a decision with what its body must have to decide."""
    told = dict(row.decision or {})
    body, present = row.body, told.get("present")
    committee = {
        "members": body.members, "quorum": body.quorum, "needed": body.needed(present) if present is not None else None,
    }  # fmt: skip
    return {
        **told,
        "body": row.body.zh,
        "is_committee": body.is_committee,
        **(committee if body.is_committee else {}),
    }


def co_owners(session: Session, org: Organization, loaded: Loaded) -> tuple[Party, ...]:
    """Return those who own a patent of the case with us, as the register of companies knows them by name."""
    names = {fold(owner) for patent in loaded.facts.patents for owner in patent.owners} - {fold(org.name)}
    if not names:
        return ()
    known = session.exec(select(Company).where(Company.org_id == org.id).order_by(Company.name)).all()
    return tuple(
        Party(
            row.name, row.uscc, row.address, row.legal_representative, row.contact, row.phone, row.email, row.bank,
            row.account, row.is_foreign, row.name_en, row.address_en,
        )
        for row in known
        if fold(row.name) in names
    )  # fmt: skip
