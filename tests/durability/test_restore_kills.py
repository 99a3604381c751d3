"""A restore that dies on the way leaves the record as it was, or whole; never half, and never without a database."""

from pathlib import Path

from cases.db import Database
from cases.files import FolderFiles
from cases.schema import differences
from cases.settings import Settings
from cases.trail import verify
from exchange.archive import LEFT_OUT, export_archive
from exchange.restoring import Plan, RestoreReport, restore_archive
from tests.cases.dump import Dump, dump
from tests.durability.trap import boundaries_in, is_killed_at
from tests.world import NOW, settle

# The last steps on SQLite: the draft is synced, the old database gets its second name, the draft its place.
TAIL = {False: 8, True: 2}


def test_restore_killed_in_the_middle_leaves_nothing_half(any_db: Database, tmp_path: Path) -> None:
    settle(any_db).case(patents=2)
    archive = tmp_path / "1.zip"
    export_archive(any_db, Settings(tmp_path / "home", ""), archive, NOW)
    any_db.dispose()  # nothing that is open here goes into a child

    def act() -> RestoreReport:
        apart = Database(any_db.url.render_as_string(hide_password=False), synchronous="OFF")
        try:
            return restore_archive(apart, Plan(archive, FolderFiles(tmp_path / "files"), replace=True), NOW)
        finally:
            apart.dispose()

    def found() -> Dump:
        assert any_db.postgres or Path(str(any_db.url.database)).exists()
        held = dump(any_db, *LEFT_OUT)
        any_db.dispose()
        return held

    total, whole = boundaries_in(act), found()
    settle(any_db, "清源学院", "b-")
    before = found()
    assert before != whole
    points = (0, total // 3, total * 2 // 3, *range(total - TAIL[any_db.postgres], total))
    states = []
    for point in points:
        assert is_killed_at(point, act), point
        states.append("before" if (held := found()) == before else "whole" if held == whole else point)
    assert set(states) <= {"before", "whole"}, states
    assert states == sorted(states)  # once in its place, it stays
    assert states[3] == "before"
    report = act()
    assert report.broken == ()
    assert (found() == whole, differences(any_db)) == (True, [])
    with any_db.read() as session:
        assert verify(session).breaks == ()
    assert [path.name for path in tmp_path.rglob("*.restoring*")] == []
    if report.kept:
        assert not Path(report.kept).samefile(str(any_db.url.database))
