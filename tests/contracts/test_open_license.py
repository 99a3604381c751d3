"""An open license on paper: what may be declared, what is found in it, and what each licensee's papers say."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.articles import articles
from contracts.documents import build_html, build_job
from contracts.kinds import UnknownDocument, document_of
from contracts.lint import lint_contract
from contracts.modes import MODES
from contracts.open_license import CLAUSES, OpenLicenseTerms
from contracts.terms import check_terms
from contracts.view import CaseView
from tests.contracts.samples import LICENSEE, PATENTS, view

MODE = "open_license"
RAW: dict[str, Any] = {
    "project_name": "锂离子电池复合隔膜制备技术", "start": "2026-05-01", "end": "2030-12-31", "fee_form": "entry_royalty",
    "fee_fen": "10万元", "fee_basis": "参照近三年同类专利普通许可确定", "royalty.base": "净销售额", "royalty.rate_bp": "2%",
    "royalty.period": "每年", "contact": "李思远", "phone": "0599-8100001", "mail_address": "江州市学府路1号",
    "expected_licensees": "5",
}  # fmt: skip
ACCEPTANCE = {
    "no": 1, "notified_on": "2026-06-01", "start": "2026-06-05", "end": "2028-12-31", "effective_on": "2026-06-05",
    "amount_fen": 10_000_000, "paid_on": "2026-06-05", "reference": "回单0605", "filing": {"filed_by": "owner"},
}  # fmt: skip
WHOLE_LICENSE = ("acceptance_notice", "acceptance_contract", "acceptance_filing_form")


def _terms(**changed: Any) -> OpenLicenseTerms:
    found = check_terms(MODE, {**RAW, **changed})
    assert found.problems == ()
    assert isinstance(found.terms, OpenLicenseTerms)
    return found.terms


def _view(**changed: Any) -> CaseView:
    made = view("exclusive_license", mode=MODE, terms=_terms(), theirs=None, patents=PATENTS[:1])
    return replace(made, **changed)


def _accepted() -> CaseView:
    told = {
        "declaration": {"record_no": "KF1", "recorded_on": "2026-05-20", "reason": ""},
        "acceptance": ACCEPTANCE,
    }
    return _view(theirs=LICENSEE, told=told, term=(date(2026, 6, 5), date(2028, 12, 31)))


def _words(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"end": "2026-04-30"}, "end"),
        ({"fee_fen": "0"}, "fee_fen"),
        ({"fee_form": "free"}, "fee_fen"),
        ({"fee_form": "lump_sum"}, "royalty.base"),
        ({"fee_basis": ""}, "fee_basis"),
        ({"fee_basis": "长" * 2001}, "fee_basis"),
        ({"contact": ""}, "contact"),
    ],
)
def test_wrong_terms_are_told_by_field(changed: dict[str, str], field: str) -> None:
    """专利审查指南 part 5 ch 11 §3.3: fee, way of payment, contact; the brief has 2,000 characters at most."""
    assert field in [problem.field for problem in check_terms(MODE, {**RAW, **changed}).problems]


@pytest.mark.parametrize(
    ("form", "upfront"),
    [("entry_royalty", 10_000_000), ("royalty", None), ("lump_sum", 10_000_000), ("free", 0)],
)
def test_charts_learn_what_a_licensee_pays_in_advance(form: str, upfront: int | None) -> None:
    without = {"royalty.base": "", "royalty.rate_bp": "", "royalty.period": ""}
    changed: dict[str, Any] = {"fee_form": form, **(without if form in ("lump_sum", "free") else {})}
    if form in ("royalty", "free"):
        changed["fee_fen"] = "0"
    assert _terms(**changed).chart_facts() == {"upfront_fen": upfront}


def test_amount_weighs_the_licensees_expected_and_nobody_owes_it() -> None:
    basis = _terms().amount_basis()
    assert (basis.amount_fen, basis.is_estimate) == (50_000_000, True)
    assert "以固定数额约定的款项合计" not in _words(build_html("publicity_notice", _view()))


@pytest.mark.parametrize(
    ("changed", "rule", "severity"),
    [
        ({"fee_fen": "2000.01万元"}, "OP-05", "warn"),
        ({"royalty.rate_bp": "20.01%"}, "OP-05", "warn"),
        ({"royalty.base": "利润", "royalty.rate_bp": "40.01%"}, "OP-05", "warn"),
        ({"conditions": "本专利国际领先"}, "OP-03", "block"),
        ({"end": "2037-07-21"}, "P-05", "block"),
    ],
)
def test_reading_the_declaration_finds(changed: dict[str, str], rule: str, severity: str) -> None:
    """专利审查指南 part 5 ch 11 §3.3: 20 million yuan, 20 percent of net sales, 40 percent of profit; no advertising."""
    found = lint_contract(_view(terms=_terms(**changed)))
    assert [(one.rule_id, one.severity) for one in found] == [(rule, severity)]


@pytest.mark.parametrize(
    "changed",
    [
        {"fee_fen": "2000万元"},
        {"royalty.rate_bp": "20%"},
        {"royalty.base": "利润", "royalty.rate_bp": "40%"},
        {},
    ],
)
def test_fee_at_the_caps_is_not_remarked_on(changed: dict[str, str]) -> None:
    assert lint_contract(_view(terms=_terms(**changed))) == ()


def test_declaration_says_what_the_rules_ask_for() -> None:
    """专利法实施细则 art 85: number, owner, fee and its payment, term, contact, promise."""
    words = _words(build_html("declaration", _view(patents=PATENTS)))
    for asked in (
        "ZL201710601862.3", "江州理工大学", "入门费加提成", "2026年5月1日至2030年12月31日", "0599-8100001", "专利权人承诺",
        "随本声明提交：一种隔膜双面涂覆装置", "待核实",
    ):  # fmt: skip
        assert asked in words


def test_withdrawal_is_unconditional_and_leaves_licenses_alone() -> None:
    """专利法 art 50(2)."""
    words = _words(build_html("withdrawal_declaration", _accepted()))
    assert "本撤回不附任何条件" in words and "公告前已经给予的开放许可的效力不受影响" in words


@pytest.mark.parametrize("kind", WHOLE_LICENSE)
def test_papers_of_a_licensee_name_it_and_its_declaration(kind: str) -> None:
    words = _words(build_html(f"{kind}:1", _accepted()))
    assert LICENSEE.name in words and "KF1" in words and "None" not in words


def test_contract_of_a_licensee_has_its_own_term_and_payments() -> None:
    words = _words(build_html("acceptance_contract:1", _accepted()))
    assert "2026年6月5日至2028年12月31日" in words
    assert re.findall(r"提成费第(\d)期（年度）", words) == ["1", "2", "3"]


def test_contract_carries_the_legal_minimum() -> None:
    """民法典 arts 845, 846, 863: the rows K-01 to K-18, each carried by a clause."""
    covered = {row for clause in CLAUSES for row in clause.covers}
    assert covered == {f"K-{n:02}" for n in range(1, 19)}
    assert [found.number for found in articles(_accepted())][:2] == ["", "第一条"]


def test_only_the_declaration_is_marked_as_a_draft() -> None:
    drafts = {
        kind: build_job(kind, replace(_accepted(), draft=True)).css_name for kind in MODES[MODE].documents
    }
    assert {kind for kind, css in drafts.items() if css.endswith("+draft")} == {"declaration"}


def test_papers_of_licensees_bear_their_number() -> None:
    assert document_of("acceptance_notice:2", MODE).title_zh == "专利开放许可实施通知书（第2号）"
    with pytest.raises(UnknownDocument):
        document_of("acceptance_invoice:2", MODE)
