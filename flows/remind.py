"""期限提醒: the daily sweep of deadlines. Missed days are caught up by the next one."""

import asyncio
from datetime import date, datetime

from prefect import flow
from prefect.artifacts import acreate_table_artifact

from cases.reminders import remind as sweep
from cases.settings import SHANGHAI
from flows.noted import by_day, noted
from flows.shop import shop


@flow(name="期限提醒", flow_run_name=by_day, persist_result=False)
async def remind(on: date | None = None) -> dict[str, object]:
    """Sweep all open deadlines for one day (today unless named)."""
    place = shop()
    now = datetime.now(SHANGHAI)
    mail = bool(place.settings.smtp_host)
    day = on or now.date()
    async with noted("期限提醒", day.isoformat()) as run:
        report = await asyncio.to_thread(sweep, place.db, day, now, mail=mail)
        run.result = f"提醒{report.reminders}项期限，写出消息{report.messages}条"
    row = {
        "日期": report.on.isoformat(),
        "检查期限": report.examined,
        "提醒": report.reminders,
        "消息": report.messages,
    }
    await acreate_table_artifact(key="remind", table=[row], description="期限提醒结果")
    return report.as_json()
