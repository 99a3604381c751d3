"""Deals outside the cases as reports see them: each label recorded by hand is a deal of its own."""

from collections.abc import Iterator

from sqlmodel import Session, col, select

from cases.deals import CaseTold, Contract, Label, Party, deal_patent
from cases.feedback_tables import LabelRecord, LabelWithdrawal
from cases.tables import Patent

BY_HAND = "系统外成交"
EVENT = "label_record:"


def record_id_of(event: str) -> int | None:
    """Return which label recorded by hand a row of a batch is about; None for a row of a case."""
    return int(event.removeprefix(EVENT)) if event.startswith(EVENT) else None


def deals_by_hand(session: Session, org_id: int, patent_id: int | None = None) -> Iterator[CaseTold]:
    """Yield the labels recorded by hand that were not withdrawn, or those of one patent; such a deal has no case (id 0)."""
    withdrawn = select(LabelWithdrawal.label_record_id).where(
        LabelWithdrawal.org_id == org_id, col(LabelWithdrawal.label_record_id).is_not(None)
    )
    query = (
        select(LabelRecord, Patent)
        .join(Patent, col(Patent.id) == col(LabelRecord.patent_id))
        .where(LabelRecord.org_id == org_id, col(LabelRecord.id).not_in(withdrawn))
        .order_by(col(LabelRecord.on), col(LabelRecord.id))
    )
    if patent_id is not None:
        query = query.where(LabelRecord.patent_id == patent_id)
    for record, row in session.exec(query):
        patent, party = deal_patent(row), Party(record.party, record.party_uscc, is_foreign=False)
        contract = Contract(
            name=record.contract_no, party=party, signed_on=record.on, effective_on=None, amount_fen=0, start=None, end=None,
            filing_key="", filed_on=None, recorded_on=None, record_no="", registration_no="", registered_fen=None,
            technical_fen=None,
        )  # fmt: skip
        label = Label(
            record.label, record.on, record.evidence, f"{EVENT}{record.id}", f"feedback:{record.id}", record.due,
            record.reported_on, patent, int(record.id or 0),
        )  # fmt: skip
        yield CaseTold(
            0, "", BY_HAND, "", record.made_by, record.on, None, "", (contract,), (), (), (label,), (patent,)
        )
