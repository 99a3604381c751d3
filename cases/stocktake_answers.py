"""The self-rating: what an inventor is asked, and the one check of what they say. Pure.

The three dimensions of the papers (maturity, scenario, prospect) are asked for, the willingness by mode or that there is
none, the implementation so far, public funding, and the inventor's own rating in five steps (20 to 100 points).

Source: 榕市监知〔2024〕268号 (S3-05, S3-06, S3-07); the fields that universities asked for in 2024
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from cases.profile_fields import IMPLEMENTATIONS, MATURITIES, PROSPECTS, WILLINGNESS
from rules.text import normalize

FUNDED = {"yes": ("是", "Yes"), "no": ("否", "No")}
VALUES = {
    "5": ("很高", "Very high"), "4": ("较高", "High"), "3": ("一般", "Fair"), "2": ("较低", "Low"),
    "1": ("很低", "Very low"),
}  # fmt: skip
CHOICES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "maturity": MATURITIES, "prospect": PROSPECTS, "implementation": IMPLEMENTATIONS, "funded": FUNDED, "value": VALUES,
}  # fmt: skip
TEXTS = {"scenario": 500, "comments": 1000}
FIELDS = (*CHOICES, *TEXTS, "willingness", "unwilling")
ASKED_FOR = ("maturity", "scenario", "prospect")
POINTS = 20
# What "as the last one" takes over: everything but what can only be said of one patent.
COPIED = ("maturity", "scenario", "prospect", "willingness", "unwilling", "implementation", "funded")


@dataclass(frozen=True, slots=True)
class Rating:
    """A self-rating, read: `answers` as the record keeps them, `missing` of what is asked for, `faults` by field."""

    answers: Mapping[str, Any]
    missing: tuple[str, ...]
    faults: Mapping[str, str]


def read_answers(values: Mapping[str, object]) -> Rating:
    """Read what was typed; unknown words are faults, empty fields are left out."""
    answers: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, known in CHOICES.items():
        word = str(values.get(name) or "").strip()
        if word and word not in known:
            faults[name] = f"请从以下各项中选择：{'、'.join(zh for zh, _ in known.values())}"
        elif word:
            answers[name] = word
    for name, longest in TEXTS.items():
        text = normalize(str(values.get(name) or ""))
        if len(text) > longest:
            faults[name] = f"不超过{longest}个字"
        elif text:
            answers[name] = text
    willing = _willing(values.get("willingness"))
    if set(willing) - set(WILLINGNESS):
        faults["willingness"] = f"可选：{'、'.join(zh for zh, _ in WILLINGNESS.values())}"
    elif willing:
        answers["willingness"] = [word for word in WILLINGNESS if word in willing]
    if str(values.get("unwilling") or "") in ("yes", "on", "True", "true", "1", "是"):
        answers["unwilling"] = "yes"
    if willing and "unwilling" in answers:
        faults["willingness"] = "“暂不转化”与转化方式不能同时选择"
    return Rating(answers, missing_of(answers), faults)


def _willing(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, (list, tuple)) else str(value or "").split(",")
    return tuple(word for part in parts if (word := str(part).strip()))


def missing_of(answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what is asked for and not there."""
    lacking = [name for name in ASKED_FOR if not answers.get(name)]
    if not answers.get("willingness") and not answers.get("unwilling"):
        lacking.append("willingness")
    return tuple(lacking)


def self_score(answers: Mapping[str, Any]) -> int | None:
    """Return the inventor's own rating in points, None if they gave none."""
    return int(answers["value"]) * POINTS if answers.get("value") else None


def scenarios_in(answers: Mapping[str, Any]) -> int:
    """Return how many fields of use are named: parts between semicolons, list commas or line ends."""
    text = str(answers.get("scenario", ""))
    for mark in "；;、，,/\n":
        text = text.replace(mark, "\x00")
    return sum(bool(part.strip()) for part in text.split("\x00"))


def profile_of(answers: Mapping[str, Any]) -> dict[str, object]:
    """Return what a rating says of the patent's profile; what was not answered is not in it."""
    found: dict[str, object] = {
        name: answers[name]
        for name in ("maturity", "prospect", "scenario", "implementation")
        if answers.get(name)
    }
    found["willingness"] = list(answers.get("willingness", ()))
    if answers.get("funded"):
        found["funded"] = answers["funded"] == "yes"
    if (score := self_score(answers)) is not None:
        found["self_score"] = score
    return found


def blanks(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with an empty text for every field that they lack, as a form shows them."""
    return {**dict.fromkeys(FIELDS, ""), **values}


def stored(answers: Mapping[str, Any]) -> str:
    """Return answers as the record keeps them."""
    return orjson.dumps(dict(answers), option=orjson.OPT_SORT_KEYS).decode()


def loaded(text: str) -> dict[str, Any]:
    """Return kept answers."""
    found: dict[str, Any] = orjson.loads(text)
    return found
