"""`panhuo stocktake open|list|progress|items|step|decide|links|sheet`: stocktaking from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands.console import (
    FOUND_FAILURE,
    As,
    Json,
    UsageProblem,
    clean,
    day_of,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    today,
)

if TYPE_CHECKING:
    from cases.scope import Person
    from desk.commands.console import Desk

app = typer.Typer(help="盘点 · stocktaking", no_args_is_help=True, rich_markup_mode=None)
Campaign = Annotated[str, typer.Argument(metavar="STOCKTAKE", help="盘点编号或名称 · id or name")]
Items = Annotated[list[int], typer.Argument(metavar="ITEM…", help="事项编号 · ids of items")]
Why = Annotated[str, typer.Option("--why", help="理由 · the reason")]


@app.command("open")
def open_(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="盘点名称 · name")],
    due: Annotated[str, typer.Option("--due", metavar="DATE", help="完成期限 · due day")],
    pairs: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="范围和次序，可多次 · scope and order"),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="只看件数 · count only")] = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """发起盘点，并纳入范围内的专利 · open a stocktake and take its patents in."""
    with guarded(as_json), open_desk() as desk:
        from cases.stocktakes import (  # noqa: PLC0415  start-up time
            checked_stocktake,
            fill_stocktake,
            open_stocktake,
            preview_stocktake,
        )
        from desk.commands.inputs import payload_of  # noqa: PLC0415  start-up time

        wanted = checked_stocktake(
            {**payload_of(pairs or [], ""), "title": clean(title), "due_on": clean(due)}, today()
        )
        by = _person(desk, as_login)
        if preview:
            with desk.db.read() as session:
                found = preview_stocktake(session, by.org_id, wanted.scope)
            told = {"total": found.total, "kinds": dict(found.kinds), "colleges": dict(found.colleges)}
            _tell(told, as_json, f"将纳入{found.total}件专利", f"it takes in {found.total} patents")
            return
        id_ = open_stocktake(desk.db, by, wanted, now())
        fill_stocktake(desk.db, by.org_id, id_, now())
        _progress(desk, by, id_, as_json)


@app.command("list")
def list_(as_login: As = "", as_json: Json = False) -> None:
    """盘点列表 · list the stocktakes."""
    with guarded(as_json), open_desk() as desk:
        from cases.stocktake_progress import campaigns  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            rows = campaigns(session, desk.person(session, as_login).org_id)
        if as_json:
            print_value([
                {"id": row.id, "title": row.title, "status": row.status, "due_on": row.due_on.isoformat(),
                 "total": row.total, "evaluated": row.evaluated, "screened": row.screened} for row in rows
            ])  # fmt: skip
            return
        for row in rows:
            line = f"{row.id}\t{row.due_on}\t{row.evaluated}/{row.total}\t{row.title}"
            say(line)


@app.command("progress")
def progress(campaign: Campaign, as_login: As = "", as_json: Json = False) -> None:
    """盘点进度，按院系 · how a stocktake stands, by college."""
    with guarded(as_json), open_desk() as desk:
        by = _person(desk, as_login)
        _progress(desk, by, _id(desk, by, campaign), as_json)


@app.command("items")
def items(
    campaign: Campaign,
    state: Annotated[str, typer.Option("--state", help="环节 · state")] = "",
    college: Annotated[str, typer.Option("--college", help="院系 · college")] = "",
    page: Annotated[int, typer.Option("--page", min=1, help="页 · page")] = 1,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """盘点事项 · items of a stocktake."""
    with guarded(as_json), open_desk() as desk:
        from cases.stocktake_progress import Wish, items_of  # noqa: PLC0415  start-up time
        from states.stocktaking import STATES  # noqa: PLC0415  start-up time

        if state and state not in STATES:
            raise UsageProblem(f"环节可选：{'、'.join(STATES)}", f"states: {', '.join(STATES)}")
        by = _person(desk, as_login)
        wish = Wish(state, clean(college) or None)
        with desk.db.read() as session:
            rows, total = items_of(session, by.org_id, _id(desk, by, campaign), wish, page)
        if as_json:
            told = [
                {"id": r.id, "version": r.version, "application_no": r.application_no, "title": r.title, "state": r.state,
                 "college": r.college, "inventor": r.inventor, "central_score": r.central_score} for r in rows
            ]  # fmt: skip
            print_value({"total": total, "rows": told})
            return
        for r in rows:
            say(f"{r.id}\t{r.application_no}\t{STATES[r.state][0]}\t{r.title}",
                f"{r.id}\t{r.application_no}\t{STATES[r.state][1]}\t{r.title}")  # fmt: skip


@app.command("step")
def step(
    name: Annotated[str, typer.Argument(metavar="STEP", help="步骤，如 pass_college、accept · the step")],
    ids: Items,
    why: Why = "",
    score: Annotated[int | None, typer.Option("--score", help="评分，0至100 · the score")] = None,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """办理一个步骤，逐件说明结果 · take a step for items, one by one."""
    with guarded(as_json), open_desk() as desk:
        from states.stocktaking import Asked  # noqa: PLC0415  start-up time

        _take(desk, _person(desk, as_login), ids, Asked(clean(name), "", why=clean(why)), as_json, score)


@app.command("decide")
def decide(
    choice: Annotated[
        str,
        typer.Argument(metavar="CHOICE", help="pool 或 keep improve bundle open_license hand_over stop_fees"),
    ],
    ids: Items,
    why: Why = "",
    review: Annotated[str, typer.Option("--review-on", metavar="DATE", help="复核日期 · day of review")] = "",
    notified: Annotated[
        str, typer.Option("--notified-on", metavar="DATE", help="通知发明人的日期 · inventors told on")
    ] = "",
    papers: Annotated[
        list[str] | None, typer.Option("--paper", metavar="KIND=TEXT", help="依据文件，可多次 · papers")
    ] = None,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """决定入库或处置 · decide: into the pool, or what becomes of it."""
    with guarded(as_json), open_desk() as desk:
        from desk.commands.inputs import payload_of  # noqa: PLC0415  start-up time
        from states.stocktaking import Asked  # noqa: PLC0415  start-up time

        to_pool = clean(choice) == "pool"
        asked = Asked(
            "enter_pool" if to_pool else "dispose", "", None, clean(why), "" if to_pool else clean(choice),
            {name: str(text) for name, text in payload_of(papers or [], "").items()}, day_of(notified), day_of(review),
        )  # fmt: skip
        _take(desk, _person(desk, as_login), ids, asked, as_json)


@app.command("links")
def links(
    campaign: Campaign,
    make: Annotated[
        bool, typer.Option("--make", help="生成缺少的链接 · make those that are missing")
    ] = False,
    mail: Annotated[bool, typer.Option("--mail", help="并发邮件 · and send them")] = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """发明人个人填报链接 · personal links of inventors."""
    with guarded(as_json), open_desk() as desk:
        from cases.inventors import assign  # noqa: PLC0415  start-up time
        from cases.rating_links import links_of, make_links  # noqa: PLC0415  start-up time

        by = _person(desk, as_login)
        id_ = _id(desk, by, campaign)
        if make or mail:
            assign(desk.db, by, now())
            make_links(desk.db, by, id_, now(), mail=mail)
        rows, _ = links_of(desk.db, by, id_, now(), secrets=True, size=100_000)
        told = [
            {"name": r.name, "college": r.college, "email": r.email, "waiting": r.waiting, "items": r.items,
             "expires_on": r.expires_on.isoformat(), "address": f"{desk.settings.base_url}/rate/{r.secret}"} for r in rows
        ]  # fmt: skip
        if as_json:
            print_value(told)
            return
        for row in told:
            say(f"{row['name']}\t{row['college']}\t{row['waiting']}/{row['items']}\t{row['address']}")


@app.command("sheet")
def sheet(campaign: Campaign, target: Path, as_login: As = "", as_json: Json = False) -> None:
    """导出待自评清单，填写后用 import sheet self_ratings 导入 · write the sheet to fill in."""
    with guarded(as_json), open_desk() as desk:
        from exchange.kinds.stocktake import write_rating_sheet  # noqa: PLC0415  start-up time

        by = _person(desk, as_login)
        write_rating_sheet(desk.db, by.org_id, _id(desk, by, campaign), target)
        _tell({"path": str(target)}, as_json, f"已写入{target}", f"written: {target}")


def _take(
    desk: "Desk", by: "Person", ids: list[int], asked: Any, as_json: bool, score: int | None = None
) -> None:
    """Take a step item by item and tell what came of each.

    Raises: typer.Exit if any was not done; with one item its own failure, all its conditions named.
    """
    from cases.stocktake_steps import take_step, take_steps  # noqa: PLC0415  start-up time
    from states.stocktake_steps import STEPS  # noqa: PLC0415  start-up time

    if asked.step not in STEPS:
        raise UsageProblem(f"步骤可选：{'、'.join(STEPS)}", f"steps: {', '.join(STEPS)}")
    if len(ids) == 1 or score is not None:
        versions = {id_: take_step(desk.db, by, id_, asked, now=now(), score=score) for id_ in ids}
        _tell({"done": list(versions)}, as_json, f"已办理{len(ids)}件", f"done for {len(ids)}")
        return
    done = take_steps(desk.db, by, [(id_, None) for id_ in ids], asked, now())
    if as_json:
        print_value([{"id": one.item_id, "done": not one.reason, "reason": one.reason} for one in done])
    else:
        for one in done:
            say(f"{one.item_id}\t{one.reason or '已办理'}", f"{one.item_id}\t{one.reason_en or 'done'}")
    if any(one.reason for one in done):
        raise typer.Exit(FOUND_FAILURE)


def _person(desk: "Desk", as_login: str) -> "Person":
    with desk.db.read() as session:
        return desk.person(session, as_login)


def _id(desk: "Desk", by: "Person", campaign: str) -> int:
    """Return the id of a campaign that is named by id or title.

    Raises: NotFound.
    """
    from cases.errors import NotFound  # noqa: PLC0415  start-up time
    from cases.stocktake_progress import campaigns  # noqa: PLC0415  start-up time

    wanted = clean(campaign).strip()
    with desk.db.read() as session:
        rows = campaigns(session, by.org_id)
    found = next((row.id for row in rows if wanted in (str(row.id), row.title)), None)
    if found is None:
        raise NotFound(f"没有盘点“{campaign}”", f"no stocktake {campaign}")
    return found


def _progress(desk: "Desk", by: "Person", stocktake_id: int, as_json: bool) -> None:
    from cases.stocktake_progress import COVERAGES, progress_of  # noqa: PLC0415  start-up time

    with desk.db.read() as session:
        found = progress_of(session, by.org_id, stocktake_id)
    if as_json:
        print_value({
            "id": found.id, "title": found.title, "status": found.status, "due_on": found.due_on.isoformat(),
            "total": found.total, "unassigned": found.unassigned, "counts": dict(found.counts),
            "covered": dict(found.covered),
            "colleges": [{"college": o.college, "total": o.total, **o.covered} for o in found.lines],
        })  # fmt: skip
        return
    told = "，".join(f"{COVERAGES[name][0]}{count}" for name, count in found.covered.items())
    told_en = ", ".join(f"{COVERAGES[name][1].lower()} {count}" for name, count in found.covered.items())
    say(
        f"{found.id} {found.title}：{found.total}件，{told}",
        f"{found.id} {found.title}: {found.total}, {told_en}",
    )
    for line in found.lines:
        shares = " ".join(str(line.covered[name]) for name in COVERAGES)
        say(
            f"{line.college or '未注明院系'}\t{line.total}\t{shares}",
            f"{line.college or '-'}\t{line.total}\t{shares}",
        )


def _tell(value: dict[str, Any], as_json: bool, zh: str, en: str) -> None:
    if as_json:
        print_value(value)
    else:
        say(zh, en)
