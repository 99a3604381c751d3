"""Looks up what a step names: a person, a patent, another mode, another case; and what its terms come to.

In: a loaded case and the checked payload. Out: the case with those facts, ready for the decision, and new terms if the
step brings any. Decides nothing; the same for doing a step and for supposing it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson

from cases.approvers import is_deciding, with_approvers
from cases.clauses import PINNING, wording_of
from cases.db import Cursor
from cases.errors import Invalid
from cases.loading import PATENT_COLUMNS, Loaded, load, patent_facts
from cases.terms import StoredTerms, shared_terms, terms_facts
from contracts.agreements.changes import amended, changes_between, fields_named
from states.acceptance_payloads import RecordAcceptance
from states.amendment_payloads import ProposeAmendment, ProposeExtension, SignAmendment
from states.amendments import PROPOSED, terms_proposed
from states.change_payloads import JoinCase, SwitchMode
from states.facts import Actor, CompanyFacts, Handover, Joining, Proposal, Switch, TermsFacts
from states.payload_fields import Payload
from states.payloads import AddPatent, EditTerms, Reassign, plain_number
from states.versions import SHIPPED

FIND_PATENT = f"SELECT {PATENT_COLUMNS} FROM patent p WHERE p.org_id = ? AND p.application_no = ?"  # noqa: S608
FIND_PEOPLE = (
    "SELECT id, name, role, login FROM app_user WHERE org_id = ? AND active AND (login = ? OR name = ?)"
)
OFFICER_NAME = "SELECT name FROM app_user WHERE id = ?"
TERMS = "SELECT terms FROM conversion_case WHERE id = ?"
COMPANY = "SELECT company_id FROM conversion_case WHERE id = ?"
FIND_COMPANY = (
    "SELECT id, name, uscc, address, is_foreign FROM company WHERE org_id = ? AND (name = ? OR uscc = ?) "
    "ORDER BY id"
)
FIND_CASE = "SELECT id FROM conversion_case WHERE org_id = ? AND number = ?"


def asked(
    cur: Cursor, case: Loaded, payload: Payload, *, lock: bool = False
) -> tuple[Loaded, StoredTerms | None]:
    """Return the case as the step's decision shall see it, and the terms that the step brings.

    Raises: Invalid naming every field of the terms that is wrong.
    """
    if isinstance(payload, EditTerms):
        return with_new(case, terms := terms_facts(case.mode.slug, payload.terms, case.facts.patents)), terms
    if isinstance(payload, ProposeAmendment | ProposeExtension):
        return _knowing(case, proposal=_proposal(cur, case, payload)), None
    if isinstance(payload, SignAmendment):
        found = case.facts.data.sections.get(PROPOSED)
        return case, StoredTerms(found["new_terms"], terms_proposed(found)) if found else None
    if isinstance(payload, SwitchMode):
        return _switching(cur, case, payload)
    if isinstance(payload, Reassign):
        (name,) = cur.one(OFFICER_NAME, case.facts.officer_id)
        return _knowing(case, handover=Handover(name, _successor(cur, case.org_id, payload.officer))), None
    if type(payload) is AddPatent:
        row = cur.one(FIND_PATENT, case.org_id, plain_number(payload.patent))
        return _knowing(case, asked=patent_facts(row, case.facts.data) if row else None), None
    if isinstance(payload, JoinCase):
        return _knowing(case, joining=_other(cur, case, payload, lock=lock)), None
    if isinstance(payload, RecordAcceptance):
        return _knowing(case, company=_company(cur, case.org_id, payload.company)), None
    if isinstance(payload, PINNING):
        return _knowing(case, wording=wording_of(cur, case, payload)), None
    return (with_approvers(cur, case) if is_deciding(payload) else case), None


def with_new(case: Loaded, terms: StoredTerms) -> Loaded:
    """Return the case as it would be with new terms."""
    return _knowing(case, terms=terms.facts)


def _knowing(case: Loaded, **facts: Any) -> Loaded:
    return replace(case, facts=replace(case.facts, **facts))


def stored_terms(cur: Cursor, case_id: int) -> Mapping[str, Any]:
    """Return the terms of a case as the record keeps them."""
    (stored,) = cur.one(TERMS, case_id)
    return dict(orjson.loads(stored))


def _switching(cur: Cursor, case: Loaded, payload: SwitchMode) -> tuple[Loaded, StoredTerms | None]:
    """Look the other mode up, and see which terms it shares; kept as a draft if they are not all that it asks for."""
    mode = SHIPPED.newest.get(payload.mode)
    if mode is None or mode.slug == case.mode.slug:
        return case, None
    shared, lost, whole = shared_terms(
        case.mode.slug, mode.slug, stored_terms(cur, case.id), case.facts.patents
    )
    terms = whole or StoredTerms({}, TermsFacts())
    switch = Switch(mode, {} if whole else shared, lost)
    return _knowing(case, switch=switch), terms


def _proposal(cur: Cursor, case: Loaded, payload: ProposeAmendment | ProposeExtension) -> Proposal:
    """Return the terms in force with what shall change, and what that is.

    Raises: Invalid naming every field of the new terms that is wrong.
    """
    old = stored_terms(cur, case.id)
    wanted = (
        _wanted(case.mode.slug, payload) if isinstance(payload, ProposeAmendment) else _longer(old, payload)
    )
    new = terms_facts(case.mode.slug, amended(old, wanted), case.facts.patents)
    changes = changes_between(case.mode.slug, old, new.stored)
    return Proposal(new.facts, old, new.stored, tuple(change.as_json() for change in changes))


def _wanted(mode: str, payload: ProposeAmendment) -> Mapping[str, Any]:
    """Return the new values by field.

    Raises: Invalid naming what is no field of the terms.
    """
    found, unknown = fields_named(mode, payload.changes)
    if unknown:
        named = "、".join(unknown)
        raise Invalid(
            f"商务条款中没有这些项目：{named}",
            {"changes": f"没有名为“{named}”的项目，请按“商务条款”中的名称填写"},
            f"no such fields: {named}",
        )
    return found


def _longer(old: Mapping[str, Any], payload: ProposeExtension) -> dict[str, Any]:
    return {"end": payload.new_end.isoformat()} if old.get("end") else {}


def _other(cur: Cursor, case: Loaded, payload: JoinCase, *, lock: bool) -> Joining | None:
    row = cur.one(FIND_CASE, case.org_id, payload.case.strip().upper())
    if row is None:
        return None
    other = load(cur, row[0], case.org_id, lock=lock)
    (ours,), (theirs,) = cur.one(COMPANY, case.id), cur.one(COMPANY, other.id)
    return Joining(
        other.id, other.facts.case_no, other.mode.slug, ours == theirs, other.mode.chart.stage(other.position),
        "signed" in other.position, other.facts.patents,
    )  # fmt: skip


def _company(cur: Cursor, org_id: int, typed: str) -> CompanyFacts | None:
    """Return the company with that code, or the only one with that name."""
    found = cur.all(FIND_COMPANY, org_id, typed, typed.upper())
    found = [row for row in found if row[2] == typed.upper()] or found
    if len(found) != 1:
        return None
    id_, name, uscc, address, foreign = found[0]
    return CompanyFacts(id_, name, uscc, address, bool(foreign))


def _successor(cur: Cursor, org_id: int, typed: str) -> Actor | None:
    """Return the person with that login, or the only one with that name."""
    found = cur.all(FIND_PEOPLE, org_id, typed, typed)
    found = [row for row in found if row[3] == typed] or found
    return Actor(*found[0][:3]) if len(found) == 1 else None
