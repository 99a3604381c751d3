"""What the layers of a rulebook owe each other: known rules, no clash of names, no loosening of the law.

In: the packs of a rulebook, the general ones first, and the book they make. Out: faults, each at its line. Table
modules add checks of their own with `CHECKS`: functions that take the book and return `(row, field, zh, en)`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, get_args

from rules import fee_tables, holiday_notices, money_tables
from rules.counting import Period, Unit
from rules.deadline_rule import DeadlineKind, DeadlineRule
from rules.pack_faults import Fault
from rules.pack_files import Pack
from rules.policy import HousePolicy
from rules.rule import Dated, Rule

if TYPE_CHECKING:
    from rules.packs import RuleBook

# The deadline rules that the charts open in every case.
NEEDED = ("PUB", "FEEDBACK", "TC", "CORRECTION", "PAYMENT", "ROYALTY")
_TABLE_MODULES: tuple[ModuleType, ...] = (fee_tables, money_tables, holiday_notices)
_WEIGHT = {"block": 3, "gate": 2}
Found = tuple[Dated, str, str, str]


def faults_of(packs: Sequence[Pack], book: "RuleBook") -> list[Fault]:
    """Return every fault between the layers, by file and line."""
    known: set[str] = set()
    faults: list[Fault] = []
    for pack in packs:
        known |= _names(pack.rules)
        faults += _unknown_rules(pack, known)
    for number, pack in enumerate(packs):
        if pack.head.kind == "house":
            faults += _loosened(packs[:number], pack)
    faults += _clashes(packs, book)
    for pack in packs:
        if pack.head.kind == "house":
            faults += _house(pack, book)
    for check in _checks():
        faults += _placed(packs, check(book))
    return sorted(set(faults))


def _checks() -> Iterator[Callable[["RuleBook"], Iterable[Found]]]:
    for module in _TABLE_MODULES:
        yield from getattr(module, "CHECKS", ())


def _placed(packs: Sequence[Pack], found: Iterable[Found]) -> Iterator[Fault]:
    for row, field, zh, en in found:
        for pack in packs:
            if pack.holds(row):
                yield pack.fault(row, (field,) if field else (), zh, en)


def _names(rules: Mapping[str, Sequence[Rule]]) -> set[str]:
    return {name for versions in rules.values() for rule in versions for name in (rule.id, *rule.also)}


def _unknown_rules(pack: Pack, known: set[str]) -> Iterator[Fault]:
    """Every row of a table rests on a rule of its own or of an earlier layer."""
    for section, rows in pack.tables.items():
        for row in rows:
            if row.rule not in known:
                zh = f"{section} 所依据的规则 {row.rule} 不在本规则包和在前的规则包中，请改正编号或补上这条规则。"
                yield pack.fault(row, ("rule",), zh, f"{section}: no rule {row.rule}")


def _clashes(packs: Sequence[Pack], book: "RuleBook") -> Iterator[Fault]:
    """A further id of a rule is the id of no other rule, and of one rule only."""
    owners: dict[str, str] = {}
    for rule in book.all():
        for name in rule.also:
            other = name if name in book.versions else owners.setdefault(name, rule.id)
            if other != rule.id:
                zh = f"规则 {rule.id} 的别名 {name} 已用于规则 {other}，请删去或改名。"
                yield from _at(packs, rule, ("also",), zh, f"{name} is also {other}")


def _at(packs: Sequence[Pack], rule: Rule, at: Sequence[str | int], zh: str, en: str) -> Iterator[Fault]:
    return (pack.fault(rule, at, zh, en) for pack in packs if pack.holds(rule))


def _loosened(earlier: Sequence[Pack], pack: Pack) -> Iterator[Fault]:
    """What the law fixes, a house may tighten but not loosen."""
    for rule_id, versions in pack.rules.items():
        law = next((one.rules[rule_id] for one in reversed(earlier) if rule_id in one.rules), ())
        for rule in versions:
            fixed = next(
                (one for one in law if one.valid_to is None or rule.valid_from <= one.valid_to), None
            )
            if fixed is not None:
                for field, zh, en in _weaker(fixed, rule):
                    yield pack.fault(rule, (field,), f"规则 {rule_id} 放宽了{fixed.layer}规则包：{zh}", en)


def _weaker(law: Rule, own: Rule) -> Iterator[tuple[str, str, str]]:
    if _WEIGHT.get(own.severity, 0) < _WEIGHT.get(law.severity, 0):
        zh = f"severity 由 {law.severity} 改为 {own.severity}，法定的条件不能放宽，请改回。"
        yield "severity", zh, f"{law.severity} loosened to {own.severity}"
    if isinstance(law, DeadlineRule) and law.minimum and _is_shorter(own, law):
        zh = f"须满的期间不得短于 {law.period}，请改为不短于该期间，并保留 minimum = true。"
        yield "period", zh, f"the time must run for at least {law.period}"
    elif isinstance(law, DeadlineRule) and law.statutory:
        if not isinstance(own, DeadlineRule) or not own.statutory:
            yield (
                "statutory",
                "法定期限不能改为非法定期限，请改回 statutory = true。",
                "a statutory limit stays one",
            )
        elif _is_longer(own.period, law.period):
            zh = f"期限由 {law.period} 改为 {own.period}，法定期限只能缩短；较早的内部日期请写在 [house.margins]。"
            yield "period", zh, f"{law.period} loosened to {own.period}"


_DAYS: Mapping[Unit, tuple[int, int]] = {"d": (1, 1), "wd": (1, 3), "m": (28, 31), "y": (365, 366)}


def _is_shorter(own: Rule, law: DeadlineRule) -> bool:
    """Whether a time that must run in full can end earlier than the law's."""
    return not isinstance(own, DeadlineRule) or not own.minimum or _is_longer(law.period, own.period)


def _is_longer(own: str, law: str) -> bool:
    """Whether a period can be longer than the law's; of another unit, whether it is not surely within it."""
    if not own or not law:
        return own != law
    one, other = Period.parse(own), Period.parse(law)
    if one.unit == other.unit:
        return one.n > other.n
    return one.n * _DAYS[one.unit][1] > other.n * _DAYS[other.unit][0]


def _house(pack: Pack, book: "RuleBook") -> Iterator[Fault]:
    """A house has a policy, the deadlines that every case opens, and agrees with itself."""
    if not pack.policies:
        zh = f"单位规则包 {pack.head.name} 没有 [house]，请写上公示、审批权限、手续先后等单位规则。"
        yield pack.head_fault(zh, "a house pack needs [house]")
    for rule_id in NEEDED:
        if not any(isinstance(rule, DeadlineRule) for rule in book.versions.get(rule_id, ())):
            zh = f"单位规则包 {pack.head.name} 缺少期限规则 {rule_id}（deadlines），请参照随附的单位规则包补上。"
            yield pack.head_fault(zh, f"the deadline rule {rule_id} is missing")
    for policy in pack.policies:
        yield from _agreement(pack, book, policy)
        yield from _named_rules(pack, book, policy)


def _agreement(pack: Pack, book: "RuleBook", policy: HousePolicy) -> Iterator[Fault]:
    """The deadline rules have the lengths that the policy of the same time states."""
    unit = policy.publicity_unit
    stated = {
        "PUB": (Period(policy.publicity_days, unit), "publicity_days", "publicity_unit"),
        "FEEDBACK": (Period(policy.feedback_days, "d"), "feedback_days", "feedback_days"),
    }
    for rule_id, (period, days_field, unit_field) in stated.items():
        for rule in book.versions.get(rule_id, ()):
            if isinstance(rule, DeadlineRule) and _meet(rule, policy) and rule.period != str(period):
                field = unit_field if rule.period.startswith(str(period.n)) else days_field
                zh = f"期限规则 {rule_id} 写的是 {rule.period}，[house] 写的是 {period}，请改为一致。"
                yield pack.fault(policy, (field,), zh, f"{rule_id} says {rule.period}, [house] says {period}")


def _meet(rule: Rule, policy: HousePolicy) -> bool:
    """Whether a rule and a policy are in force on a common day."""
    begins = rule.valid_to is None or policy.valid_from <= rule.valid_to
    return begins and (policy.valid_to is None or rule.valid_from <= policy.valid_to)


def _named_rules(pack: Pack, book: "RuleBook", policy: HousePolicy) -> Iterator[Fault]:
    """The rules that the policy names are there, and give dates where dates are meant."""
    for field, names in (("margins", policy.margins), ("reminders", policy.reminders)):
        for rule_id in names:
            if field == "reminders" and rule_id in get_args(DeadlineKind):
                continue
            if not any(isinstance(rule, DeadlineRule) for rule in book.versions.get(rule_id, ())):
                kinds = (
                    f"，也不是期限种类（{'、'.join(get_args(DeadlineKind))}）" if field == "reminders" else ""
                )
                zh = f"[house] 的 {field}：没有期限规则 {rule_id}{kinds}，请改正编号。"
                yield pack.fault(policy, (field, rule_id), zh, f"{field}: no deadline rule {rule_id}")
    if policy.shares_rule and policy.shares_rule not in book.versions:
        zh = f"[house] 的 shares_rule：没有规则 {policy.shares_rule}，请改正编号。"
        yield pack.fault(policy, ("shares_rule",), zh, f"no rule {policy.shares_rule}")
