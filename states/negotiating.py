"""What the other side wants changed in a draft, and whether each difference has been decided.

The versions sent and received stand in the case's data under `negotiation`; they are written beside the chart, as files
are. A contract is neither final nor signed while a difference of the last version that came back is undecided.
"""

from collections.abc import Mapping
from typing import Any

from states.context import Context
from states.facts import CaseData
from states.plan import Unmet

SECTION = "negotiation"
SETTLING = frozenset({"accept", "keep"})


def undecided(data: CaseData) -> tuple[Mapping[str, Any], ...]:
    """Return the differences of the last version received that nobody has accepted or declined."""
    received = data.items(SECTION, "received")
    if not received:
        return ()
    settled = {one["digest"] for one in data.items(SECTION, "decisions") if one["decision"] in SETTLING}
    return tuple(one for one in received[-1]["differences"] if one["digest"] not in settled)


def is_negotiation_settled(ctx: Context) -> tuple[Unmet, ...]:
    """Is every difference of the last version that came back decided, also those that were not marked as changes?"""
    remedy = (
        "在“合同磋商”页面逐条决定：接受或者保留我方文本",
        "decide it on the page of the negotiation: accept it or keep ours",
    )
    return tuple(
        ctx.unmet(
            "difference_undecided", "",
            (
                f"对方返回稿中“{one['title']}”的改动尚未决定" + ("" if one["tracked"] else "，且含有未留修订痕迹的改动"),
                f"the change of '{one['clause']}' in the version that came back is undecided"
                + ("" if one["tracked"] else ", and part of it was not tracked"),
            ),
            remedy, "officer",
        )
        for one in undecided(ctx.data)
    )  # fmt: skip
