"""`panhuo contract`: a contract as a Word file, what came back compared with it, the versions."""

from pathlib import Path
from typing import Annotated

import typer

from desk.commands.case_files import bytes_of
from desk.commands.console import (
    CONSOLE,
    As,
    CaseName,
    Json,
    clean,
    guarded,
    now,
    open_desk,
    print_value,
    say,
)

app = typer.Typer(help="合同文本 · contract texts", no_args_is_help=True, rich_markup_mode=None)


@app.command("docx")
def docx(
    case: CaseName,
    out: Annotated[str, typer.Option("--out", metavar="FILE", help="另存为该文件 · where to write it")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """导出当前合同的Word稿 · write the Word file of the present text; new words make a new version."""
    with guarded(as_json), open_desk() as desk:
        from cases.negotiation import send_draft  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
        file, data = send_draft(desk.db, desk.settings, person, case_id, now=now())
        target = Path(out or file.filename)
        target.write_bytes(data)
        if as_json:
            print_value({"path": str(target), "sha256": file.sha256, "file_id": file.id})
            return
        say(f"已导出：{target}（SHA-256 {file.sha256}）", f"written: {target} (SHA-256 {file.sha256})")


@app.command("compare")
def compare(
    case: CaseName,
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="对方返回稿；不填则比对最近收到的一稿 · file")
    ] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """上传并比对对方返回稿 · take in what came back and compare it clause by clause; without FILE, show the last one."""
    with guarded(as_json), open_desk() as desk:
        from cases.negotiation import compared, receive_draft  # noqa: PLC0415  start-up time
        from desk.api.negotiation import ComparisonShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
        no = 0
        if file:
            path = Path(clean(file))
            no = receive_draft(
                desk.db, desk.settings, person, case_id, filename=path.name, data=bytes_of(path), now=now()
            ).no
        shape = ComparisonShape.of(compared(desk.db, desk.settings, person, case_id, no))
        if as_json:
            print_value(shape.model_dump(mode="json"))
            return
        for figure in shape.figures:
            mark = ("", "") if figure.is_tracked else ("【未留痕】", " [not tracked]")
            say(f"{figure.label}：{figure.before or '—'} → {figure.after or '—'}，{figure.number}{mark[0]}",
                f"{figure.label_en}: {figure.before or '-'} -> {figure.after or '-'}, {figure.number}{mark[1]}")  # fmt: skip
        for clause in shape.clauses:
            mark = ("", "") if clause.is_tracked else ("【未留痕】", " [not tracked]")
            count, decided = len(clause.changes), clause.decision or CONSOLE.pick("待决定", "undecided")
            say(f"{clause.number} {clause.title}	{count}处改动	{decided}{mark[0]}",
                f"{clause.number} {clause.title}	{count} changes	{decided}{mark[1]}")  # fmt: skip
        changed, comments = len(shape.clauses), len(shape.comments)
        say(f"共{changed}条改动，其中{shape.untracked}处没有修订痕迹；{comments}条批注",
            f"{changed} clauses changed, {shape.untracked} changes not tracked; {comments} comments")  # fmt: skip


@app.command("versions")
def versions(case: CaseName, as_login: As = "", as_json: Json = False) -> None:
    """列出往来稿件 · list the versions sent and received."""
    with guarded(as_json), open_desk() as desk:
        from cases.loading import load  # noqa: PLC0415  start-up time
        from cases.negotiation import versions_of  # noqa: PLC0415  start-up time
        from desk.api.negotiation import VersionShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
        with desk.db.cursor() as cur:
            rows = versions_of(load(cur, case_id, person.org_id))
        if as_json:
            print_value({"rows": [VersionShape.model_validate(row).model_dump(mode="json") for row in rows]})
            return
        for row in rows:
            side = ("我方", "ours") if row.direction == "sent" else ("对方", "theirs")
            say(f"{side[0]}第{row.no}稿\t{row.on}\t{row.by}\t{row.filename}\t{row.sha256}",
                f"{side[1]} {row.no}\t{row.on}\t{row.by}\t{row.filename}\t{row.sha256}")  # fmt: skip
        say(f"共{len(rows)}稿", f"{len(rows)} versions")
