"""Check before rendering that every character can be printed.

In: texts by the name of their place. Out: nothing, or a `MissingGlyph` that names character and place. One
missing character would print as an empty box and also spoil text extraction of the whole document.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from contracts.fonts.build import default_folder, prepare

_BLANKS = frozenset("\n\t\r ")
# They print nothing and turn the words behind them around, so that a page says what its data does not.
# Source: Unicode Standard Annex #9, §2
_TURNING = frozenset({0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)})


class MissingGlyph(ValueError):
    """A character that no font of the product has; the Chinese text says where and what to do."""

    def __init__(self, character: str, field: str) -> None:
        self.character = character
        self.codepoint = f"U+{ord(character):04X}"
        self.field = field
        super().__init__(
            f"“{field}”中的字符“{character}”（{self.codepoint}）没有可用字形，无法打印。"
            "请核对是否录入有误；确为生僻字的，请联系管理员安装含有该字的字体。"
        )


def _is_private(code: int) -> bool:
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000


@lru_cache(maxsize=4)
def covered(folder: Path) -> frozenset[int]:
    """Return the code points that the fonts of a folder can print.

    Private-use code points do not count, although a font draws something there: what they mean is not fixed. Nor do
    those that change the direction of the text.
    """
    ranges = json.loads((prepare(folder) / "coverage.json").read_text(encoding="utf-8"))
    codes = (code for first, last in ranges for code in range(first, last + 1))
    return frozenset(code for code in codes if not _is_private(code) and code not in _TURNING)


def check_glyphs(strings: Mapping[str, str], folder: Path | None = None) -> None:
    """Check every character of every text.

    Raises: MissingGlyph for the first character that cannot be printed.
    """
    known = covered(folder or default_folder())
    for field, text in strings.items():
        for character in text:
            if ord(character) not in known and character not in _BLANKS:
                raise MissingGlyph(character, field)
