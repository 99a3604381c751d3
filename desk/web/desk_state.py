"""What the pages share while the desk runs, and who is visiting: both come to a page as arguments."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Request

from cases.db import Database
from cases.messages import unread
from cases.people import person_of_session
from cases.reviews import open_reviews
from cases.scope import Person, check_reach
from cases.settings import SHANGHAI, Settings
from cases.tables import Organization
from desk.web.i18n import Words, known
from desk.web.jobs import Jobs
from desk.web.screens import Screens

SESSION_COOKIE = "panhuo_session"
LANGUAGE_COOKIE = "panhuo_language"
Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """One running desk."""

    settings: Settings
    db: Database
    screens: Screens
    jobs: Jobs


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of a signed-in person. `today` is the date in Shanghai, `reviews` counts open review items."""

    person: Person
    csrf: str
    words: Words
    now: datetime
    today: date
    unread: int
    organization: str
    reviews: int = 0

    def may(self, *roles: str) -> bool:
        """Say whether the person has one of these roles."""
        return self.person.role in roles


class SignInNeeded(Exception):
    """Nobody is signed in."""


def desk_of(request: Request) -> Desk:
    """Return the running desk."""
    desk: Desk = request.app.state.desk
    return desk


def now_of(request: Request) -> datetime:
    """Return the present moment by the desk's clock, which tests may set."""
    clock: Clock = request.app.state.clock
    return clock()


def words_of(request: Request) -> Words:
    """Return the language of a page before anyone has signed in."""
    return Words(known(request.cookies.get(LANGUAGE_COOKIE)))


def address_of(request: Request) -> str:
    """Return the network address that a request came from, as the server sees it."""
    return request.client.host if request.client else ""


def visit_of(request: Request) -> Visit:
    """Return who is visiting.

    Raises: SignInNeeded; Forbidden for a supervisor anywhere but on the pages of supervision.
    """
    token = request.cookies.get(SESSION_COOKIE, "")
    now = now_of(request)
    if not token:
        raise SignInNeeded
    with desk_of(request).db.read() as session:
        found = person_of_session(session, token, now=now)
        if found is None:
            raise SignInNeeded
        person, csrf = found
        organization = session.get(Organization, person.org_id)
        visit = Visit(
            person=person.through("web", address_of(request)),
            csrf=csrf,
            words=Words(known(person.language)),
            now=now,
            today=now.astimezone(SHANGHAI).date(),
            unread=unread(session, person),
            organization=organization.name if organization else "",
            reviews=open_reviews(session, person.org_id),
        )
    request.state.visit = visit
    check_reach(person.role, request.url.path)
    return visit


DeskArg = Annotated[Desk, Depends(desk_of)]
VisitArg = Annotated[Visit, Depends(visit_of)]
WordsArg = Annotated[Words, Depends(words_of)]
