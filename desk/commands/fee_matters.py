"""`panhuo fees restore|compensation|refund|reduction|set`: what stands beside the annual fee itself."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from desk.commands.console import (
    CONSOLE,
    As,
    Json,
    On,
    UsageProblem,
    clean,
    guarded,
    now,
    open_desk,
    print_value,
    say,
    today,
)

Packs = Annotated[
    str, typer.Option("--layers", metavar="NAMES", help="规则包，逗号分隔，默认 national,house · rule packs")
]
Payments = Annotated[
    list[str] | None,
    typer.Option("--payment", metavar="DATE=AMOUNT", help="已缴的款项，可多次 · what was paid"),
]


def restore(
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="invention | utility | design")],
    filed: Annotated[str, typer.Option("--filed", metavar="DATE", help="申请日 · filing date")],
    year: Annotated[str, typer.Option("--year", metavar="N", help="未缴的年度 · unpaid patent year")],
    received: Annotated[
        str,
        typer.Option(
            "--received", metavar="DATE", help="收到终止通知书之日 · notice of termination received"
        ),
    ],
    reduction: Annotated[str, typer.Option("--reduction", metavar="R", help="none | 70 | 85")] = "none",
    granted: Annotated[str, typer.Option("--granted", metavar="DATE", help="授权公告日 · day of grant")] = "",
    payment: Payments = None,
    force_majeure: Annotated[
        str,
        typer.Option("--force-majeure", metavar="DATE", help="不可抗力障碍消除之日 · end of the obstacle"),
    ] = "",
    layers: Packs = "",
    as_json: Json = False,
) -> None:
    """因未缴年费终止后恢复权利的费用和期限 · what restores a lapsed right, and until when."""
    with guarded(as_json):
        from desk.answers.fee_matters import restore as answer  # noqa: PLC0415  start-up time

        found = answer(
            clean(kind), clean(filed), clean(year), clean(received), reduction=clean(reduction),
            granted=clean(granted), payments=[clean(one) for one in payment or []],
            obstacle_ended=clean(force_majeure), layers=clean(layers),
        )  # fmt: skip
        _tell(found, as_json)


def compensation(
    filed: Annotated[str, typer.Option("--filed", metavar="DATE", help="申请日 · filing date")],
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help="补偿后的届满日 · last compensated day")
    ],
    on: On = "",
    layers: Packs = "",
    as_json: Json = False,
) -> None:
    """发明专利期限补偿期间的年费 · the fee of a compensated term."""
    with guarded(as_json):
        from desk.answers.fee_matters import compensation as answer  # noqa: PLC0415  start-up time

        found = answer(clean(filed), clean(until), on=clean(on) or today().isoformat(), layers=clean(layers))
        _tell(found, as_json)


def refund(
    owed: Annotated[str, typer.Option("--owed", metavar="AMOUNT", help="应缴金额，如 600元 · what was owed")],
    payment: Payments = None,
    on: On = "",
    layers: Packs = "",
    as_json: Json = False,
) -> None:
    """多缴、重缴的款项可退多少，到哪一天为止 · what was paid too much, and until when to ask."""
    with guarded(as_json):
        from desk.answers.fee_matters import refund as answer  # noqa: PLC0415  start-up time

        found = answer(
            clean(owed), [clean(one) for one in payment or []], on=clean(on) or today().isoformat(),
            layers=clean(layers),
        )  # fmt: skip
        _tell(found, as_json)


def reduction(
    owner: Annotated[
        list[str] | None,
        typer.Option(
            "--owner", metavar="NAME=KIND[=AMOUNT]", help="权利人，可多次 · an owner, kind, yearly income"
        ),
    ] = None,
    former: Annotated[
        list[str] | None,
        typer.Option("--former", metavar="NAME", help="变更前的权利人，可多次 · former owners"),
    ] = None,
    requested: Annotated[
        bool, typer.Option("--requested", help="新权利人已重新请求 · the new owners have asked anew")
    ] = False,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help="invention | utility | design")] = "",
    filed: Annotated[str, typer.Option("--filed", metavar="DATE", help="申请日 · filing date")] = "",
    on: On = "",
    layers: Packs = "",
    as_json: Json = False,
) -> None:
    """谁可以减缴，变更权利人后是否继续，从哪一年度起 · who may pay less, and from which year."""
    with guarded(as_json):
        from desk.answers.fee_matters import reduction as answer  # noqa: PLC0415  start-up time

        found = answer(
            [clean(one) for one in owner or []], on=clean(on) or today().isoformat(),
            before=[clean(one) for one in former or []], requested=requested, kind=clean(kind),
            filed=clean(filed), layers=clean(layers),
        )  # fmt: skip
        _tell(found, as_json)
        if not as_json:
            for part in ("carried", "first_year"):
                if part in found:
                    _tell(found[part], as_json)


def set_(
    patent: Annotated[str, typer.Argument(metavar="PATENT", help="专利号或申请号 · patent number")],
    reduction: Annotated[
        str | None,
        typer.Option("--reduction", metavar="R", help="none | 70 | 85 | 空 · empty: from the owners"),
    ] = None,
    paid_year: Annotated[
        str | None, typer.Option("--paid-year", metavar="N", help="已缴至第几年度 · last paid patent year")
    ] = None,
    payer: Annotated[
        str | None, typer.Option("--payer", metavar="WHO", help="缴费人，如 institution、project · who pays")
    ] = None,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """登记一件专利的减缴、已缴年度和缴费人 · record a patent's reduction, paid year and payer."""
    given = {"fee_reduction": reduction, "fee_paid_year": paid_year, "fee_payer": payer}
    with guarded(as_json), open_desk() as desk:
        from cases.patent_fees import patent_id_of, set_fee_data  # noqa: PLC0415  start-up time

        values = {name: clean(value) for name, value in given.items() if value is not None}
        if not values:
            raise UsageProblem(
                "请写明要登记的内容：--reduction、--paid-year 或 --payer",
                "say what to record: --reduction, --paid-year or --payer",
            )
        with desk.db.read() as session:
            person = desk.person(session, as_login)
            patent_id = patent_id_of(session, person.org_id, clean(patent))
        saved = set_fee_data(desk.db, person, patent_id, values, now())
        told = {
            "patent": saved.patent_id, "application_no": saved.application_no, "fee_reduction": saved.reduction,
            "fee_paid_year": saved.paid_year, "fee_payer": saved.payer,
        }  # fmt: skip
        if as_json:
            print_value(told)
            return
        say(
            f"{saved.application_no}：减缴{saved.reduction or '按权利人推定'}，已缴至{saved.paid_year or '不清楚'}，"
            f"缴费人{saved.payer or '按本单位规则'}",
            f"{saved.application_no}: reduction {saved.reduction or 'from the owners'}, "
            f"paid to year {saved.paid_year or '?'}, payer {saved.payer or 'as the house says'}",
        )


def _tell(found: Mapping[str, Any], as_json: bool) -> None:
    if as_json:
        print_value(found)
        return
    told = found["derivation"]
    typer.echo(CONSOLE.pick(told["sentence"], told["sentence_en"]))
