"""What a reminder says: one line per deadline, and lines that are too many put together.

In: the rows of due deadlines and a day. Out: frozen lines and the JSON that a message keeps of them. Reads and writes
nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from cases.db import as_date
from rules.ladder import Ladder
from rules.patent_numbers import display_number
from rules.policy import Reminding

MANY_PATENTS, MANY_CASES = 5, 20
JsonLine = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """An open deadline whose next rung is reached. `number` and `subject` are those of its case or its patent."""

    id: int
    case_id: int | None
    patent_id: int | None
    title: str
    due: date
    kind: str
    rule_id: str
    ladder: Ladder
    owner_id: int | None
    who: str
    confidence: str
    article: str
    number: str
    subject: str
    next_on: date

    @classmethod
    def of(cls, row: Sequence[Any], reminding: Reminding) -> "Due":
        """Return what a row of `cases.reminders.SWEEP` tells."""
        (
            id_,
            case_id,
            patent_id,
            title,
            due,
            kind,
            rule_id,
            before,
            after,
            owner,
            who,
            known,
            article,
            *rest,
        ) = row
        number, subject, next_on = rest
        number = display_number(number) if patent_id else number
        ladder = Ladder(numbers(before), numbers(after), reminding.repeat_every)
        return cls(
            id_, case_id, patent_id, title, _day(due), kind, rule_id, ladder, owner, who, known, article, number,
            subject, _day(next_on),
        )  # fmt: skip

    @property
    def statutory(self) -> bool:
        """Whether the law sets the date."""
        return self.kind == "statutory"

    @property
    def path(self) -> str:
        """The desk's page of what it belongs to."""
        return f"/patents/{self.patent_id}" if self.case_id is None else f"/cases/{self.case_id}"

    @property
    def place(self) -> str:
        """Where the date itself stands on that page."""
        return f"{self.path}{'?tab=deadlines' if self.case_id else ''}#deadline-{self.id}"


@dataclass(frozen=True, slots=True)
class Line:
    """One deadline in one person's message: the rung that is told, and the wider ones that it covers.

    `owed`: a statutory date of the reader's own, of which mail cannot be switched off.
    """

    due: Due
    rung: int
    covers: tuple[int, ...]
    days_left: int
    owed: bool

    @property
    def presses(self) -> bool:
        """Whether the line is due today or tomorrow, so that tomorrow's message would come late."""
        return self.days_left in (0, 1)

    def as_json(self) -> JsonLine:
        """Return the JSON form stored with the message."""
        due = self.due
        return {
            "case_id": due.case_id, "patent_id": due.patent_id, "case_no": due.number, "case_title": due.subject,
            "title": due.title, "due": due.due.isoformat(), "days_left": self.days_left, "rung": self.rung,
            "kind": due.kind, "article": due.article, "confidence": due.confidence, "path": due.place,
            "owed": self.owed,
        }  # fmt: skip


def numbers(stored: str) -> tuple[int, ...]:
    """Return the numbers of a stored list."""
    return tuple(int(part) for part in stored.split(",") if part)


def told(lines: Iterable[Line]) -> list[JsonLine]:
    """Return the lines as a message tells them, the most pressing first; what is too many stands in one line.

    Dates of one rule at one rung go together when they are of more than a handful of patents, or of very many cases.
    """
    ordered = sorted(lines, key=_alike)
    shown: list[JsonLine] = []
    for _, group in groupby(ordered, key=_alike):
        held = list(group)
        most = MANY_PATENTS if held[0].due.case_id is None else MANY_CASES
        shown += [_together(held)] if len(held) > most else [line.as_json() for line in held]
    return sorted(shown, key=lambda line: (line["due"], line.get("case_no", ""), line["title"]))


def _alike(line: Line) -> tuple[str, bool, int, bool]:
    return line.due.rule_id, line.due.case_id is None, line.rung, line.owed


def _together(lines: Sequence[Line]) -> JsonLine:
    first = min(lines, key=lambda line: line.due.due)
    last = max(line.due.due for line in lines)
    of_patents = first.due.case_id is None
    count, unit = len(lines), "件专利" if of_patents else "件案件"
    asked = {"rule": first.due.rule_id, "of": "patents" if of_patents else "cases", "until": last.isoformat()}
    return {
        "title": f"{first.due.title.split('：')[0]}：{count}{unit}", "count": count,
        "due": first.due.due.isoformat(), "until": last.isoformat(), "days_left": first.days_left, "rung": first.rung,
        "kind": first.due.kind, "article": first.due.article, "confidence": first.due.confidence,
        "note": _span(first, last), "path": f"/deadlines?{urlencode(asked)}", "owed": first.owed,
    }  # fmt: skip


def _span(first: Line, last: date) -> str:
    days = first.days_left + (last - first.due.due).days
    if days < 0:
        return "均已逾期"
    return f"{days}日内到期" if days else "今日到期"


def subject_of(lines: Sequence[Mapping[str, Any]], missed: int) -> str:
    """Return the subject of a message: how many dates, how many of them late, and whether days were missed."""
    total = sum(line.get("count", 1) for line in lines)
    late = sum(line.get("count", 1) for line in lines if line["days_left"] < 0)
    caught = f"（系统停用{missed}天，含停用期间应发的提醒）" if missed else ""
    return f"期限提醒：{total}项" + (f"，其中{late}项已逾期" if late else "") + caught


def is_owed(line: Mapping[str, Any]) -> bool:
    """Say whether a stored line is a statutory date of the reader's own; one stored before that was noted may be."""
    return bool(line.get("owed", line.get("kind") == "statutory"))


def _day(value: object) -> date:
    found = as_date(value)
    if found is None:
        raise ValueError("a deadline without a date")
    return found
