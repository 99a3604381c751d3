"""Transfers: terms, text for a patent and for an application, papers, payments, what reading them finds."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.articles import articles, plain_text
from contracts.documents import build_html, contract_text
from contracts.lint import lint_contract
from contracts.schedule import amount_basis, payment_schedule
from contracts.terms import binding_hashes, check_terms, terms_to_form
from contracts.transfer import TransferTerms
from contracts.view import CaseView
from tests.contracts import samples
from tests.contracts.golden import matches_golden
from tests.contracts.test_documents import words_of

RAW: dict[str, Any] = {
    "project_name": "锂离子电池复合隔膜专利转让",
    "price_method": "agreement",
    "price_fen": "120万元",
    "instalments": [
        {"label": "第一期", "amount_fen": "80万元", "due_on": "2026-05-31"},
        {"label": "第二期", "amount_fen": "40万元", "due_on": "2026-12-31"},
    ],
}
FULL: dict[str, Any] = {
    "subject": "application", "application_refused": "refund", "refund_bp": "30%", "assignor_may_work": "是",
    "penalty_fen": "10万元", "service_days": "10", "warranty": "转让人未就同一技术另行申请专利",
    "materials": [{"name": "申请文件", "form": "电子", "copies": "1"}], "materials_due_on": "2026-04-30",
    "materials_place": "江州市", "special_clauses": "资料以电子形式交付",
}  # fmt: skip


def agreed(**changed: Any) -> TransferTerms:
    """The checked terms, with changes."""
    checked = check_terms("transfer", {**RAW, **changed})
    assert isinstance(checked.terms, TransferTerms), checked.problems
    return checked.terms


def view(**changed: Any) -> CaseView:
    """A case of a transfer."""
    return replace(samples.view(), mode="transfer", terms=agreed(**changed))


def problems(**changed: Any) -> list[str]:
    """The fields that are refused."""
    return [problem.field for problem in check_terms("transfer", {**RAW, **changed}).problems]


def test_text_of_a_patent_is_the_golden_text() -> None:
    assert matches_golden("transfer.txt", contract_text(view()))


def test_text_of_an_application_is_the_golden_text() -> None:
    assert matches_golden("transfer_application.txt", contract_text(view(**FULL)))


# The clauses of the patent office's earlier contract on the right to an application, and what must be said of each.
OF_APPLICATIONS = (
    (0, "recitals", "专利申请"), (1, "delivery", "附件二"), (2, "delivery", "江州市"), (3, "licenses", "专利实施许可合同"),
    (4, "fees", "1,200,000.00"), (5, "priority", "优先权随专利申请一并转让"), (6, "examination", "复审请求"),
    (6, "invalidation", "登记日之前专利申请被驳回或者被视为撤回的，受让人可以解除本合同"), (7, "interim", "过渡期内"),
    (8, "tax", "印花税"), (9, "breach", "违约金"), (10, "dispute", "中华人民共和国法律"), (11, "misc", "正本一式"),
    (12, "effect", "生效"),
)  # fmt: skip


@pytest.mark.parametrize(("number", "clause", "words"), OF_APPLICATIONS)
def test_application_has_every_clause_of_the_official_list(number: int, clause: str, words: str) -> None:
    found = {article.id: plain_text([article]) for article in articles(view(**FULL))}
    assert words in found[clause], number


def test_patent_has_no_clauses_of_an_application() -> None:
    assert {"priority", "examination"} & {article.id for article in articles(view())} == set()


@pytest.mark.parametrize(("changed", "title"), [({}, "专利权转让合同"), (FULL, "专利申请权转让合同")])
def test_contract_bears_the_name_of_what_is_transferred(changed: dict[str, Any], title: str) -> None:
    assert title in words_of(build_html("contract", view(**changed)))


def test_forms_have_the_golden_words() -> None:
    kinds = ("publicity_notice", "approval_form")
    text = "".join(f"== {kind}\n{words_of(build_html(kind, view()))}" for kind in kinds)
    assert matches_golden("transfer_forms.txt", text)


def test_payments_and_amount_are_those_of_the_terms() -> None:
    assert [(line.label, line.amount_fen, line.due) for line in payment_schedule(agreed())] == [
        ("转让价款第一期", 80_000_000, date(2026, 5, 31)),
        ("转让价款第二期", 40_000_000, date(2026, 12, 31)),
    ]
    assert amount_basis(agreed()).amount_fen == 120_000_000


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"price_fen": "130万元"}, ["instalments"]),
        ({"technical_trade_fen": "121万元"}, ["technical_trade_fen"]),
        ({"materials": [{"name": "申请文件"}]}, ["materials_due_on"]),
        ({"refund_bp": "10%"}, ["refund_bp"]),
        ({"application_refused": "refund", "refund_bp": "10%"}, ["application_refused"]),
        ({"price_fen": ""}, ["price_fen"]),
    ],
)
def test_terms_that_do_not_agree_are_refused(changed: dict[str, Any], fields: list[str]) -> None:
    assert problems(**changed) == fields


def test_terms_go_through_the_form_and_back() -> None:
    terms = agreed(**FULL)
    assert check_terms("transfer", terms_to_form(terms)).terms == terms


@pytest.mark.parametrize(
    ("changed", "groups"),
    [
        ({"change_days": "60"}, {"approval"}),
        ({"copies": "8"}, set()),
        ({"subject": "application"}, {"publicity", "approval"}),
    ],
)
def test_change_of_a_field_voids_what_saw_it(changed: dict[str, Any], groups: set[str]) -> None:
    before, after = binding_hashes("transfer", agreed()), binding_hashes("transfer", agreed(**changed))
    assert {group for group in ("publicity", "approval") if before[group] != after[group]} == groups


def test_evidence_names_patent_and_parties() -> None:
    nameless = replace(view(), patents=(replace(view().patents[0], title=""),))
    assert ("TR-08", "block") in [(found.rule_id, found.severity) for found in lint_contract(nameless)]
    assert [found.rule_id for found in lint_contract(view()) if found.severity == "block"] == []


def test_application_is_named_without_number_and_day_of_grant() -> None:
    bare = (replace(samples.PATENTS[0], grant_date=None, patent_no=""),)
    missing = [found.what_zh for found in lint_contract(replace(view(), patents=bare))]
    assert missing == ["缺少专利号，证明文件应写明该项。", "缺少授权公告日，证明文件应写明该项。"]
    assert lint_contract(replace(view(**FULL), patents=bare)) == ()
