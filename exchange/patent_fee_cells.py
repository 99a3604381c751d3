"""What a patent list says of annual fees: the last paid patent year, and the reduction.

In: the text of a cell. Out: a year or a reduction as the record keeps it; or a `FeeCellError` in Chinese.
"""

import re
from functools import lru_cache

from rules.patent_term import YEARS
from rules.text import fold

LONGEST_TERM = max(YEARS.values())
REDUCTIONS = {
    **dict.fromkeys(("85", "85%", "0.85"), "85"),
    **dict.fromkeys(("70", "70%", "0.7", "0.70"), "70"),
    **dict.fromkeys(("0", "0%", "0.0", "无减缴", "不减缴", "未减缴", "不减", "全额", "NONE", "NO"), "none"),
}
_YEAR = re.compile(r"^第?(\d{1,2})(?:\.0+)?(?:年度?)?(?:年费)?$", re.ASCII)


class FeeCellError(ValueError):
    """A cell that cannot be read; `reason` is Chinese and says what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@lru_cache(maxsize=1024)
def paid_year(text: str) -> int:
    """Read the last paid patent year: 8, 第8年, 第8年度.

    Raises: FeeCellError.
    """
    found = _YEAR.match(fold(text))
    year = int(found[1]) if found else 0
    if not 1 <= year <= LONGEST_TERM:
        raise FeeCellError(
            f"应为已缴年费的最后一个专利年度，1 至 {LONGEST_TERM} 的整数，例如 8 或 第8年度；不清楚的留空。"
        )
    return year


@lru_cache(maxsize=1024)
def reduction(text: str) -> str:
    """Read a reduction as lists write it: 85%, 0.7, 不减缴. A cell that says 无 says nothing, like everywhere in a list.

    Raises: FeeCellError, also for the share that is still paid (15%), because nobody can tell the two apart.
    """
    found = REDUCTIONS.get(fold(text))
    if found is None:
        raise FeeCellError(
            "减缴比例只有 85%、70% 和“不减缴”，请填写减去的比例（不是实缴的比例）；不清楚的留空。"
        )
    return found
