"""`panhuo org show|set`: the institution as contracts and filing papers name it."""

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import As, Json, UsageProblem, guarded, now, open_desk, print_json, say

if TYPE_CHECKING:
    from cases.organizations import OrganizationView

app = typer.Typer(help="机构信息 · the institution", no_args_is_help=True, rich_markup_mode=None)
ENGLISH = {
    "name": "name", "uscc": "code (USCC)", "address": "address", "legal_representative": "legal representative",
    "contact": "contact", "phone": "phone", "email": "e-mail", "bank": "bank", "account": "account",
    "name_en": "English name", "address_en": "English address",
}  # fmt: skip


@app.command("show")
def show(as_login: As = "", as_json: Json = False) -> None:
    """机构信息 · show the institution."""
    with guarded(as_json), open_desk() as desk:
        from cases.organizations import organization_of  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            found = organization_of(session, desk.person(session, as_login).org_id)
        _tell(found, as_json)


@app.command("set")
def set_(
    pairs: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="字段=取值，可多次")
    ] = None,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """修改机构信息，没有写出的字段不变 · change the institution; other fields stay."""
    with guarded(as_json), open_desk() as desk:
        from cases.organizations import FIELDS, save_organization  # noqa: PLC0415  start-up time
        from desk.commands.inputs import payload_of  # noqa: PLC0415  start-up time

        values = payload_of(pairs or [], "")
        if not values:
            names = "、".join(FIELDS)
            raise UsageProblem(
                f"请用 --set 字段=取值 写明要改的内容，字段：{names}",
                f"say what to change: --set FIELD=VALUE ({names})",
            )
        with desk.db.read() as session:
            by = desk.person(session, as_login)
        _tell(save_organization(desk.db, by, values, now()), as_json)


def _tell(found: "OrganizationView", as_json: bool) -> None:
    from cases.organizations import FIELDS, LABELS  # noqa: PLC0415  start-up time
    from desk.shapes import OrganizationShape  # noqa: PLC0415  start-up time

    if as_json:
        print_json(OrganizationShape.model_validate(found))
        return
    for name in FIELDS:
        say(
            f"{LABELS[name]}\t{getattr(found, name) or '—'}",
            f"{ENGLISH[name]}\t{getattr(found, name) or '—'}",
        )
    if found.missing:
        zh = "、".join(LABELS[name] for name in found.missing)
        en = ", ".join(ENGLISH[name] for name in found.missing)
        say(
            f"尚未填写：{zh}。合同定稿前请补全：panhuo org set --set 字段=取值",
            f"still missing: {en}; complete with: panhuo org set --set FIELD=VALUE",
        )
