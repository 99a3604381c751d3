"""What came back compared with what was sent, clause by clause.

In: the passages that were sent, the file as it was read, and the terms. Out: clauses with their changes, figures that
changed with the terms that they are, and for each change whether Word recorded it. Width of characters and blanks do
not count as changes, but their number is told.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Literal

from contracts.word.figures import KINDS_ZH, Figure, FigureKind, Term, changed_figures, shown_value, term_for
from contracts.word.flow import Found, split_number
from contracts.word.matching import in_place, match, plain, whole
from contracts.word.reading import Incoming
from contracts.word.sheet import Passage

LineStatus = Literal["same", "changed", "added", "deleted", "moved", "renumbered"]
ClauseStatus = Literal["unchanged", "changed", "added", "deleted", "moved", "renumbered"]
Piece = tuple[Literal["same", "deleted", "added"], str]
_TOKEN = re.compile(
    r"\d[\d,]*(?:\.\d+)?%?|[A-Za-z]+|[零〇一二两三四五六七八九十百千]+(?:个工作日|工作日|日|天|个月|年)"
    r"|[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+|\s+|.",
    re.DOTALL,
)
_HEADING = re.compile(r"^\s*第[零一二三四五六七八九十百〇0-9]+条")
_SHORTEST_SAME = 2


@dataclass(frozen=True, slots=True)
class LineChange:
    """One passage before and after. `is_tracked` says that Word recorded all of the change."""

    mark: str
    status: LineStatus
    number_before: str
    number_after: str
    before: str
    after: str
    is_tracked: bool = True
    pieces: tuple[Piece, ...] = ()
    style: str = ""
    in_table: bool = False


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause and all its passages. `id` of an added clause is new1, new2 …"""

    id: str
    number: str
    title: str
    status: ClauseStatus
    lines: tuple[LineChange, ...]

    @property
    def changes(self) -> tuple[LineChange, ...]:
        """The passages that are not as they were sent."""
        return tuple(line for line in self.lines if line.status != "same")

    @property
    def is_tracked(self) -> bool:
        """Whether Word recorded every change of the clause."""
        return all(line.is_tracked for line in self.changes)


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A figure that changed; `term` is empty where it is no value of the terms."""

    kind: FigureKind
    term: str
    label: str
    label_en: str
    before: str
    after: str
    clause: str
    number: str
    is_tracked: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that is different. `ignored` counts differences of width and blanks, `untracked` changes Word did not record."""

    clauses: tuple[ClauseChange, ...]
    figures: tuple[FigureChange, ...]
    ignored: int
    untracked: int

    @property
    def changed(self) -> tuple[ClauseChange, ...]:
        """The clauses that are not as they were sent."""
        return tuple(clause for clause in self.clauses if clause.status != "unchanged")


def compare(sent: Sequence[Passage], incoming: Incoming, terms: Sequence[Term] = ()) -> Comparison:
    """Compare what came back with what was sent."""
    lines, homes, ignored = _lines(sent, incoming)
    beside = tuple(_beside(sent, incoming))
    clauses = (*_clauses(sent, lines, homes), *beside)
    figures = tuple(_figures(clauses, terms))
    untracked = sum(not line.is_tracked for clause in clauses for line in clause.changes)
    return Comparison(clauses, figures, ignored, untracked)


def _beside(sent: Sequence[Passage], incoming: Incoming) -> Iterator[ClauseChange]:
    """Yield what stands in head, foot, notes and text boxes and was not sent there."""
    cover = {p.style: plain(p.text) for p in sent if p.clause == "cover" and p.style in ("title", "number")}
    number = cover.get("number", "").partition(":")[2]
    lines = [
        LineChange("", "added", "", aside.where, "", aside.text, False, (("added", aside.text),))
        for aside in incoming.asides
        if not _is_furniture(plain(aside.text), cover.get("title", ""), number)
    ]
    if lines:
        yield ClauseChange(BESIDE, "", BESIDE_CLAUSES[BESIDE], "added", tuple(lines))


def _is_furniture(text: str, title: str, number: str) -> bool:
    """Whether words are the head or foot that every page of a sent contract bears."""
    if re.fullmatch(r"第\d*页共\d*页|\d*", text):
        return True
    return (
        bool(title)
        and text.startswith(title)
        and text.endswith(number)
        and len(text) <= len(title + number) + 14
    )


def digest_of(clause: ClauseChange) -> str:
    """Return a short hash of what a clause was changed to: what a decision on it is about."""
    told = "\n".join(f"{line.status}|{line.number_after}|{line.after}" for line in clause.lines)
    return sha256(f"{clause.id}\n{told}".encode()).hexdigest()[:16]


def _lines(sent: Sequence[Passage], incoming: Incoming) -> tuple[list[LineChange], list[str], int]:
    """Return every passage in the order of the file that came back, and the clause each belongs to."""
    pairs = match(sent, incoming.accepted)
    untouched = match(sent, incoming.rejected)
    standing = in_place(pairs)
    before = {i: incoming.rejected[j].text for i, j in untouched.items()}
    there = {
        plain(found.text) for j, found in enumerate(incoming.rejected) if j not in set(untouched.values())
    }
    by_place = {j: i for i, j in pairs.items()}
    lines: list[LineChange] = []
    homes: list[str] = []
    ignored = 0
    deleted = [i for i in range(len(sent)) if i not in pairs]
    home, new = sent[0].clause if sent else "", 0
    for j, found in enumerate(incoming.accepted):
        i = by_place.get(j)
        if i is None:
            if _HEADING.match(found.text) and not found.in_table:
                new += 1
                home = f"new{new}"
            lines.append(_added(found, is_tracked=plain(found.text) not in there))
            homes.append(home)
            continue
        while deleted and deleted[0] < i and i in standing:
            gone = deleted.pop(0)
            lines.append(_deleted(sent[gone], is_tracked=gone in before))
            homes.append(sent[gone].clause)
        home = sent[i].clause
        line = _paired(sent[i], found, before.get(i), is_moved=i not in standing)
        ignored += line.status == "same" and plain_difference(sent[i], found)
        lines.append(line)
        homes.append(home)
    for gone in deleted:
        lines.append(_deleted(sent[gone], is_tracked=gone in before))
        homes.append(sent[gone].clause)
    return lines, homes, ignored


def plain_difference(passage: Passage, found: Found) -> bool:
    """Whether two passages with the same words differ in blanks or width."""
    shown = f"{passage.number}\t{passage.text}" if passage.number else passage.text
    return found.text.strip() not in (shown.strip(), whole(passage).strip())


def _added(found: Found, *, is_tracked: bool) -> LineChange:
    number, text = split_number(found.text)
    style = "item" if number.startswith(("（", "(")) else "para"
    return LineChange(
        "", "added", "", number, "", text, is_tracked, (("added", text),), style, found.in_table
    )


def _deleted(passage: Passage, *, is_tracked: bool) -> LineChange:
    return LineChange(
        passage.mark,
        "deleted",
        passage.number,
        "",
        passage.text,
        "",
        is_tracked,
        (("deleted", passage.text),),
        passage.style,
        passage.in_table,
    )


def _parted(passage: Passage, text: str) -> tuple[str, str]:
    """Return number and words of what was read for a passage; one that had no number has none now."""
    if plain(text) == plain(whole(passage)):
        return passage.number, passage.text
    return split_number(text) if passage.number else ("", text)


def _paired(passage: Passage, found: Found, rejected: str | None, *, is_moved: bool) -> LineChange:
    number, text = _parted(passage, found.text)
    is_tracked = rejected is not None and plain(rejected) == plain(whole(passage))
    status: LineStatus = "same"
    if plain(text) != plain(passage.text):
        status = "changed"
    elif is_moved:
        status, is_tracked = "moved", False
    elif plain(number) != plain(passage.number):
        status = "renumbered"
    pieces = diff(passage.text, text) if status == "changed" else ()
    return LineChange(
        passage.mark,
        status,
        passage.number,
        number,
        passage.text,
        text,
        is_tracked or status == "same",
        pieces,
        passage.style,
        passage.in_table,
    )


def diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return a text with what was deleted and added, figures and Latin words whole."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(old[a:b])))
            continue
        if b > a:
            pieces.append(("deleted", "".join(old[a:b])))
        if d > c:
            pieces.append(("added", "".join(new[c:d])))
    return tuple(_joined(pieces))


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Join changes that only a character or two part, so that whole words stand against each other."""
    gone: list[str] = []
    come: list[str] = []
    for n, (kind, text) in enumerate(pieces):
        inside = 0 < n < len(pieces) - 1 and len(text) < _SHORTEST_SAME
        if kind == "same" and not (inside and (gone or come)):
            yield from _both(gone, come)
            gone, come = [], []
            yield kind, text
            continue
        if kind in ("same", "deleted"):
            gone.append(text)
        if kind in ("same", "added"):
            come.append(text)
    yield from _both(gone, come)


def _both(gone: Sequence[str], come: Sequence[str]) -> Iterator[Piece]:
    if "".join(gone):
        yield "deleted", "".join(gone)
    if "".join(come):
        yield "added", "".join(come)


def _clauses(
    sent: Sequence[Passage], lines: Sequence[LineChange], homes: Sequence[str]
) -> Iterator[ClauseChange]:
    heads = {p.clause: p for p in reversed(sent) if p.mark == f"{p.clause}.0"}
    for home in dict.fromkeys(homes):
        mine = tuple(line for line, place in zip(lines, homes, strict=True) if place == home)
        head = heads.get(home)
        if home.startswith("new") and head is None:
            yield ClauseChange(home, mine[0].number_after, mine[0].after, "added", mine)
            continue
        title = head.text if head is not None else BESIDE_CLAUSES.get(home, home)
        yield ClauseChange(home, head.number if head else "", title, _status(home, mine), mine)


# What stands before and after the clauses.
BESIDE = "beside"
BESIDE_CLAUSES: Mapping[str, str] = {
    "cover": "封面", "parties": "当事人", "signature": "签署页", BESIDE: "正文以外（页眉、页脚、脚注、文本框）",
}  # fmt: skip


def _status(home: str, lines: Sequence[LineChange]) -> ClauseStatus:
    kinds = {line.status for line in lines}
    if kinds == {"same"}:
        return "unchanged"
    if kinds == {"deleted"}:
        return "deleted"
    if kinds & {"changed", "added", "deleted"}:
        return "changed"
    return "moved" if "moved" in kinds else "renumbered"


def _figures(clauses: Sequence[ClauseChange], terms: Sequence[Term]) -> Iterator[FigureChange]:
    """Yield the figures that changed, those that are terms first, and amounts before dates and periods."""
    order = list(KINDS_ZH)
    found = [
        change
        for clause in clauses
        for line in clause.changes
        if line.status in ("changed", "added", "deleted")
        for change in _line_figures(clause, line, terms)
    ]
    yield from sorted(found, key=lambda change: (not change.term, order.index(change.kind)))


def _line_figures(clause: ClauseChange, line: LineChange, terms: Sequence[Term]) -> Iterator[FigureChange]:
    if clause.id == "parties" and line.status == "changed":
        yield _figure_change("party", None, line.before, line.after, clause, line)
        return
    for old, new in changed_figures(line.before, line.after):
        known = old or new
        if known is None or (line.status == "deleted" and known.kind == "number"):
            continue
        term = term_for(old, f"{clause.title}{line.before}", terms) if old else None
        yield _figure_change(known.kind, term, _value(old), _value(new), clause, line)


def _value(figure: Figure | None) -> str:
    return shown_value(figure) if figure is not None else ""


def _figure_change(
    kind: FigureKind, term: Term | None, before: str, after: str, clause: ClauseChange, line: LineChange
) -> FigureChange:
    zh, en = KINDS_ZH[kind]
    return FigureChange(
        kind, term.field if term else "", term.label if term else zh, term.label_en if term else en, before, after,
        clause.id, _place(clause, line.number_before or line.number_after), line.is_tracked,
    )  # fmt: skip


def _place(clause: ClauseChange, number: str) -> str:
    """Name where a line stands: 5.3, or 第六条（一） for an item, whose own number says too little."""
    if number and not number.startswith(("（", "(")):
        return number
    return f"{clause.number}{number}" or clause.title
