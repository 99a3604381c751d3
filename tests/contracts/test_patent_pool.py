"""Patent pools: terms, text of every way to distribute, fairness, exit, papers."""

import re
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from contracts.documents import build_html, build_job, contract_text
from contracts.kinds import document_of
from contracts.lint import lint_contract
from contracts.modes import MODES
from contracts.patent_pool import PatentPoolTerms
from contracts.pdf import Renderer
from contracts.schedule import amount_basis, payment_schedule
from contracts.terms import binding_hashes, check_terms, terms_to_form
from contracts.view import CaseView
from tests.contracts.golden import matches_golden
from tests.contracts.samples import LICENSEE, PATENTS, view
from tests.contracts.test_documents import words_of
from tests.contracts.test_pdf import page_texts

MODE = "patent_pool"
RAW: dict[str, Any] = {
    "project_name": "锂离子电池复合隔膜专利入池运营",
    "pool_name": "锂离子电池隔膜专利池",
    "technical_field": "锂离子电池隔膜",
    "members": "江州材料研究院\n临江隔膜科技有限公司",
    "pool_rules": "《锂离子电池隔膜专利池管理规则》（2026年版）",
    "acts": "制造、使用、许诺销售、销售",
    "purpose": "动力电池和储能电池用隔膜的生产和销售",
    "forms": "一站式打包许可、成员间交叉许可",
    "start": "2026-03-01",
    "end": "2030-02-28",
    "criteria": "权利要求与隔膜产品的技术特征逐项对应\n专利权稳定，不存在明显的无效理由",
    "entry_fee_fen": "1万元",
    "rule": "按专利评价分值加权",
    "upfront_fen": "20万元",
    "upfront_due_on": "2026-06-30",
    "minimum_per_year_fen": "5万元",
    "penalty_fen": "10万元",
    "signing_place": "江州市",
}
BARE: dict[str, Any] = {
    "upfront_fen": "0", "upfront_due_on": "", "minimum_per_year_fen": "0", "entry_fee_fen": "0", "penalty_fen": "0",
}  # fmt: skip


def deal(**changed: Any) -> PatentPoolTerms:
    check = check_terms(MODE, {**RAW, **changed})
    assert check.problems == ()
    assert isinstance(check.terms, PatentPoolTerms)
    return check.terms


def paper(*changes: dict[str, Any], **changed: Any) -> CaseView:
    picked = {name: value for change in changes for name, value in change.items()}
    return view(MODE, terms=deal(**picked), **changed)


def problems(**changed: Any) -> list[tuple[str, str]]:
    return [(p.field, p.reason) for p in check_terms(MODE, {**RAW, **changed}).problems]


def test_contract_text_is_the_golden_text() -> None:
    assert matches_golden("patent_pool.txt", contract_text(paper()))


def test_bare_agreement_is_the_golden_text() -> None:
    changed = {
        **BARE,
        "rule": "按入池有效专利件数",
        "forms": "单件许可",
        "later_patents": "none",
        "lock_months": "0",
    }
    assert matches_golden("patent_pool_bare.txt", contract_text(paper(changed)))


def test_forms_have_the_golden_words() -> None:
    kinds = ("publicity_notice", "approval_form")
    text = "".join(f"== {kind}\n{words_of(build_html(kind, paper()))}" for kind in kinds)
    assert matches_golden("patent_pool_forms.txt", text)


def test_the_operator_signs_as_the_second_side() -> None:
    lines = words_of(build_html("contract", paper())).splitlines()
    assert lines[1:6] == [
        "专利池入池协议",
        "（专利池运营）",
        "项目名称|锂离子电池复合隔膜专利入池运营",
        "入池方（甲方）|江州理工大学",
        "运营方（乙方）|江州新膜材料科技有限公司",
    ]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "入池方的授权是非独占的。入池方保留自行实施入池专利"),
        ({}, "入池方各件入池专利评价分值之和占全部池内专利评价分值之和的比例"),
        ({"rule": "count"}, "等于分配周期末入池方的入池专利件数占池内专利总件数的比例"),
        ({"rule": "usage"}, "由该项许可实际使用的池内专利的权利人，按照实际使用的专利件数分享"),
        ({"rule": "fixed", "share_bp": "12.5%"}, "许可净收益中，入池方应得的份额为12.5%。"),
        ({}, "扣除额不超过该分配周期许可总收入的20%，超出部分由运营方自行承担"),
        ({}, "运营方没有正当理由不得拒绝"),
        ({"forms": "单件许可"}, "该项许可的许可总收入单独核算"),
        ({}, "运营方不得要求入池方将其独占地、无偿地或者非互惠地纳入专利池"),
        ({"enforcement": "ours"}, "入池方有权决定是否就入池专利向侵权人主张权利"),
        ({"enforcement": "theirs"}, "运营方经入池方书面授权后，可以就入池专利向侵权人主张权利"),
        ({}, "退出之日不得早于授权期限首日起满24个月之日"),
        ({}, "退出之前已经订立的许可合同，在其约定的期限内继续有效，但不得续期"),
        ({"annual_fee_payer": "运营方"}, "运营方应在缴费后五日内将缴费凭证送交入池方"),
        (BARE, "运营方不向入池方收取入池费，评审费用由运营方承担。"),
    ],
)
def test_choices_stand_in_the_text(changed: dict[str, Any], told: str) -> None:
    assert told in contract_text(paper(changed))


def test_a_co_owner_enters_with_the_consent_of_the_others() -> None:
    shared = (replace(PATENTS[0], owners=("江州理工大学", "某公司")),)
    assert "其他共有人已书面同意入池方以该专利加入专利池" in contract_text(paper(patents=shared))


CHOICES: tuple[tuple[dict[str, Any], ...], ...] = (
    ({}, {"rule": "count"}, {"rule": "usage"}, {"rule": "fixed", "share_bp": "10%"}),
    ({}, BARE),
    ({"forms": "cross、single"}, {"forms": "single", "enforcement": "ours"}, {"enforcement": "theirs"}),
    ({"members": "", "lock_months": "0"}, {"later_patents": "none", "warranty": "保证一。\n保证二。"}),
    ({"special_clauses": "甲\n乙。", "annual_fee_payer": "theirs"}, {"price_method": "拍卖"}),
)  # fmt: skip


@pytest.mark.parametrize("n", range(4 * 2 * 3 * 2 * 2))
def test_every_choice_of_terms_reads_as_whole_sentences(n: int) -> None:
    text = contract_text(paper(*list(product(*CHOICES))[n]))
    assert re.findall(r"None|True|False|\{\{|\{%|[。；，：、]{2,}|（）|\n\n\n", text) == []
    ends = [line[-1] for line in text.splitlines() if re.match(r"\d+\.\d+ |（", line)]
    assert set(ends) <= set("。；：")


def test_every_row_of_the_legal_minimum_is_carried_by_a_clause() -> None:
    carried = {row for clause in MODES[MODE].clauses for row in clause.covers}
    assert carried == {f"K-{n:02d}" for n in range(1, 19)}


@pytest.mark.parametrize("kind", MODES[MODE].documents)
def test_every_document_prints(kind: str, renderer: Renderer) -> None:
    text = re.sub(r"\s", "", "".join(page_texts(renderer.render_job(build_job(kind, paper())))))
    assert "运营方" in text and LICENSEE.name in text


def test_a_seal_never_stands_alone_on_a_page(renderer: Renderer) -> None:
    made = renderer.render_job(build_job("publicity_notice", paper(patents=PATENTS)))
    (page,) = [text for text in page_texts(made) if "（盖章）" in text]
    assert "受理部门联系人" in page


def test_schedule_lists_upfront_distributions_and_guaranteed_amounts() -> None:
    assert [(line.label, line.amount_fen, line.due) for line in payment_schedule(deal())][:5] == [
        ("入池对价", 20_000_000, date(2026, 6, 30)),
        ("收益分配第1期（年度）", None, date(2027, 5, 29)),
        ("第1年度保底分配额", 5_000_000, date(2027, 5, 29)),
        ("收益分配第2期（年度）", None, date(2028, 5, 29)),
        ("第2年度保底分配额", 5_000_000, date(2028, 5, 29)),
    ]
    assert len(payment_schedule(deal(**BARE, period="每季度"))) == 16


def test_amount_for_approval_is_what_the_agreement_fixes() -> None:
    basis = amount_basis(deal())
    assert (basis.amount_fen, basis.parts) == (
        40_000_000,
        (("入池对价", 20_000_000), ("保底分配额", 20_000_000)),
    )
    assert (
        amount_basis(deal(**BARE)).explanation_zh
        == "协议未约定固定金额，按0元计；其余收益按实际分配，未计入。"
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"end": "2026-01-01"}, [("end", "授权期限终止日应晚于开始日。")]),
        (
            {"rule": "按固定比例"},
            [("share_bp", "按固定比例分配的，应填写固定分配比例；按其他方法分配的，请清空该项。")],
        ),
        (
            {"share_bp": "10%"},
            [("share_bp", "按固定比例分配的，应填写固定分配比例；按其他方法分配的，请清空该项。")],
        ),
        ({"rule": "fixed", "share_bp": "0"}, [("share_bp", "固定分配比例应大于零。")]),
        (
            {"upfront_due_on": ""},
            [("upfront_due_on", "有入池对价的，应填写付款期限；没有入池对价的，请清空该项。")],
        ),
        (
            {"upfront_due_on": "2031-01-01"},
            [("upfront_due_on", "日期应在授权期限内（2026-03-01 至 2030-02-28）。")],
        ),
        ({"lock_months": "60"}, [("lock_months", "最短在池期限超过了授权期限。请缩短，或填 0。")]),
        ({"cost_bp": "60%"}, [("cost_bp", "不能大于 50%。")]),
        ({"forms": ""}, [("forms", "未填写。")]),
        (
            {"arbitration_institution": "江州仲裁委员会"},
            [("arbitration_institution", "选择仲裁的，应填写仲裁机构全称；选择诉讼的，请清空该项。")],
        ),
    ],
)
def test_wrong_terms_are_refused_with_field_and_reason(
    changed: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems(**changed) == expected


def test_json_and_form_round_trips_give_the_same_terms() -> None:
    made = deal(rule="fixed", share_bp="12.5%")
    assert check_terms(MODE, made.model_dump(mode="json")).terms == made
    assert check_terms(MODE, terms_to_form(made)).terms == made


def test_what_the_publicity_showed_is_bound_and_the_review_is_not() -> None:
    before = binding_hashes(MODE, deal())

    def changed(**fields: Any) -> list[str]:
        return [name for name, value in binding_hashes(MODE, deal(**fields)).items() if value != before[name]]

    assert changed(rule="count") == ["publicity", "approval", "consent", "terms"]
    assert changed(review_days="90") == ["approval", "terms"]
    assert changed(signing_place="临江市") == ["terms"]


def test_a_sound_agreement_has_no_finding() -> None:
    assert lint_contract(paper()) == ()


def test_own_clauses_pass_the_lint_of_forbidden_clauses() -> None:
    sentences = re.split(r"(?<=。)", contract_text(paper()).replace("\n", ""))
    ours = [text for text in sentences if "运营方应在每份许可合同中约定" in text]
    found = lint_contract(paper({"special_clauses": "\n".join(ours)}))
    assert len(ours) == 1
    assert found == ()


def test_patents_that_end_before_the_pool_are_a_warning() -> None:
    (finding,) = lint_contract(paper({"end": "2033-02-28"}, patents=PATENTS))
    assert (finding.rule_id, finding.severity, finding.place) == (
        "P-05",
        "warn",
        "入池专利2（ZL202120000001.8）",
    )


def test_a_pool_without_other_owners_is_a_warning() -> None:
    assert [(f.rule_id, f.severity) for f in lint_contract(paper({"members": ""}))] == [("PP-02", "warn")]


def test_missing_party_and_patent_data_are_blocked() -> None:
    patent = replace(PATENTS[0], patent_no="")
    found = lint_contract(paper(patents=(patent,), theirs=replace(LICENSEE, address="")))
    assert [(f.rule_id, f.severity, f.what_zh) for f in found] == [
        ("K-02", "block", "缺少运营方的地址，当事人不明确。"),
        ("K-04", "block", "缺少专利号，技术合同涉及专利的，应当予以注明。"),
    ]


@pytest.mark.parametrize(
    "clause",
    [
        "入池方的后续改进均归运营方所有",
        "入池方不得从第三人处获得竞争技术",
        "被许可人不得对专利权有效性提出异议",
        "许可产品的销售价格由运营方确定",
    ],
)
def test_clauses_that_restrict_competition_are_blocked(clause: str) -> None:
    found = lint_contract(paper({"special_clauses": clause}))
    assert [(f.rule_id, f.severity, f.place) for f in found] == [("LI-08", "block", "特别约定第1条")]


@pytest.mark.parametrize("kind", MODES[MODE].documents)
def test_unknown_values_and_hostile_names_leave_no_trace(kind: str) -> None:
    made = build_html(kind, paper(draft=True, dates={}, theirs=replace(LICENSEE, name="<script>甲")))
    assert document_of(kind, MODE).kind == kind
    assert re.findall(r"None|Undefined|<script", made) == []
    assert "&lt;script&gt;甲" in made
