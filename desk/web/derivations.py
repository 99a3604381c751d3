"""Derivations as pages show them: a sentence, and a table whose result stands on top."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desk.web.i18n import Words
from rules.derivation import Derivation, shown

DEEPEST = 6
CODE = re.compile(r"[a-z][a-z_]*")


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


def why(told: Mapping[str, Any] | Derivation | None, words: Words) -> Why | None:
    """Return a derivation, or its tree (`as_json`), in the reader's language; None if there is none."""
    if not told:
        return None
    found = told if isinstance(told, Derivation) else Derivation.from_json(told)
    return Why(words.pick(found.sentence_zh, found.sentence_en), tuple(_lines(found, 0, words)))


def _lines(found: Derivation, level: int, words: Words) -> Iterator[Line]:
    yield Line(
        min(level, DEEPEST), words.pick(found.zh, found.en), _value(found, words), found.rule_id, found.article,
        found.confidence,
    )  # fmt: skip
    for part in found.parts:
        yield from _lines(part, level + 1, words)


def _value(found: Derivation, words: Words) -> str:
    """Return what came out of a step; a flag and a code word are told by the step itself."""
    if found.unit == "flag" or (found.unit == "text" and CODE.fullmatch(str(found.value))):
        return ""
    text = shown(found.value, found.unit)
    return text if words.language == "zh" else text.replace(" 元", " yuan")
