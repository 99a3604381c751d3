"""`panhuo patent register`: what a look at the patent register showed."""

from typing import Annotated

import typer

from desk.commands.console import As, Json, clean, guarded, now, open_desk, print_value, say, today

app = typer.Typer(
    help="专利登记信息 · what is recorded of patents", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def _group() -> None:
    """专利登记信息 · what is recorded of patents."""


@app.command("register")
def register(
    patent: Annotated[
        str, typer.Argument(metavar="NO", help="专利号或申请号 · patent or application number")
    ],
    checked_on: Annotated[str, typer.Option("--checked-on", metavar="DATE", help="核查日期 · looked up on")],
    evidence: Annotated[str, typer.Option("--evidence", help="核查依据 · what was looked at")],
    status: Annotated[
        str | None, typer.Option("--status", help="法律状态，如 in_force、in_grace · legal status")
    ] = None,
    flag: Annotated[
        list[str] | None,
        typer.Option("--flag", help="登记事项，可重复，如 pledged · repeatable, replaces the list"),
    ] = None,
    no_flags: Annotated[
        bool, typer.Option("--no-flags", help="没有登记事项 · nothing is registered")
    ] = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """登记一次登记簿核查的结果：法律状态、质押、保全、许可等 · record what the register shows."""
    with guarded(as_json), open_desk() as desk:
        from cases.patent_fees import patent_id_of  # noqa: PLC0415  start-up time
        from cases.patent_register import record_register  # noqa: PLC0415  start-up time

        values: dict[str, object] = {"register_checked_on": clean(checked_on), "evidence": clean(evidence)}
        if status is not None:
            values["status"] = clean(status)
        if flag or no_flags:
            values["flags"] = [clean(one) for one in flag or []]
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            patent_id = patent_id_of(session, person.org_id, clean(patent))
        saved = record_register(desk.db, person, patent_id, values, today=today(), now=now())
        if as_json:
            print_value({
                "patent": saved.patent_id, "application_no": saved.application_no, "status": saved.status,
                "flags": list(saved.flags),
                "register_checked_on": saved.checked_on.isoformat() if saved.checked_on else None,
            })  # fmt: skip
            return
        listed = "、".join(saved.flags)
        say(
            f"{saved.application_no}：{saved.status}，登记事项：{listed or '无'}",
            f"{saved.application_no}: {saved.status}, registered: {listed or 'nothing'}",
        )
