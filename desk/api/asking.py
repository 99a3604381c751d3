"""What an endpoint is given: who asks, the record, today; and, for a write, how to do it once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlmodel import Session

from cases.db import Database, cursor_of
from cases.errors import Forbidden, Invalid
from cases.idempotency import Answer, once, request_hash
from cases.loading import load
from cases.scope import Person
from cases.settings import SHANGHAI, Settings
from cases.views import case_id_of
from states.decide import ROLES

MAX_ID = 2**31 - 1


@dataclass(frozen=True)
class Asking:
    """One request, from one person of one organization."""

    request: Request
    person: Person
    key: str | None = None

    @property
    def db(self) -> Database:
        """The record."""
        found: Database = self.request.app.state.db
        return found

    @property
    def settings(self) -> Settings:
        """The settings of this process."""
        found: Settings = self.request.app.state.settings
        return found

    @property
    def now(self) -> datetime:
        """The moment of the request."""
        moment: datetime = self.request.app.state.clock()
        return moment

    @property
    def today(self) -> date:
        """The legal day in Asia/Shanghai."""
        return self.now.astimezone(SHANGHAI).date()

    @property
    def action_key(self) -> str | None:
        """The key under which the record knows this action."""
        return f"api:{self.person.id}:{self.key}" if self.key else None

    def case_id(self, session: Session, case: str) -> int:
        """Return the id of a case that is named by number or id.

        Raises: NotFound.
        """
        if case.isascii() and case.isdigit() and len(case) < 10:
            return int(case)
        return case_id_of(session, self.person.org_id, case[:50])

    def number_of(self, session: Session, case_id: int) -> str:
        """Return the number of a case.

        Raises: NotFound if the person's organization has no such case.
        """
        return load(cursor_of(session, self.db.postgres), case_id, self.person.org_id).facts.case_no

    def day(self, on: date | None) -> date:
        """Return the day a step is taken on; nobody acts tomorrow.

        Raises: Invalid for a day after today.
        """
        if on is not None and on > self.today:
            reason = f"办理日期不能晚于今日{self.today.isoformat()}"
            raise Invalid(reason, {"on": reason}, "the day lies in the future")
        return on or self.today

    def only(self, *roles: str) -> None:
        """Let only these roles pass.

        Raises: Forbidden.
        """
        if self.person.role not in roles:
            names = "、".join(ROLES[role][0] for role in roles)
            own = ROLES[self.person.role][0]
            raise Forbidden(f"仅限{names}办理，您的角色是{own}", f"only for: {', '.join(roles)}")

    def once(
        self,
        act: Callable[[], BaseModel],
        *,
        asked: BaseModel | str = "",
        status: int = 200,
        resumable: bool = False,
        recall: Callable[[int], BaseModel] | None = None,
    ) -> Response:
        """Do a write and answer; with an Idempotency-Key it is done once.

        `asked` is the body, or what identifies it. `resumable` says that repeating `act` is harmless. `recall` gives
        the answer anew, by the id of what was made, when a process died after the write and before the answer.
        """

        def done() -> Answer:
            return Answer(status, act().model_dump_json())

        if self.key is None:
            return _response(done())
        told = asked if isinstance(asked, str) else asked.model_dump_json()
        url = self.request.url
        digest = request_hash(self.request.method, url.path, url.query, told)
        again = (lambda id_: Answer(status, recall(id_).model_dump_json())) if recall else None
        found = once(
            self.db, self.person, self.key, digest, done, resumable=resumable, recall=again, now=self.now
        )
        return _response(found)


def _response(answer: Answer) -> Response:
    headers = {"Idempotency-Replayed": "true"} if answer.replayed else {}
    return Response(answer.body, answer.status, headers, media_type="application/json")


def _reading(request: Request) -> Asking:
    return Asking(request, request.state.person)


def _writing(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="幂等键: a repeated request with the same key gets the stored answer, "
            "another request with it gets 409; kept for 30 days"
        ),
    ] = None,
) -> Asking:
    return Asking(request, request.state.person, idempotency_key)


Reading = Annotated[Asking, Depends(_reading)]
Writing = Annotated[Asking, Depends(_writing)]
