"""Why a field was refused, in the reader's language: reasons that carry what was typed, or a limit, have holes.

In: the Chinese reason, as the record gives it. Out: the same in English, if that is asked for and known here or in the
catalogue; otherwise the Chinese reason stays.
"""

import re
from functools import cache

from desk.web.i18n import Words
from desk.web.terms_reasons import TERMS_REASONS

_DAY = "请写成 2019-07-09 这样的年月日。"
_DAY_EN = "Write it like 2019-07-09."
_AMOUNT = "请填写以元为单位的金额，例如 1,200,000.50 或 120万。"
_AMOUNT_EN = "Enter an amount in yuan, for instance 1,200,000.50."
REASONS: tuple[tuple[str, str], ...] = (
    (
        "第{n}行“{shown}”读不懂。写作“产品 销售额”，有扣除的接着写“退货 金额”等。",
        "Line {n}, '{shown}', cannot be read. Write product and sales, then each deduction with its amount.",
    ),
    (
        "最多填写 {n} 行产品，现有 {m} 行。请合并后登记，明细留存备查。",
        "At most {n} lines of products, not {m}. Put some together and keep the details on file.",
    ),
    (
        "第{n}行：金额“{shown}”超过一万亿元，请核对单位。",
        "Line {n}: the amount '{shown}' is more than a trillion yuan. Check the unit.",
    ),
    ("没有这个填写项，请删除", "there is no such field; take it out"),
    ("应填写文字", "must be a text"),
    ("应为是或否", "must be yes or no"),
    ("应填写数字", "must be a number"),
    ("应为整数", "must be a whole number"),
    ("数字过大", "the number is too large"),
    ("请填写，至少{n}个字", "enter at least {n} characters"),
    ("内容过长，最多{n}个字", "too long, {n} characters at most"),
    ("应大于{n}", "must be more than {n}"),
    ("不能大于{n}", "must not be more than {n}"),
    ("不能小于{n}", "must not be less than {n}"),
    ("请选择：{options}", "choose one of the list"),
    (f"日期为空。{_DAY}", f"No date. {_DAY_EN}"),
    (
        "“{shown}”是电子表格的日期序列号。请把该列设为“日期”或“文本”格式后重新导出。",
        "'{shown}' is a spreadsheet's day number; format the column as a date and export it again",
    ),
    (f"“{{shown}}”的年份不是四位。{_DAY}", f"The year of '{{shown}}' has not four digits. {_DAY_EN}"),
    (f"“{{shown}}”不是可识别的日期。{_DAY}", f"'{{shown}}' is no date. {_DAY_EN}"),
    (
        f"“{{shown}}”的年份超出范围（{{first}} 至 {{last}}）。{_DAY}",
        f"The year of '{{shown}}' is not between {{first}} and {{last}}. {_DAY_EN}",
    ),
    ("“{shown}”不存在这一天。请核对月份和日期后修改。", "There is no day '{shown}'. Check month and day."),
    (f"金额为空。{_AMOUNT}", f"No amount. {_AMOUNT_EN}"),
    ("金额“{shown}”为负数。金额不能小于零，请核对后修改。", "The amount '{shown}' is negative."),
    (f"“{{shown}}”是科学计数法，可能已丢失位数。{_AMOUNT}", f"'{{shown}}' may have lost digits. {_AMOUNT_EN}"),
    (f"“{{shown}}”不是可识别的金额。{_AMOUNT}", f"'{{shown}}' is no amount. {_AMOUNT_EN}"),
    (f"“{{shown}}”位数过多。{_AMOUNT}", f"'{{shown}}' has too many digits. {_AMOUNT_EN}"),
    ("金额“{shown}”不足一分。金额最多精确到分（两位小数），请修改。", "'{shown}' is finer than a fen (two decimals)."),
    (
        "金额“{shown}”超过 9999 亿元的上限，请核对单位是元还是万元。",
        "'{shown}' is more than 999.9 billion yuan. Check the unit.",
    ),
)  # fmt: skip


def reason(words: Words, text: str) -> str:
    """Return a Chinese reason in the reader's language."""
    if words.language == "zh" or (told := words(text)) != text:
        return words(text)
    for pattern, english in _patterns():
        if found := pattern.fullmatch(text):
            return english.format(**found.groupdict())
    return told


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_pattern(chinese), english) for chinese, english in (*TERMS_REASONS, *REASONS))


def _pattern(chinese: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", chinese)
    return re.compile(
        "".join(f"(?P<{part}>.*?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)),
        re.DOTALL,
    )
