"""What a process that ended had in hand is given to the others before its lease runs out.

On one machine the kernel knows that it has ended; of another machine the heartbeats tell. A lease that runs out would do as
well, only later: nothing rests on this being quick.
"""

from datetime import datetime

from cases.db import Database
from cases.heartbeats import SILENT
from cases.processes import is_gone, is_here

HELD = (
    "SELECT o.id, o.attempts, r.host, p.seen_at < ? FROM outbox o JOIN flow_run r ON r.id = o.flow_run_id "
    "LEFT JOIN process p ON p.name = r.host WHERE o.status = 'running' AND o.available_at > ?"
)
GIVE_BACK = "UPDATE outbox SET available_at = ? WHERE id = ? AND status = 'running' AND attempts = ?"


def take_over(db: Database, now: datetime) -> int:
    """Let the rows of the outbox be claimed again whose worker has ended; return how many there were.

    Effects: writes outbox.
    """
    with db.cursor() as cur:
        moment = cur.moment(now)
        held = cur.all(HELD, cur.moment(now - SILENT), moment)
        left = [
            (id_, attempts)
            for id_, attempts, host, silent in held
            if (is_gone(host) if is_here(host) else silent)
        ]
        cur.many(GIVE_BACK, [(moment, id_, attempts) for id_, attempts in left])
    return len(left)
