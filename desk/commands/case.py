"""`panhuo case open|list|show|do|why|simulate`: cases, on the record itself."""

from typing import Annotated

import typer

from desk.commands.case_text import show_case, show_done, show_impact, show_outcome, show_step
from desk.commands.console import (
    CONSOLE,
    As,
    CaseName,
    Json,
    On,
    clean,
    complain,
    day_of,
    guarded,
    now,
    open_desk,
    print_json,
    say,
    today,
)
from desk.commands.inputs import json_list, payload_of

app = typer.Typer(
    help="案件：立案、查看、办理、说明原因、模拟 · cases", no_args_is_help=True, rich_markup_mode=None
)
EventName = Annotated[str, typer.Argument(metavar="EVENT", help="步骤，如agree_price · step")]
Set = Annotated[
    list[str], typer.Option("--set", metavar="KEY=VALUE", help="填写一项，可重复 · one value, repeatable")
]
PayloadText = Annotated[
    str, typer.Option("--payload", metavar="JSON|@FILE", help="全部填写内容 · all values")
]


@app.command("open")
def open_(
    title: Annotated[str, typer.Option("--title", help="案件名称 · title")],
    patent: Annotated[
        list[str], typer.Option("--patent", metavar="NUMBER", help="专利（申请）号，可重复 · repeatable")
    ],
    company: Annotated[
        str,
        typer.Option(
            "--company",
            help="企业名称或统一社会信用代码；开放许可不填 · name or code, none for an open license",
        ),
    ] = "",
    uscc: Annotated[
        str, typer.Option("--uscc", help="企业未登记时，同时登记 · registers a new company")
    ] = "",
    mode: Annotated[
        str, typer.Option("--mode", help="转化方式，见panhuo modes · see panhuo modes")
    ] = "exclusive_license",
    on: On = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """立案 · open a case on patents of the base library with a company."""
    with guarded(as_json), open_desk() as desk:
        from cases.opening import open_case  # noqa: PLC0415  start-up time
        from cases.views import case_page  # noqa: PLC0415  start-up time
        from desk.commands.finding import company_id_of, patent_ids_of  # noqa: PLC0415  start-up time
        from desk.shapes import CaseShape  # noqa: PLC0415  start-up time

        day = day_of(on) or today()
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            patents = patent_ids_of(session, person.org_id, patent)
        case_id = open_case(
            desk.db, person, mode=clean(mode), title=clean(title), patent_ids=patents,
            company_id=company_id_of(desk.db, person, clean(company), clean(uscc)) if company or uscc else None,
            today=day, now=now(),
        )  # fmt: skip
        with desk.db.read() as session:
            shape = CaseShape.of(case_page(desk.db, session, person, case_id, day))
        if as_json:
            print_json(shape)
        else:
            say(f"已立案：{shape.number} {shape.title}", f"opened: {shape.number} {shape.title}")
            for zh, en in zip(shape.warnings, shape.warnings_en, strict=True):
                complain(CONSOLE.pick(f"  注意：{zh}", f"  to mind: {en}"))


@app.command("list")
def list_(
    q: Annotated[str, typer.Option("--q", help="编号、名称或企业 · number, title or company")] = "",
    stage: Annotated[str, typer.Option("--stage", help="preparation, contract, performance, end")] = "",
    mode: Annotated[str, typer.Option("--mode", help="转化方式 · conversion mode")] = "",
    overdue: Annotated[bool, typer.Option("--overdue", help="只看逾期 · with an overdue deadline")] = False,
    page: Annotated[int, typer.Option("--page", min=1, max=100_000)] = 1,
    size: Annotated[int, typer.Option("--size", min=1, max=200)] = 20,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """案件列表 · list cases, the last changed first."""
    with guarded(as_json), open_desk() as desk:
        from cases.views import list_cases  # noqa: PLC0415  start-up time
        from desk.shapes import CaseListShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            found = list_cases(
                session, person.org_id, q=clean(q), stage=clean(stage), mode=clean(mode), page=page, size=size,
                overdue_on=today() if overdue else None,
            )  # fmt: skip
            shape = CaseListShape.of(found)
        if as_json:
            print_json(shape)
            return
        for row in shape.rows:
            due = f"\t{row.next_due}" if row.next_due else ""
            say(f"{row.number}\t{row.mode_zh}\t{row.stage_zh}\t{row.title}\t{row.company}{due}")
        say(f"共{shape.total}件", f"{shape.total} in all")


@app.command("show")
def show(case: CaseName, on: On = "", as_login: As = "", as_json: Json = False) -> None:
    """查看案件：所处环节、下一步、期限、文档 · where a case stands."""
    with guarded(as_json), open_desk() as desk:
        from cases.views import case_page  # noqa: PLC0415  start-up time
        from desk.shapes import CaseShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
            shape = CaseShape.of(case_page(desk.db, session, person, case_id, day_of(on) or today()))
        if as_json:
            print_json(shape)
        else:
            show_case(shape)


@app.command("do")
def do(
    case: CaseName,
    event: EventName,
    pairs: Set = [],  # noqa: B006  Typer copies it
    payload: PayloadText = "",
    on: On = "",
    expect_version: Annotated[
        int | None, typer.Option("--expect-version", min=1, help="版本不符则不办理 · refuse if stale")
    ] = None,
    key: Annotated[
        str, typer.Option("--key", help="操作编号，重复执行不会重复办理 · makes a repetition harmless")
    ] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """办理一个步骤 · take a step; a refusal names every unmet condition."""
    with guarded(as_json), open_desk() as desk:
        from cases.advance import advance  # noqa: PLC0415  start-up time
        from desk.shapes import AdvancedShape  # noqa: PLC0415  start-up time

        given = payload_of(pairs, payload)
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
        done = advance(
            desk.db, case_id, clean(event), person, given, expected_version=expect_version,
            today=day_of(on) or today(), now=now(), action_key=f"cli:{clean(key)}" if key else None,
        )  # fmt: skip
        if as_json:
            print_json(AdvancedShape.of(done))
            return
        show_done(done)


@app.command("preview")
def preview(
    case: CaseName,
    event: EventName,
    pairs: Set = [],  # noqa: B006  Typer copies it
    payload: PayloadText = "",
    on: On = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """预览办理影响：哪些手续、文书、期限会失效，不写入 · what a step would take away; nothing is written."""
    with guarded(as_json), open_desk() as desk:
        from cases.impact import impact_of  # noqa: PLC0415  start-up time
        from cases.views import case_page  # noqa: PLC0415  start-up time
        from cases.whatif import Supposed, simulate  # noqa: PLC0415  start-up time
        from desk.migration_shapes import ImpactShape  # noqa: PLC0415  start-up time

        day = day_of(on) or today()
        supposed = Supposed(clean(event), payload_of(pairs, payload), day)
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
            page = case_page(desk.db, session, person, case_id, day)
            (outcome,) = simulate(desk.db, session, person, case_id, (supposed,))
        shape = ImpactShape.of(impact_of(page, outcome))
        if as_json:
            print_json(shape)
        else:
            show_impact(shape, outcome.unmet)


@app.command("why")
def why(case: CaseName, event: EventName, on: On = "", as_login: As = "", as_json: Json = False) -> None:
    """为何不能办理：列出全部未满足的条件及依据 · every reason why a step is not possible."""
    with guarded(as_json), open_desk() as desk:
        from cases.views import explain  # noqa: PLC0415  start-up time
        from desk.shapes import StepShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
            option = explain(desk.db, session, person, case_id, clean(event), day_of(on) or today())
        shape = StepShape.of(option)
        if as_json:
            print_json(shape)
        else:
            show_step(shape)


@app.command("simulate")
def simulate_(
    case: CaseName,
    event: Annotated[
        str, typer.Argument(metavar="[EVENT]", help="步骤；多步用 --steps · or use --steps")
    ] = "",
    pairs: Set = [],  # noqa: B006  Typer copies it
    payload: PayloadText = "",
    on: On = "",
    steps: Annotated[
        str,
        typer.Option(
            "--steps", metavar="JSON|@FILE", help="[{event, payload, on}] 多步模拟 · a chain of steps"
        ),
    ] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """模拟：假设在某日办理会怎样，不写入任何内容 · what if; nothing is written."""
    with guarded(as_json), open_desk() as desk:
        from cases.whatif import simulate  # noqa: PLC0415  start-up time
        from desk.commands.finding import supposed_of  # noqa: PLC0415  start-up time
        from desk.planned import SimulationShape  # noqa: PLC0415  start-up time

        first = {"event": clean(event), "payload": payload_of(pairs, payload), "on": on}
        asked = supposed_of(([first] if event else []) + (list(json_list(steps)) if steps else []), today())
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
            outcomes = simulate(desk.db, session, person, case_id, asked)
        shape = SimulationShape.of(clean(case), outcomes)
        if as_json:
            print_json(shape)
            return
        for outcome in shape.steps:
            show_outcome(outcome)
