"""What a decision may know: plain values, put together by the record before the decision.

Nothing here reads a clock, a database or a file. `CaseData` wraps what earlier events have established (one
section per subject, JSON values), `TermsFacts` what the charts may know of the commercial terms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from rules.gates import PatentFacts
from rules.grants import Grant
from rules.policy import HousePolicy
from states.approvers import Approvers

if TYPE_CHECKING:
    from states.modes import Mode

Role = str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person of the organization, in one role."""

    id: int
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Handover:
    """Who has a case and who shall take it; `to` is None if nobody of the organization goes by that name."""

    from_name: str
    to: Actor | None


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """A company that a step names, as the register of companies knows it."""

    id: int
    name: str
    uscc: str
    address: str
    is_foreign: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment with a date that the contract names. `amount_fen` is None if it depends on sales.

    `ref` names what it is for where later events settle it: `royalty:3`, `minimum:1`, `milestone:0`, `conversion`.
    """

    label: str
    due: date
    amount_fen: int | None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class TermsFacts:
    """What a chart may know of the terms.

    `hashes` holds one hash per binding group ('publicity', 'approval') and 'terms' for all fields;
    `problems` are the reasons why the terms are not complete, `unlawful` what the lint objects to. `territory` is
    as the contract names it, or empty. `industrialized_by` is the day by which the
    partner of a development or service contract promises to industrialize, if it does. `own` holds what only the guards
    of the mode ask, as JSON values.
    """

    complete: bool = False
    problems: tuple[str, ...] = ()
    unlawful: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict)
    amount_fen: int = 0
    start: date | None = None
    end: date | None = None
    price_method: str = ""
    payments: tuple[Payment, ...] = ()
    territory: str = ""
    industrialized_by: date | None = None
    own: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON form that the record stores beside the terms."""
        return {
            "complete": self.complete,
            "problems": list(self.problems),
            "unlawful": list(self.unlawful),
            "hashes": dict(self.hashes),
            "amount_fen": self.amount_fen,
            "start": self.start.isoformat() if self.start else None,
            "end": self.end.isoformat() if self.end else None,
            "price_method": self.price_method,
            "payments": [
                [p.label, p.due.isoformat(), p.amount_fen, *([p.ref] if p.ref else ())] for p in self.payments
            ],
            "territory": self.territory,
            "industrialized_by": self.industrialized_by.isoformat() if self.industrialized_by else None,
            **({"own": dict(self.own)} if self.own else {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "TermsFacts":
        """Read what `as_json` wrote; an empty mapping is a case without terms."""
        if not stored:
            return cls()
        return cls(
            complete=stored["complete"],
            problems=tuple(stored["problems"]),
            unlawful=tuple(stored["unlawful"]),
            hashes=stored["hashes"],
            amount_fen=stored["amount_fen"],
            start=_day(stored["start"]),
            end=_day(stored["end"]),
            price_method=stored["price_method"],
            payments=tuple(Payment(x, date.fromisoformat(y), *z) for x, y, *z in stored["payments"]),
            territory=stored.get("territory", ""),
            industrialized_by=_day(stored.get("industrialized_by")),
            own=stored.get("own", {}),
        )


@dataclass(frozen=True, slots=True)
class CaseData:
    """What the events so far have established: `{section: {key: JSON value}}`."""

    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def has(self, section: str) -> bool:
        """Say whether anything stands in a section."""
        return bool(self.sections.get(section))

    def get(self, section: str, key: str) -> Any:
        """Return a value, or None."""
        return self.sections.get(section, {}).get(key)

    def text(self, section: str, key: str) -> str:
        """Return a text, or the empty text."""
        return str(self.get(section, key) or "")

    def day(self, section: str, key: str) -> date | None:
        """Return a date, or None."""
        return _day(self.get(section, key))

    def items(self, section: str, key: str) -> Sequence[Any]:
        """Return a list, or the empty list."""
        return self.get(section, key) or ()


@dataclass(frozen=True, slots=True)
class Switch:
    """The mode that a case shall go on in; `draft` are the terms that stay, `lost` the labels of those that do not."""

    mode: "Mode"
    draft: Mapping[str, Any] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Joining:
    """Another case that shall go up in this one."""

    id: int
    number: str
    mode: str
    same_company: bool
    stage: str
    is_signed: bool
    patents: tuple[PatentFacts, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """The clause texts that a step gives a contract.

    `digest` is the SHA-256 of `body`, which holds the texts; `rows` tell of each clause its variant, version and digest.
    `changes` are the clauses that become others, with both texts. `faults` (zh, en) say why that cannot be;
    `unlawful` what the law would not let stand in a clause written for this case.
    """

    digest: str
    body: str
    rows: Mapping[str, Mapping[str, Any]]
    changes: tuple[Mapping[str, Any], ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    unlawful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """New terms for a contract in force: what the charts may know of them, the values before and after, the changes.

    A change is a mapping of text: `field`, `group`, `label_zh`, `label_en`, `old`, `new`.
    """

    terms: TermsFacts
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may look at.

    `others` are what other signed cases have granted on the same patents, `missing` names what the register lacks
    of the parties, `counterparty` is the other side's name. `handover`, `asked` and `company` are the person, the patent
    and the company that the step names, if it names one, `switch` and `joining` the mode and the other case. `policy` is
    the house policy that the case keeps; None for one that goes by the policy of each day. `approvers` are known to the
    steps of an approval only, `wording` to those that choose clause texts. `proposal` are the new terms that a step
    proposes for a contract in force.
    """

    mode: str
    case_no: str
    institution: str
    officer_id: int
    foreign_party: bool
    patents: tuple[PatentFacts, ...]
    terms: TermsFacts
    data: CaseData
    others: tuple[Grant, ...] = ()
    missing: tuple[str, ...] = ()
    handover: Handover | None = None
    asked: PatentFacts | None = None
    policy: HousePolicy | None = None
    company: CompanyFacts | None = None
    approvers: Approvers = field(default_factory=Approvers)
    switch: "Switch | None" = None
    joining: "Joining | None" = None
    counterparty: str = ""
    wording: Wording | None = None
    proposal: "Proposal | None" = None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
