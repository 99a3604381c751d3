"""What only contributions are read for: content, price basis, guaranteed return, time for paying in, heads."""

import re
from collections.abc import Iterator
from datetime import date

from contracts.equity_fields import EquityFields, equity_fields
from contracts.finding import LintFinding, patent_place, unnamed_parties, unnamed_patents
from contracts.mode import ModeContract
from contracts.view import CaseView
from rules.dates import chinese_date
from rules.money import format_yuan
from rules.text import fold

_PATENT = "出资专利"
_YEARS = 5
_GUARANTEED = re.compile(
    r"保底|固定(收益|回报|分红)|保证[^。；，]{0,8}(收益|回报|分红)|不(参与|承担)[^。；，]{0,4}(经营|亏损|风险)"
)


def equity_check(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """Yield what is wrong with the agreement of a contribution.

    Source: 公司法 arts 47-49; 民法典 art 845; 技术合同纠纷解释 art 22; 国发〔2016〕16号 (八)
    """
    terms = equity_fields(view.terms)
    yield from _content(view, mode)
    yield from _valued(view, terms)
    yield from _guaranteed(terms)
    yield from _late(view, terms)
    yield from _heads(terms)
    yield from _co_owners(view)


def _content(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """EQ-08: who contributes what stands in the agreement."""
    missing = (*unnamed_parties(view.parties(mode.sides)), *unnamed_patents(view, _PATENT))
    for place, what in missing:
        yield LintFinding(
            "EQ-08", "block", place, f"缺少{what}，投资合同应写明该项。", f"请补录{what}后重新生成合同。"
        )


def _valued(view: CaseView, terms: EquityFields) -> Iterator[LintFinding]:
    """EQ-01: contributions in kind are appraised, neither over nor under their value. Source: 公司法 art 48."""
    known = view.appraisal
    if known is None:
        yield LintFinding(
            "EQ-01", "warn", "专利权作价金额", "没有登记资产评估报告，公司法要求对非货币出资评估作价、核实财产。",
            "登记评估报告；决定不评估的，登记理由并由目标公司留存作价依据。",
        )  # fmt: skip
    elif known.value_fen != terms.value_fen and not known.difference:
        yield LintFinding(
            "EQ-01", "warn", "专利权作价金额",
            f"作价 {format_yuan(terms.value_fen)} 元与评估价值 {format_yuan(known.value_fen)} 元不一致，尚未说明理由。",
            "在“确认作价”中填写不一致的说明，或者改为评估价值。",
        )  # fmt: skip


def _guaranteed(terms: EquityFields) -> Iterator[LintFinding]:
    """PR-19: a guaranteed return without a part in the business is no equity. Source: 技术合同纠纷解释 art 22."""
    remedy = "改为按持股比例分享利润、承担风险；确需收取固定收益的，撤回本案后按转让或者许可另行立案。"
    if terms.guaranteed_return:
        yield LintFinding(
            "PR-19", "block", "收取保底收益且不参与经营", "收取保底收益且不参与经营的，按技术转让或者许可合同处理。", remedy
        )  # fmt: skip
    for place, text in terms.free_texts():
        match = _GUARANTEED.search(re.sub(r"\s+", "", text))
        if match is not None:
            yield LintFinding(
                "PR-19", "block", place, f"“{match[0]}”可能属于保底收益，按技术转让或者许可合同处理。", remedy
            )


def _late(view: CaseView, terms: EquityFields) -> Iterator[LintFinding]:
    """EQ-03: capital is paid in within five years. Source: 公司法 arts 47, 228."""
    start = view.day("signed_on") or terms.signing_date
    if start is None:
        return
    last = _after(start)
    for n, holder in enumerate(terms.shareholders, 1):
        if holder.pay_by is not None and holder.pay_by > last:
            yield LintFinding(
                "EQ-03", "block", f"其他股东第{n}行", f"出资日期{chinese_date(holder.pay_by)}距签订超过五年。",
                f"改为不晚于{chinese_date(last)}。",
            )  # fmt: skip


def _after(start: date) -> date:
    leap = start.month == 2 and start.day == 29
    return date(start.year + _YEARS, start.month, 28 if leap else start.day)


def _heads(terms: EquityFields) -> Iterator[LintFinding]:
    """RW-16: the head of the institution gets cash, in principle no shares."""
    for n, award in enumerate(terms.awards, 1):
        if award.is_head:
            yield LintFinding(
                "RW-16", "warn", f"股权奖励人员第{n}行", f"{award.name}为单位正职领导，原则上不得获取股权奖励。",
                "改为现金奖励，或者调整奖励人员。",
            )  # fmt: skip


def _co_owners(view: CaseView) -> Iterator[LintFinding]:
    """O-06: to contribute a patent in common, all agree. Source: 专利法 art 14."""
    for n, patent in enumerate(view.patents, 1):
        others = [owner for owner in patent.owners if fold(owner) != fold(view.ours.name)]
        if others:
            yield LintFinding(
                "O-06", "warn", patent_place(_PATENT, n, patent),
                f"与{'、'.join(others)}共有，以专利权出资须经全体共有人同意；共有人的份额所对应的股权应另行约定。",
                "取得共有人同意书并登记；在特别约定中写明共有人份额对应的股权归属。",
            )  # fmt: skip
