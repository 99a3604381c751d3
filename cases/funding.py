"""Declarations of public funding (财政资助声明): which project a patent came from, and when the office was told.

Source: 国知发运字〔2024〕3号 (DC-01 to DC-03, as cited by a notice of a university); 科学技术进步法 art 32
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, cast

import orjson
from sqlmodel import Session, col, select

from cases.case_files import checked as checked_file
from cases.db import Database
from cases.errors import Conflict, Invalid, NotFound
from cases.payloads import check_payload
from cases.scope import Person
from cases.settings import Settings
from cases.use_facts import STATE_FUNDED
from cases.use_forms import DeclareFunding
from cases.use_rows import Act, Outcome, acting, change, check_not_after, put_row
from cases.use_tables import Funding
from states.payload_fields import Payload

FLAGS_OF = "SELECT flags FROM patent WHERE id = ?"
SET_FLAGS = "UPDATE patent SET flags = ?, updated_at = ? WHERE id = ?"
FUNDED_ROWS = "SELECT count(*) FROM funding WHERE patent_id = ? AND funded"
DROP_DENIAL = "DELETE FROM funding WHERE patent_id = ? AND NOT funded"
FIND = "SELECT patent_id, project_no, funded FROM funding WHERE id = ? AND org_id = ?"
DROP = "DELETE FROM funding WHERE id = ?"


@dataclass(frozen=True, slots=True)
class FundingView:
    """A declared project of a patent, or the statement that there is none."""

    id: int
    patent_id: int
    funded: bool
    program: str
    funder: str
    project_no: str
    project_name: str
    ip_clause: str
    declared_on: date | None
    declared_by: str
    evidence: str
    evidence_sha256: str


def declare_funding(
    db: Database, person: Person, patent_id: int, values: Mapping[str, Any], *, now: datetime
) -> int:
    """Record that a patent came from a project, or from none, and return the id of the row.

    Raises: Forbidden; NotFound; Invalid with the fields; Conflict where the contrary is on record.
    Effects: writes funding, the patent's flag, its dates, standing and profile, and the organization's trail.
    """
    with acting(db, person, now) as act:
        return write_funding(act, patent_id, values)[0]


def write_funding(act: Act, patent_id: int, values: Mapping[str, Any]) -> tuple[int, Outcome]:
    """Do the same in the caller's transaction, and say what came of it."""
    act.only()
    number = act.number_of(patent_id)
    checked = cast(DeclareFunding, check_payload(DeclareFunding, values))
    check_not_after(act, declared_on=checked.declared_on)
    funded = checked.funded == "yes"
    _check_project(checked, funded)
    _check_contrary(act, patent_id, funded)
    if funded:
        act.cur.run(DROP_DENIAL, patent_id)
    key = {"org_id": act.org_id, "patent_id": patent_id, "project_no": checked.project_no if funded else ""}
    columns = _columns(checked, funded)
    if not checked.evidence:  # what was uploaded stays
        del columns["evidence"]
    born = {"user_id": act.user_id, "created_at": act.now, "evidence_sha256": "", **_unsaid(columns)}
    made = put_row(act, "funding", key, columns, born=born)
    if made.outcome != "same":
        _set_flag(act, patent_id, funded)
        act.tell("funding_declared", {"patent_id": patent_id, "application_no": number, **made.told()})
        act.bring_up(patent_id)
    return made.id, made.outcome


def remove_funding(db: Database, person: Person, funding_id: int, why: str, *, now: datetime) -> int:
    """Take a wrong declaration back and return its patent.

    Raises: Forbidden, NotFound.
    Effects: as `declare_funding`; the trail keeps what it said.
    """
    with acting(db, person, now) as act:
        act.only()
        row = act.cur.one(FIND, funding_id, act.org_id)
        if row is None:
            raise NotFound("没有找到这条声明，请刷新页面", "no such declaration")
        patent_id, project_no, funded = int(row[0]), row[1], bool(row[2])
        act.cur.run(DROP, funding_id)
        if funded and act.cur.one(FUNDED_ROWS, patent_id)[0] == 0:
            _set_flag(act, patent_id, False)
        body = {"id": funding_id, "patent_id": patent_id, "project_no": project_no, "why": why.strip()[:200]}
        act.tell("funding_removed", body)
        act.bring_up(patent_id)
        return patent_id


def attach_evidence(
    db: Database,
    settings: Settings,
    person: Person,
    funding_id: int,
    *,
    filename: str,
    data: bytes,
    now: datetime,
) -> int:
    """Keep the file that proves a declaration, with its hash, and return the patent.

    Raises: Forbidden; NotFound; Invalid with the reason why the file is not kept.
    Effects: writes the file store, funding and the organization's trail.
    """
    name, _ = checked_file("evidence", filename, data)
    digest = sha256(data).hexdigest()
    with acting(db, person, now) as act:
        act.only()
        row = act.cur.one(FIND, funding_id, act.org_id)
        if row is None:
            raise NotFound("没有找到这条声明，请刷新页面", "no such declaration")
        settings.files.store(data)
        change(act, "funding", funding_id, {"evidence": name[:200], "evidence_sha256": digest})
        act.tell(
            "funding_evidence", {"id": funding_id, "patent_id": row[0], "filename": name, "sha256": digest}
        )
        return int(row[0])


def evidence_of(session: Session, org_id: int, funding_id: int) -> tuple[str, str]:
    """Return name and hash of the file that proves a declaration.

    Raises: NotFound if there is none.
    """
    row = session.exec(select(Funding).where(Funding.id == funding_id, Funding.org_id == org_id)).first()
    if row is None or not row.evidence_sha256:
        raise NotFound("没有上传证明文件", "no file was kept")
    return row.evidence, row.evidence_sha256


def fundings_of(session: Session, org_id: int, patent_id: int) -> tuple[FundingView, ...]:
    """Return what is declared of a patent, by project."""
    query = select(Funding).where(Funding.org_id == org_id, Funding.patent_id == patent_id)
    return tuple(_view(row) for row in session.exec(query.order_by(col(Funding.project_no))))


def _columns(checked: Payload, funded: bool) -> dict[str, object]:
    told = checked.model_dump(exclude={"funded", "project_no"})
    return {"funded": True, **told} if funded else {**dict.fromkeys(told, ""), "funded": False, "declared_on": None,
                                                    "evidence": told["evidence"]}  # fmt: skip


def _unsaid(columns: Mapping[str, object]) -> dict[str, object]:
    return {} if "evidence" in columns else {"evidence": ""}


def _check_project(checked: DeclareFunding, funded: bool) -> None:
    """Make sure that a funded patent names type, name and number of its project (DC-02)."""
    needed = ("program", "project_name", "project_no") if funded else ()
    missing = {name: "财政资助的专利须填写" for name in needed if not getattr(checked, name)}
    if missing:
        raise Invalid(
            "财政资助的专利须填写项目类型、名称和编号", missing, "a project needs type, name and number"
        )


def _check_contrary(act: Act, patent_id: int, funded: bool) -> None:
    if not funded and (count := act.cur.one(FUNDED_ROWS, patent_id)[0]):
        raise Conflict(
            f"该专利已登记{count}个财政资助项目，不能登记为未受资助；登记有误的，先撤销该项目",
            f"{count} projects are declared for this patent",
        )


def _set_flag(act: Act, patent_id: int, funded: bool) -> None:
    """Keep the patent's own flag in step: the gates of conversion ask for it."""
    flags = set(orjson.loads(act.cur.one(FLAGS_OF, patent_id)[0]))
    wanted = flags | {STATE_FUNDED} if funded else flags - {STATE_FUNDED}
    if wanted != flags:
        act.cur.run(SET_FLAGS, orjson.dumps(sorted(wanted)).decode(), act.cur.moment(act.now), patent_id)


def _view(row: Funding) -> FundingView:
    return FundingView(
        int(row.id or 0), row.patent_id, row.funded, row.program, row.funder, row.project_no, row.project_name,
        row.ip_clause, row.declared_on, row.declared_by, row.evidence, row.evidence_sha256,
    )  # fmt: skip
