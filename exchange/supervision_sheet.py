"""Writes the figures of the institutions of a city as a workbook: one row an institution, no names of persons."""

import io

import xlsxwriter

from cases.indicators.words import shown
from cases.supervision import COUNTS, Overview
from exchange.fee_list import safe


def supervision_sheet(found: Overview, purpose: str) -> bytes:
    """Return the workbook: figures, events by district, and what it was taken along for."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#DDE6F0"})
    page = book.add_worksheet("各单位情况")
    names = [one.indicator.zh for one in found.indicators]
    page.write_row(0, 0, ["单位", *names, *(zh for zh, _ in COUNTS.values())], head)
    for line, one in enumerate(found.institutions, 1):
        figures = [shown(figure)[0] for figure in one.indicators]
        page.write_row(line, 0, [safe(one.name), *figures, *(one.counts[name] for name in COUNTS)])
    line = len(found.institutions) + 1
    totals = [shown(figure)[0] for figure in found.indicators]
    page.write_row(line, 0, ["合计", *totals, *(found.counts[name] for name in COUNTS)], head)
    page.set_column(0, 0, 30)
    page.set_column(1, len(names) + len(COUNTS), 14)
    page.freeze_panes(1, 1)
    districts = book.add_worksheet("区县活动场次")
    districts.write_row(0, 0, ["区县", "本年已举办场次", "是否达到1场次"], head)
    for line, (name, count) in enumerate(found.districts.items(), 1):
        districts.write_row(line, 0, [safe(name or "未填区县"), count, "是" if count else "否"])
    about = book.add_worksheet("说明")
    about.write_column(
        0, 0, [f"年度：{found.year}", f"用途：{purpose}", "只含同意提供数据的单位的汇总数，不含个人信息"]
    )
    about.set_column(0, 0, 60)
    book.close()
    return target.getvalue()
