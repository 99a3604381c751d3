"""When a notice of the patent office counts as received. The day found here is never moved for rest days.

In: the day of dispatch, the channel, and the day of receipt if it is proven. Out: a `Served` that explains itself.

Source: 专利法实施细则 (2023) art 4; 专利审查指南 (2023) part 5 ch 6 §2.3, ch 7 §2.3
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from rules.counting import Citation, add_months, named_en, named_zh
from rules.derivation import Derivation, step

Channel = Literal["post", "electronic", "publication"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
CHANNEL_ZH: Mapping[Channel, str] = {"post": "邮寄", "electronic": "电子送达", "publication": "公告送达"}
DAYS_IN_THE_POST = 15
SERVICE_RULE = Citation("T-00", "专利法实施细则第4条；专利审查指南第五部分第六章第2.3节、第七章第2.3节", "V")


@dataclass(frozen=True, slots=True)
class Served:
    """A notice that counts as received `on` a day; `presumed` unless that day is proven or the day of dispatch."""

    dispatched: date
    channel: Channel
    on: date
    presumed: bool

    @property
    def derivation(self) -> Derivation:
        """Dispatch → day of receipt, by the rule on service."""
        sent = step(
            "dispatched",
            f"通知书发文日为{named_zh(self.dispatched)}，{CHANNEL_ZH[self.channel]}",
            f"The notice was dispatched on {named_en(self.dispatched)}, by {self.channel}",
            self.dispatched,
            "date",
        )
        zh, en = self._told()
        return step("served", zh, en, self.on, "date", sent, rule=SERVICE_RULE)

    def _told(self) -> tuple[str, str]:
        on_zh, on_en = named_zh(self.on), named_en(self.on)
        if self.presumed and self.channel == "post":
            return (
                f"自发文日起满{DAYS_IN_THE_POST}日推定收到，送达日为{on_zh}，不因休息日顺延",
                f"Presumed received {DAYS_IN_THE_POST} days after dispatch, on {on_en}; not moved for rest days",
            )
        if self.presumed and self.channel == "publication":
            return (
                f"自公告之日起满1个月视为送达，送达日为{on_zh}，不因休息日顺延",
                f"Deemed served 1 month after publication, on {on_en}; not moved for rest days",
            )
        if self.channel == "electronic" and self.on == self.dispatched:
            return f"电子送达当日即为送达日：{on_zh}", f"Served electronically on the same day, {on_en}"
        return f"有证据证明的实际收到日为{on_zh}，以该日为准", f"Receipt on {on_en} is proven, and counts"


def serve(dispatched: date, channel: Channel, *, proven: date | None = None) -> Served:
    """Return the day on which a notice counts as received.

    By post 15 days after dispatch, by publication one month after it (the month's last day if there is no
    corresponding one), electronically the day it enters the recipient's system, taken as the day of dispatch. A
    `proven` day of receipt wins over all of them. No day is moved for weekends or holidays.

    Raises: ValueError if the proven day lies before the dispatch, or the channel is unknown.
    """
    if channel not in CHANNELS:
        raise ValueError(f"unknown channel of service: {channel!r}")
    if proven is not None:
        if proven < dispatched:
            raise ValueError("a notice cannot be received before it is dispatched")
        return Served(dispatched, channel, proven, presumed=False)
    if channel == "post":
        return Served(dispatched, channel, dispatched + timedelta(days=DAYS_IN_THE_POST), presumed=True)
    if channel == "publication":
        return Served(dispatched, channel, add_months(dispatched, 1), presumed=True)
    return Served(dispatched, channel, dispatched, presumed=False)
