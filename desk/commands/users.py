"""`panhuo user add|set-email|link|token|list`: people and how they get in."""

from typing import Annotated

import typer

from desk.commands.console import (
    As,
    Desk,
    Json,
    UsageProblem,
    clean,
    guarded,
    now,
    open_desk,
    print_value,
    say,
)

app = typer.Typer(help="用户 · users", no_args_is_help=True, rich_markup_mode=None)
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="用户名 · login")]


@app.command("add")
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="姓名 · name")],
    role: Annotated[
        str, typer.Option("--role", help="officer, approver, finance, administrator, readonly")
    ] = "officer",
    email: Annotated[str, typer.Option("--email", help="电子邮箱 · e-mail")] = "",
    institution: Annotated[
        str, typer.Option("--institution", help="单位名称，仅首个用户 · first user only")
    ] = "",
    uscc: Annotated[
        str, typer.Option("--uscc", help="单位统一社会信用代码，仅首个用户 · first user only")
    ] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """添加用户；系统为空时同时登记单位 · add a user; the first one comes with the institution."""
    with guarded(as_json), open_desk() as desk:
        from cases.founding import found  # noqa: PLC0415  start-up time
        from cases.people import add_user  # noqa: PLC0415  start-up time

        if _is_empty(desk):
            if role != "administrator" or not institution:
                raise UsageProblem(
                    "系统为空：首个用户须为管理员，请加上 --role administrator --institution 单位名称",
                    "the first user is the administrator: --role administrator --institution NAME",
                )
            user_id = found(
                desk.db, institution=clean(institution), uscc=clean(uscc), login=clean(login), name=clean(name),
                email=clean(email),
            )  # fmt: skip
        else:
            with desk.db.read() as session:
                by = desk.person(session, as_login)
            user_id = add_user(
                desk.db, by, login=clean(login), name=clean(name), role=clean(role), email=clean(email)
            )
        if as_json:
            print_value({"id": user_id, "login": login, "role": role})
        else:
            say(
                f"已添加用户{login}。登录链接：panhuo user link {login}",
                f"added {login}; next: panhuo user link {login}",
            )


def _is_empty(desk: Desk) -> bool:
    from sqlmodel import select  # noqa: PLC0415  start-up time

    from cases.tables import Organization  # noqa: PLC0415  start-up time

    with desk.db.read() as session:
        return session.exec(select(Organization.id)).first() is None


@app.command("list")
def list_(as_login: As = "", as_json: Json = False) -> None:
    """用户列表 · list users."""
    with guarded(as_json), open_desk() as desk:
        from cases.people import people_of  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            people = people_of(session, desk.person(session, as_login).org_id)
        rows = [
            {"id": p.id, "login": p.login, "name": p.name, "role": p.role, "email": p.email} for p in people
        ]
        if as_json:
            print_value({"rows": rows})
            return
        for row in rows:
            say(f"{row['login']}\t{row['name']}\t{row['role']}\t{row['email']}")


@app.command("set-email")
def set_email(
    login: Login,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="电子邮箱 · e-mail")],
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """更正用户的电子邮箱，并解除退信停用 · correct where a user's letters go, and use it again."""
    with guarded(as_json), open_desk() as desk:
        from cases.addresses import set_email as change  # noqa: PLC0415  start-up time
        from cases.people import person_by_login  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            by, person = desk.person(session, as_login), person_by_login(session, clean(login))
        email = change(desk.db, by, person.id, address, now())
        if as_json:
            print_value({"login": person.login, "email": email})
        else:
            say(f"{person.name}的电子邮箱已更正为{email}", f"{person.login}: letters go to {email}")


@app.command("link")
def link(login: Login, as_json: Json = False) -> None:
    """一次性登录链接，24小时内有效 · a link that signs the user in once."""
    with guarded(as_json), open_desk() as desk:
        from cases.people import make_sign_in_link, person_by_login  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = person_by_login(session, clean(login)).through("command")
        url = f"{desk.settings.base_url}/sign-in/{make_sign_in_link(desk.db, person.id)}"
        if as_json:
            print_value({"login": person.login, "url": url})
        else:
            say(url)


@app.command("token")
def token(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="用途 · what it is for")] = "API",
    as_json: Json = False,
) -> None:
    """REST接口访问令牌，只显示一次 · a bearer token for the REST API, shown once."""
    with guarded(as_json), open_desk() as desk:
        from cases.people import make_api_token, person_by_login  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = person_by_login(session, clean(login)).through("command")
        made = make_api_token(desk.db, person, clean(name))
        if as_json:
            print_value({"login": person.login, "token": made})
        else:
            say(made)
