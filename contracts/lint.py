"""Reading a contract before it is signed: what the law would not let stand, or the office not record.

In: a `CaseView`. Out: findings with rule id, place and what to do. Nothing is changed; texts are looked up,
not interpreted, so a finding is a reason to read, and severity says how good a reason.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from contracts.license import LicenseTerms
from contracts.modes import MODES
from contracts.view import CaseView, Party
from rules.dates import chinese_date
from rules.gate_texts import WITHOUT_IT
from rules.text import fold

Severity = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One objection: the rule, where it applies, what is wrong, and what would mend it."""

    rule_id: str
    severity: Severity
    place: str
    what_zh: str
    remedy_zh: str


@dataclass(frozen=True, slots=True)
class _Forbidden:
    name: str
    pattern: re.Pattern[str]
    why: str


_FORBIDDEN = (
    _Forbidden(
        "无偿回授",
        re.compile(
            r"(无偿|免费|不支付(任何)?(费用|对价))[^。；，]{0,20}(回授|改进|提供给许可人|归许可人)"
            r"|改进[^。；，]{0,24}(无偿|免费|全部归许可人|均归许可人|独占回授)"
        ),
        "要求将改进无偿提供给对方、非互惠性转让给对方，或者无偿独占、共享改进的知识产权",
    ),
    _Forbidden(
        "不得质疑专利权有效性",
        re.compile(
            r"(不得|不能|放弃|无权|禁止)[^。；，]{0,16}(有效性[^。；，]{0,10}(异议|质疑|挑战)|(请求|申请|提出)?宣告[^。；，]{0,10}无效|提出无效|无效宣告)"
        ),
        "禁止对许可专利的有效性提出异议或者对提出异议附加条件",
    ),
    _Forbidden(
        "搭售",
        re.compile(r"搭售|(必须|应当|应|只能|须)[^。；，]{0,16}(同时|一并|另行)?[^。；，]{0,6}购买[^。；，]{0,24}(其他|非必需|不需要|指定|设备|原料|服务)"),
        "要求接受并非实施许可专利必不可少的附带条件，包括购买非必需的技术、原材料、产品、设备、服务",
    ),
    _Forbidden(
        "限制其他来源",
        re.compile(
            r"(不得|禁止|不能)[^。；，]{0,16}(从|向)(其他|第三|任何)[^。；，]{0,16}(获得|取得|引进|购买|采购|使用)[^。；，]{0,12}"
            r"|(不得|禁止)[^。；，]{0,10}(研究|研发|开发)[^。；，]{0,16}(类似|竞争|相同|替代)"
            r"|(不得|禁止)[^。；，]{0,20}(使用|采用|引进)[^。；，]{0,8}(竞争|类似|同类)[^。；，]{0,6}技术"
        ),
        "限制从其他来源获得与许可专利类似或者竞争的技术，或者限制研究开发",
    ),
    _Forbidden(
        "限制数量、价格、渠道",
        re.compile(
            r"(产量|数量|销售价格|售价|销售渠道|出口市场|出口)[^。；，]{0,12}(不得(高于|低于|超过|少于)|限于|仅限|由许可人(确定|指定))"
            r"|不得出口|(不得|禁止)[^。；，]{0,6}(自行)?(定价|降价)"
        ),
        "明显不合理地限制产品的数量、品种、价格、销售渠道或者出口市场",
    ),
    _Forbidden(
        "限制原材料来源",
        re.compile(r"(原材料|原料|零部件|设备)[^。；，]{0,16}(只能|必须|仅|应当?)[^。；，]{0,10}(从|向|由)[^。；，]{0,20}(购买|采购|提供|供应|供货)"),
        "不合理地限制购买原材料、零部件、产品或者设备等的渠道或者来源",
    ),
)  # fmt: skip

# What a special clause must not say, or the kind of license is no longer clear.
_AGAINST_KIND: Mapping[str, re.Pattern[str]] = {
    "ordinary_license": re.compile(
        r"(?<!被)许可人(自身)?(不得|不能|不可以|不再)[^。；，]{0,8}(许可(任何)?(第三|他|其他)|(自行|自己)实施)|独家"
    ),
    "sole_license": re.compile(
        r"(?<!被)许可人(自身)?(不得|不能|不可以|不再)[^。；，许]{0,4}实施"
        r"|(?<!被)许可人(可以|有权|保留)[^。；，]{0,8}许可(多|若干|任何|其他)"
    ),
    "exclusive_license": re.compile(
        r"(?<!被)许可人(仍|也|亦)?(可以|有权|保留)[^。；，]{0,8}((自行|自己)实施|许可(第三|他|其他))"
    ),
}
_GROUP = re.compile(r"(课题组|项目组|研究组|工作室|团队)$")


def lint_contract(view: CaseView) -> tuple[LintFinding, ...]:
    """Return every objection, blocking ones first.

    Source: 民法典 arts 850, 864, 865; 技术合同纠纷解释 arts 7, 10, 25; 专利法 art 14; 专利实施许可合同备案办法 arts 9, 12
    """
    found = [
        *_term(view),
        *_parties(view),
        *_content(view),
        *_kind(view),
        *_co_owners(view),
        *forbidden_clauses(view.terms),
    ]
    return tuple(sorted(found, key=lambda finding: finding.severity != "block"))


def _term(view: CaseView) -> Iterator[LintFinding]:
    """P-05: the license may not outlast a patent."""
    end = view.terms.end
    for n, patent in enumerate(view.patents, 1):
        place = f"许可专利{n}（{patent.patent_no or patent.title}）"
        if patent.term_end is None:
            yield LintFinding(
                "P-05",
                "warn",
                place,
                "专利有效期限届满日未知，无法核对许可期限。",
                "补录申请日，或者核对登记簿副本。",
            )
        elif end > patent.term_end:
            what = (
                f"许可终止日{chinese_date(end)}晚于该专利有效期限届满日{chinese_date(patent.term_end)}，"
                "合同仅在专利权有效期限内有效，且不予备案。"
            )
            remedy = f"将许可终止日改为不晚于{chinese_date(patent.term_end)}，或{WITHOUT_IT[0]}。"
            yield LintFinding("P-05", "block", place, what, remedy)


def _parties(view: CaseView) -> Iterator[LintFinding]:
    """O-04: a group without legal personality cannot be a party. Source: 技术合同纠纷解释 art 7."""
    for side, party in (("许可人", view.licensor), ("被许可人", view.licensee)):
        if _GROUP.search(party.name) and not party.uscc:
            yield LintFinding(
                "O-04", "block", side,
                f"“{party.name}”不具有民事主体资格，以其名义订立的合同，须经单位授权或者认可才由单位承担责任。",
                "以单位为合同当事人，并由单位法定代表人或者授权代表签署。",
            )  # fmt: skip


def _content(view: CaseView) -> Iterator[LintFinding]:
    """L-06: what a contract must contain to be recorded."""
    for side, party in (("许可人", view.licensor), ("被许可人", view.licensee)):
        for label, value in _identity(party):
            if not value:
                yield _missing(side, f"{side}的{label}")
    if not view.patents:
        yield _missing("许可专利", "许可专利")
    for n, patent in enumerate(view.patents, 1):
        place = f"许可专利{n}（{patent.patent_no or patent.title or '未填写'}）"
        known: tuple[tuple[str, object], ...] = (
            ("名称", patent.title),
            ("专利号", patent.patent_no),
            ("申请日", patent.filing_date),
            ("授权公告日", patent.grant_date),
        )
        for label, stated in known:
            if not stated:
                yield _missing(place, label)


def _identity(party: Party) -> tuple[tuple[str, str], ...]:
    return (("名称", party.name), ("地址", party.address))


def _missing(place: str, what: str) -> LintFinding:
    return LintFinding(
        "L-06", "block", place, f"缺少{what}，该项是备案合同的必备内容。", f"请补录{what}后重新生成合同。"
    )


def _kind(view: CaseView) -> Iterator[LintFinding]:
    """LI-03: a kind that is not clear counts as ordinary. Source: 技术合同纠纷解释 art 25."""
    kind = MODES[view.mode].kind_zh
    for n, text in enumerate(view.terms.special_clauses, 1):
        match = _AGAINST_KIND[view.mode].search(re.sub(r"\s+", "", text))
        if match is not None:
            yield LintFinding(
                "LI-03", "warn", f"特别约定第{n}条",
                f"“{match[0]}”与{kind}的含义不一致，许可方式约定不明的视为普通许可。",
                f"删除或者改写该约定；确需如此约定的，撤回本案后按相应的许可方式另行立案，不再使用“{kind}”。",
            )  # fmt: skip


def _co_owners(view: CaseView) -> Iterator[LintFinding]:
    """O-05: a co-owner may license ordinarily, and shares what it receives. Source: 专利法 art 14."""
    if MODES[view.mode].needs_co_owners or view.terms.royalty_free:
        return
    for n, patent in enumerate(view.patents, 1):
        others = [owner for owner in patent.owners if fold(owner) != fold(view.licensor.name)]
        if others:
            yield LintFinding(
                "O-05", "warn", f"许可专利{n}（{patent.patent_no or patent.title}）",
                f"与{'、'.join(others)}共有；没有其他约定的，可以单独以普通许可方式许可他人，收取的许可费应当在共有人之间分配。",
                "核对共有人之间有无其他约定；到账后按约定或者协商的比例向共有人分配许可费。",
            )  # fmt: skip


def forbidden_clauses(terms: LicenseTerms) -> Iterator[LintFinding]:
    """Yield the clauses of the terms that restrict technical competition and development (LI-08)."""
    texts = [(f"特别约定第{n}条", text) for n, text in enumerate(terms.special_clauses, 1)]
    texts += [
        ("分许可条件", terms.sublicense_conditions),
        ("补充保证", terms.warranty),
        ("许可用途", terms.purpose),
    ]
    for place, text in texts:
        for forbidden in _FORBIDDEN:
            match = forbidden.pattern.search(re.sub(r"\s+", "", text))
            if match is not None:
                yield LintFinding(
                    "LI-08", "block", place,
                    f"“{match[0]}”可能属于“{forbidden.name}”：{forbidden.why}，该约定可能无效。",
                    "删除或者改写该约定；确有合理理由的，请法务人员书面说明后改用不产生歧义的表述。",
                )  # fmt: skip
