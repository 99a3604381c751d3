"""`panhuo feedback`: labels of the platform by hand, where each stands, and how both sides differ."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import As, Json, clean, guarded, now, open_desk, print_value, say, today

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sqlmodel import Session

    from cases.report_content import Content
    from desk.commands.console import Desk
    from rules.packs import RuleBook

    Counted = Callable[[Session, int, date, RuleBook], Content]

app = typer.Typer(help="盘活系统反馈 · platform feedback", no_args_is_help=True, rich_markup_mode=None)
Out = Annotated[str, typer.Option("--out", metavar="XLSX", help="写成工作簿 · write a workbook")]


@app.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="只列一种状态 · one state only")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """每件专利的反馈类别和状态 · every label and where it stands."""
    with guarded(as_json), open_desk() as desk:
        from cases.feedback_view import STATES, all_told  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            org = desk.person(session, as_login).org_id
            told = [one for one in all_told(session, org, today()) if state in ("", one.state)]
        if as_json:
            print_value([
                {
                    "id": one.id, "patent_no": one.patent.shown_no, "label": one.label, "on": one.on.isoformat(),
                    "party": one.party, "case_no": one.case_no, "due": one.due.isoformat() if one.due else None,
                    "reported_on": one.reported_on.isoformat() if one.reported_on else None, "state": one.state,
                }
                for one in told
            ])  # fmt: skip
            return
        for one in told:
            line = f"{one.patent.shown_no}  {one.label}  {one.on}  {STATES[one.state][0]}  {one.case_no or '系统外'}"
            say(line, f"{one.patent.shown_no}  {one.label}  {one.on}  {STATES[one.state][1]}")


@app.command("add")
def add(
    patent_no: Annotated[str, typer.Argument(metavar="PATENT", help="专利号 · patent number")],
    label: Annotated[str, typer.Option("--label", help="九种反馈类别之一 · one of the nine labels")],
    on: Annotated[str, typer.Option("--on", help="成交或实现日期 · day of the event")],
    evidence: Annotated[str, typer.Option("--evidence", help="证明材料 · evidence")],
    party: Annotated[str, typer.Option("--party", help="对方 · the other side")] = "",
    contract_no: Annotated[str, typer.Option("--contract", help="合同编号 · contract number")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """登记系统外成交的反馈类别 · record a label earned outside the cases."""
    with guarded(as_json), open_desk() as desk:
        from cases.label_records import record_label  # noqa: PLC0415  start-up time
        from cases.patent_fees import patent_id_of  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            patent_id = patent_id_of(session, person.org_id, clean(patent_no))
        values = {
            "patent_id": patent_id, "label": clean(label), "on": on, "evidence": clean(evidence), "party": clean(party),
            "contract_no": clean(contract_no),
        }  # fmt: skip
        outcome = record_label(desk.db, person, values, today=today(), now=now())
        if as_json:
            print_value({"outcome": outcome})
        else:
            say("已登记" if outcome != "same" else "已有相同记录", outcome)


@app.command("withdraw")
def withdraw(
    record: Annotated[int, typer.Argument(metavar="ID", help="手工登记的编号 · id of a label by hand")],
    why: Annotated[str, typer.Option("--why", help="撤回原因 · reason")],
    of_case: Annotated[bool, typer.Option("--of-case", help="编号是案件中的标签 · a case's label")] = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """撤回反馈信息，原记录保留 · withdraw a label; it stays on record."""
    with guarded(as_json), open_desk() as desk:
        from cases.label_records import withdraw_label  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
        withdraw_label(
            desk.db, person, event_id=record if of_case else None, record_id=None if of_case else record, why=clean(why),
            today=today(), now=now(),
        )  # fmt: skip
        if as_json:
            print_value({"withdrawn": record})
        else:
            say("已撤回", "withdrawn")


@app.command("differences")
def differences(out: Out = "", as_login: As = "", as_json: Json = False) -> None:
    """与盘活系统清单和答复的差异 · how the record and the platform differ."""
    with guarded(as_json), open_desk() as desk:
        from exchange.reports.platform import comparison  # noqa: PLC0415  start-up time

        _tell(desk, "与盘活系统的差异", comparison, out, as_login, as_json)


@app.command("quality")
def quality(out: Out = "", as_login: As = "", as_json: Json = False) -> None:
    """反馈的滞后天数和数据疑点 · lag in days and doubts about the data."""
    with guarded(as_json), open_desk() as desk:
        from exchange.reports.platform import quality as count  # noqa: PLC0415  start-up time

        _tell(desk, "反馈质量与滞后", count, out, as_login, as_json)


def _tell(desk: "Desk", title: str, count: "Counted", out: str, login: str, as_json: bool) -> None:
    from cases.db import cursor_of  # noqa: PLC0415  start-up time
    from cases.patent_dates import book_in_use  # noqa: PLC0415  start-up time
    from cases.report_content import shown  # noqa: PLC0415  start-up time
    from cases.tables import Organization  # noqa: PLC0415  start-up time
    from exchange.reports.workbook import Heading, workbook  # noqa: PLC0415  start-up time

    day = today()
    with desk.db.read() as session:
        org = session.get_one(Organization, desk.person(session, login).org_id)
        book = book_in_use(cursor_of(session, desk.db.postgres), int(org.id or 0))
        content: Content = count(session, int(org.id or 0), day, book)
        name = org.name
    if out:
        Path(out).write_bytes(workbook(Heading(name, title, f"截至{day}", 1), content))
    if as_json:
        print_value({
            "figures": {figure.key: figure.value for figure in content.figures},
            "rows": {sheet.key: [list(row.cells) for row in sheet.rows] for sheet in content.sheets},
        })  # fmt: skip
        return
    for figure in content.figures:
        say(f"{figure.zh}：{shown(figure)}", f"{figure.en}: {figure.value}")
