"""Rows are handed on without Prefect: once each, whatever breaks on the way, one by one or many in a run."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import func, select

from cases import outbox
from cases.backlog import backlog, of_case
from cases.db import Database
from cases.errors import Conflict, NotFound
from cases.files import StoreDown
from cases.handing import FLOWS, SUBJECTS
from cases.outbox import INTERRUPTED, LEASE, MAX_ATTEMPTS, Failure
from cases.runs import RunLine, lose_silent, runs
from cases.settings import Settings
from cases.tables import Document, Message, Outbox
from contracts.pool import RendererLost, RenderPool
from exchange.mail import MailProblem
from flows.carrying import CROWD, alone, crowds, hand_on, hand_on_all, hand_on_batch
from flows.failures import UNEXPECTED, failure_of
from flows.work import BATCHES, TOPICS, Workshop
from tests.cases.dump import Dump, dump, execute
from tests.modes.acting import act
from tests.modes.story import walk_to
from tests.world import NOW, World


@dataclass
class Clock:
    """A clock that is moved by hand."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


@dataclass
class Place:
    """A workshop with its clock, and what the world of the test is."""

    shop: Workshop
    clock: Clock
    world: World
    runs: Iterator[str] = field(default_factory=lambda: iter(f"run-{number}" for number in range(1000)))

    def claimed(self) -> outbox.Work:
        """The one row that is due."""
        (work,) = outbox.claim(self.shop.db, self.clock())
        return work

    def ledger(self) -> tuple[RunLine, ...]:
        """All runs, the newest first."""
        with self.shop.db.read() as session:
            return runs(session, self.clock())

    def states(self) -> list[tuple[str, str, str]]:
        """Topic, status and error of all rows."""
        with self.shop.db.cursor() as cur:
            return [tuple(row) for row in cur.all("SELECT topic, status, error FROM outbox ORDER BY id")]


@pytest.fixture
def place(any_world: World, tmp_path: Path, renderers: RenderPool) -> Place:
    clock = Clock()
    known = Settings(home=tmp_path, database_url=str(any_world.db.url))
    return Place(Workshop(any_world.db, known, renderers, clock=clock), clock, any_world)


def _letters(world: World, count: int) -> None:
    """Queue letters to the officer; without a mail server none can be sent."""
    with world.db.write() as session:
        for number in range(count):
            session.add(
                Message(
                    org_id=world.org_id, user_id=world.person("officer").id, on=NOW.date(), kind="test",
                    subject=f"第{number}封", mail_status="queued", created_at=NOW,
                )
            )  # fmt: skip
    with world.db.cursor() as cur:
        for number in range(1, count + 1):
            outbox.put(cur, world.org_id, "mail", f"mail:{number}", {"message_id": number}, NOW)


def _waiting_case(place: Place) -> int:
    """A case that waits for its approvers, with nothing in the outbox but their notice."""
    case_id = place.world.case()
    walk_to(place.world, case_id, "submit_approval")
    execute(place.shop.db, "UPDATE outbox SET status = 'done' WHERE topic = 'render'")
    place.clock.move(timedelta(days=60))
    return case_id


def test_row_run_and_effect_tell_the_same(place: Place) -> None:
    case_id = _waiting_case(place)
    assert hand_on(place.shop, place.claimed(), "run-1") == "已通知1人"
    (run,) = place.ledger()
    assert (run.id, run.flow, run.state, run.result, run.case_id) == (
        "run-1",
        "审批通知",
        "done",
        "已通知1人",
        case_id,
    )
    with place.shop.db.read() as session:
        newest = of_case(session, place.world.org_id, case_id)[0]
    assert (newest.status, newest.flow_run_id, newest.next_try) == ("done", "run-1", None)


def test_failed_try_tells_why_in_plain_words_and_keeps_the_raw_text_apart(place: Place) -> None:
    _letters(place.world, 1)
    with pytest.raises(MailProblem):
        hand_on(place.shop, place.claimed(), "run-1")
    (run,) = place.ledger()
    assert (run.state, run.subject, run.error) == (
        "failed",
        "第0封",
        "尚未设置邮件服务器（PANHUO_SMTP_HOST）",
    )
    assert run.detail.startswith("exchange.mail.MailProblem: ")
    assert place.states() == [("mail", "pending", run.error)]


@pytest.mark.parametrize(
    ("topic", "payload", "told"),
    [
        ("render", {"document_id": 99}, "没有找到要处理的文书（编号99）"),
        ("mail", {"message_id": 99}, "没有找到要处理的消息（编号99）"),
        ("register", {"import_id": 99}, "没有找到要处理的导入记录（编号99）"),
        ("file_contract", {"case_id": 99}, "没有找到要处理的案件（编号99）"),
        ("notify_approvers", {}, "没有找到要处理的案件（编号缺失）"),
        ("fax", {"fax_id": 1}, "此版本不支持任务类型“fax”"),
    ],
)
def test_what_is_not_there_is_dead_at_once_with_a_reason(
    place: Place, topic: str, payload: dict[str, int], told: str
) -> None:
    with place.shop.db.cursor() as cur:
        outbox.put(cur, place.world.org_id, topic, "k", payload, NOW)
    with pytest.raises(NotFound):
        hand_on(place.shop, place.claimed(), "run-1")
    ((_, status, error),) = place.states()
    assert (status, error.startswith(told)) == ("dead", True)


def test_case_that_was_closed_meanwhile_is_told_and_harmed_by_nothing(place: Place) -> None:
    case_id = _waiting_case(place)
    act(place.world, case_id, "withdraw", 70, reason="企业放弃")
    execute(place.shop.db, "UPDATE outbox SET status = 'done' WHERE topic <> 'notify_approvers'")
    assert hand_on(place.shop, place.claimed(), "run-1") == "案件已不在审批中"
    with place.shop.db.read() as session:
        assert session.exec(select(func.count()).select_from(Message)).one() == 0


def test_worker_that_was_too_slow_leaves_the_row_to_the_next(place: Place) -> None:
    _waiting_case(place)
    slow = place.claimed()
    place.clock.move(LEASE)
    quick = place.claimed()
    assert hand_on(place.shop, slow, "slow") == "已由其他处理程序接手"
    assert hand_on(place.shop, quick, "quick") == "已通知1人"
    assert [run.id for run in place.ledger()] == ["quick"]


def test_all_that_is_due_is_handed_on_without_prefect(place: Place) -> None:
    case_id = place.world.case()
    walk_to(place.world, case_id, "submit_approval")
    place.clock.move(timedelta(days=60))
    assert hand_on_all(place.shop, 1) == {"done": 1}
    assert hand_on_all(place.shop) == {"done": 6}
    assert hand_on_all(place.shop) == {}
    with place.shop.db.read() as session:
        assert backlog(session) == {}
        assert {row.status for row in session.exec(select(Document))} == {"ready"}
        rows = of_case(session, place.world.org_id, case_id)
    assert {row.flow_run_id for row in rows} == {run.id for run in place.ledger()}
    assert {run.state for run in place.ledger()} == {"done"}


def test_crowd_of_a_cheap_topic_is_one_run(place: Place) -> None:
    _letters(place.world, CROWD)
    assert crowds(place.shop) == ("mail",)
    assert set(alone(("mail",))) == set(TOPICS) - {"mail"}
    assert hand_on_all(place.shop) == {"failed": CROWD}
    (run,) = place.ledger()
    assert (run.flow, run.subject, run.state, run.result) == (
        "出件（批量）", "邮件发送", "done", f"完成0项，未成功{CROWD}项",
    )  # fmt: skip
    with place.shop.db.cursor() as cur:
        assert cur.all("SELECT DISTINCT status, attempts, flow_run_id FROM outbox") == [
            ("pending", 1, run.id)
        ]


def test_batch_that_is_stopped_gives_back_what_it_has_not_done(place: Place) -> None:
    _letters(place.world, 40)
    stop = Event()
    stop.set()
    assert hand_on_batch(place.shop, "mail", "run-1", stop=stop) == {}
    assert hand_on_batch(place.shop, "mail", "run-2", limit=30) == {"failed": 30}
    assert Counter(status for _, status, _ in place.states()) == {"pending": 40}
    assert {run.id: run.done for run in place.ledger()} == {"run-1": 0, "run-2": 30}


def test_names_and_subjects_cover_every_topic() -> None:
    assert set(TOPICS) == set(FLOWS)
    assert set(SUBJECTS) <= set(TOPICS)
    assert set(BATCHES) <= set(TOPICS)


@pytest.mark.parametrize(
    ("error", "reason", "final", "outer"),
    [
        (NotFound("没有找到该文书"), "没有找到该文书", True, False),
        (Conflict("案件刚被他人修改"), "案件刚被他人修改", False, False),
        (MailProblem("邮件服务器拒绝"), "邮件服务器拒绝", False, True),
        (OSError(28, "No space left on device"), "服务器磁盘空间不足，清理后将自动重试", False, True),
        (ConnectionResetError("reset"), "网络连接中断，将自动重试", False, True),
        (ValueError("bad"), UNEXPECTED, False, False),
        (
            psycopg.OperationalError("the connection is closed"),
            "数据或文件暂时无法读写，恢复后将自动重试",
            False,
            True,
        ),
        (StoreDown("文件目录暂时不能读写"), "文件目录暂时不能读写", False, True),
        (RendererLost("文书生成进程意外终止"), "文书生成进程意外终止", False, False),
    ],
)
def test_failures_are_told_in_chinese_and_never_by_their_class(
    error: Exception, reason: str, final: bool, outer: bool
) -> None:
    told = failure_of(error)
    assert (told.reason, told.final, told.outer) == (reason, final, outer)
    assert type(error).__name__ not in told.reason
    assert type(error).__name__ in told.detail


class Crash(BaseException):
    """The end of a process, as far as the code that runs in it can tell: nothing handles it."""


def _effects(db: Database) -> Dump:
    """What handlers have done, without the clerks' own rows."""
    kept = dump(db, "outbox", "flow_run")
    return {name: rows for name, rows in kept.items() if name in ("message", "document")}


# Where a worker dies: before it says that it begins, before the effect, between effect and finish, or not at all.
POINTS = ("claimed", "begun", "effect", "none")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=st.lists(st.sampled_from(POINTS), min_size=1, max_size=MAX_ATTEMPTS - 1))
def test_crashes_at_any_point_change_nothing_twice(world: World, tmp_path: Path, points: list[str]) -> None:
    """An approvers' notice in a case of its own each time: told once, however its workers died."""
    clock = Clock()
    known = Settings(home=tmp_path, database_url=str(world.db.url))
    shop = Workshop(world.db, known, RenderPool(tmp_path, processes=1), clock=clock)
    place = Place(shop, clock, world)
    execute(
        world.db, "UPDATE outbox SET status = 'done'", "UPDATE conversion_case SET closed_on = '2026-03-02'"
    )
    before = _effects(world.db)
    case_id = _waiting_case(place)
    added = {id_: len(rows) for id_, rows in before.items()}

    def dying(point: str) -> str:
        if point == "begun":
            raise Crash
        result = TOPICS["notify_approvers"](shop, work.payload, "")
        if point == "effect":
            raise Crash
        return result

    for number, point in enumerate([*points, "none"]):
        claimed = outbox.claim(world.db, clock())
        if not claimed:
            break
        (work,) = claimed
        if point != "claimed":
            with suppress(Crash):
                hand_on(shop, work, f"{case_id}-{number}", partial(dying, point))
        clock.move(LEASE)
    assert outbox.claim(world.db, clock()) == ()
    told = len(_effects(world.db)["message"]) - added["message"]
    assert told == 1
    lose_silent(world.db, clock() + LEASE)
    with world.db.read() as session:
        states = Counter(run.state for run in runs(session, clock(), case_id=case_id))
    done_at = points.index("none") if "none" in points else len(points)
    dead = sum(point in ("begun", "effect") for point in points[:done_at])
    assert (states["done"], states["lost"]) == (1, dead)


def test_notice_is_not_told_again_after_a_later_event(place: Place) -> None:
    """The worker died after telling; meanwhile the case went on, and still waits for its approvers."""
    case_id = _waiting_case(place)
    work = place.claimed()
    TOPICS["notify_approvers"](place.shop, work.payload, "")
    execute(place.shop.db, f"UPDATE conversion_case SET trail_seq = trail_seq + 1 WHERE id = {case_id}")
    assert TOPICS["notify_approvers"](place.shop, work.payload, "") == "已通知"
    with place.shop.db.read() as session:
        assert session.exec(select(func.count()).select_from(Message)).one() == 1


def test_filing_papers_asked_for_twice_are_made_once(
    world: World, tmp_path: Path, renderers: RenderPool
) -> None:
    walk_to(world, world.case(), "take_effect")
    clock = Clock(NOW + timedelta(days=60))
    shop = Workshop(world.db, Settings(home=tmp_path, database_url=""), renderers, clock=clock)
    execute(world.db, "UPDATE outbox SET status = 'done' WHERE topic <> 'file_contract'")
    seen = []
    for run_id in ("first", "second"):
        execute(world.db, "UPDATE outbox SET status = 'pending' WHERE topic = 'file_contract'")
        clock.move(LEASE)
        hand_on(shop, outbox.claim(world.db, clock())[0], run_id)
        with world.db.read() as session:
            seen.append(sorted(session.exec(select(Document.kind, Document.version))))
    assert seen[0] == seen[1]
    assert ("filing_pack", 1) in seen[0]


def test_row_whose_workers_all_die_is_given_up_and_its_case_goes_on(place: Place) -> None:
    _letters(place.world, 1)
    for _ in range(MAX_ATTEMPTS):
        place.claimed()
        place.clock.move(LEASE)
    assert outbox.claim(place.shop.db, place.clock()) == ()
    assert place.states() == [("mail", "dead", INTERRUPTED)]


def test_outer_failure_of_a_batch_is_patient(place: Place) -> None:
    _letters(place.world, 1)
    for _ in range(MAX_ATTEMPTS):
        hand_on_batch(place.shop, "mail", next(place.runs))
        place.clock.move(timedelta(hours=2))
    assert place.states() == [("mail", "pending", "尚未设置邮件服务器（PANHUO_SMTP_HOST）")]
    place.shop.settings = replace(place.shop.settings, smtp_host="127.0.0.1", smtp_port=9)
    assert hand_on_batch(place.shop, "mail", next(place.runs)) == {"failed": 1}
    with place.shop.db.read() as session:
        assert session.exec(select(Outbox.attempts)).one() == MAX_ATTEMPTS + 1


def test_failure_is_told_where_it_is_text_alone(world: World) -> None:
    _letters(world, 1)
    outbox.fail(world.db, outbox.claim(world.db, NOW)[0], "退信", NOW)
    outbox.fail(world.db, outbox.claim(world.db, NOW + LEASE)[0], Failure("退信", final=True), NOW)
    with world.db.read() as session:
        assert backlog(session) == {"dead": 1}
