"""登记入库: what an officer should look at after an import, patent by patent."""

from datetime import date, datetime

import orjson
from sqlmodel import Session, col, select

from cases.assessment_queries import unassessed
from cases.db import Database, cursor_of
from cases.delivering import queue_deliveries
from cases.errors import NotFound
from cases.patent_dates import book_in_use, date_fees
from cases.settings import SHANGHAI
from cases.tables import ImportRun, Message, Organization, Patent
from cases.use_dates import date_use
from rules.patent_term import term_of

MOST_LINES = 200


def check_import(
    db: Database, import_id: int, now: datetime, *, mail: bool = False
) -> list[dict[str, object]]:
    """Return one row per finding of the imported patents, and tell the importer once.

    Looked for: the institution is not among the owners, no filing date, unknown status, co-owners, protection
    already over, fee in the grace period, encumbrances. The dates of their annual fees become deadlines.

    Raises: NotFound.
    """
    today = now.astimezone(SHANGHAI).date()
    findings: list[dict[str, object]] = []
    with db.write() as session:
        run = session.get(ImportRun, import_id, with_for_update=True)  # two at once tell once
        if run is None:
            raise NotFound(f"没有编号为{import_id}的导入，登记入库没有进行", f"no import {import_id}")
        organization = session.get(Organization, run.org_id)
        institution = organization.name if organization else ""
        for patent in session.exec(select(Patent).where(Patent.import_id == import_id)):
            owners = orjson.loads(patent.owners)
            flags = set(orjson.loads(patent.flags))
            reasons = []
            if owners and institution not in owners:
                reasons.append("本单位不在专利权人之列")
            if len(owners) > 1:
                reasons.append("共有专利，除普通许可外须全体共有人同意")
            if patent.filing_date is None:
                reasons.append("缺少申请日，无法计算保护期限")
            elif term_of(patent.kind, patent.filing_date).last_day < today:
                reasons.append("保护期限已届满")
            if patent.status in ("unknown", "in_grace", "lapsed", "void"):
                reasons.append(
                    {"unknown": "法律状态不明", "in_grace": "年费滞纳期内"}.get(patent.status, "权利已终止")
                )
            if flags & {"pledged", "preserved", "suspended"}:
                reasons.append("存在质押、保全或中止")
            findings.extend(
                {
                    "patent_id": patent.id,
                    "专利": patent.application_no,
                    "名称": patent.title,
                    "事项": why,
                }
                for why in reasons
            )
        findings += _unassessed(session, db, run, today)
        _tell(db, session, run, findings, now, mail)
        org_id = run.org_id
        imported = list(
            session.exec(select(Patent.id).where(Patent.import_id == import_id).order_by(col(Patent.id)))
        )
    date_fees(db, org_id, now, today, [int(id_ or 0) for id_ in imported])
    date_use(db, org_id, now, today, [int(id_ or 0) for id_ in imported])
    return findings[:MOST_LINES]


def _unassessed(session: Session, db: Database, run: ImportRun, today: date) -> list[dict[str, object]]:
    """Return the new applications of an import that nobody assessed before they were filed (ST-05)."""
    book = book_in_use(cursor_of(session, db.postgres), run.org_id)
    since = book.house(today).assessment_since if book.policies else None
    if since is None:
        return []
    found = unassessed(session, run.org_id, since, import_id=run.id, size=MOST_LINES)
    return [
        {
            "patent_id": row.patent_id,
            "专利": row.number,
            "名称": row.title,
            "事项": "提交申请前没有经过评估（ST-05）",
        }
        for row in found.rows
    ]


def _tell(
    db: Database, session: Session, run: ImportRun, findings: list[dict[str, object]], now: datetime, mail: bool
) -> None:  # fmt: skip
    kind = f"register:{run.id}"
    if session.exec(select(Message).where(Message.kind == kind, Message.user_id == run.user_id)).first():
        return
    lines = [{"title": f"{row['专利']} {row['名称']}", "note": row["事项"]} for row in findings[:MOST_LINES]]
    message = Message(
        org_id=run.org_id, user_id=run.user_id, on=now.astimezone(SHANGHAI).date(), kind=kind,
        subject=f"登记入库检查：{run.filename}，{len(findings)}项需要关注", lines=orjson.dumps(lines).decode(),
        created_at=now,
    )  # fmt: skip
    session.add(message)
    session.flush()
    queue_deliveries(cursor_of(session, db.postgres), int(message.id or 0), now, mail=mail)
