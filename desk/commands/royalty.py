"""`panhuo royalty`: what the statements of a case have made due, and what one more would."""

from typing import Annotated, Any

import typer

from desk.commands.console import (
    As,
    CaseName,
    Json,
    On,
    clean,
    day_of,
    guarded,
    open_desk,
    print_value,
    say,
    today,
)

Sales = Annotated[
    list[str],
    typer.Option(
        "--sales",
        metavar="LINE",
        help="试算：产品 销售额 退货 金额…，可重复；没有销售填“无” · suppose sales, repeatable",
    ),
]
PeriodNo = Annotated[
    int, typer.Option("--period", min=0, max=400, help="试算第几期，默认下一期 · period, the next by default")
]


def royalty(
    case: CaseName,
    sales: Sales = [],  # noqa: B006  Typer copies it
    period: PeriodNo = 0,
    on: On = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """提成费：各期应付、最低额、上限、逾期违约金及试算 · royalties due, or what sales would make due.

    只读取和试算，不登记报表；登记用 panhuo case do CASE report_royalty。
    """
    with guarded(as_json), open_desk() as desk:
        from desk.answers import royalty as answers  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
            answer = answers.royalty(
                desk.db, session, person, case_id, on=day_of(on) or today(),
                products="\n".join(map(clean, sales)), period=period or None,
            )  # fmt: skip
        if as_json:
            print_value(answer)
        else:
            _show(answer)


def _show(answer: dict[str, Any]) -> None:
    from rules.money import format_yuan  # noqa: PLC0415  start-up time

    if answer["supposed"]:
        say("试算，不写入案件", "supposed, nothing is written")
    for line in answer["lines"]:
        asked, still = format_yuan(line["asked_fen"]), format_yuan(line["open_fen"])
        say(
            f"{line['due']}　{line['name']}　应付{asked}元　未付{still}元",
            f"{line['due']}  {line['name_en']}  due {asked}  open {still}",
        )
        say(f"  由来：{line['derivation']['sentence']}", f"  because: {line['derivation']['sentence_en']}")
        if "late" in line:
            say(f"  逾期：{line['late']}", f"  late: {line['late_en']}")
    due, still = format_yuan(answer["due_fen"]), format_yuan(answer["open_fen"])
    over = format_yuan(answer["overpaid_fen"])
    say(f"合计应付{due}元，未付{still}元，多付{over}元", f"due {due}, open {still}, overpaid {over}")
    following = answer["next"]
    if following:
        say(
            f"下一期：第{following['period']}期 {following['first']}至{following['last']}，{following['report_by']}前提交报表",
            f"next: period {following['period']}, {following['first']} to {following['last']}, by {following['report_by']}",
        )
