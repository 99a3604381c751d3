"""Every id of the papers is encoded, or listed with the reason why not."""

import re
from pathlib import Path

from rules.packs import load
from rules.places import PROVINCES
from tests.rules.paper_ids import PATENT_LAW, TECH_TRANSFER, every_id

PAGE = Path(__file__).parent.parent.parent / "docs" / "rules-not-encoded.md"
ID = re.compile(r"(?:TT-)?[A-Z]+\d?-[A-Z0-9a]+")
LAYERS = ("national", "zhejiang", "shandong", "beijing", "shanghai")


def _encoded() -> set[str]:
    rules = [rule for layer in LAYERS for rule in load((layer,)).all()]
    return {name for rule in rules for name in (rule.id, *rule.also)}


def _listed() -> list[str]:
    rows = [
        line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    return [name for cells in rows if cells[1].strip() != "id" for name in cells[1].split()]


def test_papers_have_so_many_ids() -> None:
    assert (len(PATENT_LAW), len(TECH_TRANSFER), len(every_id())) == (213, 293, 506)


def test_listed_ids_are_ids_and_stand_once() -> None:
    listed = _listed()
    assert [name for name in listed if not ID.fullmatch(name)] == []
    assert len(listed) == len(set(listed))


def test_every_id_is_encoded_or_listed() -> None:
    assert every_id() - _encoded() - set(_listed()) == set()


def test_no_id_is_both_encoded_and_listed() -> None:
    assert _encoded() & set(_listed()) == set()


def test_nothing_else_is_listed() -> None:
    assert set(_listed()) - every_id() == set()


def test_every_listed_reason_is_given() -> None:
    rows = [
        line.split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
    ]
    assert [cells[1] for cells in rows if not cells[3].strip()] == []


def test_provincial_packs_name_their_province() -> None:
    assert [load((layer,)).place for layer in LAYERS] == ["", "浙江", "山东", "北京", "上海"]
    assert len(PROVINCES) == 31
