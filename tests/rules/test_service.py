"""Service of notices: presumed days, and proof against them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.service import CHANNELS, serve

DISPATCHED = date(2026, 1, 30)


def test_each_channel_has_its_own_day() -> None:
    assert {channel: serve(DISPATCHED, channel).on.isoformat() for channel in CHANNELS} == {
        "post": "2026-02-14",  # a Saturday: not moved
        "electronic": "2026-01-30",
        "publication": "2026-02-28",  # no 30 February
    }


@pytest.mark.parametrize("channel", CHANNELS)
def test_proven_receipt_wins(channel: str) -> None:
    served = serve(DISPATCHED, channel, proven=date(2026, 2, 3))  # type: ignore[arg-type]  # a text of the table
    assert (served.on, served.presumed) == (date(2026, 2, 3), False)
    assert "以该日为准" in served.derivation.zh


def test_proof_of_receipt_before_dispatch_is_refused() -> None:
    with pytest.raises(ValueError, match="before it is dispatched"):
        serve(DISPATCHED, "post", proven=DISPATCHED - timedelta(days=1))


def test_unknown_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="pigeon"):
        serve(DISPATCHED, "pigeon")  # type: ignore[arg-type]  # what the test is about


def test_service_explains_itself() -> None:
    assert serve(DISPATCHED, "post").derivation.sentence_zh == (
        "通知书发文日为2026年1月30日（星期五），邮寄；"
        "自发文日起满15日推定收到，送达日为2026年2月14日（星期六），不因休息日顺延"
        "（依据专利法实施细则第4条；专利审查指南第五部分第六章第2.3节、第七章第2.3节，规则T-00）。"
    )


@given(st.dates(date(1985, 4, 1), date(2099, 12, 31)), st.integers(0, 400), st.sampled_from(CHANNELS))
def test_later_dispatch_is_never_served_earlier(day: date, later: int, channel: str) -> None:
    first, second = (
        serve(at, channel)  # type: ignore[arg-type]  # a text of the table
        for at in (day, day + timedelta(days=later))
    )
    assert day <= first.on <= second.on
