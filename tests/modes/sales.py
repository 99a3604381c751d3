"""A price by listing or by auction, as steps that every mode with these routes takes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from desk.story import terms_of
from tests.modes.acting import act, day
from tests.world import TODAY, World


class Route(NamedTuple):
    """How a sale is announced and closed."""

    announce: str
    on: str
    place: Mapping[str, str]
    close: str


ROUTES = {
    "listing": Route(
        "list_deal", "listed_on", {"exchange": "沧澜技术交易所", "listing_no": "1号"}, "close_listing"
    ),
    "auction": Route(
        "announce_auction", "announced_on", {"house": "沧澜拍卖行", "announcement_no": "1号"}, "close_auction"
    ),
}
SOLD: Mapping[str, Any] = {"outcome": "sold", "buyer": "启衡公司", "reference": "确认书1号"}


def announced(world: World, route: str, mode: str = "exclusive_license") -> int:
    """A case whose sale is announced on day 2 until day 22, at a floor of a million yuan."""
    case_id = world.case(mode=mode)
    act(world, case_id, "edit_terms", 0, terms={**terms_of(TODAY, mode=mode), "price_method": route})
    act(world, case_id, "clear_title", 1, checked_on=day(1), evidence="副本")
    how = ROUTES[route]
    given: dict[str, Any] = {"floor_fen": "100万元", "until": day(22), "basis": "评估报告", **how.place}
    act(world, case_id, how.announce, 2, **{how.on: day(2), **given})
    return case_id
