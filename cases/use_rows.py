"""What the actions of declaration and use share: who acts, in which transaction, and one row put in its place."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from cases.db import Cursor, Database
from cases.errors import Forbidden, Invalid, NotFound
from cases.patent_dates import SYSTEM, book_in_use
from cases.scope import Author, Person
from cases.settings import SHANGHAI
from cases.trail import append_org, hold_org
from cases.use_dates import bring_up_use
from rules.packs import RuleBook

EDITORS = frozenset({"officer", "administrator"})
Outcome = Literal["added", "changed", "same"]
OWN_PATENT = "SELECT application_no FROM patent WHERE id = ? AND org_id = ?"


@dataclass(frozen=True, slots=True)
class Act:
    """One action on the record: a cursor in its transaction, the person, and the moment."""

    cur: Cursor
    person: Person
    now: datetime

    @property
    def org_id(self) -> int:
        """The institution."""
        return self.person.org_id

    @property
    def author(self) -> Author:
        """Whom the trail names: the person, or the system where nobody acts."""
        return self.person.author if self.person.id else SYSTEM

    @property
    def user_id(self) -> int | None:
        """The user whose row it is, if somebody acts."""
        return self.person.id or None

    @property
    def today(self) -> date:
        """The legal day in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    @property
    def book(self) -> RuleBook:
        """The rulebook of the institution."""
        return book_in_use(self.cur, self.org_id)

    def only(self, *roles: str) -> None:
        """Let these roles pass, or the editors if none is named.

        Raises: Forbidden.
        """
        if self.person.role not in (roles or EDITORS):
            raise Forbidden(
                "声明与实施信息须由转化专员或管理员登记", "officers and administrators record this"
            )

    def number_of(self, patent_id: int) -> str:
        """Return the application number of a patent of the institution.

        Raises: NotFound.
        """
        row = self.cur.one(OWN_PATENT, patent_id, self.org_id)
        if row is None:
            raise NotFound("没有找到该专利，请从专利库重新打开", "no such patent")
        return str(row[0])

    def tell(self, verb: str, body: Mapping[str, Any]) -> None:
        """Write an entry into the trail of the institution."""
        append_org(self.cur, self.org_id, self.author, verb, body, self.now)

    def bring_up(self, *patent_ids: int) -> None:
        """Bring dates, standing and profiles of some patents up to the day; the trail is told by the caller."""
        bring_up_use(
            self.cur, self.org_id, patent_ids, self.book, self.now, self.today, actor=self.author, entry=False
        )  # fmt: skip


@contextmanager
def acting(db: Database, person: Person, now: datetime) -> Iterator[Act]:
    """Open an action in a transaction of its own."""
    with db.cursor() as cur:
        hold_org(cur, person.org_id)
        yield Act(cur, person, now)


@dataclass(frozen=True, slots=True)
class Put:
    """What came of a row: its id, and the columns that differ, before and after."""

    id: int
    outcome: Outcome
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def told(self) -> dict[str, Any]:
        """Return what an entry of the trail says of it."""
        return {"id": self.id, "before": dict(self.before), "after": dict(self.after)}


def put_row(
    act: Act, table: str, key: Mapping[str, object], values: Mapping[str, object], *, born: Mapping[str, object] | None = None,
) -> Put:  # fmt: skip
    """Insert the row of a key, or change what differs in it; `born` are columns that are set once.

    Effects: writes one row, with its `updated_at`; nothing if it says the same already.
    """
    where = " AND ".join(f'"{name}" = ?' for name in key)
    named = ", ".join(f'"{name}"' for name in values)
    row = act.cur.one(f'SELECT id, {named} FROM "{table}" WHERE {where}', *key.values())  # noqa: S608
    if row is None:
        whole = {**key, **values, **(born or {}), "updated_at": act.now}
        return Put(insert(act, table, whole), "added", {}, _told({**key, **values}))
    differing = {name: value for (name, value), held in zip(values.items(), row[1:], strict=True)
                 if not _same(held, value)}  # fmt: skip
    if not differing:
        return Put(int(row[0]), "same", {}, {})
    before = {name: held for name, held in zip(values, row[1:], strict=True) if name in differing}
    change(act, table, int(row[0]), differing)
    return Put(int(row[0]), "changed", _told(before), _told(differing))


def insert(act: Act, table: str, values: Mapping[str, object]) -> int:
    """Insert a row and return its id."""
    named = ", ".join(f'"{name}"' for name in values)
    places = ", ".join("?" * len(values))
    sql = f'INSERT INTO "{table}" ({named}) VALUES ({places}) RETURNING id'  # noqa: S608
    return int(act.cur.one(sql, *_stored(act, values))[0])


def change(act: Act, table: str, row_id: int, values: Mapping[str, object]) -> None:
    """Change columns of a row of the institution."""
    named = ", ".join(f'"{name}" = ?' for name in (*values, "updated_at"))
    sql = f'UPDATE "{table}" SET {named} WHERE id = ? AND org_id = ?'  # noqa: S608
    act.cur.run(sql, *_stored(act, {**values, "updated_at": act.now}), row_id, act.org_id)


def check_not_after(act: Act, **days: date | None) -> None:
    """Make sure that no day lies in the future.

    Raises: Invalid with the fields.
    """
    late = {name: f"{day.isoformat()}晚于今日{act.today.isoformat()}，请填写实际日期"
            for name, day in days.items() if day is not None and day > act.today}  # fmt: skip
    if late:
        raise Invalid("日期不能晚于今日，请改正后重新提交", late, "a day lies in the future")


def _stored(act: Act, values: Mapping[str, object]) -> list[object]:
    return [
        act.cur.moment(value) if isinstance(value, datetime)
        else act.cur.day(value) if isinstance(value, date) else value
        for value in values.values()
    ]  # fmt: skip


def _same(held: object, value: object) -> bool:
    if isinstance(value, date):
        return str(held) == value.isoformat()
    return bool(held) == value if isinstance(value, bool) and held is not None else held == value


def _told(values: Mapping[str, object]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
