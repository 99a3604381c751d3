"""What a decision returns: a plan to carry out, or a refusal that explains itself. Both are frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from rules.deadlines import Deadline
from rules.derivation import Derivation, step
from rules.gates import PatentFacts
from states.chart import Position

if TYPE_CHECKING:
    from states.modes import Mode

Steps = Callable[[], tuple[Derivation, ...]]
_VERIFIED = frozenset({"V", "V*"})


@dataclass(frozen=True, slots=True)
class Unmet:
    """One condition that is not met: what, by which rule, what would meet it, and who can.

    `because` tells the steps that led to it, when somebody asks for them. `waits` says that only time meets it.
    """

    code: str
    what_zh: str
    what_en: str
    remedy_zh: str
    remedy_en: str
    who: str
    rule_id: str = ""
    article: str = ""
    confidence: str = ""
    patent_id: int | None = None
    because: Steps | None = field(default=None, compare=False, repr=False)
    waits: bool = False

    @property
    def badge_zh(self) -> str:
        """待核实 if the wording of the rule behind it was not read, or nothing."""
        return "待核实" if self.rule_id and self.confidence not in _VERIFIED else ""

    @property
    def derivation(self) -> Derivation:
        """How the refusal came about: the steps behind it, the rule, and what would meet it. Built when asked for."""
        steps = self.because() if self.because is not None else ()
        remedy = step("remedy", f"办法：{self.remedy_zh}", f"remedy: {self.remedy_en}", self.who, "text")
        return Derivation(
            self.code, f"未满足：{self.what_zh}", f"not met: {self.what_en}", False, "flag",
            self.rule_id, self.article, self.confidence, self.badge_zh, (*steps, remedy),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opening:
    """A deadline to open, computed from its rule.

    `due` only for dates that a contract, a notice or another computation names; `because_*` say where it
    comes from, `provisional` that it rests on holidays not published yet. `amount_fen` is for rules that go by
    an amount.
    """

    key: str
    rule_id: str
    base_event: str
    base_date: date
    suffix: str = ""
    due: date | None = None
    because_zh: tuple[str, ...] = ()
    because_en: tuple[str, ...] = ()
    provisional: bool = False
    amount_fen: int | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """A deadline to close: done in time or late (`met`), or without object (`dropped`).

    The key `*` stands for all that are open, except those of `but`.
    """

    key: str
    how: Literal["met", "dropped"] = "met"
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterChange:
    """What a step changes of a patent's entry in the record, once the office has published it.

    `flags_in` and `flags_out` are those of `rules.gates.FLAGS`; `owners` None leaves the owners as they are.
    """

    patent_id: int
    flags_in: tuple[str, ...] = ()
    flags_out: tuple[str, ...] = ()
    owners: tuple[str, ...] | None = None

    def applied(self, patent: PatentFacts) -> PatentFacts:
        """Return the patent as it stands after the change."""
        flags = patent.flags - frozenset(self.flags_out) | frozenset(self.flags_in)
        return replace(patent, flags=flags, owners=patent.owners if self.owners is None else self.owners)


@dataclass(frozen=True, slots=True)
class Effects:
    """What a step does besides moving. `facts` replaces whole sections; None removes one.

    `moves` are deadlines that take new dates if they are still open; one that is closed stays closed. `reopens` are
    closed ones that run again with the dates they had.

    `raised` are chart events that follow in the same step and see its facts, for instance the voiding of an approval.

    `into` is the mode in which the case goes on, `splits_off` lets the patents that leave begin a case of their own,
    `takes_in` is the case that goes up in this one.

    `officer_id` takes the case over, `patents_in` and `patents_out` join and leave it. `register` are the
    entries of its patents that change with the step.
    """

    facts: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    opens: tuple[Opening, ...] = ()
    moves: tuple[Opening, ...] = ()
    closes: tuple[Closing, ...] = ()
    documents: tuple[str, ...] = ()
    outbox: tuple[str, ...] = ()
    label: tuple[str, str, date] | None = None
    raised: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
    reopens: tuple[str, ...] = ()
    officer_id: int | None = None
    patents_in: tuple[int, ...] = ()
    patents_out: tuple[int, ...] = ()
    register: tuple[RegisterChange, ...] = ()
    into: "Mode | None" = None
    splits_off: bool = False
    takes_in: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen: the next position and everything that goes with it.

    `mode` and `chart_version` are set where the case goes on under another chart; `position` is one of that chart.
    """

    event: str
    position: Position
    stage: str
    final: bool
    facts: Mapping[str, Mapping[str, Any] | None]
    deadlines: tuple[tuple[str, Deadline], ...]
    moves: tuple[tuple[str, Deadline], ...]
    closes: tuple[Closing, ...]
    documents: tuple[str, ...]
    outbox: tuple[str, ...]
    label: tuple[str, str, date] | None
    raised: tuple[str, ...]
    voids: tuple[str, ...]
    officer_id: int | None = None
    patents_in: tuple[int, ...] = ()
    patents_out: tuple[int, ...] = ()
    reopens: tuple[str, ...] = ()
    mode: str | None = None
    chart_version: int | None = None
    register: tuple[RegisterChange, ...] = ()
    splits_off: bool = False
    takes_in: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step is not possible: every unmet condition, never only the first."""

    event: str
    unmet: tuple[Unmet, ...]
