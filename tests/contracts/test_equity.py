"""Contributions to a company: terms, text, shares that add up, award, papers, what reading them finds."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from contracts.documents import build_html, contract_text
from contracts.equity_words import award_rows, ratio, shareholder_rows
from contracts.lint import lint_contract
from contracts.modes import MODES
from contracts.papers.kinds import HOUSE_PAPERS
from contracts.schedule import amount_basis, payment_schedule
from contracts.terms import binding_hashes, check_terms, terms_to_form
from rules.money import parse_yuan
from tests.contracts.equity_samples import APPRAISAL, RAW, terms, view
from tests.contracts.golden import matches_golden
from tests.contracts.samples import PATENTS
from tests.contracts.test_documents import words_of

INCREASE: dict[str, Any] = {"way": "向已有公司增资"}
CASH: dict[str, Any] = {
    "cash_fen": "20万元", "instalments": [{"label": "首期款", "amount_fen": "20万元", "due_on": "2026-12-31"}],
}  # fmt: skip
SHARED: dict[str, Any] = {"title_shared": "是", "awards": []}
OWN: dict[str, Any] = {"holder": "出资方自行持有", "holder_name": ""}


def problems(**changed: Any) -> list[tuple[str, str]]:
    return [(p.field, p.reason) for p in check_terms("equity", {**RAW, **changed}).problems]


def found(**changed: Any) -> list[tuple[str, str]]:
    return [(f.rule_id, f.severity) for f in lint_contract(view(**changed))]


def test_text_of_a_new_company_is_the_golden_text() -> None:
    assert matches_golden("equity.txt", contract_text(view()))


def test_text_of_an_increase_with_cash_is_the_golden_text() -> None:
    changed = {
        **INCREASE, **CASH, **OWN, "award_way": "通过持股平台持有", "platform_name": "江州隔膜创新合伙企业（有限合伙）",
        "shortfall": "由出资方补足差额", "anti_dilution": "是", "lockup_years": "3", "penalty_fen": "10万元", "directors": "1",
        "our_directors": "0", "non_compete": "合作方在三年内不自行生产同类复合隔膜", "retained_use": "否", "support_days": "0",
        "exits": "由合作方收购股权", "exit_note": "登记满五年未上市的，合作方按评估价值收购", "materials": [],
        "materials_due_on": "", "materials_place": "", "special_clauses": "目标公司的注册地不迁出江州市", "our_supervisor": "是",
    }  # fmt: skip
    agreed = terms(**changed)
    assert matches_golden("equity_increase.txt", contract_text(view(agreed=agreed, appraisal=None)))


def test_forms_have_the_golden_words() -> None:
    kinds = ("publicity_notice", "approval_form", "award_notice", "deferral_sheet")
    text = "".join(f"== {kind}\n{words_of(build_html(kind, view()))}" for kind in kinds)
    assert matches_golden("equity_forms.txt", text)


def test_terms_go_through_the_form_and_back() -> None:
    agreed = terms(**CASH)
    assert check_terms("equity", terms_to_form(agreed)).terms == agreed


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"value_fen": "90万元"}, "capital_fen", "不能超过专利权作价金额"),
        ({"registered_capital_fen": "600万元"}, "registered_capital_fen", "与注册资本 6,000,000.00 元不一致"),
        ({"awards": []}, "awards", "至少填写一名奖励人员"),
        ({"title_shared": "是"}, "awards", "不再填写股权奖励"),
        ({"holder_name": ""}, "holder_name", "填写其名称"),
        ({"award_way": "通过持股平台持有"}, "platform_name", "填写平台名称"),
        ({"our_directors": "9"}, "our_directors", "不能超过董事人数"),
        ({"cash_fen": "20万元"}, "instalments", "应等于现金对价 200,000.00 元"),
        ({"transfer_by": "2026-01-01", "signing_date": "2026-06-01"}, "transfer_by", "早于签订日期"),
        ({"exits": "由合作方收购股权"}, "exit_note", "触发条件"),
        ({"materials_due_on": ""}, "materials_due_on", "交付期限"),
    ],
)
def test_terms_that_do_not_go_together_are_told_by_field(
    changed: dict[str, Any], field: str, reason: str
) -> None:
    told = problems(**changed)
    assert [name for name, _ in told] == [field]
    assert reason in told[0][1]


@pytest.mark.parametrize(
    ("awards", "reason"),
    [
        (
            [{"name": "陈㛃", "role": "主要贡献人员", "capital_fen": "101万元"}],
            "超过专利出资额 1,000,000.00 元",
        ),
        (
            [
                {"name": "陈㛃", "role": "主要贡献人员", "capital_fen": "60万元"},
                {"name": "陈㛃", "role": "其他贡献人员", "capital_fen": "1万元"},
            ],
            "同一人出现了两次",
        ),
        (
            [
                {"name": "陈㛃", "role": "主要贡献人员", "capital_fen": "60万元"},
                {"name": "刘𬱖", "role": "完成和转化人员（不分主次）", "capital_fen": "1万元"},
            ],
            "身份应统一",
        ),
    ],
)
def test_award_that_does_not_hold_together_is_refused(awards: list[dict[str, str]], reason: str) -> None:
    ((field, told),) = problems(awards=awards)
    assert field == "awards" and reason in told


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(1, 4, "25%"), (1, 3, "约33.33%"), (2, 3, "约66.67%"), (100, 100, "100%"), (1, 100_000, "约0%")],
)
def test_share_is_exact_or_says_that_it_is_rounded(part: int, whole: int, shown: str) -> None:
    assert ratio(part, whole) == shown


@pytest.mark.parametrize("changed", [{}, CASH, SHARED, {**OWN, **INCREASE}])
def test_shareholders_hold_the_whole_registered_capital(changed: dict[str, Any]) -> None:
    agreed = terms(**changed)
    total = sum(parse_yuan(row["capital"]) for row in shareholder_rows(agreed))
    assert total == agreed.registered_capital_fen
    assert sum(parse_yuan(row["capital"]) for row in award_rows(agreed)) == agreed.awarded_fen()


def test_amount_for_approval_is_value_and_cash() -> None:
    basis = amount_basis(terms(**CASH))
    assert (basis.amount_fen, basis.explanation_zh) == (
        170_000_000,
        "作价金额＝专利权作价1,500,000.00元＋现金对价200,000.00元＝1,700,000.00元。",
    )
    assert [(line.label, line.amount_fen, line.due) for line in payment_schedule(terms(**CASH))] == [
        ("首期款", 20_000_000, date(2026, 12, 31))
    ]
    assert payment_schedule(terms()) == ()


def test_facts_of_the_chart_are_those_of_the_terms() -> None:
    assert terms().chart_facts() == {
        "founding": True, "capital_fen": 100_000_000, "all_shares": True, "resident": True, "title_shared": False,
        "transfer_by": "2026-09-30", "company": "江州隔膜新材有限公司",
        "award": [
            ["陈㛃", "main_contributors", 42_000_000, False], ["刘𬱖", "other_contributors", 12_000_000, False],
            ["韩敏", "tto_staff", 6_000_000, False],
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "groups"),
    [
        (
            {"awards": [{"name": "陈㛃", "role": "完成和转化人员（不分主次）", "capital_fen": "60万元"}]},
            {"award", "approval"},
        ),
        ({"value_fen": "160万元"}, {"publicity", "approval"}),
        ({"capital_fen": "90万元", "registered_capital_fen": "490万元"}, {"publicity", "approval", "award"}),
        ({"report_days": "60"}, {"approval"}),
        ({"signing_place": "外地"}, set()),
    ],
)
def test_what_saw_the_changed_fields_is_bound_to_them(changed: dict[str, Any], groups: set[str]) -> None:
    before, after = binding_hashes("equity", terms()), binding_hashes("equity", terms(**changed))
    assert {name for name in before if before[name] != after[name]} - {"terms", "consent"} == groups


def test_sample_finds_nothing_to_object_to() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"appraisal": None}, [("EQ-01", "warn")]),
        ({"appraisal": replace(APPRAISAL, value_fen=1)}, [("EQ-01", "warn")]),
        ({"appraisal": replace(APPRAISAL, value_fen=1, difference="经批准下调")}, []),
        ({"agreed": terms(guaranteed_return="是")}, [("PR-19", "block")]),
        ({"agreed": terms(special_clauses="目标公司每年向出资方支付固定收益五万元")}, [("PR-19", "block")]),
        ({"agreed": terms(non_compete="出资方不得研究开发类似隔膜")}, [("LI-08", "block")]),
        ({"patents": (replace(PATENTS[0], owners=("江州理工大学", "江州研究院")),)}, [("O-06", "warn")]),
        ({"patents": (replace(PATENTS[0], filing_date=None),)}, [("EQ-08", "block")]),
    ],
)
def test_reading_finds_what_the_law_asks(changed: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(**changed) == expected


def test_head_of_the_institution_and_late_capital_are_found() -> None:
    late = [
        {"name": "江州新膜材料科技有限公司", "form": "货币", "capital_fen": "400万元", "pay_by": "2031-06-02"}
    ]
    head = [{"name": "陈㛃", "role": "主要贡献人员", "capital_fen": "60万元", "is_head": "是"}]
    agreed = terms(shareholders=late, awards=head, signing_date="2026-06-01")
    assert found(agreed=agreed) == [("EQ-03", "block"), ("RW-16", "warn")]


def test_every_choice_of_terms_makes_a_whole_text() -> None:
    choices = product(
        (INCREASE, {}), (CASH, {}), (SHARED, {"award_way": "登记后由出资方转让给奖励对象"}), (OWN, {})
    )
    for picked in choices:
        changed = {name: value for part in picked for name, value in part.items()}
        text = contract_text(view(agreed=terms(**changed)))
        assert not {"None", "{{", "{%", "；。", "。。", "，，"} & set(text.split()), changed
        assert all(mark not in text for mark in ("None", "{{", "{%", "；。", "。。", "，，", "（）")), changed


def test_award_notice_names_the_head_and_the_deferral_sheet_marks_what_was_not_read() -> None:
    head = [{"name": "陈㛃", "role": "主要贡献人员", "capital_fen": "60万元", "is_head": "是"}]
    assert "陈㛃（单位正职领导）" in build_html("award_notice", view(agreed=terms(awards=head)))
    assert build_html("deferral_sheet", view()).count("待核实") >= 5


def test_papers_of_the_mode() -> None:
    assert MODES["equity"].documents == (
        "contract", "publicity_notice", "approval_form", "award_notice", "change_form", "change_reason",
        "power_of_attorney", "filing_cover", "deferral_sheet", *HOUSE_PAPERS,
    )  # fmt: skip
