"""A sample stocktake, half done: contacts, ratings, a panel, decisions, a sample and links. All fictional."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlmodel import col, select

from cases.db import Database
from cases.errors import Refused
from cases.inventors import Contact, save_contacts
from cases.rating_links import make_links
from cases.scope import Person
from cases.stocktake_answers import read_answers
from cases.stocktake_progress import Wish, items_of
from cases.stocktake_samples import draw_sample, samples_of
from cases.stocktake_samples import rate_again as rate_sample_again
from cases.stocktake_steps import take_step
from cases.stocktakes import checked_stocktake, fill_stocktake, open_stocktake
from cases.tables import Patent
from states.stocktaking import Asked

SCENARIOS = (
    "动力电池；储能电站",
    "工业机器人；数控机床",
    "污水处理",
    "医学影像；远程诊疗",
    "智慧农业；冷链物流",
    "新型显示",
)
MATURITIES = ("lab", "prototype", "pilot", "product", "concept")
PROSPECTS = ("high", "medium", "high", "low")
WILLING = (("license", "transfer"), ("license", "open_license"), ("transfer", "equity"), ("license",))
# How far the first items of the campaign have come, and how many of each.
STAGES = (("rated", 14), ("passed", 8), ("reviewed", 6), ("pooled", 16), ("disposed", 5), ("returned", 3))
WAY = ("pass_college", "accept")
SIZE = 10


def fill_stocktakes(db: Database, people: Mapping[str, Person], today: date, now: datetime) -> int:
    """Write the sample stocktake and return how many patents it has.

    Effects: opens a campaign and walks its items by the actions that people take.
    """
    officer = people["officer"]
    start = now - timedelta(days=30)
    with db.read() as session:
        rows = session.exec(
            select(Patent.inventors, Patent.college)
            .where(Patent.org_id == officer.org_id)
            .order_by(col(Patent.id))
        ).all()
    save_contacts(db, officer, _contacts(rows), start)
    wanted = checked_stocktake(
        {"title": f"{today.year}年存量专利盘点", "due_on": today + timedelta(days=21), "rolling": "yes", "scores_wanted": "0",
         "key_ipc": "H01M,G06F"}, today,
    )  # fmt: skip
    id_ = open_stocktake(db, officer, wanted, start)
    fill_stocktake(db, officer.org_id, id_, start)
    make_links(db, officer, id_, start, mail=False)
    with db.read() as session:
        lines, total = items_of(session, officer.org_id, id_, Wish(), size=sum(count for _, count in STAGES))
    items = iter(line.id for line in lines)
    number = 0
    for stage, count in STAGES:
        for _, item in zip(range(count), items, strict=False):
            _walk(db, people, item, stage, number, start + timedelta(hours=number), today)
            number += 1
    _sample(db, people, id_, now)
    return total


def _contacts(rows: Iterable[tuple[str, str]]) -> list[Contact]:
    """Return a contact for each first inventor, but for one in nine."""
    found: dict[tuple[str, str], Contact] = {}
    for inventors, college in rows:
        name = orjson.loads(inventors)[0]
        found.setdefault(
            (name, college), Contact(name, college, "", f"inventor{len(found) + 1}@example.invalid")
        )
    return [contact for number, contact in enumerate(found.values()) if number % 9]


def _walk(
    db: Database, people: Mapping[str, Person], item: int, stage: str, number: int, at: datetime, today: date
) -> None:
    """Take an item to a stage."""
    officer, approver = people["officer"], people["approver"]
    rating = read_answers({
        "maturity": MATURITIES[number % 5], "prospect": PROSPECTS[number % 4], "scenario": SCENARIOS[number % 6],
        "willingness": WILLING[number % 4], "implementation": "none", "value": str(number % 4 + 2), "funded": "no",
    })  # fmt: skip

    def step(name: str, by: Person, **more: Any) -> None:
        asked = Asked(name, by.role, why=str(more.pop("why", "")), choice=str(more.pop("choice", "")),
                      review_on=today + timedelta(days=180))  # fmt: skip
        take_step(db, by, item, asked, now=at, **more)

    step("rate", officer, rating=rating)
    if number % 3 == 0:
        step("score", officer, score=55 + number % 40)
        step("score", approver, score=60 + number % 30)
    if stage == "returned":
        step("send_back", approver, why="应用场景写得太笼统，请补充到具体产品")
    for name in WAY[: {"rated": 0, "returned": 0, "passed": 1}.get(stage, 2)]:
        step(name, approver if name == "pass_college" else officer)
    if stage == "pooled":
        with suppress(Refused):  # some of the samples belong to others or have lapsed
            step("enter_pool", officer, why="盘点会议决定")
    if stage == "disposed":
        step(
            "dispose",
            officer,
            choice=("keep", "improve", "bundle")[number % 3],
            why="盘点会议决定，一年内复核",
        )


def _sample(db: Database, people: Mapping[str, Person], stocktake_id: int, now: datetime) -> None:
    """Draw a sample and rate most of it again."""
    officer, approver = people["officer"], people["approver"]
    draw_sample(db, officer, stocktake_id, SIZE, 20260302, now)
    with db.read() as session:
        sample = samples_of(session, officer.org_id, stocktake_id)[0]
    for number, item in enumerate(sample.items[:-2]):
        changed = {**item.first, "prospect": "medium"} if number % 4 == 0 else dict(item.first)
        rate_sample_again(db, approver, item.id, changed, now)
