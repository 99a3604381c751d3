"""`panhuo demand`: what companies look for, which patents fit, and what is decided on them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands.console import As, Json, clean, guarded, now, open_desk, print_value, say, today

if TYPE_CHECKING:
    from cases.demands import DemandView
    from cases.matching import Match

app = typer.Typer(help="企业需求与匹配 · demands and matching", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[
    str, typer.Argument(metavar="DEMAND", help="需求编号，如XQ2026-00001 · number of the demand")
]
Patent = Annotated[
    str, typer.Argument(metavar="PATENT", help="专利号或申请号 · patent or application number")
]
Reason = Annotated[str, typer.Option("--reason", help="理由或答复内容（必填） · the reason")]


@app.command("add")
def add(
    company: Annotated[
        str, typer.Argument(metavar="COMPANY", help="企业名称或统一社会信用代码 · name or code")
    ],
    title: Annotated[str, typer.Argument(metavar="TITLE", help="需求名称 · what is looked for")],
    text: Annotated[str, typer.Option("--text", help="需求内容 · in more words")] = "",
    industries: Annotated[
        str, typer.Option("--industries", help="产业代码，逗号隔开 · codes of industries")
    ] = "",
    modes: Annotated[str, typer.Option("--modes", help="意向转化方式，逗号隔开 · conversion modes")] = "",
    budget: Annotated[str, typer.Option("--budget", help="预算，如50万 · budget in yuan")] = "",
    region: Annotated[str, typer.Option("--region", help="所在地区 · region")] = "",
    cooperation: Annotated[str, typer.Option("--cooperation", help="合作意愿 · wish to cooperate")] = "",
    due: Annotated[str, typer.Option("--due", metavar="DATE", help="答复期限 · to be answered by")] = "",
    source: Annotated[str, typer.Option("--source", help="来源，如征集活动 · where it came from")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """登记一条企业需求 · register a demand."""
    with guarded(as_json), open_desk() as desk:
        from cases.companies import company_named  # noqa: PLC0415  start-up time
        from cases.demands import get_demand, save_demand  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            company_id = company_named(session, person.org_id, clean(company))
        said = {
            "company_id": company_id, "title": clean(title), "text": clean(text), "industries": clean(industries),
            "modes": clean(modes), "budget_fen": clean(budget), "region": clean(region), "cooperation": clean(cooperation),
            "due_on": clean(due), "source": clean(source),
        }  # fmt: skip
        saved = save_demand(desk.db, person, said, today=today(), now=now())
        with desk.db.read() as session:
            _tell(get_demand(session, person.org_id, saved), as_json)


@app.command("list")
def list_(
    query: Annotated[
        str, typer.Argument(metavar="[WORDS]", help="名称、编号或企业 · words to look for")
    ] = "",
    status: Annotated[str, typer.Option("--status", help="new、answered、matched、closed")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="只列逾期未答复的 · answer overdue")] = False,
    page: Annotated[int, typer.Option("--page", min=1)] = 1,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """需求列表，待答复的在前 · list demands."""
    with guarded(as_json), open_desk() as desk:
        from cases.demands import list_demands  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            found = list_demands(
                session, person.org_id, q=clean(query), status=clean(status), overdue_on=today() if overdue else None, page=page
            )  # fmt: skip
        if as_json:
            print_value(
                {"total": found.total, "page": found.page, "rows": [_told(row) for row in found.rows]}
            )
            return
        for row in found.rows:
            _line(row)
        say(f"共{found.total}条", f"{found.total} demands")


@app.command("match")
def match(
    demand: Number,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, help="列出几件 · how many")] = 10,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """找出适合需求的专利，附理由 · the patents that fit a demand, with reasons."""
    with guarded(as_json), open_desk() as desk:
        from cases.demands import demand_id_of, get_demand  # noqa: PLC0415  start-up time
        from cases.matching import matches_of_demand  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            view = get_demand(session, person.org_id, demand_id_of(session, person.org_id, clean(demand)))
            found = matches_of_demand(desk.db, session, person.org_id, view, today(), limit=limit)
        if as_json:
            print_value({"demand": _told(view), "matches": [_match(one) for one in found]})
            return
        for place, one in enumerate(found, 1):
            _tell_match(place, one)
        if not found:
            say("没有找到相近的专利", "no patent comes near")


@app.command("answer")
def answer(demand: Number, reason: Reason, as_login: As = "", as_json: Json = False) -> None:
    """登记对需求的答复 · record the answer to a demand."""
    _move(demand, "answered", reason, as_login, as_json)


@app.command("close")
def close(demand: Number, reason: Reason, as_login: As = "", as_json: Json = False) -> None:
    """关闭需求 · close a demand."""
    _move(demand, "closed", reason, as_login, as_json)


@app.command("take")
def take(demand: Number, patent: Patent, reason: Reason, as_login: As = "", as_json: Json = False) -> None:
    """采纳一件专利 · take a patent for a demand."""
    _decide(demand, patent, "accepted", reason, as_login, as_json)


@app.command("reject")
def reject(demand: Number, patent: Patent, reason: Reason, as_login: As = "", as_json: Json = False) -> None:
    """不采纳一件专利 · reject a patent for a demand."""
    _decide(demand, patent, "rejected", reason, as_login, as_json)


@app.command("case")
def case(
    demand: Number,
    patents: Annotated[
        list[str], typer.Argument(metavar="PATENT...", help="已采纳的专利 · patents that were taken")
    ],
    mode: Annotated[
        str, typer.Option("--mode", help="转化方式，默认按需求和企业规模 · conversion mode")
    ] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """把采纳的匹配转为案件 · open a case on patents that were taken."""
    with guarded(as_json), open_desk() as desk:
        from cases.demands import demand_id_of  # noqa: PLC0415  start-up time
        from cases.match_decisions import open_from_demand  # noqa: PLC0415  start-up time
        from cases.patent_fees import patent_id_of  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            demand_id = demand_id_of(session, person.org_id, clean(demand))
            chosen = [patent_id_of(session, person.org_id, clean(one)) for one in patents]
        case_id = open_from_demand(
            desk.db, person, demand_id, chosen, mode=clean(mode), today=today(), now=now()
        )
        with desk.db.cursor() as cur:
            (number,) = cur.one("SELECT number FROM conversion_case WHERE id = ?", case_id)
        if as_json:
            print_value({"case": number, "case_id": case_id})
            return
        say(f"已立案：{number}", f"opened {number}")


def _move(demand: str, status: str, reason: str, as_login: str, as_json: bool) -> None:
    with guarded(as_json), open_desk() as desk:
        from cases.demands import demand_id_of, get_demand, move_demand  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            demand_id = demand_id_of(session, person.org_id, clean(demand))
        move_demand(desk.db, person, demand_id, status, clean(reason), now=now())
        with desk.db.read() as session:
            _tell(get_demand(session, person.org_id, demand_id), as_json)


def _decide(demand: str, patent: str, decision: str, reason: str, as_login: str, as_json: bool) -> None:
    with guarded(as_json), open_desk() as desk:
        from cases.demands import demand_id_of, get_demand  # noqa: PLC0415  start-up time
        from cases.match_decisions import decide  # noqa: PLC0415  start-up time
        from cases.patent_fees import patent_id_of  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            demand_id = demand_id_of(session, person.org_id, clean(demand))
            patent_id = patent_id_of(session, person.org_id, clean(patent))
        decide(desk.db, person, demand_id, patent_id, decision, clean(reason), today=today(), now=now())
        with desk.db.read() as session:
            _tell(get_demand(session, person.org_id, demand_id), as_json)


def _told(row: "DemandView") -> dict[str, Any]:
    return {
        "number": row.number, "company": row.company, "title": row.title, "status": row.status,
        "industries": list(row.industries), "modes": list(row.modes), "budget_fen": row.budget_fen,
        "due_on": row.due_on.isoformat(), "owner": row.owner,
    }  # fmt: skip


def _match(one: "Match") -> dict[str, Any]:
    return {
        "application_no": one.application_no, "title": one.title, "score": one.score, "blocked": one.is_blocked,
        "inventors": list(one.inventors), "college": one.college, "decision": one.decision,
        "reasons": [reason.zh for reason in one.reasons], "against": [reason.zh for reason in one.against],
    }  # fmt: skip


def _tell(row: "DemandView", as_json: bool) -> None:
    if as_json:
        print_value(_told(row))
        return
    _line(row)


def _line(row: "DemandView") -> None:
    from cases.demand_tables import STATUS  # noqa: PLC0415  start-up time

    zh, en = STATUS[row.status]
    say(
        f"{row.number}\t{zh}\t答复期限{row.due_on}\t{row.company}\t{row.title}",
        f"{row.number}\t{en}\tanswer by {row.due_on}\t{row.company}\t{row.title}",
    )


def _tell_match(place: int, one: "Match") -> None:
    say(
        f"{place}. {one.title}（{one.application_no}）{one.score}",
        f"{place}. {one.title} ({one.application_no}) {one.score}",
    )
    for reason in one.reasons:
        say(f"   + {reason.zh}", f"   + {reason.en}")
    for reason in one.against:
        say(f"   - {reason.zh}", f"   - {reason.en}")
