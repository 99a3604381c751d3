"""Messages that an event itself asks for, beside the reminders of deadlines."""

from datetime import date, datetime

import orjson
from sqlmodel import Session, col, select

from cases.db import Database, cursor_of
from cases.delivering import queue_deliveries
from cases.loading import load
from cases.settings import SHANGHAI
from cases.tables import Case, Message, User
from states.amendments import is_submitted
from states.decide import why_not
from states.facts import Actor, CaseData


def notify_approvers(
    db: Database, case_id: int, now: datetime, *, mail: bool = False, seq: int | None = None
) -> str:
    """Tell whoever may decide on a case now that it waits; once per submission and stage.

    Args:
        seq: the event that asked for it; asking again for the same one tells nobody twice, whatever came meanwhile.

    Effects: writes messages and outbox rows, unless the same was told already.
    """
    with db.write() as session:
        case = session.get(Case, case_id, with_for_update=True)
        if case is None or not (event := _decision_on(case)):
            return "案件已不在审批中"
        kind = f"approval:{case.trail_seq if seq is None else seq}"
        told = session.exec(select(Message).where(Message.case_id == case_id, Message.kind == kind)).first()
        if told:
            return "已通知"
        approvers = _deciders(db, session, case, event, now.astimezone(SHANGHAI).date())
        line = {"case_id": case_id, "case_no": case.number, "case_title": case.title, "title": "等待审批"}
        for user in approvers:
            message = Message(
                org_id=case.org_id, user_id=int(user.id or 0), case_id=case_id, on=now.astimezone(SHANGHAI).date(),
                kind=kind, subject=f"待审批：{case.number} {case.title}", lines=orjson.dumps([line]).decode(), created_at=now,
            )  # fmt: skip
            session.add(message)
            session.flush()
            queue_deliveries(cursor_of(session, db.postgres), int(message.id or 0), now, mail=mail)
        return f"已通知{len(approvers)}人"


def _decision_on(case: Case) -> str:
    """Return the step by which what waits is approved: the case, or a change of its contract; empty if nothing waits."""
    if " approval_submitted " in case.state:
        return "approve"
    return "approve_amendment" if is_submitted(CaseData(orjson.loads(case.data))) else ""


def _deciders(db: Database, session: Session, case: Case, event: str, today: date) -> list[User]:
    """Return the active approvers of the organization who may decide on the case today."""
    loaded = load(cursor_of(session, db.postgres), int(case.id or 0), case.org_id)
    users = session.exec(
        select(User)
        .where(User.org_id == case.org_id, User.role == "approver", col(User.active))
        .order_by(col(User.id))
    )
    return [
        user
        for user in users
        if why_not(
            loaded.mode, loaded.position, event, loaded.facts, today, book=loaded.book,
            actor=Actor(int(user.id or 0), user.name, user.role),
        ).possible
    ]  # fmt: skip
