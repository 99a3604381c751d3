"""Whether a distribution keeps the least shares of the law: what a plan or a house's rule violates, and the remedy.

In: exact weights or amounts per party, the rows that hold. Out: `Violation` values. For units that the state did not
found, the shares are only what holds where neither rule nor agreement says otherwise; they violate nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.citing import cited
from rules.money import format_yuan, percent
from rules.money_tables import EVERY_MODE, WHOLE, HouseShares, RewardPart, RewardScale, TitleShareRule
from rules.money_words import CONTRIBUTORS, GROUP_LABELS, MODE_GROUPS, MODE_LABELS, PARTY_LABELS, REWARDED
from rules.packs import RuleBook
from rules.reward_scales import Scales, at_least, scales_of
from rules.rule import Rule


@dataclass(frozen=True)
class Violation:
    """A least share that is not kept. `badge_zh` is 待核实 if the wording of the rule was not read."""

    rule_id: str
    article: str
    reason_zh: str
    reason_en: str
    remedy_zh: str
    remedy_en: str
    badge_zh: str = ""


@dataclass(frozen=True)
class PlanLine:
    """One line of a given plan: a party of `PARTY_LABELS`, and its amount in fen."""

    party: str
    amount_fen: int


def check_plan(
    mode: str,
    net_fen: int,
    lines: Sequence[PlanLine],
    *,
    book: RuleBook,
    on: date,
    place: str = "",
    state_unit: bool = True,
    title_shared: bool = False,
) -> tuple[Violation, ...]:
    """Return what a given plan violates: the least shares, the sum, and double benefit after shared title.

    The reward must not be a fraction of a fen below its share. A part of the reward may fall short by less than one
    fen. `title_shared` says that the contributors hold a share of the title and have not asked for the reward route.

    Raises: ValueError on a negative amount, an unknown mode or party.
    """
    scales = scales_of(mode, book, on, place or book.place)
    amounts = _amounts(net_fen, lines)
    found = [
        *_sum_violations(net_fen, amounts, book, on),
        *_title_violations(amounts, title_shared, scales, book, on),
    ]
    if state_unit:
        found += share_violations(scales, amounts, net_fen, book, on)
    return tuple(found)


def share_violations(
    scales: Scales, amounts: Mapping[str, int], net_fen: int, book: RuleBook, on: date
) -> Iterator[Violation]:
    """Go through the least shares that amounts do not keep."""
    reward = sum(amount for party, amount in amounts.items() if party in REWARDED)
    if scales.floor is not None and reward < at_least(net_fen, scales.floor.min_bp):
        yield _below_floor(
            scales.floor, f"{format_yuan(reward)}元", f"{format_yuan(reward)} yuan", net_fen, book, on
        )
    for part in scales.parts:
        base = reward if part.of == "reward" else net_fen
        if not _is_told_apart(part, amounts):
            continue
        if amounts.get(part.party, 0) < base * part.min_bp // WHOLE:
            yield _below_part(part, book, on)


def weight_violations(
    scales: Scales, weights: Mapping[str, int], book: RuleBook, on: date
) -> Iterator[Violation]:
    """Go through the least shares that exact shares (`weights`, of any common total) do not keep."""
    total = sum(weights.values())
    reward = sum(weight for party, weight in weights.items() if party in REWARDED)
    if scales.floor is not None and reward * WHOLE < scales.floor.min_bp * total:
        shown = percent(reward * WHOLE // total)
        yield _below_floor(scales.floor, shown, shown, None, book, on)
    for part in scales.parts:
        base = reward if part.of == "reward" else total
        if not _is_told_apart(part, weights):
            continue
        if weights.get(part.party, 0) * WHOLE < part.min_bp * base:
            yield _below_part(part, book, on)


def check_house_shares(book: RuleBook, *, place: str = "") -> list[str]:
    """Return what the house's shares violate, in Chinese, one reason per tier and rule; nothing if all is well.

    Each row is held to every scale that is mandatory for units founded by the state while the row holds.
    """
    reasons: list[str] = []
    for row in book.all_rows(HouseShares):
        for mode in _modes_of(row, book):
            for day in _days_of(row, book):
                scales = scales_of(mode, book, day, place or book.place)
                reasons += [
                    f"{row.layer}：{MODE_LABELS[mode][0]}第{number}档，{violation.reason_zh}。"
                    f"依据{violation.article}（规则{violation.rule_id}）。{violation.remedy_zh}。"
                    for number, tier in enumerate(row.tiers, 1)
                    for violation in weight_violations(scales, dict(tier.shares), book, day)
                ]
    return list(dict.fromkeys(reasons))


def _modes_of(row: HouseShares, book: RuleBook) -> Iterator[str]:
    """Return the modes that a row decides on: `*` is every mode without a row of its own in that pack."""
    named = {m for other in book.all_rows(HouseShares) if other.layer == row.layer for m in other.modes}
    for mode in MODE_GROUPS:
        if mode in row.modes or (EVERY_MODE in row.modes and mode not in named):
            yield mode


def _days_of(row: HouseShares, book: RuleBook) -> Iterator[date]:
    """Return the days on which the scales may change while a row holds."""
    starts = {scale.valid_from for scale in book.all_rows(RewardScale)}
    starts |= {part.valid_from for part in book.all_rows(RewardPart)}
    yield from sorted(day for day in {row.valid_from, *starts} if row.is_valid(day))


def _is_told_apart(part: RewardPart, shares: Mapping[str, int]) -> bool:
    """Whether the shares say who the main contributors are; an undivided team is not held to their part."""
    return part.party != "main_contributors" or "contributors" not in shares


def _amounts(net_fen: int, lines: Sequence[PlanLine]) -> dict[str, int]:
    if net_fen < 0 or any(line.amount_fen < 0 for line in lines):
        raise ValueError("amounts must not be negative")
    amounts: dict[str, int] = {}
    for line in lines:
        if line.party not in PARTY_LABELS:
            raise ValueError(f"unknown party {line.party!r}; known: {', '.join(PARTY_LABELS)}")
        amounts[line.party] = amounts.get(line.party, 0) + line.amount_fen
    return amounts


def _sum_violations(
    net_fen: int, amounts: Mapping[str, int], book: RuleBook, on: date
) -> Iterator[Violation]:
    total = sum(amounts.values())
    if total != net_fen:
        yield _violation(
            cited(book, "RW-01", on),
            f"各方合计{format_yuan(total)}元，与净收入{format_yuan(net_fen)}元不符",
            f"the lines make {format_yuan(total)} yuan, net income is {format_yuan(net_fen)}",
            "请改正各方金额，使合计等于净收入",
            "make the lines add up to net income",
        )


def _title_violations(
    amounts: Mapping[str, int], title_shared: bool, scales: Scales, book: RuleBook, on: date
) -> Iterator[Violation]:
    if not title_shared or not any(amounts.get(party) for party in CONTRIBUTORS):
        return
    for row in book.rows(TitleShareRule, on):
        if row.place in ("", scales.place):
            yield _violation(
                cited(book, row.rule, on),
                "完成人已取得该成果的所有权份额，不再参与单位所得收益的分配",
                "the contributors hold a share of the title and take no part in the unit's income",
                "请删去完成人的分配，或取得其改按奖励方式的书面申请",
                "drop their lines, or have them ask in writing for the reward route",
            )


def _below_floor(
    row: RewardScale, got_zh: str, got_en: str, net_fen: int | None, book: RuleBook, on: date
) -> Violation:
    what_zh, what_en = GROUP_LABELS[row.group]
    least = "" if net_fen is None else f"，即{format_yuan(at_least(net_fen, row.min_bp))}元"
    return _violation(
        cited(book, row.rule, on),
        f"完成和转化人员的奖励合计为{got_zh}，低于{what_zh}的{percent(row.min_bp)}{least}",
        f"the reward is {got_en}, below {percent(row.min_bp)} of the {what_en}",
        f"请把奖励合计提高到不低于{percent(row.min_bp)}{least}，相应调减单位及其他各方",
        f"raise the reward to at least {percent(row.min_bp)}",
    )


def _below_part(part: RewardPart, book: RuleBook, on: date) -> Violation:
    zh, en = PARTY_LABELS[part.party]
    base_zh, base_en = ("奖励总额", "the reward") if part.of == "reward" else ("净收入", "net income")
    return _violation(
        cited(book, part.rule, on),
        f"{zh}所得低于{base_zh}的{percent(part.min_bp)}",
        f"{en} get less than {percent(part.min_bp)} of {base_en}",
        f"请把{zh}的份额提高到不低于{base_zh}的{percent(part.min_bp)}",
        f"raise their part to at least {percent(part.min_bp)} of {base_en}",
    )


def _violation(rule: Rule, reason_zh: str, reason_en: str, remedy_zh: str, remedy_en: str) -> Violation:
    return Violation(rule.id, rule.article, reason_zh, reason_en, remedy_zh, remedy_en, rule.badge_zh)
