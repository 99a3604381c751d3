"""Annual fees as deadlines of patents: opened ahead, kept while unpaid, closed when paid, and never twice."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from threading import Thread

import pytest
from sqlmodel import col, select

from cases.night_fees import date_annual_fees
from cases.patent_dates import AHEAD, Dated, date_fees
from cases.patent_fees import set_fee_data
from cases.registering import check_import
from cases.reminders import remind
from cases.rulebooks import DEFAULT_LAYERS, book_of
from cases.tables import Deadline, ImportRun, Message, Patent
from cases.trail import entries, verify
from rules.patent_clock import ClockFacts, fee_clocks
from tests.cases.dump import dump
from tests.world import NOW, TODAY, World

DUE = date(2026, 5, 6)  # the seventh year of patents filed on 2020-05-06
GRACE_END = date(2026, 11, 6)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def _date(world: World, on: date = TODAY) -> Dated:
    return date_fees(world.db, world.org_id, _at(on), on)


def _open(world: World, patent: int = 0) -> dict[str, date]:
    return {key: due for key, status, due in _rows(world, patent) if status == "open"}


def _rows(world: World, patent: int = 0) -> list[tuple[str, str, date]]:
    with world.db.read() as session:
        query = select(Deadline).where(Deadline.patent_id == world.patent_ids[patent])
        return [(row.key, row.status, row.due) for row in session.exec(query.order_by(col(Deadline.id)))]


def _change(world: World, patent: int = 0, **values: object) -> None:
    with world.db.write() as session:
        row = session.get_one(Patent, world.patent_ids[patent])
        for name, value in values.items():
            setattr(row, name, value)


def test_fee_is_dated_ahead_once(any_world: World) -> None:
    assert _date(any_world) == Dated(patents=5, opened=5)
    assert _open(any_world) == {"annual_fee:7": DUE}
    before = dump(any_world.db)
    assert _date(any_world) == Dated(patents=5)
    assert dump(any_world.db) == before


def test_fee_far_ahead_is_not_dated_yet(world: World) -> None:
    first = DUE - AHEAD
    assert _date(world, first - timedelta(days=1)).opened == 0
    assert _date(world, first).opened == 5


def test_unpaid_fee_stays_overdue_with_the_end_of_its_grace(world: World) -> None:
    _date(world)
    _date(world, DUE)
    assert _open(world) == {"annual_fee:7": DUE}
    _date(world, DUE + timedelta(days=1))
    assert _open(world) == {"annual_fee:7": DUE, "fee_grace:7": GRACE_END}
    _date(world, date(2027, 3, 1))
    assert _open(world) == {"annual_fee:7": DUE, "fee_grace:7": GRACE_END, "annual_fee:8": date(2027, 5, 6)}


def test_recording_the_payment_meets_both_dates_at_once(any_world: World) -> None:
    late = DUE + timedelta(days=10)
    _date(any_world)
    _date(any_world, late)
    set_fee_data(
        any_world.db,
        any_world.person("officer"),
        any_world.patent_ids[0],
        {"fee_paid_year": 7},
        _at(late),
    )
    assert _rows(any_world) == [("annual_fee:7", "met", DUE), ("fee_grace:7", "met", GRACE_END)]
    assert _open(any_world, 1) == {"annual_fee:7": DUE, "fee_grace:7": GRACE_END}
    assert _date(any_world, late).changed == 0


def test_payment_taken_back_opens_the_date_again_as_a_new_row(world: World) -> None:
    _date(world)
    officer, patent = world.person("officer"), world.patent_ids[0]
    set_fee_data(world.db, officer, patent, {"fee_paid_year": 7}, NOW)
    set_fee_data(world.db, officer, patent, {"fee_paid_year": 6}, NOW)
    assert _rows(world) == [("annual_fee:7", "met", DUE), ("annual_fee:7", "open", DUE)]
    with world.db.read() as session:
        query = select(Deadline.opened_seq, Deadline.closed_seq).where(Deadline.patent_id == patent)
        assert session.exec(query.order_by(col(Deadline.id))).all() == [(1, 2), (3, None)]


def test_right_that_ended_drops_its_dates(world: World) -> None:
    _date(world)
    _change(world, status="lapsed")
    assert _date(world).dropped == 1
    assert _rows(world) == [("annual_fee:7", "dropped", DUE)]


def test_register_seen_in_force_after_the_grace_settles_the_year(world: World) -> None:
    _date(world)
    after = GRACE_END + timedelta(days=20)
    _date(world, after)
    _change(world, register_checked_on=GRACE_END)
    assert _date(world, after).changed == 0
    _change(world, register_checked_on=after)
    assert _date(world, after).met == 2
    assert _open(world) == {}


def test_corrected_filing_date_moves_the_date_and_keeps_the_old_one(world: World) -> None:
    _date(world)
    _change(world, filing_date=date(2020, 5, 20))
    assert _date(world).moved == 1
    assert _rows(world) == [("annual_fee:7", "moved", DUE), ("annual_fee:7", "open", date(2026, 5, 20))]


def test_officer_of_an_open_case_owns_the_date(world: World) -> None:
    _date(world)
    world.case()
    assert _date(world).handed_over == 1
    with world.db.read() as session:
        owners = session.exec(select(Deadline.owner_id).where(col(Deadline.patent_id).is_not(None))).all()
    assert sorted(owners, key=str) == [world.person("officer").id, *[None] * 4]


def test_finance_is_reminded_once_and_the_patents_stand_in_one_line(world: World) -> None:
    with world.db.write() as session:
        for number in range(6):
            session.add(
                Patent(
                    org_id=world.org_id, application_no=f"20201020000{number}1", kind="invention", title="一种涂覆装置",
                    filing_date=date(2020, 5, 6), grant_date=date(2022, 8, 9), status="in_force",
                    content_hash=f"more-{number}", created_at=NOW, updated_at=NOW,
                )
            )  # fmt: skip
    _date(world)
    for on in (TODAY, TODAY + timedelta(days=1)):
        remind(world.db, on, _at(on))
    with world.db.read() as session:
        told = session.exec(select(Message).where(Message.kind == "reminder")).all()
    assert [message.user_id for message in told] == [world.person("finance").id]
    assert "年费缴纳：11件专利" in told[0].lines
    assert told[0].subject == "期限提醒：11项"


def test_import_dates_the_fees_of_its_patents(world: World) -> None:
    with world.db.write() as session:
        run = ImportRun(
            org_id=world.org_id, user_id=world.person("officer").id, filename="清单.csv", sha256="", size=1,
            status="done", created_at=NOW,
        )  # fmt: skip
        session.add(run)
        session.flush()
        import_id = int(run.id or 0)
    _change(world, 2, import_id=import_id)
    check_import(world.db, import_id, NOW)
    assert [_open(world, patent) for patent in (1, 2)] == [{}, {"annual_fee:7": DUE}]


def test_night_tells_of_fees_that_nobody_recorded_as_paid(world: World) -> None:
    assert date_annual_fees(world.db, NOW, TODAY).is_fine
    report = date_annual_fees(world.db, _at(DUE + timedelta(days=1)), DUE + timedelta(days=1))
    assert (report.is_fine, dict(report.counts)["opened"]) == (False, 5)
    assert [line.zh for line in report.lines] == ["5件专利的年费已过应缴日，尚未登记已缴"]


def test_changes_stand_in_the_trail_and_it_holds(world: World) -> None:
    _date(world)
    with world.db.read() as session:
        (entry,) = entries(session, world.org_id, f"org:{world.org_id}")
        assert (entry.verb, entry.body["opened"], entry.body["on"]) == (
            "annual_fees_dated", 5, TODAY.isoformat()
        )  # fmt: skip
        assert verify(session, world.org_id).breaks == ()


def test_two_at_once_open_each_date_once(any_world: World) -> None:
    threads = [Thread(target=_date, args=(any_world,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for patent in range(5):
        assert _rows(any_world, patent) == [("annual_fee:7", "open", DUE)]


@pytest.mark.parametrize("seed", range(4))
def test_open_dates_are_always_those_of_the_clocks(world: World, seed: int) -> None:
    """Years of nights with payments, corrections and ends in between; no date is ever lost or doubled."""
    random = Random(seed)
    book, officer, on = book_of(DEFAULT_LAYERS), world.person("officer"), TODAY
    for _ in range(60):
        on += timedelta(days=random.randrange(1, 60))
        patent = random.randrange(5)
        match random.randrange(5):
            case 0:
                values = {"fee_paid_year": random.choice((None, 7, 8, 9, 12))}
                set_fee_data(world.db, officer, world.patent_ids[patent], values, _at(on))
            case 1:
                status = random.choice(("in_force", "in_grace", "unknown", "lapsed"))
                _change(world, patent, status=status)
            case 2:
                _change(world, patent, filing_date=date(2020, 5, random.choice((6, 20))))
        before = [_open(world, index) for index in range(5)]
        _date(world, on)
        for index in range(5):
            with world.db.read() as session:
                row = session.get_one(Patent, world.patent_ids[index])
            facts = ClockFacts(
                row.kind, row.status, row.filing_date, row.grant_date, fee_paid_year=row.fee_paid_year
            )
            open_ = _open(world, index)
            unpaid = {key for key in before[index] if int(key.partition(":")[2]) > (row.fee_paid_year or 0)}
            assert unpaid <= set(open_) if facts.is_alive else not open_
            late = [int(key.partition(":")[2]) for key in open_ if key.startswith("annual_fee")]
            wanted = [clock.deadline.due for clock in fee_clocks(facts, book, on, on + AHEAD, late)]
            assert sorted(open_.values()) == sorted(wanted)
