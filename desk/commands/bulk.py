"""`panhuo documents bulk`: one kind of document for many cases in one run, started, watched and worked on."""

from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands.console import (
    FOUND_FAILURE,
    As,
    Desk,
    Json,
    clean,
    complain,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    today,
)

if TYPE_CHECKING:
    from cases.bulk_runs import RunView

bulk = typer.Typer(help="批量生成 · documents for many cases", no_args_is_help=True)

Run = Annotated[int, typer.Argument(metavar="RUN", min=1, help="批量任务编号 · number of the run")]
Here = Annotated[bool, typer.Option("--here", help="由本命令生成，不等后台 · work here, without the worker")]
TELL_EVERY = timedelta(seconds=5)


@bulk.command("start")
def start(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="文书种类，如contract · document kind")],
    q: Annotated[str, typer.Option("--q", help="编号、名称或企业 · number, title or company")] = "",
    stage: Annotated[str, typer.Option("--stage", help="所处阶段 · stage")] = "",
    mode: Annotated[str, typer.Option("--mode", help="转化方式 · conversion mode")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="只含逾期 · overdue only")] = False,
    here: Here = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """为一批案件生成同一种文书；未变化的不重新生成 · make one kind of document for many cases."""
    with guarded(as_json), open_desk() as desk:
        from cases.bulk_runs import Choice, start_run, told  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
        choice = Choice(clean(q), clean(stage), clean(mode), None, today() if overdue else None)
        run_id = start_run(desk.db, person, clean(kind), choice, now(), told(choice))
        if here:
            _work(desk, run_id, quiet=as_json)
        _show(desk, person.org_id, run_id, as_json)


@bulk.command("work")
def work(run: Run, as_login: As = "", as_json: Json = False) -> None:
    """接着做一个批量任务（例如中断之后） · go on with a run here."""
    with guarded(as_json), open_desk() as desk:
        from cases.bulk_runs import run_view  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            run_view(session, person.org_id, run)
        _work(desk, run, quiet=as_json)
        _show(desk, person.org_id, run, as_json)


@bulk.command("status")
def status(
    run: Annotated[int, typer.Argument(metavar="[RUN]", help="批量任务编号 · number of the run")] = 0,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """查看进度与失败原因；不写编号则列出最近的任务 · progress and failures, or the latest runs."""
    with guarded(as_json), open_desk() as desk:
        from cases.bulk_runs import runs  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            found = runs(session, person.org_id)
        if run:
            _show(desk, person.org_id, run, as_json)
        elif as_json:
            print_value({"runs": [_value(view) for view in found]})
        else:
            for view in found:
                say(_line(view), _line(view, english=True))


@bulk.command("stop")
def stop(run: Run, as_login: As = "", as_json: Json = False) -> None:
    """停止一个批量任务，已完成的保留 · stop a run; what is done stays."""
    with guarded(as_json), open_desk() as desk:
        from cases.bulk_runs import cancel_run  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
        cancel_run(desk.db, person, run, now())
        _show(desk, person.org_id, run, as_json)


@bulk.command("retry")
def retry(run: Run, here: Here = False, as_login: As = "", as_json: Json = False) -> None:
    """只重做失败和停止的案件 · try again what failed or was stopped."""
    with guarded(as_json), open_desk() as desk:
        from cases.bulk_runs import retry_run  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
        retry_run(desk.db, person, run, now())
        if here:
            _work(desk, run, quiet=as_json)
        _show(desk, person.org_id, run, as_json)


@bulk.command("files")
def files(
    run: Run,
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="写入的zip文件 · zip file")] = "bulk.zip",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """把一个批量任务的全部文书打成一个zip · all files of a run in one zip."""
    with guarded(as_json), open_desk() as desk:
        from cases.bulk_files import write_zip  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            count = write_zip(session, desk.settings, person.org_id, run, Path(out))
        if as_json:
            print_value({"run": run, "files": count, "path": out})
        else:
            say(f"{out}：{count}份文书", f"{out}: {count} documents")


def _work(desk: Desk, run_id: int, *, quiet: bool) -> None:
    from flows.bulk_work import do_bulk  # noqa: PLC0415  start-up time
    from flows.work import Workshop, render_pool  # noqa: PLC0415  start-up time

    told = monotonic()

    def tell(done: Any) -> None:
        nonlocal told
        if not quiet and monotonic() - told > TELL_EVERY.total_seconds():
            told = monotonic()
            complain(f"已处理{sum(done.values())}件")

    with render_pool(desk.settings) as pool:
        do_bulk(Workshop(desk.db, desk.settings, pool), run_id, tell=tell)


def _show(desk: Desk, org_id: int, run_id: int, as_json: bool) -> None:
    from cases.bulk_runs import run_view  # noqa: PLC0415  start-up time

    with desk.db.read() as session:
        view = run_view(session, org_id, run_id)
    if as_json:
        print_value(_value(view))
    else:
        say(_line(view), _line(view, english=True))
        for failure in view.failures:
            complain(f"{failure.number} {failure.title}：{failure.reason}")
    if view.status == "done" and view.counts["failed"]:
        raise typer.Exit(FOUND_FAILURE)


def _value(view: "RunView") -> dict[str, Any]:
    return {
        "id": view.id, "kind": view.kind, "status": view.status, "chosen": view.chosen, "total": view.total,
        "done": view.done, "counts": dict(view.counts), "per_minute": view.per_minute,
        "failures": [
            {"case": failure.number, "title": failure.title, "reason": failure.reason}
            for failure in view.failures
        ],
    }  # fmt: skip


def _line(view: "RunView", *, english: bool = False) -> str:
    counts, rate = view.counts, round(view.per_minute or 0)
    if english:
        return (
            f"run {view.id} {view.kind} {view.status}: {view.done}/{view.total}, made {counts['made']}, unchanged "
            f"{counts['unchanged']}, failed {counts['failed']}, stopped {counts['cancelled']}, {rate} a minute"
        )
    zh = {"running": "进行中", "done": "已完成", "cancelled": "已停止"}[view.status]
    return (
        f"批量任务{view.id} {view.title[0]} {zh}：{view.done}/{view.total}件，生成{counts['made']}，未变化{counts['unchanged']}，"
        f"失败{counts['failed']}，停止{counts['cancelled']}，每分钟{rate}件"
    )
