"""How a reminder goes out beside the inbox, and until when lines can be added to it."""

from typing import TYPE_CHECKING

from cases.db import Cursor
from cases.outbox import put

if TYPE_CHECKING:
    from cases.reminder_ledger import Sweep

ADDRESS = "SELECT email FROM app_user WHERE id = ?"
QUEUED = "SELECT status, attempts FROM outbox WHERE key = ?"
MARK = "UPDATE message SET mail_status = 'queued' WHERE id = ?"


def can_be_added_to(cur: Cursor, message_id: int, *, owed: bool) -> bool:
    """Say whether a message has not gone out yet; what sends it waits until the caller commits."""
    row = cur.one(f"{QUEUED} FOR UPDATE" if cur.postgres else QUEUED, f"mail:{message_id}")
    return row is None or tuple(row) == ("pending", 0)


def queue(cur: Cursor, sweep: "Sweep", user_id: int, message_id: int, *, owed: bool) -> None:
    """Queue a message on its reader's channels; repeating it adds nothing."""
    if sweep.mail and cur.one(ADDRESS, user_id)[0]:
        cur.run(MARK, message_id)
        put(cur, sweep.org_id, "mail", f"mail:{message_id}", {"message_id": message_id}, sweep.now)
