"""Which open deadlines an edit of the packs would move: told, and nothing written."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cases.pack_moves import MovesReport, moves
from desk.story import story, terms_of, walk
from rules.packs import FOLDER, RuleBook, fresh, load
from tests.cases.dump import dump
from tests.world import World

OPENED = date(2026, 9, 1)  # the story takes effect on 1 October; the filing is due on 1 January 2027
HOUSE = (FOLDER / "house.toml").read_text(encoding="utf-8")
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
Edited = Callable[[str], RuleBook]


@pytest.fixture
def edited(tmp_path: Path) -> Edited:
    """Load the nation's rules with an edited house pack."""

    def edited(text: str) -> RuleBook:
        path = tmp_path / "edited.toml"
        path.write_text(text, encoding="utf-8")
        return fresh(("national", str(path)))

    return edited


def _walked(world: World, until: str) -> None:
    terms = {
        **terms_of(OPENED),
        "instalments": [
            {"label": "首期款", "amount_fen": "80万元", "due_on": "2027-01-04"},
            {"label": "第二期款", "amount_fen": "40万元", "due_on": "2027-03-08"},
        ],
    }
    list(walk(world.db, world.people, world.case(), story(OPENED, terms), until=until))


def _told(report: MovesReport) -> list[tuple[str, str, str | None]]:
    return [
        (move.key, move.before.due.isoformat(), move.after.due.isoformat() if move.after else None)
        for move in report.moves
    ]


def test_same_packs_move_nothing(any_world: World) -> None:
    _walked(any_world, "take_effect")
    report = moves(any_world.db, load(), load())
    assert (report.examined > 3, report.other, report.moves) == (True, 0, ())


def test_longer_internal_limit_moves_its_deadline_and_writes_nothing(
    any_world: World, edited: Edited
) -> None:
    _walked(any_world, "take_effect")
    before = dump(any_world.db)
    report = moves(any_world.db, load(), edited(HOUSE.replace('period = "30d"', 'period = "45d"')))
    assert _told(report) == [("technology_contract", "2026-11-02", "2026-11-16")]
    assert dump(any_world.db) == before


def test_longer_publicity_moves_its_end(any_world: World, edited: Edited) -> None:
    _walked(any_world, "post_publicity")
    text = HOUSE.replace("publicity_days = 15\n", "publicity_days = 20\n", 1).replace(
        'period = "15d"\nroll = false', 'period = "20d"\nroll = false', 1
    )
    (key, before, after), *rest = _told(moves(any_world.db, load(), edited(text)))
    assert (key, rest) == ("publicity", [])
    assert after is not None
    assert (date.fromisoformat(after) - date.fromisoformat(before)).days == 5


def test_holiday_notice_moves_filing_and_payment(any_world: World, edited: Edited) -> None:
    _walked(any_world, "take_effect")
    report = moves(any_world.db, load(), edited(HOUSE + NOTICE))
    assert ("license_filing", "2027-01-04", "2027-01-05") in _told(report)
    assert ("payment:1", "2027-01-04", "2027-01-05") in _told(report)
    assert "payment:2" not in {move.key for move in report.moves}


def test_margin_moves_the_internal_date_only(any_world: World, edited: Edited) -> None:
    _walked(any_world, "take_effect")
    report = moves(any_world.db, load(), edited(HOUSE.replace("T-01 = 15", "T-01 = 30")))
    (move,) = report.moves
    assert move.after is not None
    assert (move.key, move.before.due, move.before.due == move.after.due) == (
        "license_filing", date(2027, 1, 4), True,
    )  # fmt: skip
    assert move.before.internal is not None
    assert move.after.internal is not None
    assert move.after.internal < move.before.internal


def test_deadline_whose_rule_is_gone_is_told(any_world: World) -> None:
    _walked(any_world, "take_effect")
    report = moves(any_world.db, load(), _without("T-01"))
    assert [(move.key, move.after) for move in report.moves] == [("license_filing", None)]


def _without(rule_id: str) -> RuleBook:
    book = load()
    kept = {name: versions for name, versions in book.versions.items() if name != rule_id}
    return RuleBook(book.layers, book.packs, kept, book.tables, book.policies)


def test_record_under_other_packs_is_not_judged(any_world: World, edited: Edited) -> None:
    _walked(any_world, "take_effect")
    other = edited(HOUSE.replace('period = "30d"', 'period = "45d"'))
    report = moves(any_world.db, other, load())
    assert (report.other, report.moves) == (1, ())
