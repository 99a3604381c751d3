"""How a date, an amount, a share or a refusal came about: a tree that reads as a sentence, a table or JSON.

In: one node per step, each with what came out, the rule behind it and the steps it was made from. Out: text in
Chinese and English, rows, plain JSON values. The tree is data; it computes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

from rules.money import format_yuan, percent

Unit = Literal["", "date", "fen", "bp", "days", "text", "flag"]
Value = date | int | str | bool | None


class Cited(Protocol):
    """What a step cites: the rule, its article, and how well it is known."""

    @property
    def id(self) -> str:
        """The rule's id."""

    @property
    def article(self) -> str:
        """Where it stands."""

    @property
    def confidence(self) -> str:
        """How well its source is known."""

    @property
    def badge_zh(self) -> str:
        """待核实, or nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table form. `level` is the depth in the tree, 0 for the result."""

    level: int
    name: str
    zh: str
    en: str
    value: str
    rule_id: str
    article: str
    confidence: str
    badge_zh: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """One step: `zh` and `en` tell it without a final stop, `value` is what came out, in `unit`.

    Units: `fen` and `bp` (basis points, 5000 is 50 %) are integers; `date`, `days`, `text`, `flag`.
    `parts` are the steps it was made from, in the order in which they are told. `badge_zh` is 待核实 if the
    wording of the cited rule was not read.
    """

    name: str
    zh: str
    en: str
    value: Value = None
    unit: Unit = ""
    rule_id: str = ""
    article: str = ""
    confidence: str = ""
    badge_zh: str = ""
    parts: tuple["Derivation", ...] = ()

    @property
    def sentence_zh(self) -> str:
        """The whole derivation in one Chinese sentence: what it was made from first, the result last."""
        return "；".join(step.told_zh for step in self.steps()) + "。"

    @property
    def sentence_en(self) -> str:
        """The whole derivation in one English sentence."""
        return "; ".join(step.told_en for step in self.steps()) + "."

    @property
    def lines_zh(self) -> tuple[str, ...]:
        """One Chinese sentence per step."""
        return tuple(f"{step.told_zh}。" for step in self.steps())

    @property
    def lines_en(self) -> tuple[str, ...]:
        """One English sentence per step."""
        return tuple(f"{step.told_en}." for step in self.steps())

    @property
    def told_zh(self) -> str:
        """This step alone, with its source."""
        badge = f"，{self.badge_zh}" if self.badge_zh else ""
        return f"{self.zh}（依据{self.article}，规则{self.rule_id}{badge}）" if self.rule_id else self.zh

    @property
    def told_en(self) -> str:
        """This step alone, with its source."""
        badge = ", not verified" if self.badge_zh else ""
        return f"{self.en} (rule {self.rule_id}: {self.article}{badge})" if self.rule_id else self.en

    def steps(self) -> Iterator["Derivation"]:
        """Go through the steps in the order in which they are told: parts first, then what they make."""
        for part in self.parts:
            yield from part.steps()
        yield self

    def rows(self) -> tuple[Row, ...]:
        """Return the table form: the result first, below it what it was made from."""
        return tuple(self._rows(0))

    def _rows(self, level: int) -> Iterator[Row]:
        yield Row(
            level, self.name, self.zh, self.en, shown(self.value, self.unit), self.rule_id, self.article,
            self.confidence, self.badge_zh,
        )  # fmt: skip
        for part in self.parts:
            yield from part._rows(level + 1)

    def as_json(self) -> dict[str, Any]:
        """Return the tree as JSON values: dates ISO, amounts in fen."""
        value = self.value.isoformat() if isinstance(self.value, date) else self.value
        told: dict[str, Any] = {
            "name": self.name,
            "zh": self.zh,
            "en": self.en,
            "value": value,
            "unit": self.unit,
        }
        if self.rule_id:
            told |= {"rule": self.rule_id, "article": self.article, "confidence": self.confidence}
        if self.badge_zh:
            told["badge"] = self.badge_zh
        if self.parts:
            told["parts"] = [part.as_json() for part in self.parts]
        return told

    def answer(self) -> dict[str, Any]:
        """Return what commands and the API print under `derivation`: sentence, table and tree."""
        return {
            "sentence": self.sentence_zh,
            "sentence_en": self.sentence_en,
            "table": [
                {
                    "level": row.level,
                    "step": row.zh,
                    "value": row.value,
                    "rule": row.rule_id,
                    "article": row.article,
                }
                for row in self.rows()
            ],
            "tree": self.as_json(),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Derivation":
        """Read what `as_json` wrote."""
        value = told["value"]
        if told["unit"] == "date" and value is not None:
            value = date.fromisoformat(value)
        return cls(
            told["name"], told["zh"], told["en"], value, told["unit"], told.get("rule", ""),
            told.get("article", ""), told.get("confidence", ""), told.get("badge", ""),
            tuple(cls.from_json(part) for part in told.get("parts", ())),
        )  # fmt: skip


def step(
    name: str,
    zh: str,
    en: str,
    value: Value = None,
    unit: Unit = "",
    *parts: Derivation,
    rule: Cited | None = None,
) -> Derivation:
    """Build a step that cites a rule, or none."""
    if rule is None:
        return Derivation(name, zh, en, value, unit, parts=parts)
    return Derivation(name, zh, en, value, unit, rule.id, rule.article, rule.confidence, rule.badge_zh, parts)


def shown(value: Value, unit: Unit) -> str:
    """Return a value as the table form shows it; amounts in yuan."""
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if unit == "fen":
        return f"{format_yuan(int(value))} 元"
    if unit == "bp":
        return percent(int(value))
    return str(value)
