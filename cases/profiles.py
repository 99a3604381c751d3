"""Profiles of patents and their standing in the pools: the only writer of both.

Each function works inside the caller's transaction, on its cursor; who may do it is asked at the doors
(`cases.grading` for officers). A change writes the row, one line of history per field, and the trail.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson

from cases.db import Cursor, as_date
from cases.errors import Conflict, Invalid, NotFound, Refused
from cases.patent_dates import book_in_use
from cases.patent_index import index_patents
from cases.pool_admission import Candidate, unmet_of
from cases.profile_fields import EMPTY, FIELDS, POOL_NAMES, SOURCE, checked, told
from cases.profile_tables import POOLS, STANDINGS
from cases.replay import batched
from cases.scope import Author
from cases.settings import SHANGHAI
from cases.trail import append_org, hold_org
from rules.text import normalize
from states.plan import Refusal

COLUMNS = ", ".join(FIELDS)
# One entry of the trail tells of this many patents at most, so that no entry grows without limit.
PER_ENTRY = 200
LONGEST_WHY = 500

STORED = (
    f"SELECT p.id, p.application_no, q.patent_id, {', '.join(f'q.{name}' for name in FIELDS)} FROM patent p "  # noqa: S608
    "LEFT JOIN patent_profile q ON q.patent_id = p.id WHERE p.id IN :ids AND p.org_id = ?"
)
UPSERT = (
    f"INSERT INTO patent_profile (patent_id, org_id, in_pool, updated_at, {COLUMNS}) "  # noqa: S608
    f"VALUES (?, ?, ?, ?, {', '.join('?' for _ in FIELDS)}) ON CONFLICT (patent_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in ("updated_at", *FIELDS))
)
ADD_CHANGE = (
    'INSERT INTO profile_change (org_id, patent_id, field, "before", "after", why, source, user_id, at) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
SET_IN_POOL = "UPDATE patent_profile SET in_pool = ?, updated_at = ? WHERE patent_id = ?"
CANDIDATE = "SELECT status, flags FROM patent WHERE id = ? AND org_id = ?"
STANDING = 'SELECT pool, status, "on" FROM pool_entry WHERE patent_id = ? AND current'
END_STANDING = "UPDATE pool_entry SET current = ? WHERE patent_id = ? AND pool = ? AND current"
ADD_STANDING = (
    'INSERT INTO pool_entry (org_id, patent_id, pool, status, "on", reason, current, user_id, at) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_TRUTHS = frozenset({"key_project", "funded"})

Change = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Row:
    patent_id: int
    number: str
    is_stored: bool
    values: Mapping[str, Any]


def change_profile(
    cur: Cursor, org_id: int, patent_id: int, changes: Mapping[str, object], *, source: str, why: str, actor: Author,
    now: datetime,
) -> Change:  # fmt: skip
    """Change fields of one patent's profile and return what changed: field to before and after.

    `source` says where it comes from: officer, stocktake:<id>, evaluation:<id>; `why` is for people.

    Raises: NotFound; Invalid with the fields, also for a name that is not in `profile_fields.FIELDS`.
    Effects: writes patent_profile, profile_change, the trail of the organization and the search index; if nothing
    changes, nothing.
    """
    changed = change_profiles(cur, org_id, {patent_id: changes}, source=source, why=why, actor=actor, now=now)
    return changed.get(patent_id, {})


def change_profiles(
    cur: Cursor, org_id: int, changes: Mapping[int, Mapping[str, object]], *, source: str, why: str, actor: Author,
    now: datetime,
) -> dict[int, Change]:  # fmt: skip
    """Change the profiles of many patents, by patent id; return what changed of those that did.

    Raises: as `change_profile`; nothing is written unless all of it can be.
    Effects: as `change_profile`, with one entry of the trail for every 200 patents.
    """
    reason = _reason(why, source)
    wanted = {patent_id: _checked(values) for patent_id, values in changes.items()}
    hold_org(cur, org_id)
    rows = _stored(cur, org_id, tuple(wanted))
    found = {row.patent_id: (row, _differing(row, wanted[row.patent_id])) for row in rows}
    changed = {patent_id: pair for patent_id, pair in found.items() if pair[1]}
    moment = cur.moment(now)
    cur.many(UPSERT, [_upsert(cur, org_id, row, after, moment) for row, after in changed.values()])
    history = {patent_id: _history(row, after) for patent_id, (row, after) in changed.items()}
    cur.many(ADD_CHANGE, [
        (org_id, patent_id, name, before, after, reason, source, actor.id, moment)
        for patent_id, told_ in history.items() for name, (before, after) in told_.items()
    ])  # fmt: skip
    for part in batched(changed.values(), PER_ENTRY):
        _note(cur, org_id, actor, [(row, history[row.patent_id]) for row, _ in part], source, reason, now)
    index_patents(cur, changed)
    return history


def enter_pool(
    cur: Cursor, org_id: int, patent_id: int, pool: str = "institution", *, on: date, reason: str, source: str,
    actor: Author, now: datetime, recommended: bool = False,
) -> None:  # fmt: skip
    """Enter a patent into a pool as of a day, or note that it was recommended to one.

    Raises: NotFound; Invalid with the fields; Refused with every condition that stands against it.
    Effects: writes pool_entry, the profile's `in_pool` and its history, and one entry of the trail.
    """
    standing = "recommended" if recommended else "entered"
    _check_entry(pool, standing, on, now)
    told_reason = _reason(reason, source)
    hold_org(cur, org_id)
    (row,) = _stored(cur, org_id, (patent_id,))
    here = _standings(cur, patent_id)
    status, flags = cur.one(CANDIDATE, patent_id, org_id)
    entered = frozenset(name for name, (what, _) in here.items() if what == "entered")
    candidate = Candidate(patent_id, status, frozenset(orjson.loads(flags)), row.values, entered)
    today = now.astimezone(SHANGHAI).date()
    if unmet := unmet_of(candidate, pool, standing, book_in_use(cur, org_id), today):
        raise Refused(Refusal("enter_pool", unmet), ("入库", "enter the pool"))
    _stand(cur, org_id, row, pool, standing, on, told_reason, source, actor, now)


def leave_pool(
    cur: Cursor, org_id: int, patent_id: int, pool: str = "institution", *, on: date, reason: str, source: str,
    actor: Author, now: datetime,
) -> None:  # fmt: skip
    """Take a patent out of a pool as of a day.

    Raises: NotFound; Invalid with the fields; Conflict if it does not lie there.
    Effects: as `enter_pool`.
    """
    _check_entry(pool, "left", on, now)
    told_reason = _reason(reason, source)
    hold_org(cur, org_id)
    (row,) = _stored(cur, org_id, (patent_id,))
    standing, since = _standings(cur, patent_id).get(pool, ("left", on))
    if standing == "left":
        raise Conflict(
            f"该专利不在{POOL_NAMES[pool][0]}中，无须出库",
            f"the patent is not in the {POOL_NAMES[pool][1].lower()}",
        )
    if on < since:
        raise Invalid(
            "出库信息有误", {"on": f"不得早于入库日期{since.isoformat()}"}, "it left before it entered"
        )
    _stand(cur, org_id, row, pool, "left", on, told_reason, source, actor, now)


def _checked(values: Mapping[str, object]) -> dict[str, Any]:
    good, faults = checked(values)
    if faults:
        raise Invalid("档案信息有误，请改正后重新提交", faults, "the profile is not valid")
    return good


def _reason(why: str, source: str) -> str:
    if not SOURCE.fullmatch(source):
        raise ValueError(f"unknown source of a change: {source!r}")
    reason = normalize(why)
    if not 2 <= len(reason) <= LONGEST_WHY:
        told_ = f"请写明理由，2至{LONGEST_WHY}个字"
        raise Invalid(told_, {"why": told_}, "say why")
    return reason


def _check_entry(pool: str, standing: str, on: date, now: datetime) -> None:
    faults = {}
    if pool not in POOLS or standing not in STANDINGS:
        faults["pool"] = f"请从以下各项中选择：{'、'.join(zh for zh, _ in POOL_NAMES.values())}"
    today = now.astimezone(SHANGHAI).date()
    if on > today:
        faults["on"] = f"{on.isoformat()}晚于今日{today.isoformat()}，请填写实际日期"
    if faults:
        raise Invalid("入库信息有误，请改正后重新提交", faults, "the entry is not valid")


def _stored(cur: Cursor, org_id: int, ids: Sequence[int]) -> list[_Row]:
    """Return the stored profiles of patents in the order of their ids, empty where there is none.

    Raises: NotFound.
    """
    found = {row[0]: row for row in cur.of_many(STORED, ids, org_id)}
    if missing := [one for one in ids if one not in found]:
        raise NotFound(
            f"没有编号为 {missing[0]} 的专利。请从专利列表重新选择。", f"There is no patent {missing[0]}."
        )
    return [_row(*found[one]) for one in sorted(found)]


def _row(patent_id: int, number: str, stored: int | None, *values: Any) -> _Row:
    if stored is None:
        return _Row(patent_id, number, False, EMPTY)
    held = dict(zip(FIELDS, values, strict=True))
    held["review_on"] = as_date(held["review_on"])
    held |= {name: held[name] if held[name] is None else bool(held[name]) for name in _TRUTHS}
    return _Row(patent_id, number, True, held)


def _differing(row: _Row, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wanted.items() if value != row.values[name]}


def _upsert(
    cur: Cursor, org_id: int, row: _Row, after: Mapping[str, Any], moment: object
) -> tuple[object, ...]:
    values = {**row.values, **after}
    stored = (cur.day(value) if isinstance(value, date) else value for value in values.values())
    return (row.patent_id, org_id, False, moment, *stored)


def _history(row: _Row, after: Mapping[str, Any]) -> Change:
    return {name: (told(row.values[name]), told(value)) for name, value in after.items()}


def _note(
    cur: Cursor, org_id: int, actor: Author, part: Sequence[tuple[_Row, Change]], source: str, why: str, now: datetime
) -> None:  # fmt: skip
    patents = [
        {"patent_id": row.patent_id, "application_no": row.number, "changes": {name: list(pair) for name, pair in change.items()}}
        for row, change in part
    ]  # fmt: skip
    append_org(cur, org_id, actor, "profile_changed", {"patents": patents, "source": source, "why": why}, now)


def _standings(cur: Cursor, patent_id: int) -> dict[str, tuple[str, date]]:
    return {pool: (status, as_date(on) or date.min) for pool, status, on in cur.all(STANDING, patent_id)}


def _stand(
    cur: Cursor, org_id: int, row: _Row, pool: str, standing: str, on: date, reason: str, source: str, actor: Author,
    now: datetime,
) -> None:  # fmt: skip
    moment = cur.moment(now)
    cur.run(END_STANDING, False, row.patent_id, pool)
    cur.run(ADD_STANDING, org_id, row.patent_id, pool, standing, cur.day(on), reason, True, actor.id, moment)
    if pool == "institution":
        is_in = standing == "entered"
        if not row.is_stored:
            cur.run(UPSERT, *_upsert(cur, org_id, row, {}, moment))
        cur.run(SET_IN_POOL, is_in, moment, row.patent_id)
        before, after = told(not is_in), told(is_in)
        cur.run(ADD_CHANGE, org_id, row.patent_id, "in_pool", before, after, reason, source, actor.id, moment)
    body = {
        "patent_id": row.patent_id, "application_no": row.number, "pool": pool, "standing": standing,
        "on": on.isoformat(), "reason": reason, "source": source,
    }  # fmt: skip
    append_org(cur, org_id, actor, "pool_standing_changed", body, now)
    index_patents(cur, [row.patent_id])
