"""Rule packs: law and house policy as data, validated when they are loaded.

A pack is a TOML file, or a folder of them: `[pack]` names it, `[acts]` the acts it draws on, `rules` and
`deadlines` are its rules, `[house]` the policy of an institution, every other section a table of dated values.
Packs are layered nation → province → house; a rule of a later layer replaces the rule of the same id in the
earlier ones for the time for which it is in force, rows of values stand side by side and know their layer. Nothing
here knows today's date.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from hashlib import sha256
from json import dumps
from typing import TypeVar

from rules.deadline_rule import DeadlineRule
from rules.pack_checks import faults_of
from rules.pack_faults import Fault, PackError
from rules.pack_files import SECTIONS, Pack, read_pack
from rules.pack_head import PackHead
from rules.pack_source import FOLDER
from rules.policy import HousePolicy
from rules.rule import Dated, Rule

__all__ = [
    "FOLDER",
    "SECTIONS",
    "Fault",
    "PackError",
    "PackHead",
    "RuleBook",
    "UnknownRule",
    "fresh",
    "load",
    "read_book",
]

D = TypeVar("D", bound=Dated)
DAY = timedelta(days=1)


class UnknownRule(KeyError):
    """No rule of this id is in force on this day."""

    def __init__(self, rule_id: str, on: date) -> None:
        super().__init__(f"no rule {rule_id!r} on {on.isoformat()}")
        self.rule_id = rule_id
        self.on = on


@dataclass(frozen=True, eq=False)
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
        for rule in self.versions_of(id):
            if rule.is_valid(on):
                return rule
        raise UnknownRule(id, on)

    def deadline(self, id: str, on: date) -> DeadlineRule:
        """Return the deadline rule of this id that is in force on a day, with the house's own reminders.

        For a day before the first version, the first version stands in: a date that lies long past still gets
        its deadline (`rule.is_valid(on)` tells the two apart).

        Raises: UnknownRule, also if the rule gives no date.
        """
        versions = self.versions_of(id)
        rule = versions[0] if versions and on < versions[0].valid_from else self.rule(id, on)
        if not isinstance(rule, DeadlineRule):
            raise UnknownRule(id, on)
        rungs = self.house(on).ladder_of(rule.id, rule.kind) if self.policies else None
        if rungs is None:
            return rule
        own: Mapping[str, object] = {"rungs": rungs.before, "overdue_rungs": rungs.after}
        return rule.model_copy(update=own)

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
        return self._all

    def versions_of(self, id: str) -> tuple[Rule, ...]:
        """Return every version of a rule, the earliest first; nothing if there is none of this id or alias."""
        return self.versions.get(id) or self.versions.get(self.aliases.get(id, ""), ())

    @cached_property
    def ladders(self) -> str:
        """A hash of everything that says when reminders come; another one means that open dates are laid out anew."""
        told = [
            [rule.id, rule.kind, rule.valid_from.isoformat(), rule.rungs, rule.overdue_rungs]
            for rule in self.all()
            if isinstance(rule, DeadlineRule)
        ]
        own = [
            policy.model_dump_json(include={"valid_from", "reminders", "reminding"})
            for policy in self.policies
        ]
        return sha256(dumps([told, own]).encode()).hexdigest()

    @cached_property
    def _all(self) -> tuple[Rule, ...]:
        return tuple(rule for versions in self.versions.values() for rule in versions)


@lru_cache(maxsize=64)
def load(layers: tuple[str, ...] = ("national", "house")) -> RuleBook:
    """Load rule packs, the general ones first; cached for the life of the process.

    A layer is the name of a shipped pack, or the path of a TOML file or of a folder of them.

    Raises: PackError with every fault that was found, each with file, line, reason and remedy.
    """
    return fresh(layers)


def fresh(layers: tuple[str, ...]) -> RuleBook:
    """Load rule packs as their files stand now.

    Raises: PackError like `load`.
    """
    return read_book(layers)[0]


def read_book(layers: tuple[str, ...]) -> tuple[RuleBook, tuple[Pack, ...]]:
    """Load rule packs as their files stand now, and return the packs too, which know the line of everything.

    Raises: PackError like `load`.
    """
    packs: list[Pack] = []
    faults: list[Fault] = []
    for layer in layers:
        try:
            packs.append(read_pack(layer))
        except PackError as error:
            faults += error.faults
    if faults:
        raise PackError(faults)
    book = _book(layers, packs)
    if faults := faults_of(packs, book):
        raise PackError(faults)
    return book, tuple(packs)


def _succeeded(general: Sequence[Rule], own: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Return the versions of a rule that a later layer replaces: the general ones stand before and after its own."""
    begins, ends = own[0].valid_from, own[-1].valid_to
    before = (_until(rule, begins - DAY) for rule in general if rule.valid_from < begins)
    if ends is None:
        return (*before, *own)
    after = (_since(rule, ends + DAY) for rule in general if rule.valid_to is None or ends < rule.valid_to)
    return (*before, *own, *after)


def _until(rule: Rule, last: date) -> Rule:
    return rule if rule.valid_to and rule.valid_to <= last else rule.model_copy(update={"valid_to": last})


def _since(rule: Rule, first: date) -> Rule:
    return rule if first <= rule.valid_from else rule.model_copy(update={"valid_from": first})


def _book(layers: tuple[str, ...], packs: Sequence[Pack]) -> RuleBook:
    versions: dict[str, tuple[Rule, ...]] = {}
    tables: dict[str, tuple[Dated, ...]] = {}
    policies: tuple[HousePolicy, ...] = ()
    for pack in packs:
        for rule_id, own in pack.rules.items():
            versions[rule_id] = _succeeded(versions.get(rule_id, ()), own)
        for section, rows in pack.tables.items():
            tables[section] = tables.get(section, ()) + rows
        policies = pack.policies or policies
    aliases = {other: rule.id for rules in versions.values() for rule in rules for other in rule.also}
    return RuleBook(layers, tuple(pack.head for pack in packs), versions, tables, policies, aliases)
