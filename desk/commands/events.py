"""`panhuo events`: events, leads and the other registers of promotion."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import (
    As,
    Json,
    UsageProblem,
    clean,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    today,
)

if TYPE_CHECKING:
    from cases.registers import Register, Row

app = typer.Typer(
    help="活动与推广：活动、线索、资源、熟化、典型案例 · events and promotion",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Name = Annotated[
    str,
    typer.Argument(metavar="REGISTER", help="events、leads、participants、providers、offers、maturation…"),
]
RowId = Annotated[int, typer.Argument(metavar="ID", min=1)]


@app.command("list")
def list_(
    register: Name = "events",
    page: Annotated[int, typer.Option("--page", min=1, max=100_000)] = 1,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """登记簿列表 · list a register."""
    with guarded(as_json), open_desk() as desk:
        from cases.registers import list_rows  # noqa: PLC0415  start-up time

        found = _register(register)
        with desk.db.read() as session:
            held = list_rows(session, desk.person(session, as_login).org_id, found, page=page)
        if as_json:
            print_value({"rows": [_told(row) for row in held.rows], "total": held.total})
            return
        for row in held.rows:
            cells = [row.cells[column.name] for column in found.columns if column.is_listed]
            say(
                "\t".join([str(row.id), *(c.zh or "—" for c in cells)]),
                "\t".join([str(row.id), *(c.en for c in cells)]),
            )
        say(f"共{held.total}条", f"{held.total} in all")


@app.command("set")
def set_(
    register: Name,
    row_id: Annotated[
        int, typer.Option("--id", min=0, help="要修改的记录，不写为新增 · the row to change")
    ] = 0,
    pairs: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="栏目=内容，可多次")
    ] = None,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """登记或修改一条，没有写出的栏目不变 · add or change a row."""
    with guarded(as_json), open_desk() as desk:
        from cases.registers import get_row, save_row  # noqa: PLC0415  start-up time

        found = _register(register)
        values = _values(found, pairs or [])
        with desk.db.read() as session:
            by = desk.person(session, as_login)
        saved = save_row(desk.db, by, found, values, row_id=row_id or None, now=now())
        with desk.db.read() as session:
            row = get_row(session, by.org_id, found, saved)
        if as_json:
            print_value(_told(row))
            return
        say(f"已保存，编号{saved}", f"saved as {saved}")


@app.command("case")
def case(
    lead: RowId,
    mode: Annotated[str, typer.Option("--mode", help="转化方式 · conversion mode")],
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """将意向线索转为案件 · open a case from a lead."""
    with guarded(as_json), open_desk() as desk:
        from cases.events import open_from_lead  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            by = desk.person(session, as_login)
        opened = open_from_lead(desk.db, by, lead, mode=clean(mode), today=today(), now=now())
        if as_json:
            print_value({"case_id": opened})
            return
        say(f"已立案，案件内部编号{opened}", f"opened case {opened}")


@app.command("leaflet")
def leaflet(
    event: RowId,
    out: Annotated[Path, typer.Option("--out", help="输出文件：.txt、.html或.docx · output file")],
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """活动推介材料，供各渠道发布 · what is published of an event."""
    with guarded(as_json), open_desk() as desk:
        from exchange.leaflets import as_docx, as_html, as_text, leaflet_of_event  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            found = leaflet_of_event(session, desk.person(session, as_login).org_id, event)
        makers = {".txt": lambda: as_text(found).encode(), ".html": lambda: as_html(found).encode(),
                  ".docx": lambda: as_docx(found)}  # fmt: skip
        if out.suffix not in makers:
            raise UsageProblem(
                f"输出文件须以{'、'.join(makers)}结尾", f"the file must end in {', '.join(makers)}"
            )
        out.write_bytes(makers[out.suffix]())
        if as_json:
            print_value({"file": str(out)})
            return
        say(f"已写入{out}", f"written to {out}")


def _register(name: str) -> "Register":
    from cases.event_registers import BY_NAME  # noqa: PLC0415  start-up time

    if clean(name) not in BY_NAME:
        raise UsageProblem(f"没有登记簿“{name}”，可用：{'、'.join(BY_NAME)}", f"no register '{name}'")
    return BY_NAME[clean(name)]


def _values(register: "Register", pairs: list[str]) -> dict[str, str]:
    from desk.commands.inputs import payload_of  # noqa: PLC0415  start-up time

    values = payload_of(pairs, "")
    columns = [column.name for column in register.columns]
    unknown = [name for name in values if name not in columns]
    if unknown or not values:
        raise UsageProblem(
            f"请用 --set 栏目=内容 写明，栏目：{'、'.join(columns)}", f"columns: {', '.join(columns)}"
        )
    return {name: str(value) for name, value in values.items()}


def _told(row: "Row") -> dict[str, object]:
    shown = {name: cell.zh for name, cell in row.cells.items()}
    return {"id": row.id, "values": dict(row.typed), "shown": shown}
