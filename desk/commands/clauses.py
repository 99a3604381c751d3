"""`panhuo clauses`: the clauses of a contract, one in full, and how they differ from the library."""

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import As, CaseName, Json, clean, guarded, open_desk, print_value, say

if TYPE_CHECKING:
    from cases.clause_page import ClausePage

app = typer.Typer(help="合同条款 · the clauses of a contract", no_args_is_help=True)
ClauseName = Annotated[
    str, typer.Argument(metavar="CLAUSE", help="条款名称，例如breach · name of the clause")
]


def _page(case: str, as_login: str) -> "ClausePage":
    from cases.clause_page import clause_page  # noqa: PLC0415  start-up time

    with open_desk() as desk, desk.db.read() as session:
        person = desk.person(session, as_login)
        return clause_page(desk.db, session, person, desk.case(session, person, case))


@app.command("list")
def list_(case: CaseName, as_login: As = "", as_json: Json = False) -> None:
    """列出合同条款 · list the clauses with variant, version and findings."""
    with guarded(as_json):
        page = _page(case, as_login)
        from desk.clause_shapes import ClauseListShape  # noqa: PLC0415  start-up time

        if as_json:
            print_value(ClauseListShape.of(page).model_dump(mode="json"))
            return
        for line in page.lines:
            variant = (line.variant.zh, line.variant.en) if line.variant else ("", "")
            written = ("本案改写", "own text") if line.own else variant
            newer = (
                (f"，条款库已有第{line.newer.version}版", f", version {line.newer.version} is there")
                if line.newer
                else ("", "")
            )
            say(
                f"{line.id}\t{line.number} {line.title}\t{written[0]} 第{line.version}版{newer[0]}\t{'、'.join(line.basis)}",
                f"{line.id}\t{line.number} {line.title}\t{written[1]} v{line.version}{newer[1]}\t{', '.join(line.basis)}",
            )
        findings = [*(f for line in page.lines for f in line.findings), *page.findings]
        for found in findings:
            say(f"审查意见（{found.rule_id or '行文'}）{found.place}：{found.what_zh}{found.remedy_zh}")
        say(
            f"共{len(page.lines)}条，审查意见{len(findings)}项",
            f"{len(page.lines)} clauses, {len(findings)} findings",
        )


@app.command()
def show(case: CaseName, clause: ClauseName, as_login: As = "", as_json: Json = False) -> None:
    """显示一条的全文和备选 · show one clause in full, and what else may be chosen."""
    with guarded(as_json):
        line = _page(case, as_login).line(clean(clause))
        from desk.clause_shapes import ClauseTextShape  # noqa: PLC0415  start-up time

        if as_json:
            print_value(ClauseTextShape.of(line).model_dump(mode="json"))
            return
        say(f"{line.number} {line.title}".strip())
        say(line.text)
        for choice in line.choices:
            mark = "●" if choice.chosen else "○"
            say(f"{mark} {choice.name}\t{choice.zh}：{choice.note}", f"{mark} {choice.name}\t{choice.en}")


@app.command()
def diff(
    case: CaseName, clause: Annotated[str, typer.Argument(metavar="[CLAUSE]")] = "", as_login: As = ""
) -> None:
    """与条款库比较 · compare with the newest texts of the library."""
    with guarded(as_json=False):
        page = _page(case, as_login)
        lines = [page.line(clean(clause))] if clause else [line for line in page.lines if line.differs]
        for line in lines:
            say(f"{line.number} {line.title}".strip())
            for piece in line.comparison():
                sign = {"same": " ", "out": "-", "in": "+"}[piece.op]
                say("\n".join(f"{sign} {row}" for row in piece.text.splitlines() if row))
        say(
            f"与条款库不同的{len([x for x in lines if x.differs])}条",
            f"{len([x for x in lines if x.differs])} differ",
        )
