"""`panhuo render`: makes documents of a case here and now, without the worker."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.commands.console import (
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
