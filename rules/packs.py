"""Rule packs: law and house policy as data, validated when they are loaded.

A pack is a TOML file, or a folder of them: `[pack]` names it, `[acts]` the acts it draws on, `rules` and
`deadlines` are its rules, `[house]` the policy of an institution, every other section a table of dated values.
Packs are layered nation → province → house; a rule of a later layer replaces the rule of the same id in the
earlier ones, rows of values stand side by side and know their layer. Nothing here knows today's date.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rules import fee_tables, holiday_notices, money_tables
from rules.deadline_rule import DeadlineRule
from rules.pack_faults import PackError, place_of, reasons_of
from rules.policy import HousePolicy
from rules.rule import Dated, Rule

__all__ = ["FOLDER", "PackError", "PackHead", "RuleBook", "UnknownRule", "load"]

FOLDER = Path(__file__).resolve().parent / "packs"
SECTIONS: Mapping[str, type[Dated]] = {
    **fee_tables.SECTIONS,
    **money_tables.SECTIONS,
    **holiday_notices.SECTIONS,
}
_OWN_SECTIONS = frozenset({"pack", "acts", "rules", "deadlines", "house"})
_RULE_SECTIONS: tuple[tuple[str, type[Rule]], ...] = (("rules", Rule), ("deadlines", DeadlineRule))
D = TypeVar("D", bound=Dated)


class UnknownRule(KeyError):
    """No rule of this id is in force on this day."""

    def __init__(self, rule_id: str, on: date) -> None:
        super().__init__(f"no rule {rule_id!r} on {on.isoformat()}")
        self.rule_id = rule_id
        self.on = on


class PackHead(BaseModel):
    """What a pack says of itself. `place` is the province of a provincial pack: 浙江."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    version: str = Field(min_length=1)
    kind: Literal["national", "province", "house"]
    place: str = ""


@dataclass(frozen=True)
class RuleBook:
    """All rules of the loaded layers, by id and day. `packs` are the heads of the layers, in their order."""

    layers: tuple[str, ...]
    packs: tuple[PackHead, ...]
    versions: Mapping[str, tuple[Rule, ...]]
    tables: Mapping[str, tuple[Dated, ...]]
    policies: tuple[HousePolicy, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def rule(self, id: str, on: date) -> Rule:
        """Return the rule of this id that is in force on a day.

        Raises: UnknownRule.
        """
        for rule in self._versions_of(id):
            if rule.is_valid(on):
                return rule
        raise UnknownRule(id, on)

    def deadline(self, id: str, on: date) -> DeadlineRule:
        """Return the deadline rule of this id that is in force on a day.

        For a day before the first version, the first version stands in: a date that lies long past still gets
        its deadline (`rule.is_valid(on)` tells the two apart).

        Raises: UnknownRule, also if the rule gives no date.
        """
        versions = self._versions_of(id)
        if versions and on < versions[0].valid_from:
            rule: Rule = versions[0]
        else:
            rule = self.rule(id, on)
        if not isinstance(rule, DeadlineRule):
            raise UnknownRule(id, on)
        rungs = self.house(on).reminders.get(rule.id) if self.policies else None
        return (
            rule.model_copy(update={"rungs": rungs.before, "overdue_rungs": rungs.after}) if rungs else rule
        )

    def rows(self, section: type[D], on: date) -> tuple[D, ...]:
        """Return the rows of a table that hold on a day, in the order of the layers."""
        return tuple(row for row in self.all_rows(section) if row.is_valid(on))

    def all_rows(self, section: type[D]) -> tuple[D, ...]:
        """Return every row of a table, in the order of the layers."""
        return tuple(row for rows in self.tables.values() for row in rows if isinstance(row, section))

    def house(self, on: date) -> HousePolicy:
        """Return the policy of the house on a day; before the first version, the first one stands in.

        Raises: PackError if no loaded layer has one.
        """
        if not self.policies:
            raise PackError(f"规则包 {'、'.join(self.layers)} 中没有 [house]（单位规则），请加载单位规则包。")
        held = [policy for policy in self.policies if policy.is_valid(on)]
        return held[0] if held else self.policies[0 if on < self.policies[0].valid_from else -1]

    @property
    def place(self) -> str:
        """The province whose pack is loaded, or nothing."""
        return next((pack.place for pack in self.packs if pack.kind == "province"), "")

    def all(self) -> tuple[Rule, ...]:
        """Return every version of every rule, in the order of the packs."""
        return tuple(rule for versions in self.versions.values() for rule in versions)

    def _versions_of(self, id: str) -> tuple[Rule, ...]:
        return self.versions.get(id) or self.versions.get(self.aliases.get(id, ""), ())


@lru_cache(maxsize=64)
def load(layers: tuple[str, ...] = ("national", "house")) -> RuleBook:
    """Load rule packs, the general ones first; cached for the life of the process.

    A layer is the name of a shipped pack, or the path of a TOML file.

    Raises: PackError naming the file and the place.
    """
    versions: dict[str, tuple[Rule, ...]] = {}
    tables: dict[str, tuple[Dated, ...]] = {}
    policies: tuple[HousePolicy, ...] = ()
    heads: list[PackHead] = []
    for layer in layers:
        pack = _read(layer)
        heads.append(pack.head)
        versions |= pack.rules
        for section, rows in pack.tables.items():
            tables[section] = tables.get(section, ()) + rows
        policies = pack.policies or policies
    for policy in policies:
        _check_agreement(versions, policy)
    aliases = {other: rule.id for rules in versions.values() for rule in rules for other in rule.also}
    return RuleBook(layers, tuple(heads), versions, tables, policies, aliases)


@dataclass(frozen=True)
class _Pack:
    """One layer as read."""

    head: PackHead
    rules: Mapping[str, tuple[Rule, ...]]
    tables: Mapping[str, tuple[Dated, ...]]
    policies: tuple[HousePolicy, ...]


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


def _read(layer: str) -> _Pack:
    """Read one layer, a file or a folder of files."""
    files = _files_of(layer)
    parsed = [(path.name, _parsed(path)) for path in files]
    heads = [(name, data["pack"]) for name, data in parsed if "pack" in data]
    if len(heads) != 1:
        raise PackError(f"规则包 {layer} 须有且只有一个 [pack]（现有 {len(heads)} 个）。")
    head: PackHead = _validated(heads[0][0], PackHead, heads[0][1], "[pack]")
    acts = {key: act for _, data in parsed for key, act in data.get("acts", {}).items()}
    defaults = {"version": head.version, "layer": head.name}
    rules: dict[str, list[Rule]] = {}
    tables: dict[str, tuple[Dated, ...]] = {}
    policies: list[HousePolicy] = []
    for name, data in parsed:
        for section, model in _RULE_SECTIONS:
            for row in data.get(section, ()):
                rule = _validated(
                    name, model, _with_act(name, acts, defaults, row), f"规则 {row.get('id', '?')}"
                )
                rules.setdefault(rule.id, []).append(rule)
        for section in sorted(set(data) - _OWN_SECTIONS):
            tables[section] = tables.get(section, ()) + _rows_of(name, section, data[section], acts, head)
        policies += _policies_of(name, data.get("house", []))
    return _Pack(
        head,
        {rule_id: _ordered(layer, found) for rule_id, found in rules.items()},
        tables,
        tuple(sorted(policies, key=lambda policy: policy.valid_from)),
    )


def _files_of(layer: str) -> list[Path]:
    if layer.endswith(".toml"):
        return [Path(layer)]
    folder = FOLDER / layer
    return sorted(folder.glob("*.toml")) if folder.is_dir() else [FOLDER / f"{layer}.toml"]


def _parsed(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PackError(f"读不到规则包 {path}：{error.strerror}。请检查规则包的名称或路径。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackError(f"规则包 {path.name} 不是有效的 UTF-8 TOML 文件：{error}。") from error
    unknown = set(data) - _OWN_SECTIONS - set(SECTIONS)
    if unknown:
        raise PackError(f"规则包 {path.name} 含有未知部分：{'、'.join(sorted(unknown))}。")
    return data


def _rows_of(
    name: str, section: str, rows: Any, acts: Mapping[str, Any], head: PackHead
) -> tuple[Dated, ...]:
    if not isinstance(rows, list):
        raise PackError(f"规则包 {name} 的 {section} 须写成 [[{section}]]。")
    filled = {"layer": head.name, "place": head.place}
    dates = {key: {k: v for k, v in act.items() if k.startswith("valid_")} for key, act in acts.items()}
    return tuple(
        _validated(name, SECTIONS[section], _with_act(name, dates, filled, row), f"{section} 第 {number} 行")
        for number, row in enumerate(rows, 1)
    )


def _policies_of(name: str, house: Any) -> list[HousePolicy]:
    versions = house if isinstance(house, list) else [house]
    return [_validated(name, HousePolicy, version, "[house]") for version in versions]


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


M = TypeVar("M", bound=BaseModel)


def _validated(name: str, model: type[M], row: Mapping[str, Any], what: str) -> M:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        raise PackError(f"规则包 {name} 的{what} 有误：{_where(error)}。") from error


def _where(error: ValidationError) -> str:
    return "；".join(
        f"{'.'.join(map(str, place_of(e))) or '整体'}：{reasons_of(e)[0]}" for e in map(dict, error.errors())
    )


def _ordered(name: str, rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the versions of one rule by date.

    Raises: PackError if two versions hold on the same day.
    """
    ordered = tuple(sorted(rules, key=lambda rule: rule.valid_from))
    for earlier, later in zip(ordered, ordered[1:], strict=False):
        if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
            raise PackError(f"规则包 {name} 的规则 {later.id} 有两个版本在{later.valid_from}同时有效。")
    return ordered
