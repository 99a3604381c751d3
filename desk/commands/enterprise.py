"""`panhuo enterprise …`: enterprises, pushes, evaluations, messages and accounts of the portal."""

from typing import Annotated

import typer

from desk.commands.console import (
    As,
    Json,
    clean,
    guarded,
    now,
    open_desk,
    print_json,
    print_value,
    say,
    today,
)

app = typer.Typer(
    help="企业与评价 · enterprises and evaluations", no_args_is_help=True, rich_markup_mode=None
)
Company = Annotated[str, typer.Argument(metavar="COMPANY", help="企业名称或统一社会信用代码 · name or code")]
Page = Annotated[int, typer.Option("--page", min=1, max=100_000, help="页 · page")]


@app.command("list")
def list_(
    q: Annotated[str, typer.Option("--q", help="名称或代码 · part of name or code")] = "",
    class_: Annotated[str, typer.Option("--class", help="企业类别代码，如high_tech · class")] = "",
    industry: Annotated[str, typer.Option("--industry", help="产业领域代码，如materials · industry")] = "",
    region: Annotated[str, typer.Option("--region", help="地区 · region")] = "",
    page: Page = 1,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """按类别、领域、地区列出企业 · list enterprises."""
    with guarded(as_json), open_desk() as desk:
        from cases.enterprises import Wanted, list_enterprises  # noqa: PLC0415  start-up time
        from desk.enterprise_shapes import EnterpriseListShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            org = desk.person(session, as_login).org_id
            wanted = Wanted(clean(q), clean(class_), clean(region), clean(industry))
            found = EnterpriseListShape.of(list_enterprises(session, org, wanted, page))
        if as_json:
            print_json(found)
            return
        for row in found.rows:
            zh, en = "、".join(row.classes_zh), ", ".join(row.classes)
            say(
                f"{row.name}\t{zh}\t{row.region}\t推送{row.pushed}\t评价{row.evaluated}",
                f"{row.name}\t{en}\t{row.region}",
            )


@app.command("push")
def push(
    company: Company,
    patents: Annotated[list[str], typer.Argument(metavar="PATENT…", help="申请号或专利号 · patent numbers")],
    purpose: Annotated[
        str, typer.Option("--purpose", help="evaluation, matching, promotion, negotiation")
    ] = "evaluation",
    note: Annotated[str, typer.Option("--note", help="推荐理由 · why")] = "",
    mail: Annotated[bool, typer.Option("--mail", help="同时发送电子邮件 · send an e-mail, too")] = False,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """向企业推送专利 · push patents to an enterprise."""
    with guarded(as_json), open_desk() as desk:
        from cases.pushing import Push, push_patents  # noqa: PLC0415  start-up time
        from desk.commands.finding import company_id_of, patent_ids_of  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            by = desk.person(session, as_login)
            ids = patent_ids_of(session, by.org_id, patents)
        company_id = company_id_of(desk.db, by, clean(company), "")
        asked = Push(
            ids, [company_id], clean(purpose), clean(note), mail=mail and bool(desk.settings.smtp_host)
        )
        pushed = push_patents(desk.db, by, asked, now=now())
        if as_json:
            skipped = [
                {"title": one.title, "why_zh": one.why_zh, "why_en": one.why_en} for one in pushed.skipped
            ]
            print_value({"pushed": list(pushed.ids), "skipped": skipped})
            return
        say(f"已推送{len(pushed.ids)}件", f"{len(pushed.ids)} pushed")
        for one in pushed.skipped:
            say(f"未推送：{one.title}（{one.why_zh}）", f"left out: {one.title} ({one.why_en})")


@app.command("evaluations")
def evaluations(
    doubtful: Annotated[bool, typer.Option("--doubtful", help="只列待复核的 · those in doubt only")] = False,
    page: Page = 1,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """列出收到的评价 · list evaluations."""
    with guarded(as_json), open_desk() as desk:
        from cases.evaluation_views import list_evaluations  # noqa: PLC0415  start-up time
        from desk.enterprise_shapes import EvaluationListShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            org = desk.person(session, as_login).org_id
            found = EvaluationListShape.of(*list_evaluations(session, org, doubtful_only=doubtful, page=page))
        if as_json:
            print_json(found)
            return
        for row in found.rows:
            flags = "、".join(row.flags)
            say(
                f"{row.id}\t{row.on}\t{row.by}\t{row.title}\t{row.score}分\t{flags}",
                f"{row.id}\t{row.on}\t{row.by}\t{row.score}",
            )


@app.command("messages")
def messages(
    overdue: Annotated[bool, typer.Option("--overdue", help="只列已逾期的 · overdue ones only")] = False,
    page: Page = 1,
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """列出待答复的企业消息 · list what enterprises want answered."""
    with guarded(as_json), open_desk() as desk:
        from cases.enterprise_codes import MESSAGES  # noqa: PLC0415  start-up time
        from cases.enterprise_messages import list_messages  # noqa: PLC0415  start-up time
        from desk.enterprise_shapes import MessageListShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            org = desk.person(session, as_login).org_id
            found = MessageListShape.of(
                *list_messages(session, org, today(), status="open", overdue=overdue, page=page)
            )
        if as_json:
            print_json(found)
            return
        for row in found.rows:
            zh, en = MESSAGES[row.kind]
            say(
                f"{row.id}\t{row.due or '—'}\t{zh}\t{row.company}\t{row.body}",
                f"{row.id}\t{row.due or '-'}\t{en}\t{row.company}",
            )


@app.command("answer")
def answer(
    message: Annotated[int, typer.Argument(metavar="ID", help="消息编号 · message")],
    text: Annotated[str, typer.Option("--text", help="答复 · the answer")],
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """答复企业 · answer an enterprise."""
    with guarded(as_json), open_desk() as desk:
        from cases.enterprise_messages import answer_message  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            by = desk.person(session, as_login)
        answer_message(desk.db, by, message, text, now=now(), mail=bool(desk.settings.smtp_host))
        if as_json:
            print_value({"id": message, "status": "answered"})
        else:
            say("已答复", "answered")


@app.command("invite")
def invite(
    company: Company,
    login: Annotated[str, typer.Option("--login", help="门户用户名 · login of the portal")],
    name: Annotated[str, typer.Option("--name", help="姓名 · name")],
    email: Annotated[str, typer.Option("--email", help="电子邮箱 · e-mail")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """邀请企业人员开通门户，链接只显示一次 · invite to the portal; the link is shown once."""
    with guarded(as_json), open_desk() as desk:
        from cases.enterprise_accounts import invite as make  # noqa: PLC0415  start-up time
        from desk.commands.finding import company_id_of  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            by = desk.person(session, as_login)
        company_id = company_id_of(desk.db, by, clean(company), "")
        values = {"login": clean(login), "name": clean(name), "email": clean(email)}
        _, secret = make(desk.db, by, company_id, values, now=now())
        link = f"{desk.settings.base_url}/enterprise/join/{secret}"
        if as_json:
            print_value({"login": values["login"], "link": link})
        else:
            say(
                f"邀请链接（7天内有效，只能使用一次）：{link}", f"invitation, good once within 7 days: {link}"
            )
