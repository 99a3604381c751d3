"""Reading the words of a contract: forbidden restraints, amounts, references, and what stands against the terms.

In: a place and its text. Out: findings. The rules are looked for in every text alike: of the library, a variant, a
clause written for one case, a special clause. Only what people wrote themselves is compared with the terms, since the
library's texts are filled in from them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from contracts.figures import amounts, chinese_integer, days, pairs, shares
from contracts.finding import LintFinding
from rules.dates import chinese_date
from rules.money import capitals, format_yuan

_SENTENCE = re.compile(r"[^。；\n]+[。；]?")
_ABOUT_MONEY = re.compile(
    r"支付|付款|付清|价款|价格|许可费|使用费|转让费|入门费|提成|报酬|经费|服务费|合计|总额|作价|出资|违约金|定金|首期|尾款"
)
_ABOUT_SHARES = re.compile(r"提成|费率|分成|持股|股权比例|出资比例|分配比例|违约金")
_ABOUT_DAYS = re.compile(r"期限|届满|终止|支付|付款|付清|交付|提交")
_REFERENCE = re.compile(
    r"第([零一二三四五六七八九十百]+|\d+)(?:\.\d+)?条(?:第[零一二三四五六七八九十\d]+款)?(?:第[（(]?[零一二三四五六七八九十\d]+[）)]?项)?"
)
# What a number of an article may belong to other than this contract.
_ELSEWHERE = re.compile(
    r"(?:》|法|典|条例|细则|办法|规定|解释|指南|章程|规则|通知|意见|决定|原合同|主合同|许可合同|补充协议)(?:（[^（）]*）|\([^()]*\))?(?:的|之)?\s*$"
)
_SAME = re.compile(r"^\s*(?:、|和|及|与|以及|至|到|或者|或|，)\s*$")


@dataclass(frozen=True, slots=True)
class Known:
    """The numbers that a contract has from its terms: fen, basis points, days."""

    amounts: frozenset[int]
    shares: frozenset[int]
    days: frozenset[date]


def known_in(text: str, fen: Iterable[int] = (), dates: Iterable[date] = ()) -> Known:
    """Return the numbers that stand in a text, with further ones."""
    return Known(
        frozenset({found for _, found in amounts(text)} | set(fen)),
        frozenset(found for _, found in shares(text)),
        frozenset({found for _, found in days(text)} | set(dates)),
    )


def words_against_figures(place: str, text: str, clause: str = "") -> Iterator[LintFinding]:
    """Yield amounts whose capital figures are not their figures.

    Source: 民法典 art 846
    """
    for pair in pairs(text):
        if pair.words_fen is None:
            what = f"“{pair.text}”的大写金额不能识别。"
        elif pair.words_fen != pair.figure_fen:
            told = f"大写为 {format_yuan(pair.words_fen)} 元，小写为 {format_yuan(pair.figure_fen)} 元"
            what = f"“{pair.text}”大小写金额不一致：{told}。"
        else:
            continue
        remedy = f"核对金额；小写无误的，大写应为“人民币{capitals(pair.figure_fen)}”。"
        yield LintFinding("K-11", "block", place, what, remedy, clause)


def dead_references(place: str, text: str, last: int, clause: str = "") -> Iterator[LintFinding]:
    """Yield references to articles that this contract does not have; those of laws and other papers are left alone."""
    end, elsewhere = -1, False
    for match in _REFERENCE.finditer(text):
        chained = end >= 0 and _SAME.match(text[end : match.start()]) is not None
        elsewhere = elsewhere if chained else _ELSEWHERE.search(text[: match.start()]) is not None
        end = match.end()
        number = int(match[1]) if match[1].isdecimal() else chinese_integer(match[1])
        if not elsewhere and number is not None and not 1 <= number <= last:
            yield LintFinding(
                "", "warn", place, f"引用了“{match[0]}”，本合同只有{last}条。",
                "改为所指条款的编号；引用法律的，写明法律名称。", clause,
            )  # fmt: skip


def against_terms(place: str, text: str, known: Known, clause: str = "") -> Iterator[LintFinding]:
    """Yield numbers in a text that somebody wrote which the terms do not know, where the sentence is about them."""
    for sentence in _SENTENCE.findall(text):
        yield from (
            LintFinding(
                "K-11", "warn", place, f"金额“{words}”不是商务条款或者付款计划中的任何一笔金额。",
                "核对该金额；确有变化的，修改商务条款，不要只改合同文字。", clause,
            )
            for words, fen in amounts(sentence)
            if _ABOUT_MONEY.search(sentence) and fen not in known.amounts
        )  # fmt: skip
        yield from (
            LintFinding(
                "K-11", "warn", place, f"比例“{words}”与商务条款约定的比例都不相同。",
                "核对该比例；确有变化的，修改商务条款，不要只改合同文字。", clause,
            )
            for words, bp in shares(sentence)
            if _ABOUT_SHARES.search(sentence) and bp not in known.shares
        )  # fmt: skip
        yield from (
            LintFinding(
                "K-06", "warn", place, f"日期“{words}”与商务条款和付款计划中的日期都不相同。",
                "核对该日期；确有变化的，修改商务条款，不要只改合同文字。", clause,
            )
            for words, day in days(sentence)
            if _ABOUT_DAYS.search(sentence) and day not in known.days
        )  # fmt: skip


def beyond_patents(place: str, text: str, last_day: date, clause: str = "") -> Iterator[LintFinding]:
    """Yield terms of a license in a written text that outlast the patents.

    Source: 民法典 art 865
    """
    for sentence in _SENTENCE.findall(text):
        for words, day in days(sentence):
            if re.search(r"许可期限|许可至|有效期", sentence) and day > last_day:
                yield LintFinding(
                    "P-05", "block", place, f"期限“{words}”晚于专利有效期限届满日{chinese_date(last_day)}。",
                    f"改为不晚于{chinese_date(last_day)}。", clause,
                )  # fmt: skip


# What a text must at least speak of to meet a row of the legal minimum.
SPOKEN_OF: dict[str, tuple[str, ...]] = {
    "K-05": ("许可", "转让", "开发", "服务", "出资", "入池", "研究"),
    "K-06": ("履行", "交付", "实施", "登记", "提交", "计划", "期限", "完成"),
    "K-07": ("保密",),
    "K-08": ("归", "分配", "分享"),
    "K-09": ("验收", "核对", "评审"),
    "K-10": ("指", "含义"),
    "K-11": ("支付", "费", "价", "款", "收益", "无偿"),
    "K-12": ("改进", "后续", "今后取得"),
    "K-13": ("保证", "侵权", "侵害", "侵犯"),
    "K-14": ("违约", "赔偿", "违反"),
    "K-15": ("法院", "仲裁", "调解", "协商"),
    "K-16": ("质押", "许可", "负担", "情况"),
    "K-17": ("年费", "维持"),
}


def unmet_rows(rows: dict[str, tuple[str, str, str]]) -> Iterator[LintFinding]:
    """Yield rows of the legal minimum of which the contract does not speak. `rows`: row → place, text and clause.

    Source: 民法典 arts 845, 846
    """
    for row, (place, text, clause) in rows.items():
        words = SPOKEN_OF.get(row, ())
        if not text.strip() or (words and not any(word in text for word in words)):
            yield LintFinding(
                row, "block", place, f"没有约定{_ROWS[row]}，该项是技术合同的必备内容。",
                "补写该项，或者选用条款库的文本。", clause,
            )  # fmt: skip


_ROWS = {
    "K-01": "合同形式和附件", "K-02": "当事人及其订约资格", "K-03": "项目名称", "K-04": "专利清单",
    "K-05": "标的的内容、范围和要求", "K-06": "履行的计划、地点和方式", "K-07": "技术信息和资料的保密",
    "K-08": "技术成果的归属和收益的分配", "K-09": "验收标准和方法", "K-10": "名词和术语的解释",
    "K-11": "价款、报酬或使用费及支付方式", "K-12": "后续改进成果的归属与分享", "K-13": "权利保证与第三方侵权",
    "K-14": "违约责任", "K-15": "争议解决", "K-16": "现有许可、质押、保全、无效情况的披露",
    "K-17": "年费缴纳与专利权维持", "K-18": "不得非法垄断技术的约定",
}  # fmt: skip
