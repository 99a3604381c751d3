"""Which conversion mode suits given patents: for every mode what stands against it, what it brings, how long it takes.

In: the facts of patents as a new case of each mode would see them, other cases on the same patents, the rulebook and
the day. Out: one `Suited` per mode. The gates are those of `states.guards`, asked for a case that is not there yet.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rules.approval_routes import route_text
from rules.citing import cited
from rules.counting import Period, nominal_end
from rules.deadline_rule import DeadlineRule
from rules.derivation import Derivation, step
from rules.gates import PatentFacts
from rules.grants import Grant, check_grants
from rules.holiday_notices import calendar_of
from rules.mode_duties import Brought, brought_by
from rules.money import percent
from rules.money_words import GROUP_LABELS, MODE_GROUPS
from rules.packs import RuleBook
from rules.policy import HousePolicy
from rules.reward_scales import floor_of, scales_of
from rules.rule import Rule
from rules.taxes import NoDuty, stamp_duty, vat
from states import guards as g
from states.catalog import MODES
from states.context import Context
from states.facts import Actor, CaseData, Facts, TermsFacts
from states.modes import Mode
from states.plan import Unmet

Verdict = Literal["clear", "conditions", "blocked"]
NOBODY = Actor(0, "", "readonly")


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing to do in a mode, by which rule; `length_*` is the time it takes, if one is known."""

    key: str
    zh: str
    en: str
    rule_id: str
    article: str
    confidence: str
    length_zh: str = ""
    length_en: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """How long a mode takes from today: at least, if nothing that was promised is used up; at most, if all is."""

    at_least: date
    at_most: date
    days_least: int
    days_most: int
    derivation: Derivation
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Suited:
    """A mode for given patents.

    `never` are conditions that nothing can meet, `before_signing` what must be met before a contract is signed,
    `warnings` what to know. `reward` is the least share of the persons who made the result.
    """

    mode: Mode
    never: tuple[Unmet, ...]
    before_signing: tuple[Unmet, ...]
    warnings: tuple[Unmet, ...]
    duties: tuple[Duty, ...]
    span: Span
    reward: Derivation | None
    taxes: tuple[Derivation, ...]

    @property
    def verdict(self) -> Verdict:
        """Whether a case of this mode can be opened, and signed as things are."""
        return "blocked" if self.never else "conditions" if self.before_signing else "clear"


@dataclass(frozen=True, slots=True)
class Intention:
    """What is to be converted, and under whose rules. `rivals` are cases on the patents, signed or not."""

    patents: tuple[PatentFacts, ...]
    rivals: tuple[Grant, ...]
    institution: str
    foreign_party: bool
    book: RuleBook
    today: date


def suited(intention: Intention) -> tuple[Suited, ...]:
    """Return every mode for these patents, in the order of the catalog."""
    return tuple(_suited(mode, intention) for mode in MODES.values())


def _suited(mode: Mode, intention: Intention) -> Suited:
    ctx = _new_case(mode, intention)
    found = [
        (finding.severity, finding.consent, stage, g.from_finding(ctx, finding))
        for stage in ("open", "sign")
        for finding in g.patent_findings(ctx, stage, warnings=True)
    ]
    never = [
        unmet
        for severity, consent, stage, unmet in found
        if (severity, consent, stage) == ("block", None, "open")
    ]
    later = [unmet for severity, _, stage, unmet in found if severity != "warn" and stage == "sign"]
    warned = [unmet for severity, _, stage, unmet in found if severity == "warn" and stage == "sign"]
    return Suited(
        mode=mode,
        never=_each_once(never),
        before_signing=_each_once([*later, *g.has_no_conflict(ctx)], but=never),
        warnings=_each_once([*warned, *_rivals(ctx, intention)]),
        duties=tuple(_duties(mode, intention)),
        span=_span(mode, intention),
        reward=_reward(mode, intention),
        taxes=tuple(_taxes(mode, intention)),
    )


def _new_case(mode: Mode, intention: Intention) -> Context:
    """Return a case of this mode as it would be opened today, without terms."""
    facts = Facts(
        mode=mode.slug, case_no="", institution=intention.institution, officer_id=0,
        foreign_party=intention.foreign_party, patents=intention.patents, terms=TermsFacts(), data=CaseData(),
        others=tuple(rival for rival in intention.rivals if rival.signed),
    )  # fmt: skip
    return Context(mode, mode.chart.initial, facts, None, NOBODY, intention.today, intention.book)


def _rivals(ctx: Context, intention: Intention) -> Iterator[Unmet]:
    """Yield what other cases that only warn say: those not signed yet, and those beside which this one may stand."""
    stopping = {unmet.what_zh for unmet in g.has_no_conflict(ctx)}
    for finding in check_grants(Grant(ctx.facts.mode), intention.rivals, today=intention.today, stage="open"):
        told = g.from_finding(
            ctx, finding, "conflicting_case", ("与另案冲突：", "conflicts with an earlier grant: ")
        )
        if told.what_zh not in stopping:
            yield g.from_finding(ctx, finding, "other_case")


def _each_once(found: Iterable[Unmet], but: Sequence[Unmet] = ()) -> tuple[Unmet, ...]:
    without = {(unmet.what_zh, unmet.patent_id) for unmet in but}
    kept = {(unmet.what_zh, unmet.patent_id): unmet for unmet in found}
    return tuple(unmet for key, unmet in kept.items() if key not in without)


def _duties(mode: Mode, intention: Intention) -> Iterator[Duty]:
    """Yield what is to be done, in the order in which it comes."""
    book, on = intention.book, intention.today
    house = book.house(on)
    rows = brought_by(mode.slug)
    nodes = mode.chart.nodes
    yield from (_brought(row, intention) for row in rows if row.early)
    if "publicity" in nodes:
        length = _publicity(house)
        yield _duty(
            "publicity",
            "公示名称和拟交易价格",
            "publicity of name and price",
            cited(book, "PR-03", on),
            length,
        )
    if "approval" in nodes:
        zh, en = _bodies(house, mode.slug)
        rule = cited(book, "PR-01", on)
        yield _duty("approval", f"审批：{zh}", f"approval: {en}", rule, house.service_level("approval"))
    yield from (_brought(row, intention) for row in rows if not row.early)


def _duty(key: str, zh: str, en: str, rule: Rule, length: Period | None) -> Duty:
    return Duty(
        key, zh, en, rule.id, rule.article, rule.confidence, length.label_zh if length else "",
        length.label_en if length else "",
    )  # fmt: skip


def _brought(row: Brought, intention: Intention) -> Duty:
    rule = cited(intention.book, row.rule_id, intention.today)
    length = _promised(row, intention) or _official(row, intention)
    return _duty(row.key, row.zh, row.en, rule, length)


def _bodies(house: HousePolicy, mode: str) -> tuple[str, str]:
    """Name the bodies that decide, by amount, the smallest amounts first."""
    told = dict.fromkeys(route_text(route) for route in house.ordinary_routes(mode))
    zh, en = "；".join(zh for zh, _ in told), "; ".join(en for _, en in told)
    return (f"按金额由小到大：{zh}", f"by amount, the smallest first: {en}") if len(told) > 1 else (zh, en)


def _publicity(house: HousePolicy) -> Period:
    return Period.parse(f"{house.publicity_days}{house.publicity_unit}")


def _promised(row: Brought, intention: Intention) -> Period | None:
    return intention.book.house(intention.today).service_level(row.level) if row.level else None


def _official(row: Brought, intention: Intention) -> Period | None:
    rule = _timer(row, intention)
    return Period.parse(rule.period) if rule and rule.period else None


def _timer(row: Brought, intention: Intention) -> DeadlineRule | None:
    return intention.book.deadline(row.timer, intention.today) if row.timer else None


def _span(mode: Mode, intention: Intention) -> Span:
    """Count one thing after the other from today, in the calendar of the rulebook."""
    calendar, today = calendar_of(intention.book), intention.today
    least, most, told, verified = today, today, [], True
    for zh, en, period, fixed, rule in _lengths(mode, intention):
        most = nominal_end(most, period, calendar)
        least = nominal_end(least, period, calendar) if fixed else least
        verified = verified and (rule is None or rule.is_verified)
        how = ("须足期", "in full") if fixed else ("本单位承诺的最长时间", "promised by the house, at most")
        told.append(step(
            "length", f"{zh}：{period.label_zh}（{how[0]}）", f"{en}: {period.label_en} ({how[1]})", period.n, "text", rule=rule,
        ))  # fmt: skip
    low, high = (least - today).days, (most - today).days
    whole = step(
        "span", f"自今日起约{low}至{high}天（{least.isoformat()}至{most.isoformat()}），各项依次办理，不含谈判和补正",
        f"about {low} to {high} days from today ({least.isoformat()} to {most.isoformat()}), one after the other, "
        "without negotiation and corrections", high, "days", *told,
    )  # fmt: skip
    return Span(least, most, low, high, whole, verified)


def _lengths(mode: Mode, intention: Intention) -> Iterator[tuple[str, str, Period, bool, Rule | None]]:
    """Yield what takes time: its names, the length, whether it passes in any case, and the rule."""
    book, on = intention.book, intention.today
    house = book.house(on)
    if "publicity" in mode.chart.nodes:
        yield "公示", "publicity", _publicity(house), True, cited(book, "PR-04", on)
    if "approval" in mode.chart.nodes and (length := house.service_level("approval")):
        yield "审批", "approval", length, False, None
    for row in brought_by(mode.slug):
        if row.beside:
            continue
        if promised := _promised(row, intention):
            yield row.zh, row.en, promised, False, None
        rule, official = _timer(row, intention), _official(row, intention)
        if rule and official:
            yield rule.title, rule.title_en, official, True, rule


def _reward(mode: Mode, intention: Intention) -> Derivation | None:
    """Return the least share of the persons, or None if neither law nor house names one for this mode."""
    book, on = intention.book, intention.today
    group = MODE_GROUPS.get(mode.slug)
    if group is None:
        return None
    floor = floor_of(scales_of(mode.slug, book, on, book.place).floor, 0, book, on)
    if floor is None:
        return None
    (zh, en), share = GROUP_LABELS[group], percent(floor.bp)
    return step(
        "reward", f"不低于{zh}的{share}", f"at least {share} of the {en}", floor.bp, "bp", rule=floor.rule
    )


def _taxes(mode: Mode, intention: Intention) -> Iterator[Derivation]:
    book, on = intention.book, intention.today
    with suppress(NoDuty):
        yield stamp_duty(mode.slug, None, book=book, on=on).derivation
    yield vat(mode.slug, book=book, on=on).derivation
