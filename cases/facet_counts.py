"""Takes apart what a search counted: packed values in, counts of every facet out. Pure.

Values that vary together are packed into one text, so that the database counts three columns instead of twelve and
each different text is taken apart once.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.patent_index import PART_A, PART_B, PART_C, SEPARATOR

FACETS = (
    "kind", "status", "grade", "patent_class", "industry", "maturity", "prospect", "college", "in_pool", "willingness",
    "implementation", "year",
)  # fmt: skip
SEVERAL = frozenset({"industry", "willingness"})
# What asks for patents without a value, for instance those without a grade.
BLANK = "-"
PARTS = (PART_A, PART_B, PART_C)

Counted = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Count:
    """How many patents have a value of a facet; the value is `BLANK` for those without one."""

    value: str
    count: int
    chosen: bool = False


def tally(
    packed: Sequence[Counted], beside: Mapping[str, Counted], chosen: Mapping[str, Sequence[str]]
) -> dict[str, tuple[Count, ...]]:
    """Return the counts of every facet, the most frequent value first.

    `packed` are how often each text of the three parts occurs among the patents that were found; `beside` how often
    each stored value of a chosen facet would, were that facet not chosen. A chosen value that no patent has is there
    with a count of nothing, so that the choice can be taken back.
    """
    found: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for part, texts in zip(PARTS, packed, strict=True):
        for text, count in texts.items():
            for name, stored in zip(part, text.split(SEPARATOR), strict=True):
                found[name][stored] += count
    for name, texts in beside.items():
        found[name] = Counter(texts)
    return {name: _counts(name, found[name], chosen.get(name, ())) for name in FACETS}


def _counts(name: str, stored: Counted, chosen: Sequence[str]) -> tuple[Count, ...]:
    counted = Counter(dict.fromkeys(chosen, 0))
    for text, count in stored.items():
        for value in values_of(name, text):
            counted[value] += count
    order = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Count(value, count, value in chosen) for value, count in order)


def values_of(name: str, stored: str) -> tuple[str, ...]:
    """Return the values that a stored text stands for: several of some facets, `BLANK` for none."""
    if name in SEVERAL:
        return tuple(filter(None, stored.split(","))) or (BLANK,)
    return (stored or BLANK,)
