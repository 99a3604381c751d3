"""Charts as plain geometry, for the screen and for paper alike: the numbers stand beside the drawing as text.

A chart is a table whose rows are drawn as well, so that nothing is told by length or color alone. The macros of
`templates/charts.html` draw them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDE, HIGH, FOOT = 720, 160, 8
TONES = ("#0d6b66", "#c2732b")

Value = int
Show = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar: how wide in thousandths, its color, its number as text, and how far from the left it begins."""

    text: str
    width: int
    tone: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart; `href` opens what is behind it."""

    name: str
    marks: tuple[Mark, ...]
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart: what its rows are, and what each number of a row is."""

    title: str
    by: str
    heads: tuple[str, ...]
    rows: tuple[Bar, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(mark.width for row in self.rows for mark in row.marks)


@dataclass(frozen=True, slots=True)
class Course:
    """One line of a line chart: its points, and the numbers as text."""

    name: str
    tone: str
    is_dashed: bool
    points: tuple[tuple[int, int], ...]
    texts: tuple[str, ...]

    @property
    def path(self) -> str:
        """The points as SVG has them."""
        return " ".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Lines:
    """A line chart over names on the horizontal axis; `top` is the number at its upper edge."""

    title: str
    by: str
    names: tuple[str, ...]
    courses: tuple[Course, ...]
    top: str

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.top


def bars(
    title: str,
    by: str,
    heads: Sequence[str],
    rows: Sequence[tuple[str, str, Sequence[Value]]],
    show: Show,
) -> Bars:
    """Return a bar chart of (name, address, values), all on one scale; a value below nothing has no bar."""
    most = max((value for _, _, values in rows for value in values), default=0)
    return Bars(
        title,
        by,
        tuple(heads),
        tuple(
            Bar(
                name,
                tuple(
                    Mark(show(value), _part(value, most), tone)
                    for value, tone in zip(values, TONES, strict=False)
                ),
                href,
            )
            for name, href, values in rows
        ),
    )


def funnel(
    title: str, by: str, heads: Sequence[str], rows: Sequence[tuple[str, str, int | None, str, str]]
) -> Bars:
    """Return a funnel of (name, address, count or None, number as text, note): bars in the middle, of the widest."""
    most = max((count or 0 for _, _, count, _, _ in rows), default=0)
    drawn = []
    for name, href, count, text, note in rows:
        width = _part(count or 0, most)
        drawn.append(Bar(name, (Mark(text, width, TONES[0], (1000 - width) // 2),), href, note))
    return Bars(title, by, tuple(heads), tuple(drawn))


def lines(
    title: str,
    by: str,
    names: Sequence[str],
    courses: Sequence[tuple[str, Sequence[int]]],
    show: Show,
) -> Lines:
    """Return a line chart of (name, values), all on one scale from nothing up."""
    most = max((value for _, values in courses for value in values), default=0)
    step = WIDE // max(1, len(names) - 1) if len(names) > 1 else WIDE
    drawn = []
    for place, (name, values) in enumerate(courses):
        points = tuple(
            (x * step, FOOT + HIGH - max(0, value) * HIGH // most if most else FOOT + HIGH)
            for x, value in enumerate(values)
        )
        drawn.append(
            Course(name, TONES[place % len(TONES)], place % 2 == 1, points, tuple(map(show, values)))
        )
    return Lines(title, by, tuple(names), tuple(drawn), show(most) if most else "")


def _part(value: int, most: int) -> int:
    """Return a width in thousandths; what is not nothing stays visible."""
    return max(4, value * 1000 // most) if most > 0 and value > 0 else 0
