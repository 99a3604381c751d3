"""Form, contract and register, field by field."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.crosscheck import Difference, crosscheck
from contracts.documents import contract_text
from rules.gate_table import LICENSES
from tests.contracts.samples import PATENTS, terms, view


def test_papers_of_one_mind_have_no_difference() -> None:
    assert crosscheck(view(patents=PATENTS), PATENTS) == ()
    assert crosscheck(view(terms=terms(**{"royalty.minimum_per_year_fen": ""})), PATENTS[:1]) == ()


@pytest.mark.parametrize("mode", LICENSES)
def test_papers_of_each_kind_agree(mode: str) -> None:
    assert crosscheck(view(mode), PATENTS[:1]) == ()


def test_contract_of_another_kind_than_the_form_says_is_named() -> None:
    """An exclusive license names 普通许可 too, where it allows sublicenses: the grant itself is compared."""
    allowed = view(terms=terms(sublicense_allowed="是"))
    assert "以普通许可的方式许可第三人" in contract_text(allowed)
    assert crosscheck(allowed, PATENTS[:1]) == ()


def test_a_register_that_moved_on_is_named_per_field() -> None:
    now = replace(PATENTS[0], title="一种隔膜", grant_date=date(2020, 5, 15))
    place = "专利 ZL201710601862.3"
    assert crosscheck(view(), (now,)) == (
        Difference(f"{place} 名称", PATENTS[0].title, PATENTS[0].title, "一种隔膜"),
        Difference(f"{place} 授权公告日", "2020-05-12", "2020-05-12", "2020-05-15"),
    )


def test_an_owner_who_is_not_the_licensor_is_named() -> None:
    sold = replace(PATENTS[0], owners=("某公司",))
    assert [d.field for d in crosscheck(view(), (sold,))] == [
        "专利 ZL201710601862.3 专利权人",
        "许可人（ZL201710601862.3）",
    ]


def test_missing_and_surplus_patents_are_named() -> None:
    assert crosscheck(view(), PATENTS[1:]) == (
        Difference("专利 ZL201710601862.3", PATENTS[0].title, PATENTS[0].title, ""),
        Difference("专利 ZL202120000001.8", "", "", "一种隔膜双面涂覆装置"),
    )


def test_full_width_and_blanks_make_no_difference() -> None:
    typed = replace(PATENTS[0], patent_no="ＺＬ２０１７１０６０１８６２．３", owners=("江州理工大学 ",))
    assert crosscheck(view(), (typed,)) == ()


def test_patents_without_a_number_are_told_apart_by_application() -> None:
    pending = tuple(replace(patent, patent_no="") for patent in PATENTS)
    assert crosscheck(view(patents=pending), pending) == ()
