"""The nightly check: one item per difference, whatever reruns, and nothing else is touched."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlmodel import select

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.rechecking import RecheckReport, recheck
from cases.reviews import ReviewView, close_review, get_review, list_reviews, open_reviews
from cases.tables import Deadline
from cases.trail import entries, verify
from tests.cases.dump import dump, execute
from tests.modes.story import walk, walk_to
from tests.world import NOW, TODAY, World, settle

FILING = "UPDATE deadline SET due = '2026-07-02' WHERE key = 'license_filing'"


def _check(world: World, *, dry_run: bool = False) -> RecheckReport:
    return recheck(world.db, NOW, TODAY, dry_run=dry_run)


def _items(world: World, status: str = "open") -> tuple[ReviewView, ...]:
    with world.db.read() as session:
        return list_reviews(session, world.org_id, status=status).rows


def _posted(world: World, cases: int) -> None:
    """So many cases, each with one publicity under way whose end is then changed."""
    for number in range(cases):
        walk_to(world, world.case(title=f"案件{number}"), "post_publicity")
    execute(world.db, "UPDATE deadline SET due = '2026-03-19'")


def test_sound_record_has_nothing_to_review(any_world: World) -> None:
    list(walk(any_world, any_world.case()))
    with any_world.db.read() as session:
        stored = len(session.exec(select(Deadline)).all())
    report = _check(any_world)
    assert report.as_json() == {
        "on": "2026-03-02", "deadlines": stored, "patents": 5, "distributions": 1, "unchecked": 0, "differ": 0, "opened": 0,
    }  # fmt: skip
    assert stored == 18


def test_one_wrong_date_is_one_item_that_names_both(any_world: World) -> None:
    case_id = any_world.case()
    walk_to(any_world, case_id, "take_effect")
    execute(any_world.db, FILING)
    before = dump(any_world.db, "review_item")
    assert (_check(any_world).differ, _check(any_world).opened) == (1, 0)
    (item,) = _items(any_world)
    assert (item.kind, item.case_id, item.status, item.found["title"]) == (
        "deadline", case_id, "open", "许可合同备案",
    )  # fmt: skip
    assert item.found["differs"] == [
        {"name": "due", "zh": "到期日", "en": "due date", "first": "2026-07-02", "second": "2026-07-01"}
    ]
    assert item.found["sentence"] == "到期日：原为2026-07-02，复核得出2026-07-01。"
    assert any("2026年7月1日" in line for line in item.found["first"]["zh"])
    assert item.found["second"]["zh"][-1] == "2026-07-01（星期三）是工作日，不顺延。"
    assert dump(any_world.db, "review_item") == before


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE deadline SET due = '2026-03-19' WHERE key = 'publicity' AND status = 'dropped'",
        "UPDATE deadline SET due = '2026-03-21', nominal = '2026-03-21' WHERE key = 'publicity' AND status = 'met'",
        "UPDATE deadline SET nominal = '2026-04-15' WHERE key = 'stamp_duty'",
        "UPDATE deadline SET due = '2026-05-18', nominal = '2026-05-18' WHERE key = 'payment:1'",
        "UPDATE deadline SET base_date = '2026-04-02' WHERE key = 'license_filing'",
        "UPDATE deadline SET due = '2026-06-30', nominal = '2026-06-30' WHERE key = 'license_filing'",
    ],
)  # fmt: skip
def test_any_stored_date_that_was_changed_is_found(world: World, change: str) -> None:
    """Also of deadlines that are closed, and of those that the terms or a publicity give."""
    walk_to(world, world.case(), "take_effect")
    assert _check(world).differ == 0
    execute(world.db, change)
    assert (_check(world).differ, len(_items(world))) == (1, 1)


def test_internal_date_that_was_changed_is_found(world: World) -> None:
    walk_to(world, world.case(), "take_effect")
    with world.db.cursor() as cur:
        ((told,),) = cur.all("SELECT explanation FROM deadline WHERE key = 'license_filing'")
        assert '"internal":"2026-06-16"' in told
        moved = told.replace('"internal":"2026-06-16"', '"internal":"2026-06-17"')
        cur.run("UPDATE deadline SET explanation = ? WHERE key = 'license_filing'", moved)
    assert _check(world).differ == 1
    (item,) = _items(world)
    assert [(one["name"], one["first"], one["second"]) for one in item.found["differs"]] == [
        ("internal", "2026-06-17", "2026-06-16")
    ]


def test_dry_run_writes_nothing(world: World) -> None:
    walk_to(world, world.case(), "take_effect")
    execute(world.db, FILING)
    before = dump(world.db)
    report = _check(world, dry_run=True)
    assert (report.differ, report.opened, dump(world.db)) == (1, 0, before)


def test_two_checks_at_once_open_one_item(any_world: World) -> None:
    walk_to(any_world, any_world.case(), "take_effect")
    execute(any_world.db, FILING)
    start = Barrier(3)

    def check(_: int) -> int:
        start.wait()
        return _check(any_world).opened

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(check, range(3))) == [0, 0, 1]
    assert len(_items(any_world)) == 1


def test_pages_of_a_long_record_are_all_read(world: World) -> None:
    _posted(world, 3)
    assert recheck(world.db, NOW, TODAY, page=2).opened == 3


def test_closed_item_stays_closed_until_something_else_differs(any_world: World) -> None:
    walk_to(any_world, any_world.case(), "take_effect")
    execute(any_world.db, FILING)
    _check(any_world)
    (item,) = _items(any_world)
    officer = any_world.person("officer")
    closed = close_review(any_world.db, officer, item.id, "  核对过：由人工改动，已知会案件承办人 ", now=NOW)
    assert (closed.status, closed.note, closed.closed_by, closed.closed_at) == (
        "closed", "核对过：由人工改动，已知会案件承办人", "林知远", NOW,
    )  # fmt: skip
    assert (_check(any_world).opened, _items(any_world)) == (0, ())
    execute(any_world.db, "UPDATE deadline SET due = '2026-07-03' WHERE key = 'license_filing'")
    assert (_check(any_world).opened, len(_items(any_world)), len(_items(any_world, "closed"))) == (1, 1, 1)
    with any_world.db.read() as session:
        last = entries(session, any_world.org_id, f"org:{any_world.org_id}", newest_first=True)[0]
        assert (last.verb, last.body["review_id"], last.body["note"]) == (
            "review_closed",
            item.id,
            closed.note,
        )
        assert verify(session).breaks == ()


def test_closing_asks_for_a_note_a_role_and_an_open_item(any_world: World) -> None:
    walk_to(any_world, any_world.case(), "take_effect")
    execute(any_world.db, FILING)
    _check(any_world)
    (item,) = _items(any_world)
    officer = any_world.person("officer")
    for role in ("approver", "finance", "readonly"):
        with pytest.raises(Forbidden):
            close_review(any_world.db, any_world.person(role), item.id, "核对过")
    for note in ("", "  ", "好", "长" * 1001):
        with pytest.raises(Invalid) as refused:
            close_review(any_world.db, officer, item.id, note)
        assert set(refused.value.fields) == {"note"}
    close_review(any_world.db, any_world.person("administrator"), item.id, "核对过")
    with pytest.raises(Conflict, match="管理员"):
        close_review(any_world.db, officer, item.id, "再次核对")
    with pytest.raises(NotFound):
        close_review(any_world.db, officer, 999, "核对过")


def test_items_are_the_own_organizations(any_world: World) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    walk_to(any_world, any_world.case(), "take_effect")
    execute(any_world.db, FILING)
    _check(any_world)
    (item,) = _items(any_world)
    with any_world.db.read() as session:
        assert (open_reviews(session, any_world.org_id), open_reviews(session, other.org_id)) == (1, 0)
        assert list_reviews(session, other.org_id, status="all").total == 0
        with pytest.raises(NotFound):
            get_review(session, other.org_id, item.id)
    with pytest.raises(NotFound):
        close_review(any_world.db, other.person("officer"), item.id, "核对过")


def test_list_is_paged_newest_first(world: World) -> None:
    _posted(world, 3)
    _check(world)
    with world.db.read() as session:
        first = list_reviews(session, world.org_id, page=1, size=2)
        second = list_reviews(session, world.org_id, page=2, size=2)
    assert (first.total, [row.id for row in first.rows], [row.id for row in second.rows]) == (3, [3, 2], [1])


def test_patent_terms_are_recomputed(world: World) -> None:
    """Both sides are computed on the spot; a patent of every kind agrees, also around the law of 2021."""
    days = [date(2021, 5, 31), date(2021, 6, 1), date(2016, 2, 29), date(1985, 4, 1)]
    with world.db.cursor() as cur:
        for number, (kind, filed) in enumerate(
            (k, d) for k in ("invention", "utility", "design") for d in days
        ):
            cur.run(
                "INSERT INTO patent (org_id, application_no, kind, title, owners, inventors, filing_date, publication_no, "
                "ipc, address, college, status, flags, fee_reduction, fee_payer, content_hash, created_at, updated_at) "
                "VALUES (?, ?, ?, '', '[]', '[]', ?, '', '', '', '', 'unknown', '[]', '', '', ?, ?, ?)",
                world.org_id, f"9{number:012d}", kind, cur.day(filed), f"r{number}", cur.moment(NOW), cur.moment(NOW),
            )  # fmt: skip
    report = _check(world)
    assert (report.patents, report.differ) == (17, 0)


def test_deadline_of_an_unknown_rule_is_still_counted(world: World) -> None:
    """The length stands in the row; without the rule both ways of ending on a rest day pass."""
    walk_to(world, world.case(), "take_effect")
    execute(world.db, "UPDATE deadline SET rule_id = 'T-0X' WHERE key = 'license_filing'")
    assert _check(world).differ == 0
    execute(world.db, FILING)
    assert _check(world).differ == 1
