"""`panhuo approvals …`: who sits for which body of an approval, and who deputizes for whom."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import As, Json, guarded, now, open_desk, print_json, say, today

if TYPE_CHECKING:
    from cases.db import Database
    from cases.scope import Person
    from cases.seating import Deputizing, Office

app = typer.Typer(
    help="审批席位与代理 · seats and deputies of approvals", no_args_is_help=True, rich_markup_mode=None
)
Body = Annotated[str, typer.Argument(metavar="BODY", help="审批机构的编号或名称 · a body")]
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="审批人的用户名 · an approver")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="show 列出的编号 · as listed by show")]
STANDING = {"now": ("代理中", "in force"), "coming": ("尚未开始", "coming"), "over": ("已结束", "over")}


@app.command("show")
def show(as_login: As = "", as_json: Json = False) -> None:
    """查看席位与代理 · show seats and deputies."""
    _do(lambda _db, _by: None, as_login, as_json)


@app.command("seat")
def seat(body: Body, login: Login, as_login: As = "", as_json: Json = False) -> None:
    """指定审批席位 · let an approver decide for a body."""

    def act(db: "Database", by: "Person") -> None:
        from cases.seating import assign_seat  # noqa: PLC0415  start-up time

        assign_seat(db, by, body, login, today=today(), now=now())

    _do(act, as_login, as_json)


@app.command("unseat")
def unseat(number: Number, as_login: As = "", as_json: Json = False) -> None:
    """撤销审批席位 · take a seat away."""

    def act(db: "Database", by: "Person") -> None:
        from cases.seating import remove_seat  # noqa: PLC0415  start-up time

        remove_seat(db, by, number, now())

    _do(act, as_login, as_json)


@app.command("deputize")
def deputize(
    login: Login,
    deputy: Annotated[str, typer.Argument(metavar="DEPUTY", help="代理人的用户名 · the deputy")],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="首日 · first day")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="末日，当日有效 · last day, included")],
    reason: Annotated[str, typer.Option("--reason", help="代理原因 · why")],
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """登记审批代理 · name a deputy from day to day."""

    def act(db: "Database", by: "Person") -> None:
        from cases.seating import name_deputy  # noqa: PLC0415  start-up time
        from rules.dates import parse_date  # noqa: PLC0415  start-up time

        days = parse_date(first), parse_date(last)
        name_deputy(db, by, login, deputy, *days, reason, today=today(), now=now())

    _do(act, as_login, as_json)


@app.command("end-deputy")
def end(number: Number, as_login: As = "", as_json: Json = False) -> None:
    """终止审批代理 · end a deputy's authority."""

    def act(db: "Database", by: "Person") -> None:
        from cases.seating import end_deputy  # noqa: PLC0415  start-up time

        end_deputy(db, by, number, now())

    _do(act, as_login, as_json)


def _do(act: Callable[["Database", "Person"], None], as_login: str, as_json: bool) -> None:
    """Do something as somebody and tell how things stand then."""
    with guarded(as_json), open_desk() as desk:
        from cases.seating import seating  # noqa: PLC0415  start-up time
        from desk.approved import SeatingShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            by = desk.person(session, as_login)
        act(desk.db, by)
        with desk.db.read() as session:
            found = seating(session, by.org_id, today())
        if as_json:
            print_json(SeatingShape.of(found))
            return
        if not found.is_assigned:
            say(
                "尚未指定席位：任何审批人都可以代表任何机构审批",
                "no seats assigned: any approver decides for any body",
            )
        for office in found.offices:
            _tell_office(office)
        for one in found.deputies:
            _tell_deputy(one)


def _tell_office(office: "Office") -> None:
    held = "、".join(f"#{one.id} {one.name}（{one.login}）" for one in office.seats) or "—"
    held_en = ", ".join(f"#{one.id} {one.name} ({one.login})" for one in office.seats) or "-"
    say(f"{office.body.id}\t{office.body.zh}\t{held}", f"{office.body.id}\t{office.body.en}\t{held_en}")


def _tell_deputy(one: "Deputizing") -> None:
    zh, en = STANDING[one.standing]
    say(
        f"#{one.id} {one.deputy}代{one.name}\t{one.first_day}至{one.last_day}\t{zh}\t{one.reason}",
        f"#{one.id} {one.deputy} for {one.name}\t{one.first_day} to {one.last_day}\t{en}\t{one.reason}",
    )
