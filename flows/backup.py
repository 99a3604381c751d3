"""每夜备份: the backup that the settings ask for; nothing if they ask for none."""

import asyncio
from datetime import date, datetime

from prefect import flow

from cases.settings import SHANGHAI
from exchange.backup import wanted_backup
from flows.noted import by_day, noted
from flows.shop import shop


@flow(name="每夜备份", flow_run_name=by_day, persist_result=False)
async def nightly_backup(on: date | None = None) -> str:
    """Back up if `PANHUO_BACKUP_KEEP` says how many backups to keep."""
    place = shop()
    if not place.settings.watched.keep:
        return ""
    day = on or datetime.now(SHANGHAI).date()
    async with noted("每夜备份", day.isoformat()) as run:
        run.result = await asyncio.to_thread(wanted_backup, place.db, place.settings, place.clock())
    return run.result
