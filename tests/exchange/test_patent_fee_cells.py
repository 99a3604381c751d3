"""What a list says of annual fees is read, stored, and not lost when a later list is silent."""

from pathlib import Path

import pytest

from cases.db import Database
from exchange.patent_fee_cells import FeeCellError, paid_year, reduction
from exchange.patent_import import run_import
from tests.world import NOW, World

HEADER = "申请号,专利名称,申请日,专利权人,年费已缴至,费减比例"
NUMBER = "2019101234569"


def stored(db: Database) -> tuple[object, ...]:
    """The fee data of the imported patent."""
    with db.cursor() as cur:
        return tuple(
            cur.one(
                "SELECT fee_paid_year, fee_reduction FROM patent WHERE application_no LIKE ?", "201910123456%"
            )
        )


def imported(world: World, folder: Path, *lines: str, header: str = HEADER) -> list[str]:
    """Import a list and return the fields of its faults."""
    path = folder / "list.csv"
    path.write_text("\n".join((header, *lines)), encoding="utf-8")
    report = run_import(world.db, path, mapping=None, org_id=world.org_id, now=NOW)
    return [error.field for error in report.errors]


@pytest.mark.parametrize(
    ("cell", "year"), [("8", 8), ("第8年度", 8), ("８年", 8), ("第 12 年", 12), ("7.0", 7), ("20", 20)]
)
def test_paid_year_is_read_as_lists_write_it(cell: str, year: int) -> None:
    assert paid_year(cell) == year


@pytest.mark.parametrize("cell", ["0", "21", "2027-03-05", "-3", "已缴", "8.5", "第八年"])
def test_paid_year_that_is_none_is_refused(cell: str) -> None:
    with pytest.raises(FeeCellError) as refused:
        paid_year(cell)
    assert "第8年度" in refused.value.reason


@pytest.mark.parametrize(
    ("cell", "kept"),
    [("85%", "85"), ("０．８５", "85"), ("70", "70"), ("0.7", "70"), ("不减缴", "none")],
)
def test_reduction_is_read_as_lists_write_it(cell: str, kept: str) -> None:
    assert reduction(cell) == kept


@pytest.mark.parametrize("cell", ["15%", "是", "90%", "八五折"])
def test_reduction_that_may_be_the_share_paid_is_refused(cell: str) -> None:
    with pytest.raises(FeeCellError):
        reduction(cell)


def test_fees_of_a_list_are_stored_and_outlive_a_silent_list(any_world: World, tmp_path: Path) -> None:
    row = "201910123456,一种电极,2019-02-15,沧澜理工大学"
    assert imported(any_world, tmp_path, f"{row},第6年度,85%") == []
    assert stored(any_world.db) == (6, "85")
    assert imported(any_world, tmp_path, f"{row},,") == []
    assert stored(any_world.db) == (6, "85")
    assert imported(any_world, tmp_path, f"{row},7,不减缴") == []
    assert stored(any_world.db) == (7, "none")


def test_wrong_fees_are_named_with_their_field(world: World, tmp_path: Path) -> None:
    row = "201910123456,一种电极,2019-02-15,沧澜理工大学"
    assert imported(world, tmp_path, f"{row},2027-03-05,15%") == ["已缴年度", "费用减缴"]
