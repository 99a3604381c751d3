"""`panhuo recheck`: the nightly check without Prefect."""

from tests.cases.dump import dump, execute
from tests.cli.conftest import Office
from tests.modes.story import walk_to

WRONG = "UPDATE deadline SET due = '2026-07-02' WHERE key = 'license_filing'"


def test_difference_becomes_a_review_item_once(office: Office) -> None:
    walk_to(office.world, office.world.case(), "take_effect")
    execute(office.world.db, WRONG)
    ran = office.run("recheck", "--on", "2026-06-01", "--json")
    assert ran.code == 0
    assert ran.json == {
        "on": "2026-06-01",
        "dry_run": False,
        "recomputed": {"on": "2026-06-01", "examined": 1, "moved": 0, "confirmed": 0, "changes": []},
        "checked": {
            "on": "2026-06-01", "deadlines": 7, "patents": 5, "distributions": 0, "unchecked": 0, "differ": 1, "opened": 1,
        },
    }  # fmt: skip
    assert office.run("recheck", "--on", "2026-06-01", "--json").json["checked"]["opened"] == 0


def test_dry_run_writes_nothing(office: Office) -> None:
    walk_to(office.world, office.world.case(), "take_effect")
    execute(office.world.db, WRONG)
    before = dump(office.world.db)
    ran = office.run("recheck", "--dry-run", "--json")
    assert (ran.json["checked"]["differ"], ran.json["checked"]["opened"]) == (1, 0)
    assert dump(office.world.db) == before


def test_result_reads_in_both_languages(office: Office) -> None:
    told = office.run("recheck", "--on", "2026年6月1日").out
    assert told.startswith(
        "2026-06-01：重算0项日期有变，0项确认；复核0项期限、5件专利，0处不一致，新增复核事项0项"
    )
    assert (
        "0 deadlines and 5 patents checked" in office.run("--lang", "en", "recheck", "--on", "2026-06-01").out
    )


def test_impossible_day_is_refused(office: Office) -> None:
    ran = office.run("recheck", "--on", "2026-02-30", "--json")
    assert (ran.code, ran.json["title"]) == (6, "填写有误")
