"""Messages to those who watch over an institution's record: once for each thing and person."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cases.db import Cursor
from cases.delivering import ADMINISTRATORS, tell
from cases.settings import Settings
from cases.trail import hold_org

WATCHERS = "SELECT id FROM app_user WHERE org_id = ? AND role IN ('administrator', 'readonly') AND active = ? ORDER BY id"


def alert(
    cur: Cursor, org_id: int, kind: str, subject: str, lines: Sequence[Mapping[str, Any]], now: datetime, *,
    auditors: bool = False,
) -> int:  # fmt: skip
    """Tell the administrators of an institution, and with `auditors` its read-only users; return how many are new.

    `kind` names the thing: whoever was told of it before is not told again.

    Effects: writes messages and their deliveries; holds the organization until the caller's transaction commits.
    """
    hold_org(cur, org_id)
    readers = [id_ for (id_,) in cur.all(WATCHERS if auditors else ADMINISTRATORS, org_id, True)]
    mail = bool(Settings.from_environment().smtp_host)
    return tell(cur, org_id, readers, kind, subject, lines, now, mail=mail)
