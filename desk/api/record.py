"""Deadlines 期限, reminders 提醒, messages 消息, the trail 留痕, and who I am 当前用户."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from cases.messages import inbox, mark_read, unread
from cases.reminders import remind
from cases.scope import AUDITORS
from cases.trail import verify
from cases.views import deadlines
from desk.api.asking import MAX_ID, Reading, Writing
from desk.api.cases import TrailShape, chain_shape
from desk.api.routes import ApiRoute
from desk.handing_out import hand_out
from desk.recorded import MessageShape, RemindShape, VerifyShape
from desk.shapes import DeadlineShape
from exchange.audit import export_audit
from states.decide import ROLES

router = APIRouter(route_class=ApiRoute)


class DeadlineListShape(BaseModel):
    """Deadlines by due date 期限列表."""

    on: date = Field(description="the day that days_left counts from")
    rows: list[DeadlineShape]
    limit: int


class InboxShape(BaseModel):
    """Messages, the newest first 站内消息."""

    unread: int
    rows: list[MessageShape]


class MeShape(BaseModel):
    """The person behind the token 当前用户."""

    id: int
    login: str
    name: str
    role: str
    role_zh: str
    email: str
    language: str
    unread: int


class Sweeping(BaseModel):
    """A sweep to run 执行提醒."""

    model_config = ConfigDict(extra="forbid")

    on: date | None = Field(default=None, description="today or earlier; today if left out")


class DoneShape(BaseModel):
    """The write was done 已完成."""

    done: bool = True


@router.get("/deadlines", tags=["deadlines 期限"], summary="List deadlines 期限列表")
def list_deadlines(
    ask: Reading,
    until: Annotated[date | None, Query(description="due on this day or before 截止日")] = None,
    case: Annotated[str, Query(max_length=50, description="案件编号")] = "",
    mine: Annotated[bool, Query(description="only my own 只看本人负责")] = False,
    all_statuses: Annotated[bool, Query(description="also met, moved and dropped ones")] = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> DeadlineListShape:
    with ask.db.read() as session:
        found = deadlines(
            session, ask.person.org_id, ask.today, case_id=ask.case_id(session, case) if case else None,
            open_only=not all_statuses, until=until, person=ask.person if mine else None, limit=limit,
        )  # fmt: skip
        return DeadlineListShape(on=ask.today, rows=[DeadlineShape.of(view) for view in found], limit=limit)


@router.post(
    "/reminders/run", tags=["deadlines 期限"], response_model=RemindShape, summary="Sweep deadlines 执行提醒",
)  # fmt: skip
def run_reminders(ask: Writing, body: Sweeping) -> Response:
    ask.only("administrator")

    def act() -> RemindShape:
        return RemindShape.of(remind(ask.db, ask.day(body.on), ask.now, mail=bool(ask.settings.smtp_host)))

    return ask.once(act, asked=body, resumable=True)


@router.get("/messages", tags=["messages 消息"], summary="Read the inbox 站内消息")
def messages(ask: Reading, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> InboxShape:
    with ask.db.read() as session:
        rows = [MessageShape.model_validate(row) for row in inbox(session, ask.person, limit)]
        return InboxShape(unread=unread(session, ask.person), rows=rows)


@router.post(
    "/messages/{message_id}/read", tags=["messages 消息"], response_model=DoneShape,
    summary="Mark as read 标为已读",
)  # fmt: skip
def read_message(ask: Writing, message_id: Annotated[int, Path(ge=1, le=MAX_ID)]) -> Response:
    def act() -> DoneShape:
        mark_read(ask.db, ask.person, message_id)
        return DoneShape()

    return ask.once(act, resumable=True)


@router.get("/trail", tags=["trail 留痕"], summary="Read the organization's own chain 单位留痕")
def organization_trail(
    ask: Reading,
    after: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> TrailShape:
    ask.only(*AUDITORS)
    return chain_shape(ask, f"org:{ask.person.org_id}", after, limit)


@router.get("/verify", tags=["trail 留痕"], summary="Verify the trail 核验留痕")
def verify_trail(ask: Reading) -> VerifyShape:
    ask.only(*AUDITORS)
    with ask.db.read() as session:
        return VerifyShape.of(verify(session, ask.person.org_id))


@router.get("/audit/export", tags=["trail 留痕"], summary="Take the audit archive along 导出审计包")
def audit_export(
    ask: Reading,
    case: Annotated[str, Query(max_length=50, description="案件编号; all cases if left out")] = "",
    files: Annotated[bool, Query(description="with the files of documents 附文书原文件")] = False,
) -> Response:
    ask.only(*AUDITORS)
    with ask.db.read() as session:
        case_id = ask.case_id(session, case) if case else None
    return hand_out(
        f"audit-{ask.today:%Y%m%d}",
        lambda target: export_audit(
            ask.db, ask.settings, ask.person, target, ask.now, case_id=case_id, files=files
        ),
    )


@router.get("/me", tags=["people 用户"], summary="Show who the token acts as 当前用户")
def me(ask: Reading) -> MeShape:
    person = ask.person
    with ask.db.read() as session:
        return MeShape(
            id=person.id, login=person.login, name=person.name, role=person.role,
            role_zh=ROLES[person.role][0], email=person.email, language=person.language,
            unread=unread(session, person),
        )  # fmt: skip
