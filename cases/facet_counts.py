"""Counts all facets in one pass over packed rows. Pure: rows and choices in, counts out.

A row counts for a facet if it meets every choice but the one of that facet. Rows come packed in three parts of values
that vary together, so that there are few different ones and each is taken apart once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cases.patent_index import PART_A, PART_B, PART_C, SEPARATOR

FACETS = (
    "kind", "status", "grade", "patent_class", "industry", "maturity", "prospect", "college", "in_pool", "willingness",
    "implementation", "year",
)  # fmt: skip
SEVERAL = frozenset({"industry", "willingness"})
# What asks for patents without a value, for instance those without a grade.
BLANK = "-"
PARTS = (PART_A, PART_B, PART_C)
PLACE = {name: (number, part.index(name)) for number, part in enumerate(PARTS) for name in part}

Packed = tuple[str, str, str]
Choices = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Count:
    """How many patents have a value of a facet; the value is `BLANK` for those without one."""

    value: str
    count: int
    chosen: bool = False


@dataclass
class _Pass:
    """What one pass gathers: packed parts of rows that meet all choices, and of those that miss one facet's alone."""

    chosen: Choices
    total: int = 0
    meeting: tuple[Counter[str], ...] = field(default_factory=lambda: tuple(Counter() for _ in PARTS))
    missing: dict[str, Counter[str]] = field(default_factory=dict)
    _known: dict[tuple[int, str], frozenset[str]] = field(default_factory=dict)

    def take(self, rows: Iterable[Packed]) -> None:
        """Take all rows in."""
        for row, count in Counter(rows).items():
            missed = frozenset[str]().union(*(self._missed(number, part) for number, part in enumerate(row)))
            if not missed:
                self.total += count
                for counter, part in zip(self.meeting, row, strict=True):
                    counter[part] += count
            elif len(missed) == 1:
                (name,) = missed
                self.missing.setdefault(name, Counter())[row[PLACE[name][0]]] += count

    def take_all(self, rows: Sequence[Packed]) -> None:
        """Take all rows in when nothing is chosen: the parts need not be looked at together."""
        self.total = len(rows)
        for counter, column in zip(self.meeting, zip(*rows, strict=True), strict=False):
            counter.update(column)

    def _missed(self, number: int, part: str) -> frozenset[str]:
        found = self._known.get((number, part))
        if found is None:
            found = frozenset(
                name
                for name, value in zip(PARTS[number], part.split(SEPARATOR), strict=True)
                if name in self.chosen and not _values(name, value) & set(self.chosen[name])
            )
            self._known[number, part] = found
        return found


def tally(rows: Sequence[Packed], chosen: Choices) -> tuple[int, dict[str, tuple[Count, ...]]]:
    """Return how many rows meet all choices, and the counts of every facet, the most frequent value first.

    A chosen value that no row has is there with a count of nothing, so that the choice can be taken back.
    """
    passed = _Pass(chosen)
    if chosen:
        passed.take(rows)
    else:
        passed.take_all(rows)
    return passed.total, {name: _counts(name, passed, chosen.get(name, ())) for name in FACETS}


def _counts(name: str, passed: _Pass, chosen: Sequence[str]) -> tuple[Count, ...]:
    number, place = PLACE[name]
    counted = Counter[str]()
    for counter in (passed.meeting[number], passed.missing.get(name, Counter())):
        for part, count in counter.items():
            for value in _values(name, part.split(SEPARATOR)[place]):
                counted[value] += count
    counted.update(dict.fromkeys(chosen, 0))
    order = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Count(value, count, value in chosen) for value, count in order)


def _values(name: str, stored: str) -> set[str]:
    if name in SEVERAL:
        return set(filter(None, stored.split(","))) or {BLANK}
    return {stored or BLANK}
