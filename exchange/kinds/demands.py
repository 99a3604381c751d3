"""Sheets of demands: what companies look for, a row each; a second import of the same row changes nothing."""

from typing import Any

import orjson
from sqlmodel import select

from cases.companies import company_named
from cases.demand_fields import FIELDS, LABELS
from cases.demand_tables import Demand
from cases.demands import write_demand
from cases.industries import NAMES as INDUSTRIES
from cases.trail import hold_org
from exchange.sheet_cells import Choice, Choices, amount, day, long_text, text
from exchange.sheet_kind import Column, Outcome, SheetKind, SheetRow, Work
from states.catalog import MODES

_INDUSTRIES = Choice({zh: code for code, (zh, _) in INDUSTRIES.items()})
_MODES = Choice({mode.zh: slug for slug, mode in MODES.items()})
_COLUMNS = (
    Column("company", ("企业名称", "企业", "需求方", "公司名称", "单位名称", "统一社会信用代码", "company"), text(200),
           required=True, hint="已登记的企业名称或统一社会信用代码", example="启衡新材料股份有限公司"),
    Column("title", ("需求名称", "需求", "需求标题", "技术需求", "难题名称", "title"), text(200), required=True,
           hint="4至200个字", example="锂电池隔膜高温收缩"),
    Column("text", ("需求内容", "需求描述", "需求说明", "技术难题", "具体要求", "text"), long_text,
           hint="写明对象、问题和期望的指标", example="涂覆隔膜一百五十度收缩超标，希望热收缩率低于百分之三"),
    Column("industries", ("产业领域", "所属产业", "行业", "领域", "industry"), Choices(_INDUSTRIES),
           hint="可填多项，用、隔开", example="新材料"),
    Column("region", ("所在地区", "地区", "区县", "region"), text(100)),
    Column("budget_fen", ("预算", "预算（元）", "投入预算", "拟投入资金", "budget"), amount, hint="以元为单位", example="500000"),
    Column("cooperation", ("合作意愿", "合作方式", "cooperation"), text(500)),
    Column("modes", ("意向转化方式", "转化方式", "意向方式", "modes"), Choices(_MODES),
           hint="可填多项，用、隔开", example="普通许可"),
    Column("received_on", ("提出日期", "征集日期", "登记日期", "received_on"), day, hint="留空为导入当日"),
    Column("due_on", ("答复期限", "答复日期", "due_on"), day, hint="留空为提出后十日"),
    Column("source", ("来源", "征集活动", "source"), text(200), example="中小企业技术需求征集"),
)  # fmt: skip


def _write(work: Work, row: SheetRow) -> Outcome:
    company_id = company_named(work.session, work.org_id, row.text("company"))
    hold_org(work.cur, work.org_id)
    key = f"{company_id}:{row.text('title')}"
    query = select(Demand).where(Demand.org_id == work.org_id, Demand.row_key == key)
    known = work.session.exec(query).first()
    said = {name: value for name, value in row.values.items() if name != "company"}
    before = _stored(known) if known else {}
    values = {**before, **said, "company_id": company_id}
    if known is not None and not _changes(known, said):
        return "same"
    made = write_demand(work.session, work.cur, work.person, values, known, today=work.today, now=work.now)
    demand = work.session.get_one(Demand, made)
    demand.row_key = key
    work.session.add(demand)
    work.session.flush()
    return "changed" if known is not None else "added"


def _stored(row: Demand) -> dict[str, Any]:
    return {name: _typed(name, getattr(row, name)) for name in FIELDS}


def _typed(name: str, value: Any) -> Any:
    return orjson.loads(value) if name in ("industries", "modes") else value


def _changes(row: Demand, said: dict[str, Any]) -> bool:
    stored = _stored(row)
    return any(_plain(stored[name]) != _plain(value) for name, value in said.items())


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, (list, tuple)) else value


DEMANDS = SheetKind(
    name="demands", zh="企业需求", en="demands", columns=_COLUMNS, write=_write, key=("company", "title"),
    about_zh=f"登记企业的技术需求。同一企业、同一{LABELS['title']}只登记一次，空白单元格不会清除已登记的内容。",
    about_en="What companies look for. A title is registered once for a company; blank cells never clear what is there.",
)  # fmt: skip
