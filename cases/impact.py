"""What a step would take away, told before it is taken: clearances, papers, deadlines, terms. Reads only.

In: the case as its page shows it, and the outcome of supposing the step. Out: what becomes void, by name. A paper is
superseded once what it was made for has become void after it was asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.views import CasePage, DeadlineView, DocumentView
from cases.whatif import Outcome
from contracts.kinds import made_for
from states.plan import Closing


@dataclass(frozen=True, slots=True)
class Impact:
    """What a step would take away. `reopened` are the keys of deadlines that would run again."""

    voids: tuple[str, ...] = ()
    papers: tuple[DocumentView, ...] = ()
    dropped: tuple[DeadlineView, ...] = ()
    reopened: tuple[DeadlineView, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def asks(self) -> bool:
        """Say whether it should be confirmed."""
        return bool(self.voids or self.lost)

    @property
    def mark(self) -> str:
        """What a confirmation must repeat, so that nobody confirms what they have not seen."""
        papers = ",".join(str(paper.id) for paper in self.papers)
        return (
            f"{','.join(self.voids)};{papers};{','.join(d.key for d in self.dropped)};{','.join(self.lost)}"
        )


def impact_of(case: CasePage, outcome: Outcome) -> Impact:
    """Return what a supposed step would take away from a case; nothing if it would be refused."""
    if not outcome.possible or not (outcome.voids or outcome.lost):
        return Impact()
    gone = frozenset(outcome.voids)
    newest: dict[str, DocumentView] = {}
    for paper in case.documents:
        newest.setdefault(paper.kind, paper)
    papers = [p for p in newest.values() if made_for(p.kind) in gone and not p.superseded]
    again = [d for key in outcome.reopens if (d := _last(case.deadlines, key))]
    return Impact(
        outcome.voids, tuple(papers), _dropped(case.deadlines, outcome.closes), tuple(again), outcome.lost
    )


def _dropped(deadlines: Iterable[DeadlineView], closes: Iterable[Closing]) -> tuple[DeadlineView, ...]:
    keys = {closing.key for closing in closes if closing.how == "dropped"}
    return tuple(d for d in deadlines if d.status == "open" and d.key in keys)


def _last(deadlines: Iterable[DeadlineView], key: str) -> DeadlineView | None:
    return max((d for d in deadlines if d.key == key), key=lambda d: d.id, default=None)
