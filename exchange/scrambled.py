"""Recognizes Chinese text that was saved in a wrong encoding, so that it is refused and never stored."""

import re

_LOST = re.compile("\ufffd|锟斤拷|烫烫烫")
_HIGH_PAIRS = re.compile(r"^(?:[\x00-\x7f]*(?:[\xa1-\xff]{2}){2,})+[\x00-\x7f]*$")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff01-\uffe5“”‘’·—…]")
_WESTERN = ("cp1252", "latin-1")


def why_scrambled(text: str) -> str:
    """Return in Chinese why a text is taken for scrambled, with what it may have been; blank if it is not."""
    if text.isascii():
        return ""
    if _LOST.search(text):
        return "文字已损坏（导出时丢字）。请从原系统重新导出为 xlsx。"
    meant = unscrambled(text)
    return f"文字是乱码，可能是“{meant[:40]}”。请用正确的编码重新导出，或另存为 xlsx。" if meant else ""


def unscrambled(text: str) -> str:
    """Return what a scrambled text was, or a blank if it does not look scrambled."""
    for encoding in ("gb18030", *_WESTERN):
        meant = _turned(text, encoding, "utf-8")
        if meant and _is_chinese(meant):
            return meant
    if _HIGH_PAIRS.match(text):
        meant = _turned(text, "latin-1", "gb18030")
        return meant if _is_chinese(meant) else ""
    return ""


def _turned(text: str, taken_for: str, encoding: str) -> str:
    try:
        return text.encode(taken_for).decode(encoding)
    except UnicodeError:
        return ""


def _is_chinese(text: str) -> bool:
    foreign = [char for char in text if not char.isascii()]
    return bool(foreign) and all(map(_CHINESE.match, foreign))
