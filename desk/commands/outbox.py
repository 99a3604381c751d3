"""`panhuo outbox` and `panhuo dispatch`: what is done in the background, seen and set going by hand."""

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    As,
    Json,
    clean,
    guarded,
    now,
    open_desk,
    print_value,
    say,
)

if TYPE_CHECKING:
    from cases.backlog import OutboxView

app = typer.Typer(help="后台任务 · jobs in the background", no_args_is_help=True)

Number = Annotated[int, typer.Argument(metavar="ID", min=1, help="任务编号 · number of the job")]
STATUSES = ("pending", "running", "dead", "done")


@app.command("list")
def list_(
    status: Annotated[str, typer.Option("--status", help="pending | running | dead | done")] = "",
    topic: Annotated[str, typer.Option("--topic", help="任务类型，如render、mail · kind of job")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="最多行数 · most rows")] = 50,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """积压情况和最近的后台任务 · the backlog and the latest jobs."""
    with guarded(as_json), open_desk() as desk:
        from cases.backlog import backlog_by_topic, rows  # noqa: PLC0415  start-up time
        from desk.api.work import JobShape, TopicShape  # noqa: PLC0415  start-up time
        from desk.web import labels  # noqa: PLC0415  start-up time

        if status and status not in STATUSES:
            raise typer.BadParameter(" | ".join(STATUSES), param_hint="--status")
        with desk.db.read() as session:
            org_id = desk.person(session, as_login).org_id
            waiting = backlog_by_topic(session, now(), org_id)
            found = rows(session, org_id=org_id, status=status, topic=clean(topic), limit=limit)
        if as_json:
            topics = [TopicShape.model_validate(line).model_dump(mode="json") for line in waiting]
            jobs = [JobShape.model_validate(view).model_dump(mode="json") for view in found]
            print_value({"backlog": topics, "rows": jobs})
            return
        for line in waiting:
            label = CONSOLE.pick(*labels.of(labels.TOPIC, line.topic))
            say(
                f"{label}：等待{line.pending}，执行{line.running}，停止{line.dead}，每分钟完成{line.per_minute}",
                f"{label}: {line.pending} pending, {line.running} running, {line.dead} dead, {line.per_minute} a minute",
            )
        for view in found:
            _line(view)


def _line(view: "OutboxView") -> None:
    from desk.web import labels  # noqa: PLC0415  start-up time

    topic = CONSOLE.pick(*labels.of(labels.TOPIC, view.topic))
    status = CONSOLE.pick(*labels.of(labels.OUTBOX_STATUS, view.status))
    text = " ".join(part for part in (f"#{view.id}", topic, view.case_no, status, view.error) if part)
    say(text, text)


@app.command("show")
def show(job: Number, as_login: As = "", as_json: Json = False) -> None:
    """一项后台任务及其各次运行 · one job and its runs."""
    with guarded(as_json), open_desk() as desk:
        from cases.backlog import row  # noqa: PLC0415  start-up time
        from cases.runs import runs_of_job  # noqa: PLC0415  start-up time
        from desk.api.work import FlowRunShape, JobShape  # noqa: PLC0415  start-up time
        from desk.web import labels  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            org_id = desk.person(session, as_login).org_id
            view = row(session, job, org_id)
            tries = runs_of_job(session, org_id, job, now())
        if as_json:
            told = [FlowRunShape.model_validate(run).model_dump(mode="json") for run in tries]
            print_value({**JobShape.model_validate(view).model_dump(mode="json"), "runs": told})
            return
        _line(view)
        for run in tries:
            state = CONSOLE.pick(*labels.of(labels.RUN_STATE, run.state))
            text = f"  {run.started_at.isoformat(timespec='seconds')} {run.flow} {state} {run.error or run.result}"
            say(text, text)


@app.command("retry")
def retry(
    job: Annotated[int, typer.Argument(metavar="[ID]", help="任务编号 · number of the job")] = 0,
    topic: Annotated[
        str, typer.Option("--topic", help="某一类型的全部已停止任务 · all dead jobs of a kind")
    ] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """重新执行已停止的后台任务 · start dead jobs again."""
    with guarded(as_json), open_desk() as desk:
        from cases.reviving import revive_job, revive_topic  # noqa: PLC0415  start-up time

        if bool(job) == bool(topic):
            raise typer.BadParameter("ID | --topic")
        with desk.db.read() as session:
            person = desk.person(session, as_login)
        count = 1
        if job:
            revive_job(desk.db, person, job, now())
        else:
            count = revive_topic(desk.db, person, clean(topic), now())
        if as_json:
            print_value({"revived": count})
        else:
            say(f"已重新执行{count}项", f"{count} started again")


def dispatch(
    limit: Annotated[
        int, typer.Option("--limit", min=0, help="最多处理多少项，0为不限 · most jobs, 0 for all")
    ] = 0,
    as_json: Json = False,
) -> None:
    """处理全部到期的后台任务，不经流程引擎；与后台服务同时运行也安全 · hand on all that is due, without Prefect."""
    with guarded(as_json), open_desk() as desk:
        from flows.carrying import hand_on_all  # noqa: PLC0415  start-up time
        from flows.work import Workshop, render_pool  # noqa: PLC0415  start-up time

        shop = Workshop(desk.db, desk.settings, render_pool(desk.settings))
        try:
            done = hand_on_all(shop, limit or None)
        finally:
            shop.close()
        if as_json:
            print_value({"done": done["done"], "failed": done["failed"]})
        else:
            say(
                f"完成{done['done']}项，未成功{done['failed']}项",
                f"{done['done']} done, {done['failed']} failed",
            )
    if done["failed"]:
        raise typer.Exit(FOUND_FAILURE)
