"""The gate without a case: the worked examples of the law, what is missing, what is refused, and the documented format."""

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import Invalid
from desk.answers import gate_words
from desk.answers.gate import check
from desk.answers.gate_facts import LICENSE, OTHER, PATENT, TERMS, TOP, read_json
from rules.gate_table import ACTS, STAGES
from rules.gates import FLAGS
from states.decide import ROLES

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "gate-facts.md").read_text(encoding="utf-8")
TODAY = date(2026, 3, 1)
HERE = "沧澜理工大学"
PATENT_FACTS: Mapping[str, Any] = {
    "application_no": "201710601862.3", "title": "一种装置", "status": "有权", "flags": [], "filing_date": "2017-07-21",
    "grant_date": "2019-07-09", "owners": [HERE], "checked_on": "2026-02-20", "consents": ["发明人放弃优先受让"],
}  # fmt: skip
FACTS: Mapping[str, Any] = {
    "institution": HERE, "foreign_party": False, "other_cases": [], "patents": [PATENT_FACTS],
    "license": {"start": "2026-04-01", "end": "2031-03-31", "territory": "浙江省"},
}  # fmt: skip


def ask(mode: str, *, stage: str = "sign", facts: Mapping[str, Any] = FACTS, **patent: Any) -> dict[str, Any]:
    """Ask with one patent, changed."""
    given_ = {**facts, "patents": [{**PATENT_FACTS, **patent}]} if patent else facts
    return check(given_, mode=mode, stage=stage, today=TODAY)


def rules(rows: list[dict[str, Any]]) -> list[str]:
    return [row["rule"] for row in rows]


def refused(facts: Mapping[str, Any], mode: str | None = "transfer") -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        check(facts, mode=mode, today=TODAY)
    return error.value.fields


@pytest.mark.parametrize("mode", ACTS)
def test_patent_without_burdens_is_clear(mode: str) -> None:
    answer = ask(mode)
    assert (answer["allowed"], answer["unmet"], answer["warnings"]) == (True, [], [])


def test_university_and_company_exclusive_without_consent_is_blocked() -> None:
    """patent_law section 12, co-owner: block; the ordinary license is possible and shares its fee."""
    owners = [HERE, "启衡新材料股份有限公司"]
    answer = ask("exclusive_license", owners=owners)
    assert (answer["allowed"], answer["warnings"]) == (False, [])
    (row,) = answer["unmet"]
    assert {key: row[key] for key in ("rule", "reason", "remedy", "who", "patent", "consent")} == {
        "rule": "O-06",
        "reason": "《一种装置》（201710601862.3）：属于共有专利（沧澜理工大学、启衡新材料股份有限公司），"
        "尚未取得全体共有人书面同意",
        "remedy": "取得全体共有人签章的同意书并登记；共有协议另有约定的，登记该协议",
        "who": "outside",
        "patent": "201710601862.3",
        "consent": "co_owner",
    }
    assert row["article"].startswith("专利法第14条第2款")
    assert ask("exclusive_license", owners=owners, consents=["共有人同意"])["allowed"]

    ordinary = ask("ordinary_license", owners=owners)
    assert (ordinary["allowed"], rules(ordinary["warnings"])) == (True, ["O-05"])
    assert "使用费须与共有人分配" in ordinary["warnings"][0]["reason"]


def test_open_licensed_patent_moves_only_after_the_withdrawal_is_gazetted() -> None:
    """patent_law section 12, open→transfer."""
    for flags in (["开放许可"], ["开放许可", "开放许可撤回中"]):
        answer = ask("transfer", stage="file", flags=flags)
        assert (answer["allowed"], rules(answer["unmet"])) == (False, ["TR-13"])
        assert "公告" in answer["unmet"][0]["remedy"]
    assert ask("transfer", stage="file", flags=[])["allowed"]


def test_invention_needs_the_export_certificate_and_a_design_only_the_contract() -> None:
    """patent_law section 12, foreign: a company from Hong Kong."""
    facts = {**FACTS, "foreign_party": True}
    invention = ask("transfer", facts=facts)
    assert (invention["allowed"], rules(invention["unmet"])) == (False, ["TR-09"])
    assert "技术出口许可证或技术出口合同登记证" in invention["unmet"][0]["reason"]
    design = ask("transfer", facts=facts, application_no="201830514079.9", flags=["有评价报告"])
    assert (design["allowed"], rules(design["warnings"])) == (True, ["TR-10"])


def test_open_license_above_the_caps_warns() -> None:
    """patent_law section 12, royalty cap: 25 % of net sales, 30 million fixed."""
    facts = {**FACTS, "terms": {"fixed_fee": "3000万元", "net_sales": "25%", "profit": 4000}}
    answer = check(facts, mode="开放许可", today=TODAY)
    assert (answer["allowed"], rules(answer["warnings"])) == (True, ["OP-05", "OP-05"])
    assert rules(check(facts, mode="transfer", today=TODAY)["warnings"]) == ["OP-05"]


def test_license_beyond_the_patents_life_is_blocked() -> None:
    facts = {**FACTS, "license": {"start": "2026-04-01", "end": "2037-07-21"}}
    assert rules(ask("sole_license", facts=facts)["unmet"]) == ["P-05"]
    assert ask("sole_license", facts=facts, term_end="2038-01-01")["allowed"]


@pytest.mark.parametrize(
    ("notice", "condition"), [("2026-01-05", "lapsed_restorable"), ("2025-12-01", "lapsed"), (None, "lapsed")]
)
def test_lapsed_patent_can_be_restored_for_two_months(notice: str | None, condition: str) -> None:
    answer = ask("transfer", status="终止", lapse_notice_on=notice)
    assert [row["condition"] for row in answer["unmet"]] == [condition]


@pytest.mark.parametrize(
    ("other", "unmet", "warnings"),
    [
        ({"mode": "独占许可"}, ["L-10"], []),
        ({"mode": "独占许可", "end": "2026-03-31"}, [], []),
        ({"mode": "独占许可", "territory": "江苏省"}, [], []),
        ({"mode": "独占许可", "signed": False}, [], ["L-10"]),
        ({"mode": "ordinary_license", "number": "ZH2025-00001"}, [], ["LI-02"]),
        ({"mode": "转让", "patent": "97101765.4"}, [], ["L-10"]),
    ],
)
def test_other_cases_count(other: dict[str, Any], unmet: list[str], warnings: list[str]) -> None:
    answer = check({**FACTS, "other_cases": [other]}, mode="exclusive_license", today=TODAY)
    assert (rules(answer["unmet"]), rules(answer["warnings"])) == (unmet, warnings)


def test_nothing_given_is_not_allowed_and_says_what_is_missing() -> None:
    answer = check({}, mode="exclusive_license", today=TODAY)
    assert not answer["allowed"]
    assert [row["place"] for row in answer["unmet"]] == ["institution", "patents"]
    assert [row["place"] for row in answer["warnings"]] == ["foreign_party", "other_cases", "license.end"]
    assert answer["on"] == "2026-03-01"


def test_patent_of_which_nothing_is_known_is_not_allowed() -> None:
    answer = check({**FACTS, "patents": [{}]}, mode="ordinary_license", today=TODAY)
    assert [row["place"] or row["condition"] for row in answer["unmet"]] == ["patents[1].kind", "not_owner"]
    assert [row["place"] or row["condition"] for row in answer["warnings"]] == [
        "patents[1].flags", "patents[1].checked_on", "term_unknown", "status_unknown",
    ]  # fmt: skip


def test_old_register_check_is_unmet() -> None:
    assert rules(ask("transfer", checked_on="2025-01-01")["unmet"]) == ["RG-01"]


def test_mode_stage_and_day_may_stand_in_the_facts() -> None:
    facts = {**FACTS, "mode": "转让", "stage": "备案", "on": "2026-05-01"}
    answer = check(facts, today=TODAY)
    assert (answer["mode"], answer["stage"], answer["on"]) == ("transfer", "file", "2026-05-01")
    assert check(facts, mode="transfer", stage="file", today=TODAY)["mode_zh"] == "转让"
    assert list(refused(facts, mode="独占许可")) == ["mode"]


def test_derivation_has_a_step_for_every_row() -> None:
    answer = ask("exclusive_license", owners=[HERE, "乙"], flags=["质押", "中止"])
    tree = answer["derivation"]["tree"]
    assert (tree["value"], tree["zh"]) == (
        False, "独占许可（签约，2026-03-01）：2项条件未满足，暂不能办理，1项提示",
    )  # fmt: skip
    assert [part["rule"] for part in tree["parts"]] == ["O-06", "PG-02", "L-10"]
    assert [part["zh"] for part in tree["parts"][1]["parts"]] == [
        "《一种装置》（201710601862.3）的状态：已出质", "拟办事项：独占许可", "办理环节：签约",
    ]  # fmt: skip
    json.dumps(answer)


@pytest.mark.parametrize(
    ("facts", "place", "why"),
    [
        ({"patnts": []}, "patnts", "没有这个字段。可用的字段：mode、stage、"),
        ({"patents": {}}, "patents", "须为JSON列表"),
        ({"patents": [None]}, "patents[1]", "须为JSON对象"),
        ({"patents": [{"state": "有权"}]}, "patents[1].state", "没有这个字段"),
        ({"patents": [{"status": "好"}]}, "patents[1].status", "请从以下各项中选择：pending、in_force、"),
        ({"patents": [{"flags": ["质押", "烦恼"]}]}, "patents[1].flags[2]", "co_owner_agreement、"),
        ({"patents": [{"flags": "质押"}]}, "patents[1].flags", "须为列表"),
        ({"patents": [{"consents": ["口头同意"]}]}, "patents[1].consents[1]", "assignee、co_owner、"),
        ({"patents": [{"kind": "商标"}]}, "patents[1].kind", "invention、utility、design"),
        ({"patents": [{"application_no": "201710601862.4"}]}, "patents[1].application_no", "校验位“4”不符"),
        (
            {"patents": [{"application_no": 201710601862}]},
            "patents[1].application_no",
            "须为不超过400字的文字",
        ),
        ({"patents": [{**PATENT_FACTS, "kind": "外观设计"}]}, "patents[1].kind", "与申请号中的种类不一致"),
        ({"patents": [{"filing_date": "2017-02-30"}]}, "patents[1].filing_date", "不存在这一天"),
        ({"patents": [{"filing_date": "1984-12-31"}]}, "patents[1].filing_date", "1985 至 2100"),
        (
            {"patents": [{"filing_date": "2020-01-01", "grant_date": "2019-01-01"}]},
            "patents[1].grant_date",
            "早于",
        ),
        ({"patents": [{"owners": HERE}]}, "patents[1].owners", "须为列表"),
        ({"patents": [{}] * 501}, "patents", "最多500项"),
        ({"license": {"start": "2026-04-01", "end": "2026-03-31"}}, "license.end", "早于2026-04-01"),
        ({"license": {"until": "2026-04-01"}}, "license.until", "可用的字段：start、end、territory"),
        ({"foreign_party": "是"}, "foreign_party", "须为 true 或 false"),
        ({"other_cases": [{}]}, "other_cases[1].mode", "未填写，可选：transfer、"),
        ({"other_cases": [{"mode": "赠与"}]}, "other_cases[1].mode", "请从以下各项中选择：transfer、"),
        ({"terms": {"net_sales": "二成"}}, "terms.net_sales", "须为百分比文字或基点"),
        ({"terms": {"fixed_fee": -1}}, "terms.fixed_fee", "为负数"),
        ({"terms": {"fixed_fee": "1200.5"}}, "terms.fixed_fee", "没有单位"),
        ({"terms": {"basis_chars": True}}, "terms.basis_chars", "须为字数"),
        ({"on": 20260301}, "on", "须为日期文字"),
        ({"on": "2026-13-01"}, "on", "不存在这一天"),
        ({"stage": "以后"}, "stage", "请从以下各项中选择：open、sign、file"),
    ],
)
def test_wrong_facts_name_place_reason_and_what_is_allowed(
    facts: dict[str, Any], place: str, why: str
) -> None:
    fields = refused(facts)
    assert list(fields) == [place]
    assert why in fields[place]


@pytest.mark.parametrize(("mode", "why"), [("赠与", "development"), (None, "未填写"), ("", "未填写")])
def test_unknown_mode_is_refused_with_the_known_ones(mode: str | None, why: str) -> None:
    fields = refused(FACTS, mode)
    assert list(fields) == ["mode"]
    assert why in fields["mode"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    fields = refused({"patents": [{"status": "好", "x": 1}, {"kind": "商标"}], "foreign_party": 1})
    assert set(fields) == {"patents[1].status", "patents[1].x", "patents[2].kind", "foreign_party"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"patents": [}', "第1行第14列"),
        ("", "第1行第1列"),
        ("[]", "须为JSON对象"),
        ('{"on": "2026-01-01",\n "on": "2026-01-02"}', "字段“on”出现了两次"),
        ('{"on": NaN}', "“NaN”不是JSON数值"),
        ("[" * 100_000, "嵌套过深"),
        (f'{{"on": {"9" * 5000}}}', "数值过长"),
    ],
)
def test_text_that_is_not_such_json_says_where(text: str, why: str) -> None:
    with pytest.raises(Invalid) as error:
        read_json(text)
    assert why in error.value.fields["facts"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates().map(date.isoformat),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*TOP, *PATENT, *LICENSE, *OTHER, *TERMS]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(TOP), json_values, max_size=6), st.sampled_from(ACTS))
def test_any_json_is_answered_or_refused_by_place(facts: dict[str, Any], mode: str) -> None:
    try:
        answer = check(facts, mode=mode, today=TODAY)
    except Invalid as error:
        assert error.fields
    else:
        assert answer["allowed"] == (not answer["unmet"])
        assert {row["who"] for row in (*answer["unmet"], *answer["warnings"])} <= set(ROLES)


@given(
    st.sampled_from(ACTS),
    st.sampled_from(STAGES),
    st.frozensets(st.sampled_from(sorted(FLAGS))),
    st.frozensets(st.sampled_from(sorted(gate_words.CONSENTS))),
)
def test_recording_a_consent_never_makes_it_worse(
    mode: str, stage: str, flags: frozenset[str], consents: frozenset[str]
) -> None:
    def count(given_: frozenset[str]) -> int:
        return len(ask(mode, stage=stage, flags=sorted(flags), consents=sorted(given_))["unmet"])

    assert count(consents) <= count(frozenset())


def example() -> dict[str, Any]:
    found = re.search(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return dict(read_json(found[1]))


def test_documented_example_answers_as_documented() -> None:
    exclusive = check(example(), mode="exclusive_license", today=TODAY)
    assert (rules(exclusive["unmet"]), rules(exclusive["warnings"])) == (["O-06"], ["LI-02"])
    ordinary = check(example(), mode="ordinary_license", today=TODAY)
    assert (ordinary["allowed"], rules(ordinary["warnings"])) == (True, ["O-05"])


def test_every_name_flag_and_consent_is_documented() -> None:
    rows = set(re.findall(r"^\| `(\w+)`", DOCUMENT, re.MULTILINE))
    assert rows >= FLAGS | gate_words.CONSENTS
    said = set(re.findall(r"`(\w+)`", DOCUMENT))
    assert said >= {*TOP, *LICENSE, *PATENT, *OTHER, *TERMS}
    table = re.findall(r"^\| `(\w+)` \| ([一-鿿]+) \|", DOCUMENT, re.MULTILINE)
    known = {**gate_words.FLAG_WORDS, **gate_words.CONSENT_WORDS}
    assert [word for slug, word in table if known.get(word) != slug and word != "共有协议"] == []


def test_words_lead_to_known_slugs() -> None:
    assert set(gate_words.MODES.values()) == set(ACTS)
    assert set(gate_words.STAGES.values()) == set(STAGES)
    assert set(gate_words.FLAG_WORDS.values()) == FLAGS
    assert set(gate_words.CONSENT_WORDS.values()) == gate_words.CONSENTS
