"""What each form says besides the words that all documents share.

In: a `CaseView`. Out: mappings of text. Each official form carries its source and marks the fields whose
official wording has not been checked (待核实).
"""

from collections.abc import Mapping
from typing import Any

from contracts.license import ACTS
from contracts.lint import lint_contract
from contracts.modes import MODES
from contracts.view import CaseView
from contracts.wording import BLANK_DATE, NONE, cell, day, fee_words, label, patent_rows
from rules.dates import chinese_date

PATENTS_ON_FORM = 3
FILING_SOURCE = "依据《专利实施许可合同备案办法》（国家知识产权局令第62号）第八条、第九条，并参照备案申请表填写说明（2021年）编制"
UNVERIFIED = "待核实"
_CO_OWNERS = {
    True: "许可专利有共有人的提交",
    False: "许可专利有共有人，且共有人约定须经同意的提交；没有约定的，普通许可不须提交（专利法第十四条）",
}
_UNVERIFIED_FIELDS = ("许可人、被许可人的联系人与电话", "经办人", "代理机构")


def filing_words(view: CaseView) -> Mapping[str, Any]:
    """Return the fields of the license filing application.

    Source: 专利实施许可合同备案办法 arts 8–9; guide to the form of 2021 (annex if there are more than three
    patents; free of charge is written 0 and 无偿; territory is the scope)
    """
    terms = view.terms
    fee = fee_words(terms)
    rows = patent_rows(view)
    return {
        "rows": rows if len(rows) <= PATENTS_ON_FORM else rows[:PATENTS_ON_FORM],
        "annex": rows if len(rows) > PATENTS_ON_FORM else [],
        "blank_rows": max(0, PATENTS_ON_FORM - len(rows)),
        "kind": MODES[view.mode].kind_zh,
        "scope": terms.territory,
        "acts": "、".join(label(ACTS, act) for act in terms.acts),
        "effective_on": day(view.day("effective_on")),
        "start": chinese_date(terms.start),
        "end": chinese_date(terms.end),
        "fee_amount": fee["amount"],
        "fee_way": fee["way"],
        "fee_note": fee["summary"],
        "currency": "人民币",
        "source": FILING_SOURCE,
        "unverified": UNVERIFIED,
        "unverified_fields": "、".join(_UNVERIFIED_FIELDS),
        "handler": cell(view.officer),
        "agent": cell(view.agent),
    }


def notice_words(view: CaseView) -> Mapping[str, Any]:
    """Return what the price publicity says: name of the result and intended price, as the law asks.

    Source: 促进科技成果转化法 art 18
    """
    rows = patent_rows(view)
    return {
        "rows": rows,
        "price": fee_words(view.terms)["summary"],
        "kind": MODES[view.mode].kind_zh,
        "team": "、".join(dict.fromkeys(name for patent in view.patents for name in patent.inventors))
        or NONE,
        "term": f"{chinese_date(view.terms.start)}至{chinese_date(view.terms.end)}",
    }


def approval_words(view: CaseView) -> Mapping[str, Any]:
    """Return the fields of the internal approval form, with what reading the contract found."""
    opinions = {row.body: row for row in view.approvals}
    bodies = ["项目负责人", "所在院系", "成果转化部门", view.approval_body or "审批机构"]
    return {
        "kind": MODES[view.mode].kind_zh,
        "term": f"{chinese_date(view.terms.start)}至{chinese_date(view.terms.end)}",
        "opinions": [
            {
                "body": body,
                "text": (opinions[body].opinion or opinions[body].decision) if body in opinions else "",
                "by": opinions[body].decided_by if body in opinions else "",
                "on": day(opinions[body].decided_on if body in opinions else None, "　　年　　月　　日"),
                "no": opinions[body].minutes_no if body in opinions else "",
            }
            for body in bodies
        ],
        "findings": [f"{found.place}：{found.what_zh}{found.remedy_zh}" for found in lint_contract(view)],
        "inventors": "、".join(dict.fromkeys(n for patent in view.patents for n in patent.inventors)) or NONE,
    }


def attorney_words(view: CaseView) -> Mapping[str, Any]:
    """Return the fields of the power of attorney for the filing.

    Source: 专利实施许可合同备案办法 art 8
    """
    agent = view.agent or view.officer
    return {
        "agent_name": agent or "＿＿＿＿＿＿＿＿",
        "scope": (
            "代为办理专利实施许可合同备案、备案变更和备案注销手续",
            "代为提交、补正和签收有关文件",
            "代为领取备案证明",
        ),
        "valid": BLANK_DATE,
    }


def cover_words(view: CaseView) -> Mapping[str, Any]:
    """Return the checklist of the filing pack.

    Source: 专利实施许可合同备案办法 art 8
    """
    agent_note = (
        "外国当事人必须委托；中国当事人可以委托" if view.licensee.is_foreign else "委托专利代理机构的提交"
    )
    duty = (
        ("专利实施许可合同备案申请表", "许可人或者其委托的专利代理机构签字或者盖章", "许可人"),
        ("专利实施许可合同", "双方签字或者盖章的原件", "双方"),
        ("双方当事人的身份证明", "统一社会信用代码证件复印件并加盖公章", "双方"),
        ("授权委托书", agent_note, "双方"),
        ("经办人身份证明", "与委托书记载一致", "经办方"),
        ("共有人同意书", _CO_OWNERS[MODES[view.mode].needs_co_owners], "许可人"),
        ("质权人同意书", "许可专利已质押的提交", "许可人"),
        ("逾期说明", "合同生效满三个月后才申请备案的，由双方盖章提交", "双方"),
    )
    return {
        "checklist": [{"n": n, "name": a, "note": b, "who": c} for n, (a, b, c) in enumerate(duty, 1)],
        "effective_on": day(view.day("effective_on")),
    }
