"""Starting dead work again: by an officer for a job of a case, by an administrator for all of a kind."""

from datetime import datetime

from cases.db import Database
from cases.errors import Conflict, Forbidden, NotFound
from cases.outbox import REVIVE
from cases.scope import Person
from cases.trail import append_org

REVIVERS = frozenset({"officer", "administrator"})
REVIVE_TOPIC = (
    "UPDATE outbox SET status = 'pending', attempts = 0, available_at = ?, finished_at = NULL "
    "WHERE org_id = ? AND topic = ? AND status = 'dead'"
)
FOUND = "SELECT topic, case_id, error, key FROM outbox WHERE id = ? AND org_id = ?"

# What a dead job was to send failed with it, and is sent by it again.
SEND_AGAIN = (
    "UPDATE delivery SET status = 'queued', attempts = 0, ended_at = NULL "
    "WHERE org_id = ? AND status = 'failed' AND"
)
SEND_ALL_AGAIN = (
    f"{SEND_AGAIN} slot IN "  # noqa: S608
    "(SELECT key FROM outbox WHERE org_id = ? AND topic = ? AND status = 'dead')"
)


def revive_job(db: Database, person: Person, outbox_id: int, now: datetime) -> None:
    """Start a dead job of the person's organization again, from its first try.

    Raises: Forbidden, NotFound; Conflict if it is not dead, as when somebody else was quicker.
    Effects: writes outbox, delivery and the organization's trail.
    """
    _check(person)
    with db.cursor() as cur:
        found = cur.one(FOUND, outbox_id, person.org_id)
        if found is None:
            raise NotFound(
                "没有找到这项后台任务，可能已完成并清理", "no such job; it may be done and cleared away"
            )
        cur.run(REVIVE, cur.moment(now), outbox_id, person.org_id)
        if not cur.raw.rowcount:
            raise Conflict("这项后台任务没有停止，无需重新执行", "this job has not stopped")
        topic, case_id, error, key = found
        cur.run(f"{SEND_AGAIN} slot = ?", person.org_id, key)
        body = {"outbox_id": outbox_id, "topic": topic, "case_id": case_id, "error": error}
        append_org(cur, person.org_id, person.author, "work_revived", body, now)


def revive_topic(db: Database, person: Person, topic: str, now: datetime) -> int:
    """Start all dead jobs of a kind of the person's organization again and return how many there were.

    Raises: Forbidden unless the person is an administrator.
    Effects: writes outbox, delivery and, if there were any, the organization's trail.
    """
    if person.role != "administrator":
        raise Forbidden("批量重新执行须由管理员办理", "only administrators start all jobs of a kind again")
    with db.cursor() as cur:
        cur.run(SEND_ALL_AGAIN, person.org_id, person.org_id, topic)
        cur.run(REVIVE_TOPIC, cur.moment(now), person.org_id, topic)
        count = int(cur.raw.rowcount)
        if count:
            append_org(
                cur, person.org_id, person.author, "work_revived", {"topic": topic, "count": count}, now
            )
    return count


def _check(person: Person) -> None:
    if person.role not in REVIVERS:
        raise Forbidden("重新执行后台任务须由转化专员或管理员办理", "only officers start jobs again")
