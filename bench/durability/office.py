"""What the officers of the harness work with: an institution, its people with tokens, and cases opened months ago."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bench.advance import settle
from cases.db import Database
from cases.opening import open_case
from cases.people import make_api_token
from cases.schema import upgrade
from cases.scope import Person
from cases.settings import SHANGHAI
from cases.subscriptions import KINDS, choose
from cases.tables import User

AGO = 240  # days since the cases were opened: by today every scene of their story may have taken place
OFFICERS = 4
DESKS = ("approver", "finance", "administrator")
OWN_PATENTS = 40  # of cases that are opened over HTTP; the others have one each


@dataclass(frozen=True)
class Staff:
    """A person, and the token under which they call the API."""

    person: Person
    token: str


@dataclass(frozen=True)
class Office:
    """What the load is made of. `cases` are untouched, with a patent of their own each."""

    db: Database
    org_id: int
    company_id: int
    officers: tuple[Staff, ...]
    others: Mapping[str, Staff]
    cases: tuple[int, ...]
    patents: tuple[int, ...]
    opened_on: date

    def who(self, role: str, officer: Staff) -> Staff:
        """Return who takes a step of a role on behalf of an officer's case."""
        return self.others.get(role, officer)


def prepare(db: Database, cases: int) -> Office:
    """Migrate an empty database and write an office with so many cases."""
    upgrade(db)
    made = settle(db, cases + OWN_PATENTS)
    _give_addresses(db)
    people = _hire(db, made.person.org_id)
    opened_on = datetime.now(SHANGHAI).date() - timedelta(days=AGO)
    at = datetime.combine(opened_on, datetime.min.time(), UTC)
    patents = list(made.patents)
    opened = tuple(
        open_case(
            db, people[n % OFFICERS].person, mode="exclusive_license", title=f"锂电池隔膜独占许可{n}",
            patent_ids=[patents[n]], company_id=made.company_id, today=opened_on, now=at,
        )
        for n in range(cases)
    )  # fmt: skip
    return Office(
        db, made.person.org_id, made.company_id, tuple(people[:OFFICERS]),
        {staff.person.role: staff for staff in people[OFFICERS:]}, opened, tuple(patents[cases:]), opened_on,
    )  # fmt: skip


def _give_addresses(db: Database) -> None:
    with db.cursor() as cur:
        cur.run("UPDATE organization SET address = ?", "沧澜市学府路1号")
        cur.run("UPDATE company SET address = ?, legal_representative = ?", "沧澜市高新区创新路8号", "冯立")


def _hire(db: Database, org_id: int) -> list[Staff]:
    now = datetime.now(UTC)
    names = [(f"officer-{n}", "officer") for n in range(OFFICERS)] + [(role, role) for role in DESKS]
    with db.write() as session:
        users = [
            User(
                org_id=org_id, login=f"staff-{login}", name=f"职员{login}", role=role, created_at=now,
                email=f"{login}@example.invalid",
            )
            for login, role in names
        ]  # fmt: skip
        session.add_all(users)
        session.flush()
        people = [
            Person(int(user.id or 0), org_id, user.login, user.name, user.role, user.email) for user in users
        ]
    for person in people:
        choose(
            db, person, dict.fromkeys(KINDS, "now"), now
        )  # a letter of the day would wait for half past eight
    return [Staff(person, make_api_token(db, person, "harness", now=now)) for person in people]
