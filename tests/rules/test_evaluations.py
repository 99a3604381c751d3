"""Scores of evaluations, careless ones, and both sides' agreement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.evaluations import FLAGS, HEADS, Opinion, agreed, flags_of, mean, patent_score
from rules.house_rows import Evaluating

LINES = Evaluating()
SCORES = st.integers(0, 100)
GOOD = ("下游隔膜厂家有批量需求，可替代进口", "涂层均匀性还需提高", "愿意共建中试线")


def opinion(
    patent: int = 1, by: str = "company:1", *, scores: tuple[int, int, int] = (80, 40, 60), **more: object
) -> Opinion:
    return Opinion(patent, by, scores, **{"texts": GOOD, **more})  # type: ignore[arg-type]


def test_the_heads_are_those_of_the_papers() -> None:
    """榕市监知〔2024〕268号: 对专利的产业化前景、技术改进需求和产学研合作意愿等进行评估."""
    assert [zh for zh, _ in HEADS.values()] == ["产业化前景", "技术改进需求", "产学研合作意愿"]


@pytest.mark.parametrize(("scores", "expected"), [
    ((80, 0, 60), 70), ((80, 100, 60), 70), ((81, 0, 60), 71), ((0, 100, 0), 0), ((100, 0, 100), 100),
])  # fmt: skip
def test_score_is_the_mean_of_prospect_and_cooperation(scores: tuple[int, int, int], expected: int) -> None:
    assert opinion(scores=scores).score == expected


def test_each_evaluator_counts_once_by_the_latest_word() -> None:
    given = [
        opinion(scores=(0, 0, 0)),
        opinion(by="expert:1", scores=(50, 0, 50)),
        opinion(scores=(90, 0, 90)),
    ]
    assert patent_score(given) == 70
    assert patent_score([]) is None


@given(st.lists(SCORES, min_size=1, max_size=20))
def test_mean_lies_within_its_scores_and_rounds_a_half_up(scores: list[int]) -> None:
    found = mean(scores)
    assert min(scores) <= found <= max(scores)
    assert 2 * sum(scores) - len(scores) < 2 * found * len(scores) <= 2 * sum(scores) + len(scores)


def test_a_careful_evaluation_has_no_flag() -> None:
    assert flags_of(opinion(seconds=240), [opinion(2, texts=("另一份说明，内容不同", "", ""))], LINES) == ()


@pytest.mark.parametrize(("new", "earlier", "expected"), [
    (opinion(texts=("", " ", "好")), [], ("empty",)),
    (opinion(), [opinion(2)], ("copied",)),
    (opinion(), [opinion(1, "company:2")], ("copied",)),
    (opinion(), [opinion(1)], ()),  # the evaluator says the same of the same patent again
    (opinion(texts=("前景较好", "无需改进", "愿意合作")), [opinion(2, texts=("前景较好", "无需改进", "愿意合作"))], ()),
    (opinion(texts=("下游隔膜厂家有批量需求，可替代进口 ", "", "")), [opinion(2)], ("copied",)),
    (opinion(seconds=29), [], ("too_fast",)),
    (opinion(seconds=30), [], ()),
    (opinion(seconds=None), [], ()),
    (opinion(texts=("", "", ""), seconds=1), [], ("empty", "too_fast")),
])  # fmt: skip
def test_careless_evaluations_are_flagged(
    new: Opinion, earlier: list[Opinion], expected: tuple[str, ...]
) -> None:
    assert flags_of(new, earlier, LINES) == expected


def _row(count: int, scores: tuple[int, int, int] = (80, 40, 60)) -> list[Opinion]:
    return [
        opinion(patent, texts=(f"第{patent}件的单独说明文字", "", ""), scores=scores)
        for patent in range(2, 2 + count)
    ]


@pytest.mark.parametrize(("earlier", "flagged"), [
    (_row(4), True), (_row(3), False), ([*_row(2), *_row(1, (1, 2, 3)), *_row(2)], False), (_row(9), True),
])  # fmt: skip
def test_the_same_scores_again_and_again_are_flagged(earlier: list[Opinion], flagged: bool) -> None:
    assert ("same_scores" in flags_of(opinion(), earlier, LINES)) is flagged


def test_other_evaluators_do_not_make_a_row() -> None:
    others = [
        Opinion(n, f"company:{n}", (80, 40, 60), (f"第{n}家企业的说明文字", "", "")) for n in range(2, 12)
    ]
    assert flags_of(opinion(), others, LINES) == ()


@pytest.mark.parametrize(("own", "enterprise", "expected"), [
    (70, 70, True), (69, 70, False), (70, 69, False), (100, None, False), (None, 100, False),
])  # fmt: skip
def test_both_sides_agree_from_the_lines_of_the_house(
    own: int | None, enterprise: int | None, expected: bool
) -> None:
    assert agreed(own, enterprise, LINES) is expected


def test_every_flag_is_told_in_both_languages() -> None:
    assert all(zh and en.isascii() for zh, en in FLAGS.values())
