"""Clauses that restrict technical competition and development: what the law would not let stand.

Texts are looked up, not interpreted, so a finding is a reason to read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from contracts.deal import DealTerms
from contracts.finding import LintFinding
from contracts.mode import ModeContract


@dataclass(frozen=True, slots=True)
class Forbidden:
    """One kind of forbidden clause: its name, how it reads, and why it may be void."""

    name: str
    pattern: re.Pattern[str]
    why: str


_PATTERNS = (
    Forbidden(
        "无偿回授",
        re.compile(
            r"(无偿|免费|不支付(任何)?(费用|对价))[^。；，]{0,20}(回授|改进|提供给许可人|归许可人)"
            r"|改进[^。；，]{0,24}(无偿|免费|全部归许可人|均归许可人|独占回授)"
        ),
        "要求将改进无偿提供给对方、非互惠性转让给对方，或者无偿独占、共享改进的知识产权",
    ),
    Forbidden(
        "不得质疑专利权有效性",
        re.compile(
            r"(不得|不能|放弃|无权|禁止)[^。；，]{0,16}(有效性[^。；，]{0,10}(异议|质疑|挑战)|(请求|申请|提出)?宣告[^。；，]{0,10}无效|提出无效|无效宣告)"
        ),
        "禁止对许可专利的有效性提出异议或者对提出异议附加条件",
    ),
    Forbidden(
        "搭售",
        re.compile(r"搭售|(必须|应当|应|只能|须)[^。；，]{0,16}(同时|一并|另行)?[^。；，]{0,6}购买[^。；，]{0,24}(其他|非必需|不需要|指定|设备|原料|服务)"),
        "要求接受并非实施许可专利必不可少的附带条件，包括购买非必需的技术、原材料、产品、设备、服务",
    ),
    Forbidden(
        "限制其他来源",
        re.compile(
            r"(不得|禁止|不能)[^。；，]{0,16}(从|向)(其他|第三|任何)[^。；，]{0,16}(获得|取得|引进|购买|采购|使用)[^。；，]{0,12}"
            r"|(不得|禁止)[^。；，]{0,10}(研究|研发|开发)[^。；，]{0,16}(类似|竞争|相同|替代)"
            r"|(不得|禁止)[^。；，]{0,20}(使用|采用|引进)[^。；，]{0,8}(竞争|类似|同类)[^。；，]{0,6}技术"
        ),
        "限制从其他来源获得与许可专利类似或者竞争的技术，或者限制研究开发",
    ),
    Forbidden(
        "限制数量、价格、渠道",
        re.compile(
            r"(产量|数量|销售价格|售价|销售渠道|出口市场|出口)[^。；，]{0,12}(不得(高于|低于|超过|少于)|限于|仅限|由许可人(确定|指定))"
            r"|不得出口|(不得|禁止)[^。；，]{0,6}(自行)?(定价|降价)"
        ),
        "明显不合理地限制产品的数量、品种、价格、销售渠道或者出口市场",
    ),
    Forbidden(
        "限制原材料来源",
        re.compile(
            r"(原材料|原料|零部件|设备)[^。；，]{0,16}"
            r"((只能|必须|仅)[^。；，]{0,10}(从|向|由)[^。；，]{0,20}(购买|采购|提供|供应|供货)|应当?[^。；，]{0,10}(从|向)[^。；，]{0,20}(购买|采购))"
        ),
        "不合理地限制购买原材料、零部件、产品或者设备等的渠道或者来源",
    ),
)  # fmt: skip


@lru_cache
def forbidden_kinds(*sides: str) -> tuple[Forbidden, ...]:
    """Return the forbidden kinds as a contract words them; `sides` are those that could take too much."""
    named = f"(?:{'|'.join(sides)})"
    return tuple(
        replace(kind, pattern=re.compile(kind.pattern.pattern.replace("许可人", named))) for kind in _PATTERNS
    )


def _who_grabs(mode: ModeContract, terms: DealTerms) -> tuple[str, ...]:
    sides = mode.sides_of(terms)
    return (sides.ours,) if mode.grabs == "ours" else (sides.ours, sides.theirs, "甲方", "乙方")


def forbidden_clauses(mode: ModeContract, terms: DealTerms) -> Iterator[LintFinding]:
    """Yield the clauses of the terms that restrict technical competition and development (LI-08).

    Source: 民法典 arts 850, 864; 技术合同纠纷解释 art 10
    """
    for place, text in terms.free_texts():
        yield from forbidden_in(mode, terms, place, text)


def _restraints(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield where a restraint is agreed; to agree that nobody may ask for it is none.

    An item under “不得有下列行为：” is such a promise, and so is “不得要求对方……”.
    """
    lead = ""
    for block in re.split(r"\n(?=- )|(?<=：)\n|\n\s*\n", text):
        squeezed = re.sub(r"\s+", "", block)
        is_item = squeezed.startswith("-")
        lead = lead if is_item else squeezed
        for match in pattern.finditer(squeezed):
            before = re.split(r"[。；，：]", squeezed[: match.start()])[-1] + match[0][:1]
            if not (is_item and _PROMISED_LEAD.search(lead)) and not _PROMISED.search(before):
                yield match


_PROMISED_LEAD = re.compile(r"(不得|不)[^。；，]{0,30}(下列|以下)[^。；，]{0,12}：$")
_PROMISED = re.compile(r"不(得|应|能|会)?(要求|强迫|强制|约定|以任何方式限制|限制)")


def forbidden_in(mode: ModeContract, terms: DealTerms, place: str, text: str) -> Iterator[LintFinding]:
    """Yield what a text of the contract says that restricts technical competition and development (LI-08)."""
    for kind in forbidden_kinds(*_who_grabs(mode, terms)):
        match = next(_restraints(kind.pattern, text), None)
        if match is not None:
            yield LintFinding(
                "LI-08", "block", place,
                f"“{match[0]}”可能属于“{kind.name}”：{kind.why}，该约定可能无效。",
                "删除或者改写该约定；确有合理理由的，请法务人员书面说明后改用不产生歧义的表述。",
            )  # fmt: skip
