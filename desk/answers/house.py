"""The institution's own templates, as all doors show them: begun, checked, tried on made-up cases."""

from dataclasses import replace
from pathlib import Path

from cases.errors import Invalid, NotFound
from contracts.documents import build_job
from contracts.house.check import Checked, check_house
from contracts.house.reading import SETTINGS
from contracts.jobs import RenderJob
from contracts.kinds import UnknownDocument
from contracts.library.choosing import clauses_of
from contracts.library.entries import TABLE
from contracts.library.shelf import HOME
from contracts.modes import MODES
from contracts.view import CaseView
from desk.sample_views import sample_view, sample_views
from rules.pack_faults import Fault

SAMPLE = ("general", "notice")  # The clause that a new folder begins with.
_BEGUN = """\
# 单位模板。修改后运行 panhuo templates check 本文件夹；没有写的项目沿用产品的样式。
[house]
title = "本单位文书模板"
version = "1"

[letterhead]            # 本单位自制文书的信头；官方表格不加信头
# name = "××大学技术转移中心"
# name_en = "Technology Transfer Office"
# lines = ["地址：……　电话：……"]
# logo = "logo.png"     # 放在本文件夹内，PNG或JPEG，不超过1MB
papers = ["publicity_notice", "approval_form"]

[numbering]
# 合同编号规则：{way}转化方式代号 {year}年份 {serial:03}流水号 {case}案件编号
# contract = "XX-{way}-{year}-{serial:03}"

[styles]                # 合同的字体、字号（十分之一磅）、行距（百分比）、颜色和页边距（毫米）
# body = "song"         # song 宋体，fangsong 仿宋（须安装字体）
# headings = "hei"      # hei 黑体，song 宋体
# size_tenth_pt = 110
# line_percent = 162
# accent = "#000000"
# margins = { top = 28, right = 25, bottom = 24, left = 28 }
"""
_ENTRY = """\
# 登记本文件夹中每一份条款文本：版本、启用日期、修改原因和法律依据。修改文本时，旧版另存为 名称@版本号.txt。
[{id}]
basis = ["民法典"]
versions = [{{ n = 1, on = 2026-01-01, reason = "本单位格式条款" }}]
"""


def begin_house(folder: Path) -> None:
    """Write a new folder that can be used as it is: settings with notes, and one clause to change.

    Effects: writes the folder.
    """
    place, id_ = SAMPLE
    (folder / place).mkdir(parents=True)
    (folder / SETTINGS).write_text(_BEGUN, encoding="utf-8")
    (folder / place / f"{id_}.txt").write_text(
        (HOME / place / f"{id_}.txt").read_text(encoding="utf-8"), encoding="utf-8"
    )
    (folder / place / TABLE).write_text(_ENTRY.format(id=id_), encoding="utf-8")


def faults_in(folder: Path) -> tuple[Fault, ...]:
    """Return everything that keeps a folder from being used."""
    return check_house(folder, sample_views()).faults


def checked(folder: Path) -> Checked:
    """Check a folder, and return what it holds as far as it can be read."""
    return check_house(folder, sample_views())


def preview_view(folder: Path, mode: str) -> CaseView:
    """Return the made-up case of a mode as the templates of a folder would have it.

    Raises: NotFound for a mode that does not exist; Invalid with every fault of the folder.
    """
    if mode not in MODES:
        raise NotFound(f"没有名为“{mode}”的转化方式，可选：{'、'.join(MODES)}", f"no mode '{mode}'")
    found = checked(folder)
    if found.faults or found.library is None:
        raise Invalid(
            "单位模板有误，不能预览", {"house": "\n".join(map(str, found.faults))}, "faulty templates"
        )
    return replace(sample_view(mode), clauses=clauses_of(MODES[mode], found.library), house=found.house)


def preview_job(folder: Path, mode: str, kind: str, fonts: Path) -> RenderJob:
    """Return the render job of a made-up document.

    Raises: as `preview_view`; NotFound for a kind of document that the mode does not have.
    """
    view = preview_view(folder, mode)
    try:
        return build_job(kind, view, fonts)
    except UnknownDocument as error:
        known = "、".join(MODES[mode].documents)
        raise NotFound(f"该转化方式没有文书“{kind}”，可选：{known}", f"no document '{kind}'") from error
