"""Development and service contracts: terms, text of each kind, ownership, risk, industrialization, papers."""

import re
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest

from contracts.development import DevelopmentTerms
from contracts.documents import build_html, build_job, contract_text
from contracts.kinds import document_of
from contracts.lint import lint_contract
from contracts.modes import MODES
from contracts.pdf import Renderer
from contracts.schedule import amount_basis, payment_schedule
from contracts.terms import binding_hashes, check_terms, terms_to_form
from contracts.view import CaseView
from tests.contracts.golden import matches_golden
from tests.contracts.samples import LICENSEE, PATENTS, view
from tests.contracts.test_documents import words_of
from tests.contracts.test_pdf import page_texts

MODE = "development"
RAW: dict[str, Any] = {
    "project_name": "高安全复合隔膜中试技术开发",
    "kind": "委托开发",
    "content": "在背景专利的基础上，研究开发适用于储能电池的高安全复合隔膜及其连续涂覆工艺",
    "targets": "隔膜厚度均匀性偏差不大于1.5微米\n150摄氏度下热收缩率不大于3%",
    "start": "2026-03-01",
    "end": "2027-12-31",
    "place": "江州市",
    "method": "水性陶瓷浆料双面涂覆，分小试、中试两步放大",
    "stages": [
        {"name": "第一阶段", "work": "完成浆料配方和小试样品", "due_on": "2026-09-30"},
        {"name": "第二阶段", "work": "完成中试样品和工艺包", "due_on": "2027-09-30"},
    ],
    "our_work": "浆料配方研究\n中试工艺开发和样品试制",
    "their_work": "提供中试涂覆线的使用条件\n提供基膜样品和电池评价数据",
    "leader": "陈㛃",
    "total_fen": "200万元",
    "non_technical_fen": "30万元",
    "instalments": [
        {"label": "首期款", "amount_fen": "100万元", "due_on": "2026-03-31"},
        {"label": "中期款", "amount_fen": "60万元", "due_on": "2026-10-31"},
        {"label": "尾款", "amount_fen": "40万元", "due_on": "2028-01-31"},
    ],
    "royalty.base": "净销售额",
    "royalty.rate_bp": "2%",
    "royalty.period": "每年",
    "royalty_start": "2028-07-01",
    "royalty_end": "2031-06-30",
    "deliverables": [
        {"name": "中试样品", "form": "实物", "copies": "10"},
        {"name": "工艺包和研究报告", "form": "纸质、电子", "copies": "2"},
    ],
    "deliver_on": "2027-10-31",
    "deliver_place": "江州市高新区科技大道8号",
    "guidance_days": "15",
    "patent_right": "归我方",
    "industrial": "是",
    "products": "储能电池用复合隔膜",
    "industrial_by": "2028-06-30",
    "industrial_place": "江州市",
    "industrial_target": "建成年产2000万平方米的生产线",
    "signing_place": "江州市",
}
NO_ROYALTY: dict[str, Any] = {
    "royalty.base": "", "royalty.rate_bp": "", "royalty.period": "", "royalty_start": "", "royalty_end": "",
}  # fmt: skip
NOT_INDUSTRIAL: dict[str, Any] = {
    **NO_ROYALTY,
    "industrial": "否", "products": "", "industrial_by": "", "industrial_place": "", "industrial_target": "",
}  # fmt: skip
SERVICE: dict[str, Any] = {**NO_ROYALTY, "kind": "技术服务", "content": "解决现有涂覆线涂层脱粉的技术问题"}
COOPERATIVE: dict[str, Any] = {
    "kind": "合作开发", "patent_right": "双方共有", "share_ours_bp": "60%",
    "our_input": "以背景专利和研究人员投入", "their_input": "以中试线和研究开发经费投入",
}  # fmt: skip
KINDS: dict[str, dict[str, Any]] = {"commissioned": {}, "cooperative": COOPERATIVE, "service": SERVICE}


def deal(**changed: Any) -> DevelopmentTerms:
    check = check_terms(MODE, {**RAW, **changed})
    assert check.problems == ()
    assert isinstance(check.terms, DevelopmentTerms)
    return check.terms


def paper(*changes: dict[str, Any], **changed: Any) -> CaseView:
    picked = {name: value for change in changes for name, value in change.items()}
    return view(MODE, terms=deal(**picked), **changed)


def problems(**changed: Any) -> list[tuple[str, str]]:
    return [(p.field, p.reason) for p in check_terms(MODE, {**RAW, **changed}).problems]


def test_commissioned_text_is_the_golden_text() -> None:
    assert matches_golden("development_commissioned.txt", contract_text(paper()))


def test_cooperative_text_is_the_golden_text() -> None:
    changed = {**COOPERATIVE, "risk": "按约定比例分担", "risk_ours_bp": "40%"}
    assert matches_golden("development_cooperative.txt", contract_text(paper(changed)))


def test_service_text_is_the_golden_text() -> None:
    assert matches_golden("development_service.txt", contract_text(paper(SERVICE)))


def test_forms_have_the_golden_words() -> None:
    kinds = ("publicity_notice", "approval_form")
    text = "".join(f"== {kind}\n{words_of(build_html(kind, paper()))}" for kind in kinds)
    assert matches_golden("development_forms.txt", text)


@pytest.mark.parametrize(
    ("kind", "title", "sides"),
    [
        ("commissioned", ["技术开发合同", "（委托开发）"], ("委托人（甲方）", "研究开发人（乙方）")),
        ("cooperative", ["技术开发合同", "（合作开发）"], ("企业方（甲方）", "技术方（乙方）")),
        ("service", ["技术服务合同"], ("委托人（甲方）", "受托人（乙方）")),
    ],
)
def test_title_and_sides_follow_the_kind(kind: str, title: list[str], sides: tuple[str, str]) -> None:
    lines = words_of(build_html("contract", paper(KINDS[kind]))).splitlines()
    first = len(title) + 1
    assert lines[1:first] == title
    assert lines[first + 1 : first + 3] == [
        f"{sides[0]}|江州新膜材料科技有限公司",
        f"{sides[1]}|江州理工大学",
    ]


def test_the_clause_on_industrialization_names_who_what_and_by_when() -> None:
    told = "由委托人使用背景专利和项目成果实现产业化。产业化产品为：储能电池用复合隔膜，产业化地点为江州市。"
    text = contract_text(paper())
    assert told in text
    assert "委托人应在2028年6月30日前实现产业化" in text
    assert "成果的产业化" not in contract_text(paper(NOT_INDUSTRIAL))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "申请专利的权利归研究开发人；研究开发人取得专利权的，委托人可以依法实施该专利。"),
        ({"patent_right": "归对方"}, "申请专利的权利归委托人，申请和维持专利的费用由委托人承担。"),
        (COOPERATIVE, "由此取得的收益，技术方享有60%，企业方享有40%。"),
        (COOPERATIVE, "一方不同意申请专利的，另一方不得申请专利"),
        ({"know_how": "theirs"}, "技术秘密成果归委托人所有，研究开发人可以为教学和科学研究的目的使用"),
        (SERVICE, "受托人利用委托人提供的技术资料和工作条件完成的、本合同约定以外的新的技术成果，属于受托人"),
        ({"risk": "由对方承担"}, "由此造成的损失由委托人承担，研究开发人已经按照约定使用的经费不予返还"),
        ({"risk": "按约定比例分担", "risk_ours_bp": "30%"}, "由研究开发人承担30%，由委托人承担70%。"),
        (
            {"background": "project"},
            "双方应另行订立专利实施许可合同，委托人在同等条件下享有优先获得许可的权利",
        ),
        ({"undone": "terminate"}, "研究开发人有权解除本条约定并收回对背景专利的许可"),
        ({"acceptance": "检测试验"}, "委托双方共同确认的、具有相应资质的机构进行检测或者试验"),
        ({"equipment": "归对方"}, "归委托人所有；履行期限内由研究开发人无偿使用"),
    ],
)
def test_choices_stand_in_the_text(changed: dict[str, Any], told: str) -> None:
    assert told in contract_text(paper(changed))


def test_a_service_contract_has_no_clause_on_the_risk_of_development() -> None:
    assert "　风险责任" in contract_text(paper())
    assert "　风险责任" not in contract_text(paper(SERVICE))


CHOICES: tuple[tuple[dict[str, Any], ...], ...] = (
    ({}, COOPERATIVE, SERVICE),
    ({}, NO_ROYALTY, NOT_INDUSTRIAL),
    ({"know_how": "ours", "equipment": "归对方"}, {"improvements": "joint", "acceptance": "written"}),
    ({"subcontract": "是", "risk": "ours", "guidance_days": "0"}, {"penalty_fen": "20万元", "method": ""}),
    ({"undone": "terminate", "background": "project"}, {"dispute": "court_plaintiff", "special_clauses": "甲\n乙。"}),
)  # fmt: skip


@pytest.mark.parametrize("n", range(3 * 3 * 2 * 2 * 2))
def test_every_choice_of_terms_reads_as_whole_sentences(n: int) -> None:
    text = contract_text(paper(*list(product(*CHOICES))[n]))
    assert re.findall(r"None|True|False|\{\{|\{%|[。；，：、]{2,}|（）|\n\n\n", text) == []
    ends = [line[-1] for line in text.splitlines() if re.match(r"\d+\.\d+ |（", line)]
    assert set(ends) <= set("。；：")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_own_clauses_pass_the_lint_of_forbidden_clauses(kind: str) -> None:
    text = contract_text(paper(KINDS[kind]))
    (special,) = [text.replace("\n", "")]
    found = [f for f in lint_contract(paper(KINDS[kind])) if f.rule_id == "LI-08"]
    assert found == []
    assert "不限制任何一方在标的技术的基础上进行新的研究开发" in special


def test_every_row_of_the_legal_minimum_is_carried_by_a_clause() -> None:
    carried = {row for clause in MODES[MODE].clauses for row in clause.covers}
    assert carried == {f"K-{n:02d}" for n in range(1, 19)}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_contract_prints_with_every_annex(kind: str, renderer: Renderer) -> None:
    made = renderer.render_job(build_job("contract", paper(KINDS[kind])))
    text = re.sub(r"\s", "", "".join(page_texts(made)))
    assert [
        title for title in ("附件二进度计划表", "附件三交付成果清单", "附件四付款计划表") if title not in text
    ] == []
    assert "完成中试样品和工艺包" in text


def test_schedule_lists_instalments_and_royalties_by_due_date() -> None:
    assert [(line.label, line.amount_fen, line.due) for line in payment_schedule(deal())] == [
        ("首期款", 100_000_000, date(2026, 3, 31)),
        ("中期款", 60_000_000, date(2026, 10, 31)),
        ("尾款", 40_000_000, date(2028, 1, 31)),
        ("提成费第1期（年度）", None, date(2029, 8, 14)),
        ("提成费第2期（年度）", None, date(2030, 8, 14)),
        ("提成费第3期（年度）", None, date(2031, 8, 14)),
    ]


def test_amount_for_approval_is_the_total_with_minimum_royalties() -> None:
    basis = amount_basis(deal(**{"royalty.minimum_per_year_fen": "10万元"}))
    assert (basis.amount_fen, basis.parts) == (
        230_000_000,
        (("经费和报酬", 200_000_000), ("最低提成费", 30_000_000)),
    )
    assert amount_basis(deal()).explanation_zh == (
        "合同固定金额＝经费和报酬2,000,000.00元＝2,000,000.00元；提成费未约定最低额，未计入。"
    )


def test_partners_who_each_bear_their_cost_have_no_payments() -> None:
    free = {**COOPERATIVE, **NO_ROYALTY, "total_fen": "0", "non_technical_fen": "0", "instalments": []}
    assert payment_schedule(deal(**free)) == ()
    text = contract_text(paper(free))
    assert "双方各自承担其分工工作所需的费用，互不支付价款。" in text
    assert "逾期金额" not in text


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"end": "2026-01-01"}, [("end", "履行终止日应晚于履行开始日。")]),
        ({"deliver_on": "2028-03-01"}, [("deliver_on", "日期应在履行期限内（2026-03-01 至 2027-12-31）。")]),
        (
            {"total_fen": "210万元"},
            [("instalments", "各期金额合计 2,000,000.00 元，与总额 2,100,000.00 元不一致。请核对。")],
        ),
        (
            {"non_technical_fen": "300万元"},
            [("non_technical_fen", "非技术性费用不能超过总额 2,000,000.00 元。请核对。")],
        ),
        (
            {"patent_right": "双方共有"},
            [("share_ours_bp", "成果由双方共有的，应填写我方收益比例；不共有的，请清空该项。")],
        ),
        (
            {"risk_ours_bp": "30%"},
            [("risk_ours_bp", "按约定比例分担风险的，应填写我方比例；不按比例的，请清空该项。")],
        ),
        (
            {"our_input": "技术"},
            [("our_input", "只有合作开发才填写我方投入。请清空该项，或将合同类型改为合作开发。")],
        ),
        (
            {**COOPERATIVE, "their_input": ""},
            [("their_input", "合作开发的，请写明对方投入；以技术投入的，写明所投入的技术。")],
        ),
        ({"products": ""}, [("products", "约定由合作企业实现产业化的，请写明产业化产品。")]),
        ({"industrial_by": "2027-01-01"}, [("industrial_by", "实现产业化的期限早于成果交付期限。请核对。")]),
        (
            {**NOT_INDUSTRIAL, "industrial_place": "江州市"},
            [
                (
                    "industrial_place",
                    "未约定由合作企业实现产业化，却填写了产业化事项。请改为“是”，或清空该项。",
                )
            ],
        ),
        (
            {"royalty_end": ""},
            [("royalty_end", "收取提成费的，应填写提成的开始日和终止日；不收取的，请清空该项。")],
        ),
        (
            {**NO_ROYALTY, "total_fen": "0", "instalments": [], "non_technical_fen": "0"},
            [("total_fen", "请约定经费和报酬总额，或者提成费；二者至少有一项。")],
        ),
        (
            {"dispute": "仲裁"},
            [("arbitration_institution", "选择仲裁的，应填写仲裁机构全称；选择诉讼的，请清空该项。")],
        ),
    ],
)
def test_wrong_terms_are_refused_with_field_and_reason(
    changed: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems(**changed) == expected


def test_stages_out_of_order_are_refused() -> None:
    assert problems(stages=RAW["stages"][::-1]) == [("stages", "各阶段应按完成期限先后填写。")]


def test_json_and_form_round_trips_give_the_same_terms() -> None:
    made = deal(**COOPERATIVE)
    assert check_terms(MODE, made.model_dump(mode="json")).terms == made
    assert check_terms(MODE, terms_to_form(made)).terms == made


def test_what_the_publicity_showed_is_bound_and_the_place_of_delivery_is_not() -> None:
    before = binding_hashes(MODE, deal())

    def changed(**fields: Any) -> list[str]:
        return [name for name, value in binding_hashes(MODE, deal(**fields)).items() if value != before[name]]

    assert changed(patent_right="归对方") == ["publicity", "approval", "consent", "terms"]
    assert changed(industrial_by="2028-12-31") == ["publicity", "approval", "consent", "terms"]
    assert changed(deliver_place="临江市") == ["approval", "terms"]
    assert changed(copies="8") == ["terms"]


def test_a_sound_contract_has_no_finding() -> None:
    assert lint_contract(paper({"royalty.minimum_per_year_fen": "10万元"})) == ()


def test_without_industrialization_the_label_cannot_be_fed_back() -> None:
    (finding,) = lint_contract(paper(NOT_INDUSTRIAL))
    assert (finding.rule_id, finding.severity, finding.place) == ("S0-14", "warn", "产业化")


def test_a_royalty_alone_risks_an_unclear_price() -> None:
    alone = {"total_fen": "0", "non_technical_fen": "0", "instalments": []}
    assert [(f.rule_id, f.severity) for f in lint_contract(paper(alone))] == [("TT-TC-10", "warn")]


def test_missing_party_and_patent_data_are_blocked() -> None:
    patent = replace(PATENTS[0], patent_no="")
    found = lint_contract(paper(patents=(patent,), theirs=replace(LICENSEE, address="")))
    assert [(f.rule_id, f.severity, f.what_zh) for f in found] == [
        ("K-02", "block", "缺少委托人的地址，当事人不明确的技术合同不予认定登记。"),
        ("K-04", "block", "缺少专利号，技术合同涉及专利的，应当予以注明。"),
    ]


@pytest.mark.parametrize(
    "clause",
    [
        "研究开发人的后续改进均归委托人所有",
        "委托人不得研发类似技术",
        "研究开发人不得对专利权有效性提出异议",
        "生产所需原材料只能从研究开发人处采购",
    ],
)
def test_clauses_that_restrict_either_side_are_blocked(clause: str) -> None:
    found = lint_contract(paper({"special_clauses": clause}))
    assert [(f.rule_id, f.severity, f.place) for f in found] == [("LI-08", "block", "特别约定第1条")]


def test_who_provides_the_equipment_is_no_restriction() -> None:
    assert lint_contract(paper({"their_work": "中试设备应由委托人提供"})) == ()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "背景专利的使用|在产业化产品的范围内以普通许可方式实施，费用包含在合同价款内"),
        (
            NOT_INDUSTRIAL,
            "背景专利的使用|在使用项目成果所必需的范围内以普通许可方式实施，费用包含在合同价款内",
        ),
        ({"background": "project"}, "背景专利的使用|仅为履行本合同使用"),
        (NOT_INDUSTRIAL, "产业化约定|未约定由合作企业实现产业化"),
        (
            COOPERATIVE,
            "成果归属|专利申请权和专利权双方共有（本单位收益比例60%）；技术秘密成果双方均可使用和转让",
        ),
    ],
)
def test_approvers_see_what_was_agreed(changed: dict[str, Any], told: str) -> None:
    assert told in words_of(build_html("approval_form", paper(changed))).splitlines()


@pytest.mark.parametrize("kind", MODES[MODE].documents)
def test_unknown_values_and_hostile_names_leave_no_trace(kind: str) -> None:
    made = build_html(kind, paper(draft=True, dates={}, theirs=replace(LICENSEE, name="<script>甲")))
    assert document_of(kind, MODE).kind == kind
    assert re.findall(r"None|Undefined|<script", made) == []
    assert "&lt;script&gt;甲" in made


def test_approval_form_of_work_that_was_not_publicized_says_so() -> None:
    case = paper()
    told = words_of(
        build_html("approval_form", replace(case, publicity=replace(case.publicity, posted_on=None)))
    )
    assert "公示情况|技术开发（委托开发）不以公示为条件\n" in told
