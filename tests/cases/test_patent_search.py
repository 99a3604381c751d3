"""Whatever is typed finds the patents that hold it; facets count what would be found; strangers' patents stay theirs."""

from datetime import date
from typing import Any

import pytest

from cases.patent_search import Found, Search, search
from cases.patent_sql import CheckedPatent
from cases.patents import import_patents
from tests.world import NOW, World

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
