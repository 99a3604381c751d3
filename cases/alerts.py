"""Messages to those who watch over an institution's record: once for each thing and person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from cases.db import Cursor
from cases.delivering import queue_deliveries
from cases.settings import SHANGHAI, Settings
from cases.trail import hold_org

WATCHERS = "SELECT id FROM app_user WHERE org_id = ? AND role IN ('administrator', 'readonly') AND active = ? ORDER BY id"
ADMINISTRATORS = (
    "SELECT id FROM app_user WHERE org_id = ? AND role = 'administrator' AND active = ? ORDER BY id"
)
TOLD = "SELECT 1 FROM message WHERE user_id = ? AND kind = ?"
TELL = (
    'INSERT INTO message (org_id, user_id, "on", kind, subject, lines, mail_status, created_at) '
    "VALUES (?, ?, ?, ?, ?, ?, '', ?) RETURNING id"
)


def alert(
    cur: Cursor, org_id: int, kind: str, subject: str, lines: Sequence[Mapping[str, Any]], now: datetime, *,
    auditors: bool = False,
) -> int:  # fmt: skip
    """Tell the administrators of an institution, and with `auditors` its read-only users; return how many are new.

    `kind` names the thing: whoever was told of it before is not told again.

    Effects: writes messages and their deliveries; holds the organization until the caller's transaction commits.
    """
    hold_org(cur, org_id)
    told = 0
    for (user_id,) in cur.all(WATCHERS if auditors else ADMINISTRATORS, org_id, True):
        if cur.one(TOLD, user_id, kind) is None:
            day = cur.day(now.astimezone(SHANGHAI).date())
            text = orjson.dumps(list(lines)).decode()
            (message_id,) = cur.one(TELL, org_id, user_id, day, kind, subject, text, cur.moment(now))
            queue_deliveries(cur, message_id, now, mail=bool(Settings.from_environment().smtp_host))
            told += 1
    return told
