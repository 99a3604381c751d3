"""The list of a library as a file to take along: one patent a line, with its profile and its standing in each pool."""

import io
from collections.abc import Iterable, Iterator, Sequence

import xlsxwriter

from cases.industries import NAMES as INDUSTRY_NAMES
from cases.patents import STATUS_ZH
from cases.pool_views import PoolRow
from cases.profile_fields import (
    DISPOSALS,
    GRADES,
    IMPLEMENTATIONS,
    MATURITIES,
    POOL_NAMES,
    PROSPECTS,
    STANDING_NAMES,
    WILLINGNESS,
    Words,
)
from exchange.sheets import Cell, csv_file

HEADER = (
    "专利号", "发明创造名称", "类型", "法律状态", "申请日", "授权公告日", "授权公告号", "专利权人", "发明人", "院系",
    "分类号", "等级", "分类", "产业领域", "技术成熟度", "产业化前景", "应用场景", "转化意愿", "实施情况", "自评分",
    "集中评价分", "企业评价分", "复核日期", "处置方式", *(zh for zh, _ in POOL_NAMES.values()),
)  # fmt: skip
MOST_ROWS = 50_000


def lines_of(rows: Iterable[PoolRow]) -> Iterator[tuple[Cell, ...]]:
    """Yield the cells of each patent under `HEADER`."""
    for row in rows:
        patent, profile = row.patent, row.profile
        yield (
            patent.patent_no if patent.status != "pending" else patent.display_no, patent.title, patent.kind_zh,
            STATUS_ZH[patent.status], _day(patent.filing_date), _day(patent.grant_date), patent.publication_no,
            "；".join(patent.owners), "；".join(patent.inventors), patent.college, patent.ipc, _zh(GRADES, profile.grade),
            profile.patent_class, _all(INDUSTRY_NAMES, profile.industry), _zh(MATURITIES, profile.maturity),
            _zh(PROSPECTS, profile.prospect), profile.scenario, _all(WILLINGNESS, profile.willingness),
            _zh(IMPLEMENTATIONS, profile.implementation), profile.self_score, profile.central_score,
            profile.enterprise_score, _day(profile.review_on), _zh(DISPOSALS, profile.disposal),
            *(_standing(row, pool) for pool in POOL_NAMES),
        )  # fmt: skip


def file_of(kind: str, rows: Iterable[PoolRow]) -> bytes:
    """Return the list as `csv` or `xlsx`."""
    return csv_file(HEADER, lines_of(rows)) if kind == "csv" else _workbook(lines_of(rows))


def _workbook(lines: Iterable[Sequence[Cell]]) -> bytes:
    held = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    book = xlsxwriter.Workbook(held, options)
    sheet, bold = book.add_worksheet("专利"), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(HEADER) - 1, 14)
    sheet.set_column(1, 1, 40)
    for place, title in enumerate(HEADER):
        sheet.write_string(0, place, title, bold)
    for number, line in enumerate(lines, 1):
        for place, cell in enumerate(line):
            if isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif cell:
                sheet.write_string(number, place, cell)
    book.close()
    return held.getvalue()


def _zh(words: Words, code: str) -> str:
    return words[code][0] if code in words else ""


def _all(words: Words, codes: Iterable[str]) -> str:
    return "；".join(words[code][0] for code in codes)


def _day(value: object) -> str:
    return str(value) if value else ""


def _standing(row: PoolRow, pool: str) -> str:
    found = row.standings.get(pool)
    return f"{STANDING_NAMES[found.status][0]} {found.on}" if found else ""
