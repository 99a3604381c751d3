"""`panhuo modes`: the conversion modes that this release drives, with their states and steps."""

import typer

from desk.commands.console import Json, print_value, say

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
