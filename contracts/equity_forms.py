"""The papers of a contribution beside those that every mode has: notice of the award, data for the deferral of tax.

Fields whose official wording has not been read are marked (待核实).
"""

from collections.abc import Mapping
from typing import Any

from contracts.equity_fields import equity_fields
from contracts.equity_words import award_rows, company_share, fee_words, holder
from contracts.mode import Document, ModeContract
from contracts.phrases import BLANK, BLANK_DATE, cell, day, money
from contracts.view import CaseView
from rules.money import format_yuan

_UNVERIFIED = "待核实"
_DEFERRAL_SOURCE = (
    "依据财税〔2016〕101号和国家税务总局公告2016年第62号的要求汇总资料，官方备案表的栏目未见原文"
)


def award_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return what the publicity of an award says: result, persons, capital, and how to object.

    Source: 促进科技成果转化法 arts 44-45; 国发〔2016〕16号 (八)
    """
    terms = equity_fields(view.terms)
    shown = view.award_publicity
    return {
        "awards": award_rows(terms),
        "awarded": money(terms.awarded_fen()),
        "capital": money(terms.capital_fen),
        "has_head": any(award.is_head for award in terms.awards),
        "shown": {
            "posted": day(shown.posted_on),
            "ends": day(shown.ends_on),
            "length": f"{shown.days}{shown.unit_zh}",
            "place": shown.place,
            "contact": shown.contact or BLANK,
            "phone": shown.phone or BLANK,
            "email": shown.email or BLANK,
        },
    }


def deferral_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the data that the company needs for the filing, and which papers go with it.

    Source: 财税〔2016〕101号 三, 五; 税务总局公告2016年第62号
    """
    terms = equity_fields(view.terms)
    known = view.appraisal
    owner = view.new_owner
    return {
        "unverified": _UNVERIFIED,
        "source": _DEFERRAL_SOURCE,
        "company": {
            "name": owner.name if owner is not None else terms.company_name,
            "uscc": cell(owner.uscc if owner is not None else ""),
            "resident": "是" if terms.resident else "否",
        },
        "value": fee_words(terms).amount,
        "share": company_share(terms),
        "all_shares": "是" if not terms.cash_fen else f"否（另有现金{format_yuan(terms.cash_fen)}元）",
        "signed_on": day(view.day("signed_on"), BLANK_DATE),
        "obtained_on": day(view.day("recorded_on"), BLANK_DATE),
        "paid_on": day(view.day("registered_on"), BLANK_DATE),
        "file_by": day(view.day("deferral_by"), BLANK_DATE),
        "valued": f"{known.agency}，{known.report_no}，{format_yuan(known.value_fen)}元" if known else "未评估",
        "holders": [
            *([{"name": holder(terms), "kind": "单位", "capital": format_yuan(terms.capital_fen - terms.awarded_fen())}]
              if terms.capital_fen > terms.awarded_fen() else []),
            *({"name": row["name"], "kind": "个人", "capital": row["capital"]} for row in award_rows(terms)),
        ],
        "papers": (
            "技术成果投资入股递延纳税备案表", "专利登记簿副本或者手续合格通知书", "作价投资合同", "资产评估报告",
            "公司登记证明和股东名册",
        ),
    }  # fmt: skip


AWARD_NOTICE = Document(
    "award_notice",
    "股权奖励公示",
    "Notice of the award of shares",
    "forms/award_notice.html",
    "forms",
    award_words,
    made_for="award",
    rules=("RW-04", "RW-16"),
)
DEFERRAL_SHEET = Document(
    "deferral_sheet", "技术成果投资入股递延纳税备案资料表", "Data for the deferral of tax", "forms/deferral_sheet.html", "forms",
    deferral_words, rules=("EQ-12", "EQ-13"), is_official=True,
)  # fmt: skip
