"""Fills an empty record with the sample data: a fictional institution whose cases were walked by real actions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import orjson

from cases.db import Database
from cases.opening import open_case
from cases.reminders import remind
from cases.scope import Person
from cases.tables import Company, Organization, Patent, User
from desk.story import MORNING, story, terms_of, walk
from exchange.sample_patents import (
    INSTITUTION,
    PEOPLE,
    PUBLIC,
    SampleCompany,
    SamplePatent,
    sample_companies,
    sample_patents,
    uscc_of,
)
from states.catalog import MODES, mode_of

# Where each sample case stands, how many days ago it was opened, and how many patents it has.
CASES: tuple[tuple[str | None, int, int], ...] = (
    ("edit_terms", 2, 1),
    ("agree_price", 4, 1),
    ("post_publicity", 16, 2),
    ("raise_objection", 10, 1),
    ("submit_approval", 27, 1),
    ("start_drafting", 29, 3),
    ("sign", 31, 1),
    ("take_effect", 35, 2),
    ("receive_correction", 57, 1),
    ("record_filing", 68, 1),
    ("record_receipt", 130, 2),
    (None, 1, 1),
)


@dataclass(frozen=True)
class Institution:
    """The sample institution as its makers use it. `people` are by role."""

    db: Database
    org_id: int
    people: dict[str, Person]
    company_ids: tuple[int, ...]
    licensable: tuple[tuple[int, str], ...]

    def open_case(
        self, opened_on: date, *, patents: int = 1, number: int = 0, mode: str = "exclusive_license"
    ) -> int:
        """Open a case on patents that no other sample case uses."""
        chosen = self.licensable[number * 3 : number * 3 + patents]
        return open_case(
            self.db,
            self.people["officer"],
            mode=mode,
            title=f"{chosen[0][1].removeprefix('一种')}{mode_of(mode).zh}",
            patent_ids=[id_ for id_, _ in chosen],
            company_id=self.company_ids[number % len(self.company_ids)]
            if mode_of(mode).has_company
            else None,
            today=opened_on,
            now=datetime.combine(opened_on, MORNING),
        )


def found_institution(db: Database, today: date, *, patents: int = 200) -> Institution:
    """Write the institution, its people, companies and patents."""
    now = datetime.combine(today, time(1, 0), UTC)
    with db.write() as session:
        org = Organization(
            name=INSTITUTION, uscc=uscc_of(PUBLIC, 4_600_001), address="沧澜市学府路1号", legal_representative="江景行",
            contact="技术转移办公室", phone="000-10000000", email="tto@example.invalid", bank="示例银行沧澜支行",
            account="0000 0000 0000 0001", created_at=now,
        )  # fmt: skip
        session.add(org)
        session.flush()
        org_id = int(org.id or 0)
        users = [_user(org_id, *row, now) for row in PEOPLE]
        companies = [_company(org_id, company, now) for company in sample_companies()]
        rows = [_patent(org_id, patent, now) for patent in sample_patents(today, max(patents, 60))[:patents]]
        session.add_all([*users, *companies, *rows])
        session.flush()
        people = {
            user.role: Person(int(user.id or 0), org_id, user.login, user.name, user.role, user.email)
            for user in reversed(users)
        }
        licensable = tuple((int(row.id or 0), row.title) for row in rows if _is_licensable(row, today))
        return Institution(db, org_id, people, tuple(int(c.id or 0) for c in companies), licensable)


def fill(db: Database, now: datetime) -> str:
    """Write the sample data as of `now` and return a line about it.

    Effects: writes an institution, and walks its cases by the same actions as people do.
    """
    today = now.date()
    institution = found_institution(db, today)
    kinds = tuple(reversed(MODES))
    for number, (until, days_ago, patents) in enumerate(CASES):
        opened = today - timedelta(days=days_ago)
        mode = kinds[number % len(kinds)]
        case_id = institution.open_case(opened, patents=patents, number=number, mode=mode)
        if until is None:
            continue
        terms = terms_of(opened, project=institution.licensable[number * 3][1], mode=mode)
        scenes = story(opened, terms, contract_no=f"XK-{opened.year}-{number + 1:03d}", mode=mode)
        happened = tuple(scene for scene in scenes if scene.on <= today)
        list(walk(db, institution.people, case_id, happened, until=until))
    remind(db, today, now)
    return f"{INSTITUTION}（虚构），200件专利，{len(institution.company_ids)}家企业，{len(CASES)}个案件"


def _is_licensable(row: Patent, today: date) -> bool:
    filed = row.filing_date
    return (
        row.kind == "invention"
        and row.status == "in_force"
        and row.owners == orjson.dumps([INSTITUTION]).decode()
        and not {"pledged", "ordinary_license"} & set(orjson.loads(row.flags))
        and filed is not None
        and (today - filed).days < 12 * 365
    )


def _user(org_id: int, login: str, name: str, role: str, now: datetime) -> User:
    return User(
        org_id=org_id, login=login, name=name, role=role, email=f"{login}@example.invalid", created_at=now
    )


def _company(org_id: int, company: SampleCompany, now: datetime) -> Company:
    return Company(
        org_id=org_id, name=company.name, uscc=company.uscc, address=company.address,
        legal_representative=company.legal_representative, contact=company.legal_representative,
        phone="000-20000000", email="contact@example.invalid", bank="示例银行", account="0000 0000 0000 0002",
        created_at=now,
    )  # fmt: skip


def _patent(org_id: int, patent: SamplePatent, now: datetime) -> Patent:
    return Patent(
        org_id=org_id, application_no=patent.application_no, kind=patent.kind, title=patent.title,
        owners=orjson.dumps(patent.owners).decode(), inventors=orjson.dumps(patent.inventors).decode(),
        filing_date=patent.filing_date, grant_date=patent.grant_date, publication_no=patent.publication_no,
        ipc=patent.ipc, college=patent.college, status=patent.status, flags=orjson.dumps(patent.flags).decode(),
        content_hash=f"sample:{patent.application_no}", created_at=now, updated_at=now,
        fee_paid_year=_paid_year(patent, now.date()),
    )  # fmt: skip


def _paid_year(patent: SamplePatent, today: date) -> int | None:
    """Return the patent year up to which fees are paid: the current one, or in the grace period the one before.

    Not known for one patent in five, as in real lists.
    """
    filed = patent.filing_date
    if patent.status not in ("in_force", "in_grace") or int(patent.application_no[-2]) % 5 == 0:
        return None
    birthday_is_ahead = (today.month, today.day) < (filed.month, filed.day)
    return today.year - filed.year - birthday_is_ahead + (patent.status == "in_force")
