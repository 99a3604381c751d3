"""The papers of a change of owner (著录项目变更), for every mode that moves the right.

In: the case and what its terms say of the change. Out: the change form, the proof of its reason, power of attorney,
checklist, and what is compared before they are packed. Fields whose official wording has not been read are marked
(待核实). Patents that do not change alike stand on forms of their own.

Source: 专利法 art 10; 专利审查指南 (2023) part 1 ch 1 §6.7
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from contracts.deal import OwnerChange
from contracts.filing_pages import attorney_page, cover_page
from contracts.mode import Document, FilingPapers, ModeContract, Named, Stated
from contracts.patent_rows import patent_rows
from contracts.phrases import BLANK, NONE, cell, day
from contracts.view import CaseView, Party

UNVERIFIED = "待核实"
FORM, REASON, ATTORNEY = "100016", "100104", "100007"
CHANGE_PAPERS = ("change_form", "change_reason", "power_of_attorney", "filing_cover")
_SOURCE = "依据《专利审查指南》（2023）第一部分第一章第6.7节编制"
_UNVERIFIED_FIELDS = ("表格编号", "变更前后的地址、代码和联系方式", "代理机构和经办人", "表格版式")
_PERSON = (
    ("统一社会信用代码", "uscc"), ("地址", "address"), ("法定代表人", "legal_representative"), ("联系人", "contact"),
    ("电话", "phone"),
)  # fmt: skip


def _change(view: CaseView) -> OwnerChange:
    found = view.terms.owner_change()
    if found is None:
        raise TypeError(f"{view.mode} moves no right")
    return found


def new_owner(view: CaseView) -> Party:
    """Return who takes the patents over: the company as registered, or as the contract names it, or the other side."""
    agreed, other = _change(view), view.theirs or Party("")
    name = view.new_owner.name if view.new_owner is not None else agreed.company
    if not name or name == other.name:
        return other
    known = view.new_owner or Party(name)
    return replace(known, address=known.address or agreed.place)


def change_rows(view: CaseView, mode: ModeContract) -> list[dict[str, Any]]:
    """Return the patents as the forms list them, each with its number and its owners before the change."""
    return [
        {**row, "number": row["application_no"] if row["patent_no"] == NONE else row["patent_no"], "before": row["owners"]}
        for row in patent_rows(view)
    ]  # fmt: skip


def _sheets(view: CaseView, mode: ModeContract) -> list[dict[str, Any]]:
    """Return one form per change: patents of the same owners and the same kind of right share a batch form.

    Source: 专利审查指南 part 1 ch 1 §6.7.1.1
    """

    def alike(row: Mapping[str, Any]) -> tuple[str, str]:
        return ("专利申请人" if row["patent_no"] == NONE else "专利权人", row["before"])

    rows = sorted(change_rows(view, mode), key=alike)
    sheets = []
    for (owner_zh, before), group in groupby(rows, key=alike):
        patents = [{**row, "n": n} for n, row in enumerate(sorted(group, key=lambda row: int(row["n"])), 1)]
        ours_alone = before == view.ours.name
        sheets.append(
            {
                "owner_zh": owner_zh,
                "patents": patents,
                "is_batch": len(patents) > 1,
                "first": int(patents[0]["n"]),
                "rows": _items(view, owner_zh, before, view.ours if ours_alone else Party(before)),
            }
        )
    return sheets


def _items(view: CaseView, owner_zh: str, before: str, old: Party) -> list[dict[str, Any]]:
    """Return what changes: (item, before, after); what is not known is left to fill in."""
    new = new_owner(view)
    named = {"item": f"{owner_zh}姓名或者名称", "before": before, "after": new.name or BLANK, "mark": False}
    rest = (
        {
            "item": zh,
            "before": getattr(old, name) or BLANK,
            "after": getattr(new, name) or BLANK,
            "mark": True,
        }
        for zh, name in _PERSON
    )
    return [named, *rest]


def change_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the words of the change form and of the proof of its reason.

    Source: 专利审查指南 part 1 ch 1 §§6.7.1-6.7.2
    """
    agreed = _change(view)
    return {
        "sheets": _sheets(view, mode),
        "change": agreed,
        "new_owner": new_owner(view).name or BLANK,
        "contract_title": mode.title_zh,
        "signed_on": day(view.day("signed_on")),
        "effective_on": day(view.day("effective_on")),
        "seals": [(side, party.name) for side, party in view.parties(mode.sides)]
        + ([("变更后的权利人", new_owner(view).name)] if agreed.company else []),
        "forms": {"change": FORM, "reason": REASON},
        "source": _SOURCE,
        "unverified": UNVERIFIED,
        "unverified_fields": "、".join(_UNVERIFIED_FIELDS),
        "handler": cell(view.officer),
        "agent": cell(view.agent),
    }


def attorney_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the power of attorney: to an agency on its official form, or to the person in charge.

    Source: 专利审查指南 part 1 ch 1 §6.7.1.4
    """
    form = f"本委托书参照专利代理委托书（{ATTORNEY}，表格编号和版式{UNVERIFIED}）编制" if view.agent else ""
    return attorney_page(
        view,
        ((mode.sides.ours, view.ours), ("变更后的权利人", new_owner(view))),
        f"《{mode.title_zh}》（合同编号：{view.contract_no or BLANK}）的著录项目变更事宜",
        (
            "代为办理专利申请人或者专利权人的著录项目变更手续，缴纳变更费",
            "代为提交、补正和签收有关文件",
            "代为领取手续合格通知书",
        ),
        "专利代理委托书" if view.agent else "授权委托书",
        form,
    )


def cover_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the checklist of the request.

    Source: 专利审查指南 part 1 ch 1 §§6.7.1-6.7.2; part 5 ch 11 §9; 民法典 art 444
    """
    agreed = _change(view)
    return cover_page(
        ("著录项目变更", "申报材料清单"),
        (
            (("变更前的权利人", "、".join(dict.fromkeys(row["before"] for row in change_rows(view, mode)))),
             ("变更后的权利人", new_owner(view).name or BLANK)),
            (("变更理由", agreed.reason), (mode.patents_zh, f"共{len(view.patents)}件")),
            (("合同生效日期", day(view.day("effective_on"))), ("案件编号", view.case_no)),
        ),
        "owner_change",
        view,
        "《专利审查指南》（2023）第一部分第一章第6.7节。变更自手续合格通知书的发文日起生效；变更费期满未缴或者未缴足的，视为未提出请求",
        "登记的权利人与变更前的权利人一致；专利没有被财产保全，也没有因权属纠纷中止程序；连续转让的，逐次办理",
    )  # fmt: skip


_WHY = {
    "change_form": "专利审查指南第一部分第一章第6.7.1节：著录项目变更申报书",
    "change_reason": "专利审查指南第一部分第一章第6.7.2节：变更理由及其证明",
    "contract": "专利审查指南第一部分第一章第6.7.2.2节：双方签字或者盖章的合同",
    "power_of_attorney": "专利审查指南第一部分第一章第6.7.1.4节：委托办理的，提交委托书",
    "filing_cover": "材料清单与核对结果，供窗口和归档使用",
}


def _stated(view: CaseView, mode: ModeContract) -> tuple[Stated, ...]:
    """Return what the form states of the terms, with the words by which the contract says it."""
    return tuple(Stated(*wording) for wording in _change(view).wordings)


def _named(view: CaseView, mode: ModeContract) -> tuple[Named, ...]:
    """Return the new owner: as the contract names it, as the form does, and as the company was registered."""
    agreed = _change(view).company or (view.theirs.name if view.theirs is not None else "")
    registered = view.new_owner.name if view.new_owner is not None else None
    return (Named("变更后的权利人", agreed, new_owner(view).name, registered),)


def change_filing(*after: str) -> FilingPapers:
    """Return the papers of the act; they are made once the contract is in force, and anew after the steps named."""
    return FilingPapers(
        forms=CHANGE_PAPERS,
        why=_WHY,
        rows=change_rows,
        stated=_stated,
        pack_title=("变更申报材料包", "Pack of the change of owner"),
        after=("take_effect", *after),
        named=_named,
    )


CHANGE_DOCUMENTS = (
    Document(
        "change_form", "著录项目变更申报书", "Change of bibliographic data",
        "forms/change_form.html", "forms", change_words, rules=("TR-02", "TR-07"), is_official=True,
    ),
    Document(
        "change_reason", "著录项目变更理由证明", "Proof of the reason for the change",
        "forms/change_reason.html", "forms", change_words, rules=("TR-02", "TR-08"), is_official=True,
    ),
    Document(
        "power_of_attorney", "变更委托书", "Power of attorney for the change",
        "forms/power_of_attorney.html", "forms", attorney_words, rules=("TR-04",),
    ),
    Document(
        "filing_cover", "变更申报材料清单", "Checklist of the change",
        "forms/filing_cover.html", "forms", cover_words, rules=("TR-02", "TR-05"),
    ),
)  # fmt: skip
