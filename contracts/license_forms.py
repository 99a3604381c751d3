"""The official forms of a license filing, and what goes into its pack.

Each form carries its source and marks the fields whose official wording has not been checked (待核实).
"""

from collections.abc import Mapping
from typing import Any

from contracts.filing_pages import attorney_page, cover_page
from contracts.license_fields import license_fields
from contracts.license_words import acts
from contracts.mode import Document, FilingPapers, ModeContract, Stated
from contracts.patent_rows import patent_rows
from contracts.phrases import BLANK, cell, day
from contracts.view import CaseView
from rules.dates import chinese_date

PATENTS_ON_FORM = 3
FILING_SOURCE = "依据《专利实施许可合同备案办法》（国家知识产权局令第62号）第八条、第九条，并参照备案申请表填写说明（2021年）编制"
UNVERIFIED = "待核实"
_UNVERIFIED_FIELDS = ("许可人、被许可人的联系人与电话", "经办人", "代理机构")


def filing_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the fields of the license filing application.

    Source: 专利实施许可合同备案办法 arts 8–9; guide to the form of 2021 (annex if there are more than three
    patents; free of charge is written 0 and 无偿; territory is the scope)
    """
    terms = license_fields(view.terms)
    fee = terms.fee_words()
    rows = patent_rows(view)
    return {
        "rows": rows if len(rows) <= PATENTS_ON_FORM else rows[:PATENTS_ON_FORM],
        "annex": rows if len(rows) > PATENTS_ON_FORM else [],
        "blank_rows": max(0, PATENTS_ON_FORM - len(rows)),
        "kind": mode.kind_zh,
        "scope": terms.territory,
        "acts": acts(terms),
        "effective_on": day(view.day("effective_on")),
        "start": chinese_date(terms.start),
        "end": chinese_date(terms.end),
        "fee_amount": fee.amount,
        "fee_way": fee.way,
        "fee_note": fee.summary,
        "currency": "人民币",
        "source": FILING_SOURCE,
        "unverified": UNVERIFIED,
        "unverified_fields": "、".join(_UNVERIFIED_FIELDS),
        "handler": cell(view.officer),
        "agent": cell(view.agent),
    }


def attorney_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the fields of the power of attorney for the filing.

    Source: 专利实施许可合同备案办法 art 8
    """
    parties = view.parties(mode.sides)
    return attorney_page(
        view,
        parties,
        f"《{mode.title_zh}》（合同编号：{view.contract_no or BLANK}）的备案事宜",
        (
            "代为办理专利实施许可合同备案、备案变更和备案注销手续",
            "代为提交、补正和签收有关文件",
            "代为领取备案证明",
        ),
    )


def cover_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the checklist of the filing pack.

    Source: 专利实施许可合同备案办法 art 8
    """
    return cover_page(
        ("专利实施许可合同备案", "申报材料清单"),
        (
            (("许可人", view.ours.name), ("被许可人", cell(view.theirs.name if view.theirs else ""))),
            (("许可种类", mode.kind_zh), (mode.patents_zh, f"共{len(view.patents)}件")),
            (("合同生效日期", day(view.day("effective_on"))), ("案件编号", view.case_no)),
        ),
        "license_filing",
        view,
        "《专利实施许可合同备案办法》第八条。合同自生效之日起三个月内申请备案，备案不收取费用",
        "专利权有效且不处于年费滞纳期；许可期限不超过专利权有效期限；登记的专利权人与许可人一致",
        UNVERIFIED,
    )


_WHY = {
    "contract": "专利实施许可合同备案办法第8条：专利实施许可合同",
    "filing_form": "专利实施许可合同备案办法第8条：许可人或者其委托的专利代理机构签字或者盖章的备案申请表",
    "power_of_attorney": "专利实施许可合同备案办法第8条：委托办理的，提交注明委托权限的委托书",
    "filing_cover": "材料清单与核对结果，供窗口和归档使用",
}


def _form_rows(view: CaseView, mode: ModeContract) -> list[dict[str, Any]]:
    """Return the patents as the application lists them: on the form, or all of them in its annex."""
    words = filing_words(view, mode)
    rows: list[dict[str, Any]] = words["annex"] or words["rows"]
    return rows


def _stated(view: CaseView, mode: ModeContract) -> tuple[Stated, ...]:
    """Return what the application states of the terms, with the words by which the contract says it."""
    terms = license_fields(view.terms)
    words = filing_words(view, mode)
    fee = terms.fee_words()
    stated = (
        Stated("许可种类", words["kind"], f"以{words['kind']}的方式实施全部许可专利"),
        Stated("许可范围", words["scope"], words["scope"]),
        Stated("许可生效日期", words["start"], words["start"]),
        Stated("许可终止日期", words["end"], words["end"]),
    )
    if terms.royalty_free or fee.total == "0.00":
        return stated
    return (*stated, Stated("使用费", fee.amount, f"¥{fee.total}"))


FILING_FORM = Document(
    "filing_form", "专利实施许可合同备案申请表", "License filing application",
    "forms/filing_form.html", "forms", filing_words, rules=("L-05", "L-06", "L-19"), is_official=True,
)  # fmt: skip
POWER_OF_ATTORNEY = Document(
    "power_of_attorney", "授权委托书", "Power of attorney",
    "forms/power_of_attorney.html", "forms", attorney_words, rules=("L-04", "L-05"),
)  # fmt: skip
FILING_COVER = Document(
    "filing_cover", "备案申报材料清单", "Filing pack checklist",
    "forms/filing_cover.html", "forms", cover_words, rules=("L-05", "L-10"),
)  # fmt: skip
LICENSE_FILING = FilingPapers(
    forms=("filing_form", "power_of_attorney", "filing_cover"),
    why=_WHY,
    rows=_form_rows,
    stated=_stated,
    pack_title=("备案申报材料包", "Filing pack"),
)
