"""What the cases of an organization have come to: contracts, filings, money in, rewards, feedback. Reports count these.

In: the stored cases, read once. Out: frozen values, by case number. What a mode keeps in its own way is made alike here:
every acceptance of an open license is a contract of its own, the shares of a contribution have their own rewards.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases.as_of import changed_since
from cases.feedback_tables import LabelWithdrawal
from cases.tables import Case, CasePatent, Company, Deadline, LabelEvent, Patent, User
from rules.patent_numbers import display_number
from states.catalog import mode_of
from states.facts import TermsFacts

CASH, SHARES = "cash", "shares"


@dataclass(frozen=True, slots=True)
class DealPatent:
    """A patent of a contract."""

    id: int
    number: str
    title: str
    kind: str
    owners: tuple[str, ...]
    college: str
    filing_date: date | None
    grant_date: date | None
    is_funded: bool

    @property
    def shown_no(self) -> str:
        """The number as people write it: that of the patent, or of the application before the grant."""
        return f"{'ZL' if self.grant_date else ''}{display_number(self.number)}"


@dataclass(frozen=True, slots=True)
class Party:
    """The other side, as the register of companies knows it."""

    name: str
    uscc: str
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Contract:
    """A signed contract, or an open license that somebody has taken. `amount_fen` is 0 where no sum is agreed.

    `filing_key` names the deadline of its filing at the office; `filed_on` is when it was submitted.
    """

    name: str
    party: Party
    signed_on: date
    effective_on: date | None
    amount_fen: int
    start: date | None
    end: date | None
    filing_key: str
    filed_on: date | None
    recorded_on: date | None
    record_no: str
    registration_no: str
    registered_fen: int | None
    technical_fen: int | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in."""

    number: int
    received_on: date
    amount_fen: int
    reference: str


@dataclass(frozen=True, slots=True)
class Reward:
    """What was shared out, in cash or in shares: to how many heads, never to whom."""

    number: int
    paid_on: date
    form: str
    gross_fen: int
    costs_fen: int
    net_fen: int
    reward_fen: int
    heads: int
    reference: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label of the platform that the patents of a case have earned, and whether it has been fed back.

    `event` is the step that records the feedback, `key` names its deadline; `reported_on` is empty while it is owed.
    """

    label: str
    on: date
    evidence: str
    event: str
    key: str
    due: date | None
    reported_on: date | None
    patent: DealPatent
    id: int = 0


@dataclass(frozen=True, slots=True)
class CaseTold:
    """One case with all that reports ask of it."""

    id: int
    number: str
    title: str
    mode: str
    officer: str
    opened_on: date
    closed_on: date | None
    price_method: str
    contracts: tuple[Contract, ...]
    receipts: tuple[Receipt, ...]
    rewards: tuple[Reward, ...]
    labels: tuple[Label, ...]
    patents: tuple[DealPatent, ...]

    def owed(self, day: date) -> tuple[Label, ...]:
        """Return the labels earned by a day that are not fed back; a closed case owes nothing any more."""
        return tuple(
            one for one in self.labels if one.on <= day and not one.reported_on and not self.closed_on
        )


def cases_told(
    session: Session,
    org_id: int,
    case_id: int | None = None,
    *,
    case_ids: Sequence[int] | None = None,
    as_of: date | None = None,
) -> Iterator[CaseTold]:
    """Yield the cases of an organization by number, or one or some of them.

    With `as_of`, mode and terms are those of the evening of that day; what happened has its own days.
    """
    only = case_ids if case_id is None else (case_id,)
    patents, labels = _patents(session, org_id, only), _labels(session, org_id, only)
    dues = _dues(session, org_id, only)
    then = changed_since(session, org_id, as_of) if as_of else {}
    query = (
        select(Case, Company, User.name)
        .join(User, col(User.id) == col(Case.officer_id))
        .join(Company, col(Company.id) == col(Case.company_id), isouter=True)
        .where(Case.org_id == org_id)
        .order_by(col(Case.number))
    )
    query = query if only is None else query.where(col(Case.id).in_(only))
    for case, company, officer in session.exec(query.execution_options(yield_per=200)):
        data, own = orjson.loads(case.data), patents.get(int(case.id or 0), ())
        mode, terms = then.get(int(case.id or 0)) or (
            case.mode,
            TermsFacts.from_json(orjson.loads(case.terms_facts)),
        )
        party = Party(company.name, company.uscc, company.is_foreign) if company else Party("", "", False)
        yield CaseTold(
            int(case.id or 0), case.number, case.title, mode, officer, case.opened_on, case.closed_on, terms.price_method,
            tuple(_contracts(mode, data, terms, party)), tuple(_receipts(data)), tuple(_rewards(data)),
            tuple(_labels_of(case, data, labels, dues)), own,
        )  # fmt: skip


def _contracts(mode: str, data: Mapping[str, Any], terms: TermsFacts, party: Party) -> Iterator[Contract]:
    told = data.get("contract", {})
    if mode == "open_license":
        yield from (_acceptance(one, told) for one in data.get("acceptances", {}).get("list", ()))
        return
    signed = _day(told, "signed_on")
    if signed is None:
        return
    filing, registration = data.get("filing", {}), data.get("registration", {})
    kind = mode_of(mode).filing
    yield Contract(
        told.get("contract_no", ""), party, signed, _day(told, "effective_on"), terms.amount_fen, terms.start, terms.end,
        kind.due[0] if kind and kind.due else "", _day(filing, "submitted_on"), _day(filing, "recorded_on"),
        filing.get("record_no", ""), registration.get("registration_no", ""), registration.get("total_fen"),
        registration.get("technical_fen"),
    )  # fmt: skip


def _acceptance(told: Mapping[str, Any], declared: Mapping[str, Any]) -> Contract:
    """Return the contract that came about when a company took the open license up."""
    filing, number = told.get("filing", {}), told["no"]
    effective = _day(told, "effective_on") or date.fromisoformat(told["notified_on"])
    return Contract(
        f"{declared.get('contract_no', '')}-{number}", Party(told["company"], told.get("uscc", ""), bool(told.get("foreign"))),
        effective, effective, told.get("amount_fen") or 0, _day(told, "start"), _day(told, "end"),
        f"acceptance_filing:{number}", _day(filing, "submitted_on"), _day(filing, "recorded_on"),
        filing.get("record_no", ""), "", None, None,
    )  # fmt: skip


def _receipts(data: Mapping[str, Any]) -> Iterator[Receipt]:
    for number, one in enumerate(data.get("receipts", {}).get("list", ()), 1):
        yield Receipt(
            number, date.fromisoformat(one["received_on"]), one["amount_fen"], one.get("reference", "")
        )


def _rewards(data: Mapping[str, Any]) -> Iterator[Reward]:
    number = 0
    for number, one in enumerate(data.get("distributions", {}).get("list", ()), 1):
        yield Reward(
            number, date.fromisoformat(one["paid_on"]), CASH, one["gross_fen"], one["gross_fen"] - one["net_fen"],
            one["net_fen"], one["reward_fen"], len(one["persons"]), one.get("reference", ""),
        )  # fmt: skip
    award = data.get("award", {})
    if granted := _day(award, "granted_on"):
        total = award["total_fen"]
        heads, reference = len(award["persons"]), award.get("reference", "")
        yield Reward(number + 1, granted, SHARES, 0, 0, 0, total, heads, reference)


def _labels_of(
    case: Case, data: Mapping[str, Any], labels: Mapping[int, Any], dues: Mapping[tuple[int, str], date]
) -> Iterator[Label]:
    """Yield the labels of a case; its patents with the owners that signed, whoever owns them since."""
    mode, case_id = mode_of(case.mode), int(case.id or 0)
    signed = {one["id"]: tuple(one["owners"]) for one in data.get("contract", {}).get("patents", ())}
    for row, patent in labels.get(case_id, ()):
        is_outcome = row.label == mode.outcome and "report_industrialization" in mode.steps
        event, section, key = _OUTCOME if is_outcome else _CONVERSION
        reported = _day(data.get(section) or {}, "reported_on")
        yield Label(
            row.label,
            row.on,
            row.evidence,
            event,
            key,
            dues.get((case_id, key)),
            reported,
            replace(patent, owners=signed.get(patent.id, patent.owners)),
            int(row.id or 0),
        )


_CONVERSION = ("report_feedback", "feedback", "feedback")
_OUTCOME = ("report_industrialization", "industrialization", "industrialization_feedback")


Only = Sequence[int] | None


def _patents(session: Session, org_id: int, only: Only) -> dict[int, tuple[DealPatent, ...]]:
    query = (
        select(CasePatent.case_id, Patent)
        .join(Patent, col(Patent.id) == col(CasePatent.patent_id))
        .where(CasePatent.org_id == org_id)
        .order_by(col(CasePatent.case_id), col(Patent.application_no))
    )
    query = query if only is None else query.where(col(CasePatent.case_id).in_(only))
    found: dict[int, tuple[DealPatent, ...]] = {}
    for case_id, patent in session.exec(query):
        found[case_id] = (*found.get(case_id, ()), deal_patent(patent))
    return found


def deal_patent(row: Patent) -> DealPatent:
    """Return a patent as reports name it."""
    funded = "state_funded" in orjson.loads(row.flags)
    owners = tuple(orjson.loads(row.owners))
    return DealPatent(
        int(row.id or 0),
        row.application_no,
        row.title,
        row.kind,
        owners,
        row.college,
        row.filing_date,
        row.grant_date,
        funded,
    )


def _labels(session: Session, org_id: int, only: Only) -> dict[int, list[tuple[LabelEvent, DealPatent]]]:
    withdrawn = select(LabelWithdrawal.label_event_id).where(
        LabelWithdrawal.org_id == org_id, col(LabelWithdrawal.label_event_id).is_not(None)
    )
    query = (
        select(LabelEvent, Patent)
        .join(Patent, col(Patent.id) == col(LabelEvent.patent_id))
        .where(LabelEvent.org_id == org_id, col(LabelEvent.id).not_in(withdrawn))
        .order_by(col(LabelEvent.on), col(LabelEvent.label), col(Patent.application_no))
    )
    query = query if only is None else query.where(col(LabelEvent.case_id).in_(only))
    found: dict[int, list[tuple[LabelEvent, DealPatent]]] = {}
    for row, patent in session.exec(query):
        found.setdefault(row.case_id, []).append((row, deal_patent(patent)))
    return found


def _dues(session: Session, org_id: int, only: Only) -> dict[tuple[int, str], date]:
    """Return by case and key when feedback is due, of the newest row of each key."""
    keys = (_CONVERSION[2], _OUTCOME[2])
    query = select(Deadline).where(Deadline.org_id == org_id, col(Deadline.key).in_(keys))
    query = query if only is None else query.where(col(Deadline.case_id).in_(only))
    rows = session.exec(query.order_by(col(Deadline.id)))
    return {(row.case_id, row.key): row.due for row in rows if row.case_id is not None}


def _day(section: Mapping[str, Any], name: str) -> date | None:
    value = section.get(name)
    return date.fromisoformat(value) if value else None
