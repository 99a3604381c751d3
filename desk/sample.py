"""Fills an empty record with the sample data: a fictional institution whose cases were walked by real actions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import orjson

from cases.db import Database
from cases.opening import open_case
from cases.reminders import remind
from cases.scope import Person
from cases.seating import assign_seat, name_deputy, seating
from cases.tables import Company, Organization, Patent, User
from desk.demand_sample import fill_demands
from desk.enterprise_sample import fill_enterprises
from desk.event_sample import fill_events
from desk.feedback_sample import fill_feedback
from desk.pool_sample import fill_pool
from desk.stocktake_sample import fill_stocktakes
from desk.story import MORNING, Scene, paid_by_result, terms_of, walk, whole_story
from desk.supervision_sample import fill_supervision
from desk.use_sample import fill_use
from exchange.sample_patents import (
    FOREIGN_COMPANY,
    INSTITUTION,
    PEOPLE,
    PUBLIC,
    SampleCompany,
    SamplePatent,
    sample_companies,
    sample_patents,
    uscc_of,
)
from states.catalog import mode_of

# Who sits for which body; the approver sits for all others.
SEATS: Mapping[str, str] = {"college": "dean", "legal": "counsel", "leading_group": "secretary"}


class Sample(NamedTuple):
    """One sample case: its mode, its last step, how many days ago it was opened, on how many patents, and what is special.

    `until` is None for a case that has only been opened. `paying` names another way of paying (`paying_scenes.WAYS`).
    """

    mode: str
    until: str | None
    days_ago: int
    patents: int = 1
    is_foreign: bool = False
    is_related: bool = False
    paying: str = ""


CASES: tuple[Sample, ...] = (
    Sample("exclusive_license", "edit_terms", 2),
    Sample("transfer", "agree_price", 4),
    Sample("exclusive_license", "post_publicity", 16, 2),
    Sample("sole_license", "raise_objection", 10),
    Sample("equity", "submit_approval", 27),
    Sample("transfer", "start_drafting", 29, 3),
    Sample("ordinary_license", "sign", 31),
    Sample("development", "take_effect", 35),
    Sample("exclusive_license", "receive_correction", 57, 2),
    Sample("transfer", "record_filing", 68),
    Sample("exclusive_license", "record_receipt", 130, 2),
    Sample("exclusive_license", None, 1),
    Sample("open_license", "post_publicity", 19),
    Sample("open_license", "report_feedback", 100),
    Sample("equity", "record_filing", 62),
    Sample("patent_pool", "submit_entry", 5),
    Sample("patent_pool", "record_statement", 450),
    Sample("development", "demand_rework", 165, 2),
    Sample("ordinary_license", "record_industrialization", 200),
    Sample("transfer", "submit_approval", 27, is_foreign=True),
    Sample("ordinary_license", "approve", 27, is_related=True),
    Sample("sole_license", "take_effect", 130),  # its filing is overdue
    Sample("transfer", "complete", 400),
    Sample("development", "submit_approval", 25),
    Sample("ordinary_license", "start_trial", 120, paying="free_use"),
    Sample("ordinary_license", "report_royalty", 420, paying="royalties"),
)


@dataclass(frozen=True)
class Institution:
    """The sample institution as its makers use it. `people` are by role and by login."""

    db: Database
    org_id: int
    people: dict[str, Person]
    company_ids: tuple[int, ...]
    foreign_id: int
    licensable: tuple[tuple[int, str], ...]

    def open_case(
        self,
        opened_on: date,
        *,
        patents: int = 1,
        number: int = 0,
        mode: str = "exclusive_license",
        is_foreign: bool = False,
    ) -> int:
        """Open a case on patents that no other sample case uses."""
        domestic = self.company_ids[number % len(self.company_ids)]
        company_id = self.foreign_id if is_foreign else domestic
        chosen = self.licensable[number * 3 : number * 3 + patents]
        return open_case(
            self.db,
            self.people["officer"],
            mode=mode,
            title=f"{chosen[0][1].removeprefix('一种')}{mode_of(mode).zh}",
            patent_ids=[id_ for id_, _ in chosen],
            company_id=company_id if mode_of(mode).has_company else None,
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
        name, address, head = FOREIGN_COMPANY
        foreign = _company(org_id, SampleCompany(name, "", address, head), now, is_foreign=True)
        session.add_all([*users, *companies, foreign, *rows])
        session.flush()
        people = {
            key: Person(int(user.id or 0), org_id, user.login, user.name, user.role, user.email)
            for user in reversed(users)
            for key in (user.login, user.role)
        }
        licensable = tuple((int(row.id or 0), row.title) for row in rows if _is_licensable(row, today))
        company_ids = tuple(int(company.id or 0) for company in companies)
        return Institution(db, org_id, people, company_ids, int(foreign.id or 0), licensable)


def fill(db: Database, now: datetime) -> str:
    """Write the sample data as of `now` and return a line about it.

    Effects: writes an institution, and walks its cases by the same actions as people do.
    """
    today = now.date()
    institution = found_institution(db, today)
    _seat(institution, today, now - timedelta(days=500))
    for number, sample in enumerate(CASES):
        _live(institution, sample, number, today)
    fill_events(db, institution.people["officer"], today, now)
    fill_demands(db, institution.people["officer"], today, now)
    fill_supervision(db, institution.people["administrator"], today, now)
    fill_stocktakes(db, institution.people, today, now)
    fill_pool(db, institution.people["officer"], today, now)
    fill_use(db, institution.people, institution.company_ids, today, now)
    fresh = [id_ for id_, _ in institution.licensable[-6:]]
    fill_enterprises(db, institution.people["officer"], institution.company_ids, fresh, today, now)
    fill_feedback(db, institution.people["officer"], today, now)
    remind(db, today, now)
    return f"{INSTITUTION}（虚构），200件专利，{len(institution.company_ids) + 1}家企业，{len(CASES)}个案件"


def _seat(institution: Institution, today: date, now: datetime) -> None:
    """Seat the approvers, and let one of them be away."""
    db, administrator = institution.db, institution.people["administrator"]
    with db.read() as session:
        offices = seating(session, institution.org_id, today).offices
    for office in offices:
        assign_seat(
            db, administrator, office.body.id, SEATS.get(office.body.id, "approver"), today=today, now=now
        )
    until = today + timedelta(days=10)
    name_deputy(db, administrator, "counsel", "secretary", today, until, "出差期间代理", today=today, now=now)


def _live(institution: Institution, sample: Sample, number: int, today: date) -> None:
    """Open a sample case and take it to its last step, or as far as its days have come."""
    opened, mode = today - timedelta(days=sample.days_ago), sample.mode
    case_id = institution.open_case(
        opened, patents=sample.patents, number=number, mode=mode, is_foreign=sample.is_foreign
    )
    if sample.until is None:
        return
    terms = terms_of(opened, project=institution.licensable[number * 3][1], mode=mode)
    contract_no = f"XK-{opened.year}-{number + 1:03d}"
    if sample.paying:
        scenes = paid_by_result(opened, terms, contract_no, mode=mode, way=sample.paying)
    else:
        scenes = whole_story(opened, terms, contract_no, mode=mode)
    happened = tuple(scene for scene in scenes if scene.on <= today)
    if sample.is_related:
        happened = tuple(_of_related_party(scene) for scene in happened)
    until = None if sample.paying else sample.until
    list(walk(institution.db, institution.people, case_id, happened, until=until))


def _of_related_party(scene: Scene) -> Scene:
    """Return the scene of a deal with a related party, whose first body is the inventors' college."""
    if scene.event == "submit_approval":
        return replace(scene, payload={**scene.payload, "related_party": True, "related_names": "冯立"})
    return replace(scene, role="dean") if scene.event == "approve" else scene


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


def _company(org_id: int, company: SampleCompany, now: datetime, *, is_foreign: bool = False) -> Company:
    return Company(
        org_id=org_id, name=company.name, uscc=company.uscc, address=company.address,
        legal_representative=company.legal_representative, contact=company.legal_representative,
        phone="000-20000000", email="contact@example.invalid", bank="示例银行", account="0000 0000 0000 0002",
        is_foreign=is_foreign, created_at=now,
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
