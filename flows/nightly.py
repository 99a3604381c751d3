"""夜间检查: every step of the night on its own, each as a task; what they found stands on the desk's page 夜间检查."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from cases.nightly import StepResult, forget_old, run_step
from cases.nightly_steps import NAMES, STEPS
from cases.settings import SHANGHAI
from flows.noted import by_day, noted
from flows.shop import shop

STATES = {"done": "完成", "failed": "失败", "running": "另一进程在做"}
MOST_ROWS = 100


class NightlyFailed(Exception):
    """Some steps of a night failed; `message` names them."""

    def __init__(self, failed: Sequence[str]) -> None:
        self.message = f"{'、'.join(failed)}没有完成，详见“夜间检查”页面"
        super().__init__(self.message)


@task(task_run_name="{slug}", persist_result=False)
async def step(slug: str, on: date) -> StepResult:
    """Do one step."""
    place = shop()
    found = next(one for one in STEPS if one.slug == slug)
    return await asyncio.to_thread(run_step, place.db, found, place.clock, on)


@flow(name="夜间检查", flow_run_name=by_day, persist_result=False)
async def nightly(on: date | None = None) -> list[dict[str, Any]]:
    """Do the checks of a night, today's unless a day is named; a step that fails stops no other.

    Raises: NightlyFailed when all are through, so that the run is seen to have failed.
    """
    place = shop()
    day = on or datetime.now(SHANGHAI).date()
    async with noted("夜间检查", day.isoformat()) as run:
        results = [await step.with_options(name=one.zh, task_run_name=one.zh)(one.slug, day) for one in STEPS]
        await asyncio.to_thread(forget_old, place.db, day)
        await _artifacts(day, results)
        run.result = f"{sum(result.is_fine for result in results)}/{len(results)}步正常"
        failed = [NAMES[result.step][0] for result in results if result.state == "failed"]
        if failed:
            raise NightlyFailed(failed)
    return [result.as_json() for result in results]


async def _artifacts(day: date, results: list[StepResult]) -> None:
    base = shop().settings.base_url
    said = [(NAMES[r.step][0], STATES[r.state], r.report.zh if r.report else r.error) for r in results]
    text = "\n".join(f"- **{name}**（{state}）：{zh}" for name, state, zh in said)
    await acreate_markdown_artifact(
        f"# {day} 夜间检查\n\n{text}\n\n[在系统中查看]({base}/admin/nightly)",
        key="nightly",
        description="夜间检查小结",
    )
    rows = [
        {
            "步骤": NAMES[result.step][0],
            "事项": line.zh,
            "链接": f"[打开]({base}{line.path})" if line.path else "",
        }
        for result in results
        for line in result.lines_for(None)
    ]
    await acreate_table_artifact(rows[:MOST_ROWS], key="nightly-findings", description="需要查看的事项")
