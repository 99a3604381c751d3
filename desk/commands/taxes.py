"""`panhuo taxes` and `panhuo income`: taxes, net income and caps, without a case."""

from typing import Annotated, Any

import typer

from desk.commands.console import Json, On, UsageProblem, clean, guarded, print_value, say, today

app = typer.Typer(
    help="税费计算：印花税、增值税、企业和个人所得税、递延纳税 · taxes of conversion",
    no_args_is_help=True,
    rich_markup_mode=None,
)
income_app = typer.Typer(
    help="净收入与开放许可使用费上限 · net income and caps", no_args_is_help=True, rich_markup_mode=None
)
Mode = Annotated[str, typer.Option("--mode", metavar="M", help="转化方式，如transfer · mode")]
Met = Annotated[
    list[str] | None,
    typer.Option("--met", metavar="RULE", help="已符合的条件，如TX-09，可多次 · condition that is met"),
]
Place = Annotated[str, typer.Option("--place", metavar="P", help="省份，如浙江或zhejiang · province")]
Pack = Annotated[str, typer.Option("--pack", metavar="FILE", help="单位规则包 · house pack")]


@app.command("stamp")
def stamp(
    mode: Mode = "",
    price: Annotated[str, typer.Option("--price", metavar="AMOUNT", help="价款；不填为未列明 · price")] = "",
    on: On = "",
    as_json: Json = False,
) -> None:
    """印花税，双方各自缴纳 · stamp duty, paid by each party."""
    with guarded(as_json):
        from desk.answers import taxes as answers  # noqa: PLC0415  start-up time

        _print(answers.stamp(clean(mode), clean(price), on=clean(on), today=today()), as_json)


@app.command("vat")
def vat(mode: Mode = "", met: Met = None, on: On = "", as_json: Json = False) -> None:
    """增值税免税是否适用；免税有期限 · whether the deal is exempt from VAT."""
    with guarded(as_json):
        from desk.answers import taxes as answers  # noqa: PLC0415  start-up time

        _print(answers.vat(clean(mode), met=_all(met), on=clean(on), today=today()), as_json)


@app.command("cit")
def cit(
    year: Annotated[str, typer.Option("--year", help="纳税年度 · tax year")] = "",
    income: Annotated[
        list[str] | None,
        typer.Option("--income", metavar="MODE=AMOUNT[:YEARS]", help="一笔所得，可多次 · one income"),
    ] = None,
    as_json: Json = False,
) -> None:
    """企业所得税：一年500万元以内免征，超过减半 · the yearly counter of enterprise income tax."""
    with guarded(as_json):
        from desk.answers import taxes as answers  # noqa: PLC0415  start-up time

        _print(answers.cit(clean(year), _all(income)), as_json)


@app.command("iit")
def iit(
    mode: Mode = "",
    paid_on: Annotated[str, typer.Option("--paid-on", metavar="DATE", help="发放日 · day of payment")] = "",
    receipt: Annotated[
        list[str] | None,
        typer.Option(
            "--receipt", metavar="DATE=AMOUNT", help="到账日=其中的奖励，可多次 · receipt and reward"
        ),
    ] = None,
    met: Met = None,
    as_json: Json = False,
) -> None:
    """个人所得税：每笔到账36个月内发放的现金奖励减半 · cash rewards, 36 months for each receipt."""
    with guarded(as_json):
        from desk.answers import taxes as answers  # noqa: PLC0415  start-up time

        _print(answers.iit(clean(mode), clean(paid_on), _all(receipt), met=_all(met)), as_json)


@app.command("deferral")
def deferral(
    obtained_on: Annotated[str, typer.Option("--obtained-on", metavar="DATE", help="取得技术日")] = "",
    shares_paid_on: Annotated[str, typer.Option("--shares-paid-on", metavar="DATE", help="支付股权日")] = "",
    filed_on: Annotated[str, typer.Option("--filed-on", metavar="DATE", help="备案日")] = "",
    mixed: Annotated[bool, typer.Option("--mixed", help="对价不全是股权 · not all shares")] = False,
    foreign: Annotated[bool, typer.Option("--foreign", help="被投资企业非居民企业 · not resident")] = False,
    as_json: Json = False,
) -> None:
    """技术入股递延纳税及其备案期限 · deferral of income tax on technology for shares."""
    with guarded(as_json):
        from desk.answers import taxes as answers  # noqa: PLC0415  start-up time

        answer = answers.deferral(
            clean(obtained_on), clean(shares_paid_on), all_shares=not mixed, resident=not foreign,
            filed_on=clean(filed_on),
        )  # fmt: skip
        _print(answer, as_json)


@income_app.command("net")
def net(
    receipt: Annotated[str, typer.Option("--receipt", metavar="AMOUNT", help="到账金额 · receipt")] = "",
    cost: Annotated[
        list[str] | None,
        typer.Option("--cost", metavar="KIND=AMOUNT", help="一项成本，如tax=1万，可多次 · one cost"),
    ] = None,
    unproved: Annotated[
        list[str] | None,
        typer.Option("--unproved", metavar="KIND", help="没有凭证的成本，可多次 · a cost without proof"),
    ] = None,
    place: Place = "",
    pack: Pack = "",
    on: On = "",
    as_json: Json = False,
) -> None:
    """净收入：到账减去可扣除的成本；没有凭证的不扣 · net income of a receipt.

    成本项目：tax 税金、maintenance 维护、appraisal 评估、verification 鉴证、negotiation 谈判、brokerage 中介、
    own_rd 自筹研发、public_rd 财政资金研发、other 其他。
    """
    with guarded(as_json):
        from desk.answers import net_income as answers  # noqa: PLC0415  start-up time

        answer = answers.net(
            clean(receipt), _costs(cost), unproved=frozenset(_all(unproved)), place=clean(place),
            pack=clean(pack), on=clean(on), today=today(), files=True,
        )  # fmt: skip
        _print(answer, as_json)


@income_app.command("caps")
def caps(
    fixed: Annotated[str, typer.Option("--fixed", metavar="AMOUNT", help="固定使用费 · fixed fee")] = "",
    sales: Annotated[str, typer.Option("--sales", metavar="20%", help="按净销售额提成 · of net sales")] = "",
    profit: Annotated[str, typer.Option("--profit", metavar="40%", help="按利润提成 · of profit")] = "",
    basis_chars: Annotated[str, typer.Option("--basis-chars", help="依据说明字数 · length of brief")] = "",
    on: On = "",
    as_json: Json = False,
) -> None:
    """开放许可使用费是否超过一般上限 · caps of open-license fees."""
    with guarded(as_json):
        from desk.answers import caps as answers  # noqa: PLC0415  start-up time

        answer = answers.caps(
            fixed=clean(fixed), sales=clean(sales), profit=clean(profit), basis_chars=clean(basis_chars),
            on=clean(on), today=today(),
        )  # fmt: skip
        if as_json:
            print_value(answer)
            return
        for one in answer["warnings"]:
            say(
                f"{one['reason']}〔{one['rule']} {one['article']}〕{one['remedy']}",
                f"{one['reason_en']}; {one['remedy_en']}",
            )
        if not answer["warnings"]:
            say("未超过上限", "within the caps")


def _costs(given: list[str] | None) -> dict[str, str]:
    """Read KIND=AMOUNT, each kind once.

    Raises: UsageProblem.
    """
    costs: dict[str, str] = {}
    for text in _all(given):
        kind, sign, amount = text.partition("=")
        if not sign or not kind.strip() or kind.strip() in costs:
            raise UsageProblem(
                f"“{text}”写法不对：--cost 写成 项目=金额，每个项目一次，例如 --cost tax=1万",
                "write --cost KIND=AMOUNT, each kind once",
            )
        costs[kind.strip()] = amount
    return costs


def _all(given: list[str] | None) -> list[str]:
    return [clean(text) for text in given or ()]


def _print(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_value(answer)
        return
    say(answer["derivation"]["sentence"], answer["derivation"]["sentence_en"])
