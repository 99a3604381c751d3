"""`panhuo render` makes documents of a case here and now, without the worker; `panhuo documents` looks into files."""

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    As,
    CaseName,
    Desk,
    Json,
    UsageProblem,
    clean,
    complain,
    guarded,
    now,
    open_desk,
    print_value,
    say,
)

if TYPE_CHECKING:
    from cases.scope import Person
    from cases.views import DocumentView

app = typer.Typer(help="文书文件：检查 · files of documents", no_args_is_help=True, rich_markup_mode=None)


@app.command("lint")
def lint(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="PDF文件 · a PDF file")], as_json: Json = False
) -> None:
    """检查PDF是否符合归档与无障碍要求（自查，非认证） · check a PDF for archive and access, by our own reading."""
    with guarded(as_json):
        from contracts.pdf_lint import lint_pdf  # noqa: PLC0415  start-up time

        try:
            found = lint_pdf(file.read_bytes())
        except OSError as error:
            raise UsageProblem(f"读不到文件 {file}：{error.strerror}", f"cannot read {file}") from error
        if as_json:
            print_value({"file": str(file), "findings": [asdict(finding) for finding in found]})
        elif not found:
            say("未发现问题（自查，不代替veraPDF）", "nothing found (our own checks, not veraPDF's)")
        for finding in () if as_json else found:
            place = CONSOLE.pick(f"第{finding.page}页 ", f"page {finding.page}: ") if finding.page else ""
            say(f"{place}{CONSOLE.pick(finding.zh, finding.en)} [{finding.rule}]")
        if found:
            raise typer.Exit(FOUND_FAILURE)


def render(
    case: CaseName,
    kind: Annotated[str, typer.Argument(metavar="[KIND]", help="文书种类，如contract · document kind")] = "",
    everything: Annotated[bool, typer.Option("--all", help="全部文书和申报材料包 · every document")] = False,
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="另存到该目录 · also copy there")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """生成文书并输出文件路径 · make a document and print where it is."""
    with guarded(as_json), open_desk() as desk:
        from cases.papers import kinds_of_case  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
            known = kinds_of_case(session, case_id)
        kinds = [*known] if everything else [clean(kind)]
        if not everything and not kind:
            raise UsageProblem(f"请指明文书种类或 --all：{'、'.join(known)}", "name a kind, or --all")
        made = _make(desk, person, case_id, kinds)
        rows = [_row(desk, view, Path(out) if out else None) for view in made]
        if as_json:
            print_value({"case": clean(case), "documents": rows})
        else:
            for row in rows:
                if row["status"] == "ready":
                    say(row["path"])
                else:
                    complain(f"{row['kind']}：未生成，{row['error']}")
        if any(row["status"] != "ready" for row in rows):
            raise typer.Exit(FOUND_FAILURE)


def _make(desk: Desk, person: "Person", case_id: int, kinds: list[str]) -> list["DocumentView"]:
    from cases.papers import document_of, render_document, request_document  # noqa: PLC0415  start-up time
    from flows.work import render_pool  # noqa: PLC0415  start-up time

    asked = [request_document(desk.db, person, case_id, kind, now=now()) for kind in kinds]
    with render_pool(desk.settings) as renderer:
        for document_id in asked:
            render_document(desk.db, desk.settings, renderer, document_id, now())
    with desk.db.read() as session:
        return [document_of(session, person.org_id, document_id) for document_id in asked]


def _row(desk: Desk, view: "DocumentView", out: Path | None) -> dict[str, Any]:
    from cases.papers import document_file  # noqa: PLC0415  start-up time

    path = document_file(desk.settings, view) if view.status == "ready" else None
    if path is not None and out is not None:
        out.mkdir(parents=True, exist_ok=True)
        path = Path(shutil.copyfile(path, out / Path(view.filename).name))
    return {
        "id": view.id, "kind": view.kind, "version": view.version, "title": view.title, "draft": view.draft,
        "status": view.status, "error": view.error, "pages": view.pages, "size": view.size,
        "sha256": view.sha256, "path": str(path) if path else "", "filename": view.filename,
    }  # fmt: skip
