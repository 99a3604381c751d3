"""What is found in the words of a contract, and what is left alone: good and bad sentences side by side."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.figures import capital_fen, chinese_integer
from contracts.library.choosing import clauses_of
from contracts.library.texts import OwnText
from contracts.lint import LintFinding, lint_contract
from contracts.modes import MODES
from contracts.text_lint import dead_references, words_against_figures
from contracts.view import CaseView
from rules.money import capitals
from tests.contracts.samples import terms, view

MODE = "exclusive_license"


def _with(clause: str, text: str) -> CaseView:
    texts = clauses_of(MODES[MODE]).rewritten(clause, OwnText(text, "谈判结果"))
    return replace(view(MODE), clauses=texts)


def _found(made: CaseView) -> list[tuple[str, str]]:
    return [(f.rule_id, f.severity) for f in lint_contract(made)]


@pytest.mark.parametrize(
    "fen", [0, 5, 10, 105, 12000, 100500, 120000000, 100010000, 1000000000000, 123456789012]
)
def test_capital_figures_read_back_as_they_were_written(fen: int) -> None:
    assert capital_fen(capitals(fen)) == fen


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("二十一", 21),
        ("一百零五", 105),
        ("壹仟零伍", 1005),
        ("十万", 100000),
        ("一亿零三万", 100030000),
        ("甲", None),
        ("", None),
    ],
)
def test_chinese_integers_are_read(words: str, number: int | None) -> None:
    assert chinese_integer(words) == number


# A sentence with an amount in figures and in capitals, and what is wrong with it.
AMOUNTS = (
    ("人民币1200000元（大写：壹佰贰拾万元整）", ""),
    ("¥1,200,000.00（大写：人民币壹佰贰拾万元整）", ""),
    ("人民币120万元（大写：人民币壹佰贰拾万元整）", ""),
    ("人民币壹佰贰拾万元整（¥1,200,000.00）", ""),
    ("人民币壹佰贰拾万元整（小写：1200000元）", ""),
    ("1，200，000元（大写：壹佰贰拾万圆正）", ""),
    ("10.50元（大写：拾元伍角）", ""),
    ("许可费120万元，专利共三件", ""),
    ("2026年3月1日（星期日）", ""),
    ("人民币1200000元（大写：壹佰贰拾元整）", "大小写金额不一致"),
    ("人民币12万元（大写：壹佰贰拾万元整）", "大小写金额不一致"),
    ("¥1,200,000.00（大写：人民币壹佰贰拾万零伍元整）", "大小写金额不一致"),
    ("人民币壹佰万元整（¥1,200,000.00）", "大小写金额不一致"),
    ("人民币200元（大写：贰佰元伍整角）", "不能识别"),
)


@pytest.mark.parametrize(("text", "told"), AMOUNTS)
def test_amount_in_words_is_the_amount_in_figures(text: str, told: str) -> None:
    found = list(words_against_figures("特别约定", f"被许可人应支付{text}。"))
    assert [(f.rule_id, f.severity) for f in found] == ([("K-11", "block")] if told else [])
    assert all(told in f.what_zh for f in found)


# References in a contract of 24 articles.
REFERENCES = (
    ("按照第十六条的约定支付", 0),
    ("按照本合同第二十四条第二款第（三）项执行", 0),
    ("按照第3.2条执行", 0),
    ("依照《中华人民共和国专利法》第四十七条的规定", 0),
    ("依照民法典第八百五十条、第八百六十四条的规定", 0),
    ("依照《中华人民共和国民法典》（以下简称民法典）第八百五十条", 0),
    ("《专利法实施细则》第九十九条和第一百条", 0),
    ("双方于第三十五届博览会上签约", 0),
    ("按照第二十五条的约定支付", 1),
    ("依照本合同第四十七条的约定", 1),
    ("违反本协议第一百条的", 1),
    ("按照第十六条、第三十条的约定", 1),
    ("按照第30条执行", 1),
)


@pytest.mark.parametrize(("text", "count"), REFERENCES)
def test_references_lead_to_articles_of_this_contract(text: str, count: int) -> None:
    assert len(list(dead_references("特别约定", text, 24))) == count


# An own text of the clause on breach (K-14), and what is found in it.
BREACH = "任何一方违约的，应当赔偿对方因此遭受的损失。"
WRITTEN: tuple[tuple[str, str, list[tuple[str, str]]], ...] = (
    ("breach", BREACH, []),
    ("breach", f"{BREACH}\n\n被许可人逾期付款的，按照{{}}的约定处理。".replace("{}", "第六条"), []),
    ("breach", f"{BREACH}\n\n违约金为人民币999元。", [("K-11", "warn")]),
    ("breach", f"{BREACH}\n\n产品责任保险的保险金额不低于人民币999元。", []),
    ("breach", f"{BREACH}\n\n提成费按照净销售额的百分之四十九提取。", [("K-11", "warn")]),
    ("breach", f"{BREACH}\n\n产品合格率不低于99%。", []),
    ("breach", f"{BREACH}\n\n第一笔许可费应在2029年12月31日前支付。", [("K-06", "warn")]),
    ("breach", f"{BREACH}\n\n双方于2025年12月31日签署会谈纪要。", []),
    ("breach", f"{BREACH}\n\n许可期限至2099年1月1日届满。", [("P-05", "block"), ("K-06", "warn")]),
    ("breach", f"{BREACH}\n\n按照第九十条的约定处理。", [("", "warn")]),
    ("breach", "双方友好合作。", [("K-14", "block")]),
    ("confidentiality", "双方友好合作。", [("K-07", "block")]),
    ("dispute", "另行约定。", [("K-15", "block")]),
    ("improvements", "被许可人的后续改进归被许可人所有，许可人在同等条件下优先获得许可，价格另行约定。", []),
    ("improvements", "被许可人的后续改进均归许可人所有。", [("LI-08", "block")]),
    ("improvements", "被许可人应将归其所有的后续改进无偿提供给许可人。", [("LI-08", "block")]),
    ("improvements", "任何一方不得要求对方将后续改进无偿提供给自己，后续改进归完成方。", []),
    ("improvements", "后续改进归完成方。许可人不得从事下列行为：\n- 要求被许可人将改进无偿提供给许可人；\n- 限制改进。", []),
    ("fairness", "被许可人不得对许可专利的有效性提出异议。", [("LI-08", "block")]),
    ("fairness", "被许可人应当一并购买许可人指定的设备。", [("LI-08", "block")]),
    ("fairness", "被许可人不得从第三方获得竞争技术。", [("LI-08", "block")]),
    ("fairness", "许可产品的出口市场仅限许可人确定的国家。", [("LI-08", "block")]),
    ("fairness", "本合同不限制被许可人对许可专利的有效性提出异议，也不限制其从其他来源获得技术。", []),
)  # fmt: skip


@pytest.mark.parametrize(("clause", "text", "expected"), WRITTEN)
def test_clause_written_for_one_case_is_read_like_any_other(
    clause: str, text: str, expected: list[tuple[str, str]]
) -> None:
    found = lint_contract(_with(clause, text))
    assert [(f.rule_id, f.severity) for f in found] == expected
    assert {f.clause for f in found} <= {clause}


def test_finding_tells_place_what_and_remedy() -> None:
    (finding,) = lint_contract(_with("breach", f"{BREACH}\n\n违约金为人民币999元。"))
    assert finding == LintFinding(
        "K-11", "warn", "第十八条　违约责任", "金额“999元”不是商务条款或者付款计划中的任何一笔金额。",
        "核对该金额；确有变化的，修改商务条款，不要只改合同文字。", "breach",
    )  # fmt: skip


def test_special_clause_is_compared_with_the_terms() -> None:
    known = view(terms=terms(special_clauses="入门费分两期支付，合计人民币7元（大写：柒拾元整）。"))
    assert _found(known) == [("K-11", "block"), ("K-11", "warn")]


def test_license_that_outlasts_a_patent_in_words_is_blocked_by_its_day() -> None:
    own = _with("grant", "许可人许可被许可人实施许可专利，许可期限至2040年1月1日。")
    ends = [patent.term_end for patent in own.patents]
    assert ends[0] is not None
    assert ends[0] < date(2040, 1, 1)
    assert ("P-05", "block") in _found(own)
