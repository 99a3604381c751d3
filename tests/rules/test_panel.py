"""The mean of a panel, its spread, and how far two ratings agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.panel import Agreement, agreement, panel_result

SCORES = st.lists(st.integers(0, 100), min_size=1, max_size=15)


@pytest.mark.parametrize(
    ("scores", "mean", "spread", "wide"),
    [
        ([], None, 0, False),
        ([70], 70, 0, False),
        ([70, 81], 76, 11, False),  # 75.5 goes up
        ([40, 71], 56, 31, True),
        ([0, 60, 60, 60], 45, 60, True),
        ([0, 60, 60, 60, 100], 60, 100, True),  # from five on, one highest and one lowest are left out
    ],
)
def test_mean_and_spread(scores: list[int], mean: int | None, spread: int, wide: bool) -> None:
    found = panel_result(scores)
    assert (found.raters, found.mean, found.spread, found.is_wide) == (len(scores), mean, spread, wide)


@given(SCORES)
def test_mean_lies_between_the_scores_whatever_their_order(scores: list[int]) -> None:
    found = panel_result(scores)
    assert found.mean is not None
    assert min(scores) <= found.mean <= max(scores)
    assert panel_result(scores[::-1]) == found


@pytest.mark.parametrize("scores", [[101], [50, -1]])
def test_score_outside_is_refused(scores: list[int]) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        panel_result(scores)


@pytest.mark.parametrize(
    ("pairs", "told"),
    [
        ([], Agreement(0, 0, None, None)),
        ([("high", "high")] * 3, Agreement(3, 3, 1000, None)),
        ([("high", "high"), ("low", "low")], Agreement(2, 2, 1000, 1000)),
        ([("high", "low"), ("low", "high")], Agreement(2, 0, 0, -1000)),
        # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: the textbook example, kappa 0.40
        (
            [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15,
            Agreement(50, 35, 700, 400),
        ),
    ],
)
def test_agreement_with_and_without_chance(pairs: list[tuple[str, str]], told: Agreement) -> None:
    assert agreement(pairs) == told
