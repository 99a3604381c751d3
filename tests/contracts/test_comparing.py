"""Every field of contract, forms, register and signed contract, compared: what agrees is shown too."""

import json
from dataclasses import replace

import pytest

from contracts.attachment import attachment
from contracts.crosscheck import compare
from contracts.modes import MODES
from contracts.papers.form_cells import Amount, Cell, amounts_in, cells_of
from tests.contracts.samples import LICENSEE, PATENTS, terms
from tests.contracts.test_papers import VIEWS


@pytest.mark.parametrize("mode", sorted(MODES))
def test_papers_of_every_mode_agree_and_tell_what_was_compared(mode: str) -> None:
    view = VIEWS[mode]
    signed = json.loads(attachment("contract", view, "")) if "contract" in MODES[mode].documents else {}
    found = compare(view, view.patents, signed)
    assert [row for row in found if not row.agrees] == []
    groups = {row.group for row in found}
    assert {"patents", "parties"} <= groups
    assert ("signed" in groups) == bool(signed)


def test_names_codes_and_addresses_on_the_form_are_compared_with_contract_and_register() -> None:
    rows = {row.field: row for row in compare(VIEWS["exclusive_license"], PATENTS[:1])}
    row = rows["被许可人统一社会信用代码（备案申请表）"]
    assert (row.contract, row.form, row.register) == (LICENSEE.uscc,) * 3
    assert rows["许可人名称（备案申请表）"].form == "江州理工大学"


def test_contract_signed_with_another_address_and_term_is_called_out() -> None:
    view = VIEWS["exclusive_license"]
    signed = json.loads(attachment("contract", view, ""))
    signed["parties"][1]["address"] = "别处"
    signed["terms"]["end"] = "2032-02-28"
    signed["patents"].append({**signed["patents"][0], "patent_no": "ZL1"})
    differing = {
        row.field: (row.contract, row.register)
        for row in compare(view, PATENTS[:1], signed)
        if not row.agrees
    }
    assert differing == {
        "被许可人地址": ("别处", LICENSEE.address),
        "专利清单": ("ZL1、ZL201710601862.3", "ZL201710601862.3"),
        "许可终止日": ("2032-02-28", "2031-02-28"),
    }


def test_sides_that_end_alike_are_told_apart_on_the_form() -> None:
    html = (
        '<table><tr><th rowspan="2">被许可人</th><th>名称</th><td>乙</td></tr><tr><th>地址<span class="mark">待核实</span></th>'
        "<td>某地</td></tr><tr><th>合同编号</th><td>1</td></tr></table>"
    )
    assert cells_of(html) == (
        Cell("被许可人", "名称", "乙"),
        Cell("被许可人", "地址", "某地"),
        Cell("", "合同编号", "1"),
    )


def test_amount_whose_words_are_others_is_found() -> None:
    assert amounts_in("<td>¥1,200.00（大写：人民币壹仟贰佰元整）</td>") == (
        Amount("1,200.00", "壹仟贰佰元整", "壹仟贰佰元整"),
    )
    (wrong,) = amounts_in("¥1,200.00（大写：人民币壹仟叁佰元整）")
    assert wrong.words != wrong.proper


def test_register_that_moved_on_says_what_to_do() -> None:
    now = (replace(PATENTS[0], title="一种隔膜"),)
    (row,) = [row for row in compare(VIEWS["sole_license"], now) if not row.agrees]
    assert (row.field, row.contract, row.register) == (
        "专利 ZL201710601862.3 名称",
        PATENTS[0].title,
        "一种隔膜",
    )
    assert row.remedy[0].startswith("核对专利登记簿")


def test_contract_changed_by_an_agreement_is_compared_as_it_was_signed() -> None:
    then = VIEWS["exclusive_license"]
    signed = json.loads(attachment("contract", then, ""))
    now = replace(then, terms=terms(end="2032-02-28"))
    assert [row.field for row in compare(now, PATENTS[:1], signed) if not row.agrees] == ["许可终止日"]
    assert [row for row in compare(now, PATENTS[:1], signed, then) if not row.agrees] == []
