"""Net income: which costs come off where, which need a proof, what a loss does."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money_words import COST_LABELS
from rules.net_income import CostLine, net_income
from rules.packs import RuleBook, load

ON = date(2026, 11, 23)
KINDS = ("tax", "maintenance", "appraisal", "verification", "negotiation", "brokerage", "own_rd", "public_rd")
ONE_OF_EACH = [CostLine(kind, 1, "发票") for kind in KINDS]


def book_of(*names: str) -> RuleBook:
    return load(("national", *names))


@pytest.mark.parametrize(
    ("packs", "refused"),
    [
        ([], ["negotiation", "brokerage", "own_rd", "public_rd"]),
        (["beijing"], ["brokerage", "own_rd", "public_rd"]),
        (["shanghai"], ["negotiation", "brokerage", "own_rd", "public_rd"]),
        (["zhejiang"], ["public_rd"]),
        (["shandong"], ["negotiation", "brokerage", "own_rd", "public_rd"]),
        (["example_wuhu"], ["public_rd"]),
        (["beijing", "example_wuhu"], ["brokerage", "own_rd", "public_rd"]),
        (["zhejiang", "example_wuhu"], ["public_rd"]),
    ],
)
def test_deductible_costs_by_place(packs: list[str], refused: list[str]) -> None:
    found = net_income(1000, ONE_OF_EACH, book=book_of(*packs), on=ON)
    assert [one.line.kind for one in found.refused] == refused
    assert found.fen == 1000 - (len(KINDS) - len(refused))


def test_public_research_money_is_no_cost_in_zhejiang() -> None:
    found = net_income(1000, [CostLine("public_rd", 900, "任务书")], book=book_of("zhejiang"), on=ON)
    assert found.fen == 1000
    assert [(one.reason_zh, one.rule_id, one.article) for one in found.refused] == [
        ("财政资金研发投入依规定不作为成本，不能扣除", "RW-11", "浙江省促进科技成果转化条例第37条")
    ]


def test_cost_without_proof_stays_in_until_the_proof_is_there() -> None:
    for proof, fen in (("", 1000), ("  ", 1000), ("完税证明", 900)):
        assert net_income(1000, [CostLine("tax", 100, proof)], book=book_of(), on=ON).fen == fen


def test_loss_is_shared_with_nobody_and_not_carried() -> None:
    found = net_income(100, [CostLine("tax", 130, "完税证明")], book=book_of(), on=ON)
    assert (found.fen, found.loss_fen) == (0, 30)
    assert "成本超过到账0.30元，净收入为0元，本次不分配；超出部分不自动结转" in found.derivation.sentence_zh


def test_national_formula_says_that_it_is_assumed_and_unverified() -> None:
    sentence = net_income(100, [], book=book_of(), on=ON).derivation.sentence_zh
    assert "国家没有统一的净收入公式" in sentence
    assert "推定" in sentence
    assert "待核实" in sentence


def test_formula_of_a_province_holds_from_its_own_first_day() -> None:
    costs = [CostLine("negotiation", 10, "合同")]
    book = book_of("beijing")
    assert net_income(100, costs, book=book, on=date(2019, 11, 26)).fen == 100
    assert net_income(100, costs, book=book, on=date(2019, 11, 27)).fen == 90


def test_wrong_input_is_refused() -> None:
    for receipt, line in ((-1, CostLine("tax", 1)), (1, CostLine("tax", -1)), (1, CostLine("dinner", 1))):
        with pytest.raises(ValueError, match="negative|unknown cost kind 'dinner'"):
            net_income(receipt, [line], book=book_of(), on=ON)
    with pytest.raises(LookupError):
        net_income(1, [], book=book_of(), on=date(2015, 9, 30))


@given(
    receipt=st.integers(0, 10**13),
    costs=st.lists(
        st.builds(
            CostLine,
            st.sampled_from(sorted(COST_LABELS)),
            st.integers(0, 10**12),
            st.sampled_from(["", "发票"]),
        )
    ),
    pack=st.sampled_from(["beijing", "shanghai", "zhejiang", "shandong"]),
)
def test_every_cost_is_allowed_or_refused_and_nothing_is_lost(
    receipt: int, costs: list[CostLine], pack: str
) -> None:
    found = net_income(receipt, costs, book=book_of(pack), on=ON)
    assert len(found.allowed) + len(found.refused) == len(costs)
    assert found.fen - found.loss_fen == receipt - sum(line.fen for line in found.allowed)
    assert min(found.fen, found.loss_fen) == 0
