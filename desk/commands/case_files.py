"""`panhuo case attach` and `panhuo case files`: files that people add to a case."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from desk.commands.console import (
    As,
    CaseName,
    Json,
    UsageProblem,
    clean,
    guarded,
    now,
    open_desk,
    print_value,
    say,
)


def attach(
    case: CaseName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="要添加的文件 · file to add")],
    kind: Annotated[
        str, typer.Option("--kind", help="附件类型，如signed_contract、evidence · kind of file")
    ] = "other",
    note: Annotated[str, typer.Option("--note", help="说明 · note")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """为案件添加附件 · add a file to a case; its hash goes into the trail."""
    with guarded(as_json), open_desk() as desk:
        from cases.case_files import keep_file  # noqa: PLC0415  start-up time
        from desk.api.case_files import KeptShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
        kept = keep_file(
            desk.db, desk.settings, person, case_id, kind=clean(kind), filename=file.name, data=bytes_of(file),
            note=clean(note), now=now(),
        )  # fmt: skip
        shape = KeptShape.of_kept(kept)
        if as_json:
            print_value(shape.model_dump(mode="json"))
            return
        done = ("本案已有相同内容的附件", "already there") if kept.again else ("已添加附件", "added")
        say(f"{done[0]}：{shape.filename}（编号{shape.id}）", f"{done[1]}: {shape.filename} (no. {shape.id})")
        say(f"SHA-256 {shape.sha256}", f"SHA-256 {shape.sha256}")


def files(
    case: CaseName,
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="另存到该目录 · also copy there")] = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """列出案件附件 · list the files of a case."""
    with guarded(as_json), open_desk() as desk:
        from cases.case_files import file_path, files_of  # noqa: PLC0415  start-up time
        from desk.api.case_files import CaseFileShape  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            rows = files_of(session, person.org_id, desk.case(session, person, case))
        if out:
            Path(out).mkdir(parents=True, exist_ok=True)
            for row in rows:
                shutil.copyfile(file_path(desk.settings, row), Path(out) / f"{row.id}-{row.filename}")
        if as_json:
            print_value({"rows": [CaseFileShape.of(row).model_dump(mode="json") for row in rows]})
            return
        for row in rows:
            say(
                f"{row.id}\t{row.kind_zh}\t{row.filename}\t{row.sha256}",
                f"{row.id}\t{row.kind_en}\t{row.filename}\t{row.sha256}",
            )
        say(f"共{len(rows)}个附件", f"{len(rows)} files")


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file that an argument names.

    Raises: UsageProblem.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageProblem(f"无法读取{path}：{reason}", f"cannot read {path}: {reason}") from error
