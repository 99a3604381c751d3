"""The ladder of reminders: rungs reached, the tightest of them, and the day of the next one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.ladder import Ladder

USUAL = Ladder((60, 30, 7, 1, 0), (1, 7, 30))
DUE = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("days_left", "rung"),
    [
        (61, None), (60, 60), (59, 60), (31, 60), (30, 30), (8, 30), (7, 7), (2, 7), (1, 1), (0, 0), (-1, -1), (-6, -1),
        (-7, -7), (-29, -7), (-30, -30), (-400, -30),
    ],
)  # fmt: skip
def test_the_last_rung_reached_is_the_tightest(days_left: int, rung: int | None) -> None:
    assert (USUAL.reached(days_left) or (None,))[-1] == rung


@pytest.mark.parametrize(
    ("ladder", "days_left", "reached"),
    [
        (Ladder((1, 0), (3, 7)), -2, (1, 0)),
        (Ladder((1,), (3,)), -1, (1,)),
        (Ladder((), ()), -5, ()),
        (USUAL, -8, (60, 30, 7, 1, 0, -1, -7)),
        (Ladder((0,), (1, 7), every=5), -11, (0, -1, -7)),
        (Ladder((0,), (1, 7), every=5), -12, (0, -1, -7, -12)),
        (Ladder((0,), (1, 7), every=5), -23, (0, -1, -7, -12, -17, -22)),
        (Ladder((0,), (), every=3), -7, (0, -3, -6)),
    ],
)
def test_rungs_reached(ladder: Ladder, days_left: int, reached: tuple[int, ...]) -> None:
    assert ladder.reached(days_left) == reached


@pytest.mark.parametrize(
    ("ladder", "on", "following"),
    [
        (USUAL, "2026-01-01", "2026-05-02"),
        (USUAL, "2026-05-02", "2026-06-01"),
        (USUAL, "2026-06-30", "2026-07-01"),
        (USUAL, "2026-07-02", "2026-07-08"),
        (USUAL, "2026-07-31", None),
        (Ladder((0,), (1, 7), every=5), "2026-07-08", "2026-07-13"),
        (Ladder((0,), (1, 7), every=5), "2026-07-13", "2026-07-18"),
        (Ladder((0,), (1, 7), every=5), "2026-07-17", "2026-07-18"),
        (Ladder((0,), (), every=3), "2026-07-01", "2026-07-04"),
        (Ladder((), ()), "2026-07-01", None),
    ],
)
def test_day_of_the_next_rung(ladder: Ladder, on: str, following: str | None) -> None:
    found = ladder.next_after(DUE, date.fromisoformat(on))
    assert found == (date.fromisoformat(following) if following else None)


def test_deadline_opened_within_its_ladder_is_looked_at_at_once() -> None:
    assert USUAL.first_on(DUE, date(2026, 6, 20)) == date(2026, 6, 20)
    assert USUAL.first_on(DUE, date(2026, 3, 1)) == date(2026, 5, 2)


ladders = st.builds(
    lambda before, after, every: Ladder(tuple(sorted(before, reverse=True)), tuple(sorted(after)), every),
    st.sets(st.integers(0, 90)), st.sets(st.integers(1, 90)), st.integers(0, 20),
)  # fmt: skip


@given(ladder=ladders, left=st.integers(-200, 200))
def test_next_day_is_the_first_that_reaches_more(ladder: Ladder, left: int) -> None:
    """Walking day by day finds the same day as the computation does."""
    on = DUE - timedelta(days=left)
    now = ladder.reached(left)
    walked = next((days for days in range(left - 1, left - 250, -1) if ladder.reached(days) != now), None)
    found = ladder.next_after(DUE, on)
    assert found == (DUE - timedelta(days=walked) if walked is not None else found)
    assert walked is not None or found is None or (found - on).days >= 249
    assert list(now) == sorted(set(now), reverse=True)
