"""The award of shares to the persons who made the result: made public, then registered, person by person.

In: the award of the terms, the house's length of the publicity. The least shares are asked for by
`states.equity_clearances`; here it is decided when the award may be registered.
Source: 促进科技成果转化法 arts 44-45; 国发〔2016〕16号 (八); the house's own rule on the publicity of rewards
"""

from dataclasses import dataclass
from datetime import date

from rules.holiday_notices import calendar_of
from rules.money import format_yuan
from rules.packs import RuleBook
from rules.publicity import PublicityEnd, publicity_ends
from states import equity_payloads as p
from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.equity_clearances import awarded, is_award_lawful
from states.equity_company import REGISTERED, is_company_registered
from states.plan import Closing, Effects, Opening, Unmet
from states.steps import OFFICER, Step, kept, noted, required_day, section

REGION = Node(
    "award", "股权奖励", "Award of shares",
    children=(
        Node("award_open", "待公示", "not posted", (
            Arc("post_award", "award_posted"), Arc("waive_award", "award_settled"),
        )),
        Node("award_posted", "奖励公示中", "publicity running", (
            Arc("close_award", "award_published"), Arc("withdraw_award", "award_open"),
        )),
        Node("award_published", "公示期满待登记", "to be registered", (
            Arc("grant_award", "award_settled"), Arc("withdraw_award", "award_open"),
        )),
        Node("award_settled", "已办结", "settled"),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _AwardPolicy:
    """The house's publicity of rewards, as `publicity_ends` asks for it."""

    publicity_days: int
    publicity_unit: str


def award_publicity(book: RuleBook, posted: date) -> PublicityEnd:
    """Return the end of the publicity of an award, under the policy of the day on which it was posted."""
    house = book.house(posted)
    policy = _AwardPolicy(house.reward_publicity_days, house.reward_publicity_unit)
    return publicity_ends(posted, policy, calendar=calendar_of(book))


def has_award_publicity_run(ctx: Context) -> tuple[Unmet, ...]:
    """The publicity of the award has run its full length."""
    posted = ctx.data.day("award", "posted_on")
    ends = award_publicity(ctx.book, posted) if posted else None
    if ends is None or (ctx.day("closed_on") or ctx.today) >= ends.may_close_from:
        return ()
    return (
        ctx.unmet(
            "award_publicity_running", "TX-12",
            (
                f"奖励公示期至{ends.last_day.isoformat()}届满，最早{ends.may_close_from.isoformat()}可确认",
                f"the publicity of the award runs until {ends.last_day.isoformat()}",
            ),
            ("公示期满后再确认", "wait until it is over"), "officer", because=lambda: ends.derivation.parts, waits=True,
        ),
    )  # fmt: skip


def is_award_agreed(ctx: Context) -> tuple[Unmet, ...]:
    """There is somebody to award shares to."""
    if awarded(ctx):
        return ()
    return (
        ctx.unmet(
            "nobody_to_award", "RW-04", ("商务条款中没有股权奖励人员", "the terms award shares to nobody"),
            ("完成人已按赋权协议持有份额的，登记无须奖励", "if they hold a share of the title, record that"), "officer",
        ),
    )  # fmt: skip


def is_title_shared(ctx: Context) -> tuple[Unmet, ...]:
    """Only persons who hold a share of the title themselves go without an award."""
    if ctx.terms.own.get("title_shared"):
        return ()
    return (
        ctx.unmet(
            "title_not_shared", "RW-04",
            ("商务条款未写明完成人已持有成果所有权份额，须按规定奖励", "the inventors hold no share of the title"),
            ("公示并登记股权奖励", "post the award and register it"), "officer",
        ),
    )  # fmt: skip


def _post(ctx: Context) -> Effects:
    opening = publicity_opening(ctx, required_day(ctx, "posted_on"))
    return Effects(facts={"award": kept(ctx)}, opens=(opening,), documents=("award_notice",))


def publicity_opening(ctx: Context, posted: date) -> Opening:
    """Return the end of the publicity of an award as a deadline."""
    ends = award_publicity(ctx.book, posted)
    return Opening(
        "award_publicity", "PUB", "publicity_posted", posted, "股权奖励", ends.may_close_from,
        because_zh=ends.explanation_zh, because_en=ends.explanation_en, provisional=ends.provisional,
    )  # fmt: skip


def _close(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "award", **kept(ctx)), closes=(Closing("award_publicity"),))


def _withdraw(ctx: Context) -> Effects:
    facts = {"award": None, "award_withdrawn": {**kept(ctx), "by_name": ctx.actor.name}}
    return Effects(facts=facts, closes=(Closing("award_publicity", "dropped"),), voids=("award",))


def _grant(ctx: Context) -> Effects:
    """Keep who got what: the capital of each person, in fen, as the terms have it; it adds up to the award."""
    persons = [(name, party, fen) for name, party, fen, _ in awarded(ctx)]
    total = sum(fen for _, _, fen in persons)
    told = f"{len(persons)}人，合计{format_yuan(total)}元"
    return Effects(facts=section(ctx, "award", **kept(ctx), persons=persons, total_fen=total, told=told))


STEPS: tuple[Step, ...] = (
    Step(
        "post_award", "开始股权奖励公示", "Post the award", "股权奖励开始公示", "posted the award",
        OFFICER, p.PostAward,
        (
            is_award_agreed, is_award_lawful,
            g.day_between("posted_on", "公示开始日期", ("contract", "signed_on", "签订日期")),
        ),
        _post,
    ),
    Step(
        "close_award", "确认股权奖励公示期满", "Close the publicity of the award", "股权奖励公示期满",
        "closed the publicity of the award", OFFICER, p.CloseAward,
        (has_award_publicity_run, g.day_between("closed_on", "确认日期", ("award", "posted_on", "公示开始日期"))), _close,
    ),
    Step(
        "withdraw_award", "撤回奖励公示", "Withdraw the award", "撤回了股权奖励公示", "withdrew the award",
        OFFICER, p.RaiseAwardObjection, (), _withdraw, "warning",
    ),
    Step(
        "grant_award", "登记奖励股权", "Register the award", "登记了奖励股权", "registered the award",
        OFFICER, p.GrantAward,
        (is_company_registered, is_award_lawful, g.day_between("granted_on", "登记日期", REGISTERED)), _grant, "success",
    ),
    Step(
        "waive_award", "登记无须奖励", "Record that no award is due", "登记了无须股权奖励", "recorded that no award is due",
        OFFICER, p.WaiveAward, (is_title_shared, g.day_between("decided_on", "确认日期")), noted("award_waived", "by_name"),
        "secondary",
    ),
)  # fmt: skip
