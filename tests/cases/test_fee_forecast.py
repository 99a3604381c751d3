"""The fee forecast over the record: scoped, derived where the record is silent, and fast enough."""

import json
from datetime import date
from time import perf_counter

import pytest

from cases.errors import Invalid, NotFound
from cases.fee_forecast import forecast_of, portfolio, reduction_of
from cases.patent_fees import set_fee_data
from cases.tables import Organization, Patent
from rules.fee_forecast import Forecast
from rules.text import fold
from tests.world import INSTITUTION, NOW, World, settle

TODAY = date(2026, 11, 23)
FIRST, LAST = date(2026, 11, 1), date(2028, 10, 31)


def _forecast(world: World, **known: object) -> Forecast:
    with world.db.read() as session:
        return forecast_of(session, world.org_id, FIRST, LAST, today=TODAY, **known)  # type: ignore[arg-type]


def _change(world: World, index: int, **values: object) -> None:
    with world.db.write() as session:
        row = session.get(Patent, world.patent_ids[index])
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)


def test_patents_of_the_institution(any_world: World) -> None:
    """Five inventions filed 2020-05-06, granted in 2022: years 8 and 9 fall due, 85 % off for the sole owner."""
    found = _forecast(any_world)
    assert [(row.number, row.year, row.due, row.fee_fen) for row in found.rows[:2]] == [
        ("2020101000019", 8, date(2027, 5, 6), 30_000), ("2020101000023", 8, date(2027, 5, 6), 30_000),
    ]  # fmt: skip
    assert (len(found.rows), found.total_fen, found.left_out) == (10, 300_000, ())
    assert {row.notes for row in found.rows} == {("sole_owner", "paid_year_assumed")}


def test_other_organizations_are_not_seen(any_world: World) -> None:
    other = settle(any_world.db, "云麓医院", "b-")
    mine = {row.patent_id for row in _forecast(any_world).rows}
    theirs = {row.patent_id for row in _forecast(other).rows}
    assert (mine, theirs) == (set(any_world.patent_ids), set(other.patent_ids))
    assert _forecast(any_world, patent_id=other.patent_ids[0]).patents == 0


def test_one_patent_alone(world: World) -> None:
    found = _forecast(world, patent_id=world.patent_ids[2])
    assert [(row.patent_id, row.year) for row in found.rows] == [
        (world.patent_ids[2], 8),
        (world.patent_ids[2], 9),
    ]


@pytest.mark.parametrize(
    ("recorded", "owners", "reduction", "notes"),
    [
        ("", [INSTITUTION], "85", ("sole_owner",)),
        ("", [f" {INSTITUTION}　"], "85", ("sole_owner",)),
        ("", [INSTITUTION, "启衡新材料股份有限公司"], "none", ("joint_owners",)),
        ("", ["启衡新材料股份有限公司"], "none", ("other_owner",)),
        ("", [], "none", ("other_owner",)),
        ("70", [INSTITUTION, "启衡新材料股份有限公司"], "70", ()),
        ("none", [INSTITUTION], "none", ()),
    ],
)
def test_reduction_is_derived_from_the_owners(
    recorded: str, owners: list[str], reduction: str, notes: tuple[str, ...]
) -> None:
    found = reduction_of(recorded, json.dumps(owners, ensure_ascii=False), fold(INSTITUTION))
    assert found == (reduction, notes)


def test_what_is_recorded_counts(world: World) -> None:
    for index, values in enumerate(
        ({"fee_paid_year": "8"}, {"fee_reduction": "none"}, {"fee_payer": "project"})
    ):
        set_fee_data(world.db, world.person("officer"), world.patent_ids[index], values, NOW)
    rows = {world.patent_ids.index(row.patent_id): row for row in reversed(_forecast(world).rows)}
    assert (rows[0].year, rows[0].notes) == (9, ("sole_owner",))
    assert (rows[1].reduction, rows[1].fee_fen) == ("none", 200_000)
    assert (rows[2].payer, rows[2].payer_zh) == ("project", "课题组")


def test_what_cannot_be_told_is_left_out_with_the_reason(world: World) -> None:
    changes: tuple[dict[str, object], ...] = (
        {"filing_date": None},
        {"status": "lapsed"},
        {"status": "unknown"},
        {"status": "pending"},
    )
    for index, values in enumerate(changes):
        _change(world, index, **values)
    found = _forecast(world)
    assert [out.reason for out in found.left_out] == ["no_filing_date", "ended", "unknown_status", "pending"]
    assert {row.patent_id for row in found.rows} == {world.patent_ids[4]}


def test_open_license_is_noted_and_not_counted(world: World) -> None:
    _change(world, 0, flags='["open_license"]', fee_reduction="none")
    (row, _) = _forecast(world, patent_id=world.patent_ids[0]).rows
    assert (row.fee_fen, row.notes) == (200_000, ("open_license", "paid_year_assumed"))


@pytest.mark.parametrize("last", [date(2026, 10, 31), date(2036, 11, 30)])
def test_span_that_makes_no_sense_is_refused(world: World, last: date) -> None:
    with world.db.read() as session, pytest.raises(Invalid) as invalid:
        forecast_of(session, world.org_id, FIRST, last, today=TODAY)
    assert list(invalid.value.fields) == ["months"]


def test_unknown_organization_and_unusable_packs_are_told(world: World) -> None:
    with world.db.read() as session, pytest.raises(NotFound):
        forecast_of(session, 999, FIRST, LAST, today=TODAY)
    with world.db.write() as session:
        row = session.get_one(Organization, world.org_id)
        row.rule_layers = "national,nowhere"
        session.add(row)
    with pytest.raises(Invalid, match="nowhere"):
        _forecast(world)


def test_five_thousand_patents_are_forecast_at_once(world: World) -> None:
    with world.db.write() as session:
        session.add_all(_many(world.org_id, 5_000))
    started = perf_counter()
    found = _forecast(world)
    took = perf_counter() - started
    assert (found.patents, len(found.rows)) == (5_005, 10_010)
    assert took < 6  # about half a second on an idle core


def _many(org_id: int, count: int) -> list[Patent]:
    return [
        Patent(
            org_id=org_id, application_no=f"20211{n:07d}0", kind="invention", title=f"专利{n}",
            owners=json.dumps([INSTITUTION]), filing_date=date(2021, 1 + n % 12, 24 + n % 5),
            grant_date=date(2023, 6, 1), status="in_force", content_hash=str(n), created_at=NOW, updated_at=NOW,
        )
        for n in range(count)
    ]  # fmt: skip


def test_portfolio_reads_in_order_of_numbers(world: World) -> None:
    with world.db.read() as session:
        numbers = [patent.number for patent in portfolio(session, world.org_id, INSTITUTION)]
    assert numbers == sorted(numbers)
