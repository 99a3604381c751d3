"""Messages that an event itself asks for, beside the reminders of deadlines."""

from datetime import datetime

import orjson
from sqlmodel import col, select

from cases.db import Database, cursor_of
from cases.outbox import put
from cases.settings import SHANGHAI
from cases.tables import Case, Message, User


def notify_approvers(db: Database, case_id: int, now: datetime, *, mail: bool = False) -> str:
    """Tell every approver of the organization that a case waits; once per submission.

    Effects: writes messages and outbox rows, unless the same submission was told already.
    """
    with db.write() as session:
        case = session.get(Case, case_id)
        if case is None or " approval_submitted " not in case.state:
            return "案件已不在审批中"
        told = session.exec(
            select(Message).where(Message.case_id == case_id, Message.kind == f"approval:{case.trail_seq}")
        ).first()
        if told:
            return "已通知"
        approvers = session.exec(
            select(User).where(User.org_id == case.org_id, User.role == "approver", col(User.active))
        ).all()
        line = {"case_id": case_id, "case_no": case.number, "case_title": case.title, "title": "等待审批"}
        for user in approvers:
            by_mail = mail and bool(user.email)
            message = Message(
                org_id=case.org_id, user_id=int(user.id or 0), case_id=case_id, on=now.astimezone(SHANGHAI).date(),
                kind=f"approval:{case.trail_seq}", subject=f"待审批：{case.number} {case.title}",
                lines=orjson.dumps([line]).decode(), mail_status="queued" if by_mail else "", created_at=now,
            )  # fmt: skip
            session.add(message)
            session.flush()
            if by_mail:
                cur = cursor_of(session, db.postgres)
                put(cur, case.org_id, "mail", f"mail:{message.id}", {"message_id": int(message.id or 0)}, now)
        return f"已通知{len(approvers)}人"
