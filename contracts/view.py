"""What documents are made from: frozen values that the record fills in, and nothing else.

No field is read from a database, a clock or a file here. A value that is not known is an empty text or None;
templates print it as ／ or as a blank line to fill in.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, TypeVar

from contracts.deal import DealTerms, Sides
from contracts.house.look import House
from contracts.library.texts import PRODUCT, ClauseSet

_T = TypeVar("_T", bound=DealTerms)

KINDS = {"invention": "发明专利", "utility": "实用新型专利", "design": "外观设计专利"}


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a contract. `uscc` is empty for a foreign party; `*_en` stand beside the Chinese in two-language papers."""

    name: str
    uscc: str = ""
    address: str = ""
    legal_representative: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    bank: str = ""
    account: str = ""
    is_foreign: bool = False
    name_en: str = ""
    address_en: str = ""


@dataclass(frozen=True, slots=True)
class PatentItem:
    """One patent. `application_no` and `patent_no` are in display form, `kind` is a patent kind slug."""

    application_no: str
    patent_no: str
    title: str
    kind: str
    filing_date: date | None = None
    grant_date: date | None = None
    term_end: date | None = None
    owners: tuple[str, ...] = ()
    inventors: tuple[str, ...] = ()
    publication_no: str = ""
    ipc: str = ""

    @property
    def kind_zh(self) -> str:
        """The Chinese name of the kind."""
        return KINDS.get(self.kind, self.kind)


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """One decision inside the institution. `stage` is its place on a route of several bodies, from 1, or 0.

    `decided_for` is whom a deputy stood in for, `vote` what the minutes tell of a committee's vote.
    """

    body: str
    decision: str
    decided_by: str = ""
    decided_on: date | None = None
    minutes_no: str = ""
    opinion: str = ""
    stage: int = 0
    decided_for: str = ""
    vote: str = ""


@dataclass(frozen=True, slots=True)
class Publicity:
    """What is known of the price publicity.

    `procedure` is the objection procedure as the institution published it.
    """

    posted_on: date | None = None
    ends_on: date | None = None
    days: int = 15
    unit_zh: str = "日"
    place: str = ""
    exchange: str = ""
    related_party: bool = False
    result: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What is known of an appraisal of the patents; `difference` explains a value agreed that is another."""

    report_no: str
    agency: str
    value_fen: int
    value_on: date | None = None
    valid_until: date | None = None
    difference: str = ""


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything that documents of one case show.

    `ours` is the institution, `theirs` the other side, or None if there is none: an open license is declared to all.
    `dates` holds event dates by name: `opened_on`, `signed_on`, `effective_on`, `checked_on`, and others.
    `agent` is the patent agency, where one acts. `existing_burdens` are licenses, pledges, preservations and
    invalidation requests known of the patents, in Chinese. `appraisal` is None if the patents were not appraised;
    `award_publicity` is that of a reward; `new_owner` the company that takes the patents over, if it is not the other side.
    invalidation requests known of the patents, in Chinese. `told` is what the events have told, as far as only the
    papers of one mode need it. `term` is that of a license reached on terms declared for longer. `co_owners` are those
    who own a patent with us, as far as the register of companies knows them. `clauses` are the texts that the case has
    pinned, None while it takes the newest ones. `house` is what the institution has made its own of its papers' looks.
    """

    case_no: str
    contract_no: str
    mode: str
    ours: Party
    theirs: Party | None
    patents: tuple[PatentItem, ...]
    terms: DealTerms
    draft: bool = True
    institution: str = ""
    officer: str = ""
    department: str = ""
    dates: Mapping[str, date | None] = field(default_factory=dict)
    publicity: Publicity = field(default_factory=Publicity)
    approvals: tuple[ApprovalLine, ...] = ()
    approval_body: str = ""
    price_basis: str = ""
    existing_burdens: tuple[str, ...] = ()
    agent: str = ""
    is_service_invention: bool = True
    pack_items: tuple[tuple[str, str], ...] = ()
    appraisal: Appraisal | None = None
    award_publicity: Publicity = field(default_factory=Publicity)
    new_owner: Party | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    term: tuple[date, date] | None = None
    co_owners: tuple[Party, ...] = ()
    clauses: ClauseSet | None = None
    house: House | None = None

    def day(self, name: str) -> date | None:
        """Return an event date, or None if the event has not happened."""
        return self.dates.get(name)

    def as_json(self) -> dict[str, Any]:
        """Return all values as JSON, dates as ISO text, clause texts by their digest: what content hashes run over."""
        clauses = self.clauses.digest if self.clauses else ""
        house = {"house": self.house.digest} if self.house else {}
        return {**_plain(self), "terms": self.terms.model_dump(mode="json"), "clauses": clauses, **house}

    def parties(self, sides: Sides) -> tuple[tuple[str, Party], ...]:
        """Return the parties there are, by what the deal calls them."""
        named = ((sides.ours, self.ours), (sides.theirs, self.theirs))
        return tuple((side, party) for side, party in named if party is not None)

    def terms_as(self, model: type[_T]) -> _T:
        """Return the terms, which the papers of a mode know more of.

        Raises: TypeError if they are those of another mode.
        """
        if not isinstance(self.terms, model):
            raise TypeError(f"{self.mode} has {type(self.terms).__name__}, not {model.__name__}")
        return self.terms

    def texts(self, sides: Sides) -> dict[str, str]:
        """Return every text that may be printed, by a Chinese name of its place, for the glyph check."""
        found = {"合同编号": self.contract_no, "案件编号": self.case_no, "单位": self.institution}
        for side, party in self.parties(sides):
            found |= {f"{side} {label}": getattr(party, name) for name, label in _PARTY_LABELS.items()}
        for n, patent in enumerate(self.patents, 1):
            found[f"专利{n} 名称"] = patent.title
            found[f"专利{n} 专利权人"] = "、".join(patent.owners)
            found[f"专利{n} 发明人"] = "、".join(patent.inventors)
        for text in self.clauses.texts if self.clauses else ():
            if text.own or text.origin != PRODUCT:
                found[f"条款 {text.id}"] = text.own.text if text.own else text.text
        return found


_APART = ("terms", "clauses", "house")
_PARTY_LABELS = {
    "name": "名称",
    "address": "地址",
    "name_en": "英文名称",
    "address_en": "英文地址",
    "legal_representative": "法定代表人",
    "contact": "联系人",
    "bank": "开户银行",
}


def _plain(value: Any) -> Any:
    if isinstance(value, CaseView):
        names = [name for name in CaseView.__dataclass_fields__ if name not in _APART]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(
        value, Party
    ):  # What is not given is left out: the data of a Chinese paper stay as they were.
        told = asdict(value)
        return {name: told[name] for name in told if told[name] or not name.endswith("_en")}
    if isinstance(value, PatentItem | ApprovalLine | Publicity | Appraisal):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
