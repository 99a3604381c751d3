"""`panhuo migrate-cases` and `panhuo case preview`: told without writing, done and undone."""

import re

from tests.cases.dump import dump
from tests.cli.conftest import Office
from tests.modes.acting import case_data
from tests.modes.story import walk_to


def _older(office: Office) -> None:
    with office.world.db.cursor() as cur:
        for id_, data in cur.all("SELECT id, data FROM conversion_case"):
            cur.run(
                "UPDATE conversion_case SET data = ? WHERE id = ?", data.replace('"2026.1"', '"2025.1"'), id_
            )


def test_dry_run_tells_and_writes_nothing(office: Office) -> None:
    office.world.case()
    _older(office)
    before = dump(office.world.db)
    ran = office.run("migrate-cases", "--dry-run", "--as", "administrator")
    assert (ran.code, dump(office.world.db) == before) == (0, True)
    assert "规则包 house：2025.1 → 2026.1" in ran.out
    assert "共查看1件在办案件：1件可以迁移，0件暂不能迁移" in ran.out


def test_run_is_done_and_undone(office: Office) -> None:
    case_id = office.world.case()
    _older(office)
    ran = office.run("migrate-cases", "--as", "administrator")
    (run,) = re.findall(r"--undo (M\d+)", ran.out)
    assert case_data(office.world, case_id)["process"]["packs"]["house"] == "2026.1"
    assert office.run("migrate-cases", "--as", "administrator", "--json").json["run"] == ""
    back = office.run("migrate-cases", "--undo", run, "--as", "administrator", "--json").json
    assert back == {"run": run, "back": ["ZH2026-00001"], "moved_since": []}


def test_refusals_have_their_exit_codes(office: Office) -> None:
    office.world.case()
    assert office.run("migrate-cases", "--as", "officer").code == 4
    assert office.run("migrate-cases", "--undo", "M99", "--as", "administrator").code == 3
    assert (
        office.run("migrate-cases", "--dry-run", "--case", "ZH1999-00001", "--as", "administrator").code == 3
    )


def test_preview_tells_what_a_step_would_take_away(office: Office) -> None:
    walk_to(office.world, office.world.case(), "post_publicity")
    before = dump(office.world.db)
    ran = office.run(
        "case", "preview", "ZH2026-00001", "step_back", "--set", "what=publicity", "--set", "reason=公示有误",
        "--on", "2026-03-08", "--as", "officer",
    )  # fmt: skip
    assert (ran.code, dump(office.world.db) == before) == (0, True)
    assert ("失效：公示" in ran.out, "期限不再适用" in ran.out) == (True, True)
