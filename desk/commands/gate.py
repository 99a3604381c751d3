"""`panhuo gate`: can this deal be made on these patents, without a case."""

from typing import Annotated, Any

import typer

from desk.commands.console import CONSOLE, Json, clean, guarded, print_value, say, today

HELP = """能否办理：按专利的状态核对拟办事项，列出全部未满足的条件 · can this deal be made on these patents.

事实为JSON文件（“-”为标准输入），除专利外各项可省略，缺少的会列为未满足或提示：

\b
{"institution": "本单位", "on": "2026-03-01", "foreign_party": false,
 "license": {"start": "2026-04-01", "end": "2031-03-31", "territory": "浙江省"},
 "patents": [{"application_no": "201710601862.3", "title": "名称", "kind": "发明", "status": "有权",
   "flags": ["质押"], "filing_date": "2017-07-21", "grant_date": "2019-07-09", "owners": ["本单位"],
   "checked_on": "2026-02-20", "consents": ["质权人同意"]}],
 "other_cases": [{"mode": "普通许可", "patent": "201710601862.3", "start": "2025-01-01",
   "end": "2027-12-31", "territory": "", "number": "ZH2025-00001"}],
 "terms": {"fixed_fee": "300万元", "net_sales": "5%", "profit": "20%"}}

方式也可写中文；各字段见 docs/gate-facts.md：

\b
transfer 转让　equity 作价入股　ordinary_license 普通许可　sole_license 排他许可
exclusive_license 独占许可　open_license 开放许可　pledge 质押　patent_pool 专利池
development 技术开发或技术服务
"""


def gate(
    mode: Annotated[str, typer.Option("--mode", metavar="MODE", help="转化方式 · conversion mode")],
    facts: Annotated[
        str,
        typer.Option("--facts", metavar="FILE", help="事实文件，“-”为标准输入 · facts, - for standard input"),
    ],
    stage: Annotated[
        str,
        typer.Option(
            "--stage", metavar="open|sign|file", help="环节：立案、签约（默认）、备案或登记 · stage"
        ),
    ] = "",
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="核对哪一天，默认今日 · the day, today by default")
    ] = "",
    layers: Annotated[
        str, typer.Option("--layers", help="规则包，以逗号分隔，默认national,house · rule packs")
    ] = "",
    as_json: Json = False,
) -> None:
    with guarded(as_json):
        from desk.answers import gate as answers  # noqa: PLC0415  start-up time
        from desk.answers.gate_facts import read_json  # noqa: PLC0415  start-up time
        from desk.commands.inputs import text_of  # noqa: PLC0415  start-up time

        given = read_json(clean(text_of(facts)))
        answer = answers.check(
            given, mode=clean(mode), stage=clean(stage) or None, on=clean(on) or None, layers=clean(layers) or None,
            today=today(),
        )  # fmt: skip
        if as_json:
            print_value(answer)
            return
        _show(answer)


gate.__doc__ = HELP


def _show(answer: dict[str, Any]) -> None:
    verdict = ("可以办理", "possible") if answer["allowed"] else ("不能办理", "not possible")
    say(
        f"{answer['mode_zh']}（{answer['stage_zh']}，{answer['on']}）：{verdict[0]}",
        f"{answer['mode']} ({answer['stage']}, {answer['on']}): {verdict[1]}",
    )
    for key, zh, en in (("unmet", "未满足", "not met"), ("warnings", "提示", "warnings")):
        if answer[key]:
            say(f"{zh}{len(answer[key])}项：", f"{en}: {len(answer[key])}")
        for row in answer[key]:
            _show_row(row)


def _show_row(row: dict[str, Any]) -> None:
    badge = "，待核实" if row["unverified"] else ""
    law = f"〔{row['rule']} {row['article']}{badge}〕"
    say(f"  · {row['reason']}{law}", f"  · {row['reason_en']} [{row['rule']} {row['article']}]")
    say(f"    办法：{row['remedy']}（{row['who_zh']}）", f"    remedy: {row['remedy_en']} ({row['who']})")
    if CONSOLE.language == "zh" and row["consent"]:
        say(f"    取得后在 consents 中登记：{row['consent']}")
