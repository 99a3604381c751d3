"""The base library: what an import may change, and what the lists show."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from cases.db import Database
from cases.errors import NotFound
from cases.patent_sql import CONTENT, UPSERT, CheckedPatent
from cases.patents import ImportResult, PatentView, colleges, get_patent, import_patents, list_patents
from cases.tables import Organization, Patent

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
PATENT = CheckedPatent(
    line=2, application_no="2017106018623", kind="invention", title="一种100%再生的隔膜", owners=("沧澜理工大学",),
    inventors=("林㛃", "陈䶮"), filing_date=date(2017, 7, 21), grant_date=date(2019, 7, 9), publication_no="CN107452922B",
    ipc="H01M2/16", address="沧澜市", college="材料学院", status="in_force",
)  # fmt: skip


@pytest.fixture
def org_id(any_db: Database) -> int:
    return organization(any_db)


def organization(db: Database) -> int:
    with db.write() as session:
        row = Organization(name="沧澜理工大学", created_at=NOW)
        session.add(row)
        session.flush()
        return int(row.id or 0)


def put(db: Database, org_id: int, *patents: CheckedPatent, now: datetime = NOW) -> ImportResult:
    return import_patents(db, org_id=org_id, rows=patents, import_id=None, now=now)


def stored(db: Database, org_id: int) -> PatentView:
    with db.read() as session:
        (only,) = list_patents(session, org_id).rows
        return only


def test_new_patent_is_stored_as_it_was_checked(any_db: Database, org_id: int) -> None:
    assert put(any_db, org_id, PATENT) == ImportResult(added=1)
    found = stored(any_db, org_id)
    assert {name: getattr(found, name) for name in CONTENT} == {
        name: getattr(PATENT, name) for name in CONTENT
    }
    assert (found.display_no, found.patent_no, found.kind_zh, found.status_zh, found.term_end) == (
        "201710601862.3", "ZL201710601862.3", "发明", "有效", date(2037, 7, 20),
    )  # fmt: skip


def test_second_time_nothing_is_written(any_db: Database, org_id: int) -> None:
    put(any_db, org_id, PATENT)
    before = stored(any_db, org_id)
    assert put(any_db, org_id, PATENT, now=LATER) == ImportResult(unchanged=1)
    assert stored(any_db, org_id) == before


def test_blanks_never_replace_values(any_db: Database, org_id: int) -> None:
    put(any_db, org_id, PATENT)
    before = stored(any_db, org_id)
    bare = CheckedPatent(line=2, application_no=PATENT.application_no, kind="invention", title=PATENT.title)
    assert put(any_db, org_id, bare, now=LATER) == ImportResult(unchanged=1)
    assert stored(any_db, org_id) == before


def test_new_values_replace_old_ones(any_db: Database, org_id: int) -> None:
    put(any_db, org_id, PATENT)
    moved = replace(PATENT, owners=("启衡新材料股份有限公司",), college="")
    assert put(any_db, org_id, moved, now=LATER) == ImportResult(changed=1)
    found = stored(any_db, org_id)
    assert (found.owners, found.college, found.updated_at) == (("启衡新材料股份有限公司",), "材料学院", LATER)


@pytest.mark.parametrize(
    ("old", "new", "is_stated", "expected"),
    [
        ("lapsed", "in_force", False, "lapsed"),
        ("lapsed", "in_force", True, "in_force"),
        ("pending", "in_force", False, "in_force"),
        ("unknown", "pending", False, "pending"),
        ("in_force", "unknown", True, "in_force"),
        ("in_force", "expired", False, "expired"),
        ("in_grace", "expired", False, "in_grace"),
    ],
)
def test_inferred_status_never_replaces_a_stated_one(
    db: Database, old: str, new: str, is_stated: bool, expected: str
) -> None:
    org = organization(db)
    put(db, org, replace(PATENT, status=old, is_status_stated=True))
    put(db, org, replace(PATENT, status=new, is_status_stated=is_stated, ipc="G01N"), now=LATER)
    assert stored(db, org).status == expected


def test_flags_and_corrections_of_officers_survive_the_same_file(any_db: Database, org_id: int) -> None:
    put(any_db, org_id, PATENT)
    with any_db.write() as session:
        row = session.exec(select(Patent).where(Patent.org_id == org_id)).one()
        row.flags, row.status = '["pledged"]', "in_grace"
    assert put(any_db, org_id, PATENT, now=LATER) == ImportResult(unchanged=1)
    put(any_db, org_id, replace(PATENT, ipc="G01N"), now=LATER)
    found = stored(any_db, org_id)
    assert (found.flags, found.status, found.ipc) == (("pledged",), "in_grace", "G01N")


def test_dry_run_counts_and_writes_nothing(any_db: Database, org_id: int) -> None:
    put(any_db, org_id, PATENT)
    rows = (PATENT, replace(PATENT, application_no="2021301234568", kind="design"))
    counted = import_patents(any_db, org_id=org_id, rows=rows, import_id=None, now=LATER, dry_run=True)
    assert counted == ImportResult(added=1, unchanged=1)
    assert stored(any_db, org_id).updated_at == NOW


def many(count: int) -> Iterator[CheckedPatent]:
    return (replace(PATENT, application_no=f"20171{number:08d}", line=number) for number in range(count))


def test_long_list_is_stored_in_batches(any_db: Database, org_id: int) -> None:
    seen: list[int] = []
    result = import_patents(
        any_db, org_id=org_id, rows=many(4_500), import_id=None, now=NOW, on_progress=seen.append
    )
    assert (result, seen) == (ImportResult(added=4_500), [2_000, 4_000, 4_500])


def test_two_imports_at_once_store_each_patent_once(any_db: Database, org_id: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: put(any_db, org_id, *many(3_000)), range(2)))
    assert sum(result.added for result in results) == 3_000
    assert sum(result.accepted for result in results) == 6_000


def test_organizations_do_not_see_each_other(any_db: Database, org_id: int) -> None:
    put(any_db, org_id, PATENT)
    other = organization(any_db)
    assert put(any_db, other, PATENT) == ImportResult(added=1)
    with any_db.read() as session:
        mine = list_patents(session, org_id).rows[0].id
        assert list_patents(session, other).total == 1
        with pytest.raises(NotFound) as caught:
            get_patent(session, other, mine)
    assert caught.value.message == f"没有编号为 {mine} 的专利。请从专利列表重新选择。"


@pytest.mark.parametrize(
    ("q", "total"),
    [("隔膜", 1), ("100%", 1), ("1000%", 0), ("%", 1), ("_", 0), ("林㛃", 1), ("沧澜", 2), ("ZL201710601862.3", 1), ("2021", 1),
     ("CN107452922B", 1), ("", 2)],
)  # fmt: skip
def test_search(any_db: Database, org_id: int, q: str, total: int) -> None:
    other = replace(
        PATENT, application_no="2021301234568", kind="design", title="仪器", inventors=(), publication_no=""
    )
    put(any_db, org_id, PATENT, other)
    with any_db.read() as session:
        assert list_patents(session, org_id, q=q).total == total


def test_filters_pages_and_colleges(db: Database) -> None:
    org = organization(db)
    put(db, org, *(replace(patent, college=f"学院{patent.line % 2}") for patent in many(45)))
    with db.read() as session:
        page = list_patents(
            session, org, college="学院1", status="in_force", kind="invention", page=2, size=20
        )
        assert (page.total, len(page.rows), page.page) == (22, 2, 2)
        assert list_patents(session, org, status="lapsed").rows == ()
        assert colleges(session, org) == ("学院0", "学院1")


def test_statement_names_the_columns_of_the_table() -> None:
    named = {
        *CONTENT,
        "org_id",
        "application_no",
        "content_hash",
        "import_id",
        "updated_at",
        "created_at",
        "flags",
    }
    assert named | {"id", "register_checked_on", "fee_payer"} == set(Patent.model_fields)
    assert UPSERT.count("?") == len(named)
