"""What no worker sends any more, because workers died over it: called failed, and sent again by a person only."""

from datetime import timedelta

from cases.outbox import MAX_ATTEMPTS, claim, fail
from cases.reviving import revive_job
from cases.sending import settle_stranded
from exchange.delivering import Channels, deliver
from tests.cases.dump import execute
from tests.exchange.peers import Box
from tests.exchange.post_office import row, told
from tests.world import NOW, World


def test_row_that_killed_its_workers_is_called_failed(any_world: World) -> None:
    told(any_world)
    now = NOW
    for _ in range(MAX_ATTEMPTS):
        for work in claim(any_world.db, now):
            fail(any_world.db, work, "中断", now)
        now += timedelta(days=1)
    settle_stranded(any_world.db, now)
    found = row(any_world)
    assert (found["status"], found["error"]) == ("failed", "发送程序多次中断，未能完成")
    with any_world.db.cursor() as cur:
        assert cur.all("SELECT mail_status FROM message") == [("failed",)]


def test_what_killed_its_workers_is_not_sent_again_by_itself(
    any_world: World, any_channels: Channels, box: Box
) -> None:
    told(any_world, title="第一项")
    execute(any_world.db, "UPDATE outbox SET status = 'dead', attempts = 6")
    settle_stranded(any_world.db, NOW)
    told(any_world, title="第二项")
    deliver(any_channels, "mail:2")
    assert outbox_keys(any_world) == ["mail:1", "mail:2"]


def test_dead_letter_that_is_started_again_is_sent(
    any_world: World, any_channels: Channels, box: Box
) -> None:
    told(any_world)
    execute(any_world.db, "UPDATE outbox SET status = 'dead', attempts = 6")
    settle_stranded(any_world.db, NOW)
    revive_job(any_world.db, any_world.person("administrator"), 1, NOW)
    deliver(any_channels, "mail:1")
    assert (len(box.letters), row(any_world)["status"]) == (1, "sent")


def outbox_keys(world: World) -> list[str]:
    with world.db.cursor() as cur:
        return [str(key) for (key,) in cur.all("SELECT key FROM outbox ORDER BY id")]
