"""What people typed in Chinese, and the English that they gave beside it.

In: the rows of the terms. Out: the words of the English text, in which what has no English stands in quotes and is
said to be Chinese.
"""

import re
from collections.abc import Iterable
from typing import Any

from contracts.bilingual.english import english
from contracts.deal import DealTerms
from rules.text import normalize

_HAN = re.compile(r"[\u3400-\u9fff]")
_PARTED = re.compile(r"；|; ")
_MARKED = re.compile(r"“([^“”]+)” \(in Chinese\)")
_STOPS = "。；;."


class Glossary:
    """English texts by the Chinese that they stand for."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """Take rows of Chinese and English; amounts and days within the Chinese may be in English already."""
        self._known = {
            _bare(form): en.rstrip(_STOPS) for zh, en in rows for form in (zh, english(normalize(zh)))
        }

    def of(self, text: str) -> str:
        """Return the English of a text, or nothing."""
        return self._known.get(_bare(text), "")

    def filled(self, value: Any) -> Any:
        """Return words with what was typed in English; what has none is marked as Chinese."""
        if isinstance(value, str):
            return self._filled(value) if _HAN.search(value) else value
        if isinstance(value, dict):
            return {name: self.filled(inner) for name, inner in value.items()}
        return [self.filled(inner) for inner in value] if isinstance(value, list | tuple) else value

    def _filled(self, text: str) -> str:
        stop = "." if text.endswith("。") else ""
        whole = self.of(text)
        return (whole or "; ".join(map(self._piece, _PARTED.split(text.rstrip(_STOPS))))) + stop

    def _piece(self, text: str) -> str:
        if not _HAN.search(text):
            return text
        return self.of(text) or f"“{_bare(text).translate(_INNER)}” (in Chinese)"


# Quotes within a quote.
_INNER = str.maketrans("“”", "‘’")


def _bare(text: str) -> str:
    return normalize(text).rstrip(_STOPS)


def glossary_of(terms: DealTerms) -> Glossary:
    """Return the English that the terms give beside their Chinese."""
    return Glossary((row.zh, row.en) for row in terms.translations())


def marked(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what stands as Chinese in English texts, each once."""
    return tuple(dict.fromkeys(found for text in texts for found in _MARKED.findall(text)))
