"""What the step that reports a royalty statement asks for. Products come as lines of text, or as JSON rows."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from rules.money import MoneyError, parse_yuan
from rules.royalty import DEDUCTIONS, Sold
from rules.text import normalize
from states.payload_fields import Day, Line, OptionalNote, Payload, asked, label, optional

MOST_PRODUCTS = 200
LARGEST_FEN = 10**14
NOTHING_SOLD = frozenset({"无", "无销售", "none", "0"})
_NAMES = {zh: kind for kind, (zh, _) in DEDUCTIONS.items()}
_AMOUNT = r"(?P<amount>[¥￥]?[-−]?[\d,.]+[万亿]?元?)"
_DEDUCTION = re.compile(rf"[，,；;、|\s]*(?P<kind>{'|'.join(_NAMES)})[：:＝=\s]*{_AMOUNT}")
_SALES = re.compile(rf"^(?P<name>.*?\S)[\s：:|，；;]+(?:销售总?额[：:\s]*)?{_AMOUNT}$")
_HINT = "写作“产品 销售额”，有扣除的接着写“退货 金额”等。"


class StatementError(ValueError):
    """A line of a statement that cannot be read; `reason` names the line and says how to write it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _number(value: Any) -> Any:
    if isinstance(value, str):
        found = re.fullmatch(r"第?(\d{1,3})期?", normalize(value))
        return int(found[1]) if found else value
    return value


def _text(value: Any) -> Any:
    """Return rows as the text that says the same."""
    if isinstance(value, list | tuple):
        return "\n".join(_row_text(row) for row in value)
    return "\n".join(filter(None, map(normalize, value.splitlines()))) if isinstance(value, str) else value


def _row_text(row: Any) -> str:
    if not isinstance(row, Mapping) or not isinstance(row.get("gross_fen"), int):
        return str(row)
    off = row.get("deducted") or {}
    taken = "".join(f" {DEDUCTIONS[kind][0]} {_yuan(fen)}" for kind, fen in off.items() if kind in DEDUCTIONS)
    return f"{row.get('name', '')} {_yuan(row['gross_fen'])}{taken}"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


class ReportRoyalty(Payload):
    """The statement of one period, as the other side handed it in; once more for a period corrects it."""

    period: Annotated[int, BeforeValidator(_number), Field(ge=1, le=400)] = Field(
        json_schema_extra=label(
            "计费周期",
            "Period",
            "select",
            "第几期；再次登记同一期的，为更正报表",
            "A second statement corrects the first",
        )
    )
    products: Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=20_000)] = Field(
        json_schema_extra=label(
            "各产品销售额和扣除", "Sales and deductions", "textarea",
            "每行一个产品：名称 销售额 扣除项目 金额，例如：隔膜 120万元 退货 3万元 运输费 5000。扣除项目："
            f"{'、'.join(_NAMES)}。没有销售的填“无”",
            "One product a line: name, sales, then deductions with their amounts; 'none' if nothing was sold",
        )
    )  # fmt: skip
    reported_on: Day = asked("收到报表日期", "Received on", "date")
    evidence: Line = asked("报表编号或存放位置", "Evidence")
    note: OptionalNote = optional(
        "更正原因", "Reason of the correction", "textarea", "更正已登记的报表时填写", "When it corrects one"
    )

    @field_validator("products")
    @classmethod
    def _check_products(cls, text: str) -> str:
        read_products(text)
        return text

    @property
    def sold(self) -> tuple[Sold, ...]:
        """What was sold, product by product."""
        return read_products(self.products)


def read_products(text: str) -> tuple[Sold, ...]:
    """Read the lines of a statement.

    Raises: StatementError naming the first line that cannot be read.
    """
    if text.strip().lower() in NOTHING_SOLD:
        return ()
    lines = [line for line in map(normalize, text.splitlines()) if line]
    if len(lines) > MOST_PRODUCTS:
        raise StatementError(
            f"最多填写 {MOST_PRODUCTS} 行产品，现有 {len(lines)} 行。请合并后登记，明细留存备查。"
        )
    return tuple(_product(number, line) for number, line in enumerate(lines, 1))


def _product(number: int, line: str) -> Sold:
    deducted: dict[str, int] = {}
    for found in _DEDUCTION.finditer(line):
        kind = _NAMES[found["kind"]]
        deducted[kind] = deducted.get(kind, 0) + _fen(number, found["amount"])
    rest = _SALES.match(_DEDUCTION.sub("", line).strip("，,；;、| "))
    if rest is None:
        raise StatementError(f"第{number}行“{line[:40]}”读不懂。{_HINT}")
    return Sold(rest["name"].rstrip("：:|，；; "), _fen(number, rest["amount"]), deducted)


def _fen(number: int, text: str) -> int:
    try:
        fen = parse_yuan(text)
    except MoneyError as error:
        raise StatementError(f"第{number}行：{error.reason}") from error
    if fen > LARGEST_FEN:
        raise StatementError(f"第{number}行：金额“{text}”超过一万亿元，请核对单位。")
    return fen
