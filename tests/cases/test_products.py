"""Patent products: registered by hand or taken from cases, filed, updated every year, checked, and counted."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.night_use import bring_up_institution
from cases.outcomes import outcomes_of, state_outcome
from cases.product_queries import covered_patents, newly_filed, product_counts, product_of, products
from cases.products import file_product, prompt_producer, register_product, withdraw_product
from cases.tables import Patent
from cases.trail import verify
from tests.cases.dump import dump
from tests.cases.test_use import at, closed_dates, open_dates
from tests.modes.acting import open_deadlines
from tests.modes.story import walk
from tests.world import NUMBERS, TODAY, World, settle

JULY = datetime(2026, 7, 1, 2, tzinfo=UTC)
PRODUCT: dict[str, Any] = {
    "name": "高安全动力电池隔膜", "models": "GM-12", "producer": "启衡新材料股份有限公司", "basis": "license",
    "patents": f"{NUMBERS[0]}、{NUMBERS[1]}", "since": "2026-06-10", "claims_note": "落入权利要求1",
    "evidence": "检验报告2026-18",
}  # fmt: skip
FILING: dict[str, Any] = {
    "filed_on": "2026-07-01",
    "filing_no": "ZLCP2026-001",
    "filed_by": "启衡新材料股份有限公司",
}


def register(world: World, role: str = "officer", **values: Any) -> int:
    return register_product(world.db, world.person(role), {**PRODUCT, **values}, now=JULY)


def file(world: World, made: int, on: date, **values: Any) -> None:
    told = {**FILING, "filed_on": on.isoformat(), **values}
    file_product(world.db, world.person("officer"), made, told, now=at(on))


def gaps(world: World, made: int) -> tuple[str, ...]:
    with world.db.read() as session:
        return product_of(session, world.org_id, made).gaps


def test_a_product_is_to_be_filed_and_then_updated_every_year(any_world: World) -> None:
    made = register(any_world)
    assert open_dates(any_world) == {f"product_filing:{made}": date(2026, 7, 10)}
    assert gaps(any_world, made) == ("not_filed", "not_prompted")
    prompt = {"prompted_on": "2026-07-01", "prompt_note": "函告联系人冯立"}
    prompt_producer(any_world.db, any_world.person("officer"), made, prompt, now=JULY)
    assert gaps(any_world, made) == ("not_filed",)
    file(any_world, made, date(2026, 7, 1))
    assert gaps(any_world, made) == ()
    assert open_dates(any_world) == {f"product_update:{made}": date(2027, 3, 31)}
    assert closed_dates(any_world) == [(f"product_filing:{made}", "met")]
    with any_world.db.read() as session:
        assert product_counts(session, any_world.org_id, date(2027, 1, 2))["update"] == 1
        assert verify(session).breaks == ()
    # An update within the window is that of the window: the next one is a year later.
    file(any_world, made, date(2027, 2, 10), year="2026", sales_fen="1200万", profit_fen="90万")
    assert open_dates(any_world) == {f"product_update:{made}": date(2028, 3, 31)}
    with any_world.db.read() as session:
        found = product_of(session, any_world.org_id, made)
    assert [(year.year, year.sales_fen, year.profit_fen) for year in found.years] == [
        (2026, 1_200_000_000, 90_000_000)
    ]
    assert (found.filed_on, found.updated_on, found.due) == (
        date(2026, 7, 1),
        date(2027, 2, 10),
        date(2028, 3, 31),
    )


def test_registering_the_same_product_again_changes_that_one(world: World) -> None:
    made = register(world)
    assert register(world, models="GM-16", patents=NUMBERS[2]) == made
    with world.db.read() as session:
        found = product_of(session, world.org_id, made)
    assert (found.models, [patent.number for patent in found.patents]) == ("GM-16", [NUMBERS[2]])
    assert open_dates(world) == {}  # the date went with the patent
    assert open_dates(world, 2) == {f"product_filing:{made}": date(2026, 7, 10)}


def test_products_of_cases_are_taken_over_and_filed_by_their_case(any_world: World) -> None:
    case_id = any_world.case()
    list(walk(any_world, case_id, until="record_industrialization"))
    bring_up_institution(any_world.db, any_world.org_id, at(date(2026, 9, 1)), date(2026, 9, 1))
    with any_world.db.read() as session:
        (found,) = products(session, any_world.org_id, TODAY).rows
    assert (found.name, found.producer, found.basis) == (
        "锂离子电池隔膜",
        "启衡新材料股份有限公司",
        "license",
    )
    assert (found.case_no, found.filed_on) == ("ZH2026-00001", None)
    assert f"product_filing:{found.id}" in open_dates(any_world)
    file(any_world, found.id, date(2026, 10, 8))
    assert open_deadlines(any_world, case_id)["product_update"] == "2027-03-31"
    assert open_dates(any_world) == {}  # the case keeps the update
    before = dump(any_world.db)
    bring_up_institution(any_world.db, any_world.org_id, at(date(2026, 10, 9)), date(2026, 10, 9))
    assert dump(any_world.db) == before
    file(any_world, found.id, date(2027, 1, 12))
    assert open_deadlines(any_world, case_id)["product_update"] == "2028-03-31"


def test_lapsed_patents_are_told_and_a_withdrawal_ends_the_dates(world: World) -> None:
    made = register(world)
    file(world, made, date(2026, 7, 1))
    for number, expected in ((0, "some_lapsed"), (1, "all_lapsed")):
        with world.db.write() as session:
            session.get_one(Patent, world.patent_ids[number]).status = "lapsed"
        assert gaps(world, made) == (expected,)
    gone = {"withdrawn_on": "2026-07-01", "prompt_note": "专利已终止"}
    withdraw_product(world.db, world.person("officer"), made, gone, now=JULY)
    assert (gaps(world, made), open_dates(world)) == ((), {})
    with pytest.raises(Conflict):
        file(world, made, date(2026, 7, 1))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"patents": "202010100099.9"}, "patents"),
        ({"patents": "废话"}, "patents"),
        ({"since": "2026-07-02"}, "since"),
        ({"name": ""}, "name"),
        ({"basis": "theft"}, "basis"),
    ],
)
def test_wrong_products_change_nothing(world: World, values: dict[str, Any], field: str) -> None:
    before = dump(world.db)
    with pytest.raises(Invalid) as refused:
        register(world, **values)
    assert list(refused.value.fields) == [field]
    assert dump(world.db) == before


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"filing_no": ""}, "filing_no"),
        ({"filed_on": "2026-06-01"}, "filed_on"),  # before it was on the market
        ({"year": "2026"}, "year"),  # of a year that is not over
    ],
)
def test_wrong_filings_change_nothing(world: World, values: dict[str, Any], field: str) -> None:
    made = register(world)
    before = dump(world.db)
    with pytest.raises(Invalid) as refused:
        file(world, made, date(2026, 7, 1), **values)
    assert list(refused.value.fields) == [field]
    assert dump(world.db) == before


def test_figures_count_new_filings_and_covered_patents(any_world: World) -> None:
    made = register(any_world)
    with any_world.db.read() as session:
        assert (newly_filed(session, any_world.org_id, 2026), covered_patents(session, any_world.org_id)) == (
            0,
            (0, 5),
        )
    file(any_world, made, date(2026, 7, 1))
    with any_world.db.read() as session:
        assert (newly_filed(session, any_world.org_id, 2026), covered_patents(session, any_world.org_id)) == (
            1,
            (2, 5),
        )
        assert newly_filed(session, any_world.org_id, 2027) == 0


def test_outcomes_of_a_company_are_kept_by_year(any_world: World) -> None:
    told: dict[str, Any] = {
        "year": "2025", "industrialized": "yes", "financing_fen": "3000万", "output_fen": "1.2亿", "evidence": "企业年报",
        "outcomes": ["little_giant", "scale"],
    }  # fmt: skip
    officer = any_world.person("officer")
    made = state_outcome(any_world.db, officer, any_world.company_id, told, now=JULY)
    before = dump(any_world.db)
    assert state_outcome(any_world.db, officer, any_world.company_id, told, now=JULY) == made
    assert dump(any_world.db) == before
    with any_world.db.read() as session:
        (found,) = outcomes_of(session, any_world.org_id, year=2025)
    assert (found.company, found.financing_fen, found.output_fen) == (
        "启衡新材料股份有限公司",
        3_000_000_000,
        12_000_000_000,
    )
    assert (found.outcomes, found.industrialized) == (("little_giant", "scale"), True)
    with pytest.raises(Invalid):
        state_outcome(any_world.db, officer, any_world.company_id, {**told, "year": "2027"}, now=JULY)


def test_products_are_the_institutions_own(world: World) -> None:
    made = register(world)
    with pytest.raises(Forbidden):
        register(world, "finance")
    other = settle(world.db, "另一所大学", "other-")
    with pytest.raises(NotFound):
        file(other, made, date(2026, 7, 1))
    with world.db.read() as session:
        assert products(session, other.org_id, TODAY).total == 0
