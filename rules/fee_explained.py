"""The words of an annual fee: what a payer must know beside the numbers, and the derivation tree.

In: an `Assessment` and the rulebook whose rules are cited. Out: notes, each with its rule, and a `Derivation`.
"""

from collections.abc import Iterator
from datetime import date

from rules.calendar import WorkCalendar
from rules.dates import chinese_date
from rules.derivation import Derivation, step
from rules.fee_assessment import Assessment
from rules.fee_reductions import latest_request
from rules.fee_words import DAY, Note, as_derived, cited, yuan, yuan_en
from rules.fee_years import FeeDates
from rules.holiday_notices import calendar_of
from rules.money import percent
from rules.packs import RuleBook


def derive(found: Assessment, book: RuleBook) -> Derivation:
    """Return how the total came about."""
    price, on = found.price, found.judged_on
    parts = [*_due_steps(found, book), _fee_step(found, book), _surcharge_step(found, book)]
    total = step(
        "total",
        f"第{found.question.year}年度合计{yuan(price.total_fen)}：年费{yuan(price.fee_fen)}，"
        f"滞纳金{yuan(price.surcharge_fen)}",
        f"year {found.question.year}: {yuan_en(price.total_fen)} in all, fee {yuan_en(price.fee_fen)}, "
        f"surcharge {yuan_en(price.surcharge_fen)}",
        price.total_fen,
        "fen",
        *parts,
        rule=cited(book, "F-02" if price.surcharge_fen else "F-01", on),
    )
    return _still_due(found, book, total) if found.question.paid else total


def _still_due(found: Assessment, book: RuleBook, total: Derivation) -> Derivation:
    rule = cited(book, "F-03", found.judged_on)
    paid = step(
        "paid",
        f"此前{len(found.question.paid)}次共缴{yuan(found.paid_fen)}",
        f"{yuan_en(found.paid_fen)} paid before in {len(found.question.paid)} payments",
        found.paid_fen,
        "fen",
    )
    if found.status == "paid":
        zh = f"至{chinese_date(found.judged_on)}已缴足，多缴{yuan(found.refundable_fen)}"
        en = f"paid in full on {found.judged_on}, {yuan_en(found.refundable_fen)} too much"
    else:
        zh = f"按本次缴费日所在时段计算，还应缴{yuan(found.still_due_fen)}"
        en = f"judged in the bracket of this payment, {yuan_en(found.still_due_fen)} is left to pay"
    return step("still_due", zh, en, found.still_due_fen, "fen", total, paid, rule=rule)


def _due_steps(found: Assessment, book: RuleBook) -> Iterator[Derivation]:
    asked, dates = found.question, found.dates
    if dates is None:
        yield step(
            "due",
            f"第{asked.year}年度为授予专利权当年，年费在办理登记手续时缴纳（收到通知之日起2个月内），不适用滞纳金",
            f"year {asked.year} is that of the grant: its fee is paid with the registration, without surcharge",
            rule=cited(book, "T-13", found.judged_on),
        )
        return
    nominal = step(
        "nominal",
        f"申请日{chinese_date(asked.filed)}起算，第{asked.year}年度年费应在第{asked.year - 1}年度期满前缴纳，"
        f"申请日在该年的相应日为{chinese_date(dates.nominal)}",
        f"filed on {asked.filed}, the fee of year {asked.year} is due on {dates.nominal}",
        dates.nominal,
        "date",
        rule=cited(book, "F-01", found.judged_on),
    )
    if dates.roll == "":
        zh, en = "该日为工作日，不顺延", "a working day, it does not move"
    else:
        zh = f"该日为休息日，顺延至{chinese_date(dates.due)}"
        en = f"a rest day, it moves to {dates.due}"
    yield step("due", zh, en, dates.due, "date", nominal, rule=cited(book, "T-00", dates.nominal))


def _fee_step(found: Assessment, book: RuleBook) -> Derivation:
    asked, price, on = found.question, found.price, found.judged_on
    full = step(
        "full_fee",
        f"第{asked.year}年度全额年费{yuan(price.full.row.fee_fen)}",
        f"the full fee of year {asked.year} is {yuan_en(price.full.row.fee_fen)}",
        price.full.row.fee_fen,
        "fen",
        rule=cited(book, price.full.row.rule, on),
    )
    if price.reduction is None:
        return step(
            "fee", f"不减缴，年费{yuan(price.fee_fen)}", f"no reduction, {yuan_en(price.fee_fen)}",
            price.fee_fen, "fen", full,
        )  # fmt: skip
    row = price.reduction.row
    why = ("开放许可实施期间", "open license") if row.code == "open_license" else ("按规定", "fee reduction")
    return step(
        "fee",
        f"{why[0]}减缴{percent(row.rate_bp)}，年费{yuan(price.fee_fen)}",
        f"{why[1]} of {percent(row.rate_bp)}, {yuan_en(price.fee_fen)}",
        price.fee_fen,
        "fen",
        full,
        rule=cited(book, row.rule, on),
    )


def _surcharge_step(found: Assessment, book: RuleBook) -> Derivation:
    price, on = found.price, found.judged_on
    rule = cited(book, "F-02", on)
    if price.step is None:
        zh, en = f"{chinese_date(on)}未逾期，无滞纳金", f"{on} is not late, no surcharge"
        return step("surcharge", zh, en, 0, "fen", rule=rule)
    rate = percent(price.step.row.rate_bp)
    return step(
        "surcharge",
        f"滞纳金按全额年费{yuan(price.full.row.fee_fen)}的{rate}计算，为{yuan(price.surcharge_fen)}",
        f"surcharge of {rate} on the full fee of {yuan_en(price.full.row.fee_fen)}: {yuan_en(price.surcharge_fen)}",
        price.surcharge_fen,
        "fen",
        _bracket_step(found, book),
        rule=rule,
    )


def _bracket_step(found: Assessment, book: RuleBook) -> Derivation:
    place, on = found.price.place, found.judged_on
    first, last = place.window.first, place.window.last
    if place.status == "lapsed":
        return step(
            "bracket",
            f"{chinese_date(on)}已过6个月的滞纳期（至{chinese_date(first - DAY)}），专利权自缴费期满之日起终止；"
            "恢复权利须补缴年费和全额年费25%的滞纳金",
            f"{on} is behind the six months that ended on {first - DAY}: the right ended on the due date",
            "lapsed",
            "text",
            rule=cited(book, "T-09", on),
        )
    span = f"{chinese_date(first)}至{chinese_date(last or first)}"
    zh = f"缴费日{chinese_date(on)}在缴费期满后第{place.month}个月的时段（{span}）"
    en = f"{on} falls into month {place.month} after the due date ({first} to {last})"
    if place.month < 6:
        zh += "；时段末日遇休息日是否顺延，文件未写明，按不顺延计算"
        en += "; whether the end of a bracket moves for rest days is not written, it is taken not to"
        return step("bracket", zh, en, last, "date", rule=as_derived(cited(book, "F-02", on)))
    return step("bracket", zh, en, last, "date", rule=cited(book, "T-09", on))


def notes_on(found: Assessment, book: RuleBook) -> tuple[Note, ...]:
    """Return what to know beside the numbers."""
    return (*_day_notes(found, calendar_of(book)), *_reduction_notes(found), *_source_notes(found))


def _day_notes(found: Assessment, calendar: WorkCalendar) -> Iterator[Note]:
    dates, place, on = found.dates, found.price.place, found.judged_on
    if dates is None:
        yield Note(
            "registration",
            "授予专利权当年的年费在办理登记手续时缴纳，期限为收到通知之日起2个月；期满未缴的视为放弃取得专利权",
            "the fee of the grant year is paid with the registration, within 2 months of the notice",
            "T-13",
        )
        return
    if place.status == "not_open":
        yield Note(
            "not_open",
            f"{on}早于上一年度的首日{dates.opens}；可否提前缴纳以缴费系统为准",
            f"{on} lies before {dates.opens}, the first day of the year before; ask the office whether it is taken",
            "F-01",
        )
    if place.status == "grace":
        yield from _late_notes(dates, place.month, on, calendar)
    if place.status == "lapsed":
        yield Note(
            "lapsed",
            f"滞纳期已于{dates.grace_end}届满，专利权自{dates.nominal}起终止；收到专利权终止通知书之日起2个月内可请求恢复，"
            "另缴恢复权利请求费",
            f"the grace ended on {dates.grace_end}, the right on {dates.nominal}; "
            "restoration within 2 months of the notice, with its own fee",
            "T-11",
        )


def _late_notes(dates: FeeDates, month: int, on: date, calendar: WorkCalendar) -> Iterator[Note]:
    yield Note(
        "late",
        f"已逾期；滞纳期至{dates.grace_end}，期满未缴足的，专利权自{dates.nominal}起终止",
        f"late; unless paid by {dates.grace_end}, the right ends as of {dates.nominal}",
        "T-09",
    )
    if on == dates.month_ends[0]:
        yield Note(
            "one_month_day",
            "本日恰满一个月：审查指南一处写“不含一整月”，一处写“一个月或以上”。此处按0%计算，请以缴费通知书为准",
            "exactly one month late: the Guidelines word this day in two ways; taken as 0 %, check the notice",
            "F-02",
        )
    earlier = dates.month_ends[month - 2] if month >= 2 else None
    if earlier and on <= calendar.next_weekday_workday(earlier) and on > earlier:
        yield Note(
            "bracket_end_rest_day",
            f"上一时段的末日{earlier}为休息日；如时段末日也顺延，本次适用低一档的滞纳金。请以缴费通知书为准",
            f"the bracket before ended on {earlier}, a rest day; if such ends move, the lower rate holds",
            "F-02",
        )


def _reduction_notes(found: Assessment) -> Iterator[Note]:
    asked, used = found.question, found.price.reduction
    if asked.reduction != "none" and asked.grant_date is None:
        yield Note(
            "grant_date_missing",
            "未填授权公告日，按减缴仍在期限内计算；减缴自授予专利权当年起十年，此后按全额缴纳",
            "no grant date given: the reduction is taken as running; it ends ten years after the grant year",
            "F-06",
        )
    if asked.reduction != "none" and found.grant_year and (used is None or used.row.code != asked.reduction):
        yield Note(
            "reduction_ended",
            f"{asked.reduction}%的减缴只及于授权当年（第{found.grant_year}年度）起的十个年度，本年度不再适用",
            f"the reduction of {asked.reduction} % reaches ten years from the grant year {found.grant_year} only",
            "F-06",
        )
    if asked.open_license and used is not None and used.row.code != "open_license":
        yield Note(
            "best_single",
            "同时符合两项减缴的，只适用比例较高的一项，不重复享受",
            "of two reductions the better one counts, never both",
            "F-11",
        )
    if used is not None and used.row.code == "open_license":
        yield Note(
            "open_license",
            "开放许可的减缴自实施合同备案之日起，对尚未到期的年费适用；撤回声明的，自下一专利年度起不再适用",
            "the open-license reduction holds for fees not yet due on the filing of the license; "
            "after a withdrawal it ends with the patent year",
            "F-11",
        )
    if used is None and found.dates is not None and found.price.place.status in ("on_time", "not_open"):
        yield _request_note(found.dates)


def _request_note(dates: FeeDates) -> Note:
    latest = latest_request(dates.nominal)
    return Note(
        "reduction_request",
        f"符合条件的可请求减缴，本年度年费最迟在{latest}提出（届满日的二个半月前，半个月按15日计，待核实）",
        f"a reduction of this fee can be asked for until {latest}, two and a half months before it is due",
        "T-15",
    )


def _source_notes(found: Assessment) -> Iterator[Note]:
    price, on = found.price, found.judged_on
    used = (price.full, price.reduction, price.step)
    if any(one is not None and not one.held for one in used):
        yield Note(
            "tariff_stand_in",
            f"规则包中没有{on}当日有效的收费标准，按其后最早的一版推算，待核实",
            f"the pack has no tariff for {on}; the first later one stands in, not verified",
        )
    if found.dates is not None and found.dates.provisional:
        yield Note(
            "provisional",
            "所涉年份的放假安排尚未公布或早于放假安排表，顺延结果为推算",
            "a year without a published holiday table was consulted; the dates are provisional",
            "T-00",
        )
