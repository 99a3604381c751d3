"""Every clause that the law and the official lists ask for is carried by a text, mode by mode.

Source: 民法典 arts 845, 846, 863 (K-01 to K-18); the clause lists of the patent office's templates and of the older forms
for technology contracts; the points that a type of contract must settle.
"""

from dataclasses import replace

import pytest

from contracts.articles import articles, source_text
from contracts.modes import MODES
from contracts.view import CaseView
from tests.contracts import test_development, test_transfer
from tests.contracts.library.test_variants import VIEWS

ROWS = tuple(f"K-{n:02}" for n in range(1, 19))
APPLICATION = test_transfer.view(**test_transfer.FULL)
SERVICE = test_development.paper(test_development.SERVICE)


@pytest.mark.parametrize("mode", MODES)
def test_every_row_of_the_legal_minimum_has_a_clause_in_every_mode(mode: str) -> None:
    carried = {row for clause in MODES[mode].clauses for row in clause.covers}
    assert [row for row in ROWS if row not in carried] == []


# What a list asks for: the clause that carries it, and words that its text says of it.
Carried = tuple[str, str, str]
TRANSFER: tuple[Carried, ...] = (
    ("前言", "recitals", "转让"),
    ("交付资料", "delivery", "交付"),
    ("交付资料的时间、地点及方式", "delivery", "地点"),
    ("专利实施和实施许可的情况及处置办法", "licenses", "许可"),
    ("转让费及支付方式", "fees", "汇入"),
    ("专利权被撤销和被宣告无效的处理", "invalidation", "无效"),
    ("过渡期条款", "interim", "年费"),
    ("税费", "tax", "税"),
    ("违约及索赔", "breach", "违约"),
    ("争议的解决办法", "dispute", "争议"),
    ("其他", "misc", "附件"),
    ("合同的生效", "effect", "生效"),
)
APPLICATIONS: tuple[Carried, ...] = (
    *TRANSFER,
    ("优先权的处理办法", "priority", "优先权"),
    ("专利申请被驳回的责任", "examination", "驳回"),
)
LICENSE: tuple[Carried, ...] = (
    ("前言", "recitals", "职务发明"),
    ("名词和术语", "definitions", "含义"),
    ("专利许可的方式与范围", "grant", "许可"),
    ("专利的技术内容", "patents", "技术内容"),
    ("技术资料的交付", "delivery", "交付"),
    ("使用费及支付方式", "fees", "支付"),
    ("验收的标准与方法", "acceptance", "验收"),
    ("对技术秘密的保密事项", "confidentiality", "保密"),
    ("技术服务与培训", "service", "培训"),
    ("后续改进的提供与分享", "improvements", "改进"),
    ("违约及索赔", "breach", "违约"),
    ("侵权的处理", "infringement", "侵犯"),
    ("专利权被撤销和被宣告无效的处理", "invalidation", "无效"),
    ("不可抗力", "force_majeure", "不可抗力"),
    ("税费", "tax", "税"),
    ("争议的解决办法", "dispute", "争议"),
    ("合同的生效、变更与终止", "effect", "终止"),
    ("其他", "misc", "附件"),
)
DEVELOPMENT: tuple[Carried, ...] = (
    ("标的技术的内容形式要求", "subject", "要求"),
    ("应达到的技术指标和参数", "subject", "指标"),
    ("研究开发计划", "plan", "计划"),
    ("经费报酬及结算", "fees", "支付"),
    ("用经费购置设备器材资料的产权", "funds", "设备"),
    ("履行期限地点方式", "plan", "地点"),
    ("情报资料保密", "confidentiality", "保密"),
    ("技术协作和指导", "duties", "协作"),
    ("风险责任", "risk", "技术困难"),
    ("发现可能失败的通知", "risk", "书面通知"),
    ("成果归属和分享", "ownership", "归"),
    ("验收标准方式", "acceptance", "验收"),
    ("违约金", "breach", "违约"),
    ("争议", "dispute", "争议"),
    ("名词术语", "definitions", "含义"),
    ("谁出资、谁研究开发", "duties", "承担"),
)
SERVICES: tuple[Carried, ...] = (
    ("服务内容方式要求", "subject", "技术问题"),
    ("工作条件和协作事项", "duties", "协作"),
    ("履行期限地点方式", "plan", "地点"),
    ("验收", "acceptance", "验收"),
    ("报酬及支付", "fees", "支付"),
    ("新的技术成果的归属", "ownership", "归"),
    ("违约金", "breach", "违约"),
    ("争议", "dispute", "争议"),
    ("其它", "misc", "附件"),
)
EQUITY: tuple[Carried, ...] = (
    ("评估作价，不高估低估", "shortfall", "高估"),
    ("评估作价", "contribution", "作价"),
    ("权利转移登记", "transfer", "变更"),
    ("五年内缴足", "contribution", "出资"),
)
POOL: tuple[Carried, ...] = (
    ("入池评审", "entry", "评审"),
    ("对外许可", "licensing", "许可"),
    ("收益分配", "distribution", "分配"),
    ("反垄断合规", "fairness", "反垄断"),
)
LISTS: tuple[tuple[str, CaseView, tuple[Carried, ...]], ...] = (
    ("transfer", VIEWS["transfer"], TRANSFER),
    ("application", APPLICATION, APPLICATIONS),
    *((mode, VIEWS[mode], LICENSE) for mode in ("ordinary_license", "sole_license", "exclusive_license")),
    ("development", VIEWS["development"], DEVELOPMENT),
    ("service", SERVICE, SERVICES),
    ("equity", VIEWS["equity"], EQUITY),
    ("pool", VIEWS["patent_pool"], POOL),
)


@pytest.mark.parametrize(
    ("view", "item", "clause", "words"),
    [pytest.param(view, *row, id=f"{name}-{row[0]}-{row[1]}") for name, view, rows in LISTS for row in rows],
)
def test_every_item_of_the_lists_is_carried_by_a_clause(
    view: CaseView, item: str, clause: str, words: str
) -> None:
    texts = {article.id: source_text(article) for article in articles(replace(view))}
    assert clause in texts, item
    assert words in texts[clause], item
