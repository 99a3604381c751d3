"""`panhuo shares`: who gets what of conversion income."""

from typing import Annotated, Any

import typer

from desk.commands.console import Json, On, clean, guarded, print_value, say, today

Mode = Annotated[
    str, typer.Option("--mode", metavar="M", help="转化方式，如transfer、equity、own_use · mode")
]
Net = Annotated[
    str,
    typer.Option("--net", metavar="AMOUNT", help="净收入；纯数字为分，可写120万 · net income, fen or 120万"),
]
Contract = Annotated[
    str, typer.Option("--contract", metavar="AMOUNT", help="合同金额，单位规则按它分档 · contract amount")
]
Place = Annotated[str, typer.Option("--place", metavar="P", help="省份，如浙江或zhejiang · province")]
Pack = Annotated[
    str,
    typer.Option(
        "--pack", metavar="FILE", help="单位规则包：名称、文件或文件夹 · house pack: name, file or folder"
    ),
]
Unit = Annotated[str, typer.Option("--unit", help="state 国家设立的单位 | other 其他单位 · kind of unit")]
Leader = Annotated[
    str,
    typer.Option("--leader", help="完成人中有领导：head 正职 | other 其他领导 · a contributor is a leader"),
]


def shares(
    mode: Mode = "",
    net: Net = "",
    contract: Contract = "",
    place: Place = "",
    pack: Pack = "",
    on: On = "",
    unit: Unit = "",
    leader: Leader = "",
    as_json: Json = False,
) -> None:
    """收益分配：各方所得、法定下限、违规之处 · shares of conversion income.

    档次按合同金额选，比例适用于净收入。没有单位规则的，按法定下限（或本省可选比例）分配。
    """
    with guarded(as_json):
        from desk.answers import shares as answers  # noqa: PLC0415  start-up time

        answer = answers.shares(
            clean(mode), clean(net), clean(contract), place=clean(place), pack=clean(pack), on=clean(on),
            unit=clean(unit), leader=clean(leader), today=today(), files=True,
        )  # fmt: skip
        if as_json:
            print_value(answer)
            return
        _show(answer)


def _show(answer: dict[str, Any]) -> None:
    from rules.money import format_yuan, percent  # noqa: PLC0415  start-up time

    for line in answer["lines"]:
        amount = format_yuan(line["amount_fen"])
        say(
            f"{line['party_zh']}　{amount}元　{line['basis']}",
            f"{line['party_en']}  {amount} yuan  {line['basis_en']}",
        )
    floor = answer["floor"]
    if floor is not None:
        least, share, badge = format_yuan(floor["amount_fen"]), percent(floor["bp"]), floor["badge"]
        law = f"〔{floor['rule']} {floor['article']}{' ' + badge if badge else ''}〕"
        say(
            f"奖励合计　{format_yuan(answer['reward_fen'])}元；下限{share}，即{least}元{law}",
            f"reward {format_yuan(answer['reward_fen'])} yuan; floor {share} = {least} yuan {law}",
        )
    for one in answer["violations"]:
        say(
            f"违规：{one['reason']}〔{one['rule']} {one['article']}〕\n  办法：{one['remedy']}",
            f"violation: {one['reason_en']} [{one['rule']}]\n  remedy: {one['remedy_en']}",
        )
    for note in answer["warnings"]:
        say(f"说明：{note['text']}", f"note: {note['text_en']}")
    say(f"由来：{answer['derivation']['sentence']}", f"because: {answer['derivation']['sentence_en']}")
