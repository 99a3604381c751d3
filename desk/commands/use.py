"""`panhuo use`: patents by how they are used, declarations, statements, planned applications, products, and the update."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands.console import (
    As,
    Desk,
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
    from cases.scope import Person

app = typer.Typer(help="声明与实施 · declaration and use", no_args_is_help=True, rich_markup_mode=None)
Patent = Annotated[str, typer.Argument(metavar="NO", help="专利号或申请号 · patent or application number")]
Pairs = Annotated[
    list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="字段=取值，可多次 · repeatable")
]
View = Annotated[
    str, typer.Option("--view", help="exposed、soon、unexplained、review、undeclared、unstated、used、all")
]
Number = Annotated[int, typer.Argument(metavar="ID", help="编号 · id")]


@app.command("list")
def list_(view: View = "exposed", as_login: As = "", as_json: Json = False) -> None:
    """按实施情况列出专利：满五年未实施、缺声明、缺理由等 · patents by how they are used."""
    with guarded(as_json), open_desk() as desk:
        from cases.use_queries import VIEWS, standing_counts, standings  # noqa: PLC0415  start-up time
        from desk.use_shapes import StandingShape  # noqa: PLC0415  start-up time

        if view not in VIEWS:
            raise UsageProblem(
                f"没有“{view}”这个列表，可选：{'、'.join(VIEWS)}", f"choose from: {', '.join(VIEWS)}"
            )
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            found = standings(session, person.org_id, today(), view=view, size=500)
            counts = standing_counts(session, person.org_id, today())
        if as_json:
            rows = [StandingShape.model_validate(row).model_dump(mode="json") for row in found.rows]
            print_value({"view": view, "total": found.total, "counts": counts, "rows": rows})
            return
        for row in found.rows:
            say(f"{row.number}\t{row.use}\t{row.exposed_on or '—'}\t{row.reason or '—'}\t{row.title}")
        say(f"{VIEWS[view][0]}：{found.total}件", f"{VIEWS[view][1]}: {found.total}")


@app.command("declare")
def declare(patent: Patent, pairs: Pairs = None, as_login: As = "", as_json: Json = False) -> None:
    """登记财政资助声明 · declare the funding of a patent."""
    _of_patent(patent, pairs, as_login, as_json, "declare_funding", "财政资助声明")


@app.command("state")
def state(patent: Patent, pairs: Pairs = None, as_login: As = "", as_json: Json = False) -> None:
    """填报年度实施情况或未实施的理由 · state how a patent was used in a year."""
    _of_patent(patent, pairs, as_login, as_json, "state_use", "实施情况")


@app.command("plan")
def plan(pairs: Pairs = None, as_login: As = "", as_json: Json = False) -> None:
    """登记拟申请专利 · plan an application."""
    from cases.assessments import plan_application  # noqa: PLC0415  start-up time

    _do(
        lambda desk, by: plan_application(desk.db, by, _values(pairs), now=now()),
        as_login,
        as_json,
        "拟申请专利",
    )


@app.command("assess")
def assess(number: Number, pairs: Pairs = None, as_login: As = "", as_json: Json = False) -> None:
    """登记申请前评估 · record an assessment."""
    from cases import assessments  # noqa: PLC0415  start-up time

    _do(
        lambda desk, by: assessments.assess(desk.db, by, number, _values(pairs), now=now()),
        as_login,
        as_json,
        "申请前评估",
    )


@app.command("pass")
def let_pass(number: Number, pairs: Pairs = None, as_login: As = "", as_json: Json = False) -> None:
    """负责人说明理由放行 · a head lets an application pass."""
    from cases import assessments  # noqa: PLC0415  start-up time

    _do(
        lambda desk, by: assessments.let_pass(desk.db, by, number, _values(pairs), now=now()),
        as_login,
        as_json,
        "放行",
    )


@app.command("file")
def file(number: Number, pairs: Pairs = None, as_login: As = "", as_json: Json = False) -> None:
    """登记提交申请，条件不齐的不予登记 · record that it was filed."""
    from cases.assessments import file_application  # noqa: PLC0415  start-up time

    def act(desk: Desk, by: "Person") -> None:
        file_application(desk.db, by, number, _values(pairs), now=now())

    _do(act, as_login, as_json, "提交申请")


@app.command("product")
def product(pairs: Pairs = None, as_login: As = "", as_json: Json = False) -> None:
    """登记专利产品 · register a product."""
    from cases.products import register_product  # noqa: PLC0415  start-up time

    _do(
        lambda desk, by: register_product(desk.db, by, _values(pairs), now=now()),
        as_login,
        as_json,
        "专利产品",
    )


@app.command("file-product")
def file_product(number: Number, pairs: Pairs = None, as_login: As = "", as_json: Json = False) -> None:
    """登记产品备案或年度更新 · record the filing or yearly update of a product."""
    from cases import products  # noqa: PLC0415  start-up time

    _do(
        lambda desk, by: products.file_product(desk.db, by, number, _values(pairs), now=now()),
        as_login,
        as_json,
        "产品备案",
    )


@app.command("fill")
def fill(
    year: Annotated[int, typer.Option("--year", help="年度 · year")], as_login: As = "", as_json: Json = False
) -> None:
    """由案件记录填写一个年度的实施情况 · fill a year from cases."""
    from cases.use_statements import fill_statements  # noqa: PLC0415  start-up time

    _do(lambda desk, by: fill_statements(desk.db, by, year, now=now()), as_login, as_json, "已填写")


@app.command("update")
def update(as_login: As = "", as_json: Json = False) -> None:
    """立即更新实施情况和各项期限，与夜间检查相同 · bring everything up to the day, as the night does."""
    from cases.night_use import bring_up_institution  # noqa: PLC0415  start-up time

    def act(desk: Desk, by: "Person") -> int:
        return bring_up_institution(desk.db, by.org_id, now(), today()).patents

    _do(act, as_login, as_json, "已更新专利")


@app.command("figures")
def figures(as_login: As = "", as_json: Json = False) -> None:
    """申请前评估覆盖率、新增备案产品、备案产品覆盖的有效专利 · the figures of assessment and product filing."""
    with guarded(as_json), open_desk() as desk:
        from cases.assessment_queries import coverage  # noqa: PLC0415  start-up time
        from cases.product_queries import covered_patents, newly_filed  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            org, year = desk.person(session, as_login).org_id, today().year
            assessed, filed = coverage(session, org, year)
            covered, alive = covered_patents(session, org)
            new = newly_filed(session, org, year)
        if as_json:
            print_value({
                "year": year, "assessed": assessed, "filed": filed, "newly_filed_products": new,
                "covered_patents": covered, "valid_patents": alive,
            })  # fmt: skip
            return
        say(
            f"{year}年申请前评估覆盖：{assessed}/{filed}件",
            f"assessed before filing in {year}: {assessed} of {filed}",
        )
        say(f"{year}年新增备案产品：{new}个", f"products newly filed in {year}: {new}")
        say(f"备案产品覆盖的有效专利：{covered}/{alive}件", f"valid patents covered: {covered} of {alive}")


def _of_patent(
    patent: str, pairs: list[str] | None, as_login: str, as_json: bool, verb: str, zh: str
) -> None:
    from cases import funding, use_statements  # noqa: PLC0415  start-up time
    from cases.patent_fees import patent_id_of  # noqa: PLC0415  start-up time

    act: Any = {"declare_funding": funding.declare_funding, "state_use": use_statements.state_use}[verb]

    def done(desk: Desk, by: "Person") -> int:
        with desk.db.read() as session:
            patent_id = patent_id_of(session, by.org_id, clean(patent))
        return int(act(desk.db, by, patent_id, _values(pairs), now=now()))

    _do(done, as_login, as_json, zh)


def _do(act: Callable[[Desk, "Person"], int | None], as_login: str, as_json: bool, zh: str) -> None:
    """Do one action as a person and print its number."""
    with guarded(as_json), open_desk() as desk:
        with desk.db.read() as session:
            by = desk.person(session, as_login)
        made = act(desk, by)
        if as_json:
            print_value({"id": made})
        else:
            say(
                f"{zh}：{made}" if made is not None else f"{zh}：已登记",
                f"done: {made}" if made is not None else "done",
            )


def _values(pairs: list[str] | None) -> dict[str, Any]:
    from desk.commands.inputs import payload_of  # noqa: PLC0415  start-up time

    return dict(payload_of(pairs or [], ""))
