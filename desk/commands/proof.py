"""`panhuo case proof`: what was approved is what was signed is what was filed."""

import typer

from desk.commands.console import (
    FOUND_FAILURE,
    As,
    CaseName,
    Json,
    guarded,
    open_desk,
    print_value,
    say,
)
from desk.commands.signing import as_value

ANSWERS = {
    "same": ("一致", "same"), "differs": ("不一致", "differs"), "unknown": ("无法核对", "not comparable"),
    "waiting": ("尚未办理", "not yet"),
}  # fmt: skip


def proof(case: CaseName, as_login: As = "", as_json: Json = False) -> None:
    """一致性证明：审批、定稿、签署、申报是否一致，不一致时退出码为1 · approved = signed = filed."""
    with guarded(as_json), open_desk() as desk:
        from cases.proof import proof_of  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            person = desk.person(session, as_login)
            case_id = desk.case(session, person, case)
            links = proof_of(desk.db, session, desk.settings, person.org_id, case_id)
        if as_json:
            print_value({"links": [
                {"name_zh": link.name[0], "name_en": link.name[1], "answer": link.answer, "hash": link.hash,
                 "who": link.who, "at": link.at.isoformat() if link.at else None,
                 "notes": [{"zh": zh, "en": en} for zh, en in link.notes],
                 "signatures": [as_value(one) for one in link.signatures]}
                for link in links
            ]})  # fmt: skip
        else:
            for link in links:
                say(
                    f"{ANSWERS[link.answer][0]}\t{link.name[0]}\t{link.hash}",
                    f"{ANSWERS[link.answer][1]}\t{link.name[1]}\t{link.hash}",
                )
                for note in link.notes:
                    say(f"  · {note[0]}", f"  - {note[1]}")
        if any(link.answer == "differs" for link in links):
            raise typer.Exit(FOUND_FAILURE)
