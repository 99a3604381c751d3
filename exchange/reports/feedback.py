"""A batch for the national platform (盘活系统反馈): the labels that patents have earned and nobody has fed back yet.

Every row is one label of one patent, with its evidence. The columns are those of the mapping file.
Source: the nine feedback values of the policy papers; RP-04, S3-24
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain

from sqlmodel import Session

from cases.deals import CaseTold, Contract, Label, cases_told
from cases.hand_deals import BY_HAND, deals_by_hand
from cases.periods import Period
from cases.report_content import Cell, Column, Content, Figure, Row, Shape, Sheet, ruled
from exchange.reports.mapping import Mapping as Columns
from rules.packs import RuleBook
from rules.patent_numbers import KIND_ZH
from states.catalog import MODES

UNKNOWN = "平台栏目未公开"


@dataclass(frozen=True, slots=True)
class Owed:
    """One row of a batch: a case, what one of its patents has earned, and the contract by which it did."""

    case: CaseTold
    label: Label

    @property
    def contract(self) -> Contract | None:
        """The first contract of the case; a license that is open to all may have several."""
        return self.case.contracts[0] if self.case.contracts else None


FIELDS: Mapping[str, tuple[Shape, Callable[[Owed], Cell]]] = {
    "patent_no": ("text", lambda one: one.label.patent.shown_no),
    "application_no": ("text", lambda one: one.label.patent.number),
    "patent_title": ("text", lambda one: one.label.patent.title),
    "patent_kind": ("text", lambda one: KIND_ZH.get(one.label.patent.kind, one.label.patent.kind)),
    "owners": ("text", lambda one: "；".join(one.label.patent.owners)),
    "college": ("text", lambda one: one.label.patent.college),
    "label": ("text", lambda one: one.label.label),
    "label_on": ("day", lambda one: _iso(one.label.on)),
    "evidence": ("text", lambda one: one.label.evidence),
    "mode": ("text", lambda one: MODES[one.case.mode].zh if one.case.mode else BY_HAND),
    "party": ("text", lambda one: "；".join(contract.party.name for contract in one.case.contracts)),
    "party_uscc": ("text", lambda one: "；".join(contract.party.uscc for contract in one.case.contracts)),
    "contract_no": ("text", lambda one: "；".join(contract.name for contract in one.case.contracts)),
    "signed_on": ("day", lambda one: _iso(one.contract.signed_on if one.contract else None)),
    "start": ("day", lambda one: _iso(one.contract.start if one.contract else None)),
    "end": ("day", lambda one: _iso(one.contract.end if one.contract else None)),
    "amount_wan": ("wan", lambda one: sum(contract.amount_fen for contract in one.case.contracts)),
    "amount_yuan": ("money", lambda one: sum(contract.amount_fen for contract in one.case.contracts)),
    "record_no": ("text", lambda one: one.contract.record_no if one.contract else ""),
    "due": ("day", lambda one: _iso(one.label.due)),
    "case_no": ("text", lambda one: one.case.number),
    "case_title": ("text", lambda one: one.case.title),
    "officer": ("text", lambda one: one.case.officer),
}
NOTES = (
    "盘活系统的填报栏目未公开，标有“待核实”的栏目系根据政策文件整理，请以系统页面为准。",
    "在盘活系统填报后，请在“报告”页确认已提交；系统据此登记各案件的平台反馈。",
)


def feedback(session: Session, org_id: int, upto: Period, book: RuleBook, columns: Columns) -> Content:
    """Return what is owed to the platform: by due day, then case and patent."""
    deals = chain(cases_told(session, org_id), deals_by_hand(session, org_id))
    owed = [Owed(case, label) for case in deals for label in case.owed(upto.last)]
    owed.sort(
        key=lambda one: (one.label.due or date.max, one.case.number, one.label.label, one.label.patent.number)
    )
    shown = tuple(
        Column(
            f"{column.field}:{place}", column.title, column.field, FIELDS[column.field][0], "", "",
            "" if column.confidence in ("V", "V*") else UNKNOWN, column.confidence,
        )
        for place, column in enumerate(columns.columns)
    )  # fmt: skip
    rows = tuple(
        Row(
            tuple(FIELDS[column.field][1](one) for column in columns.columns),
            one.case.id or None,
            one.label.event,
        )
        for one in owed
    )
    label = next(column.key for column in shown if column.key.startswith("label:"))
    figures = [
        ruled(Figure("rows", "待反馈", "To feed back", "专利×标签", "batch"), "RP-04", book, upto.last)
    ]
    figures += [
        Figure(
            f"label:{name}",
            f"其中：{name}",
            name,
            "已取得该标签、尚未反馈的专利",
            "batch",
            where=((label, name),),
        )
        for name in sorted({one.label.label for one in owed})
    ]
    notes = (*NOTES, f"栏目文件版本{columns.version}；依据：{columns.source}")
    sheet = Sheet("batch", "反馈明细", "Batch", shown, rows, keys=len(shown))
    return Content(tuple(figures), (sheet,), notes).counted()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
