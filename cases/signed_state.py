"""How a case stood when its contract was signed, or stands now if it is not: folded from the trail.

Reads only. What changes afterwards, by agreement or otherwise, does not change what the signature was on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from cases.tables import Document
from cases.trail import Entry


@dataclass(frozen=True, slots=True)
class Standing:
    """The entry of the signature, the hash that was approved, and the hashes of the terms, all as of then."""

    signature: Entry | None = None
    approved: str = ""
    hashes: Mapping[str, str] = field(default_factory=dict)


def standing(told: Sequence[Entry]) -> Standing:
    """Fold the entries of a case up to its signature; a signature that was taken back counts for nothing."""
    signature = _signature(told)
    approved = ""
    hashes: Mapping[str, str] = {}
    for entry in told:
        hashes = entry.body.get("hashes", hashes)
        facts = entry.body.get("facts", {})
        if "approval" in facts:
            approved = str((facts["approval"] or {}).get("hash") or "")
        if entry is signature:
            break
    return Standing(signature, approved, hashes)


def _signature(told: Sequence[Entry]) -> Entry | None:
    found = None
    for entry in told:
        facts = entry.body.get("facts", {})
        if "contract" in facts:
            is_signed = bool((facts["contract"] or {}).get("signed_on"))
            found = (found or entry) if is_signed else None
    return found


def contract_for(session: Session, case_id: int, stood: Standing) -> Document | None:
    """Return the contract that went to signature: the newest final one of those terms made before it was signed.

    One that was made by the record of the signature itself counts where there is no earlier one.
    """
    query = select(Document).where(
        Document.case_id == case_id, Document.kind == "contract", Document.status == "ready",
        col(Document.draft).is_(False), Document.terms_hash == stood.hashes.get("terms", ""),
    )  # fmt: skip
    rows = session.exec(query.order_by(col(Document.version).desc())).all()
    if stood.signature is None:
        return next(iter(rows), None)
    signed = stood.signature.seq
    before = [row for row in rows if row.requested_seq <= signed]
    return next((row for row in before if row.requested_seq < signed), None) or next(iter(before), None)
