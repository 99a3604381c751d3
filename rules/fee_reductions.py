"""Who may have the annual fees reduced, until when to ask, what a transfer ends, and which years an open license reaches.

In: owners, dates. Out: frozen answers with their derivation. What a reduction does to an amount is computed in
`rules.fee_assessment`.

Source: 专利收费减缴办法 art 3, 4, 10; 专利审查指南 part 1 ch 1 §6.7.3, part 5 ch 2 §3, ch 11 §8; 缴费服务指南 §2.5
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.counting import add_months
from rules.derivation import Derivation, step
from rules.fee_tables import FeeTables, ReductionOwner
from rules.fee_words import DAY, as_derived, cited, yuan, yuan_en
from rules.fee_years import FeeError, fee_dates, last_year_of, year_of, year_start
from rules.holiday_notices import calendar_of
from rules.packs import RuleBook
from rules.text import fold

REQUEST_MONTHS = 2
REQUEST_DAYS = 15


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner as the reduction looks at it. `kind` is one of those of `fee_tables.ReductionOwner`.

    `yearly_fen` is a person's income or an enterprise's taxable income of the year before; None if not known.
    """

    name: str
    kind: str
    yearly_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Which reduction the owners may ask for: none, 70 or 85. `unmet` names who stands against it, and why."""

    reduction: str
    unmet: tuple[Derivation, ...]
    derivation: Derivation


def eligible(owners: Sequence[Owner], *, on: date, book: RuleBook) -> Eligibility:
    """Return the reduction that the owners together may ask for.

    A sole owner 85 %, two or more 70 %, each of whom must qualify alone. The request needs the yearly
    registration first (F-10).

    Raises: FeeError without an owner, or for an unknown kind of owner.
    Source: 专利收费减缴办法 art 3, 4
    """
    if not owners:
        raise FeeError("owners", "没有权利人，请至少填写一个", "no owner given")
    tables = FeeTables(book)
    told = [_owner(tables, owner, on, book) for owner in owners]
    unmet = tuple(one for one in told if not one.value)
    wanted = "one" if len(owners) == 1 else "several"
    row = next(row for row in tables.reductions.held(on) if row.owners == wanted)
    reduction = "none" if unmet else row.code
    zh = "唯一权利人" if wanted == "one" else f"{len(owners)}个权利人共有，须各自符合条件"
    en = "a sole owner" if wanted == "one" else f"{len(owners)} owners, each of whom must qualify"
    outcome = ("不能减缴", "no reduction") if unmet else (f"可请求减缴{row.code}%", f"{row.code} %")
    if not unmet:
        told.append(
            step(
                "registration",
                "请求前须先在系统办理费减备案（按自然年度）",
                "the registration of the calendar year comes before the request",
                rule=cited(book, "F-10", on),
            )
        )
    rule = cited(book, row.rule, on)
    return Eligibility(
        reduction,
        unmet,
        step("reduction", f"{zh}：{outcome[0]}", f"{en}: {outcome[1]}", reduction, "text", *told, rule=rule),
    )


def _owner(tables: FeeTables, owner: Owner, on: date, book: RuleBook) -> Derivation:
    found = tables.owners.find(owner.kind, on)
    if found is None:
        known = "、".join(f"{row.owner}（{row.owner_zh}）" for row in tables.owners.held(on))
        raise FeeError(
            "owners",
            f"权利人“{owner.name}”的类型“{owner.kind}”不明，可填：{known}",
            f"unknown kind of owner {owner.kind!r}",
        )
    row = found.row
    good, zh, en = _tested(row, owner)
    return step(
        "owner",
        f"{owner.name}为{row.owner_zh}，{zh}",
        f"{owner.name} is a {row.owner_en}: {en}",
        good,
        "flag",
        rule=cited(book, row.rule, on),
    )


def _tested(row: ReductionOwner, owner: Owner) -> tuple[bool, str, str]:
    if row.limit_fen is None:
        return True, "符合条件，不看收入", "qualifies without a test"
    what = ("年收入", "income") if row.owner == "person" else ("应纳税所得额", "taxable income")
    limit = f"上年度{what[0]}须低于{yuan(row.limit_fen)}"
    limit_en = f"{what[1]} of the year before must be below {yuan_en(row.limit_fen)}"
    if owner.yearly_fen is None:
        return False, f"{limit}，未提供数额，请补充证明", f"{limit_en}, the figure is missing"
    good = owner.yearly_fen < row.limit_fen
    told = f"{limit}，实为{yuan(owner.yearly_fen)}，{'符合' if good else '不符合'}条件"
    return good, told, f"{limit_en}, it is {yuan_en(owner.yearly_fen)}"


@dataclass(frozen=True, slots=True)
class Carried:
    """Whether a reduction outlives a change of owners."""

    stays: bool
    derivation: Derivation


def after_change(
    before: Sequence[str], after: Sequence[str], *, requested: bool, on: date, book: RuleBook
) -> Carried:
    """Say whether a reduction goes on after the owners changed.

    It ends if all owners are replaced or one is added and no new request was made; it stays as it was if owners
    only left. `requested` says that the new owners have asked anew.

    Source: 专利审查指南 part 1 ch 1 §6.7.3(1)
    """
    old, new = {fold(name) for name in before}, {fold(name) for name in after}
    rule = cited(book, "F-12", on)
    if not new - old:
        zh, en = "没有新增权利人，收费减缴标准不变", "no owner was added: the reduction stays"
        return Carried(True, step("carried", zh, en, True, "flag", rule=rule))
    how = (
        ("权利人全部变更", "all owners were replaced")
        if not new & old
        else ("增加了权利人", "an owner was added")
    )
    if requested:
        zh = f"{how[0]}，新权利人已重新请求减缴，以收费减缴审批通知书为准"
        return Carried(
            True, step("carried", zh, f"{how[1]}; a new request was made", True, "flag", rule=rule)
        )
    zh = f"{how[0]}而未重新请求，不再减缴，尚未缴纳的年费按全额缴纳；可重新办理减缴请求"
    en = f"{how[1]} without a new request: the reduction ends, fees not yet paid are due in full"
    return Carried(False, step("carried", zh, en, False, "flag", rule=rule))


def latest_request(nominal: date) -> date:
    """Return the last day on which a reduction of a fee can be asked for: two and a half months before it is due.

    Half a month is taken as 15 days, counted back from the due date before it moved for rest days; the result
    does not move: an earlier request is the safe one.

    Source: 缴费服务指南 §2.5; 专利审查指南 part 5 ch 2 §3.2
    """
    return add_months(nominal, -REQUEST_MONTHS) - DAY * REQUEST_DAYS


def first_year_of_request(kind: str, filed: date, requested_on: date, *, book: RuleBook) -> Derivation:
    """Return the first patent year whose fee a request of this day can still reduce; its value is 0 if none is.

    Raises: FeeError if the kind is unknown or the request lies before the filing date.
    """
    last = last_year_of(kind, filed)
    year_of(filed, requested_on)
    rule = as_derived(cited(book, "T-15", requested_on))
    for year in range(2, last + 1):
        nominal = year_start(filed, year)
        if requested_on <= latest_request(nominal):
            return step(
                "first_year",
                f"{requested_on}提出请求，最早适用于第{year}年度年费：该年费{nominal}届满，"
                f"须在{latest_request(nominal)}以前提出（二个半月，半个月按15日计）",
                f"asked on {requested_on}: the first reduced fee is that of year {year}, due on {nominal}",
                year,
                "",
                rule=rule,
            )
    zh = f"{requested_on}提出请求，已没有尚未到期且距届满日二个半月以上的年费"
    return step("first_year", zh, f"asked on {requested_on}: no fee is left to reduce", 0, "", rule=rule)


def is_open_license_year(
    kind: str,
    filed: date,
    year: int,
    *,
    recorded_on: date,
    ends_on: date,
    book: RuleBook,
    withdrawn_on: date | None = None,
) -> bool:
    """Whether the fee of a patent year falls under the reduction for open licenses.

    It does if the fee was not yet due when the license was recorded, falls due before the license ends, and the
    declaration was not withdrawn in an earlier patent year.

    Raises: FeeError if the kind is unknown or the year is outside the term.
    Source: 专利审查指南 part 5 ch 11 §8
    """
    if not 2 <= year <= last_year_of(kind, filed):
        raise FeeError("year", f"第{year}年度不在可减缴的年度内", f"year {year} is out of range")
    dates = fee_dates(filed, year, calendar_of(book))
    kept = withdrawn_on is None or year <= year_of(filed, withdrawn_on)
    return kept and recorded_on <= dates.due and dates.nominal <= ends_on
