"""Writes the sample patents as the list that an officer would have: Chinese header, several separators, prefixes."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter

from exchange.sample_patents import SamplePatent
from rules.identifiers import KIND_ZH, display_number

HEADER = (
    "序号", "专利号", "专利名称", "专利类型", "申请日", "授权公告日", "授权公告号", "专利权人", "发明人", "IPC分类号",
    "所属学院", "法律状态",
)  # fmt: skip
STATUS_WORDS = {
    "pending": "审中",
    "in_force": "有效",
    "in_grace": "年费滞纳期",
    "lapsed": "失效",
    "expired": "期限届满",
}
SEPARATORS = (";", "；", "、", "，")


def sample_lines(patents: Sequence[SamplePatent]) -> Iterator[tuple[str, ...]]:
    """Yield the header and one line per patent, spelled as different hands would."""
    yield HEADER
    for number, patent in enumerate(patents, 1):
        shown = display_number(patent.application_no)
        yield (
            str(number),
            (f"ZL{shown}", f"CN{shown}", patent.application_no)[number % 3],
            patent.title,
            KIND_ZH[patent.kind],
            patent.filing_date.strftime(("%Y.%m.%d", "%Y-%m-%d", "%Y/%m/%d")[number % 3]),
            patent.grant_date.isoformat() if patent.grant_date else "",
            patent.publication_no,
            ";".join(patent.owners),
            SEPARATORS[number % 4].join(patent.inventors),
            patent.ipc,
            patent.college,
            STATUS_WORDS[patent.status],
        )


def write_sample_list(path: Path, patents: Sequence[SamplePatent]) -> None:
    """Write the list as a workbook, or as csv in GB18030 as older spreadsheets save it, by the file's ending."""
    if path.suffix == ".csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(sample_lines(patents))
        return
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("专利清单")
        sheet.set_column(1, len(HEADER) - 1, 20)
        sheet.freeze_panes(1, 0)
        for row, cells in enumerate(sample_lines(patents)):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
