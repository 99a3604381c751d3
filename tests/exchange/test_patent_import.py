"""A list from file to record: repeated, in other forms, with bad lines, on both databases."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from cases.db import Database
from cases.patents import ImportResult, PatentView, list_patents
from cases.tables import Organization
from exchange.list_files import open_list
from exchange.patent_import import ImportReport, Progress, preview, run_import
from exchange.tables import FileRefused
from tests.exchange.lists import GOOD, HEADER, NOW, TODAY, write_csv, write_xlsx
from tests.world import World, settle

BAD = ("4", "2.02E+12", "损坏的号码", "2019.01.02", "", "", "沧澜理工大学", "林知远", "", "", "发明")
OTHER = (*GOOD[0][:2], "另一个名称", *GOOD[0][3:])


def patents(db: Database, org_id: int) -> list[PatentView]:
    with db.read() as session:
        return sorted(list_patents(session, org_id, size=500).rows, key=lambda patent: patent.application_no)


@pytest.fixture
def org(any_db: Database) -> World:
    return settle(any_db)


def test_good_lines_go_in_and_bad_ones_come_back(org: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, *GOOD, BAD, GOOD[1], OTHER))
    report = run_import(org.db, path, org_id=org.org_id, rejects_path=tmp_path / "bad.xlsx", now=NOW)
    assert report.as_json() == {
        "rows": 6,
        "accepted": 3,
        "unchanged": 0,
        "rejected": 2,
        "errors": [
            {
                "row": 5, "field": "申请号", "value": "2.02E+12",
                "reason": "“2.02E+12”是电子表格的科学计数法，原来的申请号已被截断，无法还原。"
                "请把该列设为“文本”格式后重新导出，再导入一次。",
            },
            {
                "row": 7, "field": "专利名称", "value": "另一个名称",
                "reason": "与第 2 行是同一申请号，但专利名称不同（该行为“一种锂离子电池隔膜的制备方法”）。"
                "请核对，只保留正确的一行。",
            },
        ],
        "mapping": {
            "application_no": "申请号", "title": "专利名称", "filing_date": "申请日", "grant_date": "授权公告日",
            "publication_no": "授权公告号", "owners": "专利权人", "inventors": "发明人", "ipc": "IPC分类号", "kind": "专利类型",
            "college": "学院",
        },
    }  # fmt: skip
    assert report.repeated == 1
    lines = [line.cells for line in open_list(tmp_path / "bad.xlsx").sheets[0].lines()]
    assert lines[0] == (*HEADER, "行号", "问题字段", "原因")
    assert [line[:12] for line in lines[1:]] == [(*BAD, "5"), (*OTHER, "7")]
    added = patents(org.db, org.org_id)[0]
    assert (added.application_no, added.owners, added.inventors) == (
        "2017106018623",
        ("沧澜理工大学",),
        ("林知远", "陈䶮"),
    )


def test_corrected_rejects_can_be_imported_as_they_are(org: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, *GOOD, BAD))
    run_import(org.db, path, org_id=org.org_id, rejects_path=tmp_path / "bad.xlsx", now=NOW)
    header, wrong = [line.cells for line in open_list(tmp_path / "bad.xlsx").sheets[0].lines()]
    mended = write_xlsx(tmp_path / "mended.xlsx", [header, [wrong[0], "201910000018", *wrong[2:]]])
    report = run_import(org.db, mended, org_id=org.org_id, now=NOW)
    assert (report.rows, report.result, report.errors) == (1, ImportResult(added=1), ())


def test_same_file_twice_changes_nothing(org: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, *GOOD))
    first = run_import(org.db, path, org_id=org.org_id, import_id=1, now=NOW)
    before = patents(org.db, org.org_id)
    second = run_import(org.db, path, org_id=org.org_id, import_id=2, now=NOW + timedelta(days=1))
    assert (first.result, second.result) == (ImportResult(added=3), ImportResult(unchanged=3))
    assert second.accepted == first.accepted
    assert patents(org.db, org.org_id) == before


def test_dry_run_tells_the_same_and_stores_nothing(org: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, *GOOD, BAD))
    before = patents(org.db, org.org_id)
    dry = run_import(org.db, path, org_id=org.org_id, dry_run=True, now=NOW)
    assert patents(org.db, org.org_id) == before
    assert run_import(org.db, path, org_id=org.org_id, now=NOW) == dry


def test_every_form_of_a_list_gives_the_same(db: Database, tmp_path: Path) -> None:
    rows = (("某单位专利清单",), (), HEADER, *GOOD, (), BAD)
    backwards = [tuple(reversed(row)) for row in (HEADER, *GOOD, BAD)]
    forms = (
        write_csv(tmp_path / "utf8.csv", rows),
        write_csv(tmp_path / "gb.csv", rows, "gb18030"),
        write_csv(tmp_path / "tabs.txt", rows, "utf-16", "\t"),
        write_xlsx(tmp_path / "list.xlsx", rows),
        write_csv(tmp_path / "backwards.csv", backwards),
    )
    found = []
    for number, path in enumerate(forms):
        world = settle(db, prefix=f"form{number}-")
        report = run_import(db, path, org_id=world.org_id, now=NOW)
        found.append(([error.reason for error in report.errors], report.result, _told(db, world.org_id)))
    assert found == [found[0]] * len(forms)
    assert found[0][1] == ImportResult(added=3)


def _told(db: Database, org_id: int) -> list[tuple[object, ...]]:
    return [
        (p.application_no, p.title, p.owners, p.inventors, p.filing_date, p.grant_date, p.ipc, p.status)
        for p in patents(db, org_id)
    ]


def test_sheets_of_one_kind_are_one_list(world: World, tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "list.xlsx", [["说明"], ["请勿修改"]], [HEADER, GOOD[0]], [HEADER, GOOD[1], BAD]
    )
    report = run_import(world.db, path, org_id=world.org_id, now=NOW)
    assert (report.rows, report.result, report.skipped_sheets) == (3, ImportResult(added=2), ("Sheet",))
    assert [(e.row, e.reason.split("：")[0]) for e in report.errors] == [(3, "工作表“表3”")]


def test_mapping_of_a_person_wins_over_the_guess(world: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (("编码", "中文题目", "备注"), ("201710601862.3", "甲", "乙")))
    mapping = {"application_no": "编码", "title": "备注", "owners": ""}
    report = run_import(world.db, path, mapping=mapping, org_id=world.org_id, now=NOW)
    assert report.mapping == {"application_no": "编码", "title": "备注"}
    with world.db.read() as session:
        assert [patent.title for patent in list_patents(session, world.org_id, q="乙").rows] == ["乙"]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"application_no": "号"}, "表中没有“号”这一列，无法作为申请号。现有的列：申请号、名称。"),
        ({"weight": "名称"}, "没有“weight”这个字段。请重新选择列。"),
        (
            {"application_no": "申请号"},
            "没有找到“专利名称”所在的列。请在导入页为它指定一列，或把表头改为“专利名称”。现有的列：申请号、名称。",
        ),
    ],
)
def test_unusable_mapping_is_refused(
    world: World, tmp_path: Path, mapping: dict[str, str], message: str
) -> None:
    path = write_csv(tmp_path / "list.csv", (("申请号", "名称"), ("201710601862.3", "甲")))
    with pytest.raises(FileRefused) as caught:
        run_import(world.db, path, mapping=mapping, org_id=world.org_id, now=NOW)
    assert caught.value.message == message


def test_file_without_patents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as caught:
        preview(write_csv(tmp_path / "list.csv", (("姓名", "工号"), ("林知远", "7"))), today=TODAY)
    assert caught.value.message.startswith("没有找到专利清单")


def test_preview_shows_what_would_happen(tmp_path: Path) -> None:
    shown = preview(write_csv(tmp_path / "list.csv", (HEADER, *GOOD, BAD), "gb18030"), today=TODAY)
    assert (shown.encoding, shown.header_row, shown.unmapped, shown.missing) == ("gb18030", 1, ("序号",), ())
    assert [(row.number, row.patent is not None, len(row.problems)) for row in shown.rows] == [
        (2, True, 0), (3, True, 0), (4, True, 0), (5, False, 1),
    ]  # fmt: skip
    assert shown.estimated_rows == 4


def test_progress_rises_to_the_end(world: World, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, *GOOD))
    seen: list[Progress] = []
    run_import(world.db, path, org_id=world.org_id, now=NOW, on_progress=seen.append)
    assert seen == [Progress("check", 3, 3), Progress("store", 3, 3), Progress("store", 3, 3)]
    assert [progress.percent for progress in seen] == [50, 100, 100]


def _fresh(session: Session) -> int:
    organization = Organization(name="沧澜理工大学", created_at=NOW)
    session.add(organization)
    session.flush()
    return int(organization.id or 0)


PICKS = st.lists(st.sampled_from((*GOOD, BAD, OTHER)), min_size=1, max_size=12)


@given(picks=PICKS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_importing_twice_equals_importing_once(
    db: Database, tmp_path: Path, picks: list[tuple[str, ...]]
) -> None:
    path = write_csv(tmp_path / "list.csv", (HEADER, *picks))
    with db.write() as session:
        org_id = _fresh(session)
    once: ImportReport = run_import(db, path, org_id=org_id, now=NOW)
    stored = patents(db, org_id)
    twice = run_import(db, path, org_id=org_id, now=NOW + timedelta(hours=1))
    assert (twice.result, twice.errors) == (ImportResult(unchanged=once.accepted), once.errors)
    assert patents(db, org_id) == stored
    assert once.rows == once.accepted + once.repeated + once.rejected == len(picks)
    assert len(stored) == once.accepted
