"""Finds the passages of a sent contract in the Word file that came back.

By bookmark where Word kept it and the words are still alike, then by equal words in order, then by likeness; what is
left over was added or deleted. Programs that drop bookmarks, or copy them elsewhere, do no harm.
"""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from contracts.word.flow import Found
from contracts.word.markup import bookmark_name
from contracts.word.sheet import Passage

ALIKE = 0.55
STILL_ALIKE = 0.35
_SAME = str.maketrans({
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "—": "-", "–": "-", "－": "-", "﹣": "-", "·": "・",
    "〇": "零", "￥": "¥", "、": ",", "，": ",", "。": ".", "；": ";", "：": ":", "\u00ad": "", "\u200b": "", "\ufeff": "",
})  # fmt: skip


def plain(text: str) -> str:
    """Return a text without what does not matter: blanks, full or half width, shape of quotation marks."""
    folded = unicodedata.normalize("NFKC", text).translate(_SAME)
    return "".join(folded.split())


def whole(passage: Passage) -> str:
    """Return a passage as it stands on the page: number and text."""
    return f"{passage.number}　{passage.text}" if passage.number else passage.text


def match(sent: Sequence[Passage], read: Sequence[Found]) -> dict[int, int]:
    """Return, by the place of a sent passage, the place of the passage that was read for it."""
    ours, theirs = [plain(whole(p)) for p in sent], [plain(f.text) for f in read]
    pairs: dict[int, int] = {}
    named = _named(sent, read)
    for i, j in named.items():
        if ours[i] == theirs[j] or likeness(ours[i], theirs[j]) >= STILL_ALIKE:
            pairs[i] = j
    _equal_in_order(ours, theirs, pairs)
    _equal_anywhere(ours, theirs, pairs)
    _alike(ours, theirs, sent, read, pairs)
    taken = set(pairs.values())
    for i, j in named.items():
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _named(sent: Sequence[Passage], read: Sequence[Found]) -> dict[int, int]:
    """Pair by bookmark; one that stands at two passages, or a passage with several, counts once."""
    places: Mapping[str, int] = {bookmark_name(passage.mark): i for i, passage in enumerate(sent)}
    pairs: dict[int, int] = {}
    for j, found in enumerate(read):
        known = [places[name] for name in found.names if name in places]
        best = max(known, key=lambda i: likeness(plain(whole(sent[i])), plain(found.text)), default=None)
        if best is not None and best not in pairs:
            pairs[best] = j
    return pairs


def _equal_in_order(ours: Sequence[str], theirs: Sequence[str], pairs: dict[int, int]) -> None:
    taken = set(pairs.values())
    left = [i for i in range(len(ours)) if i not in pairs]
    right = [j for j in range(len(theirs)) if j not in taken]
    matcher = SequenceMatcher(None, [ours[i] for i in left], [theirs[j] for j in right], autojunk=False)
    for start, other, size in matcher.get_matching_blocks():
        pairs.update(zip(left[start : start + size], right[other : other + size], strict=True))


def _equal_anywhere(ours: Sequence[str], theirs: Sequence[str], pairs: dict[int, int]) -> None:
    taken = set(pairs.values())
    open_places: dict[str, list[int]] = {}
    for j, text in enumerate(theirs):
        if j not in taken:
            open_places.setdefault(text, []).append(j)
    for i, text in enumerate(ours):
        if i not in pairs and open_places.get(text):
            pairs[i] = open_places[text].pop(0)


def _alike(
    ours: Sequence[str],
    theirs: Sequence[str],
    sent: Sequence[Passage],
    read: Sequence[Found],
    pairs: dict[int, int],
) -> None:
    """Pair what is left by likeness, the likest first; a paragraph is never paired with a table row."""
    taken = set(pairs.values())
    left = [i for i in range(len(ours)) if i not in pairs]
    right = [j for j in range(len(theirs)) if j not in taken]
    grams = {j: _grams(theirs[j]) for j in right}
    scored: list[tuple[float, int, int, int]] = []
    for i in left:
        mine = _grams(ours[i])
        for j in right:
            if sent[i].in_table != read[j].in_table:
                continue
            score = _overlap(mine, grams[j])
            if score >= ALIKE - 0.15:
                scored.append((-score, abs(i - j), i, j))
    for _, _, i, j in sorted(scored):
        if i not in pairs and j not in taken and likeness(ours[i], theirs[j]) >= ALIKE:
            pairs[i] = j
            taken.add(j)


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1."""
    return _overlap(_grams(one), _grams(other))


def _grams(text: str) -> Counter[str]:
    padded = f"\x02{text}\x03"
    return Counter(padded[n : n + 2] for n in range(len(padded) - 1))


def _overlap(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    if total == 0:
        return 1.0
    small, large = (one, other) if len(one) < len(other) else (other, one)
    return 2 * sum(min(n, large[gram]) for gram, n in small.items()) / total


def in_place(pairs: Mapping[int, int]) -> set[int]:
    """Return the sent passages that still stand in their order: the longest run of them. The others were moved."""
    order = sorted(pairs)
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for i in order:
        j = pairs[i]
        low, high = 0, len(tails)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if tails[middle] < j else (low, middle)
        before[i] = ends[low - 1] if low else None
        tails[low : low + 1] = [j]
        ends[low : low + 1] = [i]
    kept: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
