"""What each conversion mode brings with it beside the clearances: official acts, registrations, the house's own time.

One table, by the acts of the matrix. A row names the rule behind it and what it takes: a time that the house has
promised (`level`), which may be used up or not, and the time of an office (`timer`), which passes in any case. Rows
`beside` run beside the others and lengthen nothing. What depends on money (stamp duty, VAT, reward) is asked of
`rules.taxes` and `rules.rewards`.

Source: 专利法 arts 10, 50-51; 专利法实施细则 arts 15, 85, 87, 116; 专利实施许可合同备案办法 arts 5, 11; 民法典 arts 847, 859;
公司法 arts 47-49; 市场主体登记管理条例 art 24; 促进科技成果转化法 art 18; 国知发运字〔2025〕11号, 16号
"""

from dataclasses import dataclass

from rules.gate_table import ACTS, DEVELOPMENT, LICENSES, MOVES, OPEN, PLEDGE, POOL


@dataclass(frozen=True, slots=True)
class Brought:
    """One thing that a mode brings. `early` ones come before the publicity and the approval."""

    key: str
    acts: tuple[str, ...]
    rule_id: str
    zh: str
    en: str
    level: str = ""
    timer: str = ""
    early: bool = False
    beside: bool = False


_CONVERSIONS = tuple(act for act in ACTS if act not in PLEDGE)
_EQUITY = ("equity",)
_CONTRACTS = tuple(act for act in _CONVERSIONS if act not in _EQUITY)
ROWS: tuple[Brought, ...] = (
    Brought(
        "first_refusal", ("transfer",), "O-08", "征询成果完成人是否优先受让",
        "ask the inventors about their first refusal", level="inventor_reply", early=True,
    ),
    Brought("appraisal", _EQUITY, "EQ-01", "专利评估作价、核实财产", "have the patents appraised", early=True),
    Brought("ownership", DEVELOPMENT, "O-09", "约定新成果的归属和使用", "agree who owns the results", early=True),
    Brought(
        "pool", POOL, "PP-02", "经入池审查，与专利池运营方签订协议",
        "pass the entry review and agree with the pool", early=True,
    ),
    Brought(
        "contract_review", ACTS, "K-01", "订立书面合同，合同审查", "a written contract, reviewed",
        level="contract_review",
    ),
    Brought(
        "declaration", OPEN, "OP-03", "提交开放许可声明，由国家知识产权局公告",
        "declare the open license; the office gazettes it", level="filing_target",
    ),
    Brought(
        "registration", MOVES, "TR-01", "著录项目变更登记，自登记之日起生效",
        "change of the patent register; the right moves by it", level="filing_target", timer="T-07",
    ),
    Brought(
        "filing", LICENSES, "L-03", "许可合同备案", "file the license contract",
        level="filing_target", timer="T-02",
    ),
    Brought("pledge", PLEDGE, "PG-01", "质押登记", "register the pledge", level="filing_target", timer="T-25"),
    Brought("feedback", _CONVERSIONS, "RP-04", "在盘活系统反馈", "report to the platform", level="platform_feedback"),
    Brought("change_fee", MOVES, "TR-05", "缴纳著录项目变更费", "pay the fee of the change", timer="T-06", beside=True),
    Brought("open_filing", OPEN, "OP-15", "每达成一件许可，逐件备案", "file every license reached", beside=True),
    Brought(
        "company", _EQUITY, "EQ-05", "被投资公司变更登记", "the company registers the change",
        timer="T-COREG", beside=True,
    ),
    Brought(
        "paid_in", _EQUITY, "EQ-03", "出资在法定期限内缴足", "the contribution is made in time",
        timer="T-30", beside=True,
    ),
    Brought(
        "deferral", _EQUITY, "EQ-12", "可选择递延纳税，由被投资企业备案",
        "income tax may be deferred; the company files it", beside=True,
    ),
    Brought(
        "technology_contract", _CONTRACTS, "TC-04", "技术合同认定登记（享受税收优惠的前提）",
        "technology-contract registration, which the tax relief needs", timer="T-26", beside=True,
    ),
)  # fmt: skip


def brought_by(mode: str) -> tuple[Brought, ...]:
    """Return what a mode brings, in the order in which it comes; nothing if the table does not know the mode."""
    return tuple(row for row in ROWS if mode in row.acts)
