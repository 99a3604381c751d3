"""Takes lists of persons and of owners apart, whatever stands between the names.

Semicolons, line breaks, tabs and bars always separate, and so does `??`, which is what a lost blank behind a
semicolon turns into. The ideographic comma, the comma, the slash and the blank separate only where they
cannot be part of a name: owners carry them inside their names (附属第二医院、附属育英儿童医院), foreign inventors too.
"""

import re
from functools import lru_cache

from rules.text import normalize

_ALWAYS = re.compile(r"[;；|｜\n\r\t\v\f\u2028\u2029]+|\?\?+|？？+")
_COMMAS = re.compile(r"[、,，/]+")
_ORDER = re.compile(r"^(?:\d{1,2}[.．、)）]|[(（]\d{1,2}[)）])\s*")
_LEGAL_FORM = re.compile(
    r"^(?:有限责任合伙企业|有限合伙|有限责任公司|有限公司|股份有限公司|(?:CO|INC|LTD|LLC|L\.P|S\.A|CORP)\.*)$",
    re.I,
)
_WHOLE_NAME = re.compile(r"^[\u3400-\u9fff（）()]{2,}(?:大学|公司|医院|研究院|研究所|学院|集团|中心)$")
_COMPOUND_SURNAMES = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "令狐",
        "慕容",
        "司徒",
        "夏侯",
        "宇文",
        "长孙",
        "端木",
    )
)
_LOST = re.compile(r"[?\ufffd□■〓]")
_BRACKETS = {"(": 1, "（": 1, ")": -1, "）": -1}
_USUAL = re.compile(r"[\u3400-\u9fff]{2,4}(?:;[\u3400-\u9fff]{2,4})*;?").fullmatch
_EDGE = " ;；,，、/?？\u2002"


class LostCharacter(ValueError):
    """A name with a character that got lost on the way; `reason` is Chinese and says what to do."""

    def __init__(self, name: str) -> None:
        self.reason = f"“{name}”中有丢失的字（导出时变成了问号或方框）。请按证书补上正确的字。"
        super().__init__(self.reason)


def split_persons(text: str) -> tuple[str, ...]:
    """Return the persons named in a cell, each once, in order.

    Raises: LostCharacter if a character of a name is lost.
    """
    if _USUAL(text):
        return tuple(dict.fromkeys(text.rstrip(";").split(";")))
    names: list[str] = []
    for part in _ALWAYS.split(text):
        part = _ORDER.sub("", part.strip())
        pieces = _COMMAS.split(part) if _has_han(part) else [part]
        for piece in pieces:
            names.extend(_by_blanks(normalize(piece).strip(_EDGE)))
    return _distinct(names)


@lru_cache(maxsize=8192)
def split_owners(text: str, has_commas: bool) -> tuple[str, ...]:
    """Return the owners named in a cell, each once, in order.

    `has_commas` says whether 、 and commas separate owners in this list; they never do inside brackets.

    Raises: LostCharacter if a character of a name is lost.
    """
    names: list[str] = []
    for part in _ALWAYS.split(text):
        for piece in _outside_brackets(part) if has_commas and _has_han(part) else [part]:
            name = normalize(piece).strip(_EDGE)
            words = name.split(" ")
            names.extend(words if len(words) > 1 and all(map(_is_whole_name, words)) else [name])
    return _distinct(names)


def uses_semicolons(cells: list[str]) -> bool:
    """Whether a column separates its names by semicolons, so that commas belong to the names."""
    return any(_ALWAYS.search(cell) for cell in cells)


def _is_whole_name(word: str) -> bool:
    return bool(_WHOLE_NAME.match(word)) and not word.endswith("科学院")


def _outside_brackets(text: str) -> list[str]:
    pieces, depth = [""], 0
    for char in text:
        depth = max(0, depth + _BRACKETS.get(char, 0))
        if depth == 0 and _COMMAS.match(char):
            pieces.append("")
        else:
            pieces[-1] += char
    joined: list[str] = []
    for piece in pieces:
        if joined and _LEGAL_FORM.match(piece.strip()):
            joined[-1] += f",{piece.strip()}"
        else:
            joined.append(piece)
    return joined


def _by_blanks(name: str) -> list[str]:
    """Split 张三 李四 at the blank, close 张 三 up, and leave Latin names whole."""
    words = name.split(" ")
    if len(words) == 1 or not all(map(_is_han, words)):
        return [_ORDER.sub("", name)]
    names: list[str] = []
    run = ""
    for word in [*words, ""]:
        if len(word) == 1:
            run += word
            continue
        if run and len(run) == 1 and names and names[-1] in _COMPOUND_SURNAMES:
            names[-1] += run
        elif run and len(run) == 1 and 0 < len(word) < 3:
            word = run + word
        elif run:
            names.extend(run[at : at + 2] for at in range(0, len(run), 2)) if len(
                run
            ) % 2 == 0 else names.append(run)
        run = ""
        if word:
            names.append(word)
    return names


def _distinct(names: list[str]) -> tuple[str, ...]:
    kept = tuple(dict.fromkeys(name for name in names if name))
    for name in kept:
        if _LOST.search(name):
            raise LostCharacter(name)
    return kept


def _has_han(text: str) -> bool:
    return any(char >= "\u3400" for char in text)


def _is_han(word: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" or char >= "\U00020000" for char in word)
