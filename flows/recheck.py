"""夜间复核: recomputes provisional dates, then checks the whole record by the second computation."""

import asyncio
from datetime import date, datetime

from prefect import flow
from prefect.artifacts import acreate_table_artifact

from cases.rechecking import recheck as check
from cases.recomputing import recompute
from cases.settings import SHANGHAI
from flows.noted import by_day
from flows.shop import shop


@flow(name="夜间复核", flow_run_name=by_day, persist_result=False)
async def recheck(on: date | None = None) -> dict[str, object]:
    """Recompute and check for one day (today unless named); differences wait on the desk as review items."""
    place = shop()
    now = datetime.now(SHANGHAI)
    day = on or now.date()
    recomputed = await asyncio.to_thread(recompute, place.db, now, day)
    checked = await asyncio.to_thread(check, place.db, now, day)
    row = {
        "日期": day.isoformat(),
        "重算变动": recomputed.moved,
        "复核期限": checked.deadlines,
        "复核专利": checked.patents,
        "不一致": checked.differ,
        "新增复核事项": checked.opened,
    }
    await acreate_table_artifact(key="recheck", table=[row], description="夜间复核结果")
    return {"recomputed": recomputed.as_json(), "checked": checked.as_json()}
