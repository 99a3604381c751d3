"""Sample declarations, statements of use, planned applications, products and outcomes, all fictional."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from cases.assessments import assess, file_application, plan_application
from cases.db import Database
from cases.funding import declare_funding
from cases.night_use import bring_up_institution
from cases.outcomes import state_outcome
from cases.products import file_product, prompt_producer, register_product
from cases.scope import Person
from cases.tables import Patent
from cases.use_statements import fill_statements, state_use
from rules.patent_clock import ALIVE
from rules.patent_numbers import check_digit

PROJECTS = (
    ("nsfc", "国家自然科学基金委员会", "多孔隔膜离子输运机理研究", "52000017"),
    ("key_program", "科学技术部", "高比能固态电池关键材料", "2024YFB2400100"),
    ("major_project", "科学技术部", "先进制造工艺与装备", "2023ZD0600200"),
    ("local", "沧澜市科学技术局", "市级重点研发计划：绿色制造", "CL2024-GY-018"),
)
REASONS = ("validation", "negotiating", "reserve", "regulatory")
PLANNED: tuple[dict[str, Any], ...] = (
    {
        "title": "一种复合固态电解质膜及其制备方法",
        "inventors": "顾青川、沈见微",
        "examination": "priority",
        "agency": "沧澜专利代理事务所",
    },
    {"title": "一种低温烧结导电浆料", "inventors": "沈见微", "examination": "ordinary", "agency": ""},
    {
        "title": "一种智能巡检机器人的路径规划方法",
        "inventors": "唐若水、白砚秋",
        "examination": "fast",
        "agency": "沧澜专利代理事务所",
    },
    {
        "title": "一种实验台支架",
        "inventors": "白砚秋",
        "kind": "utility",
        "examination": "ordinary",
        "agency": "",
    },
)
DECISIONS = ("pass", "", "improve", "fail")
OPINIONS = (
    "产业化前景明确，已有企业表达意向，同意申请",
    "",
    "补充对比实验和市场调研后再评",
    "缺少产业化前景，不同意申请",
)


def fill_use(
    db: Database, people: dict[str, Person], company_ids: tuple[int, ...], today: date, now: datetime
) -> None:
    """Write the samples by the same actions as people do.

    Effects: writes declarations, statements, assessments, products, outcomes and the dates that follow.
    """
    officer = people["officer"]
    with db.read() as session:
        patents = _living(session, officer.org_id)
    for number, patent in enumerate(patents[:14]):
        _declare(db, officer, patent, number, today, now)
    for number, patent in enumerate(patents[4:8]):
        told = {
            "year": today.year,
            "use": "none",
            "reason": REASONS[number],
            "review_on": (today + timedelta(days=(-1, 25, 200, 360)[number] + 2)).isoformat(),
        }
        state_use(db, officer, int(patent.id or 0), told, now=now)
    _assessments(db, people, today, now)
    bring_up_institution(db, officer.org_id, now, today)
    fill_statements(db, officer, today.year - 1, now=now)
    _products(db, officer, patents, today, now)
    for number, company_id in enumerate(company_ids[:3]):
        told = {
            "year": today.year - 1,
            "industrialized": number < 2,
            "financing_fen": 800_000_000 * number,
            "output_fen": 1_260_000_000 * (number + 1),
            "outcomes": ("scale",) if number else ("little_giant", "scale"),
            "evidence": "企业年度回访表",
        }
        state_outcome(db, officer, company_id, told, now=now)


def _living(session: Session, org_id: int) -> list[Patent]:
    query = select(Patent).where(
        Patent.org_id == org_id,
        col(Patent.status).in_(tuple(sorted(ALIVE))),
        col(Patent.grant_date).is_not(None),
    )
    found = list(session.exec(query.order_by(col(Patent.grant_date), col(Patent.id)).limit(40)))
    session.expunge_all()
    return found


def _declare(db: Database, officer: Person, patent: Patent, number: int, today: date, now: datetime) -> None:
    if number % 7 == 6:
        declare_funding(db, officer, int(patent.id or 0), {"funded": "no"}, now=now)
        return
    program, funder, name, project_no = PROJECTS[number % len(PROJECTS)]
    told = {
        "funded": "yes",
        "program": program,
        "funder": funder,
        "project_name": name,
        "project_no": project_no,
    }
    if number % 3:
        told |= {"declared_on": (patent.filing_date or today).isoformat(), "declared_by": "agency"}
    declare_funding(db, officer, int(patent.id or 0), told, now=now)


def _assessments(db: Database, people: dict[str, Person], today: date, now: datetime) -> None:
    officer = people["officer"]
    for number, (plan, decision) in enumerate(zip(PLANNED, DECISIONS, strict=True)):
        funded = {"funded": "no"}
        if number == 0:
            program, funder, name, project_no = PROJECTS[1]
            funded = {
                "funded": "yes",
                "program": program,
                "funder": funder,
                "project_name": name,
                "project_no": project_no,
            }
        common = {
            "kind": "invention",
            "college": "材料科学与工程学院",
            "search_note": "检索中外专利文献，未见相同技术方案",
            "prospect_note": "下游企业有明确需求",
        }
        made = plan_application(db, officer, {**common, **plan, **funded}, now=now)
        if decision:
            judged = {
                "prospect": (86, 0, 62, 25)[number],
                "potential": (80, 0, 58, 30)[number],
                "value": (74, 0, 60, 20)[number],
                "upkeep": (66, 0, 55, 40)[number],
                "assessors": "叶知秋、陆怀瑾",
                "decision": decision,
                "opinion": OPINIONS[number],
                "decided_on": (today - timedelta(days=12)).isoformat(),
            }
            assess(db, people["approver"], made, judged, now=now)
    filed = today - timedelta(days=5)
    body = f"{filed.year}10{7:06d}"
    number_ = f"{body}{check_digit(body)}"
    file_application(
        db,
        officer,
        1,
        {"application_no": number_, "filed_on": filed.isoformat(), "declared_on": filed.isoformat()},
        now=now,
    )


def _products(db: Database, officer: Person, patents: list[Patent], today: date, now: datetime) -> None:
    for number, name in enumerate(("高安全动力电池隔膜", "耐蚀涂层粉体", "在线检测模块")):
        since = today - timedelta(days=(400, 45, 90)[number])
        told = {
            "name": name,
            "models": ("GM-12", "", "JC-3")[number],
            "producer": ("启衡新材料股份有限公司", "", "远岫装备有限公司")[number],
            "basis": ("license", "own", "transfer")[number],
            "patents": patents[10 + number].application_no,
            "since": since.isoformat(),
            "claims_note": ("产品落入权利要求1", "", "")[number],
            "evidence": ("检验报告", "", "")[number],
        }
        made = register_product(db, officer, told, now=now)
        if number == 0:
            filing = {"filed_on": (since + timedelta(days=40)).isoformat(), "filing_no": "ZLCP-SAMPLE-001"}
            file_product(db, officer, made, filing, now=now)
        if number == 2:
            asked = {"prompted_on": (today - timedelta(days=20)).isoformat(), "prompt_note": "函告企业联系人"}
            prompt_producer(db, officer, made, asked, now=now)
