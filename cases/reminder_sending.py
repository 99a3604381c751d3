"""Until when lines can be added to a reminder: while no channel beside the inbox has given it out of hand."""

from cases.db import Cursor
from cases.delivering import SKIPPED

# What sends the message is held until the caller commits, so that nobody sends it without what the caller adds.
SENDERS = (
    "SELECT status, attempts FROM outbox WHERE key IN "
    "(SELECT slot FROM delivery WHERE message_id = ? AND channel <> 'inbox' AND slot <> '')"
)
GONE = (
    "SELECT 1 FROM delivery WHERE message_id = ? AND channel <> 'inbox' AND "
    "(status IN ('sent', 'failed', 'bounced') OR handed_at IS NOT NULL OR (status = 'skipped' AND error = ?)) LIMIT 1"
)


def can_be_added_to(cur: Cursor, message_id: int, *, owed: bool) -> bool:
    """Say whether a message has not gone out yet on any channel; the inbox can always be added to.

    A message that its reader did not want by mail takes no line that is `owed` to them by mail.
    """
    held = cur.all(f"{SENDERS} FOR UPDATE" if cur.postgres else SENDERS, message_id)
    if any(tuple(row) != ("pending", 0) for row in held):
        return False
    return cur.one(GONE, message_id, SKIPPED["chosen"] if owed else "") is None
