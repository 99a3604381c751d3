"""A worker notices new work soon, and looks now and then although nobody wrote."""

import asyncio
from time import monotonic

from cases.outbox import put
from flows.waking import LONGEST_SECONDS, Waker
from tests.world import NOW, World


def test_waker_returns_soon_after_somebody_wrote(any_world: World) -> None:
    waker = Waker(any_world.db)

    async def woken() -> float:
        waiting = asyncio.create_task(waker.wait())
        await asyncio.sleep(0)
        with any_world.db.cursor() as cur:
            put(cur, any_world.org_id, "mail", "mail:1", {"message_id": 1}, NOW)
        written = monotonic()
        await waiting
        return monotonic() - written

    assert asyncio.run(woken()) < LONGEST_SECONDS
    waker.close()


def test_waker_returns_although_nobody_wrote(any_world: World) -> None:
    waker = Waker(any_world.db)
    asyncio.run(asyncio.wait_for(waker.wait(), LONGEST_SECONDS + 5))
    waker.close()
