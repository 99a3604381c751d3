"""Compares the printed words of two PDFs, cover, parties, articles, tables and annexes alike: a final contract and a copy.

In: two files. Out: what differs, and what was only filled in on the signature page (names and days beside the seals),
which is what that page is for. Line breaks, blanks and what stands at the head and foot of most pages count for nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from contracts.seal.paper_checker import printed_pages

Text = tuple[str, str]
FEWEST_WORDS, MOST_WORDS = 200, 500_000  # Characters; fewer are no contract but a scan.
MOST_TOLD = 12
SHOWN, AROUND = 40, 10
LONGEST_BY_CHARACTER = 3000
SIGNATURE_PAGE = "（以下无正文"
_WORDS = re.compile(
    r"[A-Z]*\d{12}\.[\dX]|\d{1,3}(?:,\d{3})*\.\d\d|\d+|.", re.DOTALL
)  # A patent, an amount, a number, a character.
_PIECES = re.compile(r"[^。；，、：;:]*[。；，、：;:]|[^。；，、：;:]+")


class NoWords(ValueError):
    """A file without words to compare, or that cannot be read."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, and what was filled in on the signature page; Chinese with an English twin."""

    differences: tuple[Text, ...] = ()
    filled_in: tuple[Text, ...] = ()


def compare_printed(final: bytes, copy: bytes) -> Comparison:
    """Compare the printed words of a copy with those of the final contract.

    Raises: NoWords if one of them has none.
    """
    before, after = _words(final), _words(copy)
    first, last = _signature_page(before)
    wanted, found = "".join(before), "".join(after)
    differences, filled_in = [], []
    for start, end, stood in _changes(wanted, found):
        if first < start == end <= last:
            filled_in.append(
                (f"签署页填写：{_short(stood)}", f"filled in on the signature page: {_short(stood)}")
            )
        else:
            differences.append(_told(wanted, start, end, stood))
    return Comparison(_at_most(differences), tuple(filled_in))


def _words(pdf: bytes) -> Sequence[str]:
    try:
        pages = printed_pages(pdf)
    except ValueError as error:
        raise NoWords(str(error)) from error
    if not FEWEST_WORDS <= sum(map(len, pages)) <= MOST_WORDS:
        raise NoWords("no words, or far too many")
    return pages


def _signature_page(pages: Sequence[str]) -> tuple[int, int]:
    """Return where the words of the signature page begin and end."""
    at = 0
    for page in pages:
        if (lead := page.find(SIGNATURE_PAGE)) >= 0:
            return at + lead, at + len(page)
        at += len(page)
    return at, at


def _changes(wanted: str, found: str) -> Iterator[tuple[int, int, str]]:
    """Yield what stands otherwise: from where to where of the wanted words, and what stands there instead.

    Sentences first and their characters after: the whole of a contract by character would take too long.
    """
    for start, end, stood in _unequal(_PIECES.findall(wanted), _PIECES.findall(found)):
        if max(end - start, len(stood)) > LONGEST_BY_CHARACTER:
            yield start, end, stood
            continue
        for low, high, there in _unequal(_WORDS.findall(wanted[start:end]), _WORDS.findall(stood)):
            yield start + low, start + high, there


def _unequal(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    starts = [0, *accumulate(map(len, ours))]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag != "equal":
            yield starts[i1], starts[i2], "".join(theirs[j1:j2])


def _told(wanted: str, start: int, end: int, stood: str) -> Text:
    should, before = _short(wanted[start:end]), wanted[max(0, start - AROUND) : start]
    after = wanted[end : end + AROUND]
    if not stood:
        return f"“{before}”之后缺少定稿的“{should}”", f"missing after '{before}': '{should}'"
    if not should:
        return f"“{before}”之后多出定稿没有的“{_short(stood)}”", f"added after '{before}': '{_short(stood)}'"
    one, other = f"{before}{should}{after}", f"{before}{_short(stood)}{after}"
    return f"定稿为“…{one}…”，此处为“…{other}…”", f"final: '…{one}…'; here: '…{other}…'"


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _at_most(found: Sequence[Text]) -> tuple[Text, ...]:
    more = len(found) - MOST_TOLD
    rest = ((f"另有{more}处不同", f"{more} more differences"),) if more > 0 else ()
    return (*found[:MOST_TOLD], *rest)
