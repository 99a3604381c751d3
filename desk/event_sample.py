"""Sample events, leads and what is offered around a deal, all fictional."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from cases.db import Database
from cases.event_registers import BY_NAME
from cases.events import promote
from cases.registers import save_row
from cases.scope import Person
from cases.tables import Case, Company, Patent

EVENTS = (
    ("新材料领域专场对接会", "meeting", "universities_firms", "高新区", -40, "held"),
    ("智能制造专利集中发布", "release", "service_tour", "滨江区", -75, "held"),
    ("生物医药项目路演", "roadshow", "monthly_chain", "高新区", -130, "held"),
    ("中小企业技术需求调研", "survey", "together", "城东区", -18, "held"),
    ("专利转化实务培训", "training", "", "城东区", -160, "held"),
    ("“百场万企”融通对接（绿色能源）", "meeting", "large_small", "滨江区", 21, "planned"),
)
PROVIDERS = (
    ("海石创业投资有限公司", "investor", "沧澜市"),
    ("沧澜银行科技支行", "pledge_finance,insurance", "高新区"),
    ("沧澜概念验证中心", "concept", "高新区"),
    ("滨江中试基地", "pilot", "滨江区"),
    ("沧澜技术交易所", "valuation,matching,attestation,settlement", "沧澜市"),
)
LEADS = (
    ("contact", "寄送样品", 12),
    ("negotiating", "讨论许可费", -3),
    ("signed", "", None),
    ("lost", "", None),
    ("contact", "约实验室参观", 5),
)


def fill_events(db: Database, person: Person, today: date, now: datetime) -> int:
    """Write the samples and return how many events there are.

    Effects: writes the registers of promotion by their own actions.
    """
    with db.read() as session:
        numbers, companies, cases = _known(session, person.org_id)

    def keep(register: str, **typed: Any) -> int:
        values = {name: str(value) for name, value in typed.items() if value not in ("", None)}
        return save_row(db, person, BY_NAME[register], values, now=now)

    events = [
        keep(
            "events",
            name=name,
            kind=kind,
            campaign=campaign,
            district=district,
            status=status,
            organizer="沧澜市市场监管局",
            held_on=today + timedelta(days=days),
            theme=name,
            place="沧澜市会议中心",
        )
        for name, kind, campaign, district, days, status in EVENTS
    ]
    for place, event_id in enumerate(events):
        promote(db, person, event_id, "\n".join(numbers[place * 3 : place * 3 + 3]), now)
        keep(
            "participants",
            event_id=event_id,
            company_name=companies[place % len(companies)],
            people=2,
            feedback="希望进一步了解",
        )
    for place, (status, step, days) in enumerate(LEADS):
        keep(
            "leads",
            company_name=companies[place % len(companies)],
            patent_id=numbers[place],
            event_id=events[place % 3],
            status=status,
            owner_id=person.login,
            next_step=step,
            due_on=None if days is None else today + timedelta(days=days),
        )
    _offer(keep, numbers, today)
    keep(
        "postings",
        event_id=events[1],
        channel="account",
        posted_on=today - timedelta(days=70),
        address="公众号推文",
    )
    keep("postings", event_id=events[1], channel="platform", posted_on=today - timedelta(days=70))
    keep(
        "typical",
        case_id=cases[0],
        title="先中试、后许可的隔膜技术转化",
        pattern="license_royalty",
        marked_on=today,
        background="企业担心工艺放大的风险。",
        practice="由中试基地先行验证，再按入门费加提成签约。",
        outcome="合同生效，首期到账。",
    )
    keep(
        "certificates",
        user_id=person.login,
        kind="transfer_professional",
        number="示例0001",
        issued_on=date(2024, 6, 1),
    )
    keep("staff", case_id=cases[0], user_id=person.login, role="operation_commissioner")
    return len(events)


def _known(session: Session, org_id: int) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    patents = select(Patent.application_no).where(Patent.org_id == org_id, Patent.status == "in_force")
    numbers = session.exec(patents.order_by(Patent.application_no).limit(18)).all()
    companies = session.exec(
        select(Company.name).where(Company.org_id == org_id).order_by(Company.name)
    ).all()
    cases = session.exec(
        select(Case.number).where(Case.org_id == org_id).order_by(col(Case.id).desc()).limit(1)
    ).all()
    return numbers, companies, cases


def _offer(keep: Callable[..., int], numbers: Sequence[str], today: date) -> None:
    for name, kinds, region in PROVIDERS:
        keep("providers", name=name, kinds=kinds, region=region)
    keep(
        "offers",
        patent_id=numbers[0],
        provider_id="海石创业投资有限公司",
        kind="investor",
        status="accepted",
        offered_on=today - timedelta(days=30),
    )
    keep(
        "offers",
        patent_id=numbers[1],
        provider_id="沧澜银行科技支行",
        kind="pledge_finance",
        status="offered",
        offered_on=today - timedelta(days=9),
    )
    keep(
        "maturation",
        patent_id=numbers[0],
        kind="concept_verification",
        provider_id="沧澜概念验证中心",
        status="passed",
        started_on=today - timedelta(days=200),
        ended_on=today - timedelta(days=120),
        cost_fen="12万",
        result="指标达到预期",
    )
    keep(
        "maturation",
        patent_id=numbers[0],
        kind="pilot_verification",
        provider_id="滨江中试基地",
        status="running",
        started_on=today - timedelta(days=60),
    )
