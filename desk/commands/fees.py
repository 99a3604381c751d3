"""`panhuo fees due|forecast|other`: what an annual fee comes to, and what a portfolio will cost.

The other commands of `panhuo fees` stand in `desk.commands.fee_matters`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands import fee_matters
from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    As,
    Json,
    On,
    UsageProblem,
    clean,
    day_of,
    guarded,
    open_desk,
    print_value,
    say,
    tell_problem,
    today,
)

if TYPE_CHECKING:
    from rules.fee_forecast import Forecast

app = typer.Typer(
    help="年费与官费 · annual and other official fees", no_args_is_help=True, rich_markup_mode=None
)
app.command("restore")(fee_matters.restore)
app.command("compensation")(fee_matters.compensation)
app.command("refund")(fee_matters.refund)
app.command("reduction")(fee_matters.reduction)
app.command("set")(fee_matters.set_)
Packs = Annotated[
    str, typer.Option("--layers", metavar="NAMES", help="规则包，逗号分隔，默认 national,house · rule packs")
]
_STATUS = {
    "registration": ("授权当年，随登记手续缴纳", "grant year, paid with the registration"),
    "not_open": ("尚未进入缴费年度", "before the year of payment"),
    "on_time": ("按期", "on time"),
    "grace": ("滞纳期内", "in the grace period"),
    "paid": ("已缴足", "paid in full"),
    "lapsed": ("滞纳期已过，专利权已终止", "lapsed"),
}


@app.command("due")
def due(
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="invention | utility | design")],
    filed: Annotated[str, typer.Option("--filed", metavar="DATE", help="申请日 · filing date")],
    year: Annotated[str, typer.Option("--year", metavar="N", help="专利年度 · patent year")],
    paid_on: Annotated[str, typer.Option("--paid-on", metavar="DATE", help="缴费日 · day of payment")],
    reduction: Annotated[str, typer.Option("--reduction", metavar="R", help="none | 70 | 85")] = "none",
    granted: Annotated[str, typer.Option("--granted", metavar="DATE", help="授权公告日 · day of grant")] = "",
    open_license: Annotated[
        bool, typer.Option("--open-license", help="开放许可实施期间 · an open license is worked")
    ] = False,
    payment: Annotated[
        list[str] | None,
        typer.Option("--payment", metavar="DATE=AMOUNT", help="此前的缴费，可多次 · earlier payments"),
    ] = None,
    layers: Packs = "",
    as_json: Json = False,
) -> None:
    """某一年度的年费、滞纳金和适用时段 · one year's fee, its surcharge and the window in which they hold."""
    with guarded(as_json):
        from desk.answers.fees import due as answer  # noqa: PLC0415  start-up time

        found = answer(
            clean(kind), clean(filed), clean(year), clean(paid_on), reduction=clean(reduction),
            granted=clean(granted), open_license=open_license, payments=[clean(one) for one in payment or []],
            layers=clean(layers),
        )  # fmt: skip
        if as_json:
            print_value(found)
            return
        _tell_due(found)


def _tell_due(found: Mapping[str, Any]) -> None:
    zh, en = _STATUS[found["status"]]
    window = f"{found['window']['from']} — {found['window']['to'] or '…'}"
    say(
        f"第{found['year']}年度：年费{_yuan(found['fee_fen'])}，滞纳金{_yuan(found['surcharge_fen'])}，"
        f"合计{_yuan(found['total_fen'])}（{zh}，{found['bracket']}）",
        f"year {found['year']}: fee {_yuan(found['fee_fen'])}, surcharge {_yuan(found['surcharge_fen'])}, "
        f"total {_yuan(found['total_fen'])} ({en}, {found['bracket']})",
    )
    say(
        f"缴费期限届满日{found['due']}，滞纳期至{found['grace_end']}；本金额适用于{window}",
        f"due {found['due']}, late until {found['grace_end']}; these amounts hold {window}",
    )
    if found["paid_fen"]:
        say(
            f"此前已缴{_yuan(found['paid_fen'])}，还应缴{_yuan(found['still_due_fen'])}，"
            f"可退{_yuan(found['refundable_fen'])}",
            f"paid {_yuan(found['paid_fen'])}, left {_yuan(found['still_due_fen'])}, "
            f"too much {_yuan(found['refundable_fen'])}",
        )
    for note in found["notes"]:
        say(f"  · {note['zh']}", f"  · {note['en']}")
    say(f"由来：{found['derivation']['sentence']}", f"how: {found['derivation']['sentence_en']}")


@app.command("other")
def other(
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="invention | utility | design")] = "",
    on: On = "",
    layers: Packs = "",
    as_json: Json = False,
) -> None:
    """年费以外的官费 · official fees beside the annual fee."""
    with guarded(as_json):
        from desk.answers.fees import other as answer  # noqa: PLC0415  start-up time
        from rules.patent_numbers import KIND_ZH  # noqa: PLC0415  start-up time

        found = answer(clean(kind), on=clean(on) or today().isoformat(), layers=clean(layers))
        if as_json:
            print_value(found)
            return
        for row in found:
            kinds = "、".join(CONSOLE.pick(KIND_ZH[kind], kind) for kind in row["kinds"])
            timer = f"〔{row['timer']}〕" if row["timer"] else ""
            say(
                f"{row['name']}\t{_yuan(row['fee_fen'])}\t{row['per']}\t{kinds}{timer}",
                f"{row['name_en']}\t{_yuan(row['fee_fen'])}\t{row['per_en']}\t{kinds}{timer}",
            )


@app.command("forecast")
def forecast(
    first: Annotated[
        str, typer.Option("--from", metavar="YYYY-MM", help="起始月，默认本月 · first month")
    ] = "",
    months: Annotated[str, typer.Option("--months", metavar="N", help="月数 · how many months")] = "24",
    by: Annotated[
        str, typer.Option("--by", metavar="month|patent", help="按月或按件 · by month or patent")
    ] = "",
    xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="写成工作簿 · workbook")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="写成csv · csv for Excel")] = None,
    on: On = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """未来年费预测，按月和缴费人汇总 · the coming annual fees, by month and payer."""
    with guarded(as_json), open_desk() as desk:
        from cases.fee_forecast import forecast_of  # noqa: PLC0415  start-up time
        from desk.answers.fees import forecast_json, span  # noqa: PLC0415  start-up time

        view = clean(by) or "month"
        if view not in ("month", "patent"):
            raise UsageProblem("--by 只能是 month（按月）或 patent（按件）", "--by is month or patent")
        day = day_of(on) or today()
        begin, end = span(clean(first), clean(months), day)
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            found = forecast_of(session, person.org_id, begin, end, today=day)
        written = _written(found, view, xlsx, csv)
        if as_json:
            print_value({**forecast_json(found, by=view), "files": written})
            return
        _tell_forecast(forecast_json(found, by=view))
        for name in written:
            say(f"已写入{name}", f"written to {name}")


def _written(found: "Forecast", by: str, xlsx: Path | None, csv: Path | None) -> list[str]:
    from exchange.fee_list import write_csv, write_workbook  # noqa: PLC0415  start-up time

    written = []
    for target in (xlsx, csv):
        if target is None:
            continue
        try:
            if target is xlsx:
                write_workbook(target, found)
            else:
                write_csv(target, found, by=by)
        except OSError as error:
            reason = error.strerror or str(error)
            tell_problem(
                "failed", 500, f"无法写入{target}：{reason}。请检查目录和权限后重试",
                f"cannot write {target}: {reason}",
            )  # fmt: skip
            raise typer.Exit(FOUND_FAILURE) from error
        written.append(str(target))
    return written


def _tell_forecast(found: Mapping[str, Any]) -> None:
    for row in found["rows"]:
        if found["by"] == "month":
            who = CONSOLE.pick(row["payer_zh"], row["payer_en"])
            say(
                f"{row['month']}\t{who}\t{row['count']}件\t{_yuan(row['total_fen'])}",
                f"{row['month']}\t{who}\t{row['count']}\t{_yuan(row['total_fen'])}",
            )
        else:
            late = CONSOLE.pick("已逾期", "overdue") if row["overdue"] else row["due"]
            who = CONSOLE.pick(row["payer_zh"], row["payer_en"])
            say(
                f"{late}\t{row['number']}\t第{row['year']}年度\t{_yuan(row['total_fen'])}\t{who}\t{row['title']}",
                f"{late}\t{row['number']}\tyear {row['year']}\t{_yuan(row['total_fen'])}\t{who}\t{row['title']}",
            )
    say(
        f"{found['from']}至{found['to']}：{found['patents']}件专利，应缴{found['fees']}笔，"
        f"合计{_yuan(found['total_fen'])}",
        f"{found['from']} to {found['to']}: {found['patents']} patents, {found['fees']} fees, "
        f"{_yuan(found['total_fen'])} in all",
    )
    for note in found["notes"]:
        say(f"  · {note['zh']}（{note['fees']}笔）", f"  · {note['en']} ({note['fees']})")
    for zh, en, numbers in _reasons(found):
        shown = "、".join(numbers[:5]) + ("…" if len(numbers) > 5 else "")
        say(f"未计入{len(numbers)}件：{zh}（{shown}）", f"{len(numbers)} left out: {en} ({shown})")


def _reasons(found: Mapping[str, Any]) -> list[tuple[str, str, list[str]]]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for out in found["left_out"]:
        grouped.setdefault((out["zh"], out["en"]), []).append(out["number"])
    return [(zh, en, numbers) for (zh, en), numbers in grouped.items()]


def _yuan(fen: int) -> str:
    from rules.money import format_yuan  # noqa: PLC0415  start-up time

    return CONSOLE.pick(f"{format_yuan(fen)}元", f"CNY {format_yuan(fen)}")
