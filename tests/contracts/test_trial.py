"""Use first, pay later: its fields, what is wrong between them, and what derives from them in licenses and transfers."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.articles import articles, plain_text
from contracts.documents import contract_text
from contracts.license import LicenseTerms
from contracts.terms import check_terms, terms_to_form
from contracts.transfer import TransferTerms
from contracts.view import CaseView
from tests.contracts import test_transfer
from tests.contracts.golden import matches_golden
from tests.contracts.samples import RAW, view

TRIAL: dict[str, Any] = {
    "trial.start": "2026-03-01",
    "trial.end": "2027-02-28",
    "trial.purpose": "仅限样品试制、小批量验证和工艺放大试验",
    "trial.decide_by": "2027-01-31",
    "trial.trigger": "约定事件发生",
    "trial.trigger_event": "首批产品通过客户认证",
    "trial.trigger_evidence": "客户出具的认证证书",
    "trial.fee_fen": "20万元",
}
# A license whose whole fee comes after the free use: a sum on conversion, then royalties.
LATER: dict[str, Any] = {
    **{name: value for name, value in RAW.items() if not name.startswith(("entry_fee", "instalments", "milestones"))},
    **TRIAL,
}  # fmt: skip
THRESHOLD = {"trial.trigger": "threshold", "trial.trigger_event": "", "trial.threshold_fen": "500万元"}
BY_DAY = {
    "trial.trigger": "date", "trial.trigger_event": "", "trial.trigger_evidence": "", "trial.trigger_on": "2026-12-31",
}  # fmt: skip
OPEN_END = {
    "trial.extend_until": "2027-08-31",
    "trial.guarantor": "沧澜市融资担保有限公司",
    "trial.guarantee": "连带责任保证",
}


def license_terms(**changed: Any) -> LicenseTerms:
    check = check_terms("ordinary_license", {**LATER, **changed})
    assert check.problems == ()
    assert isinstance(check.terms, LicenseTerms)
    return check.terms


def transfer_view(**changed: Any) -> CaseView:
    raw = {
        **test_transfer.RAW,
        **TRIAL,
        "instalments": [],
        "trial.fee_fen": test_transfer.RAW["price_fen"],
        **changed,
    }
    check = check_terms("transfer", raw)
    assert check.problems == ()
    assert isinstance(check.terms, TransferTerms)
    return replace(test_transfer.view(), terms=check.terms)


def paper(**changed: Any) -> str:
    return plain_text(articles(view("ordinary_license", terms=license_terms(**changed))))


def test_license_on_trial_has_the_golden_text() -> None:
    terms = license_terms(**OPEN_END)
    assert matches_golden("license_trial.txt", contract_text(view("ordinary_license", terms=terms)))


def test_transfer_on_trial_has_the_golden_text() -> None:
    assert matches_golden("transfer_trial.txt", contract_text(transfer_view()))


def test_contract_without_trial_says_nothing_of_it() -> None:
    assert "免费使用" not in plain_text(articles(view("ordinary_license")))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            {},
            "自事件发生之日起视为转为付费：首批产品通过客户认证。事件的发生以下列材料证明：客户出具的认证证书。",
        ),
        (THRESHOLD, "不含税销售额累计达到¥5,000,000.00（大写：人民币伍佰万元整）的"),
        (BY_DAY, "2026年12月31日为付款触发日。"),
        ({"trial.silence": "视为转为付费"}, "自决定期限届满的次日起视为选择转为付费"),
        ({}, "自决定期限届满的次日起视为选择退还"),
        ({"trial.sales_allowed": "是"}, "被许可人可以在该范围内销售试用所得的产品。"),
        (OPEN_END, "沧澜市融资担保有限公司就被许可人在转为付费后的付款义务提供连带责任保证"),
        (OPEN_END, "延长期间的销售不计入提成基数"),
        ({}, "自付费期间首日起每满十二个月的期间"),
    ],
)
def test_contract_says_what_the_terms_say(changed: dict[str, Any], told: str) -> None:
    assert told in paper(**changed)


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"trial.end": "2026-03-01"}, "trial.end", "免费使用期届满日应晚于开始日。"),
        ({"trial.end": "2025-03-01"}, "trial.end", "免费使用期届满日应晚于开始日。"),
        ({"trial.start": "2026-02-01"}, "trial.start", "免费使用期不得早于许可开始日 2026-03-01。"),
        ({"trial.end": "2030-02-28"}, "trial.end", "免费使用期连同延长不得超过三年。请核对日期。"),
        ({"end": "2027-02-28", "service_due_on": "2026-06-30"}, "trial.end",
         "免费使用期（连同延长）应在许可终止日 2027-02-28 之前届满。"),
        ({"trial.decide_by": "2027-03-01"}, "trial.decide_by",
         "决定期限应在免费使用期内（2026-03-01 之后，不晚于 2027-02-28）。"),
        ({"trial.extend_until": "2027-02-01"}, "trial.extend_until", "继续试用的届满日应晚于免费使用期届满日。"),
        ({"trial.trigger_event": ""}, "trial.trigger_event", "付款触发为“约定事件发生”，请填写触发事件。"),
        ({"trial.threshold_fen": "1元"}, "trial.threshold_fen", "付款触发为“约定事件发生”，请清空触发销售额。"),
        ({"trial.trigger_evidence": ""}, "trial.trigger_evidence", "请写明以什么材料证明已经触发。"),
        ({**BY_DAY, "trial.trigger_evidence": "报表"}, "trial.trigger_evidence", "以日期触发的不需要证明材料，请清空。"),
        ({**BY_DAY, "trial.trigger_on": "2027-03-01"}, "trial.trigger_on", "触发日期应在免费使用期内。"),
        ({**BY_DAY, "trial.extend_until": "2027-08-31"}, "trial.extend_until",
         "约定了触发日期的，到期即转为付费，不能再约定继续试用。请清空其中一项。"),
        ({"trial.guarantor": "某担保公司"}, "trial.guarantee", "担保人（保险人）和担保（保险）方式应同时填写，或者同时清空。"),
        ({"trial.fee_fen": "-1"}, "trial.fee_fen", "金额“-1”为负数。金额不能小于零，请核对后修改。"),
        ({"trial.fee_fen": "１２３４５６７８９０１２３４５６元"}, "trial.fee_fen",
         "金额“１２３４５６７８９０１２３４５６元”超过 9999 亿元的上限，请核对单位是元还是万元。"),
        ({"trial.trigger": "看情况"}, "trial.trigger", "只能选择：约定日期到来、约定事件发生、累计销售额达到约定数额。"),
        ({"trial.pay_days": "0"}, "trial.pay_days", "不能小于 1。"),
        ({"trial.purpose": ""}, "trial.purpose", "未填写。"),
        ({"royalty.rates": [{"year": 1, "rate_bp": "120%"}]}, "royalty.rates.0.rate_bp", "不能大于 100%。"),
        ({"royalty.deduction_cap_bp": "101%"}, "royalty.deduction_cap_bp", "不能大于 100%。"),
        ({"royalty.base": "销售额", "royalty.deductions": "退货"}, "royalty.deductions",
         "只有以净销售额为提成基数的，才约定扣除项目。请清空该项，或将基数改为净销售额。"),
        ({"royalty.credit_fen": "1万元"}, "royalty.credit_fen", "抵扣额不能超过入门费 0.00 元。请核对。"),
        ({"entry_fee_fen": "1万元", "instalments": [{"label": "一次", "amount_fen": "1万元", "due_on": "2026-12-31"}]},
         "instalments.0.due_on", "付款期限应在免费使用期届满（2027-02-28）之后。"),
    ],
)  # fmt: skip
def test_bad_input_is_told_at_its_field(changed: dict[str, Any], field: str, reason: str) -> None:
    check = check_terms("ordinary_license", {**LATER, **changed})
    assert (field, reason) in [(problem.field, problem.reason) for problem in check.problems]
    assert check.terms is None


def test_a_hundred_instalments_are_one_clear_problem() -> None:
    rows = [{"label": f"第{n}期", "amount_fen": "1元", "due_on": "2028-01-01"} for n in range(100)]
    check = check_terms("ordinary_license", {**LATER, "entry_fee_fen": "100元", "instalments": rows})
    assert [(p.field, p.reason) for p in check.problems] == [
        ("instalments", "最多填写 60 行。请合并或改为附件。")
    ]


def test_free_license_has_nothing_to_pay_later() -> None:
    plain = {name: "" for name in LATER if name.startswith(("royalty", "service", "penalty"))}
    check = check_terms(
        "ordinary_license",
        {**LATER, **plain, "royalty.rates": [], "trial.fee_fen": "0", "royalty_free": "是"},
    )
    assert "trial.fee_fen" in {problem.field for problem in check.problems}


def test_full_width_digits_and_currency_signs_are_read() -> None:
    terms = license_terms(**{"trial.fee_fen": "￥２００，０００．００元", "trial.pay_days": "３０日"})
    assert terms.trial is not None
    assert (terms.trial.fee_fen, terms.trial.pay_days) == (20_000_000, 30)


def test_empty_trial_is_no_trial() -> None:
    raw = {
        **RAW,
        "trial.start": "",
        "trial.silence": "return",
        "trial.sales_allowed": "no",
        "trial.pay_days": "15",
    }
    assert getattr(check_terms("ordinary_license", raw).terms, "trial", "") is None


def test_form_reads_back_to_the_same_terms() -> None:
    terms = license_terms(**OPEN_END, **{"royalty.deductions": ["returns", "packing"]})
    assert check_terms("ordinary_license", terms_to_form(terms)).terms == terms


def test_royalty_years_begin_after_the_free_use() -> None:
    lines = {line.ref: (line.due, line.amount_fen) for line in license_terms().payment_schedule()}
    # 1 March 2027 to 31 August 2027, 30 days to report and 15 to pay; the sum 15 days after the day of decision.
    assert lines["royalty:1"] == (date(2027, 10, 15), None)
    assert lines["conversion"] == (date(2027, 2, 15), 20_000_000)
    assert [ref for ref in lines if ref.startswith("minimum")] == [
        "minimum:1",
        "minimum:2",
        "minimum:3",
        "minimum:4",
    ]


@pytest.mark.parametrize(
    ("changed", "due"), [({}, date(2027, 2, 15)), (THRESHOLD, date(2027, 2, 15)), (BY_DAY, date(2027, 1, 15))]
)
def test_conversion_is_due_after_trigger_day_or_decision(changed: dict[str, Any], due: date) -> None:
    (line,) = [line for line in license_terms(**changed).payment_schedule() if line.ref == "conversion"]
    assert line.due == due


def test_amount_and_notices_name_the_conversion() -> None:
    terms = license_terms()
    assert terms.amount_basis().parts[0] == ("转为付费款项", 20_000_000)
    assert terms.fee_words().way == "先使用后付费＋提成费"
    assert (
        dict(terms.notice_rows())["付款触发和决定期限"]
        == "首批产品通过客户认证；2027年1月31日前决定，逾期视为退还"
    )
    assert dict(terms.approval_rows())["免费使用期"].startswith("2026年3月1日至2027年2月28日，不延长")


def test_transfer_price_is_what_conversion_and_instalments_add_up_to() -> None:
    raw = {**test_transfer.RAW, **TRIAL, "instalments": [], "trial.fee_fen": "1元"}
    (problem,) = check_terms("transfer", raw).problems
    assert problem.field == "instalments"
    assert "与转让价款" in problem.reason
