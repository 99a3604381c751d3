"""How the cells of registers are read and told: texts, days, amounts, choices, and things named by number or name."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import orjson
from sqlmodel import Session, col, or_, select

from cases.event_tables import PromotionEvent, ServiceProvider
from cases.tables import Case, Company, Patent, User
from rules.dates import DateError, parse_date
from rules.identifiers import IdentifierError, parse_application_number
from rules.money import MoneyError, format_yuan, parse_yuan
from rules.patent_numbers import display_number
from rules.text import fold

Choices = Mapping[str, tuple[str, str]]
MOST = 1_000_000


class Unreadable(ValueError):
    """A cell that cannot be read; `reason` is Chinese and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, in both languages, what a form shows again, and where it leads."""

    zh: str
    en: str
    typed: str
    href: str = ""


class Columned(Protocol):
    """A column, as far as its cells are concerned."""

    @property
    def name(self) -> str:
        """Which field of a row it shows."""

    @property
    def kind(self) -> str:
        """How its cells are read: a key of `PARSERS`."""

    @property
    def options(self) -> Choices:
        """The choices by their stored word."""


Parser = Callable[[Session, int, Choices, str], Any]


def _text(_session: Session, _org_id: int, _options: Choices, text: str) -> str:
    return text


def _day(_session: Session, _org_id: int, _options: Choices, text: str) -> date:
    try:
        return parse_date(text)
    except DateError as error:
        raise Unreadable(error.reason) from error


def _money(_session: Session, _org_id: int, _options: Choices, text: str) -> int:
    try:
        return parse_yuan(text)
    except MoneyError as error:
        raise Unreadable(error.reason) from error


def _count(_session: Session, _org_id: int, _options: Choices, text: str) -> int:
    digits = fold(text).removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()) or int(digits) > MOST:
        raise Unreadable(f"“{text}”不是不超过{MOST}的整数，请填写数字")
    return int(digits)


def _choice(_session: Session, _org_id: int, options: Choices, text: str) -> str:
    for word, names in options.items():
        if text in (word, *names):
            return word
    raise Unreadable(f"“{text}”不在可选范围内，可填：{'、'.join(zh for zh, _ in options.values())}")


def _choices(session: Session, org_id: int, options: Choices, text: str) -> str:
    parts = [part.strip() for part in re.split("[,，、;；]", text)]
    words = {_choice(session, org_id, options, part) for part in parts if part}
    return orjson.dumps([word for word in options if word in words]).decode()


def _patent(session: Session, org_id: int, _options: Choices, text: str) -> int:
    try:
        number = parse_application_number(text).digits
    except IdentifierError as error:
        raise Unreadable(error.reason) from error
    query = select(Patent.id).where(Patent.org_id == org_id, Patent.application_no == number)
    return _only(session.exec(query).all(), f"专利库中没有{text}，请先导入该专利")


def _case(session: Session, org_id: int, _options: Choices, text: str) -> int:
    query = select(Case.id).where(Case.org_id == org_id, Case.number == text.upper())
    return _only(session.exec(query).all(), f"没有案件{text}，请填写案件编号")


def _company(session: Session, org_id: int, _options: Choices, text: str) -> int | None:
    known = or_(col(Company.name) == text, col(Company.uscc) == text.upper())
    found = session.exec(select(Company.id).where(Company.org_id == org_id, known)).all()
    return found[0] if len(found) == 1 else None


def _event(session: Session, org_id: int, _options: Choices, text: str) -> int:
    return _named(session, org_id, PromotionEvent, text, f"没有活动“{text}”，请先登记该活动")


def _provider(session: Session, org_id: int, _options: Choices, text: str) -> int:
    return _named(session, org_id, ServiceProvider, text, f"没有服务机构“{text}”，请先登记该机构")


def _named(session: Session, org_id: int, table: Any, text: str, reason: str) -> int:
    known = table.name == text
    if text.isascii() and text.isdigit() and len(text) < 10:
        known = or_(known, table.id == int(text))
    return _only(session.exec(select(table.id).where(table.org_id == org_id, known)).all(), reason)


def _user(session: Session, org_id: int, _options: Choices, text: str) -> int:
    known = or_(col(User.login) == text, col(User.name) == text)
    query = select(User.id).where(User.org_id == org_id, User.active, known)
    return _only(session.exec(query).all(), f"没有在用用户“{text}”，或有多人同名，请填写用户名")


def _only(found: Sequence[int | None], reason: str) -> int:
    if len(found) != 1 or found[0] is None:
        raise Unreadable(reason)
    return found[0]


PARSERS: Mapping[str, Parser] = {
    "text": _text, "long": _text, "day": _day, "money": _money, "count": _count, "choice": _choice,
    "choices": _choices, "patent": _patent, "case": _case, "company": _company, "event": _event,
    "provider": _provider, "user": _user,
}  # fmt: skip


def _of_patent(row: Any) -> Cell:
    number = display_number(row.application_no)
    return Cell(f"{row.title}（{number}）", f"{row.title} ({number})", number, f"/patents/{row.id}")


def _of_named(address: str) -> Callable[[Any], Cell]:
    return lambda row: Cell(row.name, row.name, row.name, f"{address}/{row.id}" if address else "")


def _of_event(row: Any) -> Cell:
    return Cell(row.name, row.name, str(row.id), f"/events/{row.id}")


def _of_case(row: Any) -> Cell:
    return Cell(f"{row.number} {row.title}", f"{row.number} {row.title}", row.number, f"/cases/{row.id}")


def _of_user(row: Any) -> Cell:
    return Cell(row.name, row.name, row.login)


# Which table a column of ids points to, and how a row of it is told.
TOLD: Mapping[str, tuple[Any, Callable[[Any], Cell]]] = {
    "patent": (Patent, _of_patent), "case": (Case, _of_case), "event": (PromotionEvent, _of_event),
    "provider": (ServiceProvider, _of_named("/promotion/providers")), "user": (User, _of_user),
}  # fmt: skip


def cells_of(session: Session, columns: Iterable[Columned], rows: Sequence[Any]) -> list[dict[str, Cell]]:
    """Return the cells of stored rows; what they point to is read once for all rows."""
    columns = tuple(columns)
    known = {column.name: _pointed(session, column, rows) for column in columns if column.kind in TOLD}
    return [
        {
            column.name: _cell(column, getattr(row, column.name), known.get(column.name, {}))
            for column in columns
        }
        for row in rows
    ]


def _pointed(session: Session, column: Columned, rows: Sequence[Any]) -> Mapping[int, Cell]:
    table, tell = TOLD[column.kind]
    ids = {getattr(row, column.name) for row in rows} - {None}
    return (
        {row.id: tell(row) for row in session.exec(select(table).where(col(table.id).in_(ids)))}
        if ids
        else {}
    )


def _cell(column: Columned, value: Any, known: Mapping[int, Cell]) -> Cell:
    if value is None or value in ("", "[]"):
        return Cell("", "", "")
    if column.kind in TOLD:
        return known.get(value, Cell("", "", ""))
    if column.kind == "money":
        return Cell(
            f"{format_yuan(value)}元", f"CNY {format_yuan(value)}", format_yuan(value).replace(",", "")
        )
    if column.kind in ("choice", "choices"):
        words = [value] if column.kind == "choice" else orjson.loads(value)
        names = [column.options.get(word, (word, word)) for word in words]
        return Cell("、".join(zh for zh, _ in names), ", ".join(en for _, en in names), ",".join(words))
    text = value.isoformat() if isinstance(value, date) else str(value)
    return Cell(text, text, text)
