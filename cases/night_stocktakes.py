"""The night's work on stocktakes: campaigns left half-filled, new grants of rolling ones, and reminders to inventors.

A rolling campaign takes in every patent of its scope that changed since it was last looked through and is in no campaign
yet, so that a new grant opens its task (S1-07, S2-16). Reminders go by the due day of the campaign, each rung once.
"""

from datetime import date, datetime

from cases.db import Database, as_date, cursor_of
from cases.nightly import Line, StepReport
from cases.rating_links import queue_letter
from cases.stocktakes import Scope, fill_stocktake, focus_of, take_in

RUNGS = ((14, "d14"), (7, "d7"), (3, "d3"), (0, "d0"), (-7, "late7"))
BATCH = 2_000
AT_ONCE = 500

FILLING = "SELECT id, org_id FROM stocktake WHERE status = 'filling' ORDER BY id"
ROLLING = (
    "SELECT id, org_id, scope, focus, looked_until, created_at, title FROM stocktake "
    "WHERE status = 'open' AND rolling = ? ORDER BY id"
)
NEW = (
    "SELECT p.id, p.kind, p.college, p.inventors, p.ipc, p.grant_date, p.status FROM patent p "
    "WHERE p.org_id = ? AND p.status IN ('in_force', 'in_grace') AND p.updated_at >= ? AND p.id > ? "
    "AND NOT EXISTS (SELECT 1 FROM stocktake_item i WHERE i.org_id = p.org_id AND i.patent_id = p.id) "
    "ORDER BY p.id LIMIT ?"
)
LOOKED = "UPDATE stocktake SET looked_until = ? WHERE id = ?"
OPEN = "SELECT id, org_id, title, due_on FROM stocktake WHERE status = 'open' ORDER BY id"
TO_REMIND = (
    "SELECT l.id FROM rating_link l JOIN inventor n ON n.id = l.inventor_id WHERE l.stocktake_id = ? AND l.id > ? "
    "AND l.ended_at IS NULL AND l.expires_on >= ? AND l.rung <> ? AND l.mailed_at IS NOT NULL AND n.active AND n.email <> '' "
    "AND EXISTS (SELECT 1 FROM stocktake_item i WHERE i.stocktake_id = l.stocktake_id AND i.inventor_id = l.inventor_id "
    "AND i.state IN ('waiting', 'returned')) ORDER BY l.id LIMIT ?"
)
RUNG = "UPDATE rating_link SET rung = ? WHERE id = ?"


def take_in_grants(db: Database, now: datetime, on: date) -> StepReport:
    """Finish what was left half-filled, and take new grants into the rolling campaigns.

    Effects: writes stocktake and stocktake_item, batch by batch.
    """
    with db.read() as session:
        left = cursor_of(session, db.postgres).all(FILLING)
    for stocktake_id, org_id in left:
        fill_stocktake(db, org_id, stocktake_id, now)
    with db.read() as session:
        rolling = cursor_of(session, db.postgres).all(ROLLING, True)
    lines, total = [], 0
    for stocktake_id, org_id, scope, focus, looked, created, title in rolling:
        since = looked or created
        taken = _roll(db, org_id, stocktake_id, (scope, focus), since, now)
        total += taken
        if taken:
            zh, en = f"“{title}”新纳入{taken}件授权专利", f"'{title}' took in {taken} new grants"
            lines.append(Line(zh, en, f"/stocktakes/{stocktake_id}", org_id))
    zh = f"继续准备盘点{len(left)}项，滚动盘点{len(rolling)}项，新纳入专利{total}件"
    en = f"{len(left)} stocktakes went on filling, {len(rolling)} rolling ones took in {total} patents"
    return StepReport(zh, en, True, tuple(lines), (("filling", len(left)), ("taken", total)))


def _roll(
    db: Database, org_id: int, stocktake_id: int, told: tuple[str, str], since: object, now: datetime
) -> int:
    """Take the new grants into one campaign; return how many."""
    scope, focus = Scope.of_json(told[0]), focus_of(told[1])
    last, taken = 0, 0
    while True:
        with db.cursor() as cur:
            rows = cur.all(NEW, org_id, since, last, BATCH)
            if not rows:
                cur.run(LOOKED, cur.moment(now), stocktake_id)
                return taken
            taken += take_in(cur, org_id, stocktake_id, rows, scope, focus, now)
            last = rows[-1][0]


def remind_inventors(db: Database, now: datetime, on: date) -> StepReport:
    """Have letters written to inventors who have patents left to rate, on the rungs of each campaign's due day.

    Who never got a link by letter is left to those who handed it out. A rung that was missed is told by the next one.

    Effects: writes rating_link and outbox.
    """
    with db.read() as session:
        rows = cursor_of(session, db.postgres).all(OPEN)
    letters, lines = 0, []
    for stocktake_id, org_id, title, due in rows:
        rung = rung_of(as_date(due), on)
        sent = _remind(db, org_id, stocktake_id, rung, now, on) if rung else 0
        letters += sent
        if sent:
            zh, en = f"“{title}”提醒{sent}位发明人自评", f"'{title}': {sent} inventors reminded"
            lines.append(Line(zh, en, f"/stocktakes/{stocktake_id}/links", org_id))
    zh, en = f"盘点提醒邮件{letters}封", f"{letters} letters about stocktakes"
    return StepReport(zh, en, True, tuple(lines), (("letters", letters),))


def rung_of(due: date | None, on: date) -> str:
    """Return the rung that a day stands on; empty before the first."""
    left = (due - on).days if due is not None else 10_000
    passed = [name for days, name in RUNGS if left <= days]
    return passed[-1] if passed else ""


def _remind(db: Database, org_id: int, stocktake_id: int, rung: str, now: datetime, on: date) -> int:
    last, sent = 0, 0
    while True:
        with db.cursor() as cur:
            ids = [row[0] for row in cur.all(TO_REMIND, stocktake_id, last, cur.day(on), rung, AT_ONCE)]
            for link_id in ids:
                queue_letter(cur, org_id, link_id, rung, now)
            cur.many(RUNG, [(rung, link_id) for link_id in ids])
        if not ids:
            return sent
        last, sent = ids[-1], sent + len(ids)
