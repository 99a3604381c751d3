"""A small world for tests: one institution, its people, a company, patents. Fictional, built by hand."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from cases.db import Database, cursor_of
from cases.opening import open_case
from cases.patent_index import index_patents
from cases.scope import Person
from cases.tables import Company, Organization, Patent, User
from states.catalog import mode_of

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
INSTITUTION = "沧澜理工大学"
ROLE_NAMES = {
    "officer": "林知远", "approver": "周审言", "finance": "钱汇川", "administrator": "管理员", "readonly": "严旁听",
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """Everything a test of actions needs."""

    db: Database
    org_id: int
    people: dict[str, Person]
    company_id: int
    patent_ids: tuple[int, ...]

    def person(self, role: str) -> Person:
        """Return the one person in a role."""
        return self.people[role]

    def case(
        self, *, patents: int = 1, title: str = "锂电池隔膜独占许可", mode: str = "exclusive_license"
    ) -> int:
        """Open a case as the officer."""
        company_id = self.company_id if mode_of(mode).has_company else None
        return open_case(
            self.db, self.person("officer"), mode=mode, title=title,
            patent_ids=self.patent_ids[:patents], company_id=company_id, today=TODAY, now=NOW,
        )  # fmt: skip


def settle(db: Database, name: str = INSTITUTION, prefix: str = "") -> World:
    """Write an institution and return it as a world."""
    with db.write() as session:
        org = Organization(name=name, uscc="12100000400000624D", address="沧澜市学府路1号", created_at=NOW)
        session.add(org)
        session.flush()
        org_id = int(org.id or 0)
        users = [
            User(
                org_id=org_id, login=f"{prefix}{role}", name=who, role=role, email=f"{role}@example.invalid",
                created_at=NOW,
            )
            for role, who in ROLE_NAMES.items()
        ]  # fmt: skip
        company = Company(
            org_id=org_id, name="启衡新材料股份有限公司", uscc="91110000600037341L", address="沧澜市高新区创新路8号",
            legal_representative="冯立", created_at=NOW,
        )  # fmt: skip
        patents = [_patent(org_id, name, number) for number in range(5)]
        session.add_all([*users, company, *patents])
        session.flush()
        index_patents(cursor_of(session, db.postgres), [int(patent.id or 0) for patent in patents])
        people = {
            user.role: Person(int(user.id or 0), org_id, user.login, user.name, user.role, user.email)
            for user in users
        }
        return World(
            db, org_id, people, int(company.id or 0), tuple(int(patent.id or 0) for patent in patents)
        )


NUMBERS = ("2020101000019", "2020101000023", "2020101000038", "2020101000042", "2020101000057")


def _patent(org_id: int, owner: str, index: int) -> Patent:
    return Patent(
        org_id=org_id, application_no=NUMBERS[index], kind="invention", title=f"一种锂离子电池隔膜的制备方法（{index + 1}）",
        owners=f'["{owner}"]', inventors='["㛃䶮𬱖","陈思远"]', filing_date=date(2020, 5, 6),
        grant_date=date(2022, 8, 9), publication_no=f"CN11{index}000000B", ipc="H01M50/403", status="in_force",
        content_hash=f"test-{index}", created_at=NOW, updated_at=NOW,
    )  # fmt: skip
