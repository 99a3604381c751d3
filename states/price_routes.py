"""The three routes to a price (协议定价、挂牌交易、拍卖), and what each asks for.

The terms name the route. An agreed price is made public inside the house; a listing or an auction is public by itself,
so the publicity of an agreed price falls away (`states.clearances`). The price that a sale has brought must stand in
the terms before it is recorded.

Source: 促进科技成果转化法 art 18; 国发〔2016〕16号
"""

from collections.abc import Callable, Mapping
from typing import Literal

from rules.money import format_yuan
from states import guards as g
from states.chart import Arc, Node
from states.clearances import order_of
from states.context import Context
from states.payload_fields import (
    Day,
    Fen,
    Line,
    Note,
    OptionalLine,
    Payload,
    asked,
    chosen,
    optional,
    optional_money,
)
from states.plan import Closing, Effects, Opening, Unmet
from states.steps import OFFICER, Step, kept, required_day

REGION = Node(
    "price", "定价", "Price",
    children=(
        Node("price_open", "待定价", "open", (
            Arc("agree_price", "price_agreed"),
            Arc("list_deal", "price_listed"),
            Arc("announce_auction", "price_auctioned"),
        )),
        Node("price_listed", "挂牌中", "listed", (
            Arc("close_listing", "price_agreed", choice="is_sold"),
            Arc("close_listing", "price_open"),
            Arc("void_price", "price_open"),
        )),
        Node("price_auctioned", "拍卖公告中", "auction announced", (
            Arc("close_auction", "price_agreed", choice="is_sold"),
            Arc("close_auction", "price_open"),
            Arc("void_price", "price_open"),
        )),
        Node("price_agreed", "价格已确定", "settled", (Arc("void_price", "price_open"),)),
    ),
)  # fmt: skip
ROUTES = {
    "agreement": ("协议定价", "agreement", "确认协议定价"),
    "listing": ("挂牌交易", "listing", "挂牌"),
    "auction": ("拍卖", "auction", "发布拍卖公告"),
}


class ListDeal(Payload):
    """The deal is listed on a technology exchange."""

    listed_on: Day = asked("挂牌日期", "Listed on", "date")
    exchange: Line = asked("技术交易市场", "Exchange")
    listing_no: Line = asked("挂牌编号", "Listing no.")
    floor_fen: Fen = asked("挂牌底价（元）", "Floor price (CNY)", "money")
    until: Day = asked(
        "挂牌截止日", "Listed until", "date", "按技术交易市场公告填写", "As the exchange has announced"
    )
    basis: Note = asked("底价依据", "Basis of the floor price", "textarea")


class AnnounceAuction(Payload):
    """An auction has been announced."""

    announced_on: Day = asked("拍卖公告日期", "Announced on", "date")
    house: Line = asked("拍卖机构", "Auction house")
    announcement_no: Line = asked("公告编号", "Announcement no.")
    floor_fen: Fen = asked("保留价（元）", "Reserve price (CNY)", "money")
    until: Day = asked("拍卖日", "Auction on", "date")
    basis: Note = asked("保留价依据", "Basis of the reserve price", "textarea")


class CloseSale(Payload):
    """The listing or the auction is over."""

    closed_on: Day = asked("结束日期", "Closed on", "date")
    outcome: Literal["sold", "unsold"] = chosen(
        "结果", "Outcome",
        {"sold": ("成交", "sold"), "unsold": ("未成交，重新确定定价方式", "not sold, the price is open again")},
    )  # fmt: skip
    buyer: OptionalLine = optional(
        "成交方", "Buyer", help_zh="成交的填写，与本案企业一致", help_en="If sold: the company of the case"
    )
    price_fen: Fen | None = optional_money("成交价（元）", "Price (CNY)", "成交的填写", "If sold")
    reference: Line = asked("成交确认书或结果公告编号", "Reference")


def is_route(route: str) -> g.Guard:
    """Return the guard that asks for the terms to name this route."""

    def guard(ctx: Context) -> tuple[Unmet, ...]:
        named = ctx.terms.price_method or "agreement"
        if named == route:
            return ()
        zh, en, step_zh = ROUTES[named]
        return (
            ctx.unmet(
                "price_route", "PR-02",
                (f"商务条款约定的定价方式是{zh}", f"the terms name another route: {en}"),
                (f"办理“{step_zh}”，或在商务条款中改为{ROUTES[route][0]}", "take that route, or change the terms"), "officer",
            ),
        )  # fmt: skip

    return guard


def is_end_after_day(day: str) -> g.Guard:
    """Return the guard that holds the announced end of a sale to its beginning."""

    def guard(ctx: Context) -> tuple[Unmet, ...]:
        if ctx.payload is None or ctx.payload.until >= getattr(ctx.payload, day):
            return ()
        return (
            ctx.unmet(
                "sale_ends_early", "", ("截止日早于开始日", "the sale ends before it begins"),
                ("核对公告上的日期", "check the dates of the announcement"), "officer",
            ),
        )  # fmt: skip

    return guard


def is_sale_over(ctx: Context) -> tuple[Unmet, ...]:
    """The announced time has passed."""
    until = ctx.data.day("price", "until")
    if until is None or ctx.today >= until:
        return ()
    return (
        ctx.unmet(
            "sale_running", "PR-02", (f"公告期至{until.isoformat()}，尚未届满", f"the sale runs until {until}"),
            ("公告期满后登记结果", "wait until it is over"), "officer", waits=True,
        ),
    )  # fmt: skip


def is_price_in_terms(ctx: Context) -> tuple[Unmet, ...]:
    """A sale is at the floor price at least, and the terms carry the price that it brought."""
    if ctx.payload is None or ctx.payload.outcome != "sold":
        return ()
    price, floor = ctx.payload.price_fen, int(ctx.data.get("price", "floor_fen") or 0)
    found: list[Unmet] = []
    if price is None or price < floor:
        what = (f"成交价低于底价{format_yuan(floor)}元，或未填写", "the price is missing or below the floor")
        remedy = (
            "核对成交价；确需低于底价成交的，登记未成交后重新定价",
            "check it, or record that nothing was sold",
        )
        found.append(ctx.unmet("price_below_floor", "PR-02", what, remedy, "officer"))
    elif price != ctx.terms.amount_fen:
        what = (
            f"商务条款的金额{format_yuan(ctx.terms.amount_fen)}元与成交价{format_yuan(price)}元不一致",
            "the amount of the terms is not the price",
        )
        found.append(
            ctx.unmet(
                "price_not_in_terms",
                "PR-02",
                what,
                ("先按成交价修改商务条款", "edit the terms first"),
                "officer",
            )
        )
    return tuple(found)


def _is_sold(ctx: Context) -> bool:
    return ctx.payload is not None and ctx.payload.outcome == "sold"


CHOICES: Mapping[str, Callable[[Context], bool]] = {"is_sold": _is_sold}


def _begin(route: str, day: str) -> Callable[[Context], Effects]:
    def effect(ctx: Context) -> Effects:
        began = required_day(ctx, day)
        opening = Opening(
            "sale", "SALE", "sale_announced", began, ROUTES[route][0], required_day(ctx, "until")
        )
        return Effects(facts={"price": {**kept(ctx), "route": route}}, opens=(opening,))

    return effect


def _close(ctx: Context) -> Effects:
    if not _is_sold(ctx):
        told = {**ctx.data.sections.get("price", {}), **kept(ctx)}
        unsold = [*ctx.data.items("unsold", "list"), told]
        return Effects(facts={"price": None, "unsold": {"list": unsold}}, closes=(Closing("sale"),))
    told = {
        **ctx.data.sections.get("price", {}), **kept(ctx), "agreed_on": ctx.payload.closed_on.isoformat(),
        "hash": ctx.terms.hashes.get("publicity"),
    }  # fmt: skip
    return Effects(facts={"price": told}, closes=(Closing("sale"),))


def _closing(event: str, zh: str, en: str, done_zh: str, done_en: str, since: tuple[str, str, str]) -> Step:
    return Step(
        event, zh, en, done_zh, done_en, OFFICER, CloseSale,
        (is_sale_over, g.are_terms_complete, is_price_in_terms, g.day_between("closed_on", "结束日期", since)),
        _close, "success", from_outside=True,
    )  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        "list_deal", "挂牌", "List the deal", "在技术交易市场挂牌", "listed the deal",
        OFFICER, ListDeal,
        (
            order_of("price"), g.are_terms_complete, is_route("listing"), is_end_after_day("listed_on"),
            g.day_between("listed_on", "挂牌日期"),
        ),
        _begin("listing", "listed_on"),
    ),
    _closing(
        "close_listing", "登记挂牌结果", "Record the outcome of the listing", "登记了挂牌结果",
        "recorded the outcome of the listing", ("price", "listed_on", "挂牌日期"),
    ),
    Step(
        "announce_auction", "发布拍卖公告", "Announce the auction", "发布拍卖公告", "announced the auction",
        OFFICER, AnnounceAuction,
        (
            order_of("price"), g.are_terms_complete, is_route("auction"), is_end_after_day("announced_on"),
            g.day_between("announced_on", "拍卖公告日期"),
        ),
        _begin("auction", "announced_on"),
    ),
    _closing(
        "close_auction", "登记拍卖结果", "Record the outcome of the auction", "登记了拍卖结果",
        "recorded the outcome of the auction", ("price", "announced_on", "拍卖公告日期"),
    ),
)  # fmt: skip
