"""Derivations as pages show them: a sentence, and a table whose result stands on top."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.web.i18n import Words
from rules.derivation import Derivation

DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the table. `level` is its depth, limited to what a screen can indent."""

    level: int
    text: str
    value: str
    rule: str
    article: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Why:
    """How something came about."""

    sentence: str
    lines: tuple[Line, ...]

    @property
    def has_sources(self) -> bool:
        """Say whether any step cites a rule."""
        return any(line.rule for line in self.lines)


def why(tree: Mapping[str, Any] | None, words: Words) -> Why | None:
    """Return a stored or answered tree (`Derivation.as_json`) in the reader's language; None if there is none."""
    if not tree:
        return None
    found = Derivation.from_json(tree)
    lines = tuple(
        Line(min(row.level, DEEPEST), words.pick(row.zh, row.en), _value(row.value, words), row.rule_id,
             row.article, row.confidence)
        for row in found.rows()
    )  # fmt: skip
    return Why(words.pick(found.sentence_zh, found.sentence_en), lines)


def _value(text: str, words: Words) -> str:
    if words.language == "zh":
        return text
    return {"是": "yes", "否": "no"}.get(text, text.replace(" 元", " yuan"))
