"""Checks one line of a patent list: pure, and complete, so that every fault of a line is told at once.

In: a line and where its fields stand. Out: a checked patent, or all its problems in Chinese with what to do.
A number that a spreadsheet destroyed is refused and never guessed; a missing check digit is computed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

from cases.patent_sql import CheckedPatent
from exchange.patent_fee_cells import FeeCellError, paid_year, reduction
from exchange.patent_fields import FIELDS
from exchange.patent_names import LostCharacter, split_owners, split_persons
from exchange.patent_words import DOCUMENT_STATUSES, KINDS, STATUSES
from exchange.tables import Line, Problem
from rules.dates import DateError, parse_date
from rules.identifiers import (
    KIND_ZH,
    ApplicationNumber,
    IdentifierError,
    parse_application_number,
    parse_publication_number,
)
from rules.patent_term import term_of
from rules.text import fold, normalize

Value = TypeVar("Value")
LONGEST_TITLE = 500
LONGEST_TEXT = 2_000
SHOWN = 200

KIND_OF_SUFFIX = {
    "A": "invention", "B": "invention", "C": "invention", "U": "utility", "Y": "utility", "S": "design", "D": "design",
}  # fmt: skip
GRANTED_SUFFIXES = frozenset("BCUYSD")

_BLANKS = frozenset({
    "", "-", "--", "—", "——", "/", "\\", "无", "NULL", "NONE", "NAN", "N/A", "#N/A", "#REF!", "#VALUE!", "#NAME?",
    "0000-00-00", "1900-01-00",
})  # fmt: skip
_IS_TIDY = re.compile(r"[\u3400-\u9fff0-9A-Za-z（）()，、：；。\-]+").fullmatch
_LONGEST_BLANK = max(map(len, _BLANKS))
_IPC_VERSION = re.compile(r"\(\d{4}\.\d{2}\)[A-Z]{0,2}")
_IPC_BETWEEN = re.compile(r"[;；,，、|]+|\?\?+")
_KIND_WORDS = (("实用新型", "utility"), ("外观设计", "design"), ("发明专利", "invention"))
_STATUS_WORDS = (
    ("部分无效", "in_force"), ("无效", "void"), ("届满", "expired"), ("滞纳", "in_grace"), ("终止", "lapsed"), ("失效",
     "lapsed"),
    ("放弃", "lapsed"), ("撤回", "lapsed"), ("驳回", "lapsed"), ("有效", "in_force"), ("维持", "in_force"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowChecker:
    """Checks the lines of one sheet.

    `positions` gives the column of each field, `width` the number of columns under the header, `today` the
    day in Shanghai; `owner_commas` tells whether commas separate owners in this list.
    """

    positions: Mapping[str, int]
    width: int
    today: date
    owner_commas: bool = True
    place: str = ""

    def check(self, line: Line) -> CheckedPatent | tuple[Problem, ...]:
        """Return the patent of a line, or everything that is wrong with it."""
        fault = line.fault or self._raggedness(line)
        if fault:
            return (self._problem(line, "整行", " ".join(line.cells), fault),)
        found = _Findings(self, line)
        number = found.number()
        title = found.title()
        filing = found.day("filing_date")
        published = found.day("publication_date")
        granted = found.day("grant_date")
        publication = found.publication()
        kind = number.kind if number else ""
        suffix = publication.rstrip("0123456789")[-1:] if publication else ""
        if granted is None and (suffix in GRANTED_SUFFIXES if suffix else kind in ("utility", "design")):
            granted = published
        owners, inventors = found.owners(), found.inventors()
        if number:
            found.match_kinds(number, publication, suffix)
            found.match_days(number, filing, published, granted)
        year, relief = found.fees()
        if found.problems or number is None:
            return tuple(found.problems)
        status, is_stated = self._status(found.cell("status"), kind, suffix, filing, granted)
        return CheckedPatent(
            line.number, number.digits, kind, title, owners, inventors, filing, granted, publication,
            _ipc(found.cell("ipc")), _plain(found.cell("address")), _plain(found.cell("college")), status, is_stated,
            year, relief,
        )  # fmt: skip

    def _raggedness(self, line: Line) -> str:
        cells = line.cells
        if len(cells) == self.width:
            return ""
        if len(cells) < self.width:
            return f"本行只有 {len(cells)} 列，表头有 {self.width} 列。请检查分隔符和引号，补齐后重新导入。"
        if any(cell.strip() for cell in cells[self.width :]):
            return (
                f"本行有 {len(cells)} 列，比表头多 {len(cells) - self.width} 列，多半是单元格内有未加引号的分隔符。"
                "请给该单元格加上英文双引号，或另存为 xlsx。"
            )
        return ""

    def _problem(self, line: Line, field: str, value: str, reason: str) -> Problem:
        shown = value.strip()[:SHOWN]
        return Problem(line.number, field, shown, f"{self.place}{reason}")

    def _status(
        self, cell: str, kind: str, suffix: str, filing: date | None, granted: date | None
    ) -> tuple[str, bool]:
        """Return the status and whether the file states it; otherwise it follows from the publication."""
        stated, implied = _status_words(cell)
        if stated != "unknown":
            return stated, True
        if granted or suffix in GRANTED_SUFFIXES and suffix:
            implied = "in_force"
        elif suffix == "A" and implied == "unknown":
            implied = "pending"
        if implied == "unknown" or filing is None:
            return implied, False
        if _last_day(kind, filing) < self.today:
            implied = "expired" if implied == "in_force" else "unknown"
        return implied, False


class _Findings:
    """Reads the cells of one line and collects what is wrong."""

    __slots__ = ("checker", "line", "problems")

    def __init__(self, checker: RowChecker, line: Line) -> None:
        self.checker, self.line = checker, line
        self.problems: list[Problem] = []

    def cell(self, field: str) -> str:
        """Return a field's cell, or an empty text where it says nothing."""
        index = self.checker.positions.get(field)
        if index is None:
            return ""
        text = self.line.cells[index]
        return "" if len(text) <= _LONGEST_BLANK + 2 and text.strip().upper() in _BLANKS else text

    def _first(self, field: str, spare: str) -> str:
        return self.cell(field) or self.cell(spare)

    def wrong(self, field: str, value: str, reason: str) -> None:
        """Note a problem of a field."""
        self.problems.append(self.checker._problem(self.line, FIELDS[field].label, value, reason))

    def number(self) -> ApplicationNumber | None:
        text = self._first("application_no", "patent_no")
        try:
            return parse_application_number(text)
        except IdentifierError as error:
            self.wrong("application_no", text, error.reason)
            return None

    def title(self) -> str:
        cell = self.cell("title")
        text = cell if _IS_TIDY(cell) else normalize(cell)
        if not text:
            self.wrong("title", "", "专利名称为空。请按受理通知书或专利证书填写。")
        elif len(text) > LONGEST_TITLE:
            self.wrong("title", text, f"专利名称超过 {LONGEST_TITLE} 字，可能串列。请核对该列内容。")
        elif "\ufffd" in text:
            self.wrong("title", text, "名称中有丢失的字（�）。请从原系统重新导出，或按证书补上。")
        return text

    def day(self, field: str) -> date | None:
        text = self.cell(field)
        if not text:
            return None
        try:
            day = _day(text)
        except DateError as error:
            self.wrong(field, text, error.reason)
            return None
        if day > self.checker.today:
            self.wrong(field, text, f"{FIELDS[field].label}晚于今天。请按通知书或公报核对年份。")
            return None
        return day

    def publication(self) -> str:
        text = self._first("publication_no", "first_publication_no")
        is_told = bool(self.problems) and fold(text).startswith("WO")
        if not text or is_told:
            return ""
        try:
            return parse_publication_number(text)
        except IdentifierError as error:
            self.wrong("publication_no", text, error.reason)
            return ""

    def owners(self) -> tuple[str, ...]:
        text = self._first("owners", "applicants")
        try:
            return split_owners(text, self.checker.owner_commas)
        except LostCharacter as error:
            self.wrong("owners", text, error.reason)
            return ()

    def inventors(self) -> tuple[str, ...]:
        text = self.cell("inventors")
        try:
            return split_persons(text)
        except LostCharacter as error:
            self.wrong("inventors", text, error.reason)
            return ()

    def fees(self) -> tuple[int | None, str]:
        """Return the last paid year and the reduction; None and an empty text where the list is silent."""
        return self._fee("fee_paid_year", paid_year) or None, self._fee("fee_reduction", reduction) or ""

    def _fee(self, field: str, read: Callable[[str], Value]) -> Value | None:
        text = self.cell(field)
        try:
            return read(text) if text else None
        except FeeCellError as error:
            self.wrong(field, text, error.reason)
            return None

    def match_kinds(self, number: ApplicationNumber, publication: str, suffix: str) -> None:
        """Compare the number's kind with the kind column and with the publication number."""
        text = self.cell("kind")
        stated = _kind(text)
        of_number = KIND_ZH[number.kind]
        if stated and stated != number.kind:
            self.wrong(
                "kind",
                text,
                f"类型写的是{KIND_ZH[stated]}，但申请号 {number.display} 是{of_number}。请核对后改正其中一个。",
            )
        published = KIND_OF_SUFFIX.get(suffix)
        if published and published != number.kind:
            self.wrong(
                "publication_no", publication,
                f"公开（公告）号末尾“{suffix}”表示{KIND_ZH[published]}，但申请号 {number.display} 是{of_number}。"
                "请核对两个号码是否属于同一件专利。",
            )  # fmt: skip

    def match_days(
        self, number: ApplicationNumber, filing: date | None, published: date | None, granted: date | None
    ) -> None:
        """Compare the days with each other and with the year in the number.

        A filing year before the number's year is possible (divisional applications keep the original day).
        """
        if filing is None:
            return
        if filing.year > number.year:
            self.wrong(
                "filing_date", filing.isoformat(),
                f"申请日在 {filing.year} 年，但申请号 {number.display} 属于 {number.year} 年。请核对申请日和申请号。",
            )  # fmt: skip
        for field, day, what in (
            ("grant_date", granted, "授权公告日"),
            ("publication_date", published, "公开（公告）日"),
        ):
            if day is not None and day < filing and not (field == "publication_date" and day == granted):
                self.wrong(
                    field, day.isoformat(), f"{what}早于申请日 {filing.isoformat()}。请按公报核对两个日期。"
                )


@lru_cache(maxsize=16384)
def _day(text: str) -> date:
    return parse_date(text)


@lru_cache(maxsize=16384)
def _last_day(kind: str, filing: date) -> date:
    return term_of(kind, filing).last_day


@lru_cache(maxsize=256)
def _kind(text: str) -> str:
    folded = fold(text)
    if not folded:
        return ""
    return KINDS.get(folded) or next((kind for word, kind in _KIND_WORDS if word in folded), "")


@lru_cache(maxsize=1024)
def _status_words(text: str) -> tuple[str, str]:
    """Return what a status cell states, and what it merely implies."""
    folded = fold(text)
    if not folded:
        return "unknown", "unknown"
    if folded in DOCUMENT_STATUSES:
        return "unknown", DOCUMENT_STATUSES[folded]
    if folded in STATUSES:
        return STATUSES[folded], "unknown"
    return next((status for word, status in _STATUS_WORDS if word in folded), "unknown"), "unknown"


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return normalize(text).strip(";；,，、 ")[:LONGEST_TEXT]


@lru_cache(maxsize=8192)
def _ipc(text: str) -> str:
    bare = text.replace(" ", "").upper() if text.isascii() and text.isprintable() else fold(text)
    codes = (_IPC_VERSION.sub("", part) for part in _IPC_BETWEEN.split(bare))
    return ";".join(dict.fromkeys(code for code in codes if code))[:LONGEST_TEXT]
