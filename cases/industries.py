"""The strategic emerging industries 战略性新兴产业: the list that profiles, demands and enterprises share.

The nine heads are those of the national classification of 2018. Which classes of the International Patent
Classification belong to a head is a proposal of this product, for a person to confirm; the official table of
correspondence was not seen.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Industry(NamedTuple):
    """One industry: its names, and the beginnings of IPC symbols from which it is proposed."""

    zh: str
    en: str
    ipc: tuple[str, ...]


def _industry(zh: str, en: str, ipc: str) -> Industry:
    return Industry(zh, en, tuple(ipc.split()))


INDUSTRIES: Mapping[str, Industry] = {
    "information": _industry(
        "新一代信息技术", "Next-generation information technology", "G06 G11 G16 H03 H04 H10 H01L G09 H05K"
    ),
    "equipment": _industry(
        "高端装备制造", "High-end equipment", "B23 B25J B21 B24 B64 B61 B63 G05 F15 F16 B65G B66 F01D"
    ),
    "materials": _industry(
        "新材料", "New materials", "C01 C03 C04 C08 C09 C22 C23 C30 B22 B32 D01 D06 B82 B28 B29"
    ),
    "biology": _industry("生物", "Biology and medicine", "A61 C07 C12 C40 A01H G01N33 A23 A01N C05"),
    "vehicles": _industry("新能源汽车", "New-energy vehicles", "B60L B60K B60W H01M B60R B62D H02J7"),
    "energy": _industry("新能源", "New energy", "F03D H02S F24S H02J G21 C10B C10L F03B H01L31 H02K"),
    "conservation": _industry(
        "节能环保", "Energy conservation and environment", "B01 C02 B09 F23 F24 F25 F28 E02 B03 F27"
    ),
    "digital": _industry("数字创意", "Digital creativity", "G06T H04N A63F G10 G02B27 G03"),
    "services": _industry("相关服务", "Related services", "G06Q"),
}
NAMES: Mapping[str, tuple[str, str]] = {code: (one.zh, one.en) for code, one in INDUSTRIES.items()}
_BY_LENGTH = sorted(
    ((symbol, code) for code, one in INDUSTRIES.items() for symbol in one.ipc),
    key=lambda pair: (-len(pair[0]), pair),
)


def proposed(ipc: str) -> str:
    """Return the industry that the first class of a patent points to, by the longest beginning; empty if none does.

    `ipc` is one symbol or several, as the record keeps them (`H01M50/403; C08J5/18`).
    """
    symbol = ipc.replace(" ", "").upper()
    return next((code for beginning, code in _BY_LENGTH if symbol.startswith(beginning)), "")


def known(codes: Iterable[str]) -> tuple[str, ...]:
    """Return those codes that are on the list, in its order, each once."""
    given = frozenset(codes)
    return tuple(code for code in INDUSTRIES if code in given)
