"""What charts may know of the terms, whatever the mode."""

from datetime import date

import pytest

from cases.errors import Invalid
from cases.terms import terms_facts
from states.facts import TermsFacts
from tests.contracts import test_development as development
from tests.contracts import test_patent_pool as pool


def test_a_development_contract_tells_by_when_the_partner_industrializes() -> None:
    facts = terms_facts("development", development.RAW, ()).facts
    assert (facts.industrialized_by, facts.amount_fen, facts.territory) == (
        date(2028, 6, 30),
        200_000_000,
        "",
    )
    assert [payment.label for payment in facts.payments][:3] == ["首期款", "中期款", "尾款"]
    assert TermsFacts.from_json(facts.as_json()) == facts


def test_without_the_clause_nothing_is_promised() -> None:
    raw = {**development.RAW, **development.NOT_INDUSTRIAL}
    assert terms_facts("development", raw, ()).facts.industrialized_by is None


def test_a_pool_tells_its_term_territory_and_guaranteed_amount() -> None:
    facts = terms_facts("patent_pool", pool.RAW, ()).facts
    assert (facts.start, facts.end, facts.amount_fen) == (date(2026, 3, 1), date(2030, 2, 28), 40_000_000)
    assert facts.territory == "中华人民共和国境内（不含港澳台）"
    assert TermsFacts.from_json(facts.as_json()) == facts


def test_forbidden_clauses_are_told_in_the_words_of_the_mode() -> None:
    raw = {**pool.RAW, "special_clauses": "入池方的后续改进均归运营方所有"}
    (told,) = terms_facts("patent_pool", raw, ()).facts.unlawful
    assert told.startswith("特别约定第1条：“改进均归运营方”可能属于“无偿回授”")


def test_wrong_terms_are_named_in_the_order_of_the_form() -> None:
    raw = {**development.RAW, "copies": "一", "content": "", "deliver_on": "昨天"}
    with pytest.raises(Invalid) as caught:
        terms_facts("development", raw, ())
    assert caught.value.message.startswith("商务条款有3处需要改正。标的的内容和范围：未填写；成果交付期限：")
