"""Objections to contracts: terms beyond the patent, missing content, forbidden clauses."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.lint import lint_contract
from tests.contracts.samples import LICENSEE, PATENTS, terms, view


def test_a_sound_contract_has_no_finding() -> None:
    assert lint_contract(view()) == ()


def test_license_beyond_a_patents_term_is_blocked_and_says_until_when() -> None:
    (finding,) = lint_contract(view(patents=PATENTS))
    assert (finding.rule_id, finding.severity, finding.place) == (
        "P-05",
        "block",
        "许可专利2（ZL202120000001.8）",
    )
    assert finding.what_zh.startswith("许可终止日2031年2月28日晚于该专利有效期限届满日2031年1月3日")
    assert finding.remedy_zh == "将许可终止日改为不晚于2031年1月3日，或撤回本案后不含该专利另行立案。"


def test_license_ending_on_the_last_day_of_the_patent_is_fine() -> None:
    assert lint_contract(view(patents=(replace(PATENTS[1], term_end=date(2031, 2, 28)),))) == ()


def test_missing_content_of_a_recordable_contract_is_blocked() -> None:
    patent = replace(PATENTS[0], grant_date=None, patent_no="")
    found = lint_contract(view(patents=(patent,), theirs=replace(LICENSEE, address="")))
    assert [(f.rule_id, f.what_zh) for f in found] == [
        ("L-06", "缺少被许可人的地址，该项是备案合同的必备内容。"),
        ("L-06", "缺少专利号，该项是备案合同的必备内容。"),
        ("L-06", "缺少授权公告日，该项是备案合同的必备内容。"),
    ]


def test_unknown_term_of_a_patent_is_a_warning() -> None:
    (finding,) = lint_contract(view(patents=(replace(PATENTS[0], term_end=None),)))
    assert (finding.rule_id, finding.severity) == ("P-05", "warn")


@pytest.mark.parametrize(
    "clause",
    [
        "被许可人作出的改进应当无偿回授给许可人",
        "被许可人的后续改进均归许可人所有",
        "被许可人不得对专利权有效性提出异议",
        "被许可人放弃请求宣告许可专利无效的权利",
        "被许可人必须同时购买许可人指定的其他设备",
        "被许可人不得从第三人处获得竞争技术",
        "被许可人不得研发类似技术",
        "许可产品的销售价格不得低于许可人公布的价格",
        "许可产品不得出口",
        "生产所需原材料只能从许可人处采购",
    ],
)
def test_forbidden_clauses_are_blocked(clause: str) -> None:
    found = lint_contract(view(terms=terms(special_clauses=f"双方每年召开一次技术交流会\n{clause}")))
    assert [(f.rule_id, f.severity, f.place) for f in found] == [("LI-08", "block", "特别约定第2条")]


@pytest.mark.parametrize(
    "clause",
    [
        "被许可人应购买产品责任保险",
        "许可人不得无故拖延技术服务",
        "改进方许可对方使用改进成果的，对方支付合理对价",
        "被许可人有权对专利权有效性提出异议",
        "许可人不得泄露被许可人的经营信息",
        "年度报告应载明产量和销售价格",
    ],
)
def test_ordinary_clauses_pass(clause: str) -> None:
    assert lint_contract(view(terms=terms(special_clauses=clause))) == ()


@pytest.mark.parametrize(
    ("mode", "clause"),
    [
        ("ordinary_license", "许可期限内许可人不得再许可任何第三人实施许可专利"),
        ("ordinary_license", "被许可人为许可专利的独家被许可人"),
        ("sole_license", "许可人不得自行实施许可专利"),
        ("sole_license", "许可人有权许可其他企业实施"),
        ("exclusive_license", "许可人仍可以自行实施许可专利"),
        ("exclusive_license", "许可人有权许可第三人实施许可专利"),
    ],
)
def test_special_clause_against_the_kind_of_license_is_a_warning(mode: str, clause: str) -> None:
    (finding,) = lint_contract(view(mode, terms=terms(mode, special_clauses=clause)))
    assert (finding.rule_id, finding.severity, finding.place) == ("LI-03", "warn", "特别约定第1条")
    assert finding.what_zh.endswith("许可方式约定不明的视为普通许可。")


@pytest.mark.parametrize(
    ("mode", "clause"),
    [
        ("ordinary_license", "许可人可以自行实施许可专利"),
        ("ordinary_license", "被许可人不得许可第三人实施"),
        ("sole_license", "许可人可以自行实施许可专利"),
        ("sole_license", "许可人不得许可第三人实施"),
        ("exclusive_license", "许可人不得自行实施许可专利"),
        ("exclusive_license", "被许可人可以自行实施或者委托加工"),
    ],
)
def test_special_clause_that_fits_the_kind_passes(mode: str, clause: str) -> None:
    assert lint_contract(view(mode, terms=terms(mode, special_clauses=clause))) == ()


def test_co_owner_who_licenses_alone_is_told_to_share_the_fee() -> None:
    shared = (replace(PATENTS[0], owners=("江州理工大学", "某公司")),)
    (finding,) = lint_contract(view("ordinary_license", patents=shared))
    assert (finding.rule_id, finding.severity) == ("O-05", "warn")
    assert finding.what_zh.startswith("与某公司共有；")
    assert lint_contract(view("sole_license", patents=shared)) == ()


def test_a_group_without_legal_personality_cannot_be_a_party() -> None:
    found = lint_contract(view(theirs=replace(LICENSEE, name="江州理工大学隔膜课题组", uscc="")))
    assert [(f.rule_id, f.severity, f.place) for f in found] == [("O-04", "block", "被许可人")]
