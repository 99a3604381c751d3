"""`panhuo modes`: the conversion modes that this release drives, with their states and steps."""

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import (
    As,
    Json,
    On,
    day_of,
    guarded,
    open_desk,
    print_json,
    print_value,
    say,
    today,
)

if TYPE_CHECKING:
    from desk.comparison_shapes import SuitedShape
    from desk.shapes import UnmetShape

app = typer.Typer(
    help="转化方式：列表、比较 · conversion modes",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def modes(context: typer.Context, as_json: Json = False) -> None:
    """转化方式：名称、平台标签、状态、步骤 · the conversion modes with their states and steps."""
    if context.invoked_subcommand is not None:
        return
    from desk.mode_shapes import all_modes  # noqa: PLC0415  start-up time

    found = all_modes()
    if as_json:
        print_value(found.model_dump(mode="json", by_alias=True))
        return
    for mode in found.modes:
        states, steps = len(mode.states), sum(not event.automatic for event in mode.events)
        say(
            f"{mode.slug}\t{mode.zh}\t平台标签：{mode.platform_label}\t第{mode.version}版，{states}个状态，{steps}个步骤",
            f"{mode.slug}\t{mode.en}\tplatform label: {mode.platform_label}\t"
            f"version {mode.version}, {states} states, {steps} steps",
        )


VERDICTS = {
    "clear": ("没有障碍", "nothing stands against it"),
    "conditions": ("签约前须满足条件", "conditions before signing"),
    "blocked": ("不能办理", "not possible"),
}


@app.command("compare")
def compare_(
    patent: Annotated[list[str], typer.Argument(metavar="NUMBER…", help="专利（申请）号 · patents")],
    foreign: Annotated[
        bool, typer.Option("--foreign", help="对方为境外或港澳台主体 · the other side is foreign")
    ] = False,
    on: On = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """这些专利适合哪种转化方式：障碍、手续、用时、奖励下限 · which mode suits these patents."""
    with guarded(as_json), open_desk() as desk:
        from cases.comparison import compare  # noqa: PLC0415  start-up time
        from desk.commands.finding import patent_ids_of  # noqa: PLC0415  start-up time
        from desk.comparison_shapes import ComparisonShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            ids = patent_ids_of(session, person.org_id, patent)
            found = compare(desk.db, session, person, ids, day_of(on) or today(), foreign_party=foreign)
        shape = ComparisonShape.of(found)
        if as_json:
            print_json(shape)
            return
        for one in shape.modes:
            _say_mode(one)


def _say_mode(one: "SuitedShape") -> None:
    zh, en = VERDICTS[one.verdict]
    say(f"{one.mode_zh}（{one.platform_label}）：{zh}", f"{one.mode_en} ({one.platform_label}): {en}")
    for mark, found in (("✗", one.never), ("✗", one.before_signing), ("!", one.warnings)):
        for unmet in found:
            _say_unmet(mark, unmet)
    for duty in one.duties:
        mark_zh = "［待核实］" if duty.unverified else ""
        say(
            f"  · {duty.zh}{f'，{duty.length_zh}' if duty.length_zh else ''}（{duty.rule_id} {duty.article}）{mark_zh}",
            f"  · {duty.en}{f', {duty.length_en}' if duty.length_en else ''} ({duty.rule_id})",
        )
    say(f"  {one.span.zh}{'［待核实］' if one.span.unverified else ''}", f"  {one.span.en}")
    for told in filter(None, (one.reward, *one.taxes)):
        say(f"  {told['zh']}（{told['rule_id']}）", f"  {told['en']} ({told['rule_id']})")


def _say_unmet(mark: str, unmet: "UnmetShape") -> None:
    say(
        f"  {mark} {unmet.what_zh}（{unmet.rule_id} {unmet.article}）→ {unmet.remedy_zh}",
        f"  {mark} {unmet.what_en} ({unmet.rule_id}) -> {unmet.remedy_en}",
    )
