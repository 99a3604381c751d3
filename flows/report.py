"""平台反馈批次、月度统计、年度报告: counted and frozen for every institution, or for one. Ids in, one action called."""

import asyncio
from typing import Any

from prefect import flow
from prefect.artifacts import acreate_table_artifact

from cases.periods import KINDS
from exchange.reports.making import TOGETHER, make_reports
from flows.noted import noted
from flows.shop import run_id, shop

FLOWS = {"feedback": "平台反馈批次", "monthly": "月度统计", "yearly": "年度报告", "indicators": "年度报告"}


@flow(name="平台反馈批次", flow_run_name="平台反馈批次 {period}", persist_result=False)
async def feedback_batch(period: str = "", org_id: int | None = None) -> list[dict[str, Any]]:
    """Put what is owed to the national platform into a batch, up to today unless a day is named."""
    return await _made("feedback", period, org_id)


@flow(name="月度统计", flow_run_name="月度统计 {period}", persist_result=False)
async def monthly_report(period: str = "", org_id: int | None = None) -> list[dict[str, Any]]:
    """Count the month before, unless a month is named."""
    return await _made("monthly", period, org_id)


@flow(name="年度报告", flow_run_name="年度报告 {period}", persist_result=False)
async def yearly_report(period: str = "", org_id: int | None = None) -> list[dict[str, Any]]:
    """Count the year before, unless a year is named, and freeze its indicators."""
    return [row for kind in TOGETHER["yearly"] for row in await _made(kind, period, org_id)]


async def _made(kind: str, period: str, org_id: int | None) -> list[dict[str, Any]]:
    place = shop()
    async with noted(FLOWS[kind], period) as run:
        made = await asyncio.to_thread(
            make_reports,
            place.db,
            place.settings,
            kind,
            period,
            place.clock(),
            org_id=org_id,
            flow_run_id=run_id(),
        )
        run.result = f"{len(made)}份"
    rows = [one.as_json() for one in made]
    told = [{**row, "changes": "；".join(row["changes"])} for row in rows]
    await acreate_table_artifact(key=f"report-{kind}", table=told, description=KINDS[kind][0])
    return rows
