"""Sample demands, all fictional: some to be answered, one late, one matched and made a case."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from cases.db import Database
from cases.demands import get_demand, move_demand, save_demand
from cases.match_decisions import decide, open_from_demand
from cases.matching import matches_of_demand
from cases.scope import Person
from cases.tables import Company

# Which company asks (by its place in the list), what for, and how many days ago.
DEMANDS: tuple[tuple[int, int, Mapping[str, object]], ...] = (
    (0, 3, {
        "title": "动力电池隔膜耐热不够", "text": "涂覆隔膜一百五十度收缩超标，热失控时短路，希望提高安全性，最好有中试数据。",
        "industries": ["materials", "vehicles"], "modes": ["ordinary_license"], "budget_fen": 80_000_000, "region": "高新区",
        "source": "中小企业技术需求调研",
    }),
    (1, 16, {
        "title": "铸件打磨机械手抓不稳", "text": "工件形状不一，夹爪容易碰伤，需要柔性抓取和在线检测。",
        "industries": ["equipment"], "modes": ["ordinary_license", "development"], "region": "滨江区",
        "source": "“千校万企”协同创新伙伴行动",
    }),
    (2, 30, {
        "title": "基层用的快速检测芯片", "text": "半小时内出结果，不用进实验室，操作简单。", "industries": ["biology"],
        "modes": ["exclusive_license"], "budget_fen": 120_000_000, "cooperation": "愿意共同申报项目",
    }),
    (3, 8, {
        "title": "盐碱地水稻品种", "text": "滩涂地试种，要求耐盐、产量稳定，愿意联合推广。", "industries": ["biology"],
        "cooperation": "可提供三百亩试验田",
    }),
    (4, 5, {
        "title": "产线表面缺陷图像识别", "text": "人工目检漏检多，希望用机器视觉在线发现划痕、凹坑。",
        "industries": ["information"], "modes": ["ordinary_license", "development"], "budget_fen": 30_000_000,
    }),
    (5, 1, {"title": "风机叶片检测", "text": "叶片维护要吊机上塔，希望远程知道有没有损伤。", "industries": ["energy"]}),
)  # fmt: skip


def fill_demands(db: Database, officer: Person, today: date, now: datetime) -> int:
    """Register the sample demands, answer some, take a patent for one and open its case; return how many there are."""
    with db.read() as session:
        query = select(Company.id).where(Company.org_id == officer.org_id, ~col(Company.is_foreign))
        companies = list(session.exec(query.order_by(col(Company.id))))
    saved = [
        _saved(db, officer, int(companies[place] or 0), days, said, now) for place, days, said in DEMANDS
    ]
    move_demand(db, officer, saved[3], "answered", "已约农学院团队下周实地查看", now=now)
    _take_best(db, officer, saved[0], today, now)
    return len(saved)


def _saved(
    db: Database, officer: Person, company_id: int, days: int, said: Mapping[str, Any], now: datetime
) -> int:
    moment = now - timedelta(days=days)
    values = {**said, "company_id": company_id, "received_on": moment.date()}
    return save_demand(db, officer, values, today=moment.date(), now=moment)


def _take_best(db: Database, officer: Person, demand_id: int, today: date, now: datetime) -> None:
    """Take the first patent of the list and reject the second; open a case on the first."""
    with db.read() as session:
        demand = get_demand(session, officer.org_id, demand_id)
        found = [
            one for one in matches_of_demand(db, session, officer.org_id, demand, today) if not one.is_blocked
        ]
    for one, decision, why in zip(
        found[:2],
        ("accepted", "rejected"),
        ("与企业现有涂布线一致，企业愿先做小试", "工艺路线与企业设备不符"),
        strict=True,
    ):
        decide(db, officer, demand_id, one.patent_id, decision, why, today=today, now=now)
    open_from_demand(db, officer, demand_id, [found[0].patent_id], today=today, now=now)
