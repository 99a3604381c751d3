"""The one place where the scores of a panel become a result, and where two ratings of a sample are compared.

The mean is that of all raters, 0 to 100, rounded half up to a whole point; from five raters on the highest and the lowest
score are left out once each. The spread is the highest less the lowest of all scores: above `WIDE` the raters should talk
before anybody decides. None of this is law: it is the rule of this product, and stands here alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TRIMMED_FROM = 5
WIDE = 30


@dataclass(frozen=True, slots=True)
class PanelResult:
    """What a panel says: how many raters, their mean, and how far they are apart."""

    raters: int
    mean: int | None
    spread: int

    @property
    def is_wide(self) -> bool:
        """Say whether the raters are so far apart that they should talk."""
        return self.spread > WIDE


def panel_result(scores: Sequence[int]) -> PanelResult:
    """Return the result of the scores, each 0 to 100.

    Raises: ValueError for a score outside.
    """
    if any(not 0 <= score <= 100 for score in scores):
        raise ValueError("a score lies outside 0 to 100")
    if not scores:
        return PanelResult(0, None, 0)
    ordered = sorted(scores)
    counted = ordered[1:-1] if len(ordered) >= TRIMMED_FROM else ordered
    mean = (2 * sum(counted) + len(counted)) // (2 * len(counted))
    return PanelResult(len(ordered), mean, ordered[-1] - ordered[0])


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two ratings of the same patents agree. `kappa` leaves out what chance alone would bring (permille)."""

    pairs: int
    equal: int
    permille: int | None
    kappa: int | None


def agreement(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Compare first and second ratings: the share that is equal, and Cohen's kappa, both in permille, rounded half up.

    Kappa is None if chance explains everything, for instance when all ratings are the same word.
    """
    total = len(pairs)
    if not total:
        return Agreement(0, 0, None, None)
    equal = sum(first == second for first, second in pairs)
    words = {word for pair in pairs for word in pair}
    by_chance = sum(
        sum(first == word for first, _ in pairs) * sum(second == word for _, second in pairs)
        for word in words
    )
    left = total * total - by_chance
    kappa = None if left == 0 else _permille(equal * total - by_chance, left)
    return Agreement(total, equal, _permille(equal, total), kappa)


def _permille(part: int, whole: int) -> int:
    return (2000 * part + whole) // (2 * whole)
