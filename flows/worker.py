"""The worker: serves the scheduled flows and hands outbox rows on, as long as it lives.

It waits for Prefect's server; until then rows wait in the outbox. It needs no memory of its own: what was
claimed and not finished comes back when the lease runs out.
"""

import asyncio
import logging
import signal
from datetime import UTC, datetime
from typing import Any

from prefect import get_client
from prefect.flows import Flow
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType
from sqlalchemy.exc import SQLAlchemyError

from cases.bulk_making import due_runs
from cases.heartbeats import BEAT, say_state
from flows import bulk
from flows.dispatch import dispatch, drain
from flows.recheck import recheck
from flows.remind import remind
from flows.report import report
from flows.shop import shop

LOG = logging.getLogger("panhuo.worker")
POLL_SECONDS = 0.5
BULK_SECONDS = 2
REST_SECONDS = 300  # What has rendered nothing for so long gives its memory back.
SCHEDULES: tuple[tuple[Flow[..., Any], str, str], ...] = (
    (remind, "每日期限提醒", "0 8 * * *"),
    (dispatch, "出件补扫", "*/15 * * * *"),
    (recheck, "每夜复核", "30 2 * * *"),
    (report, "每月统计报告", "30 7 1 * *"),
)


async def _wait_for_server() -> None:
    while True:
        try:
            async with get_client() as client:
                if await client.api_healthcheck() is None:
                    return
        except Exception as error:
            LOG.debug("Prefect is not up yet: %s", error)
        await asyncio.sleep(0.5)


async def _serve_schedules(runner: Runner) -> None:
    for flow, name, cron in SCHEDULES:
        deployment = await flow.ato_deployment(
            name, schedule=Cron(cron, timezone="Asia/Shanghai"), entrypoint_type=EntrypointType.MODULE_PATH
        )
        await runner.aadd_deployment(deployment)
    await runner.start()


async def _hand_on_forever() -> None:
    while True:
        try:
            await drain()
        except Exception:
            LOG.exception("the outbox could not be read; trying again")
            await asyncio.sleep(5)
        await asyncio.sleep(POLL_SECONDS)


async def _bulk_forever() -> None:
    """Work on bulk runs beside the outbox, so that no single document waits behind them."""
    while True:
        try:
            for run_id in await asyncio.to_thread(due_runs, shop().db, datetime.now(UTC)):
                await bulk.bulk(run_id)
        except Exception:
            LOG.exception("a bulk run was left; trying again")
            await asyncio.sleep(5)
        await asyncio.sleep(BULK_SECONDS)


async def _say(state: str) -> None:
    """Say how this worker does; while the database is away, nobody hears it."""
    try:
        await asyncio.to_thread(say_state, shop().db, "worker", state, datetime.now(UTC))
    except SQLAlchemyError as error:
        LOG.warning("the record does not take this worker's heartbeat: %s", type(error).__name__)


async def _say_alive(state: str) -> None:
    while True:
        await _say(state)
        shop().renderer.rest(REST_SECONDS)
        await asyncio.sleep(BEAT.total_seconds())


async def run() -> None:
    """Work until a signal comes."""
    beating = asyncio.create_task(_say_alive("starting"))
    await _wait_for_server()
    beating.cancel()
    runner = Runner(name="panhuo", pause_on_shutdown=False, query_seconds=5)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(_serve_schedules(runner)), asyncio.create_task(_hand_on_forever())]
    tasks += [asyncio.create_task(_say_alive("running")), asyncio.create_task(_bulk_forever())]
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
    bulk.STOP.set()
    for task in tasks:
        task.cancel()
    shop().close()  # What was being rendered fails at once, and is rendered again by the next worker.
    await asyncio.gather(*tasks, return_exceptions=True)
    await _say("stopped")
    if stopping not in done:
        raise SystemExit(1)


def main() -> None:
    """Start a worker with the settings of the environment."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    asyncio.run(run())


if __name__ == "__main__":
    main()
