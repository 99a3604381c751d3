"""The negotiation of a contract's words: versions sent and received as Word files, and what is decided on each change.

A version sent is the Word file of the present text; one received is compared with the version it answers. Both are files
of the case and entries of its trail. An accepted clause becomes the contract's text by the step that rewrites a clause; a
change of the terms goes through the step that edits them, so that what was approved on the old ones becomes void.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from sqlmodel import Session

from cases.advance import advance
from cases.beside import staying
from cases.case_files import CaseFileView, file_bytes, file_of, keep_file
from cases.case_view import case_view
from cases.db import Database
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.loading import Loaded, load
from cases.scope import Person
from cases.settings import SHANGHAI, Settings
from cases.writing import Stamp, carry_out
from contracts.modes import MODES
from contracts.received.refusal import NotAccepted
from contracts.terms import terms_to_form
from contracts.view import CaseView
from contracts.word.accepting import clause_text, why_not_text
from contracts.word.compare import ClauseChange, Comparison, FigureChange, compare, digest_of
from contracts.word.figures import figures_in, terms_in
from contracts.word.package import build_docx, sent_passages
from contracts.word.reading import Incoming, read_docx
from contracts.word.redline import NoRedline, redline
from contracts.word.sheet import Passage, Sheet, passages, sheet_of, text_hash
from states.negotiating import SECTION, SETTLING

Decision = Literal["accept", "keep", "note"]
DECISIONS: Mapping[str, tuple[str, str]] = {
    "accept": ("接受对方文本", "accept theirs"),
    "keep": ("保留我方文本", "keep ours"),
    "note": ("备注", "note"),
}
SENT, RECEIVED, DECIDED = "draft_sent", "draft_received", "difference_decided"
WRITERS = frozenset({"officer", "administrator"})
REWRITE = "rewrite_clause"
KIND = "contract"


@dataclass(frozen=True, slots=True)
class Version:
    """One version sent or received, as people see it. `answers` is the version that a received one was made from."""

    no: int
    direction: Literal["sent", "received"]
    file_id: int
    filename: str
    sha256: str
    by: str
    on: str
    note: str = ""
    answers: int = 0
    differences: tuple[Mapping[str, Any], ...] = ()
    untracked: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """A received version beside the one it answers, and what was decided on each change by its digest."""

    version: Version
    incoming: Incoming
    comparison: Comparison
    decisions: Mapping[str, Mapping[str, Any]]
    obstacles: Mapping[str, tuple[tuple[str, str], ...]]

    def digest(self, clause: ClauseChange) -> str:
        """Return by what a clause's change is decided on."""
        return digest_of(clause)


def versions_of(case: Loaded) -> tuple[Version, ...]:
    """Return the versions sent and received, the newest first."""
    known = case.data.get(SECTION, {})
    found = [_version("sent", row) for row in known.get("sent", ())]
    found += [_version("received", row) for row in known.get("received", ())]
    return tuple(sorted(found, key=lambda v: (v.on, v.no, v.direction == "received"), reverse=True))


def send_draft(
    db: Database,
    settings: Settings,
    person: Person,
    case_id: int,
    *,
    note: str = "",
    now: datetime | None = None,
) -> tuple[CaseFileView, bytes]:
    """Return the Word file of the present text; one whose words were not sent yet becomes a new version.

    Raises: Forbidden, NotFound, Invalid while the terms are not complete, Conflict once the contract is signed.
    Effects: writes file store, case_file, trail and the case's data.
    """
    _check_may(person)
    moment = now or datetime.now(UTC)
    case, view = _case(db, person, case_id)
    if case.facts.data.day("contract", "signed_on") is not None:
        raise Conflict("合同已经签订，不再磋商文本", "the contract is signed")
    sheet = _sheet(view)
    digest = text_hash(passages(sheet))
    earlier = case.data.get(SECTION, {}).get("sent", [])
    if earlier and earlier[-1]["text_sha256"] == digest:
        with db.read() as session:
            file = file_of(session, person.org_id, case_id, earlier[-1]["file_id"])
        return file, file_bytes(settings, file)
    no = len(earlier) + 1
    data = build_docx(sheet, no)
    filename = f"{view.contract_no or view.case_no}-{sheet.title}-第{no}稿.docx"
    kept = keep_file(
        db, settings, person, case_id, kind="sent_draft", filename=filename, data=data, note=note, now=moment
    ).file
    row = {**_row(no, kept, person, moment, note), "text_sha256": digest}
    _note(db, person, case_id, SENT, "sent", row, moment)
    return kept, data


def receive_draft(
    db: Database,
    settings: Settings,
    person: Person,
    case_id: int,
    *,
    filename: str,
    data: bytes,
    note: str = "",
    now: datetime | None = None,
) -> Version:
    """Keep a version that came back, compare it with the one it answers, and open its differences.

    Raises: Forbidden, NotFound, Conflict, Invalid saying why the file is not read or not of this case.
    Effects: writes file store, case_file, trail and the case's data.
    """
    _check_may(person)
    moment = now or datetime.now(UTC)
    case, view = _case(db, person, case_id)
    incoming = read(data, filename)
    known = case.data.get(SECTION, {})
    if any(row["sha256"] == incoming.sha256 for row in known.get("received", ())):
        raise Conflict("这一稿已经上传过，无需重复上传", "this version was uploaded before")
    answered = _answered(incoming, known.get("sent", ()), view)
    base = _base(db, settings, person, case_id, answered, view)
    comparison = compare(base, incoming, terms_in(view))
    kept = keep_file(
        db,
        settings,
        person,
        case_id,
        kind="counter_draft",
        filename=filename,
        data=data,
        note=note,
        now=moment,
    ).file
    row = {
        **_row(len(known.get("received", ())) + 1, kept, person, moment, note),
        "answers": int(answered["no"]) if answered else 0,
        "untracked": comparison.untracked,
        "differences": [
            {
                "clause": clause.id,
                "title": _title(clause),
                "digest": digest_of(clause),
                "tracked": clause.is_tracked,
            }
            for clause in comparison.changed
        ],
    }
    return _version("received", _note(db, person, case_id, RECEIVED, "received", row, moment))


def read(data: bytes, filename: str) -> Incoming:
    """Read a Word file from outside.

    Raises: Invalid with the reason in Chinese.
    """
    try:
        return read_docx(data)
    except NotAccepted as refused:
        zh = f"文件“{filename}”未予接收：{refused.zh}"
        raise Invalid(zh, {"file": refused.zh}, f"'{filename}' is not accepted: {refused.en}") from refused


def compared(db: Database, settings: Settings, person: Person, case_id: int, no: int = 0) -> Compared:
    """Return a received version, the last one unless a number is given, beside the version it answers.

    Raises: NotFound.
    """
    case, view = _case(db, person, case_id)
    received = [v for v in versions_of(case) if v.direction == "received"]
    version = next((v for v in received if v.no == (no or received[0].no)), None)
    if version is None:
        raise NotFound("还没有收到对方返回的合同稿", "no version has come back")
    with db.read() as session:
        incoming = read_docx(file_bytes(settings, file_of(session, person.org_id, case_id, version.file_id)))
    known = case.data.get(SECTION, {})
    answered = next((row for row in known.get("sent", ()) if row["no"] == version.answers), None)
    comparison = compare(_base(db, settings, person, case_id, answered, view), incoming, terms_in(view))
    ours = compare(passages(_sheet(view)), incoming, terms_in(view))
    return Compared(
        version, incoming, comparison,
        {one["digest"]: one for one in known.get("decisions", ())},
        {clause.id: _obstacles(clause, ours) for clause in comparison.changed},
    )  # fmt: skip


def _obstacles(clause: ClauseChange, ours: Comparison) -> tuple[tuple[str, str], ...]:
    """Return why a clause cannot be accepted now; nothing if it can, or if our present text says the same."""
    present = next((found for found in ours.clauses if found.id == clause.id), None)
    if present is not None and present.status == "unchanged":
        return ()
    return why_not_text(present or clause, ours.figures)


def decide_difference(
    db: Database,
    settings: Settings,
    person: Person,
    case_id: int,
    *,
    no: int,
    clause_id: str,
    decision: str,
    note: str = "",
    now: datetime | None = None,
) -> Mapping[str, Any]:
    """Decide on the change of one clause: accept it, keep our text, or only note something.

    Raises: Forbidden, NotFound, Invalid for an unknown decision, Conflict saying why a change cannot be accepted as text.
    Effects: accepting rewrites the clause, as a step of the case; writes trail and the case's data.
    """
    _check_may(person)
    if decision not in DECISIONS:
        raise Invalid(
            f"没有名为“{decision}”的决定", {"decision": "请从列表中选择"}, f"no decision '{decision}'"
        )
    if decision == "note" and not note.strip():
        raise Invalid("请填写备注内容", {"note": "请填写备注内容"}, "write the note")
    moment = now or datetime.now(UTC)
    found = compared(db, settings, person, case_id, no)
    clause = next((c for c in found.comparison.changed if c.id == clause_id), None)
    if clause is None:
        raise NotFound("这一稿中没有该条改动", "this version has no such change")
    if decision == "keep" and found.decisions.get(digest_of(clause), {}).get("decision") == "accept":
        raise Conflict(
            "该条已经接受并改写。要恢复原来的文本，请办理“选用条款”，选回条款库的文本",
            "the clause was accepted and rewritten; take the library's text again to undo that",
        )
    if decision == "accept":
        _accept(db, person, case_id, found, clause, note, moment)
    row = {
        "no": found.version.no, "clause": clause.id, "title": _title(clause), "digest": digest_of(clause), "decision": decision,
        "note": note.strip()[:500], "by": person.name, "on": _day(moment),
    }  # fmt: skip
    return _note(db, person, case_id, DECIDED, "decisions", row, moment)


def _accept(
    db: Database,
    person: Person,
    case_id: int,
    found: Compared,
    clause: ClauseChange,
    note: str,
    moment: datetime,
) -> None:
    """Make the words that came back the contract's own, unless they are already.

    Raises: Conflict naming what has to be done first.
    """
    obstacles = found.obstacles[clause.id]
    if obstacles:
        raise Conflict(
            "不能直接接受：" + "；".join(zh for zh, _ in obstacles), "; ".join(en for _, en in obstacles)
        )
    _, view = _case(db, person, case_id)
    present = compare(passages(_sheet(view)), found.incoming)
    if all(c.status == "unchanged" for c in present.clauses if c.id == clause.id):
        return
    reason = f"接受对方第{found.version.no}稿的改动" + (f"：{note.strip()}" if note.strip() else "")
    payload = {
        "clause": clause.id, "text": clause_text(clause), "reason": reason, "source_id": found.version.file_id,
    }  # fmt: skip
    today = moment.astimezone(SHANGHAI).date()
    advance(db, case_id, REWRITE, person, payload, expected_version=None, today=today, now=moment)


def proposed_terms(
    db: Database, settings: Settings, person: Person, case_id: int, no: int = 0
) -> dict[str, Any]:
    """Return the form of the terms with the values that the other side put in; nothing is written.

    Raises: NotFound, Invalid if no change touches a term.
    """
    found = compared(db, settings, person, case_id, no)
    _, view = _case(db, person, case_id)
    form = terms_to_form(view.terms)
    touched = [change for change in found.comparison.figures if change.term and change.after]
    for change in touched:
        _put(form, change.term, _typed(change))
    if not touched:
        raise Invalid("这一稿没有改动商务条款", {}, "no change touches the terms")
    return form


def _typed(change: FigureChange) -> str:
    """Return a changed value as people type it into the form."""
    value: str = figures_in(change.after)[0].value
    if change.kind == "date":
        return value
    return "".join(filter(str.isdecimal, value)) if change.kind in ("period", "number") else change.after


def _put(form: dict[str, Any], name: str, value: str) -> None:
    head, *rest = name.split(".")
    if name in form or not rest or not isinstance(form.get(head), list):
        form[name] = value
        return
    form[head] = [dict(row) for row in form[head]]
    form[head][int(rest[0])][rest[1]] = value


def _sheet(view: CaseView) -> Sheet:
    """Return the present text of the contract.

    Raises: Invalid in a mode whose contracts are made with each licensee and not once for the case.
    """
    if KIND not in MODES[view.mode].documents:
        zh = "这种转化方式没有由双方磋商的单一合同文本，不能导出磋商稿"
        raise Invalid(zh, {}, "this mode has no single contract to negotiate")
    return sheet_of(view, KIND)


def _title(clause: ClauseChange) -> str:
    return f"{clause.number} {clause.title}".strip()[:80]


def redline_of(
    db: Database, settings: Settings, person: Person, case_id: int, no: int = 0
) -> tuple[str, bytes]:
    """Return name and bytes of a received version with everything that differs from the sent one as tracked changes.

    Raises: NotFound, Conflict if the two cannot be put together.
    """
    case, view = _case(db, person, case_id)
    received = [v for v in versions_of(case) if v.direction == "received"]
    version = next((v for v in received if v.no == (no or received[0].no)), None)
    if version is None:
        raise NotFound("还没有收到对方返回的合同稿", "no version has come back")
    sent = {row["no"]: row["file_id"] for row in case.data.get(SECTION, {}).get("sent", ())}
    with db.read() as session:
        new = file_bytes(settings, file_of(session, person.org_id, case_id, version.file_id))
        if version.answers in sent:
            old = file_bytes(settings, file_of(session, person.org_id, case_id, sent[version.answers]))
        else:
            old = build_docx(_sheet(view))
    author = view.theirs.name if view.theirs is not None else view.institution
    try:
        made = redline(old, new, author, date.fromisoformat(version.on[:10]), settings.home / "tools")
    except NoRedline as error:
        raise Conflict(str(error), "no redline could be made") from error
    return f"{view.contract_no or view.case_no}-对方第{version.no}稿-修订对照.docx", made


def _check_may(person: Person) -> None:
    if person.role not in WRITERS:
        raise Forbidden("合同磋商由转化专员办理，请联系本案转化专员", "only officers negotiate")


def _case(db: Database, person: Person, case_id: int) -> tuple[Loaded, CaseView]:
    with db.cursor() as cur:
        case = load(cur, case_id, person.org_id)
    with db.read() as session:
        return case, _view(db, session, person, case)


def _view(db: Database, session: Session, person: Person, case: Loaded) -> CaseView:
    draft = case.facts.data.day("contract", "signed_on") is None
    return case_view(db, session, person.org_id, case.id, draft=draft)


def _answered(
    incoming: Incoming, sent: Sequence[Mapping[str, Any]], view: CaseView
) -> Mapping[str, Any] | None:
    """Return the sent version that a file was made from: the one it names, or else the last one.

    Raises: Invalid if it is a contract of another case.
    """
    told = incoming.identity
    if told is not None and told.case_no and told.case_no != view.case_no:
        zh = f"这是案件{told.case_no}的合同稿，不是本案的。请核对后重新上传"
        raise Invalid(zh, {"file": zh}, f"the file belongs to case {told.case_no}")
    named = [row for row in sent if told is not None and row["no"] == told.version]
    return named[0] if named else sent[-1] if sent else None


def _base(
    db: Database,
    settings: Settings,
    person: Person,
    case_id: int,
    answered: Mapping[str, Any] | None,
    view: CaseView,
) -> tuple[Passage, ...]:
    """Return the passages of a sent version; of the present text if nothing was sent."""
    if answered is None:
        return passages(_sheet(view))
    with db.read() as session:
        file = file_of(session, person.org_id, case_id, answered["file_id"])
    return sent_passages(file_bytes(settings, file))


def _row(no: int, file: CaseFileView, person: Person, moment: datetime, note: str) -> dict[str, Any]:
    return {
        "no": no, "file_id": file.id, "filename": file.filename, "sha256": file.sha256, "by": person.name,
        "on": _day(moment), "note": note.strip()[:500],
    }  # fmt: skip


def _day(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="minutes")


def _version(direction: Literal["sent", "received"], row: Mapping[str, Any]) -> Version:
    told = {name: value for name, value in row.items() if name in Version.__dataclass_fields__}
    return Version(**{**told, "direction": direction, "differences": tuple(row.get("differences", ()))})


def _note(
    db: Database, person: Person, case_id: int, verb: str, part: str, row: dict[str, Any], moment: datetime
) -> dict[str, Any]:
    """Write an entry beside the chart that adds a row to the negotiation.

    Raises: Conflict once the case has ended.
    """
    stamp = Stamp(person.actor, moment.astimezone(SHANGHAI).date(), moment, origin=person.origin)
    with db.cursor() as cur:
        case = load(cur, case_id, person.org_id, lock=True)
        if case.mode.chart.stage(case.position) == "end":
            raise Conflict("案件已经结束，不再磋商文本", "the case has ended")
        known = case.data.get(SECTION, {})
        facts = {SECTION: {**known, part: [*known.get(part, ()), row]}}
        carry_out(cur, case, staying(case, verb, facts=facts), stamp, row)
    return row


def is_open(found: Compared, clause: ClauseChange) -> bool:
    """Whether a change still waits for its decision."""
    decided = found.decisions.get(digest_of(clause))
    return decided is None or decided["decision"] not in SETTLING
