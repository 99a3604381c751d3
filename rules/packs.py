"""Rule packs: law and house policy as data, validated when they are loaded.

A pack is a TOML file: `[pack]` names it, `[acts]` the acts it draws on, `rules` and `deadlines` are its rows,
`[house]` the policy of an institution. Packs are layered; a rule of a later layer replaces the rule of the
same id in the earlier ones. Nothing here knows today's date.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from rules.counting import Period
from rules.policy import HousePolicy

FOLDER = Path(__file__).resolve().parent / "packs"
Confidence = Literal["V", "V*", "V (draft)", "S", "M", "D"]
Severity = Literal["block", "gate", "timer", "calc", "warn", "info"]
DeadlineKind = Literal["statutory", "internal", "expected", "contract"]
_VERIFIED = frozenset({"V", "V*"})


class PackError(ValueError):
    """A rule pack that cannot be used; the Chinese text says which file, where and why."""


class UnknownRule(KeyError):
    """No rule of this id is in force on this day."""

    def __init__(self, rule_id: str, on: date) -> None:
        super().__init__(f"no rule {rule_id!r} on {on.isoformat()}")
        self.rule_id = rule_id
        self.on = on


class Rule(BaseModel):
    """One rule: what it says, where it stands, when it holds, and how well its source is known.

    `confidence`: V the text was read, V* read on an unofficial or cut copy, V (draft) only the draft was
    read, S secondary source, M from memory, D derived from read rules. `valid_to` is the last day.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    article: str = Field(min_length=1)
    version: str = Field(min_length=1)
    valid_from: date
    valid_to: date | None = None
    confidence: Confidence
    severity: Severity
    text: str = ""
    layer: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether the wording of the rule itself was read."""
        return self.confidence in _VERIFIED

    @property
    def badge_zh(self) -> str:
        """The mark that the screen shows beside the rule: 待核实, or nothing."""
        return "" if self.is_verified else "待核实"

    def is_valid(self, on: date) -> bool:
        """Whether the rule is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class DeadlineRule(Rule):
    """A rule that gives a date: the length after a base event, and when to remind whom.

    `period` is for instance `3m`; it is empty if only the contract or a notice can name the date. `rungs` are
    days before the due date, `overdue_rungs` days after it. `who` is a role.
    """

    base_event: str = Field(min_length=1)
    period: str = ""
    roll: bool
    statutory: bool
    kind: DeadlineKind
    rungs: tuple[int, ...]
    overdue_rungs: tuple[int, ...]
    who: Literal["officer", "approver", "finance", "administrator"]

    @field_validator("period")
    @classmethod
    def _check_period(cls, value: str) -> str:
        if value:
            Period.parse(value)
        return value

    @model_validator(mode="after")
    def _check_rungs(self) -> "DeadlineRule":
        if list(self.rungs) != sorted(set(self.rungs), reverse=True) or min(self.rungs, default=0) < 0:
            raise ValueError("rungs must be days before the due date, falling")
        if (
            list(self.overdue_rungs) != sorted(set(self.overdue_rungs))
            or min(self.overdue_rungs, default=1) < 1
        ):
            raise ValueError("overdue_rungs must be days after the due date, rising")
        if self.statutory != (self.kind == "statutory"):
            raise ValueError("statutory and kind disagree")
        return self


@dataclass(frozen=True)
class RuleBook:
    """All rules of the loaded layers, by id and day."""

    layers: tuple[str, ...]
    versions: Mapping[str, tuple[Rule, ...]]
    policy: HousePolicy | None

    def rule(self, id: str, on: date) -> Rule:
        """Return the rule of this id that is in force on a day.

        Raises: UnknownRule.
        """
        for rule in self.versions.get(id, ()):
            if rule.is_valid(on):
                return rule
        raise UnknownRule(id, on)

    def deadline(self, id: str, on: date) -> DeadlineRule:
        """Return the deadline rule of this id that is in force on a day.

        Raises: UnknownRule, also if the rule gives no date.
        """
        rule = self.rule(id, on)
        if not isinstance(rule, DeadlineRule):
            raise UnknownRule(id, on)
        return rule

    @property
    def house(self) -> HousePolicy:
        """The policy of the house.

        Raises: PackError if no loaded layer has one.
        """
        if self.policy is None:
            raise PackError(f"规则包 {'、'.join(self.layers)} 中没有 [house]（单位规则），请加载单位规则包。")
        return self.policy

    def all(self) -> tuple[Rule, ...]:
        """Return every version of every rule, in the order of the packs."""
        return tuple(rule for versions in self.versions.values() for rule in versions)


@lru_cache(maxsize=16)
def load(layers: tuple[str, ...] = ("national", "house")) -> RuleBook:
    """Load rule packs, the general ones first; cached for the life of the process.

    A layer is the name of a shipped pack, or the path of a TOML file.

    Raises: PackError naming the file and the place.
    """
    versions: dict[str, tuple[Rule, ...]] = {}
    policy: HousePolicy | None = None
    for layer in layers:
        name, data = _read(layer)
        for rule_id, rules in _rules_of(name, data).items():
            versions[rule_id] = rules
        if "house" in data:
            policy = _house_of(name, data["house"])
    if policy is not None:
        _check_agreement(versions, policy)
    return RuleBook(layers, versions, policy)


def _check_agreement(versions: Mapping[str, tuple[Rule, ...]], policy: HousePolicy) -> None:
    """Hold the deadline rules to the lengths that the house policy states.

    Raises: PackError if they differ.
    """
    stated = {
        "PUB": f"{policy.publicity_days}{policy.publicity_unit}",
        "FEEDBACK": f"{policy.feedback_days}d",
    }
    for rule_id, period in stated.items():
        for rule in versions.get(rule_id, ()):
            if isinstance(rule, DeadlineRule) and rule.period != period:
                raise PackError(
                    f"规则包 {rule.layer} 的期限规则 {rule_id} 写的是 {rule.period}，"
                    f"[house] 写的是 {period}，请改为一致。"
                )


def _read(layer: str) -> tuple[str, dict[str, Any]]:
    path = Path(layer) if layer.endswith(".toml") else FOLDER / f"{layer}.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackError(f"读不到规则包 {path}：{error.strerror}。请检查规则包的名称或路径。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"规则包 {path.name} 不是有效的 UTF-8 TOML 文件：{error}。") from error
    unknown = set(data) - {"pack", "acts", "rules", "deadlines", "house"}
    if unknown or "pack" not in data:
        raise PackError(
            f"规则包 {path.name} 缺少 [pack]，或含有未知部分：{'、'.join(sorted(unknown)) or '无'}。"
        )
    return path.name, data


def _rules_of(name: str, data: Mapping[str, Any]) -> dict[str, tuple[Rule, ...]]:
    defaults = {"version": data["pack"].get("version", ""), "layer": data["pack"].get("name", name)}
    found: dict[str, list[Rule]] = {}
    for section, model in (("rules", Rule), ("deadlines", DeadlineRule)):
        for row in data.get(section, ()):
            rule = _validated(name, model, _with_act(name, data.get("acts", {}), defaults, row))
            found.setdefault(rule.id, []).append(rule)
    return {rule_id: _ordered(name, rules) for rule_id, rules in found.items()}


def _with_act(
    name: str, acts: Mapping[str, Any], defaults: Mapping[str, Any], row: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a row completed from its act: version and first day of validity."""
    key = row.get("act")
    if key is None:
        return {**defaults, **row}
    if key not in acts:
        raise PackError(f"规则包 {name} 的规则 {row.get('id', '?')} 引用了未列出的法规“{key}”。")
    own = {field: value for field, value in row.items() if field != "act"}
    return {**defaults, **acts[key], **own}


def _validated(name: str, model: type[Rule], row: Mapping[str, Any]) -> Rule:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        raise PackError(f"规则包 {name} 的规则 {row.get('id', '?')} 有误：{_where(error)}。") from error


def _house_of(name: str, data: Mapping[str, Any]) -> HousePolicy:
    try:
        return HousePolicy.model_validate(data)
    except ValidationError as error:
        raise PackError(f"规则包 {name} 的 [house] 有误：{_where(error)}。") from error


def _where(error: ValidationError) -> str:
    return "；".join(f"{'.'.join(map(str, e['loc'])) or '整体'}：{e['msg']}" for e in error.errors())


def _ordered(name: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the versions of one rule by date.

    Raises: PackError if two versions hold on the same day.
    """
    ordered = tuple(sorted(rules, key=lambda rule: rule.valid_from))
    for earlier, later in zip(ordered, ordered[1:], strict=False):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            raise PackError(f"规则包 {name} 的规则 {later.id} 有两个版本在{later.valid_from}同时有效。")
    return ordered
