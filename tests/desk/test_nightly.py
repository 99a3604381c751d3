"""夜间检查 on the desk and from the command line: what each step found, whose it is, and who may see it."""

import re

import pytest

from cases.night_conflicts import check_conflicts
from cases.nightly import run_night
from cases.nightly_steps import NAMES, STEPS
from tests.cases.dump import execute, unlock_trail
from tests.cli.conftest import Office, office  # noqa: F401  a fixture
from tests.desk.conftest import Desk
from tests.world import NOW, TODAY, World


def _night(world: World) -> None:
    run_night(world.db, STEPS, lambda: NOW, TODAY)


def _broken(world: World, case_id: int) -> None:
    unlock_trail(world.db)
    execute(world.db, f"UPDATE trail SET body = body || ' ' WHERE case_id = {case_id} AND seq = 1")


@pytest.mark.parametrize(("role", "status"), [
    ("administrator", 200), ("readonly", 200), ("officer", 403), ("approver", 403), ("finance", 403),
])  # fmt: skip
def test_page_is_for_administrators_and_readers(desk: Desk, role: str, status: int) -> None:
    assert desk.browser(role).get("/admin/nightly").status_code == status


def test_page_tells_every_step(desk: Desk) -> None:
    assert "还没有做过夜间检查" in desk.browser("administrator").text("/admin/nightly")
    _night(desk.world)
    shown = desk.browser("administrator").text("/admin/nightly")
    assert [zh for zh, _ in NAMES.values() if zh not in shown] == []
    assert shown.count("无异常") == len(STEPS)


def test_break_is_shown_to_its_institution_alone(desk: Desk, strangers: World) -> None:
    _broken(desk.world, desk.world.case())
    _night(desk.world)
    shown = desk.browser("readonly").get("/admin/nightly").text
    assert re.findall(r'<a href="(/admin/audit)">(案件记录\d+的留痕自第1条起断开)', shown) == [
        ("/admin/audit", "案件记录1的留痕自第1条起断开")
    ]
    assert "留痕自第1条起断开" not in desk.browser("readonly", strangers).text("/admin/nightly")


def test_conflict_shows_both_cases_side_by_side(desk: Desk) -> None:
    desk.world.case(title="甲公司独占许可")
    desk.world.case(title="乙公司独占许可")
    check_conflicts(desk.world.db, NOW, TODAY)
    officer = desk.browser()
    assert "授权冲突：ZH2026-00001与ZH2026-00002" in officer.text("/reviews")
    shown = officer.text("/reviews/1")
    assert [word for word in ("在先案件", "在后案件", "处理建议") if word not in shown] == []


def test_command_does_the_same_and_says_by_its_code_that_somebody_has_to_look(office: Office) -> None:  # noqa: F811
    case_id = office.world.case()
    sound = office.run("nightly", "--on", "2026-06-01", "--json")
    assert (sound.code, [step["step"] for step in sound.json]) == (0, list(NAMES))
    _broken(office.world, case_id)
    told = office.run("nightly", "--on", "2026-06-01")
    assert told.code == 1
    assert f"案件记录{case_id}的留痕自第1条起断开" in told.out
