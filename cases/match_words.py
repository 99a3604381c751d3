"""What matching compares: the words of a Chinese text, its characters, and the things that it names.

Words are told apart by a dictionary, so that 锂离子电池 agrees with 电池; single characters agree where two words share
a stem (清蜡, 防蜡); concepts (`cases.same_words`) agree where two texts have nothing in common.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from rules.text import fold

CHARACTER, CONCEPT = "~", "="
# How much an agreement of each kind counts: the first character of a term tells its kind.
WEIGHTS: Mapping[str, float] = {CHARACTER: 1.5, CONCEPT: 3.0}
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[\u3400-\u9fff]{2,}|[a-z0-9][a-z0-9.+-]*[a-z0-9]|[a-z]")
# What claims and companies say of everything. The rest is left to the rarity of a word among the patents.
_EMPTY = """
一种 方法 装置 系统 及其 应用 制备 用于 基于 其中 包括 具有 可以 进行 以及 一个 我们 我司 公司 企业 希望 想要 需要 寻求 寻找
解决 问题 目前 现有 现在 技术 产品 办法 方案 怎么 怎样 如何 不知 知道 不能 没有 不了 合作 成本 提高 降低 能够 要求 项目 相关
实现 采用 使用 提供 开发 研发 研究 设备 生产 制造 工艺 结构 设计 材料
"""
EMPTY = frozenset(_EMPTY.split())
EMPTY_CHARACTERS = frozenset(
    "种方法装置系统设备制作应的了在是和与及或对于把被让一不有这那我们他她它个中上下能会可以要想用到从为其之"
)


def plain(text: str) -> str:
    """Return a text as it is compared: half-width, lower case, without blanks."""
    return fold(text).lower()


@cache
def _cut() -> object:
    from rjieba import cut_for_search  # noqa: PLC0415  its dictionary takes a moment to load

    return cut_for_search


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a plain text; the same word as often as it stands there."""
    for word in _cut()(text):  # type: ignore[operator]
        if _WORD.fullmatch(word) and word not in EMPTY:
            yield word


def characters_of(text: str) -> Iterator[str]:
    """Yield each Chinese character of a plain text that says something, marked as such."""
    for run in _HAN.findall(text):
        for character in run:
            if character not in EMPTY_CHARACTERS:
                yield CHARACTER + character


def terms_of(text: str) -> frozenset[str]:
    """Return all that a text is compared by, each once."""
    from cases.same_words import concepts_of  # noqa: PLC0415  keeps the tables apart

    folded = plain(text)
    return frozenset(
        (*words_of(folded), *characters_of(folded), *(CONCEPT + name for name, _ in concepts_of(folded)))
    )


def weight_of(term: str) -> float:
    """Return how much an agreement in a term counts beside its rarity."""
    return WEIGHTS.get(term[0], 1.0)
