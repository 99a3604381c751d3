"""Frozen reports: printed from their content alone, compared with the record as it stands now, and verified."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.indicators.catalog import INDICATORS
from cases.report_english import definition_en
from cases.reports import report_content, report_view
from cases.scope import Author, Origin
from cases.settings import ROOT, Settings
from cases.stored_files import ALTERED, CHANGED, UNTOLD, check_files
from contracts.pdf import Renderer
from contracts.pdf_lint import lint_pdf
from exchange.reports.making import drift, make_report
from exchange.reports.printing import paper_of
from tests.modes.acting import act, day
from tests.modes.story import walk_to
from tests.world import INSTITUTION, World

NEW_YEAR = datetime(2027, 1, 5, tzinfo=UTC)
BY = Author(None, "系统", Origin("command"))
PERIODS = {"monthly": "2026-05", "yearly": "2026", "indicators": "2026"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, database_url="")


def made(world: World, settings: Settings, kind: str) -> int:
    found = make_report(world.db, settings, world.org_id, kind, PERIODS[kind], NEW_YEAR, BY)
    return int(found.report_id or 0)


def test_papers_are_made_of_the_frozen_content(world: World, settings: Settings) -> None:
    walk_to(world, world.case(), "record_receipt")
    renderer = Renderer(ROOT / "var" / "fonts")
    for kind in PERIODS:
        id_ = made(world, settings, kind)
        with world.db.read() as session:
            view, content = (
                report_view(session, world.org_id, id_),
                report_content(session, world.org_id, id_),
            )
        job = paper_of(view, content, INSTITUTION)
        assert view.content_hash in job.html
        first, again = renderer.render_job(job), renderer.render_job(job)
        assert first.sha256 == again.sha256
        assert lint_pdf(first.data) == ()


@pytest.mark.parametrize("kind", PERIODS)
def test_later_changes_are_told_and_the_frozen_version_stays(
    world: World, settings: Settings, kind: str
) -> None:
    case_id = world.case()
    walk_to(world, case_id, "report_feedback")
    id_ = made(world, settings, kind)
    with world.db.read() as session:
        view = report_view(session, world.org_id, id_)
    assert drift(world.db, settings, view, world.org_id, NEW_YEAR) == ()
    act(world, case_id, "record_receipt", 60, received_on=day(60), amount_fen=80_000_000, payment="payment:1",
        reference="银行回单")  # fmt: skip
    told = drift(world.db, settings, view, world.org_id, NEW_YEAR)
    assert told
    with world.db.read() as session:
        assert report_view(session, world.org_id, id_).content_hash == view.content_hash
    again = make_report(world.db, settings, world.org_id, kind, PERIODS[kind], NEW_YEAR, BY)
    assert (again.outcome, again.version, again.changes) == ("made", 2, told)


def test_a_spoiled_report_is_found(any_world: World, settings: Settings) -> None:
    walk_to(any_world, any_world.case(), "record_receipt")
    id_ = made(any_world, settings, "indicators")
    with any_world.db.read() as session:
        assert check_files(session, settings.files).spoiled == ()
        digest = report_view(session, any_world.org_id, id_).sha256
    with any_world.db.cursor() as cur:
        cur.run("UPDATE report SET content = replace(content, '120000000', '130000000') WHERE id = ?", id_)
    assert _reasons(any_world, settings) == [CHANGED]
    with any_world.db.cursor() as cur:
        cur.run("UPDATE report SET content = replace(content, '130000000', '120000000') WHERE id = ?", id_)
        cur.run("UPDATE report SET sha256 = ? WHERE id = ?", "0" * 64, id_)
    assert UNTOLD in _reasons(any_world, settings)
    with any_world.db.cursor() as cur:
        cur.run("UPDATE report SET sha256 = ? WHERE id = ?", digest, id_)
    for path in settings.home.rglob(digest):
        path.chmod(0o600)
        path.write_bytes(b"other")
    assert _reasons(any_world, settings) == [ALTERED]


def _reasons(world: World, settings: Settings) -> list[tuple[str, str]]:
    with world.db.read() as session:
        return [(one.reason_zh, one.reason_en) for one in check_files(session, settings.files).spoiled]


@pytest.mark.parametrize("kind", PERIODS)
def test_every_figure_has_its_definition_in_english(world: World, settings: Settings, kind: str) -> None:
    walk_to(world, world.case(), "record_receipt")
    with world.db.read() as session:
        content = report_content(session, world.org_id, made(world, settings, kind))
    assert [one.key for one in content.figures if not definition_en(kind, one)] == []


def test_a_snapshot_holds_every_indicator(world: World, settings: Settings) -> None:
    walk_to(world, world.case(), "record_receipt")
    with world.db.read() as session:
        content = report_content(session, world.org_id, made(world, settings, "indicators"))
    listed = {row.cells[0]: (row.cells[3], row.cells[8]) for row in content.sheet("indicators").rows}
    assert list(listed) == list(INDICATORS)
    assert (listed["contract_value"], listed["registered"]) == (
        ("120.00万元", 120_000_000),
        ("暂无数据", None),
    )
    figures = {one.key: one.value for one in content.figures}
    assert (figures["contract_value"], "registered" in figures) == (120_000_000, False)
