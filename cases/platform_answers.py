"""What the platform says: its answers to what was fed back, and what a list taken from it shows. Both may be repeated.

Source: S0-16, S2-25, S3-24; the platform's own columns are not public (待核实)
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import select

from cases.feedback_tables import LabelRecord, LabelWithdrawal, PlatformAnswer, PlatformEntry
from cases.label_records import Keeping, Outcome, report_record, return_record


def put_answer(keeping: Keeping, patent_id: int, values: Mapping[str, Any], source: str) -> Outcome:
    """Keep an answer of the platform; labels recorded by hand follow it: accepted is told, returned is owed again.

    A case follows by its own steps: the comparison names those that do not stand as the platform says.

    Effects: writes platform_answer, label_record with its deadline, and the trail.
    """
    org_id, label, outcome = keeping.person.org_id, str(values["label"]), str(values["outcome"])
    day: date = values["answered_on"]
    told = {"number": str(values.get("number") or ""), "reason": str(values.get("reason") or "")}
    known = keeping.session.exec(
        select(PlatformAnswer).where(
            PlatformAnswer.org_id == org_id, PlatformAnswer.patent_id == patent_id, PlatformAnswer.label == label,
            PlatformAnswer.outcome == outcome, PlatformAnswer.answered_on == day,
        )
    ).first()  # fmt: skip
    if known is not None and (known.number, known.reason) == (told["number"], told["reason"]):
        return "same"
    row = known or PlatformAnswer(
        org_id=org_id,
        patent_id=patent_id,
        label=label,
        outcome=outcome,
        answered_on=day,
        created_at=keeping.now,
    )
    row.number, row.reason, row.source = told["number"], told["reason"], source
    keeping.session.add(row)
    keeping.session.flush()
    if known is None:
        _follow(keeping, row)
    return "added" if known is None else "changed"


def _follow(keeping: Keeping, answer: PlatformAnswer) -> None:
    """Let the labels recorded by hand of this patent and kind stand as the platform says."""
    for record in _records(keeping, answer):
        if answer.outcome == "accepted":
            report_record(keeping, int(record.id or 0), answer.answered_on, answer.number or "平台已采纳")
        elif record.reported_on is not None and record.reported_on <= answer.answered_on:
            return_record(keeping, record, answer.answered_on)


def _records(keeping: Keeping, answer: PlatformAnswer) -> list[LabelRecord]:
    withdrawn = select(LabelWithdrawal.label_record_id).where(LabelWithdrawal.org_id == answer.org_id)
    gone = set(keeping.session.exec(withdrawn))
    query = select(LabelRecord).where(
        LabelRecord.org_id == answer.org_id, LabelRecord.patent_id == answer.patent_id,
        LabelRecord.label == answer.label,
    )  # fmt: skip
    return [row for row in keeping.session.exec(query) if row.id not in gone]


def put_entry(keeping: Keeping, patent_id: int, values: Mapping[str, Any], source: str) -> Outcome:
    """Keep what a list taken from the platform shows of a patent; `source` tells which list it was.

    Effects: writes platform_entry.
    """
    org_id, label = keeping.person.org_id, str(values["label"])
    on: date | None = values.get("on")
    said = (on, str(values.get("party") or ""), str(values.get("number") or ""))
    known = keeping.session.exec(
        select(PlatformEntry).where(
            PlatformEntry.org_id == org_id, PlatformEntry.patent_id == patent_id, PlatformEntry.label == label
        )
    ).first()
    row = known or PlatformEntry(org_id=org_id, patent_id=patent_id, label=label, seen_at=keeping.now)
    is_same = known is not None and (row.on, row.party, row.number) == said
    row.on, row.party, row.number = said
    row.source, row.seen_at = source, keeping.now
    keeping.session.add(row)
    keeping.session.flush()
    return "same" if is_same else "added" if known is None else "changed"
