"""Reading one layer of rules: a TOML file, or a folder of them, into checked models.

In: the name of a shipped pack, or the path of a file or folder. Out: a `Pack` that knows where each of its models
is written; or a `PackError` with every fault of the layer. Layers are put together in `rules.packs`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from rules import fee_tables, holiday_notices, money_tables
from rules.deadline_rule import DeadlineRule
from rules.pack_faults import Fault, PackError, field_label, place_of, reasons_of
from rules.pack_head import Act, PackHead
from rules.pack_lines import Way
from rules.pack_source import Source, files_of, inexact, read
from rules.policy import HousePolicy
from rules.rule import Dated, Rule, Spanned

SECTIONS: Mapping[str, type[Dated]] = {
    **fee_tables.SECTIONS,
    **money_tables.SECTIONS,
    **holiday_notices.SECTIONS,
}
RULE_SECTIONS: Mapping[str, type[Rule]] = {"rules": Rule, "deadlines": DeadlineRule}
_OWN_SECTIONS = frozenset({"pack", "acts", "house", *RULE_SECTIONS})
_DATES = ("valid_from", "valid_to")
Row = Mapping[str, Any]
M = TypeVar("M", bound=BaseModel)
P = TypeVar("P", bound=Spanned)


@dataclass(frozen=True)
class Pack:
    """One layer as read. `places` tells, by the identity of a model, where it is written."""

    layer: str
    head: PackHead
    rules: Mapping[str, tuple[Rule, ...]]
    tables: Mapping[str, tuple[Dated, ...]]
    policies: tuple[HousePolicy, ...]
    places: Mapping[int, tuple[Source, Way]]

    def holds(self, model: BaseModel) -> bool:
        """Whether the model is written in this pack."""
        return id(model) in self.places

    def head_fault(self, zh: str, en: str) -> Fault:
        """Return a fault of the pack as a whole."""
        return self.fault(self.head, (), zh, en)

    def fault(self, model: BaseModel, at: Sequence[str | int], zh: str, en: str) -> Fault:
        """Return a fault at the line of a field of one of the pack's models."""
        source, way = self.places[id(model)]
        return source.fault((*way, *at), zh, en)


def read_pack(layer: str) -> Pack:
    """Read one layer.

    Raises: PackError with every fault that can be told from the layer alone.
    """
    found = [read(path) for path in files_of(layer)]
    if broken := [fault for fault in found if isinstance(fault, Fault)]:
        raise PackError(broken)
    return _Reading(layer, [source for source in found if isinstance(source, Source)]).pack()


@dataclass
class _Reading:
    """One layer while it is read: collects models, their places, and faults."""

    layer: str
    sources: list[Source]
    faults: list[Fault] = field(default_factory=list)
    places: dict[int, tuple[Source, Way]] = field(default_factory=dict)
    inexact: set[Way] = field(default_factory=set)

    def pack(self) -> Pack:
        head = self._head()
        acts = self._acts()
        rules: dict[str, list[Rule]] = {}
        tables: dict[str, list[Dated]] = {}
        policies: list[HousePolicy] = []
        for source in self.sources:
            self._check_values(source)
            for rule in self._rules(source, acts, head):
                rules.setdefault(rule.id, []).append(rule)
            for section in sorted(source.data.keys() & SECTIONS.keys()):
                tables.setdefault(section, []).extend(self._rows(source, section, acts, head))
            policies += self._policies(source)
        self._check_overlaps(rules, tables, policies)
        if self.faults:
            raise PackError(sorted(set(self.faults)))
        return Pack(
            self.layer,
            head,
            {rule_id: _by_day(versions) for rule_id, versions in rules.items()},
            {section: tuple(rows) for section, rows in tables.items()},
            _by_day(policies),
            self.places,
        )

    def _head(self) -> PackHead:
        """Return the one head of the pack; without it nothing else can be read."""
        found = [source for source in self.sources if "pack" in source.data]
        if len(found) != 1:
            zh = f"规则包 {self.layer} 须有且只有一个 [pack]，现有{len(found)}个，请改正。"
            en = f"pack {self.layer} must have exactly one [pack]"
            named = [source.fault(("pack",), zh, en) for source in found[1:] or self.sources[:1]]
            raise PackError(named or [Fault(self.layer, 0, zh, en)])
        head = self._checked(found[0], ("pack",), PackHead, found[0].data["pack"], "[pack]")
        if head is None:
            raise PackError(self.faults)
        return head

    def _acts(self) -> Mapping[str, Row]:
        """Return what each act gives to its rows; a faulty act gives what it says."""
        acts: dict[str, Row] = {}
        for source in self.sources:
            held = source.data.get("acts", {})
            if not isinstance(held, dict):
                self.faults.append(
                    source.fault(("acts",), "acts 须写成 [acts]，一部法规一行。", "write [acts]")
                )
                continue
            for key, act in held.items():
                self._checked(source, ("acts", key), Act, act, f"法规 {key}")
                acts[key] = act if isinstance(act, dict) else {}
        return acts

    def _check_values(self, source: Source) -> None:
        """Note unknown sections, and numbers that no rule may hold."""
        for section in sorted(source.data.keys() - _OWN_SECTIONS - SECTIONS.keys()):
            known = "、".join(sorted((*_OWN_SECTIONS, *SECTIONS)))
            self.faults.append(
                source.fault(
                    (section,), f"没有“{section}”这个部分，可用的有：{known}。", f"unknown section: {section}"
                )
            )
        for way, zh, en in inexact(source.data):
            self.inexact.add(way)
            self.faults.append(source.fault(way, f"{_name_of(source.data, way)}：{zh}", en))

    def _rules(self, source: Source, acts: Mapping[str, Row], head: PackHead) -> Iterator[Rule]:
        given = {"version": head.version, "layer": head.name}
        for section, model in RULE_SECTIONS.items():
            for way, row in self._tables_in(source, section):
                what = _name_of(source.data, way)
                act = self._act_of(source, way, acts, row, what)
                rule = self._checked(source, way, model, {**given, **act, **_own(row)}, what)
                if rule is not None:
                    yield rule

    def _rows(self, source: Source, section: str, acts: Mapping[str, Row], head: PackHead) -> Iterator[Dated]:
        given = {"layer": head.name, "place": head.place}
        model = SECTIONS[section]
        for way, row in self._tables_in(source, section):
            what = _name_of(source.data, way)
            if "act" in model.model_fields:
                found = self._checked(source, way, model, {**given, **row}, what)
            else:
                act = self._act_of(source, way, acts, row, what)
                dates = {name: act[name] for name in _DATES if name in act}
                found = self._checked(source, way, model, {**given, **dates, **_own(row)}, what)
            if found is not None:
                yield found

    def _policies(self, source: Source) -> Iterator[HousePolicy]:
        house = source.data.get("house")
        whole: Way = ("house",)
        versions = [(whole, house)] if isinstance(house, dict) else self._tables_in(source, "house")
        for way, version in versions:
            policy = self._checked(source, way, HousePolicy, version, "[house]")
            if policy is not None:
                yield policy

    def _tables_in(self, source: Source, section: str) -> Iterator[tuple[Way, Row]]:
        rows = source.data.get(section, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            fault = source.fault(
                (section,), f"{section} 须写成 [[{section}]]，一条一段。", f"write [[{section}]]"
            )
            self.faults.append(fault)
            return
        for number, row in enumerate(rows):
            yield (section, number), row

    def _act_of(self, source: Source, way: Way, acts: Mapping[str, Row], row: Row, what: str) -> Row:
        key = row.get("act")
        if key is None:
            return {}
        if isinstance(key, str) and key in acts:
            return acts[key]
        zh = f"{what} 的 act：[acts] 中没有法规“{key}”，请补上或改正。"
        self.faults.append(source.fault((*way, "act"), zh, f"unknown act: {key}"))
        # The missing act is the fault, not the dates that it would have given.
        return {"valid_from": date(1985, 4, 1)}

    def _checked(self, source: Source, way: Way, model: type[M], row: Any, what: str) -> M | None:
        try:
            found = model.model_validate(row)
        except ValidationError as error:
            for one in error.errors():
                at = place_of(one)
                if (*way, *at) not in self.inexact:
                    zh, en = reasons_of(one)
                    name = field_label(at)
                    self.faults.append(
                        source.fault(
                            (*way, *at), f"{what}{name}：{zh}。", f"{'.'.join(map(str, (*way, *at)))}: {en}"
                        )
                    )
            return None
        self.places[id(found)] = (source, way)
        return found

    def _check_overlaps(
        self,
        rules: Mapping[str, Sequence[Rule]],
        tables: Mapping[str, Sequence[Dated]],
        policies: Sequence[HousePolicy],
    ) -> None:
        """Note what holds twice on one day: versions of a rule, rows of a table, policies."""
        for rule_id, versions in rules.items():
            self._check_apart(versions, f"规则 {rule_id} 有两个版本", f"two versions of rule {rule_id}")
        for section, rows in tables.items():
            for (_, key), alike in _grouped(rows, lambda row: (type(row), row.overlap_key)).items():
                shown = "、".join(str(part) for part in key if part not in (None, ""))
                self._check_apart(alike, f"{section} 有两行（{shown}）", f"two rows of {section} ({shown})")
        self._check_apart(policies, "[house] 有两个版本", "two versions of [house]")

    def _check_apart(self, held: Sequence[Any], zh: str, en: str) -> None:
        for earlier, later in pairwise(_by_day(held)):
            if earlier.valid_to is None or later.valid_from <= earlier.valid_to:
                source, way = self.places[id(later)]
                day = later.valid_from
                text = f"{zh}在{day}同时有效，请给较早的一个写上失效日 valid_to，或删去一个。"
                self.faults.append(source.fault(way, text, f"{en} hold on {day}"))


def _own(row: Row) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "act"}


def _by_day(held: Iterable[P]) -> tuple[P, ...]:
    return tuple(sorted(held, key=lambda one: one.valid_from))


def _grouped(rows: Iterable[Dated], key: Callable[[Dated], Any]) -> dict[Any, list[Dated]]:
    groups: dict[Any, list[Dated]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _name_of(data: Row, way: Way) -> str:
    """Name what stands at a place for people: a rule by its id, a row by its number and the rule it rests on."""
    section = str(way[0])
    if len(way) < 2 or not isinstance(way[1], int):
        return f"[{section}]"
    row = data[section][way[1]]
    if section in RULE_SECTIONS:
        return f"规则 {row.get('id', f'（{section} 第{way[1] + 1}条，没有编号）')}"
    if section == "house":
        return "[house]"
    return f"{section} 第{way[1] + 1}行（规则 {row.get('rule', '没有填写')}）"
