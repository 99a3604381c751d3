"""What a form says, read back from its own page: labels with their values, and amounts in figures with their words.

In: the HTML of a form. Out: cells as (group, label, value), where a label that spans rows is the group of what follows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from rules.money import capitals

_AMOUNT = re.compile(r"[¥￥]\s?([\d,]+\.\d\d)\s*（大写：人民币([^）]+)）")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a form, by its label and the group in which it stands."""

    group: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in figures, the words beside it, and the words that belong to it."""

    figures: str
    words: str
    proper: str


@dataclass
class _Open:
    tag: str
    spans: int
    text: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the rows of all tables: (tag, rows spanned, text) of each cell; marks of doubt are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[tuple[str, int, str]]] = []
        self._cell: _Open | None = None
        self._marks = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self._cell = _Open(tag, int(found.get("rowspan") or 1))
        elif tag == "span" and found.get("class") == "mark":
            self._marks += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._marks:
            self._marks -= 1
        elif self._cell is not None and tag == self._cell.tag:
            self.rows[-1].append((tag, self._cell.spans, "".join(self._cell.text).strip()))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._marks:
            self._cell.text.append(data)


def cells_of(html: str) -> tuple[Cell, ...]:
    """Return every value that stands beside a label."""
    reader = _Reader()
    reader.feed(html)
    return tuple(_cells(reader.rows))


def _cells(rows: list[list[tuple[str, int, str]]]) -> Iterator[Cell]:
    group, left = "", 0
    for row in rows:
        label = ""
        for tag, spans, text in row:
            if tag == "td":
                if label:
                    yield Cell(group if left else "", label, text)
                label = ""
            elif spans > 1:
                group, left = text, spans
            else:
                label = text
        left = max(0, left - 1)


def amounts_in(html: str) -> tuple[Amount, ...]:
    """Return the amounts that stand in figures and in words, each once."""
    text = re.sub(r"<[^>]+>", "", html)
    found = dict.fromkeys(_AMOUNT.findall(text))
    return tuple(Amount(figures, words, capitals(_fen(figures))) for figures, words in found)


def _fen(figures: str) -> int:
    return int(figures.replace(",", "").replace(".", ""))
