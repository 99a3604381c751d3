"""Chinese numbers of articles and items, written out as text so that no edit renumbers a contract silently."""

_DIGITS = "零一二三四五六七八九"


def chinese_number(n: int) -> str:
    """Write 1 to 99 as Chinese: 十六, 二十一.

    Raises: ValueError outside that range.
    """
    if not 1 <= n <= 99:
        raise ValueError(f"no Chinese number for {n}")
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return head + (_DIGITS[ones] if ones else "")


def article_number(n: int) -> str:
    """Write the number of an article: 第十六条."""
    return f"第{chinese_number(n)}条"


def annex_number(n: int) -> str:
    """Write the number of an annex: 附件三."""
    return f"附件{chinese_number(n)}"


def item_number(n: int) -> str:
    """Write the number of an item: （三）."""
    return f"（{chinese_number(n)}）"
