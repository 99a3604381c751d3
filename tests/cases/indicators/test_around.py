"""Figures about what happens around the deal: products, events, contacts, pushes, demands, assessments."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlmodel import SQLModel

from cases.demand_tables import Demand
from cases.enterprise_tables import PatentPush
from cases.event_tables import PromotionEvent, PromotionLead
from cases.indicators.counting import behind
from cases.indicators.dashboard import dashboard
from cases.indicators.opened import opened
from cases.use_tables import Assessment, Product, ProductPatent
from tests.cases.indicators.test_counting import LATER, of
from tests.world import NOW, NUMBERS, World

ON = date(2026, 5, 6)


def events(world: World) -> list[SQLModel]:
    own: dict[str, Any] = {"org_id": world.org_id, "kind": "roadshow", "created_at": NOW, "updated_at": NOW}
    return [
        PromotionEvent(name=name, district=district, held_on=ON, status=status, **own)
        for name, district, status in (
            ("一", "鼓楼区", "held"),
            ("二", "鼓楼区", "held"),
            ("三", "台江区", "planned"),
        )
    ]


def leads(world: World) -> list[SQLModel]:
    own: dict[str, Any] = {
        "org_id": world.org_id,
        "company_name": "某公司",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return [PromotionLead(status=status, **own) for status in ("contact", "signed", "contact")]


def pushes(world: World) -> list[SQLModel]:
    own: dict[str, Any] = {
        "org_id": world.org_id, "company_id": world.company_id, "user_id": world.person("officer").id, "purpose": "推广",
        "pushed_at": NOW,
    }  # fmt: skip
    return [
        PatentPush(patent_id=world.patent_ids[0], evaluated_at=NOW, **own),
        PatentPush(patent_id=world.patent_ids[1], **own),
    ]


def demands(world: World) -> list[SQLModel]:
    own: dict[str, Any] = {
        "org_id": world.org_id, "company_id": world.company_id, "title": "需求", "received_on": ON, "due_on": ON,
        "owner_id": world.person("officer").id, "content_hash": "", "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return [
        Demand(number=f"X{place}", status=status, **own)
        for place, status in enumerate(("new", "answered", "closed"))
    ]


def products(world: World) -> list[SQLModel]:
    own: dict[str, Any] = {"org_id": world.org_id, "since": ON, "created_at": NOW, "updated_at": NOW}
    return [
        Product(id=1, name="隔膜", filed_on=ON, **own), Product(id=2, name="电芯", filed_on=ON, withdrawn_on=ON, **own),
        Product(id=3, name="电池", **own),
        *(ProductPatent(product_id=id_, patent_id=world.patent_ids[id_], org_id=world.org_id) for id_ in (1, 2, 3)),
    ]  # fmt: skip


def assessments(world: World) -> list[SQLModel]:
    own: dict[str, Any] = {"org_id": world.org_id, "title": "一种方法", "created_at": NOW, "updated_at": NOW}
    return [
        Assessment(application_no=NUMBERS[0], decision="pass", **own),
        Assessment(application_no=NUMBERS[1], **own),
    ]


@pytest.mark.parametrize(
    ("rows", "indicator", "year", "expected"),
    [
        (events, "events", 2026, (2, 2, None)), (leads, "signing_rate", 2026, (3333, 1, 3)),
        (pushes, "push_response", 2026, (5000, 1, 2)), (pushes, "matched", 2026, (4000, 2, 5)),
        (demands, "demand_response", 2026, (6667, 2, 3)), (products, "products_filed", 2026, (2, 2, None)),
        (products, "product_coverage", 2026, (2000, 1, 5)), (assessments, "pre_filing", 2020, (2000, 1, 5)),
        (assessments, "pre_filing", 2026, (None, 0, 0)),
    ],
)  # fmt: skip
def test_what_happens_around_the_deal_is_counted(
    any_world: World,
    rows: Callable[[World], list[SQLModel]],
    indicator: str,
    year: int,
    expected: tuple[int | None, int, int | None],
) -> None:
    with any_world.db.write() as session:
        for row in rows(any_world):
            session.add(row)
            session.flush()
    scope = of(any_world, year)
    one = dashboard(any_world.db, scope, LATER).figure(indicator)
    assert (one.value, one.part, one.over) == expected
    with any_world.db.looking() as cur:
        for which, told in (("part", one.part), ("over", one.over)):
            if told is not None:
                assert behind(cur, scope, opened(indicator, which, {}).part).total == told


def test_events_are_told_by_district(world: World) -> None:
    with world.db.write() as session:
        session.add_all(events(world))
    found = dashboard(world.db, of(world), LATER).districts
    assert [(one.word, one.count) for one in found] == [("鼓楼区", 2)]
