"""Data for the contract registration: in every mode that registers, with kind, amounts and what was not read."""

import pytest

from contracts.documents import build_html
from contracts.modes import MODES
from contracts.view import CaseView
from states.catalog import MODES as CHARTS
from tests.contracts import samples, test_patent_pool, test_transfer
from tests.contracts.golden import matches_golden
from tests.contracts.test_documents import words_of


def sheet(view: CaseView) -> str:
    return words_of(build_html("registration_sheet", view))


@pytest.mark.parametrize("mode", sorted(CHARTS))
def test_sheet_is_offered_where_the_contract_can_be_registered(mode: str) -> None:
    registers = "registration" in CHARTS[mode].chart.nodes
    assert ("registration_sheet" in MODES[mode].documents) == registers


def test_sheet_of_a_transfer_has_the_golden_words() -> None:
    assert matches_golden("registration_sheet.txt", sheet(test_transfer.view(technical_trade_fen="100万元")))


@pytest.mark.parametrize(
    ("view", "kind", "technical", "other"),
    [
        (samples.view(), "技术许可合同", "¥2,000,000.00", "¥0.00"),
        (test_transfer.view(technical_trade_fen="100万元"), "技术转让合同", "¥1,000,000.00", "¥200,000.00"),
        (test_patent_pool.paper(), "＿＿＿＿＿＿＿＿", "＿＿＿＿＿＿＿＿", "＿＿＿＿＿＿＿＿"),
    ],
)
def test_kind_and_technical_amount_are_those_of_the_terms(
    view: CaseView, kind: str, technical: str, other: str
) -> None:
    words = sheet(view)
    assert f"|合同类别|{kind}\n" in words
    assert f"\n其中技术交易额|{technical}" in words
    assert f"\n其中非技术性费用|{other}" in words
