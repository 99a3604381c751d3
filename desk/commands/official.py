"""`panhuo case checklist`, `panhuo case compare` and `panhuo pack verify`: official acts from the command line."""

from pathlib import Path
from typing import Annotated, Any

import typer

from desk.commands.case_files import bytes_of
from desk.commands.console import (
    CONSOLE,
    FOUND_FAILURE,
    As,
    CaseName,
    Json,
    complain,
    guarded,
    open_desk,
    print_value,
    say,
    today,
)

app = typer.Typer(help="申报材料包：离线核对 · filing packs", no_args_is_help=True, rich_markup_mode=None)


def checklist(case: CaseName, as_login: As = "", as_json: Json = False) -> None:
    """各项官方手续的材料清单：每份材料的依据和状态 · papers of each official act, why asked, and where they stand."""
    with guarded(as_json), open_desk() as desk:
        from cases.official import checklists_of  # noqa: PLC0415  start-up time
        from desk.answers.official import checklist_answer  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
            found = checklists_of(desk.db, session, person.org_id, case_id, today())
        answer = checklist_answer(found)
        if as_json:
            print_value(answer)
            return
        for act in answer["acts"]:
            say(f"{act['zh']}（缺{act['lacking']}项）", f"{act['en']} ({act['lacking']} missing)")
            for row in act["rows"]:
                _say_row(row)


def _say_row(row: dict[str, Any]) -> None:
    notes = "".join(
        f"；{note}" for note in (row["note_zh"], *(f"还缺：{gap}" for gap in row["gaps_zh"])) if note
    )
    law = f"{row['article']} {row['rule']}{'（待核实）' if row['badge_zh'] else ''}"
    paper = f"{row['n']}. [{row['state_zh']}] {row['paper_zh']}（{row['form_zh']}，{row['who_zh']}）"
    say(
        f"  {paper} {law}{notes}",
        f"  {row['n']}. [{row['state_en']}] {row['paper_en']} ({row['form_en']}, {row['who_en']}) {row['rule']}",
    )


def compare(case: CaseName, as_login: As = "", as_json: Json = False) -> None:
    """逐项核对合同、表格和登记资料，不一致时退出码为1 · compare contract, forms and register field by field."""
    with guarded(as_json), open_desk() as desk:
        from cases.official import comparison_of  # noqa: PLC0415  start-up time
        from desk.answers.official import comparison_answer  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
            answer = comparison_answer(comparison_of(desk.db, session, desk.settings, person.org_id, case_id))
        if as_json:
            print_value(answer)
        else:
            for row in answer["rows"]:
                sources = "  ".join(f"{name}：{row[key]}" for name, key in _SOURCES if row[key] is not None)
                mark, end = ("一致", "") if row["agrees"] else ("不一致", f"  → {row['remedy_zh']}")
                say(f"[{mark}] {row['group_zh']} {row['field']}  {sources}{end}")
            say(
                f"共核对{answer['compared']}项，{answer['differing']}项不一致",
                f"{answer['compared']} fields compared, {answer['differing']} differ",
            )
        if answer["differing"]:
            raise typer.Exit(FOUND_FAILURE)


_SOURCES = (("合同", "contract"), ("表格", "form"), ("登记", "record"))


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="材料包 · the pack")], as_json: Json = False
) -> None:
    """离线核对材料包：清单、文件和校验值，有问题时退出码为1 · read a pack back, offline."""
    with guarded(as_json):
        from contracts.pack import verify_pack  # noqa: PLC0415  start-up time

        found = verify_pack(bytes_of(file))
        if as_json:
            print_value(
                {"files": list(found.names), "meta": dict(found.meta), "problems": list(found.problems)}
            )
        else:
            for name in found.names:
                say(f"  {name}")
            for problem in found.problems:
                complain(problem)
            if not found.problems:
                say(CONSOLE.pick("材料包完整，全部文件与清单一致", "the pack is whole"))
        if found.problems:
            raise typer.Exit(FOUND_FAILURE)
