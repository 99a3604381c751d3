"""Which least shares hold for a deal: the floor, the offered scale, the parts of the reward.

In: mode, rulebook, day, province. Out: `Scales`. The strictest mandatory row binds; an offered row (可以) binds nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules.citing import cited
from rules.money_tables import WHOLE, RewardPart, RewardScale, UnverifiedScale
from rules.money_words import MODE_GROUPS, Binding, Group
from rules.packs import RuleBook
from rules.rule import Rule

# Modes that fall under a scale by another rule than the scale's own.
DERIVED: Mapping[str, tuple[str, str, str]] = {
    "patent_pool": (
        "RW-03",
        "专利池分配所得按许可收入处理（推定）",
        "receipts of a pool are taken as license income (derived)",
    ),
    "development": (
        "RW-17",
        "技术开发、咨询、服务的奖酬按科技成果转化的规定提取，个人所得税的现金奖励优惠不适用",
        "pay for development, consulting and service follows the conversion rules; the income-tax relief does not apply",
    ),
}


@dataclass(frozen=True)
class Note:
    """Something to know that forbids nothing; `rule_id` may be empty."""

    zh: str
    en: str
    rule_id: str = ""
    article: str = ""


@dataclass(frozen=True)
class Floor:
    """A least share: `bp` of the base, `amount_fen` rounded up to the fen.

    `binding`: `floor` must be kept, `default` is offered. Years are given for implementation.
    """

    bp: int
    amount_fen: int
    binding: Binding
    rule: Rule
    years_min: int | None = None
    years_max: int | None = None

    @property
    def rule_id(self) -> str:
        """The rule that sets the share."""
        return self.rule.id

    @property
    def article(self) -> str:
        """Where the rule stands."""
        return self.rule.article


@dataclass(frozen=True)
class Scales:
    """The rows that hold for one group of modes. `parts` are mandatory, `offered_parts` are not."""

    group: Group
    place: str
    floor: RewardScale | None
    offered: RewardScale | None
    parts: tuple[RewardPart, ...]
    offered_parts: tuple[RewardPart, ...]


def group_of(mode: str) -> Group:
    """Return the scale that a mode falls under.

    Raises: ValueError on an unknown mode.
    """
    if mode not in MODE_GROUPS:
        raise ValueError(f"unknown mode {mode!r}; known: {', '.join(MODE_GROUPS)}")
    return MODE_GROUPS[mode]


def scales_of(mode: str, book: RuleBook, on: date, place: str) -> Scales:
    """Return the least shares of a mode in a province on a day; an empty place is the nation alone.

    Of several mandatory rows the highest share holds, of equal ones the province's.

    Raises: ValueError on an unknown mode.
    """
    group = group_of(mode)
    rows = [row for row in book.rows(RewardScale, on) if row.group == group and row.place in ("", place)]
    parts = [row for row in book.rows(RewardPart, on) if group in row.groups and row.place in ("", place)]
    return Scales(
        group,
        place,
        _highest(row for row in rows if row.binding == "floor"),
        _highest(row for row in rows if row.binding == "default"),
        _strictest(row for row in parts if row.binding == "floor"),
        _strictest(row for row in parts if row.binding == "default"),
    )


def floor_of(row: RewardScale | None, base_fen: int, book: RuleBook, on: date) -> Floor | None:
    """Return the least amount that a row gives on a base; None without a row."""
    if row is None:
        return None
    rule = cited(book, row.rule, on)
    return Floor(row.min_bp, at_least(base_fen, row.min_bp), row.binding, rule, row.years_min, row.years_max)


def at_least(fen: int, bp: int) -> int:
    """Return a share of an amount, rounded up to the fen: what is not less than the share."""
    return -(-fen * bp // WHOLE)


def place_notes(book: RuleBook, on: date, place: str) -> tuple[Note, ...]:
    """Say that a province has no scale here, so that the nation's is applied; nothing if it has one."""
    if not place or any(row.place == place for row in book.rows(RewardScale, on)):
        return ()
    for row in book.rows(UnverifiedScale, on):
        if row.province == place:
            return (Note(row.note_zh, row.note_en, row.rule, row.paper),)
    return (
        Note(
            f"没有{place}当日有效的收益比例，按国家规则计算；该省另有规定的，请写入规则包",
            f"no scale of {place} for this day; the national rule is applied",
        ),
    )


def _highest(rows: Iterable[RewardScale]) -> RewardScale | None:
    best: RewardScale | None = None
    for row in rows:
        if best is None or row.min_bp >= best.min_bp:
            best = row
    return best


def _strictest(rows: Iterable[RewardPart]) -> tuple[RewardPart, ...]:
    best: dict[tuple[str, str], RewardPart] = {}
    for row in rows:
        key = (row.party, row.of)
        if key not in best or row.min_bp >= best[key].min_bp:
            best[key] = row
    return tuple(best.values())
