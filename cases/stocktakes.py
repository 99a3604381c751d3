"""Campaigns of stocktaking: their scope and a preview, opening one, closing it, and taking its patents in by batches.

Opening writes one row. The patents are taken in afterwards, 2,000 in a transaction (`fill_stocktake`): the row remembers
how far it is, so that whoever goes on after a crash begins there and takes nothing in twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlmodel import Session, col, exists, func, select

from cases.db import Cursor, Database, cursor_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.idempotency import note_made
from cases.inventors import Matching, matching_of
from cases.outbox import put
from cases.scope import Person
from cases.settings import SHANGHAI
from cases.stocktake_tables import Stocktake, StocktakeItem
from cases.tables import Patent
from cases.trail import append_org, hold_org
from rules.dates import DateError, parse_date
from rules.identifiers import KIND_ZH
from rules.text import fold, normalize

OPENERS = ("officer", "administrator")
TOPIC = "stocktake"
BATCH = 2_000
ALIVE = ("in_force", "in_grace")
MOST_RATERS = 15
FIELDS = (
    "title", "granted_from", "granted_to", "colleges", "kinds", "statuses", "not_rated_since", "key_ipc",
    "strong_colleges", "due_on", "scores_wanted", "rolling",
)  # fmt: skip

NEXT = (
    "SELECT id, kind, college, inventors, ipc, grant_date, status FROM patent "
    "WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?"
)
RATED_SINCE = (
    "SELECT DISTINCT patent_id FROM stocktake_item WHERE patent_id IN :ids AND org_id = ? AND rated_at >= ?"
)
INSERT = (
    "INSERT INTO stocktake_item (org_id, stocktake_id, patent_id, college, inventor, inventor_id, priority, state, version, "
    "answers, draft, disposal, note, updated_at) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', 1, '{}', '{}', '', '', ?) ON CONFLICT (stocktake_id, patent_id) DO NOTHING"
)
ADVANCE = "UPDATE stocktake SET cursor = ? WHERE id = ? AND status = 'filling' AND cursor = ?"
FILLED = "UPDATE stocktake SET status = 'open', looked_until = ? WHERE id = ? AND status = 'filling'"
READ = "SELECT status, cursor, scope, focus FROM stocktake WHERE id = ? AND org_id = ?"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which patents a campaign is for; whatever is empty limits nothing. The dates are those of the grant."""

    granted_from: date | None = None
    granted_to: date | None = None
    colleges: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ALIVE
    not_rated_since: date | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the form that the record keeps."""
        days = {name: getattr(self, name) for name in ("granted_from", "granted_to", "not_rated_since")}
        lists = {name: list(getattr(self, name)) for name in ("colleges", "kinds", "statuses")}
        return {**{name: day.isoformat() if day else "" for name, day in days.items()}, **lists}

    @classmethod
    def of_json(cls, text: str) -> "Scope":
        """Read what the record keeps."""
        told = orjson.loads(text)

        def day(name: str) -> date | None:
            return date.fromisoformat(told[name]) if told.get(name) else None

        return cls(
            day("granted_from"), day("granted_to"), tuple(told.get("colleges", ())), tuple(told.get("kinds", ())),
            tuple(told.get("statuses") or ALIVE), day("not_rated_since"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Focus:
    """What comes first: classes of key industries (beginnings of IPC symbols), colleges of strong disciplines."""

    key_ipc: tuple[str, ...] = ()
    strong_colleges: tuple[str, ...] = ()

    def priority(self, kind: str, ipc: str, college: str) -> int:
        """Return the rank of a patent, the lowest first: invention, then key industry, then strong discipline."""
        symbols = [part.strip() for part in fold(ipc).replace(";", ",").replace("；", ",").split(",")]
        key = any(symbol.startswith(self.key_ipc) for symbol in symbols) if self.key_ipc else False
        return 7 - (4 * (kind == "invention") + 2 * key + (college in self.strong_colleges))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A campaign as somebody asks for it, checked."""

    title: str
    scope: Scope
    focus: Focus
    due_on: date
    scores_wanted: int
    rolling: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """How many patents a scope takes in, by college and by kind, the largest first."""

    total: int
    colleges: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]


def checked_stocktake(values: Mapping[str, object], today: date) -> Wanted:
    """Return a campaign from typed values; lists may be texts with commas.

    Raises: Invalid with the fields.
    """
    faults: dict[str, str] = {}
    days = {name: _day(values, name, faults) for name in ("granted_from", "granted_to", "not_rated_since")}
    due = _day(values, "due_on", faults)
    title = normalize(str(values.get("title") or ""))
    if not 2 <= len(title) <= 80:
        faults["title"] = "盘点名称须为2至80个字"
    if due is None and "due_on" not in faults:
        faults["due_on"] = "请填写完成期限"
    elif due is not None and due < today:
        faults["due_on"] = "完成期限不能早于今日"
    first, last = days["granted_from"], days["granted_to"]
    if first and last and last < first:
        faults["granted_to"] = "授权公告日的止日早于起日"
    kinds, statuses = _words(values.get("kinds")), _words(values.get("statuses")) or ALIVE
    if set(kinds) - set(KIND_ZH):
        faults["kinds"] = f"专利类型可选：{'、'.join(KIND_ZH)}"
    if set(statuses) - set(ALIVE):
        faults["statuses"] = "盘点有效专利，法律状态可选：in_force、in_grace"
    wanted = str(values.get("scores_wanted") or "0").strip()
    if not (wanted.isascii() and wanted.isdigit() and int(wanted) <= MOST_RATERS):
        faults["scores_wanted"] = f"集中评价人数须为0至{MOST_RATERS}"
    if faults or due is None:
        raise Invalid("盘点信息有误，请改正后重新提交", faults, "the stocktake is not valid")
    scope = Scope(**days, colleges=_words(values.get("colleges")), kinds=kinds, statuses=statuses)
    focus = Focus(
        tuple(fold(one) for one in _words(values.get("key_ipc"))), _words(values.get("strong_colleges"))
    )
    return Wanted(title, scope, focus, due, int(wanted), str(values.get("rolling") or "") in _YES)


_YES = ("yes", "on", "1", "true", "True", "是")


def _day(values: Mapping[str, object], name: str, faults: dict[str, str]) -> date | None:
    value = values.get(name)
    if isinstance(value, date) or not value:
        return value if isinstance(value, date) else None
    try:
        return parse_date(str(value))
    except DateError as error:
        faults[name] = error.reason
        return None


def _words(value: object) -> tuple[str, ...]:
    parts = (
        value
        if isinstance(value, (list, tuple))
        else str(value or "").replace("、", ",").replace("，", ",").split(",")
    )
    return tuple(dict.fromkeys(word for part in parts if (word := normalize(str(part)))))


def preview_stocktake(session: Session, org_id: int, scope: Scope) -> Preview:
    """Count the patents of a scope. Writes nothing."""
    conditions = conditions_of(org_id, scope)

    def by(column: Any) -> tuple[tuple[str, int], ...]:
        rows = session.exec(select(column, func.count()).where(*conditions).group_by(column)).all()
        return tuple(
            sorted(((str(word), int(count)) for word, count in rows), key=lambda row: (-row[1], row[0]))
        )

    kinds = by(col(Patent.kind))
    return Preview(sum(count for _, count in kinds), by(col(Patent.college)), kinds)


def conditions_of(org_id: int, scope: Scope) -> list[Any]:
    """Return the conditions on patents that a scope means."""
    found: list[Any] = [Patent.org_id == org_id, col(Patent.status).in_(scope.statuses)]
    if scope.granted_from:
        found.append(col(Patent.grant_date) >= scope.granted_from)
    if scope.granted_to:
        found.append(col(Patent.grant_date) <= scope.granted_to)
    if scope.colleges:
        found.append(col(Patent.college).in_(scope.colleges))
    if scope.kinds:
        found.append(col(Patent.kind).in_(scope.kinds))
    if scope.not_rated_since:
        rated = exists().where(
            col(StocktakeItem.org_id) == org_id, col(StocktakeItem.patent_id) == col(Patent.id),
            col(StocktakeItem.rated_at) >= _midnight(scope.not_rated_since),
        )  # fmt: skip
        found.append(~rated)
    return found


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def open_stocktake(db: Database, person: Person, wanted: Wanted, now: datetime) -> int:
    """Open a campaign and return its id; its patents are taken in by `fill_stocktake`.

    Raises: Forbidden; Invalid if the scope takes in nothing; Conflict if one of the same name is open.
    Effects: writes stocktake, outbox and one entry of the organization's trail.
    """
    _check_opener(person)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        _check_name(session, person.org_id, wanted.title)
        expected = preview_stocktake(session, person.org_id, wanted.scope).total
        if not expected and not wanted.rolling:
            raise Invalid(
                "所选范围内没有专利，请放宽范围", {"scope": "没有符合的专利"}, "no patent in this scope"
            )
        row = Stocktake(
            org_id=person.org_id, title=wanted.title, scope=_text(wanted.scope.as_json()),
            focus=_text({"key_ipc": wanted.focus.key_ipc, "strong_colleges": wanted.focus.strong_colleges}),
            due_on=wanted.due_on, scores_wanted=wanted.scores_wanted, rolling=wanted.rolling, expected=expected,
            created_by=person.id, created_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        put(cur, person.org_id, TOPIC, f"{TOPIC}:{row.id}", {"stocktake_id": int(row.id or 0)}, now)
        body = {
            "stocktake_id": row.id,
            "title": row.title,
            "scope": wanted.scope.as_json(),
            "patents": expected,
        }
        append_org(cur, person.org_id, person.author, "stocktake_opened", body, now)
        return note_made(int(row.id or 0))


def _check_opener(person: Person) -> None:
    if person.role not in OPENERS:
        raise Forbidden("盘点须由转化专员或管理员组织", "officers and administrators run stocktakes")


def _check_name(session: Session, org_id: int, title: str) -> None:
    same = select(Stocktake.id).where(
        Stocktake.org_id == org_id, Stocktake.title == title, Stocktake.status != "closed"
    )
    if session.exec(same).first() is not None:
        raise Conflict(f"已有进行中的盘点“{title}”，请换一个名称", f"a stocktake '{title}' is open")


def _text(value: Mapping[str, Any]) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def fill_stocktake(
    db: Database, org_id: int, stocktake_id: int, now: datetime, on_progress: Callable[[int], None] | None = None, *,
    size: int = BATCH,
) -> int:  # fmt: skip
    """Take in what is left of a campaign's scope, batch by batch; return how many patents were looked at.

    Safe to repeat and to do twice at once. `on_progress` gets the number looked at so far, after each batch.

    Raises: NotFound.
    Effects: writes stocktake_item and stocktake, one transaction per batch of `size`.
    """
    seen = 0
    while True:
        with db.cursor() as cur:
            row = cur.one(READ + (" FOR UPDATE" if cur.postgres else ""), stocktake_id, org_id)
            if row is None:
                raise NotFound("没有找到该盘点", "no such stocktake")
            status, cursor, scope, focus = row
            if status != "filling":
                return seen
            batch = cur.all(NEXT, org_id, cursor, size)
            if not batch:
                cur.run(FILLED, cur.moment(now), stocktake_id)
                return seen
            take_in(cur, org_id, stocktake_id, batch, Scope.of_json(scope), focus_of(focus), now)
            cur.run(ADVANCE, batch[-1][0], stocktake_id, cursor)
        seen += len(batch)
        if on_progress:
            on_progress(seen)


def focus_of(text: str) -> Focus:
    """Read what the record keeps of the order."""
    told = orjson.loads(text)
    return Focus(tuple(told.get("key_ipc", ())), tuple(told.get("strong_colleges", ())))


def fill_by_id(db: Database, stocktake_id: int, now: datetime) -> int:
    """Do the same for a campaign of whatever organization, for the background.

    Raises: NotFound.
    """
    with db.looking() as cur:
        row = cur.one("SELECT org_id FROM stocktake WHERE id = ?", stocktake_id)
    if row is None:
        raise NotFound("没有找到该盘点", "no such stocktake")
    return fill_stocktake(db, int(row[0]), stocktake_id, now)


def take_in(
    cur: Cursor, org_id: int, stocktake_id: int, rows: Sequence[Any], scope: Scope, focus: Focus, now: datetime
) -> int:  # fmt: skip
    """Make items of those rows of `NEXT` that are in the scope; return how many.

    Effects: writes stocktake_item in the caller's transaction.
    """
    rated: set[int] = set()
    if scope.not_rated_since:
        since = cur.moment(_midnight(scope.not_rated_since))
        found = cur.of_many(RATED_SINCE, [row[0] for row in rows], org_id, since)
        rated = {row[0] for row in found}
    chosen = [row for row in rows if row[0] not in rated and _is_in(row, scope)]
    matching = matching_of(cur, org_id, {_first(row[3]) for row in chosen})
    moment = cur.moment(now)
    cur.many(INSERT, [_item(org_id, stocktake_id, row, matching, focus, moment) for row in chosen])
    return len(chosen)


def _is_in(row: Any, scope: Scope) -> bool:
    _, kind, college, _, _, granted, status = row
    day = granted if isinstance(granted, date) or granted is None else date.fromisoformat(str(granted))
    return (
        status in scope.statuses
        and (not scope.kinds or kind in scope.kinds)
        and (not scope.colleges or college in scope.colleges)
        and (scope.granted_from is None or (day is not None and day >= scope.granted_from))
        and (scope.granted_to is None or (day is not None and day <= scope.granted_to))
    )


def _item(
    org_id: int, stocktake_id: int, row: Any, matching: Matching, focus: Focus, moment: object
) -> tuple[object, ...]:
    id_, kind, college, inventors, ipc, *_ = row
    name = _first(inventors)
    return (
        org_id, stocktake_id, id_, college, name, matching.find(name, college), focus.priority(kind, ipc, college),
        moment,
    )  # fmt: skip


def _first(inventors: str) -> str:
    names = orjson.loads(inventors)
    return str(names[0]) if names else ""


def close_stocktake(
    db: Database, person: Person, stocktake_id: int, now: datetime, *, closed: bool = True
) -> None:
    """Close a campaign, or open it again; its links stop with it.

    Raises: Forbidden, NotFound, Conflict if it stands so already or is still being filled.
    Effects: writes stocktake and one entry of the organization's trail.
    """
    _check_opener(person)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = stocktake_row(session, person.org_id, stocktake_id)
        if row.status == "filling" or (row.status == "closed") == closed:
            raise Conflict("盘点正在准备或已是该状态，请刷新页面", "it stands so already, or is being filled")
        row.status, row.closed_at = ("closed", now) if closed else ("open", None)
        session.add(row)
        verb = "stocktake_closed" if closed else "stocktake_reopened"
        append_org(
            cur, person.org_id, person.author, verb, {"stocktake_id": stocktake_id, "title": row.title}, now
        )


def stocktake_row(session: Session, org_id: int, stocktake_id: int) -> Stocktake:
    """Return the row of a campaign.

    Raises: NotFound.
    """
    row = session.get(Stocktake, stocktake_id)
    if row is None or row.org_id != org_id:
        raise NotFound("没有找到该盘点", "no such stocktake")
    return row
