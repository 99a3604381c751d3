"""How text becomes what is searched: words for ranking, and the pieces by which whatever is typed is found.

Pure: text in, words out. Chinese is written without blanks, and no dictionary knows every term of a field; so the
index does not rest on one. It holds every single character and every pair of neighbors. Whatever stretch of a title
is typed, its characters and pairs stand in that title, too, whether a dictionary would have cut there or not.
"""

import re
from functools import lru_cache
from itertools import groupby, pairwise
from unicodedata import normalize as unicode_form

from rjieba import cut_for_search

from rules.text import fold, normalize

LONGEST_QUESTION = 100
_NUMBER = re.compile(r"(?:ZL|CN)?([0-9]{4,13}X?[A-Z]?[0-9]?)")
# Numbers of other offices, and symbols of the International Patent Classification.
_SYMBOL = re.compile(
    r"(?:WO|PCT|US|EP|JP|KR|DE|GB)[A-Z0-9/]{5,18}|[A-H][0-9]{2}(?:[A-Z](?:[0-9]{1,4}(?:/[0-9]{0,6})?)?)?"
)


def folded(text: str) -> str:
    """Return the text as it is compared: one form of width, case and blanks."""
    return unicode_form("NFKC", normalize(text)).casefold()


def words_of(text: str) -> str:
    """Return the words of a text, folded and joined by blanks, in their order; a word may hold shorter ones.

    Words are those of a Chinese dictionary; signs are left out. For ranking and matching, where a word counts as one.
    """
    return " ".join(word for word in cut_for_search(folded(text)) if any(map(str.isalnum, word)))


def pieces_of(text: str) -> frozenset[str]:
    """Return every character and every pair of neighbors of a text; signs and blanks part it."""
    return frozenset(piece for run in _runs(folded(text)) for piece in _pieces(run))


def number_of(text: str) -> str:
    """Return a number or class symbol as it is compared, without ZL, CN, blanks and signs; empty if it is none."""
    bare = fold(text[:40]).replace(".", "")
    found = _NUMBER.fullmatch(bare)
    if found:
        return found[1].casefold()
    return bare.replace("/", "").casefold() if _SYMBOL.fullmatch(bare) else ""


def terms_of(question: str) -> tuple[tuple[str, ...], ...]:
    """Return what a question asks for: for each stretch of it the pieces that must all be there.

    The pairs of a stretch are enough, a single character stands for itself.
    """
    runs = dict.fromkeys(_runs(folded(question[:LONGEST_QUESTION])))
    return tuple(tuple(dict.fromkeys(map("".join, pairwise(run)))) or (run,) for run in runs)


def telling_words(question: str) -> tuple[str, ...]:
    """Return the words of a question that tell something, each once: two characters or more."""
    found = dict.fromkeys(words_of(question[:LONGEST_QUESTION]).split())
    return tuple(word for word in found if len(word) > 1)


def _runs(text: str) -> list[str]:
    return ["".join(run) for is_word, run in groupby(text, str.isalnum) if is_word]


@lru_cache(maxsize=4096)
def _pieces(run: str) -> frozenset[str]:
    """The cache pays: owners and colleges repeat from patent to patent."""
    return frozenset(run) | frozenset(map("".join, pairwise(run)))
