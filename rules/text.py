"""Text as people type it and as spreadsheets hold it, made comparable.

In: any text. Out: text without full-width letters and digits, without invisible characters and without
surplus blanks. Chinese punctuation stays as it is, because titles and names are printed from this text.
"""

import unicodedata

_CHINESE_PUNCTUATION = frozenset("！，：；？（）～")
_FULL_WIDTH = {
    code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _CHINESE_PUNCTUATION
}
_HALF_WIDTH_STOPS = {ord("｡"): "。", ord("､"): "、", ord("｢"): "「", ord("｣"): "」"}
_TABLE = _FULL_WIDTH | _HALF_WIDTH_STOPS
# Characters newer than Python's own tables count as unassigned (Cn); names are written with them, so they stay.
_INVISIBLE = frozenset({"Cf", "Cs"})


def normalize(text: str) -> str:
    """Return the text in the one form that is stored and compared.

    Full-width letters, digits and signs become ASCII, Chinese punctuation stays Chinese; control, zero-width
    and byte-order characters go; every run of white space, also a line break, becomes one blank.
    """
    folded = unicodedata.normalize("NFC", text).translate(_TABLE)
    if not folded.isprintable():  # then it holds controls, invisible characters or other white space
        folded = "".join(filter(None, map(_visible, folded)))
    return " ".join(folded.split())


def fold(text: str) -> str:
    """Return the text for reading numbers out of it: NFKC, upper case, no blanks, nothing invisible."""
    return unicodedata.normalize("NFKC", normalize(text)).replace(" ", "").upper()


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    category = unicodedata.category(char)
    return "" if category == "Cc" or category in _INVISIBLE else char
