"""Scores of evaluations by enterprises and experts, what a careless one looks like, and when both sides agree.

In: the three heads of an evaluation, earlier ones, and the house's lines. Out: scores, flags, yes or no. Scores run from
0 to 100, whole.

Source: 榕市监知〔2024〕268号 (the three heads; enterprises answer for the quality of evaluations); 国知发运字〔2025〕16号
(patents that self-rating and enterprises both think well of come first)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.house_rows import Evaluating
from rules.text import fold

# The heads of the papers, and no others.
HEADS: Mapping[str, tuple[str, str]] = {
    "prospect": ("产业化前景", "Industrial prospect"),
    "improvement": ("技术改进需求", "Need for improvement"),
    "cooperation": ("产学研合作意愿", "Wish to cooperate"),
}
# The heads that a patent's score is made of. A need to improve is neither praise nor blame: it is kept and answered.
SCORED = ("prospect", "cooperation")
FLAGS: Mapping[str, tuple[str, str]] = {
    "empty": ("没有文字说明", "nothing written"),
    "copied": ("文字与另一份评价相同", "the text of another evaluation"),
    "too_fast": ("填写过快", "filled in too fast"),
    "same_scores": ("连续多份打分完全相同", "the same scores again and again"),
    "conflict": ("与被评价专利有利害关系", "conflict of interest"),
}
LEAST, MOST = 0, 100
SHORTEST_COPY = 8  # shorter texts, such as 前景较好, are alike by chance


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one evaluation says: three scores, three texts, which patent, and by whom. `seconds` is None if not known."""

    patent_id: int
    by: str
    scores: tuple[int, int, int]
    texts: tuple[str, str, str] = ("", "", "")
    seconds: int | None = None

    @property
    def score(self) -> int:
        """The evaluation's own score: the mean of the heads of `SCORED`, a half rounded up."""
        by_head = dict(zip(HEADS, self.scores, strict=True))
        return mean([by_head[head] for head in SCORED])


def mean(scores: Sequence[int]) -> int:
    """Return the mean of whole scores, a half rounded up.

    Raises: ZeroDivisionError without any score.
    """
    return (2 * sum(scores) + len(scores)) // (2 * len(scores))


def patent_score(opinions: Iterable[Opinion]) -> int | None:
    """Return a patent's score: each evaluator counts once, by the latest evaluation; the mean of their scores.

    `opinions` come in the order in which they were given. None if there is none.
    """
    latest = {opinion.by: opinion.score for opinion in opinions}
    return mean(list(latest.values())) if latest else None


def flags_of(new: Opinion, earlier: Sequence[Opinion], lines: Evaluating) -> tuple[str, ...]:
    """Return what looks careless about an evaluation, as keys of `FLAGS`; a person decides what follows.

    `earlier` are evaluations that were there before it, the newest first; those of other evaluators only tell copies.
    """
    found = {
        "empty": sum(map(len, map(fold, new.texts))) < lines.shortest_text,
        "copied": any(_is_copy(new, other) for other in earlier),
        "too_fast": new.seconds is not None and new.seconds < lines.shortest_seconds,
        "same_scores": _is_row(new, earlier, lines.same_in_a_row),
    }
    return tuple(flag for flag in FLAGS if found.get(flag))


def _is_copy(new: Opinion, other: Opinion) -> bool:
    """Say whether a longer text stands in an evaluation of another patent, or in somebody else's of this one."""
    if (new.patent_id, new.by) == (other.patent_id, other.by):
        return False
    mine = {fold(text) for text in new.texts}
    return any(len(text) >= SHORTEST_COPY and text in mine for text in map(fold, other.texts))


def _is_row(new: Opinion, earlier: Sequence[Opinion], length: int) -> bool:
    own = [other.scores for other in earlier if other.by == new.by and other.patent_id != new.patent_id]
    return len(own) >= length - 1 and all(scores == new.scores for scores in own[: length - 1])


def agreed(own: int | None, enterprise: int | None, lines: Evaluating) -> bool:
    """Say whether both sides think well of a patent.

    Source: rule ST-01, 国知发运字〔2025〕16号; the lines are the house's
    """
    return (
        own is not None and enterprise is not None
        and own >= lines.own_score and enterprise >= lines.enterprise_score
    )  # fmt: skip
