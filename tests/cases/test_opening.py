"""Opening a case: on one's own patents, with one's own company, under the next number."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest

from cases.errors import Forbidden, Invalid, NotFound
from cases.opening import MAX_PATENTS, open_case
from cases.trail import entries
from states.catalog import MODES
from tests.cases.dump import dump, fail_on_insert
from tests.modes.acting import case_row
from tests.world import NOW, TODAY, World, settle


def _open(world: World, role: str = "officer", **changes: Any) -> int:
    values = {
        "mode": "exclusive_license", "title": "锂电池隔膜独占许可", "patent_ids": world.patent_ids[:1],
        "company_id": world.company_id, "today": TODAY, "now": NOW, **changes,
    }  # fmt: skip
    return open_case(world.db, world.person(role), **values)


def test_case_starts_at_the_beginning(any_world: World) -> None:
    case = case_row(
        any_world,
        _open(any_world, title="　锂电池隔膜 独占许可", patent_ids=(*any_world.patent_ids[:2],) * 2),
    )
    assert (case.number, case.title, case.stage, case.version) == (
        "ZH2026-00001",
        "锂电池隔膜 独占许可",
        "preparation",
        1,
    )
    assert case.state.split() == [
        "approval_open",
        "contract_waiting",
        "price_open",
        "publicity_open",
        "title_pending",
    ]
    assert (case.opened_on, case.closed_on, case.officer_id) == (TODAY, None, any_world.person("officer").id)
    with any_world.db.read() as session:
        (entry,) = entries(session, any_world.org_id, f"case:{case.id}")
    assert (entry.verb, entry.body["patents"], entry.body["number"]) == (
        "open_case", list(any_world.patent_ids[:2]), "ZH2026-00001",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        (
            {"mode": "barter"},
            {"mode": "不支持的转化方式“barter”，可选：" + "、".join(mode.zh for mode in MODES.values())},
        ),
        ({"title": "短"}, {"title": "案件名称须为2至200个字"}),
        ({"title": "长" * 201}, {"title": "案件名称须为2至200个字"}),
        ({"patent_ids": ()}, {"patent_ids": "请至少选择一件专利"}),
        ({"patent_ids": range(1, MAX_PATENTS + 2)}, {"patent_ids": "一个案件最多包含500件专利，请分案办理"}),
    ],
)
def test_wrong_opening_is_named_field_by_field(
    world: World, changes: dict[str, Any], fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as invalid:
        _open(world, **changes)
    assert invalid.value.fields == fields


@pytest.mark.parametrize("role", ["approver", "finance", "readonly"])
def test_only_officers_open_cases(world: World, role: str) -> None:
    with pytest.raises(Forbidden):
        _open(world, role)


def test_patents_and_companies_of_others_do_not_exist(any_world: World) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    before = dump(any_world.db)
    for changes in (
        {"company_id": other.company_id},
        {"company_id": 999},
        {"patent_ids": (any_world.patent_ids[0], other.patent_ids[0])},
        {"patent_ids": (999,)},
    ):
        with pytest.raises(NotFound):
            _open(any_world, **changes)
    assert dump(any_world.db) == before


def test_numbers_run_by_year_and_organization(world: World) -> None:
    other = settle(world.db, "另一所大学", "other-")
    opened = [
        _open(world), _open(world), _open(other), _open(world, today=date(2027, 1, 4)), _open(world, today=date(2026, 12, 31)),
    ]  # fmt: skip
    assert [case_row(world, case_id).number for case_id in opened] == [
        "ZH2026-00001", "ZH2026-00002", "ZH2026-00001", "ZH2027-00001", "ZH2026-00003",
    ]  # fmt: skip


def test_numbers_have_no_gaps_when_many_open_at_once(any_world: World) -> None:
    start = Barrier(6)

    def work(number: int) -> list[int]:
        start.wait()
        return [_open(any_world, title=f"案件{number}-{one}") for one in range(3)]

    with ThreadPoolExecutor(6) as pool:
        opened = [case_id for mine in pool.map(work, range(6)) for case_id in mine]
    numbers = sorted(case_row(any_world, case_id).number for case_id in opened)
    assert numbers == [f"ZH2026-{number:05d}" for number in range(1, 19)]


def test_failed_opening_leaves_no_gap(any_world: World) -> None:
    _open(any_world)
    before = dump(any_world.db)
    fail_on_insert(any_world.db, "trail")
    with pytest.raises(Exception, match="boom"):
        _open(any_world)
    assert dump(any_world.db) == before
