"""Income taxes of conversion: the yearly counter of an enterprise, the 36 months of each receipt.

In: incomes, rewards and dates, rulebook. Out: exempt and taxed amounts, last days, each with its derivation. The tax
itself is not computed: rates and other income are the tax office's and the taxpayer's.

Rounding: the taxed part is rounded half up to the fen, the exempt part is the rest. No date shifts: whether a rest day
moves one is for the tax office, so the earlier day stands.

Source: 企业所得税法实施条例 art 90; 财税〔2018〕58号; 税务总局公告2018年第30号
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rules.citing import cited
from rules.counting import Period, add_months
from rules.dates import chinese_date
from rules.derivation import Derivation, step
from rules.money import format_yuan, percent
from rules.money_words import MODE_LABELS
from rules.packs import RuleBook
from rules.tax_tables import CitRelief, IitRelief
from rules.taxes import half_up


class NoRelief(LookupError):
    """No relief is entered for this day."""


@dataclass(frozen=True)
class TechIncome:
    """Income of one technology transfer in a year: receipts less cost and taxes, in fen.

    `license_years` is the term of a license, None for a transfer. `registered`: the contract is recognized;
    `wholly_related`: the parties are related through a 100 % holding.
    """

    mode: str
    fen: int
    license_years: int | None = None
    registered: bool = True
    wholly_related: bool = False


@dataclass(frozen=True)
class CitYear:
    """The counter of one tax year. `taxed_fen` is what of the counted income enters taxable income.

    `excluded` are the incomes that do not count, with the reasons in Chinese and English; `left_fen` is what is left
    of the allowance.
    """

    year: int
    counted_fen: int
    exempt_fen: int
    above_fen: int
    taxed_fen: int
    left_fen: int
    excluded: tuple[tuple[TechIncome, str, str], ...]
    derivation: Derivation


def cit_year(year: int, incomes: Sequence[TechIncome], *, book: RuleBook) -> CitYear:
    """Return how much of a year's technology-transfer income is exempt, and how much of the rest is taxed.

    Raises: ValueError on a negative income; NoRelief.
    """
    if any(income.fen < 0 for income in incomes):
        raise ValueError("amounts must not be negative")
    on = date(year, 12, 31)
    row = next(iter(book.rows(CitRelief, on)), None)
    if row is None:
        raise NoRelief(f"no enterprise-income-tax relief in {year}")
    judged = [(income, _why_not(income, row)) for income in incomes]
    counted = sum(income.fen for income, why in judged if why is None)
    exempt = min(counted, row.allowance_fen)
    above = counted - exempt
    taxed = half_up(above, row.taxed_above_bp)
    excluded = tuple((income, *why) for income, why in judged if why is not None)
    return CitYear(
        year, counted, exempt, above, taxed, row.allowance_fen - exempt, excluded,
        _told_year(year, row, counted, exempt, taxed, excluded, book, on),
    )  # fmt: skip


def _why_not(income: TechIncome, row: CitRelief) -> tuple[str, str] | None:
    """Return why an income does not count; None if it does."""
    zh, en = MODE_LABELS[income.mode]
    if income.mode not in row.modes:
        return f"{zh}不属于技术转让所得优惠的范围", f"{en} is outside the relief"
    if income.mode in row.licenses and (income.license_years or 0) < row.license_years:
        years = income.license_years or 0
        return (
            f"{zh}期限{years}年，不满{row.license_years}年，不能享受",
            f"{en} of {years} years, less than {row.license_years}",
        )
    if not income.registered:
        return "合同未经认定登记，不能享受", "the contract is not recognized"
    if income.wholly_related:
        return "与100%持股的关联方交易，不能享受", "a deal between wholly related parties"
    return None


def _told_year(
    year: int,
    row: CitRelief,
    counted: int,
    exempt: int,
    taxed: int,
    excluded: Sequence[tuple[TechIncome, str, str]],
    book: RuleBook,
    on: date,
) -> Derivation:
    limit, share = format_yuan(row.allowance_fen), percent(row.taxed_above_bp)
    scope = cited(book, row.conditions[0], on) if row.conditions else None
    parts = [
        step(
            "excluded",
            f"{zh}（{format_yuan(income.fen)}元）",
            f"{en} ({format_yuan(income.fen)} yuan)",
            income.fen,
            "fen",
            rule=scope,
        )
        for income, zh, en in excluded
    ]
    parts += [
        step(
            "counted",
            f"{year}年符合条件的技术转让所得{format_yuan(counted)}元",
            f"{year}: {format_yuan(counted)} yuan count",
            counted,
            "fen",
            rule=scope,
        ),
        step(
            "exempt",
            f"{limit}元以内的{format_yuan(exempt)}元免征企业所得税",
            f"exempt up to {limit} yuan: {format_yuan(exempt)}",
            exempt,
            "fen",
        ),
    ]
    return step(
        "cit",
        f"超过{limit}元的{format_yuan(counted - exempt)}元按{share}计入，四舍五入到分，计入应纳税所得额{format_yuan(taxed)}元",
        f"of the {format_yuan(counted - exempt)} yuan above it {share} is taxed: {format_yuan(taxed)} yuan",
        taxed,
        "fen",
        *parts,
        rule=cited(book, row.rule, on),
    )


@dataclass(frozen=True)
class RewardPart:
    """The part of a cash reward that comes from one receipt."""

    receipt_on: date
    fen: int


@dataclass(frozen=True)
class IitPart:
    """How one part of a reward is taxed: `taxed_fen` counts as wages, `exempt_fen` does not. `last_day` is its own."""

    receipt_on: date
    fen: int
    last_day: date
    is_within: bool
    taxed_fen: int
    exempt_fen: int


@dataclass(frozen=True)
class IitReward:
    """How a cash reward is taxed. `unmet` are the rules that stand against the relief; `file_by` is the filing day."""

    parts: tuple[IitPart, ...]
    unmet: tuple[str, ...]
    file_by: date
    derivation: Derivation

    @property
    def taxed_fen(self) -> int:
        """What counts as wages."""
        return sum(part.taxed_fen for part in self.parts)

    @property
    def exempt_fen(self) -> int:
        """What goes into the column of exempt income."""
        return sum(part.exempt_fen for part in self.parts)


def iit_window(receipt_on: date, *, book: RuleBook) -> date:
    """Return the last day on which a reward out of this receipt is taxed at half.

    The day of the receipt is not counted; the window ends on the corresponding day and does not shift.

    Raises: NoRelief.
    """
    rows = book.rows(IitRelief, receipt_on) or book.all_rows(IitRelief)
    if not rows:
        raise NoRelief("no individual-income-tax relief")
    return _last_day(receipt_on, rows[0])


def iit_reward(
    mode: str, parts: Sequence[RewardPart], paid_on: date, *, book: RuleBook, met: Sequence[str] = ()
) -> IitReward:
    """Return how a cash reward paid on a day is taxed, receipt by receipt.

    `met` are the ids of the conditions that are met: TX-09 registered contract, TX-12 publicity of the reward, TX-10
    filing (its day may still lie ahead). TX-08 (transfer or license) is judged from the mode. A part whose window is
    over is taxed in full; so is the whole reward while a condition is not met.

    Raises: ValueError on a negative amount or a payment before its receipt; NoRelief.
    """
    if any(part.fen < 0 for part in parts) or any(paid_on < part.receipt_on for part in parts):
        raise ValueError("amounts must not be negative, and no reward is paid before its receipt")
    row = next(iter(book.rows(IitRelief, paid_on)), None)
    if row is None:
        raise NoRelief(f"no individual-income-tax relief on {paid_on.isoformat()}")
    wanted = (row.mode_rule, *row.conditions)
    holds = {*met} - {row.mode_rule} | ({row.mode_rule} if mode in row.modes else set())
    unmet = tuple(rule_id for rule_id in wanted if rule_id not in holds)
    taxed = tuple(_taxed(part, paid_on, row, relieved=not unmet) for part in parts)
    file_by = day_of_next_month(paid_on, row.filing_day)
    steps = [*_condition_steps(row, unmet, book, paid_on), *(_part_step(part, row) for part in taxed)]
    total = sum(part.taxed_fen for part in taxed)
    told = step(
        "iit",
        f"计入工资薪金{format_yuan(total)}元，免税{format_yuan(sum(p.exempt_fen for p in taxed))}元；"
        f"至迟{chinese_date(file_by)}向税务机关备案",
        f"{format_yuan(total)} yuan count as wages; file by {file_by.isoformat()}",
        total,
        "fen",
        *steps,
        rule=cited(book, row.rule, paid_on),
    )
    return IitReward(taxed, unmet, file_by, told)


def _last_day(receipt_on: date, row: IitRelief) -> date:
    window = Period.parse(row.window)
    if window.unit not in ("m", "y"):
        return receipt_on + timedelta(days=window.n)
    return add_months(receipt_on, window.n * (12 if window.unit == "y" else 1))


def _taxed(part: RewardPart, paid_on: date, row: IitRelief, *, relieved: bool) -> IitPart:
    last = _last_day(part.receipt_on, row)
    is_within = paid_on <= last
    taxed = half_up(part.fen, row.taxed_bp) if relieved and is_within else part.fen
    return IitPart(part.receipt_on, part.fen, last, is_within, taxed, part.fen - taxed)


def _part_step(part: IitPart, row: IitRelief) -> Derivation:
    window_zh, window_en = Period.parse(row.window).label_zh, Period.parse(row.window).label_en
    state_zh = f"在{window_zh}内" if part.is_within else f"已超过{window_zh}"
    state_en = f"within {window_en}" if part.is_within else f"later than {window_en}"
    return step(
        "receipt",
        f"{chinese_date(part.receipt_on)}到账部分{format_yuan(part.fen)}元，期限至{chinese_date(part.last_day)}，"
        f"发放{state_zh}，计入{format_yuan(part.taxed_fen)}元",
        f"receipt of {part.receipt_on.isoformat()}, {format_yuan(part.fen)} yuan, window to {part.last_day.isoformat()}: "
        f"paid {state_en}, {format_yuan(part.taxed_fen)} taxed",
        part.taxed_fen,
        "fen",
    )


def _condition_steps(row: IitRelief, unmet: Sequence[str], book: RuleBook, on: date) -> Iterator[Derivation]:
    for rule_id in (row.mode_rule, *row.conditions):
        rule = cited(book, rule_id, on)
        is_met = rule_id not in unmet
        zh, en = ("已符合", "met") if is_met else ("尚未符合，全额计税", "not met: taxed in full")
        yield step("condition", f"{rule.title}：{zh}", f"{rule.title_en}: {en}", is_met, "flag", rule=rule)


def day_of_next_month(day: date, number: int) -> date:
    """Return a numbered day of the month after."""
    return add_months(day.replace(day=1), 1).replace(day=number)
