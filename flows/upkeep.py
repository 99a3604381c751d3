"""Care for Prefect: what dead processes left behind, what an outage missed, what may be forgotten.

Prefect itself never does these: a run whose process was killed stays Running, what was due while its server was away is
never made, what piled up runs all at once, and finished runs stay until their age is reached, however many they are.
Everything here is bounded, may run in several workers at once and may be repeated.
"""

import asyncio
import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Completed, Crashed, Failed

from cases.run_states import first_founded, states_of, states_since
from flows.cron_lines import last_due
from flows.pool import Schedule
from flows.shop import shop

LOG = logging.getLogger("panhuo.upkeep")
EVERY_SECONDS = 3600
AGAIN_SECONDS = 10
ON_TIME = timedelta(minutes=10)  # so late a run is still left to Prefect's own schedule
STUCK = timedelta(minutes=10)  # so long a run may be on its way to a process
UNKNOWN = timedelta(hours=24)  # so long a run may go on that the ledger knows nothing of
TRIES = 3
AT_ONCE = 200
MOST_RUNS = 20_000
DELETED_AT_ONCE = 50  # what Prefect's server takes in one request
MOST_DELETED = 5000
ENDED = [StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]
GONE = "执行这次任务的进程已中断；没有做完的工作会自动重新安排"
NEVER_BEGAN = "这次任务没有能够开始；没有做完的工作会自动重新安排"
ENDINGS = {"done": Completed, "failed": Failed}
TOLD = {"done": "已完成", "failed": "没有完成，原因见“后台任务”"}
SUPERSEDED = "停机期间错过，已由更近的一次代替"
MISSED = "补做"


async def keep_up(schedules: Iterable[Schedule]) -> None:
    """Look after Prefect once an hour until cancelled; while its server is away, soon again."""
    known = tuple(schedules)
    while True:
        try:
            await look_after(known, datetime.now(UTC))
            await asyncio.sleep(EVERY_SECONDS)
        except ObjectNotFound:  # The schedules are being put in place.
            await asyncio.sleep(AGAIN_SECONDS)
        except Exception as error:
            LOG.warning("Prefect could not be looked after (%s); trying again", type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)


async def look_after(schedules: Iterable[Schedule], now: datetime) -> None:
    """Do everything once: retire old schedules, end what is dead, catch up, prune."""
    known = tuple(schedules)
    async with get_client() as client:
        await retire(client, known)
        await reconcile(client, now)
        for schedule in known:
            await catch_up(client, schedule, now)
        await prune(client)


async def retire(client: PrefectClient, schedules: Iterable[Schedule]) -> int:
    """Delete deployments of earlier releases, which nobody serves any more; return how many."""
    named = {name for _, name, _ in schedules}
    old = [found for found in await client.read_deployments(limit=AT_ONCE) if found.name not in named]
    for deployment in old:
        await client.delete_deployment(deployment.id)
    return len(old)


async def reconcile(client: PrefectClient, now: datetime) -> int:
    """End the runs of dead processes as the ledger knows them, or as crashed; return how many."""
    runs = await client.read_flow_runs(
        flow_run_filter=_in(StateType.RUNNING, StateType.PENDING), limit=AT_ONCE
    )
    ids = [str(run.id) for run in runs]
    with shop().db.read() as session:
        known = states_of(session, ids, now)
    ended = 0
    for run in runs:
        state = _ending(run, known.get(str(run.id), ""), now)
        if state is not None:
            await client.set_flow_run_state(run.id, state, force=True)
            ended += 1
    return ended


def _ending(run: FlowRun, known: str, now: datetime) -> State[Any] | None:
    """Return the state that a run has really come to; None if it may still go on."""
    since = run.state.timestamp if run.state else run.created
    age = now - since if since else timedelta()
    if run.state_type == StateType.PENDING:
        return Crashed(message=NEVER_BEGAN) if age > STUCK else None
    if known == "lost":
        return Crashed(message=GONE)
    if known in ("done", "failed"):
        ending: State[Any] = ENDINGS[known](message=TOLD[known])
        return ending if age > STUCK else None
    return Crashed(message=GONE) if not known and age > UNKNOWN else None


async def catch_up(client: PrefectClient, schedule: Schedule, now: datetime) -> bool:
    """Run the newest occasion of a schedule that was missed, once; say whether that was necessary.

    Older occasions that wait are called off. A second worker that asks for the same run gets the same one.

    Raises: ObjectNotFound if the schedule has not been deployed yet.
    """
    flow, name, cron = schedule
    deployment = await client.read_deployment_by_name(f"{flow.name}/{name}")
    waiting = await _waiting(client, deployment, now)
    for run in waiting[1:]:
        await client.set_flow_run_state(run.id, Cancelled(message=SUPERSEDED), force=True)
    due = last_due(cron, now)
    if due is None or waiting or not await asyncio.to_thread(_is_missed, flow.name, due, now):
        return False
    tries = await asyncio.to_thread(_lost, flow.name, due, now)
    if tries >= TRIES:
        return False
    key = f"{MISSED}:{name}:{due.isoformat()}:{tries}"
    await client.create_flow_run_from_deployment(deployment.id, idempotency_key=key, tags=[MISSED])
    LOG.info("%s of %s was missed and runs now", name, due)
    return True


async def _waiting(client: PrefectClient, deployment: DeploymentResponse, now: datetime) -> list[FlowRun]:
    """Return the runs of a schedule that should have begun, the newest first."""
    which = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        expected_start_time=FlowRunFilterExpectedStartTime(before_=now),
    )
    return await client.read_flow_runs(
        flow_run_filter=which, deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id])),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=AT_ONCE,
    )  # fmt: skip


def _is_missed(flow: str, due: datetime, now: datetime) -> bool:
    with shop().db.read() as session:
        founded = first_founded(session)
        ran = [state for state in states_since(session, flow, due, now) if state != "lost"]
    return now - due > ON_TIME and not ran and founded is not None and founded < due


def _lost(flow: str, due: datetime, now: datetime) -> int:
    with shop().db.read() as session:
        return states_since(session, flow, due, now).count("lost")


async def prune(client: PrefectClient, most: int = MOST_RUNS) -> int:
    """Delete the oldest ended runs beyond so many, a bounded number at a time; return how many went.

    Age alone bounds nothing when many runs come in a day. Their logs go with them; artifacts follow with Prefect's daily
    look at orphans.
    """
    newest = await client.read_flow_runs(
        flow_run_filter=_in(*ENDED), sort=FlowRunSort.END_TIME_DESC, offset=most, limit=1
    )
    if not newest or newest[0].end_time is None:
        return 0
    which = _in(*ENDED)
    which.end_time = FlowRunFilterEndTime(before_=newest[0].end_time)
    body = {"flow_runs": which.model_dump(mode="json", exclude_none=True), "limit": DELETED_AT_ONCE}
    deleted = 0
    while deleted < MOST_DELETED:
        answer = await client.request("POST", "/flow_runs/bulk_delete", json=body)  # type: ignore[arg-type]
        gone = len(answer.json()["deleted"])
        deleted += gone
        if not gone:
            break
    return deleted


def _in(*states: StateType) -> FlowRunFilter:
    return FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))))
