"""`panhuo pool search|export|grade|enter|leave`: the base library and the conversion pool."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    As,
    Json,
    On,
    UsageProblem,
    clean,
    complain,
    day_of,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    today,
)

if TYPE_CHECKING:
    from cases.patent_search import Search
    from cases.scope import Person
    from desk.answers.pool import Answer
    from desk.commands.console import Desk

app = typer.Typer(help="基础库与资源库 · base library and pool", no_args_is_help=True, rich_markup_mode=None)
Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER...", help="专利号 · patent numbers")]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="检索词，可省略 · what to look for")]
View = Annotated[str, typer.Option("--view", metavar="VIEW", help="pool | base | review，默认pool")]
Facets = Annotated[
    list[str] | None,
    typer.Option("--facet", metavar="NAME=VALUE", help="如grade=A，可多次 · may be repeated"),
]
Pool = Annotated[
    str, typer.Option("--pool", metavar="POOL", help="institution | national | provincial | city")
]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="理由 · the reason")]
Sort = Annotated[str, typer.Option("--sort", metavar="ORDER", help="filed | grade | review")]


@app.command("search")
def search(
    text: Text = "", view: View = "pool", facet: Facets = None, pool: Pool = "", sort: Sort = "",
    page: Annotated[int, typer.Option("--page", min=1, help="页码 · page")] = 1, as_login: As = "", as_json: Json = False,
) -> None:  # fmt: skip
    """检索并按各维度计数 · search, with counts of every facet."""
    with guarded(as_json), open_desk() as desk:
        from desk.answers.pool import answer  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            found = answer(session, person.org_id, _wanted(text, view, facet, pool, sort), today(), page=page)
        if as_json:
            from desk.api.pool import PoolShape  # noqa: PLC0415  start-up time

            print_value(PoolShape.of(found).model_dump(mode="json"))
            return
        _show(found)


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="xlsx或csv文件 · the file to write")], text: Text = "",
    view: View = "pool", facet: Facets = None, pool: Pool = "", sort: Sort = "", as_login: As = "", as_json: Json = False,
) -> None:  # fmt: skip
    """把检索结果存为表格 · write what was found as a file."""
    with guarded(as_json), open_desk() as desk:
        from desk.answers.pool import every_row  # noqa: PLC0415  start-up time
        from exchange.pool_list import file_of  # noqa: PLC0415  start-up time

        kind = file.suffix.lower().removeprefix(".")
        if kind not in ("csv", "xlsx"):
            raise UsageProblem("文件名须以.xlsx或.csv结尾", "the file ends in .xlsx or .csv")
        with desk.db.read() as session:
            person = desk.person(session, as_login)
        rows = list(every_row(desk.db, person.org_id, _wanted(text, view, facet, pool, sort)))
        file.write_bytes(file_of(kind, rows))
        if as_json:
            print_value({"file": str(file), "rows": len(rows)})
            return
        say(f"已导出{len(rows)}件专利：{file}", f"{len(rows)} patents written to {file}")


@app.command("grade")
def grade(
    numbers: Numbers, why: Why,
    pairs: Annotated[list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="如grade=A，可多次")] = None,
    as_login: As = "", as_json: Json = False,
) -> None:  # fmt: skip
    """修改专利档案，如等级和复核日期 · change profiles."""
    with guarded(as_json), open_desk() as desk:
        from cases.grading import grade as act  # noqa: PLC0415  start-up time
        from desk.commands.inputs import payload_of  # noqa: PLC0415  start-up time

        person, ids = _people_and_ids(desk, as_login, numbers)
        changed = act(
            desk.db, person, list(ids), payload_of(pairs or [], ""), clean(why), now=now(), today=today()
        )
        if as_json:
            print_value({"changed": changed})
            return
        say(f"已修改{changed}件专利的档案", f"{changed} profiles changed")


@app.command("enter")
def enter(
    numbers: Numbers, why: Why, pool: Pool = "institution", on: On = "",
    recommended: Annotated[bool, typer.Option("--recommended", help="仅登记为已推荐 · recommended only")] = False,
    as_login: As = "", as_json: Json = False,
) -> None:  # fmt: skip
    """入库，或登记已推荐 · enter patents into a pool."""
    with guarded(as_json), open_desk() as desk:
        _stand(desk, as_login, numbers, pool, "recommended" if recommended else "entered", on, why, as_json)


@app.command("leave")
def leave(
    numbers: Numbers,
    why: Why,
    pool: Pool = "institution",
    on: On = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """出库 · take patents out of a pool."""
    with guarded(as_json), open_desk() as desk:
        _stand(desk, as_login, numbers, pool, "left", on, why, as_json)


def _stand(
    desk: "Desk",
    as_login: str,
    numbers: list[str],
    pool: str,
    standing: str,
    on: str,
    why: str,
    as_json: bool,
) -> None:
    from cases.grading import stand  # noqa: PLC0415  start-up time

    person, ids = _people_and_ids(desk, as_login, numbers)
    day: date = day_of(on) or today()
    found = stand(desk.db, person, list(ids), clean(pool), standing, on=day, reason=clean(why), now=now())
    refused = {ids[one]: error for one, error in found.refused.items()}
    if as_json:
        print_value({"done": found.done, "refused": {name: error.message for name, error in refused.items()}})
    else:
        say(f"已办理{found.done}件，未办理{len(refused)}件", f"{found.done} done, {len(refused)} refused")
        for name, error in refused.items():
            complain(f"{name}：{CONSOLE.pick(error.message, error.message_en)}")
    if refused:
        raise typer.Exit(FOUND_FAILURE)


def _people_and_ids(desk: "Desk", as_login: str, numbers: list[str]) -> tuple["Person", dict[int, str]]:
    from cases.patent_fees import patent_id_of  # noqa: PLC0415  start-up time

    with desk.db.read() as session:
        person = desk.person(session, as_login)
        return person, {patent_id_of(session, person.org_id, clean(number)): number for number in numbers}


def _wanted(text: str, view: str, facet: list[str] | None, pool: str, sort: str) -> "Search":
    """Return the search.

    Raises: UsageProblem.
    """
    from cases.facet_counts import FACETS  # noqa: PLC0415  start-up time
    from desk.answers.pool import VIEWS, asked  # noqa: PLC0415  start-up time

    given = [(name, value) for one in facet or () for name, _, value in [clean(one).partition("=")]]
    if view not in VIEWS or any(name not in FACETS or not value for name, value in given):
        names = "、".join(FACETS)
        raise UsageProblem(
            f"--view可填{'、'.join(VIEWS)}；--facet写成 名称=取值，名称可填：{names}",
            f"views: {', '.join(VIEWS)}; facets: {names}",
        )
    return asked(view, clean(text), given, clean(sort), today(), clean(pool))


def _show(found: "Answer") -> None:
    from desk.pool_words import FACET_NAMES, value_name  # noqa: PLC0415  start-up time

    at_least = ("至少", "at least ") if found.found.at_least else ("共", "")
    near = (
        ("（没有完全匹配的，以下为相近的专利）", " (nothing matches all of it; these come near)")
        if found.found.near
        else ("", "")
    )
    say(f"{at_least[0]}{found.found.total}件{near[0]}", f"{at_least[1]}{found.found.total} patents{near[1]}")
    for row in found.rows:
        patent, profile = row.patent, row.profile
        say(f"{patent.patent_no}\t{profile.grade or '—'}\t{patent.title}\t{patent.college}")
    for name, label in FACET_NAMES.items():
        counts: list[Any] = [
            f"{CONSOLE.pick(*value_name(name, one.value))} {one.count}"
            for one in found.found.facets[name][:8]
        ]
        if counts:
            say(f"{CONSOLE.pick(*label)}：{'，'.join(counts)}")
