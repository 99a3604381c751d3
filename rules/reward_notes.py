"""What an officer should know about a distribution that forbids nothing.

In: what was decided. Out: `Note` values: optional scales, undivided teams, modes that follow by derivation, leaders.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from rules.citing import cited
from rules.money import percent
from rules.money_words import GROUP_LABELS, PARTY_LABELS, REWARDED
from rules.packs import RuleBook
from rules.reward_scales import DERIVED, Note
from rules.reward_story import Story


def notes_of(story: Story, weights: Mapping[str, int], state_unit: bool) -> tuple[Note, ...]:
    """Return the notes on a distribution."""
    return (
        *_derived(story),
        *_years(story),
        *_offered(story, weights),
        *_offered_parts(story, weights),
        *_undivided(story, weights),
        *_amounts(story),
        *_house(story),
        *(() if state_unit else (_not_of_the_state(story),)),
    )


def leader_notes(mode: str, *, is_head: bool, book: RuleBook, on: date) -> tuple[Note, ...]:
    """Return what holds if a contributor is the head of the unit, or another of its leaders."""
    rule = cited(book, "RW-16", on)
    if is_head and mode == "equity":
        zh, en = (
            "单位正职领导可以获得现金奖励，原则上不得获得股权激励；奖励须公示",
            "the head of the unit may get cash, in principle no shares; the reward is published",
        )
    else:
        zh, en = "领导人员获得奖励的须公示", "a reward to a leader is published"
    return (Note(zh, en, rule.id, rule.article),)


def _derived(story: Story) -> Iterator[Note]:
    if story.mode in DERIVED:
        rule_id, zh, en = DERIVED[story.mode]
        rule = cited(story.book, rule_id, story.on)
        yield Note(zh, en, rule.id, rule.article)


def _years(story: Story) -> Iterator[Note]:
    for row in (story.scales.floor, story.scales.offered):
        if row is None or row.years_max is None:
            continue
        rule = cited(story.book, row.rule, story.on)
        years = f"{row.years_min}至{row.years_max}" if row.years_min else f"至多{row.years_max}"
        start_zh, start_en = row.note_zh or "自投产成功后", row.note_en or "after production has started"
        yield Note(
            f"{start_zh}连续{years}年，每年从营业利润中提取不低于{percent(row.min_bp)}"
            + ("" if row.binding == "floor" else "（可选）"),
            f"{start_en}, every year for {row.years_min or 'up to'}"
            f"{' to ' if row.years_min else ' '}{row.years_max} years, at least {percent(row.min_bp)}",
            rule.id,
            rule.article,
        )


def _offered(story: Story, weights: Mapping[str, int]) -> Iterator[Note]:
    """The province offers a higher share than the mandatory one."""
    row, floor = story.scales.offered, story.scales.floor
    if row is None or (floor is not None and row.min_bp <= floor.min_bp):
        return
    rule = cited(story.book, row.rule, story.on)
    what_zh, what_en = GROUP_LABELS[row.group]
    share = percent(row.min_bp)
    reward = sum(weight for party, weight in weights.items() if party in REWARDED)
    if story.row is None:
        zh = f"{row.place}的{share}是可选比例（可以），单位可另行规定，但不得低于国家下限"
        en = f"the {share} of the province are optional; the unit may lay down less, not below the national floor"
    elif reward * 10_000 < row.min_bp * sum(weights.values()):
        zh = f"低于{row.place}可选的{what_zh}{share}，不构成违规"
        en = f"below the optional {share} of the {what_en}; no violation"
    else:
        return
    yield Note(zh, en, rule.id, rule.article)


def _offered_parts(story: Story, weights: Mapping[str, int]) -> Iterator[Note]:
    for part in story.scales.offered_parts:
        if weights.get(part.party, 0) * 10_000 < part.min_bp * sum(weights.values()):
            rule = cited(story.book, part.rule, story.on)
            zh, en = PARTY_LABELS[part.party]
            yield Note(
                f"单位可以从净收入中提取不低于{percent(part.min_bp)}用于{zh}（可选）",
                f"the unit may take at least {percent(part.min_bp)} of net income for the {en}",
                rule.id,
                rule.article,
            )


def _undivided(story: Story, weights: Mapping[str, int]) -> Iterator[Note]:
    part = next((p for p in story.scales.parts if p.party == "main_contributors"), None)
    if part is not None and "contributors" in weights:
        rule = cited(story.book, part.rule, story.on)
        yield Note(
            f"完成人内部未分主次，分配时主要贡献人员应不低于奖励总额的{percent(part.min_bp)}",
            f"inside the team, main contributors should get at least {percent(part.min_bp)} of the reward",
            rule.id,
            rule.article,
        )


def _amounts(story: Story) -> Iterator[Note]:
    if story.net_fen == 0:
        yield Note("没有可分配的金额", "there is nothing to divide")
    if story.scales.group == "license" and 0 < story.contract_fen < story.net_fen:
        yield Note(
            "净收入大于合同金额，请核对两个金额；分档以合同金额为准",
            "net income exceeds the contract amount; check both",
        )


def _house(story: Story) -> Iterator[Note]:
    if story.row is not None and story.row.note_zh:
        rule = cited(story.book, story.row.rule, story.on)
        yield Note(story.row.note_zh, story.row.note_en, rule.id, rule.article)


def _not_of_the_state(story: Story) -> Note:
    rule = cited(story.book, "RW-06", story.on)
    return Note(
        "不是国家设立的单位：法定比例只在没有规定和约定时适用，不作为下限",
        "not founded by the state: the shares of the law hold only where nothing else is agreed",
        rule.id,
        rule.article,
    )
