"""`panhuo report`: makes reports without Prefect, lists them, and confirms a batch as submitted."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands.console import As, Desk, Json, clean, guarded, now, open_desk, print_value, say

if TYPE_CHECKING:
    from cases.reports import ReportView
    from exchange.reports.making import Made

app = typer.Typer(
    help="报告：平台反馈、月度统计、年度报告 · reports", no_args_is_help=True, rich_markup_mode=None
)
PeriodOption = Annotated[
    str,
    typer.Option(
        "--period", metavar="PERIOD", help="2026-10、2025或截止日期，默认最近一期 · latest by default"
    ),
]
Out = Annotated[
    str, typer.Option("--out", metavar="DIR", help="另存工作簿到该目录 · also copy the workbooks there")
]
OUTCOMES = {
    "made": ("已生成", "made"),
    "unchanged": ("与已有版本相同", "the same as before"),
    "nothing": ("没有待反馈的标签", "nothing is owed"),
}


@app.command("feedback")
def feedback(period: PeriodOption = "", out: Out = "", as_login: As = "", as_json: Json = False) -> None:
    """生成盘活系统反馈批次 · put what is owed to the platform into a batch."""
    _make("feedback", period, out, as_login, as_json)


@app.command("monthly")
def monthly(period: PeriodOption = "", out: Out = "", as_login: As = "", as_json: Json = False) -> None:
    """生成月度转化统计 · make the indicators of a month."""
    _make("monthly", period, out, as_login, as_json)


@app.command("yearly")
def yearly(period: PeriodOption = "", out: Out = "", as_login: As = "", as_json: Json = False) -> None:
    """生成科技成果转化年度报告并固定指标快照 · make the yearly conversion report and freeze the indicators."""
    _make("yearly", period, out, as_login, as_json)


@app.command("indicators")
def indicators(period: PeriodOption = "", out: Out = "", as_login: As = "", as_json: Json = False) -> None:
    """生成转化指标年度快照 · freeze the indicators of a year."""
    _make("indicators", period, out, as_login, as_json)


def _make(kind: str, period: str, out: str, as_login: str, as_json: bool) -> None:
    """Make it for every institution, as a schedule does, or as somebody for theirs."""
    with guarded(as_json), open_desk() as desk:
        from exchange.reports.making import TOGETHER, ask_report, make_reports  # noqa: PLC0415  start-up time

        if as_login:
            with desk.db.read() as session:
                person = desk.person(session, as_login)
            made: tuple[Made, ...] = (ask_report(desk.db, desk.settings, person, kind, clean(period), now()),)
        else:
            made = tuple(
                one
                for part in TOGETHER.get(kind, (kind,))
                for one in make_reports(desk.db, desk.settings, part, clean(period), now(), door="command")
            )
        rows = [{**one.as_json(), "path": _copied(desk, one, clean(out))} for one in made]
        if as_json:
            print_value({"reports": rows})
            return
        for one, row in zip(made, rows, strict=True):
            zh, en = OUTCOMES[one.outcome]
            version = (f"第{one.version}版，{one.rows}行", f"version {one.version}, {one.rows} rows")
            told = version if one.report_id else ("", "")
            say(
                f"{one.institution} {one.period}：{zh}{'，' if told[0] else ''}{told[0]} {row['path']}".rstrip(),
                f"{one.institution} {one.period}: {en}{', ' if told[1] else ''}{told[1]} {row['path']}".rstrip(),
            )
            for change in one.changes:
                say(f"  {change}", f"  {change}")


def _copied(desk: Desk, made: "Made", out: str) -> str:
    """Copy the workbook of a report to a folder, whole or not at all, and return where it is."""
    if not out or made.report_id is None:
        return ""
    from cases.reports import report_view  # noqa: PLC0415  start-up time
    from exchange.fee_list import whole_file  # noqa: PLC0415  start-up time

    with desk.db.read() as session:
        view = report_view(session, made.org_id, made.report_id)
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{made.institution}-{view.filename}.xlsx"
    with whole_file(path) as target:
        target.write_bytes(desk.settings.files.fetch(view.sha256))
    return str(path)


@app.command("list")
def listed(
    kind: Annotated[str, typer.Option("--kind", help="feedback、monthly或yearly · one kind only")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """列出报告 · list the reports."""
    with guarded(as_json), open_desk() as desk:
        from cases.report_tables import STATUS  # noqa: PLC0415  start-up time
        from cases.reports import reports  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            found = reports(session, desk.person(session, as_login).org_id, clean(kind))
        if as_json:
            print_value({"reports": [_row(view) for view in found]})
            return
        for view in found:
            say(
                f"{view.id}  {view.title[0]} {view.period_zh} 第{view.version}版  {view.rows}行  {STATUS[view.status][0]}",
                f"{view.id}  {view.title[1]} {view.period_en} version {view.version}  {view.rows} rows  "
                f"{STATUS[view.status][1]}",
            )


@app.command("submitted")
def submitted(
    report: Annotated[
        int, typer.Argument(metavar="ID", min=1, help="批次编号，见panhuo report list · id of the batch")
    ],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="在盘活系统提交的日期 · submitted on")],
    reference: Annotated[str, typer.Option("--reference", help="反馈凭证 · what proves it")],
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """确认批次已在盘活系统提交，并登记各案件的平台反馈 · confirm a batch as submitted."""
    with guarded(as_json), open_desk() as desk:
        from cases.report_tables import ANSWER  # noqa: PLC0415  start-up time
        from cases.reports import confirm_submitted  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
        view = confirm_submitted(desk.db, person, report, clean(on), clean(reference), now())
        if as_json:
            print_value(_row(view))
            return
        for answer in view.answers:
            zh, en = ANSWER[answer["outcome"]]
            reason = f"（{answer['reason']}）" if answer["reason"] else ""
            say(f"{answer['case_no']}：{zh}{reason}", f"{answer['case_no']}: {en}{reason}")


@app.command("paper")
def printed(
    report: Annotated[int, typer.Argument(metavar="ID", min=1, help="报告编号，见panhuo report list · id")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="PDF文件 · where to")],
    as_login: As = "",
) -> None:
    """把一份报告排印为PDF · print a version of a report."""
    with guarded(False), open_desk() as desk:
        from cases.reports import report_content, report_view  # noqa: PLC0415  start-up time
        from cases.tables import Organization  # noqa: PLC0415  start-up time
        from exchange.fee_list import whole_file  # noqa: PLC0415  start-up time
        from exchange.reports.printing import paper_of  # noqa: PLC0415  start-up time
        from flows.work import render_pool  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            org_id = desk.person(session, as_login).org_id
            view, content = report_view(session, org_id, report), report_content(session, org_id, report)
            institution = session.get_one(Organization, org_id).name
        with render_pool(desk.settings) as pool:
            made = pool.render_job(paper_of(view, content, institution))
        with whole_file(out) as target:
            target.write_bytes(made.data)
        say(f"{out}：{made.pages}页", f"{out}: {made.pages} pages")


def _row(view: "ReportView") -> dict[str, Any]:
    return {
        "id": view.id, "kind": view.kind, "period": view.period, "version": view.version, "status": view.status,
        "rows": view.rows, "sha256": view.sha256, "made_at": view.made_at.isoformat(), "changes": list(view.changes),
        "submitted_on": view.submitted_on.isoformat() if view.submitted_on else None, "reference": view.reference,
        "answers": [dict(answer) for answer in view.answers],
    }  # fmt: skip
