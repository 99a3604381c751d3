"""Dates that were computed before the year's holidays were known: recomputed once, with their history."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Protocol
from uuid import uuid4

import orjson
import pytest
from sqlmodel import col, select

from cases.advance import advance
from cases.errors import Stale
from cases.messages import inbox
from cases.rechecking import recheck
from cases.recomputing import RecomputeReport, recompute
from cases.tables import Case, Deadline, Organization
from cases.trail import entries, verify
from desk.story import story, terms_of, walk
from rules.packs import FOLDER
from tests.cases.dump import dump
from tests.world import NOW, World, settle

OPENED = date(2026, 9, 1)  # the story takes effect on 1 October; the filing is due on 1 January 2027
ON = date(2026, 11, 25)
NOTICE = """
[[holidays]]
rule = "T-00"
year = 2027
off = ["2027-01-01..2027-01-04", "2027-02-05..2027-02-11", "2027-04-05", "2027-05-01..2027-05-05",
       "2027-06-09", "2027-09-15", "2027-10-01..2027-10-07"]
makeup = [2027-01-10]
notice = "（测试用）"
valid_from = 2026-11-20
"""
WORKING_DAYS = (
    ('publicity_unit = "d" ', 'publicity_unit = "wd"'),
    ('period = "15d"\nroll = false', 'period = "15wd"\nroll = false'),
)


class Publish(Protocol):
    """Gives an institution the house pack with a holiday notice, and with other words in it."""

    def __call__(self, world: World, notice: str, *changes: tuple[str, str]) -> None: ...


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Give an institution the house pack with a holiday notice in it."""
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    folder = tmp_path / "packs"
    folder.mkdir(exist_ok=True)

    def publish(world: World, notice: str, *changes: tuple[str, str]) -> None:
        name = f"house-{uuid4().hex}"
        house = (FOLDER / "house.toml").read_text(encoding="utf-8")
        for old, new in changes:
            assert house.count(old) == 1
            house = house.replace(old, new)
        (folder / f"{name}.toml").write_text(house.replace('name = "house"', f'name = "{name}"') + notice)
        with world.db.write() as session:
            row = session.get(Organization, world.org_id)
            assert row is not None
            row.rule_layers = f"national,{name}"

    return publish


def _signed(world: World) -> int:
    """A case that has just taken effect, with payments early in 2027."""
    terms = {
        **terms_of(OPENED),
        "instalments": [
            {"label": "首期款", "amount_fen": "80万元", "due_on": "2027-01-04"},
            {"label": "第二期款", "amount_fen": "40万元", "due_on": "2027-03-08"},
        ],
    }
    case_id = world.case()
    list(walk(world.db, world.people, case_id, story(OPENED, terms), until="take_effect"))
    return case_id


def _run(world: World, *, dry_run: bool = False) -> RecomputeReport:
    return recompute(world.db, NOW, ON, dry_run=dry_run)


def _rows(world: World, key: str) -> list[tuple[str, str, bool, bool]]:
    """(status, due, provisional, replaces one) of a deadline's rows, the oldest first."""
    with world.db.read() as session:
        rows = session.exec(select(Deadline).where(Deadline.key == key).order_by(col(Deadline.id))).all()
    return [(row.status, str(row.due), row.provisional, row.replaces is not None) for row in rows]


def test_nothing_happens_before_the_year_is_published(any_world: World) -> None:
    _signed(any_world)
    before = dump(any_world.db)
    report = _run(any_world)
    assert (report.examined, report.changes, dump(any_world.db)) == (1, (), before)
    assert _rows(any_world, "license_filing") == [("open", "2027-01-04", True, False)]


def test_published_year_moves_what_rested_on_a_guess(any_world: World, publish: Publish) -> None:
    case_id = _signed(any_world)
    publish(any_world, NOTICE)
    report = _run(any_world)
    assert [(change.key, str(change.before), str(change.after)) for change in report.changes] == [
        ("license_filing", "2027-01-04", "2027-01-05"), ("payment:1", "2027-01-04", "2027-01-05"),
        ("payment:2", "2027-03-08", "2027-03-08"),
    ]  # fmt: skip
    assert _rows(any_world, "license_filing") == [
        ("moved", "2027-01-04", True, False), ("open", "2027-01-05", False, True),
    ]  # fmt: skip
    assert _rows(any_world, "payment:1") == [
        ("moved", "2027-01-04", True, False), ("open", "2027-01-05", False, True),
    ]  # fmt: skip
    assert _rows(any_world, "payment:2") == [("open", "2027-03-08", False, False)]
    with any_world.db.read() as session:
        last = entries(session, any_world.org_id, f"case:{case_id}", newest_first=True)[0]
        case = session.get(Case, case_id)
        assert case is not None
        assert (last.verb, last.actor_id, last.actor_name, last.body["facts"]) == (
            "deadline_recomputed", None, "系统", {},
        )  # fmt: skip
        assert [told["key"] for told in last.body["payload"]["deadlines"]] == [
            "license_filing", "payment:1", "payment:2",
        ]  # fmt: skip
        assert (case.trail_seq, case.trail_head, case.version) == (last.seq, last.hash, last.seq)
        assert verify(session).breaks == ()
        opened = session.exec(
            select(Deadline).where(Deadline.status == "open", Deadline.key == "license_filing")
        ).one()
        told = orjson.loads(opened.explanation)
        assert "2027年1月5日" in told["zh"][-1]
        assert opened.opened_seq == last.seq
    assert recheck(any_world.db, NOW, ON).differ == 0


def test_second_run_changes_nothing(any_world: World, publish: Publish) -> None:
    _signed(any_world)
    publish(any_world, NOTICE)
    _run(any_world)
    before = dump(any_world.db)
    assert _run(any_world).changes == ()
    assert dump(any_world.db) == before


def test_date_that_stays_loses_its_mark(any_world: World, publish: Publish) -> None:
    case_id = _signed(any_world)
    publish(
        any_world,
        NOTICE.replace("2027-01-01..2027-01-04", "2027-01-01..2027-01-03").replace("[2027-01-10]", "[]"),
    )
    report = _run(any_world)
    assert [(change.key, change.moved) for change in report.changes] == [
        ("license_filing", False), ("payment:1", False), ("payment:2", False),
    ]  # fmt: skip
    assert _rows(any_world, "license_filing") == [("open", "2027-01-04", False, False)]
    with any_world.db.read() as session:
        last = entries(session, any_world.org_id, f"case:{case_id}", newest_first=True)[0]
        assert (last.verb, last.body["payload"]["deadlines"][0]["after"]) == (
            "deadline_recomputed",
            "2027-01-04",
        )
        row = session.exec(select(Deadline).where(Deadline.key == "license_filing")).one()
        assert "尚未公布" not in row.explanation
        assert verify(session).breaks == ()
        assert inbox(session, any_world.person("officer")) == ()


def test_owner_is_told_once_what_moved(any_world: World, publish: Publish) -> None:
    _signed(any_world)
    publish(any_world, NOTICE)
    _run(any_world)
    _run(any_world)
    with any_world.db.read() as session:
        (message,) = inbox(session, any_world.person("officer"))
        assert inbox(session, any_world.person("finance")) == ()
    assert (message.kind, message.subject, message.on) == ("recomputed", "期限重新计算：2项日期有变", ON)
    assert [(line["title"], line["due"], line["note"]) for line in message.lines] == [
        ("许可合同备案", "2027-01-05", "原为2027-01-04，放假安排公布后重新计算"),
        ("合同款到期：入门费首期款", "2027-01-05", "原为2027-01-04，放假安排公布后重新计算"),
    ]


def test_dry_run_says_what_would_move(world: World, publish: Publish) -> None:
    _signed(world)
    publish(world, NOTICE)
    before = dump(world.db)
    report = _run(world, dry_run=True)
    assert (report.moved, report.as_json()["confirmed"]) == (2, 1)
    assert dump(world.db) == before


def test_two_runs_at_once_move_a_date_once(any_world: World, publish: Publish) -> None:
    _signed(any_world)
    publish(any_world, NOTICE)
    start = Barrier(3)

    def run(_: int) -> int:
        start.wait()
        return _run(any_world).moved

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(run, range(3))) == [0, 0, 2]
    assert len(_rows(any_world, "license_filing")) == 2
    with any_world.db.read() as session:
        assert verify(session).breaks == ()


def test_other_organizations_keep_their_calendar(any_world: World, publish: Publish) -> None:
    other = settle(any_world.db, "另一所大学", "other-")
    _signed(other)
    publish(any_world, NOTICE)
    assert _run(any_world).changes == ()
    assert _rows(other, "license_filing") == [("open", "2027-01-04", True, False)]


def test_closed_deadline_and_other_rule_version_stay(world: World, publish: Publish) -> None:
    _signed(world)
    publish(world, NOTICE)
    with world.db.cursor() as cur:
        cur.run("UPDATE deadline SET status = 'met' WHERE key LIKE 'payment:%'")
        cur.run("UPDATE deadline SET rule_version = 'old' WHERE key = 'license_filing'")
    assert _run(world).changes == ()


def test_stale_page_is_told_what_changed_the_case(world: World, publish: Publish) -> None:
    case_id = _signed(world)
    with world.db.read() as session:
        case = session.get(Case, case_id)
        assert case is not None
        seen = case.version
    publish(world, NOTICE)
    _run(world)
    with pytest.raises(Stale, match="系统刚刚重新计算了期限"):
        advance(
            world.db,
            case_id,
            "record_duty",
            world.person("officer"),
            {},
            expected_version=seen,
            today=ON,
            now=NOW,
        )


def test_publicity_in_working_days_moves_too(any_world: World, publish: Publish) -> None:
    """Posted on 24 December for fifteen working days; the notice takes one of them away and gives none back."""
    publish(any_world, "", *WORKING_DAYS)
    posted = date(2026, 12, 24)
    case_id = any_world.case()
    list(
        walk(
            any_world.db, any_world.people, case_id, story(posted - timedelta(days=3)), until="post_publicity"
        )
    )
    assert _rows(any_world, "publicity") == [("open", "2027-01-16", True, False)]
    publish(any_world, NOTICE.replace("[2027-01-10]", "[]"), *WORKING_DAYS)
    assert [(c.key, str(c.before), str(c.after)) for c in _run(any_world).changes] == [
        ("publicity", "2027-01-16", "2027-01-19")
    ]
    assert recheck(any_world.db, NOW, ON).differ == 0
    assert _run(any_world).changes == ()


def test_change_of_the_house_rule_moves_nothing(any_world: World, publish: Publish) -> None:
    """Only the calendar moves a date that is on record, not a new length of the publicity."""
    publish(any_world, "", *WORKING_DAYS)
    case_id = any_world.case()
    list(walk(any_world.db, any_world.people, case_id, story(date(2026, 12, 21)), until="post_publicity"))
    publish(any_world, NOTICE)
    assert _run(any_world).changes == ()
