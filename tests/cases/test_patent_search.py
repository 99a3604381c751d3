"""Whatever is typed finds the patents that hold it; facets count what would be found; strangers' patents stay theirs."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.db import Database
from cases.facet_counts import Count
from cases.patent_index import index_missing
from cases.patent_search import Found, Search, search
from cases.patent_sql import CheckedPatent
from cases.patents import import_patents
from cases.profiles import change_profile, change_profiles
from cases.search_words import number_of, pieces_of, terms_of, words_of
from tests.cases.test_profiles import RATED
from tests.world import NOW, World, settle

TITLES = {
    "2021100000010": "一种PDLC调光膜及其制备方法（2）",
    "2021100000025": "基于YOLOv5的道路裂缝检测方法",
    "202110000003X": "膜分离装置",
    "2021100000044": "Mg-Al水滑石/石墨烯复合材料",
    "2021100000059": "盾构机刀盘𬭊合金衬板",
}


def listed(world: World) -> World:
    """Import the patents of `TITLES` into a world."""
    patents = [
        CheckedPatent(
            line=number, application_no=no, kind="invention", title=title, owners=("沧澜理工大学", "启衡新材料股份有限公司"),
            inventors=("㛃䶮𬱖", "Anna Schmidt"), filing_date=date(2021, 1, number), grant_date=date(2023, 1, 1),
            publication_no=f"CN1120000{number}0B", college="材料学院" if number % 2 else "计算机学院", status="in_force",
            ipc="B32B27/08",
        )
        for number, (no, title) in enumerate(TITLES.items(), 1)
    ]  # fmt: skip
    import_patents(world.db, org_id=world.org_id, rows=patents, import_id=None, now=NOW)
    return world


@pytest.fixture
def library(any_world: World) -> World:
    """A world with a few patents more, on either database."""
    return listed(any_world)


def look(world: World, text: str = "", **more: Any) -> Found:
    """Search as the institution."""
    facets = {name: value for name, value in more.items() if isinstance(value, tuple)}
    rest = {name: value for name, value in more.items() if name not in facets}
    page = rest.pop("page", 1)
    size = rest.pop("size", 20)
    with world.db.read() as session:
        return search(session, world.org_id, Search(text, facets, **rest), page=page, size=size)


def titles(world: World, found: Found) -> list[str]:
    """The titles of what was found, in its order."""
    with world.db.cursor() as cur:
        named = dict(cur.all("SELECT id, title FROM patent"))
    return [named[one] for one in found.patent_ids]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("膜", (1, 3)), ("调光膜", (1,)), ("光膜及", (1,)), ("C调", (1,)), ("pdlc", (1,)), ("DLC", (1,)), ("ＰＤＬＣ", (1,)),
        ("膜 方法", (1,)), ("yolov5", (2,)), ("石墨烯", (4,)), ("mg-al", (4,)), ("𬭊", (5,)), ("（2）", (1, 2, 3, 4, 5)),
        ("㛃䶮", (1, 2, 3, 4, 5)), ("schmidt", (1, 2, 3, 4, 5)), ("计算机", (2, 4)), ("启衡", (1, 2, 3, 4, 5)),
        ("2021100000025", (2,)), ("ZL 2021 1 0000002.5", (2,)), ("202110000003.X", (3,)), ("20211000000", (1, 2, 3, 4, 5)),
        ("CN112000040B", (4,)), ("b32b27/08", (1, 2, 3, 4, 5)), ("不存在之物甲乙", ()), ("沧澜理工 裂缝", (2,)),
    ],
)  # fmt: skip
def test_what_is_typed_is_found(library: World, text: str, numbers: tuple[int, ...]) -> None:
    known = list(TITLES.values())
    found = look(library, text)
    mine = [title for title in titles(library, found) if title in known]
    wanted = [known[number - 1] for number in sorted(numbers, reverse=True)]
    assert (mine, found.near) == (wanted, False)


LETTERS = st.text("一种锂离子电池隔膜的制备方法及其应用𬭊PDLCabx0179（）、-/ ，", min_size=2, max_size=30)


@given(LETTERS, st.data())
def test_every_stretch_of_a_title_asks_for_what_the_title_has(title: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(title) - 2))
    last = data.draw(st.integers(first + 2, len(title)))
    asked = {piece for term in terms_of(title[first:last]) for piece in term}
    assert asked <= pieces_of(title)


@given(st.text(max_size=40))
def test_words_and_pieces_of_any_text_are_plain(text: str) -> None:
    """Nothing that is typed can end a quoted piece of a question."""
    assert all(piece.isalnum() and len(piece) <= 2 for piece in pieces_of(text))
    assert all(piece.isalnum() for term in terms_of(text) for piece in term)
    assert number_of(text).isalnum() or number_of(text) == ""


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_stretch_of_a_stored_title_finds_it(searched: World, data: st.DataObject) -> None:
    title = data.draw(st.sampled_from(list(TITLES.values())))
    first = data.draw(st.integers(0, len(title) - 2))
    last = data.draw(st.integers(first + 2, len(title)))
    assert title in titles(searched, look(searched, title[first:last]))


@pytest.fixture(scope="module")
def searched(migrated: Any, tmp_path_factory: pytest.TempPathFactory) -> World:
    """One library for all examples of a property; nothing changes it."""
    path = tmp_path_factory.mktemp("searched") / "panhuo.db"
    path.write_bytes(migrated.read_bytes())
    return listed(settle(Database(f"sqlite:///{path}", synchronous="OFF")))


@pytest.mark.parametrize(
    "text", ['"', "'", "a' | 'b", '") OR ("', "NEAR(", "*", "%_", "\x00膜", ":*", "膜" * 300, "AND"]
)
def test_signs_of_the_query_languages_are_only_text(library: World, text: str) -> None:
    assert look(library, text).page == 1


def test_what_nobody_has_leads_to_what_comes_near(library: World) -> None:
    found = look(library, "石墨烯薄膜的裂缝修补方法")
    assert (found.near, found.total) == (True, len(found.patent_ids))
    near = titles(library, found)
    assert near[0] == TITLES["2021100000025"]  # 裂缝 and 方法
    assert TITLES["2021100000044"] in near
    only = look(library, "石墨烯薄膜的裂缝修补方法", college=("计算机学院",))
    assert titles(library, only)[0] == TITLES["2021100000025"]


def test_facets_count_what_their_values_would_find(library: World) -> None:
    grade(library, "A", 0, 1)
    grade(library, "B", 2)
    found = look(library, "隔膜", grade=("A",))
    assert found.total == 2
    assert found.facets["grade"] == (Count("-", 2), Count("A", 2, True), Count("B", 1))
    assert found.facets["kind"] == (Count("invention", 2),)
    both = look(library, "", grade=("A", "B"), status=("in_force",))
    assert (both.total, both.facets["status"]) == (3, (Count("in_force", 3, True),))
    assert look(library, "", grade=("-",)).total == 7
    assert look(library, "", grade=("D",)).facets["grade"][-1] == Count("D", 0, True)


def grade(world: World, value: str, *places: int) -> None:
    """Grade patents of the small world."""
    with world.db.cursor() as cur:
        change_profiles(
            cur, world.org_id, {world.patent_ids[place]: {"grade": value} for place in places}, source="officer",
            why="年度分级", actor=world.person("officer").author, now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize("text", ["", "隔膜", "方法"])
def test_each_count_is_the_number_that_is_found(library: World, text: str) -> None:
    profile(library, 0, {**RATED, "grade": "A", "industry": ["materials", "vehicles"]})
    profile(library, 1, {"maturity": "lab", "industry": ["materials"], "patent_class": "核心专利"})
    chosen: dict[str, tuple[str, ...]] = {"industry": ("materials",), "maturity": ("pilot", "lab")}
    for facets in ({}, chosen):
        found = look(library, text, **facets)
        for name, counts in found.facets.items():
            for count in counts:
                assert look(library, text, **{**facets, name: (count.value,)}).total == count.count


def profile(world: World, place: int, values: dict[str, object]) -> None:
    """Change a profile of the small world."""
    with world.db.cursor() as cur:
        change_profile(
            cur, world.org_id, world.patent_ids[place], values, source="officer", why="盘点",
            actor=world.person("officer").author, now=NOW,
        )  # fmt: skip


def test_pages_follow_the_order_and_hold_each_patent_once(library: World) -> None:
    grade(library, "B", 0, 3)
    for sort in ("filed", "grade", "review"):
        pages = [look(library, sort=sort, page=number, size=3).patent_ids for number in (1, 2, 3, 4)]
        assert [len(page) for page in pages] == [3, 3, 3, 1]
        assert len({one for page in pages for one in page}) == 10
    assert look(library, sort="grade", size=2).patent_ids == (library.patent_ids[3], library.patent_ids[0])


def test_the_index_follows_imports_and_profiles(library: World) -> None:
    profile(library, 4, {"scenario": "盐湖提锂"})
    assert look(library, "盐湖提锂").patent_ids == library.patent_ids[4:]
    profile(library, 4, {"scenario": ""})
    assert look(library, "盐湖提锂").near is False and look(library, "盐湖提锂").total == 0
    again = CheckedPatent(line=1, application_no="2021100000044", kind="invention", title="镁铝水滑石阻燃剂")
    import_patents(library.db, org_id=library.org_id, rows=[again], import_id=None, now=NOW)
    assert look(library, "阻燃剂").total == 1
    assert look(library, "石墨烯").total == 0


def test_strangers_find_nothing_of_it(library: World) -> None:
    stranger = settle(library.db, "另一所大学", "other-")
    assert look(stranger, "石墨烯").total == 0
    assert look(stranger, "隔膜").total == 5
    assert look(stranger, "2021100000025").total == 0
    assert look(replace(stranger, org_id=99), "").total == 0


def test_a_lost_index_is_made_anew(library: World) -> None:
    before = look(library, "膜")
    with library.db.cursor() as cur:
        cur.run("DELETE FROM patent_index")
        assert index_missing(cur) == 10
        assert index_missing(cur) == 0
    assert look(library, "膜") == before


def test_words_are_those_of_a_dictionary() -> None:
    assert (
        words_of("一种锂离子电池隔膜的制备方法（ＰＤＬＣ）") == "一种 离子 锂离子 电池 隔膜 的 制备 方法 pdlc"
    )
