"""Every label of an institution's patents with its feedback: owed, told, answered, withdrawn; read only.

In: the labels of cases and those recorded by hand, the platform's answers and its last list. Out: frozen values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from sqlmodel import Session, col, select

from cases.deals import CaseTold, DealPatent, cases_told, deal_patent
from cases.feedback_tables import LabelRecord, LabelWithdrawal, PlatformAnswer, PlatformEntry
from cases.hand_deals import deals_by_hand
from cases.tables import Case, LabelEvent, Patent

STATES: Mapping[str, tuple[str, str]] = {
    "overdue": ("逾期未反馈", "overdue"),
    "owed": ("待反馈", "to feed back"),
    "returned": ("平台退回", "returned"),
    "reported": ("已反馈", "fed back"),
    "accepted": ("平台已采纳", "accepted"),
    "closed": ("结案未反馈", "closed without"),
    "withdrawn": ("已撤回", "withdrawn"),
}
OPEN = frozenset({"overdue", "owed", "returned"})


@dataclass(frozen=True, slots=True)
class Told:
    """One label of one patent. `case_id` is 0 where it was recorded by hand (`id` is then that record's)."""

    id: int
    patent: DealPatent
    label: str
    on: date
    party: str
    evidence: str
    case_id: int
    case_no: str
    due: date | None
    reported_on: date | None
    state: str
    why: str = ""
    answer: str = ""

    @property
    def by_hand(self) -> bool:
        """Whether it was recorded by hand."""
        return self.case_id == 0

    @property
    def key(self) -> tuple[int, str]:
        """What it is compared by: patent and label."""
        return self.patent.id, self.label

    def lag(self, today: date) -> int:
        """Days from the event to the feedback, or to today while it is owed."""
        return ((self.reported_on or today) - self.on).days


def all_told(session: Session, org_id: int, today: date) -> tuple[Told, ...]:
    """Return every label of the institution, the latest first; withdrawn ones too."""
    answers = last_answers(session, org_id)
    deals = chain(cases_told(session, org_id), deals_by_hand(session, org_id))
    found = [told for deal in deals for told in _of_deal(deal, answers, today)]
    found += _withdrawn_of_cases(session, org_id)
    found += _withdrawn_by_hand(session, org_id)
    return tuple(sorted(found, key=lambda one: (one.on, one.patent.number, one.label), reverse=True))


def told_of_patent(session: Session, org_id: int, patent_id: int, today: date) -> tuple[Told, ...]:
    """Return the labels of one patent, the latest first."""
    answers = last_answers(session, org_id, patent_id)
    query = select(LabelEvent.case_id).where(LabelEvent.org_id == org_id, LabelEvent.patent_id == patent_id)
    case_ids = sorted(set(session.exec(query)))
    deals = chain(
        cases_told(session, org_id, case_ids=case_ids) if case_ids else (),
        deals_by_hand(session, org_id, patent_id),
    )
    found = [told for deal in deals for told in _of_deal(deal, answers, today)]
    found += [*_withdrawn_of_cases(session, org_id), *_withdrawn_by_hand(session, org_id)]
    mine = (one for one in found if one.patent.id == patent_id)
    return tuple(sorted(mine, key=lambda one: (one.on, one.label), reverse=True))


def last_answers(
    session: Session, org_id: int, patent_id: int | None = None
) -> dict[tuple[int, str], PlatformAnswer]:
    """Return the platform's last answer by patent and label."""
    query = select(PlatformAnswer).where(PlatformAnswer.org_id == org_id)
    query = query if patent_id is None else query.where(PlatformAnswer.patent_id == patent_id)
    rows = session.exec(query.order_by(col(PlatformAnswer.answered_on), col(PlatformAnswer.id)))
    return {(row.patent_id, row.label): row for row in rows}


def answers_of_patent(session: Session, org_id: int, patent_id: int) -> tuple[PlatformAnswer, ...]:
    """Return all answers of the platform about a patent, the latest first."""
    query = select(PlatformAnswer).where(
        PlatformAnswer.org_id == org_id, PlatformAnswer.patent_id == patent_id
    )
    return tuple(session.exec(query.order_by(col(PlatformAnswer.answered_on).desc())))


@dataclass(frozen=True, slots=True)
class Shown:
    """What the platform shows of one of the institution's patents."""

    patent: DealPatent
    label: str
    on: date | None
    party: str
    number: str
    is_last: bool

    @property
    def key(self) -> tuple[int, str]:
        """What it is compared by: patent and label."""
        return self.patent.id, self.label


def platform_list(session: Session, org_id: int) -> tuple[Sequence[Shown], datetime | None]:
    """Return what the last list taken from the platform shows, and when it was taken in."""
    query = (
        select(PlatformEntry, Patent)
        .join(Patent, col(Patent.id) == col(PlatformEntry.patent_id))
        .where(PlatformEntry.org_id == org_id)
        .order_by(col(Patent.application_no), col(PlatformEntry.label))
    )
    rows = session.exec(query).all()
    newest = max((entry.seen_at for entry, _ in rows), default=None)
    shown = [
        Shown(deal_patent(row), entry.label, entry.on, entry.party, entry.number, entry.seen_at == newest)
        for entry, row in rows
    ]
    return shown, newest


def _of_deal(
    deal: CaseTold, answers: Mapping[tuple[int, str], PlatformAnswer], today: date
) -> Iterator[Told]:
    party = "；".join(contract.party.name for contract in deal.contracts if contract.party.name)
    for label in deal.labels:
        told = Told(
            label.id, label.patent, label.label, label.on, party, label.evidence, deal.id, deal.number, label.due,
            label.reported_on, "", "", "",
        )  # fmt: skip
        yield _judged(told, deal, answers.get(told.key), today)


def _judged(told: Told, deal: CaseTold, answer: PlatformAnswer | None, today: date) -> Told:
    """Return the label with where it stands: what the platform said last, else what the record says."""
    said = f"{answer.number}{answer.reason}" if answer else ""
    if answer and answer.outcome == "accepted":
        return replace(told, state="accepted", answer=said)
    if answer and not (told.reported_on and told.reported_on > answer.answered_on):
        return replace(told, state="returned", answer=said)
    if told.reported_on:
        return replace(told, state="reported", answer=said)
    if deal.closed_on:
        return replace(told, state="closed")
    return replace(told, state="overdue" if told.due and told.due < today else "owed")


def _withdrawn_of_cases(session: Session, org_id: int) -> Iterator[Told]:
    query = (
        select(LabelWithdrawal, LabelEvent, Case, Patent)
        .join(LabelEvent, col(LabelEvent.id) == col(LabelWithdrawal.label_event_id))
        .join(Case, col(Case.id) == col(LabelEvent.case_id))
        .join(Patent, col(Patent.id) == col(LabelEvent.patent_id))
        .where(LabelWithdrawal.org_id == org_id)
    )
    for gone, event, case, patent in session.exec(query):
        yield Told(
            int(event.id or 0), deal_patent(patent), event.label, event.on, "", event.evidence, int(case.id or 0),
            case.number, None, None, "withdrawn", f"{gone.made_by}：{gone.why}",
        )  # fmt: skip


def _withdrawn_by_hand(session: Session, org_id: int) -> Iterator[Told]:
    query = (
        select(LabelWithdrawal, LabelRecord, Patent)
        .join(LabelRecord, col(LabelRecord.id) == col(LabelWithdrawal.label_record_id))
        .join(Patent, col(Patent.id) == col(LabelRecord.patent_id))
        .where(LabelWithdrawal.org_id == org_id)
    )
    for gone, record, patent in session.exec(query):
        yield Told(
            int(record.id or 0), deal_patent(patent), record.label, record.on, record.party, record.evidence, 0, "",
            record.due, record.reported_on, "withdrawn", f"{gone.made_by}：{gone.why}",
        )  # fmt: skip
