"""The one value that guards and effects look at."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from rules.packs import RuleBook
from rules.policy import HousePolicy
from states.chart import Position
from states.facts import Actor, CaseData, Facts, TermsFacts
from states.payload_fields import Payload
from states.plan import Steps, Unmet

if TYPE_CHECKING:
    from states.modes import Mode


@dataclass(frozen=True, slots=True)
class Context:
    """A step about to be decided. `payload` is None while somebody only asks what would be possible."""

    mode: "Mode"
    position: Position
    facts: Facts
    payload: Any
    actor: Actor
    today: date
    book: RuleBook

    @property
    def data(self) -> CaseData:
        """What the events so far have established."""
        return self.facts.data

    @property
    def terms(self) -> TermsFacts:
        """What the charts may know of the terms."""
        return self.facts.terms

    @property
    def policy(self) -> HousePolicy:
        """The house's own rules: those under which the case runs, or else those of today."""
        return self.facts.policy or self.book.house(self.today)

    def at(self, leaf: str) -> bool:
        """Say whether a leaf state is active."""
        return leaf in self.position

    def day(self, name: str) -> date | None:
        """Return a date of the payload, or None while there is no payload."""
        return getattr(self.payload, name) if isinstance(self.payload, Payload) else None

    def unmet(
        self,
        code: str,
        rule_id: str,
        what: tuple[str, str],
        remedy: tuple[str, str],
        who: str,
        patent_id: int | None = None,
        because: Steps | None = None,
        *,
        waits: bool = False,
    ) -> Unmet:
        """Build an unmet condition that cites its rule; the texts are Chinese and English pairs."""
        rule = self.book.rule(rule_id, self.today) if rule_id else None
        return Unmet(
            code=code,
            what_zh=what[0],
            what_en=what[1],
            remedy_zh=remedy[0],
            remedy_en=remedy[1],
            who=who,
            rule_id=rule_id,
            article=rule.article if rule else "",
            confidence=rule.confidence if rule else "",
            patent_id=patent_id,
            because=because,
            waits=waits,
        )
