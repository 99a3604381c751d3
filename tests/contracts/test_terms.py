"""Terms as people type them, their problems in Chinese, and what is bound to them."""

import json
import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.fields import FieldError, form_fields, parse_percent
from contracts.license import LicenseTerms
from contracts.modes import MODES
from contracts.terms import (
    binding_hashes,
    changed_fields,
    check_terms,
    field_hashes,
    terms_hash,
    terms_to_form,
)
from tests.contracts import test_development as development
from tests.contracts import test_patent_pool as pool
from tests.contracts.golden import FOLDER
from tests.contracts.samples import RAW, terms

MODE = "exclusive_license"


def problems(raw: dict[str, Any]) -> list[tuple[str, str]]:
    return [(p.field, p.reason) for p in check_terms(MODE, raw).problems]


def test_human_input_is_read_exactly() -> None:
    made = terms(
        entry_fee_fen="１２０万元",
        start="２０２６年３月１日",
        late_interest_bp="万分之六",
        service_days="２０人",
    )
    assert made.entry_fee_fen == 120_000_000
    assert made.start == date(2026, 3, 1)
    assert made.late_interest_bp == 6
    assert made.service_days == 20
    assert made.acts == ("manufacture", "use", "offer", "sell")
    assert made.products == ("陶瓷涂覆复合隔膜", "芳纶涂覆复合隔膜")


def test_json_and_form_round_trips_give_the_same_terms() -> None:
    made = terms(
        special_clauses="第一条约定\n第二条约定", sublicense_allowed="是", sublicense_conditions="经书面同意"
    )
    assert check_terms(MODE, made.model_dump(mode="json")).terms == made
    assert check_terms(MODE, terms_to_form(made)).terms == made


def test_flat_and_nested_input_are_the_same() -> None:
    flat = {k: v for k, v in RAW.items() if k != "instalments"}
    for n, row in enumerate(RAW["instalments"]):
        flat |= {f"instalments.{n}.{name}": value for name, value in row.items()}
    assert check_terms(MODE, flat).terms == terms()


def test_reading_leaves_the_input_as_it_was() -> None:
    raw: dict[str, Any] = {**RAW, "royalty": {"period": "year"}}
    check_terms(MODE, raw)
    assert raw["royalty"] == {"period": "year"}


def test_empty_form_names_every_required_field_once() -> None:
    empty = {field.name: field.default for field in form_fields(LicenseTerms)}
    assert problems(empty) == [
        (name, "未填写。")
        for name in ("project_name", "purpose", "acts", "products", "start", "end", "price_method")
    ]


def test_untouched_royalty_part_means_no_royalty() -> None:
    raw = {k: v for k, v in RAW.items() if not k.startswith("royalty")}
    made = check_terms(MODE, {**raw, "royalty.base": "", "royalty.period": "half", "royalty.rates": []}).terms
    assert isinstance(made, LicenseTerms)
    assert made.royalty is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"end": "2026-01-01"}, [("end", "许可终止日应晚于许可开始日。")]),
        (
            {"entry_fee_fen": "130万元"},
            [("instalments", "各期金额合计 1,200,000.00 元，与入门费 1,300,000.00 元不一致。请核对。")],
        ),
        (
            {"dispute": "仲裁"},
            [("arbitration_institution", "选择仲裁的，应填写仲裁机构全称；选择诉讼的，请清空该项。")],
        ),
        (
            {"service_due_on": "2032-01-01"},
            [("service_due_on", "日期应在许可期限内（2026-03-01 至 2031-02-28）。")],
        ),
        (
            {"royalty_free": "是"},
            [("royalty_free", "选择了免费许可，却约定了费用。请改为收费，或清空各项费用。")],
        ),
        (
            {"royalty.rate_bp": "3%"},
            [("royalty.rate_bp", "请填写统一提成比例，或者逐年填写提成比例，两者选一。")],
        ),
        ({"filing_days": "90"}, [("filing_days", "不能大于 89。")]),
        ({"late_interest_bp": "1%"}, [("late_interest_bp", "不能大于 0.24%。")]),
        ({"entry_fee_fen": -1}, [("entry_fee_fen", "不能小于 0.00 元。")]),
        ({"entry_fee_fen": 1.5}, [("entry_fee_fen", "金额格式不正确。请填写数字，不要使用小数类型。")]),
        ({"copies": True}, [("copies", "整数格式不正确。请填写数字，不要使用小数类型。")]),
        ({"unknown": "x"}, [("unknown", "不是本合同的条款项目，请删除。")]),
        ({"project_name": "长" * 201}, [("project_name", "文字过长，最多 200 个字。")]),
        (
            {"technical_trade_fen": "300万元"},
            [("technical_trade_fen", "技术交易额不能超过合同固定金额 2,000,000.00 元。请核对。")],
        ),
        (
            {"acts": "制造、出租"},
            [("acts", "“出租”不在可选范围内。只能选择：制造、使用、许诺销售、销售、进口。")],
        ),
    ],
)
def test_wrong_terms_are_refused_with_field_and_reason(
    changed: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems({**RAW, **changed}) == expected


def test_problem_in_a_row_names_table_row_and_column() -> None:
    rows = [*RAW["instalments"][:2], {**RAW["instalments"][2], "amount_fen": "三十万"}]
    (problem,) = check_terms(MODE, {**RAW, "instalments": rows}).problems
    assert (problem.field, problem.label, problem.value) == (
        "instalments.2.amount_fen",
        "入门费分期 第3行 金额",
        "三十万",
    )


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["-1元", "2.02E+12"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


SAMPLES = {MODE: RAW, "development": development.RAW, "patent_pool": pool.RAW}
NAMED = {mode: sorted(field.name for field in form_fields(MODES[mode].terms)) for mode in SAMPLES}


@pytest.mark.parametrize("mode", sorted(SAMPLES))
@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_junk_gives_chinese_reasons_and_no_english(mode: str, data: st.DataObject) -> None:
    names = st.sampled_from(NAMED[mode]) | st.text(max_size=8)
    raw = data.draw(st.dictionaries(names, junk, max_size=6))
    check = check_terms(mode, {**SAMPLES[mode], **raw})
    assert (check.terms is None) == bool(check.problems)
    for problem in check.problems:
        own_words = re.sub(r"“[^”]*”", "", problem.reason, flags=re.DOTALL)
        assert re.search(r"[\u4e00-\u9fff]", own_words), problem
        assert not re.search(r"[A-Za-z]{4,}", own_words), problem


@pytest.mark.parametrize("mode", sorted(MODES))
def test_every_form_field_is_labelled_and_grouped(mode: str) -> None:
    groups = {name for name, _, _ in MODES[mode].groups}
    fields = form_fields(MODES[mode].terms)
    everywhere = [f for field in fields for f in (field, *field.columns)]
    assert [field.name for field in fields if field.group not in groups] == []
    assert groups == {field.group for field in fields}
    assert [f.name for f in everywhere if not (f.label_zh and f.label_en)] == []
    assert [f.name for f in everywhere if re.search("[\u4e00-\u9fff]", f.label_en)] == []
    assert [f.name for f in everywhere if f.widget in ("select", "multi") and not f.options] == []


@pytest.mark.parametrize("mode", sorted(MODES))
def test_binding_groups_name_real_fields(mode: str) -> None:
    fields, bound = frozenset(MODES[mode].terms.model_fields), MODES[mode].bound
    assert bound["approval"] == fields - {"signing_date", "signing_place", "copies", "glossary"}
    assert bound["publicity"] < bound["approval"]
    assert "project_name" in bound["publicity"]


def test_binding_groups_of_a_license_cover_the_price() -> None:
    fields = frozenset(LicenseTerms.model_fields)
    bound = MODES[MODE].bound
    assert bound["approval"] == fields - {"signing_date", "signing_place", "copies", "glossary"}
    assert bound["publicity"] < bound["approval"]
    assert {"entry_fee_fen", "instalments", "royalty", "milestones", "price_method"} < bound["publicity"]


def test_a_changed_price_changes_every_binding_and_a_place_of_signing_none() -> None:
    old = terms()
    milestone = {**RAW["milestones"][0], "amount_fen": "25万元"}
    dearer, elsewhere = terms(milestones=[milestone]), terms(signing_place="临江市")
    dispute = terms(dispute="原告住所地人民法院")
    before = binding_hashes(MODE, old)
    assert changed_fields(old, dearer) == ("milestones",)
    assert [k for k, v in binding_hashes(MODE, dearer).items() if v != before[k]] == [
        "publicity", "approval", "consent", "terms",
    ]  # fmt: skip
    renamed = terms(project_name="隔膜项目")
    assert [k for k, v in binding_hashes(MODE, renamed).items() if v != before[k]] == [
        "publicity", "approval", "terms",
    ]  # fmt: skip
    assert [k for k, v in binding_hashes(MODE, elsewhere).items() if v != before[k]] == ["terms"]
    assert [k for k, v in binding_hashes(MODE, dispute).items() if v != before[k]] == ["approval", "terms"]


def test_hashes_do_not_depend_on_how_terms_were_typed() -> None:
    assert terms_hash(terms(entry_fee_fen=120_000_000)) == terms_hash(terms(entry_fee_fen="1,200,000.00"))
    assert set(field_hashes(terms())) == set(LicenseTerms.model_fields) - {"trial", "glossary"}


BOUND = json.loads((FOLDER / "bound_terms.json").read_text("utf-8"))


@pytest.mark.parametrize("mode", sorted(MODES))
def test_terms_bound_before_a_field_came_keep_their_hashes(mode: str) -> None:
    """The hashes were made when the models had none of their later fields; a new field must be declared `later`."""
    bound = BOUND[mode]
    checked = check_terms(mode, bound["terms"])
    assert checked.terms is not None
    assert binding_hashes(mode, checked.terms) == bound["hashes"]
    again = check_terms(mode, checked.terms.model_dump(mode="json"))
    assert again.terms is not None
    assert binding_hashes(mode, again.terms) == bound["hashes"]


@pytest.mark.parametrize(
    ("field", "value"), [("credit_fen", 100), ("deduction_cap_bp", 500), ("deductions", ["freight"])]
)
def test_a_later_field_that_says_something_counts(field: str, value: object) -> None:
    bound = BOUND[MODE]
    royalty = {**bound["terms"]["royalty"], field: value}
    checked = check_terms(MODE, {**bound["terms"], "royalty": royalty})
    assert checked.terms is not None
    now = binding_hashes(MODE, checked.terms)
    assert {group for group in now if now[group] != bound["hashes"][group]} == set(now)


@pytest.mark.parametrize(
    ("text", "bp"),
    [
        ("3.5%", 350),
        ("3.5", 350),
        ("３．５％", 350),
        ("0.5‰", 5),
        ("万分之五", 5),
        ("千分之1", 10),
        ("百分之三", 300),
    ],
)
def test_rates_are_read(text: str, bp: int) -> None:
    assert parse_percent(text) == bp


@pytest.mark.parametrize("text", ["0.001%", "三成", "-1%", "1e3%"])
def test_rates_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(FieldError):
        parse_percent(text)
