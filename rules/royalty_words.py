"""How an account of royalties is told: sentences and JSON, each amount with the article of the contract and its formula."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rules.dates import chinese_date
from rules.derivation import Derivation, step
from rules.money import format_yuan, percent
from rules.royalty import DEDUCTIONS, Account, Line, MadeUp, Reckoned, Refs, RoyaltyPlan, Sold, late_interest

ARTICLE = ("合同“提成费”条款", "the article on royalties")


def line_name(line: Line) -> tuple[str, str]:
    """Return what a line is called, in Chinese and English."""
    made = line.made_of
    if isinstance(made, Reckoned):
        return f"第{made.period.number}期提成费", f"royalty of period {made.period.number}"
    return (
        f"第{made.floor.year}合同年度最低提成费差额",
        f"difference to the minimum of contract year {made.floor.year}",
    )


def derive(plan: RoyaltyPlan, line: Line, article: tuple[str, str] = ARTICLE) -> Derivation:
    """Return how a line came about: what was sold, the base, the rate, cap, credit, and what was set off."""
    made = line.made_of
    parts = _minimum(made) if isinstance(made, MadeUp) else (*_sales(plan, made), *_royalty(plan, made))
    if line.set_off_fen:
        told = format_yuan(line.set_off_fen)
        parts += (
            step(
                "set_off",
                f"此前多付的抵扣 {told} 元",
                f"{told} yuan paid too much before are set off",
                line.set_off_fen,
                "fen",
            ),
        )
    zh, en = line_name(line)
    asked = format_yuan(line.asked_fen)
    return step(
        "payable", f"依{article[0]}，{zh}应付 {asked} 元，{chinese_date(line.due)}前支付",
        f"by {article[1]}, the {en} comes to {asked} yuan, due on {line.due.isoformat()}", line.asked_fen, "fen", *parts,
    )  # fmt: skip


def _sales(plan: RoyaltyPlan, made: Reckoned) -> tuple[Derivation, ...]:
    found = tuple(_product(one) for one in made.statement.sold)
    gross, taken_off, base = made.statement.gross_fen, made.taken_off_fen, made.base_fen
    if not gross:
        return (
            step(
                "base",
                "本期没有销售，提成基数为 0.00 元",
                "no sales, the base is 0.00 yuan",
                0,
                "fen",
                *found,
            ),
        )
    limit = ""
    if plan.deduction_cap_bp is not None and taken_off < _deducted(plan, made):
        limit = f"（扣除以销售总额的{percent(plan.deduction_cap_bp)}为限）"
    zh = f"{plan.base}＝销售总额 {format_yuan(gross)} 元－扣除 {format_yuan(taken_off)} 元{limit}＝{format_yuan(base)} 元"
    en = f"base = sales {format_yuan(gross)} - deductions {format_yuan(taken_off)} = {format_yuan(base)} yuan"
    return (step("base", zh, en, base, "fen", *found),)


def _deducted(plan: RoyaltyPlan, made: Reckoned) -> int:
    return sum(
        fen for one in made.statement.sold for kind, fen in one.deducted.items() if kind in plan.deductions
    )


def _product(one: Sold) -> Derivation:
    off_zh = "".join(
        f"，{DEDUCTIONS[kind][0]} {format_yuan(fen)} 元" for kind, fen in one.deducted.items() if fen
    )
    off_en = "".join(
        f", {DEDUCTIONS[kind][1]} {format_yuan(fen)}" for kind, fen in one.deducted.items() if fen
    )
    gross = format_yuan(one.gross_fen)
    return step(
        "product",
        f"{one.name}销售额 {gross} 元{off_zh}",
        f"{one.name}: sales {gross}{off_en}",
        one.gross_fen,
        "fen",
    )


def _royalty(plan: RoyaltyPlan, made: Reckoned) -> tuple[Derivation, ...]:
    rate, accrued = percent(made.rate_bp), format_yuan(made.accrued_fen)
    told = [
        step(
            "accrued",
            f"第{made.period.year}合同年度比例{rate}：{format_yuan(made.base_fen)} 元×{rate}＝{accrued} 元（四舍五入到分）",
            f"rate of contract year {made.period.year}: {format_yuan(made.base_fen)} x {rate} = {accrued} yuan, half up",
            made.accrued_fen, "fen",
        )
    ]  # fmt: skip
    if made.counted_fen < made.accrued_fen:
        counted, cap = format_yuan(made.counted_fen), format_yuan(plan.cap_fen or 0)
        told.append(
            step(
                "cap",
                f"累计上限 {cap} 元，本期只计 {counted} 元",
                f"the cap of {cap} leaves {counted} yuan",
                made.counted_fen,
                "fen",
            )
        )
    if made.credited_fen:
        credited = format_yuan(made.credited_fen)
        told.append(
            step(
                "credit",
                f"入门费抵扣 {credited} 元",
                f"entry fee credited: {credited} yuan",
                made.credited_fen,
                "fen",
            )
        )
    return tuple(told)


def _minimum(made: MadeUp) -> tuple[Derivation, ...]:
    least, reached = format_yuan(made.least_fen), format_yuan(made.reached_fen)
    parts = [
        step(
            "least",
            f"本合同年度最低提成费 {least} 元",
            f"the least of the year is {least} yuan",
            made.least_fen,
            "fen",
        ),
        step(
            "reached",
            f"本合同年度各期提成费合计 {reached} 元",
            f"the year has brought {reached} yuan",
            made.reached_fen,
            "fen",
        ),
    ]
    if made.due_fen < max(0, made.least_fen - made.reached_fen):
        told = format_yuan(made.due_fen)
        parts.append(
            step("cap", f"受累计上限限制，只补 {told} 元", f"the cap leaves {told} yuan", made.due_fen, "fen")
        )
    return tuple(parts)


def account_json(
    account: Account, on: date, paid: Refs | None = None, article: tuple[str, str] = ARTICLE,
    due_days: Mapping[str, date] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return an account as JSON values: one entry per line with its derivation, the sums, interest as of a day.

    `due_days` are the days of payment where they are other ones than those that the plan names.
    """
    days = due_days or {}
    lines = [
        _line_json(account, line, on, (paid or {}).get(line.ref, ()), article, days.get(line.ref, line.due))
        for line in account.lines
    ]
    return {
        "on": on.isoformat(),
        "lines": lines,
        "due_fen": account.due_fen,
        "counted_fen": account.counted_fen,
        "open_fen": account.open_fen,
        "overpaid_fen": account.overpaid_fen,
        "late_interest_fen": sum(line["late_interest_fen"] for line in lines),
    }


def _line_json(
    account: Account, line: Line, on: date, received: Sequence[tuple[date, int]], article: tuple[str, str], due: date
) -> dict[str, Any]:  # fmt: skip
    interest = late_interest(line.asked_fen, account.plan.late_bp, due, on, received)
    zh, en = line_name(line)
    made = line.made_of
    told: dict[str, Any] = {
        "ref": line.ref, "name": zh, "name_en": en, "due": due.isoformat(), "due_fen": line.due_fen,
        "set_off_fen": line.set_off_fen, "asked_fen": line.asked_fen, "paid_fen": line.paid_fen, "open_fen": line.open_fen,
        "late_interest_fen": interest, "derivation": derive(account.plan, line, article).answer(),
    }  # fmt: skip
    if interest:
        bp, fen = account.plan.late_bp, format_yuan(interest)
        told["late"] = (
            f"自{chinese_date(due)}的次日起，按逾期金额每日万分之{bp}计算至{chinese_date(on)}，逾期违约金 {fen} 元。"
        )
        told["late_en"] = (
            f"{fen} yuan for late payment, {percent(bp)} a day from the day after {due.isoformat()}."
        )
    if isinstance(made, Reckoned):
        told |= {
            "period": made.period.number, "year": made.period.year, "first": made.period.first.isoformat(),
            "last": made.period.last.isoformat(), "gross_fen": made.statement.gross_fen, "base_fen": made.base_fen,
            "rate_bp": made.rate_bp, "accrued_fen": made.accrued_fen, "credited_fen": made.credited_fen,
            "products": [one.as_json() | {"net_fen": one.net_fen} for one in made.statement.sold],
        }  # fmt: skip
    return told
