"""The royalty account of a case: what its statements have made due, and what one more would.

In: a case of the person's organization, and a statement to suppose, if any. Out: plain JSON values, each line with its
derivation, the article of the contract and the interest as of a day. Nothing is written.
"""

from datetime import date
from typing import Any

from sqlmodel import Session

from cases.case_view import case_view
from cases.db import Database, cursor_of
from cases.errors import Invalid
from cases.loading import load
from cases.scope import Person
from contracts.articles import articles
from rules.royalty import DEDUCTIONS, Period, RoyaltyPlan, Statement
from rules.royalty_words import ARTICLE, account_json
from states import royalties
from states.context import Context
from states.facts import Actor
from states.royalty_facts import plan_of, reported, statements
from states.royalty_payloads import StatementError, read_products

NO_ROYALTY = ("本案合同没有约定提成费", "the contract of this case has no royalty")


def royalty(
    db: Database, session: Session, person: Person, case_id: int, *,
    on: date, products: str = "", period: int | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return the account as of a day; with `products`, as it would be with a statement of the period (the next one).

    Raises: NotFound for a case of nobody's; Invalid without a royalty, for an unknown period or a line that cannot be read.
    """
    case = load(cursor_of(session, db.postgres), case_id, person.org_id)
    ctx = Context(
        case.mode, case.position, case.facts, None, Actor(person.id, person.name, person.role), on, case.book
    )
    plan = plan_of(ctx)
    if plan is None:
        raise Invalid(NO_ROYALTY[0], {}, NO_ROYALTY[1])
    more = (_supposed(plan, reported(ctx), products, period),) if products.strip() else ()
    account = royalties.account(ctx, more)
    if account is None:
        raise Invalid(NO_ROYALTY[0], {}, NO_ROYALTY[1])
    article = _article(db, session, person, case_id)
    days = {} if not ctx.data.day("contract", "effective_on") else royalties.days_of_payment(ctx)
    following = plan.period(reported(ctx) + 1)
    return {
        "case": case.facts.case_no, "supposed": bool(more), "article": article[0], "plan": plan_json(plan),
        "reported": [told["period"] for told in ctx.data.items("royalty", "statements")],
        "corrections": len(statements(ctx)) - reported(ctx),
        "next": period_json(following) if following else None,
        **account_json(account, on, royalties.paid(ctx), article, days),
        "left_under_cap_fen": None if plan.cap_fen is None else plan.cap_fen - account.counted_fen,
    }  # fmt: skip


def plan_json(plan: RoyaltyPlan) -> dict[str, Any]:
    """Return what is agreed, as JSON values."""
    return {
        "base": plan.base, "deductions": [DEDUCTIONS[kind][0] for kind in plan.deductions],
        "deduction_cap_bp": plan.deduction_cap_bp, "rates": [{"year": year, "bp": bp} for year, bp in plan.rates],
        "cap_fen": plan.cap_fen, "credit_fen": plan.credit_fen, "late_bp": plan.late_bp,
        "periods": [period_json(period) for period in plan.periods],
        "minimums": [{"year": floor.year, "amount_fen": floor.amount_fen} for floor in plan.floors],
    }  # fmt: skip


def period_json(period: Period) -> dict[str, Any]:
    """Return a period as JSON values."""
    days = (
        ("first", period.first),
        ("last", period.last),
        ("report_by", period.report_by),
        ("due", period.due),
    )
    return {"period": period.number, "year": period.year, **{name: day.isoformat() for name, day in days}}


def _supposed(plan: RoyaltyPlan, known: int, products: str, period: int | None) -> Statement:
    number = known + 1 if period is None else period
    faults: dict[str, str] = {}
    if plan.period(number) is None or number > known + 1:
        faults["period"] = f"可试算第1期至第{min(known + 1, len(plan.periods))}期，请改正期次。"
    try:
        sold = read_products(products)
    except StatementError as error:
        sold, faults["products"] = (), error.reason
    strange = dict.fromkeys(kind for one in sold for kind in one.deducted if kind not in plan.deductions)
    if strange:
        named = "、".join(DEDUCTIONS[kind][0] for kind in strange)
        faults["products"] = f"合同没有约定扣除{named}，请改正。"
    if faults:
        told = "；".join(reason.rstrip("。") for reason in faults.values())
        raise Invalid(f"报表填写有误。{told}", faults, f"wrong statement: {', '.join(faults)}")
    return Statement(number, sold)


def _article(db: Database, session: Session, person: Person, case_id: int) -> tuple[str, str]:
    """Return the article of the contract on royalties, by its number."""
    view = case_view(db, session, person.org_id, case_id, draft=True)
    number = next((found.number for found in articles(view) if found.id == "royalty"), "")
    return (f"合同{number}", f"the contract's article {number}") if number else ARTICLE
