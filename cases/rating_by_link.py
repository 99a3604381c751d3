"""What the holder of a link may see and do: their own patents in one campaign; look, keep half-filled, submit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from cases.db import Cursor, Database, as_date
from cases.errors import Invalid, NotFound
from cases.rating_links import Holder
from cases.stocktake_answers import COPIED, loaded, read_answers, stored
from cases.stocktake_steps import Deed, do_step
from cases.trail import hold_org
from states.stocktaking import Asked

TO_RATE = ("waiting", "returned")
MOST = 500
OWN = (
    "SELECT i.id, i.state, i.version, i.answers, i.draft, p.title, p.application_no, p.kind, p.grant_date, p.status, "
    "(SELECT e.why FROM stocktake_event e WHERE e.item_id = i.id AND e.step = 'send_back' ORDER BY e.id DESC LIMIT 1) "
    "FROM stocktake_item i JOIN patent p ON p.id = i.patent_id "
    "WHERE i.stocktake_id = ? AND i.inventor_id = ? AND i.org_id = ? {} ORDER BY i.priority, i.id LIMIT ?"
)
KEEP = (
    "UPDATE stocktake_item SET draft = ? WHERE id = ? AND stocktake_id = ? AND inventor_id = ? AND org_id = ? "
    "AND state IN ('waiting', 'returned', 'rated')"
)
LAST = (
    "SELECT answers FROM stocktake_item WHERE stocktake_id = ? AND inventor_id = ? AND org_id = ? AND id <> ? "
    "AND rated_at IS NOT NULL ORDER BY rated_at DESC, id DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class OwnItem:
    """One of the holder's patents. `typed` is what was kept half-filled, or else what was submitted; `why` a send-back's."""

    id: int
    state: str
    version: int
    typed: Mapping[str, Any]
    has_draft: bool
    title: str
    application_no: str
    kind: str
    grant_date: date | None
    status: str
    why: str

    @property
    def to_rate(self) -> bool:
        """Say whether it waits for the inventor."""
        return self.state in TO_RATE


def own_items(db: Database, holder: Holder) -> tuple[OwnItem, ...]:
    """Return the holder's patents in the campaign, the most important first."""
    with db.looking() as cur:
        rows = cur.all(OWN.format(""), holder.stocktake_id, holder.inventor_id, holder.org_id, MOST)
    return tuple(_item(row) for row in rows)


def own_item(db: Database, holder: Holder, item_id: int) -> OwnItem:
    """Return one of the holder's patents.

    Raises: NotFound for whatever is not theirs.
    """
    with db.looking() as cur:
        row = cur.one(
            OWN.format("AND i.id = ?"), holder.stocktake_id, holder.inventor_id, holder.org_id, item_id, 1
        )
    if row is None:
        raise NotFound("没有找到该专利，请从您的专利清单重新打开", "no such patent")
    return _item(row)


def _item(row: Any) -> OwnItem:
    id_, state, version, answers, draft, title, number, kind, granted, status, why = row
    half = loaded(draft)
    back = why or "" if state == "returned" else ""
    return OwnItem(
        id_,
        state,
        version,
        half or loaded(answers),
        bool(half),
        title,
        number,
        kind,
        as_date(granted),
        status,
        back,
    )


def as_the_last(db: Database, holder: Holder, item_id: int) -> Mapping[str, Any]:
    """Return what can be taken over from the rating that the holder submitted last; nothing if there is none."""
    with db.looking() as cur:
        row = cur.one(LAST, holder.stocktake_id, holder.inventor_id, holder.org_id, item_id)
    told = loaded(row[0]) if row else {}
    return {name: told[name] for name in COPIED if name in told}


def keep_half(db: Database, holder: Holder, item_id: int, values: Mapping[str, object]) -> None:
    """Keep what was typed so far, also when it is wrong or incomplete.

    Raises: NotFound for whatever is not the holder's.
    Effects: writes the item's draft; its version and state stay.
    """
    half = _typed(values)
    with db.cursor() as cur:
        cur.run(KEEP, stored(half), item_id, holder.stocktake_id, holder.inventor_id, holder.org_id)
        if not cur.raw.rowcount:
            raise NotFound(
                "没有找到该专利，或它已在审核中，不能再修改", "no such patent, or it is being reviewed"
            )


def _typed(values: Mapping[str, object]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        name: str(value)[:2000] for name, value in values.items() if value and name != "willingness"
    }
    willing = values.get("willingness")
    if isinstance(willing, (list, tuple)) and willing:
        kept["willingness"] = [str(word)[:40] for word in willing[:20]]
    return kept


def submit(
    db: Database, holder: Holder, item_id: int, values: Mapping[str, object], *, expected_version: int | None,
    now: datetime, address: str = "",
) -> int:  # fmt: skip
    """Submit a self-rating and return the item's new version.

    Raises: NotFound for whatever is not the holder's; Invalid with the fields; Stale; Refused with every condition.
    Effects: those of the step `rate`.
    """
    own_item(db, holder, item_id)
    rating = read_answers(values)
    if rating.faults:
        raise Invalid("自评内容有误，请改正后重新提交", dict(rating.faults), "the rating is not valid")
    asked = Asked("rate", "inventor", consented=holder.consented)
    with db.cursor() as cur:
        hold_org(cur, holder.org_id)
        _check_own(cur, holder, item_id)
        deed = Deed(asked, holder.author(address), now, rating.answers)
        return do_step(cur, holder.org_id, item_id, deed, expected_version)


def _check_own(cur: Cursor, holder: Holder, item_id: int) -> None:
    """Look again inside the transaction: the patent may have been given to another inventor meanwhile."""
    row = cur.one(
        OWN.format("AND i.id = ?"), holder.stocktake_id, holder.inventor_id, holder.org_id, item_id, 1
    )
    if row is None:
        raise NotFound("没有找到该专利，请从您的专利清单重新打开", "no such patent")
