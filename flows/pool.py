"""The work pool: a scheduled flow goes to whichever worker asks first, on whatever machine, as a process of its own.

The embedded product and many hosts use the same pool. Prefect's server gives a run to one worker alone. A worker that cannot
reach the server for long gives up its poll; here it begins anew, while the outbox beside it goes on.
"""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from prefect import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists
from prefect.flows import Flow
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

LOG = logging.getLogger("panhuo.worker")
POOL = "panhuo"
AT_ONCE = 2
AGAIN_SECONDS = 5
TIME_ZONE = "Asia/Shanghai"

Schedule = tuple[
    Flow[..., Any], str, str
]  # the flow, its name in Chinese, when: a cron line in Shanghai time


async def deploy(schedules: Iterable[Schedule]) -> None:
    """Make the pool and put the schedules into it. Safe to repeat, also by several workers at once."""
    async with get_client() as client:
        try:
            template = ProcessWorker.get_default_base_job_template()
            await client.create_work_pool(
                WorkPoolCreate(name=POOL, type="process", base_job_template=template)
            )
        except ObjectAlreadyExists:
            pass
    for flow, name, cron in schedules:
        deployment = await flow.ato_deployment(
            name, schedule=Cron(cron, timezone=TIME_ZONE), entrypoint_type=EntrypointType.MODULE_PATH,
            work_pool_name=POOL,
        )  # fmt: skip
        await deployment.aapply()


async def serve(schedules: Iterable[Schedule], is_up: Callable[[], Awaitable[None]]) -> None:
    """Take scheduled runs from the pool until cancelled. `is_up` waits for Prefect's server."""
    known = tuple(schedules)
    while True:
        await is_up()
        try:
            await deploy(known)
            worker = ProcessWorker(POOL, name=worker_name(), limit=AT_ONCE, create_pool_if_not_found=False)
            await worker.start(printer=LOG.info)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            LOG.warning("the work pool was left (%s); asking again", type(error).__name__)
        await asyncio.sleep(AGAIN_SECONDS)


def worker_name() -> str:
    """Return how this worker is called in Prefect's own pages."""
    return f"{socket.gethostname()}-{os.getpid()}"
