"""A process dies right before each statement, commit, fsync and rename of an action; the next one makes it whole, once.

The boundaries are not sampled: each action is killed at the first, the second … until it comes to its end.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from bench.durability.findings import half_files, rows
from cases.advance import advance
from cases.bulk_making import due_runs, hold, let_go, make_item, waiting_items
from cases.bulk_runs import run_view, start_run
from cases.db import Database
from cases.idempotency import Answer, once, request_hash
from cases.imports import end_lost_imports
from cases.opening import open_case
from cases.outbox import LEASE, claim, finish
from cases.papers import render_document, request_document
from cases.processes import this_process
from cases.reminders import RemindReport, remind
from cases.settings import Settings
from cases.trail import verify
from exchange.list_import import import_list
from tests.cases.test_bulk_runs import Printer
from tests.durability.trap import is_killed_at
from tests.modes.story import walk_to
from tests.world import NOW, TODAY, World

KIND = "approval_form"
Check = Callable[[], object]


@dataclass
class Place:
    """A world on either database, with a file store."""

    world: World
    home: Path

    @property
    def db(self) -> Database:
        return self.world.db

    def apart(self) -> Database:
        """The same record over connections of its own, as a child has them."""
        return Database(self.db.url.render_as_string(hide_password=False), synchronous="OFF")

    def settings(self) -> Settings:
        return Settings(home=self.home, database_url=str(self.db.url))

    def one(self, sql: str) -> object:
        (row,) = rows(self.db, sql)
        return row[0] if len(row) == 1 else row

    def verified(self) -> None:
        with self.db.read() as session:
            assert verify(session).breaks == ()


@pytest.fixture
def place(any_world: World, tmp_path: Path) -> Iterator[Place]:
    found = Place(any_world, tmp_path / "home")
    found.home.mkdir()
    any_world.db.dispose()  # nothing that is open here goes into a child
    yield found


def everywhere(
    place: Place,
    act: Callable[[Database, int], object],
    prepare: Callable[[int], int],
    afterwards: Callable[[int], object] = lambda _: None,
) -> list[int]:
    """Kill an action at every boundary, each time on a subject of its own; return the subjects."""
    subjects = []
    for boundary in range(200):
        subjects.append(subject := prepare(boundary))
        place.db.dispose()
        killed = is_killed_at(boundary, lambda subject=subject: act(place.apart(), subject))  # type: ignore[misc]
        afterwards(subject)
        if not killed:
            return subjects
    raise AssertionError("the action has no end")


def test_step_is_taken_whole_and_once(place: Place) -> None:
    officer = place.world.person("officer")
    payload = {"note": "公示期满，提请审批"}

    def prepare(_: int) -> int:
        case_id = place.world.case()
        walk_to(place.world, case_id, "close_publicity")
        return case_id

    def act(db: Database, case_id: int) -> None:
        on = TODAY + timedelta(days=24)
        advance(
            db, case_id, "submit_approval", officer, payload, expected_version=8, today=on, now=NOW,
            action_key="k",
        )  # fmt: skip

    cases = everywhere(place, act, prepare)
    assert len(cases) > 5
    about = {
        "trail": "SELECT count(*) FROM trail WHERE action_key = 'k' AND case_id = {}",
        "outbox": "SELECT count(*) FROM outbox WHERE topic = 'notify_approvers' AND case_id = {}",
        "papers": "SELECT count(*) FROM document WHERE kind = 'approval_form' AND case_id = {}",
    }
    reference = {name: place.one(sql.format(cases[-1])) for name, sql in about.items()}
    assert (reference["trail"], reference["outbox"]) == (1, 1)
    for case_id in cases:
        before = {name: place.one(sql.format(case_id)) for name, sql in about.items()}
        assert before in ({**reference}, dict.fromkeys(about, 0))
        act(place.db, case_id)
        assert {name: place.one(sql.format(case_id)) for name, sql in about.items()} == reference
    place.verified()


def test_opening_under_a_key_is_done_once_and_answered(place: Place) -> None:
    officer = place.world.person("officer")

    def act(db: Database, number: int) -> Answer:
        def open_() -> Answer:
            case_id = open_case(
                db, officer, mode="exclusive_license", title=f"隔膜许可{number}", company_id=place.world.company_id,
                patent_ids=place.world.patent_ids[:1], today=TODAY, now=NOW,
            )  # fmt: skip
            return told(case_id)

        return once(
            db, officer, f"k-{number}", request_hash(str(number)), open_, resumable=False, recall=told, now=NOW,
            wait_seconds=0,
        )  # fmt: skip

    def told(case_id: int) -> Answer:
        return Answer(201, str(case_id))

    for number in everywhere(place, act, lambda boundary: boundary):
        answer = act(place.db, number)
        assert place.one(f"SELECT id FROM conversion_case WHERE title = '隔膜许可{number}'") == int(
            answer.body
        )
        assert act(place.db, number) == Answer(201, answer.body, replayed=True)
    place.verified()


def test_sweep_reminds_of_everything_once(place: Place) -> None:
    on = TODAY + timedelta(days=22)

    def prepare(_: int) -> int:
        case_id = place.world.case()
        walk_to(place.world, case_id, "post_publicity")
        return case_id

    def sweep(db: Database) -> RemindReport:
        return remind(db, on, NOW, mail=True)

    cases = everywhere(place, lambda db, _: sweep(db), prepare, lambda _: sweep(place.db))
    assert sweep(place.db).reminders == 0
    assert len(cases) > 5
    told = rows(
        place.db,
        "SELECT deadline_id, user_id, message_id FROM reminder WHERE channel = 'inbox' AND covered_by IS NULL",
    )
    due = {row[0] for row in rows(place.db, "SELECT id FROM deadline WHERE status = 'open'")}
    assert (len(due), {row[0] for row in told}) == (len(cases), due)
    assert len({row[:2] for row in told}) == len(told)
    lines = {
        id_: len(orjson.loads(str(body))) for id_, body in rows(place.db, "SELECT id, lines FROM message")
    }
    assert lines == {id_: sum(row[2] == id_ for row in told) for id_ in lines}
    assert sum(lines.values()) == len(told)
    mails = "SELECT count(*) FROM delivery WHERE channel = 'mail'"
    assert place.one(mails) == place.one("SELECT count(*) FROM outbox WHERE topic = 'mail'") == len(lines)


def test_paper_is_made_once(place: Place) -> None:
    officer, settings = place.world.person("officer"), place.settings()

    def prepare(_: int) -> int:
        case_id = place.world.case()
        walk_to(place.world, case_id, "edit_terms")
        execute(place.db, "UPDATE outbox SET status = 'done' WHERE status <> 'done'")
        return request_document(place.db, officer, case_id, KIND, now=NOW)

    def act(db: Database, document_id: int, later: int = 0) -> None:
        now = NOW + later * LEASE
        for work in claim(db, now):
            render_document(db, settings, Printer(), work.payload["document_id"], now)
            finish(db, work, now)

    def whole(document_id: int) -> None:
        act(place.db, document_id, 2)
        about = f"SELECT status, sha256 FROM document WHERE id = {document_id}"
        status, digest = rows(place.db, about)[0]
        assert (status, settings.files.has(str(digest))) == ("ready", True)
        assert rows(place.db, "SELECT id FROM outbox WHERE status <> 'done'") == []

    made = everywhere(place, act, prepare, whole)
    assert len(made) > 5
    assert half_files(place.home / "files") == []


def test_bulk_item_is_made_once_by_whoever_comes_next(place: Place) -> None:
    officer, settings = place.world.person("officer"), place.settings()

    def prepare(_: int) -> int:
        case_id = place.world.case()
        walk_to(place.world, case_id, "edit_terms")
        return start_run(place.db, officer, KIND, (case_id,), NOW)

    def act(db: Database, run_id: int) -> None:
        assert hold(db, run_id, this_process(), NOW)
        for item_id in waiting_items(db, run_id, 0, 9):
            make_item(db, settings, Printer(), item_id, NOW)
        let_go(db, run_id, this_process(), NOW)

    runs = everywhere(place, act, prepare)
    for run_id in runs:
        if run_id in due_runs(place.db, NOW):
            act(place.db, run_id)
        with place.db.read() as session:
            view = run_view(session, place.world.org_id, run_id)
        assert (view.status, view.counts["made"]) == ("done", 1)
    papers = f"SELECT case_id FROM document WHERE kind = '{KIND}' AND requested_seq = 2"
    assert len(rows(place.db, papers)) == len(runs)
    assert due_runs(place.db, NOW) == ()


def test_import_is_whole_after_it_was_repeated(place: Place, tmp_path: Path) -> None:
    officer, settings = place.world.person("officer"), place.settings()
    path = tmp_path / "list.csv"
    path.write_text("申请号,专利名称\n2020101000061,一种测试装置\n坏号,坏行\n", "utf-8-sig")

    def act(db: Database, boundary: int) -> None:
        import_list(db, settings.files, officer, path, filename=f"{boundary}.csv", mapping=None, now=NOW)

    tries = everywhere(place, act, lambda boundary: boundary)
    running = "SELECT count(*) FROM import_run WHERE status = 'running'"
    assert place.one(running) == end_lost_imports(place.db, NOW) > 0
    assert place.one(running) == 0
    act(place.db, -1)
    assert len(tries) > 5
    assert place.one("SELECT count(*) FROM patent WHERE title = '一种测试装置'") == 1
    assert place.one("SELECT accepted, rejected FROM import_run WHERE filename = '-1.csv'") == (1, 1)
    place.verified()


def execute(db: Database, sql: str) -> None:
    with db.cursor() as cur:
        cur.run(sql)
