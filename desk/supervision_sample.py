"""A sample bureau that supervises the sample institution, with tasks, districts, contacts and policies; all fictional."""

from datetime import date, datetime

from cases.db import Database
from cases.oversight import agree, bureaus, found_bureau
from cases.people import person_by_login
from cases.registers import save_row
from cases.scope import Person
from cases.supervision_annex import adopt_annex
from cases.supervision_registers import REGISTERS

NAME, LOGIN = "沧澜市知识产权局（示例）", "supervisor"
ROWS = (
    ("districts", {"name": "高新区", "unit": "高新区市场监管局"}),
    ("districts", {"name": "滨江区", "unit": "滨江区市场监管局"}),
    ("districts", {"name": "城东区", "unit": "城东区市场监管局"}),
    ("districts", {"name": "山南县", "unit": "山南县市场监管局"}),
    ("contacts", {"unit": "高新区市场监管局", "district": "高新区", "contact": "叶科长", "phone": "000-10000001"}),
    ("policies", {"title": "专利转化考核办法（示例）", "kind": "assessment", "issuer": NAME, "valid_from": "2025-01-01"}),
    ("policies", {"title": "高价值专利评价指引（示例）", "kind": "evaluation", "issuer": NAME}),
    ("policies", {"title": "专利转化资助细则（示例）", "kind": "funding", "issuer": NAME, "valid_to": "2027-12-31"}),
)  # fmt: skip


def fill_supervision(db: Database, administrator: Person, today: date, now: datetime) -> None:
    """Write the bureau, let it see the institution's figures, and fill its lists.

    Effects: as the actions it takes.
    """
    found_bureau(db, name=NAME, login=LOGIN, person="纪监督", now=now)
    with db.read() as session:
        supervisor = person_by_login(session, LOGIN)
        (bureau,) = bureaus(session, administrator.org_id)
    agree(db, administrator, bureau.id, now)
    adopt_annex(db, supervisor, today, now)
    for name, typed in ROWS:
        save_row(db, supervisor, REGISTERS[name], typed, now=now)
