"""Writes a fee forecast as a spreadsheet: csv for Excel (UTF-8 with BOM), or a workbook.

Texts that a spreadsheet would take for a formula are written with an apostrophe in front; numbers of patents are
written as patent numbers, which no spreadsheet rounds. Amounts are yuan. Nothing is left out: patents without a
row stand at the end, each with the reason.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from secrets import token_hex

import xlsxwriter

from rules.fee_forecast import NOTES, PAYERS, REASONS, Forecast, ForecastRow
from rules.patent_numbers import KIND_ZH, display_number

ROW_HEADER = (
    "缴费月份", "专利号", "名称", "类型", "专利年度", "缴费期限届满日", "推算缴费日", "全额年费（元）", "减缴",
    "应缴年费（元）", "滞纳金（元）", "滞纳金比例", "合计（元）", "缴费人", "说明",
)  # fmt: skip
SUM_HEADER = ("月份", "缴费人", "件数", "年费（元）", "滞纳金（元）", "合计（元）")
REDUCTION_ZH = {"none": "不减缴", "70": "70%", "85": "85%", "open_license": "开放许可15%"}
LEFT_OUT_ZH = "未计入"
MOST_LINES = 1_000_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "＝", "＋", "－", "＠")
Cell = str | int | Decimal


def patent_no(number: str) -> str:
    """Return an application number of the record as a patent number: ZL202010100001.9."""
    return f"ZL{display_number(number)}"


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if is_formula_like(text) else text


def is_formula_like(text: str) -> bool:
    """Say whether a spreadsheet would take a text for a formula."""
    return text.lstrip(" \u3000").startswith(_FORMULA)


def lines_of(found: Forecast) -> Iterator[tuple[Cell, ...]]:
    """Return one line per fee in the order of ROW_HEADER, then the patents that were left out."""
    for row in found.rows:
        yield _line(row)
    for out in found.left_out:
        zh = f"{LEFT_OUT_ZH}：{REASONS[out.reason][0]}"
        yield (LEFT_OUT_ZH, patent_no(out.number), out.title, *[""] * 11, zh)


def _line(row: ForecastRow) -> tuple[Cell, ...]:
    notes = [NOTES[note][0] for note in row.notes]
    notes += ["已逾期，按推算缴费日计滞纳金"] if row.overdue else []
    notes += ["放假安排未公布，日期为推算"] if row.provisional else []
    if row.surcharge_fen and row.surcharge_payer != row.payer:
        notes.append(f"滞纳金由{PAYERS.get(row.surcharge_payer, PAYERS[''])[0]}承担")
    return (
        row.month, patent_no(row.number), row.title, KIND_ZH.get(row.kind, row.kind), row.year,
        row.due.isoformat(), row.pay_on.isoformat(), _yuan(row.full_fen), REDUCTION_ZH[row.reduction],
        _yuan(row.fee_fen), _yuan(row.surcharge_fen), row.bracket, _yuan(row.total_fen), row.payer_zh,
        "；".join(notes),
    )  # fmt: skip


def sum_lines_of(found: Forecast) -> Iterator[tuple[Cell, ...]]:
    """Return one line per month and payer in the order of SUM_HEADER."""
    for one in found.sums:
        yield (
            one.month, one.payer_zh, one.count, _yuan(one.fee_fen), _yuan(one.surcharge_fen),
            _yuan(one.total_fen),
        )  # fmt: skip


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def write_csv(path: Path, found: Forecast, *, by: str) -> int:
    """Write the forecast by `month` or by `patent` and return the number of lines below the header.

    The file appears whole or not at all.

    Raises: OSError if it cannot be written.
    """
    header, lines = (SUM_HEADER, sum_lines_of(found)) if by == "month" else (ROW_HEADER, lines_of(found))
    count = 0
    with whole_file(path) as target, target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for line in lines:
            writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in line])
            count += 1
    return count


def write_workbook(path: Path, found: Forecast) -> int:
    """Write a workbook with the sums and every fee, and return the number of fees and patents left out.

    The file appears whole or not at all.

    Raises: OSError if it cannot be written.
    """
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    with whole_file(path) as target:
        book = xlsxwriter.Workbook(str(target), {**options, "strings_to_urls": False})
        _sheet(book, "按月汇总", SUM_HEADER, sum_lines_of(found))
        count = _sheet(book, "明细", ROW_HEADER, lines_of(found))
        book.close()
    return count


def _sheet(
    book: xlsxwriter.Workbook, name: str, header: Sequence[str], lines: Iterable[Sequence[Cell]]
) -> int:
    """Write lines under a header, on further sheets beyond a million, and return how many there were."""
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    sheet, count = None, 0
    for line in lines:
        if count % MOST_LINES == 0:
            sheet = _begin(book, f"{name}{count // MOST_LINES + 1 if count else ''}", header, bold)
        if sheet is not None:
            for column, cell in enumerate(line):
                if isinstance(cell, str):
                    sheet.write_string(count % MOST_LINES + 1, column, cell)
                else:
                    how = money if isinstance(cell, Decimal) else None
                    sheet.write_number(count % MOST_LINES + 1, column, cell, how)
        count += 1
    if sheet is None:
        _begin(book, name, header, bold)
    return count


def _begin(
    book: xlsxwriter.Workbook, name: str, header: Sequence[str], bold: xlsxwriter.format.Format
) -> xlsxwriter.worksheet.Worksheet:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, len(header) - 1, 16)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, bold)
    return sheet


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a file beside the wanted one to write to; it takes its place once it is complete."""
    draft = path.with_name(f".{path.name}.{token_hex(4)}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
