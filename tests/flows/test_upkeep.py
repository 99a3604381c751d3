"""Care for Prefect on a real server of its own: dead runs end, what was missed runs once, old runs go."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect import flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed, Pending, Running, Scheduled
from prefect.testing.utilities import prefect_test_harness

from cases.db import Database
from cases.runs import About, begin_run, end_run
from cases.schema import upgrade
from flows import upkeep
from flows.cron_lines import last_due
from flows.pool import Schedule
from flows.shop import shop
from tests.world import settle

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("engine")]
NOW = datetime.now(UTC)
CRON = "30 2 * * *"
DUE = last_due(CRON, NOW - timedelta(minutes=30)) or NOW
AFTER = DUE + timedelta(hours=1)


@flow(name="试验流程")
async def trial() -> int:
    return 1


SCHEDULE: Schedule = (trial, "每日试验", CRON)


@pytest.fixture(scope="module")
def prefect() -> Iterator[None]:
    with prefect_test_harness(server_startup_timeout=120):
        yield


@pytest.fixture
def db(prefect: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A record of its own, which the flows work on."""
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    monkeypatch.delenv("PANHUO_DATABASE_URL", raising=False)
    shop.cache_clear()
    upgrade(shop().db)
    settle(shop().db)
    yield shop().db
    shop().close()
    shop().db.dispose()
    shop.cache_clear()


def do(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


async def _run(client: PrefectClient, state: Any) -> FlowRun:
    run = await client.create_flow_run(trial, state=Pending())
    await client.set_flow_run_state(run.id, state, force=True)
    return await client.read_flow_run(run.id)


async def _deployed(client: PrefectClient) -> Any:
    flow_id = await client.create_flow(trial)
    return await client.create_deployment(
        flow_id, "每日试验", paused=True, entrypoint="tests.flows.test_upkeep.trial"
    )


async def _missed(client: PrefectClient) -> list[FlowRun]:
    runs = await client.read_flow_runs(limit=200)
    return [run for run in runs if upkeep.MISSED in run.tags and run.deployment_id]


async def _clear(client: PrefectClient) -> None:
    for run in await client.read_flow_runs(limit=200):
        await client.delete_flow_run(run.id)


def test_run_ends_as_the_ledger_knows_it_and_living_ones_go_on(db: Database) -> None:
    later = NOW + timedelta(minutes=30)

    async def story() -> list[str]:
        async with get_client() as client:
            await _clear(client)
            runs = [await _run(client, Running()) for _ in range(5)]
            stuck = await _run(client, Pending())
            lost, alive, done, failed, unknown = (str(run.id) for run in runs)
            begin_run(db, lost, About("试验流程"), NOW)
            for id_ in (alive, done, failed):
                begin_run(db, id_, About("试验流程"), later)
            end_run(db, done, NOW)
            end_run(db, failed, NOW, error="不行")
            assert await upkeep.reconcile(client, later) == 4
            assert await upkeep.reconcile(client, later) == 0
            return [(await client.read_flow_run(run.id)).state_name or "" for run in (*runs, stuck)]

    assert do(story()) == ["Crashed", "Running", "Completed", "Failed", "Running", "Crashed"]


def test_run_of_which_nobody_knows_ends_after_a_day(db: Database) -> None:
    async def story() -> tuple[int, str]:
        async with get_client() as client:
            await _clear(client)
            run = await _run(client, Running())
            ended = await upkeep.reconcile(client, datetime.now(UTC) + timedelta(hours=25))
            state = (await client.read_flow_run(run.id)).state
            return ended, (state.message if state else "") or ""

    assert do(story()) == (1, upkeep.GONE)


def test_what_was_missed_runs_once_whoever_asks(db: Database) -> None:
    async def story() -> int:
        async with get_client() as client:
            await _clear(client)
            await _deployed(client)
            await asyncio.gather(*(upkeep.catch_up(client, SCHEDULE, AFTER) for _ in range(3)))
            await upkeep.catch_up(client, SCHEDULE, AFTER)
            return len(await _missed(client))

    assert do(story()) == 1


@pytest.mark.parametrize(
    ("state", "again"), [("done", False), ("failed", False), ("running", False), ("lost", True)]
)
def test_what_ran_is_not_repeated_unless_it_was_lost(db: Database, state: str, again: bool) -> None:
    began = AFTER if state == "running" else DUE + timedelta(minutes=1)
    begin_run(db, "run", About("试验流程"), began)
    if state in ("done", "failed"):
        end_run(db, "run", began, error="不行" if state == "failed" else "")

    async def story() -> bool:
        async with get_client() as client:
            await _clear(client)
            await _deployed(client)
            return await upkeep.catch_up(client, SCHEDULE, AFTER)

    assert do(story()) is again


def test_what_is_lost_again_and_again_is_given_up(db: Database) -> None:
    for number in range(upkeep.TRIES):
        begin_run(db, f"run-{number}", About("试验流程"), DUE + timedelta(minutes=number))

    async def story() -> bool:
        async with get_client() as client:
            await _clear(client)
            await _deployed(client)
            return await upkeep.catch_up(client, SCHEDULE, AFTER)

    assert do(story()) is False


@pytest.mark.parametrize("minutes", [5, -5])
def test_what_is_only_just_due_is_left_to_prefect(db: Database, minutes: int) -> None:
    async def story() -> bool:
        async with get_client() as client:
            await _clear(client)
            await _deployed(client)
            on_time = last_due(CRON, DUE) or DUE
            before_founding = on_time - timedelta(days=4000)
            moment = on_time + timedelta(minutes=minutes) if minutes > 0 else before_founding
            return await upkeep.catch_up(client, SCHEDULE, moment)

    assert do(story()) is False


def test_of_what_piled_up_only_the_newest_is_left(db: Database) -> None:
    async def story() -> list[str]:
        async with get_client() as client:
            await _clear(client)
            deployment = await _deployed(client)
            for days in range(3):
                await client.create_flow_run_from_deployment(
                    deployment, state=Scheduled(scheduled_time=DUE - timedelta(days=days)), name=f"vor {days}"
                )
            assert await upkeep.catch_up(client, SCHEDULE, AFTER) is False
            runs = await client.read_flow_runs(limit=10)
            return sorted(f"{run.name}: {run.state_name}" for run in runs)

    assert do(story()) == ["vor 0: Scheduled", "vor 1: Cancelled", "vor 2: Cancelled"]


def test_oldest_ended_runs_beyond_the_limit_go(db: Database) -> None:
    async def story() -> tuple[int, int]:
        async with get_client() as client:
            await _clear(client)
            for _ in range(7):
                await _run(client, Completed())
            await _run(client, Running())
            gone = await upkeep.prune(client, most=3)
            return gone, len(await client.read_flow_runs(limit=20))

    assert do(story()) == (4, 4)


def test_schedules_of_earlier_releases_are_retired(db: Database) -> None:
    async def story() -> list[str]:
        async with get_client() as client:
            flow_id = await client.create_flow(trial)
            await client.create_deployment(flow_id, "旧名称", paused=True)
            await _deployed(client)
            await upkeep.retire(client, [SCHEDULE])
            return [found.name for found in await client.read_deployments()]

    assert do(story()) == ["每日试验"]
