"""退信读取: looks into the mailbox for letters that came back, every hour where such a mailbox is set."""

import asyncio

from prefect import flow

from exchange.bounces import read_mailbox
from flows.noted import noted
from flows.shop import shop


@flow(name="退信读取", persist_result=False)
async def bounces() -> dict[str, int]:
    """Mark the letters that the notices in the mailbox are about."""
    place = shop()
    async with noted("退信读取") as run:
        report = await asyncio.to_thread(read_mailbox, place.db, place.settings, place.clock())
        run.result = report.zh
    return report.as_json()
