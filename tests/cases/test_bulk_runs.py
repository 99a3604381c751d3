"""Bulk runs: asked for, made once, unchanged ones kept, failures tried again, stopped, taken over."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlmodel import col, select

from cases.bulk_making import due_runs, hold, let_go, make_item, waiting_items
from cases.bulk_runs import Choice, cancel_run, files_of, kinds, retry_run, run_view, runs, start_run
from cases.db import Database
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.processes import is_gone, this_process
from cases.settings import ROOT, Settings
from cases.tables import Document
from contracts.pdf import RenderedPdf, RenderJob, RenderProblem
from tests.modes.story import walk_to
from tests.stored import place
from tests.world import NOW, World, settle

KIND = "approval_form"
ALL = Choice()


@dataclass
class Printer:
    """A renderer that prints the HTML itself and counts; it fails on documents that name a word."""

    fonts: Path = ROOT / "var" / "fonts"
    printed: list[str] = field(default_factory=list)
    broken: str = ""

    def render_job(self, job: RenderJob) -> RenderedPdf:
        if self.broken and self.broken in job.html:
            raise RenderProblem("文书生成超过 60 秒，已停止")
        self.printed.append(job.html)
        data = job.html.encode()
        return RenderedPdf(data, 1, sha256(data).hexdigest())


@dataclass
class Office:
    """Three cases with approved terms, and what makes their documents."""

    world: World
    settings: Settings
    cases: tuple[int, ...]
    printer: Printer = field(default_factory=Printer)

    def start(self, kind: str = KIND, choice: Choice | tuple[int, ...] = ALL) -> int:
        return start_run(self.world.db, self.world.person("officer"), kind, choice, NOW)

    def work(self, run_id: int, limit: int = 99) -> list[str]:
        assert hold(self.world.db, run_id, "me", NOW)
        items = waiting_items(self.world.db, run_id, 0, limit)
        made = [make_item(self.world.db, self.settings, self.printer, item, NOW) for item in items]
        let_go(self.world.db, run_id, "me", NOW)
        return made

    def documents(self, kind: str = KIND) -> list[Document]:
        with self.world.db.read() as session:
            return list(
                session.exec(select(Document).where(Document.kind == kind).order_by(col(Document.id)))
            )

    def counts(self, run_id: int) -> dict[str, int]:
        with self.world.db.read() as session:
            view = run_view(session, self.world.org_id, run_id)
        return {status: count for status, count in view.counts.items() if count}


@pytest.fixture
def office(world: World, tmp_path: Path) -> Office:
    cases = tuple(world.case(title=f"许可{n}") for n in range(3))
    for case_id in cases:
        walk_to(world, case_id, "edit_terms")
    with world.db.cursor() as cur:
        cur.run("DELETE FROM outbox")
        cur.run("DELETE FROM document")
    return Office(world, Settings(home=tmp_path, database_url=str(world.db.url)), cases)


def test_every_case_is_made_once_and_a_second_run_makes_nothing(office: Office) -> None:
    first = office.start()
    assert office.work(first) == ["made"] * 3
    assert len(office.printer.printed) == 3
    second = office.start()
    assert office.work(second) == ["unchanged"] * 3
    assert (len(office.printer.printed), len(office.documents())) == (3, 3)
    with office.world.db.read() as session:
        assert [(run.id, run.status, run.done) for run in runs(session, office.world.org_id)] == [
            (second, "done", 3), (first, "done", 3),
        ]  # fmt: skip
        assert files_of(session, office.world.org_id, first) == files_of(session, office.world.org_id, second)


def test_changed_input_and_missing_files_are_made_again(office: Office) -> None:
    office.work(office.start())
    one, two, _ = office.documents()
    with office.world.db.cursor() as cur:
        cur.run("UPDATE conversion_case SET number = 'ZH-X' WHERE id = ?", one.case_id)
    place(office.settings, two.sha256).unlink()
    assert office.work(office.start()) == ["made", "made", "unchanged"]
    assert [document.version for document in office.documents()] == [1, 1, 1, 2, 2]


def test_failures_stand_with_their_reason_and_are_tried_again_alone(office: Office) -> None:
    with office.world.db.cursor() as cur:
        cur.run("UPDATE conversion_case SET number = 'ZH-BAD' WHERE id = ?", office.cases[1])
    office.printer.broken = "ZH-BAD"
    run_id = office.start()
    assert office.work(run_id) == ["made", "failed", "made"]
    with office.world.db.read() as session:
        view = run_view(session, office.world.org_id, run_id)
    assert view.reasons == (("文书生成超过 60 秒，已停止", 1),)
    assert [(failure.number, failure.case_id) for failure in view.failures] == [("ZH-BAD", office.cases[1])]
    office.printer.broken = ""
    retry_run(office.world.db, office.world.person("officer"), run_id, NOW)
    assert office.work(run_id) == ["made"]
    assert office.counts(run_id) == {"made": 3}
    assert len(office.documents()) == 3
    with pytest.raises(Conflict, match="无需重试"):
        retry_run(office.world.db, office.world.person("officer"), run_id, NOW)
    assert office.counts(run_id) == {"made": 3}


def test_stopped_run_begins_nothing_more_and_can_go_on(office: Office) -> None:
    run_id = office.start()
    assert office.work(run_id, limit=1) == ["made"]
    held = waiting_items(office.world.db, run_id, 0, 1)
    cancel_run(office.world.db, office.world.person("officer"), run_id, NOW)
    assert make_item(office.world.db, office.settings, office.printer, held[0], NOW) == "cancelled"
    assert office.counts(run_id) == {"made": 1, "cancelled": 2}
    assert due_runs(office.world.db, NOW) == ()
    with pytest.raises(Conflict, match="已经结束"):
        cancel_run(office.world.db, office.world.person("officer"), run_id, NOW)
    retry_run(office.world.db, office.world.person("officer"), run_id, NOW)
    assert office.work(run_id) == ["made"] * 2
    assert len(office.documents()) == 3


def test_document_whose_item_was_not_noted_any_more_is_not_made_twice(office: Office) -> None:
    """What a process leaves that was killed between making the document and writing it down."""
    run_id = office.start()
    office.work(run_id)
    with office.world.db.cursor() as cur:
        cur.run("UPDATE bulk_item SET status = 'waiting', finished_at = NULL")
        cur.run("UPDATE bulk_run SET status = 'running'")
        cur.run("UPDATE document SET status = 'queued' WHERE id = ?", office.documents()[2].id)
    assert office.work(run_id) == ["made"] * 3
    assert (len(office.documents()), len(office.printer.printed)) == (3, 4)


def test_process_that_ends_leaves_its_cases_waiting(office: Office) -> None:
    office.printer.broken = "<html"
    run_id = office.start()
    (item, *_) = waiting_items(office.world.db, run_id, 0, 9)
    ending = make_item(office.world.db, office.settings, office.printer, item, NOW, is_ending=lambda: True)
    assert (ending, office.counts(run_id)) == ("waiting", {"waiting": 3})


def test_one_process_holds_a_run_until_it_lets_go_or_its_time_is_over(office: Office) -> None:
    db, run_id = office.world.db, office.start()
    assert due_runs(db, NOW) == (run_id,)
    assert hold(db, run_id, "one", NOW)
    assert not hold(db, run_id, "two", NOW)
    assert due_runs(db, NOW) == ()
    later = NOW + timedelta(minutes=2)
    assert due_runs(db, later) == (run_id,)
    assert hold(db, run_id, "two", later)
    let_go(db, run_id, "one", later)
    assert not hold(db, run_id, "three", later)


def test_run_of_a_process_that_died_is_taken_over_at_once(office: Office) -> None:
    name = "from cases.processes import this_process; print(this_process())"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    gone = subprocess.run([sys.executable, "-c", name], env=env, check=True, capture_output=True, text=True)
    dead = gone.stdout.strip()
    assert is_gone(dead)
    assert not is_gone(this_process())
    assert not is_gone(f"elsewhere:{dead.partition(':')[2]}")
    run_id = office.start()
    assert hold(office.world.db, run_id, dead, NOW)
    assert due_runs(office.world.db, NOW) == (run_id,)
    assert hold(office.world.db, run_id, this_process(), NOW)


def test_cases_are_chosen_by_the_filters_of_the_list_and_by_what_their_mode_has(office: Office) -> None:
    office.world.case(title="技术开发", mode="development")
    assert office.counts(office.start(choice=Choice(q="许可1"))) == {"waiting": 1}
    assert office.counts(office.start(choice=Choice(mode="development"))) == {"waiting": 1}
    assert office.counts(office.start("filing_form")) == {"waiting": 3}
    assert office.counts(office.start(choice=(office.cases[0], 999))) == {"waiting": 1}
    with pytest.raises(Invalid, match="没有可以生成"):
        office.start("filing_form", Choice(mode="development"))
    with pytest.raises(Invalid, match="没有可以批量生成的文书"):
        office.start("filing_pack")
    assert "acceptance_notice" not in kinds()


def test_only_officers_start_and_only_their_own_organization_sees_a_run(office: Office) -> None:
    with pytest.raises(Forbidden):
        start_run(office.world.db, office.world.person("finance"), KIND, Choice(), NOW)
    run_id = office.start()
    other = settle(office.world.db, "另一所大学", "other-")
    with office.world.db.read() as session, pytest.raises(NotFound):
        run_view(session, other.org_id, run_id)
    for act in (cancel_run, retry_run):
        with pytest.raises(NotFound):
            act(office.world.db, other.person("officer"), run_id, NOW)
    with pytest.raises(Forbidden):
        cancel_run(office.world.db, office.world.person("finance"), run_id, NOW)


@pytest.mark.postgres
def test_runs_work_on_postgres(postgres: Database, tmp_path: Path) -> None:
    world = settle(postgres)
    cases = (world.case(),)
    walk_to(world, cases[0], "edit_terms")
    office = Office(world, Settings(home=tmp_path, database_url=str(postgres.url)), cases)
    assert due_runs(postgres, NOW) == ()
    run_id = office.start()
    assert office.work(run_id) == ["made"]
    assert office.work(office.start()) == ["unchanged"]
