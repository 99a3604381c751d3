"""Sample profiles: a part of the fictional patents is rated, graded and entered into the pools, by the real actions."""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from cases.db import Database
from cases.industries import proposed
from cases.patent_index import index_missing
from cases.pool_views import profiles_of
from cases.profiles import change_profiles, enter_pool
from cases.scope import Person
from cases.tables import Patent

SCENARIOS = (
    "动力电池与储能",
    "智能制造产线",
    "绿色建筑与节能改造",
    "医疗器械与康复",
    "现代农业装备",
    "环境监测与治理",
)
GRADES, MATURITIES = "ABBCD", ("lab", "prototype", "pilot", "product")
PROSPECTS, USES = ("high", "high", "medium", "low"), ("none", "none", "own", "licensed")
WAYS = (("license", "transfer"), ("license", "open_license"), ("equity", "license"), ("transfer",))
ALIVE = ("in_force", "in_grace")
BETTER = ("A", "B")


def fill_pool(db: Database, officer: Person, today: date, now: datetime) -> None:
    """Rate three patents in four of those without a profile, and enter the better ones into the pools."""
    with db.read() as session:
        query = select(Patent).where(Patent.org_id == officer.org_id).order_by(col(Patent.id))
        patents = [(int(row.id or 0), row.ipc, row.status) for row in session.exec(query)]
        known = profiles_of(session, officer.org_id, [id_ for id_, _, _ in patents])
    rated = {id_: _rating(id_, ipc, today) for id_, ipc, _ in patents if id_ % 4 and id_ not in known}
    actor = officer.author
    with db.cursor() as cur:
        index_missing(cur)
        change_profiles(
            cur, officer.org_id, rated, source="officer", why="2026年度盘点", actor=actor, now=now
        )
        for id_, _, status in patents:
            if id_ not in rated or status not in ALIVE or rated[id_]["grade"] not in BETTER:
                continue
            for pool, recommended in _pools(id_):
                enter_pool(
                    cur, officer.org_id, id_, pool, on=today - timedelta(days=20), reason="盘点评定为可转化",
                    source="officer", actor=actor, now=now, recommended=recommended,
                )  # fmt: skip


def _rating(number: int, ipc: str, today: date) -> dict[str, object]:
    industry = proposed(ipc)
    return {
        "grade": GRADES[number % 5], "maturity": MATURITIES[number % 4 if number % 3 else 2],
        "prospect": PROSPECTS[number % 7 % 4], "scenario": SCENARIOS[number % 6],
        "willingness": list(WAYS[number % 11 % 4]), "implementation": USES[number % 9 % 4],
        "industry": [industry] if industry else [], "self_score": 60 + number * 7 % 40,
        "review_on": today + timedelta(days=number * 13 % 380 - 15),
    }  # fmt: skip


def _pools(number: int) -> tuple[tuple[str, bool], ...]:
    """Return the pools that a patent enters, each with whether it is only recommended there."""
    own = (("institution", False),)
    outer = (("city", number % 3 == 1), ("national", True)) if number % 2 else ()
    return own + outer
