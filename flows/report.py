"""统计报告: how the organizations' cases, deadlines and labels stand."""

import asyncio

from prefect import flow
from prefect.artifacts import acreate_table_artifact

from cases.figures import figures
from flows.shop import shop


@flow(name="统计报告", persist_result=False)
async def report() -> list[dict[str, object]]:
    """Count cases by stage, open and overdue deadlines and platform labels, per organization."""
    rows = await asyncio.to_thread(figures, shop().db, shop().clock())
    await acreate_table_artifact(key="report", table=rows, description="案件与期限统计")
    return rows
