"""The worker: serves the scheduled flows and hands outbox rows on, as long as it lives. Any number may run, on any hosts.

It waits for the record and for Prefect's server; until then rows wait in the outbox. It needs no memory of its own: what was
claimed and not finished comes back when the lease runs out.
"""

import asyncio
import logging
import signal
from datetime import UTC, datetime

from prefect import get_client
from sqlalchemy.exc import SQLAlchemyError

from cases.bulk_making import due_runs
from cases.heartbeats import BEAT, say_state
from cases.imports import end_lost_imports
from cases.logs import set_up_logs
from cases.schema import current, newest
from cases.service_manager import STOPPING, keep_telling, notify
from cases.takeover import take_over
from flows import bulk, pool
from flows.dispatch import drain
from flows.schedules import schedules
from flows.shop import shop
from flows.upkeep import keep_up
from flows.waking import Waker

LOG = logging.getLogger("panhuo.worker")
BULK_SECONDS = 2
REST_SECONDS = 300  # What has rendered nothing for so long gives its memory back.


async def _wait_for_server() -> None:
    while True:
        try:
            async with get_client() as client:
                if await client.api_healthcheck() is None:
                    return
        except Exception as error:
            LOG.debug("Prefect is not up yet: %s", error)
        await asyncio.sleep(0.5)


async def _hand_on_forever() -> None:
    waker = Waker(shop().db)
    while True:
        try:
            await drain()
            await waker.wait()
        except Exception:
            LOG.exception("the outbox could not be read; trying again")
            await asyncio.sleep(5)


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


async def _take_over_forever() -> None:
    """Look after what other processes had in hand when they ended."""
    while True:
        try:
            await asyncio.to_thread(take_over, shop().db, datetime.now(UTC))
            await asyncio.to_thread(end_lost_imports, shop().db, datetime.now(UTC))
        except Exception:
            LOG.exception("what others left could not be looked at; trying again")
        await asyncio.sleep(BEAT.total_seconds())


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


async def _wait_for_record() -> None:
    """Wait until the record stands at this release's schema: a desk brings it there."""
    while not await asyncio.to_thread(_is_current):
        LOG.info("the record is not at the newest schema yet; a desk or `panhuo db upgrade` brings it there")
        await asyncio.sleep(2)


def _is_current() -> bool:
    try:
        with shop().db.read() as session:
            return current(session.connection()) == newest()
    except (SQLAlchemyError, OSError) as error:
        LOG.warning("the record cannot be reached: %s", type(error).__name__)
        return False


async def run() -> None:
    """Work until a signal comes."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    working = asyncio.create_task(_work())
    telling = asyncio.create_task(keep_telling())
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
    notify(STOPPING)
    bulk.STOP.set()
    working.cancel()
    telling.cancel()
    shop().close()  # What was being rendered fails at once, and is rendered again by the next worker.
    await asyncio.gather(working, return_exceptions=True)
    await _say("stopped")
    if stopping not in done:
        raise SystemExit(1)


async def _work() -> None:
    """Do everything a worker does, side by side; when one part breaks for good, all end."""
    await _wait_for_record()
    beating = asyncio.create_task(_say_alive("starting"))
    try:
        await _wait_for_server()
    finally:
        beating.cancel()
    wanted = schedules(shop().settings)
    async with asyncio.TaskGroup() as parts:
        parts.create_task(pool.serve(wanted, _wait_for_server))
        parts.create_task(keep_up(wanted))
        parts.create_task(_hand_on_forever())
        parts.create_task(_bulk_forever())
        parts.create_task(_take_over_forever())
        parts.create_task(_say_alive("running"))


def main() -> None:
    """Start a worker with the settings of the environment."""
    set_up_logs(shop().settings.watched)
    asyncio.run(run())


if __name__ == "__main__":
    main()
