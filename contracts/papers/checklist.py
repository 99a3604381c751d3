"""The checklist of an official act: each paper, why it is asked, and where it stands.

In: an act, the case, what has been made and uploaded. Out: one row per paper. A paper that the case does not ask for
stays in the list with the reason, so that nobody has to wonder.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from contracts.papers import told
from contracts.papers.acts import ACTS, ACTS_OF, Act, Demand
from contracts.papers.conditions import CONDITIONS
from contracts.papers.foot import asking
from contracts.papers.missing import missing
from contracts.view import CaseView

State = Literal["uploaded", "made", "missing", "not_needed"]
STATES: Mapping[State, tuple[str, str]] = {
    "uploaded": ("已上传", "uploaded"),
    "made": ("已生成", "made"),
    "missing": ("缺少", "missing"),
    "not_needed": ("不需要", "not needed"),
}
CONSENTS = {
    "co_owners": ("co_owner", "co_owner_agreement"),
    "pledgee": ("pledgee",),
    "export": ("export_control",),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that stands for a row: its name, where it comes from, its hash and pages (0 if it has none)."""

    name: str
    title: str
    sha256: str
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Gathered:
    """What there is of a case's papers: documents by kind (with their number), files of people by kind."""

    made: Mapping[str, Paper] = field(default_factory=dict)
    uploaded: Mapping[str, tuple[Paper, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One paper of the checklist. `papers` are the files that stand for it, `gaps` what its form still lacks.

    `is_form` says that only the record can make it, so that no pack leaves without it.
    """

    n: int
    slot: str
    zh: str
    en: str
    form_zh: str
    form_en: str
    who_zh: str
    who_en: str
    rule_id: str
    article: str
    confidence: str
    badge_zh: str
    state: State
    note_zh: str = ""
    note_en: str = ""
    kind: str = ""
    papers: tuple[Paper, ...] = ()
    gaps: tuple[str, ...] = ()
    is_form: bool = False

    @property
    def why_zh(self) -> str:
        """Why the paper is asked, as it is printed."""
        return f"{self.article}（{self.rule_id}{'，待核实' if self.badge_zh else ''}）"


@dataclass(frozen=True, slots=True)
class Checklist:
    """The papers of one act of a case."""

    slug: str
    zh: str
    en: str
    lines: tuple[Line, ...]

    @property
    def lacking(self) -> tuple[Line, ...]:
        """The papers that are asked for and not there."""
        return tuple(line for line in self.lines if line.state == "missing")


def checklists(view: CaseView, today: date, there: Gathered) -> tuple[Checklist, ...]:
    """Return the checklists of a case that belong to the case as a whole; those of licensees are asked one by one."""
    found = [ACTS[slug] for slug in ACTS_OF[view.mode] if not ACTS[slug].each]
    return tuple(checklist(act, view, today, there) for act in found)


def checklist(
    act: Act, view: CaseView, today: date, there: Gathered, licensee: int | None = None
) -> Checklist:
    """Return the checklist of one act; `licensee` is the number of who accepted an open license."""
    suffix = f":{licensee}" if licensee is not None else ""
    lines = tuple(_line(n, demand, view, today, there, suffix) for n, demand in enumerate(act.demands, 1))
    who = f"（第{licensee}号接受）" if licensee is not None else ""
    return Checklist(f"{act.slug}{suffix}", f"{act.zh}{who}", f"{act.en}{suffix}", lines)


def _line(n: int, demand: Demand, view: CaseView, today: date, there: Gathered, suffix: str) -> Line:
    (rule,) = asking((demand.rule,), view)
    kind = f"{demand.document}{suffix}" if demand.document.startswith("acceptance_") else demand.document
    papers = _papers(demand, kind, there)
    condition = CONDITIONS[demand.when]
    state, note, note_en = _state(demand, papers, there), _note(demand, view), ""
    if not condition.holds(view, today):
        state, note, note_en, papers = "not_needed", condition.else_zh, condition.else_en, ()
    return Line(
        n, demand.slot, demand.zh, demand.en, *demand.form, *demand.who, rule.id, rule.article, rule.confidence,
        rule.badge_zh, state, note, note_en, kind, papers,
        missing(kind, view) if kind and state in ("made", "missing") else (),
        bool(demand.document) and (not demand.file or demand.slot in ("contract", "power")),
    )  # fmt: skip


def _papers(demand: Demand, kind: str, there: Gathered) -> tuple[Paper, ...]:
    """Return what stands for a row: what people brought comes before what was made here."""
    brought = tuple(paper for file in demand.file for paper in there.uploaded.get(file, ()))
    return brought or ((there.made[kind],) if kind in there.made else ())


def _state(demand: Demand, papers: tuple[Paper, ...], there: Gathered) -> State:
    if not papers:
        return "missing"
    return "uploaded" if any(file in there.uploaded for file in demand.file) else "made"


def _note(demand: Demand, view: CaseView) -> str:
    noted = demand.note_of(view) if demand.note_of is not None else demand.note_zh
    wanted = CONSENTS.get(demand.slot, ())
    given = [row for row in told.rows(view, "consents") if row.get("consent") in wanted]
    recorded = "；".join(
        f"已登记：{row['given_by']}，{row['evidence']}" for row in given if row.get("evidence")
    )
    return "；".join(filter(None, (noted, recorded)))
