"""`panhuo company show|set`: a counterparty as contracts name it."""

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import As, Json, UsageProblem, clean, guarded, open_desk, print_json, say

if TYPE_CHECKING:
    from sqlmodel import Session

    from cases.companies import CompanyView

app = typer.Typer(help="企业 · companies", no_args_is_help=True, rich_markup_mode=None)
Company = Annotated[str, typer.Argument(metavar="COMPANY", help="企业名称或统一社会信用代码 · name or code")]


@app.command("show")
def show(company: Company, as_login: As = "", as_json: Json = False) -> None:
    """企业信息 · show a company."""
    with guarded(as_json), open_desk() as desk:
        with desk.db.read() as session:
            found = _found(session, desk.person(session, as_login).org_id, clean(company))
        _tell(found, as_json)


@app.command("set")
def set_(
    company: Company,
    pairs: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="字段=取值，可多次")
    ] = None,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """修改企业信息，没有写出的字段不变 · change a company; other fields stay."""
    with guarded(as_json), open_desk() as desk:
        from cases.companies import get_company, save_company  # noqa: PLC0415  start-up time

        values = _values(pairs or [])
        with desk.db.read() as session:
            by = desk.person(session, as_login)
            found = _found(session, by.org_id, clean(company))
        stored = {name: getattr(found, name) for name in _fields()}
        save_company(desk.db, by, {**stored, **values}, company_id=found.id)
        with desk.db.read() as session:
            changed = get_company(session, by.org_id, found.id)
        _tell(changed, as_json)


def _fields() -> tuple[str, ...]:
    from cases.companies import TEXTS  # noqa: PLC0415  start-up time

    return (*TEXTS, "uscc", "is_foreign")


def _values(pairs: list[str]) -> dict[str, str]:
    """Return the changes.

    Raises: UsageProblem if there is none, or one of a field that a company does not have.
    """
    from desk.commands.inputs import payload_of  # noqa: PLC0415  start-up time

    values = payload_of(pairs, "")
    names = "、".join(_fields())
    if not values:
        raise UsageProblem(
            f"请用 --set 字段=取值 写明要改的内容，字段：{names}", f"say what to change ({names})"
        )
    for name, value in values.items():
        if name not in _fields() or not isinstance(value, str):
            raise UsageProblem(
                f"企业没有字段“{name}”，可填：{names}", f"no field '{name}', choose from: {names}"
            )
    return values


def _found(session: "Session", org_id: int, named: str) -> "CompanyView":
    """Return the one company of a name or code.

    Raises: NotFound; UsageProblem if several have the name.
    """
    from cases.companies import list_companies  # noqa: PLC0415  start-up time
    from cases.errors import NotFound  # noqa: PLC0415  start-up time

    wanted = named.strip()
    rows = list_companies(session, org_id, wanted, 200)
    exact = [row for row in rows if wanted and (row.name == wanted or row.uscc == wanted.upper())]
    if not exact:
        raise NotFound(f"没有登记企业“{named}”，请核对名称或统一社会信用代码", f"no company {named}")
    if len(exact) > 1:
        raise UsageProblem(
            f"有多家企业名为“{named}”，请改用统一社会信用代码", f"several companies are named {named}"
        )
    return exact[0]


def _tell(found: "CompanyView", as_json: bool) -> None:
    from cases.companies import LABELS  # noqa: PLC0415  start-up time
    from desk.shapes import CompanyShape  # noqa: PLC0415  start-up time

    if as_json:
        print_json(CompanyShape.model_validate(found))
        return
    for name, label in LABELS.items():
        value = getattr(found, name) or "—"
        say(f"{label}\t{value}", f"{name}\t{value}")
