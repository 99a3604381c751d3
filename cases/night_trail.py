"""The night's look at the trail: every chain of every institution, as far as the night's time allows.

Institutions are verified one after the other, so that none holds up the record for long. What the time of one night
does not suffice for is where the next night goes on.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from time import monotonic

from sqlmodel import col, select

from cases.alerts import alert
from cases.db import Database
from cases.nightly import MOST_LINES, Line, StepReport, last_report
from cases.tables import Organization
from cases.trail import Break, Verification, verify

SECONDS = 1800.0
STEP = "trail"


def check_trail(
    db: Database, now: datetime, on: date, *, seconds: float = SECONDS, ticks: Callable[[], float] = monotonic
) -> StepReport:
    """Verify the chains of the institutions, from where the last night stopped, until the time is up.

    Every break is named with its chain and entry; administrators and read-only users of the institution are told once.

    Effects: writes messages.
    """
    until = ticks() + seconds
    orgs = _in_turn(db, last_report(db, STEP, on))
    found: list[tuple[int, Verification]] = []
    while orgs and (not found or ticks() < until):
        org_id = orgs.pop(0)
        with db.read() as session:
            found.append((org_id, verify(session, org_id)))
        _tell(db, org_id, found[-1][1], now)
    return _report(found, orgs)


def _in_turn(db: Database, last: StepReport | None) -> list[int]:
    """Return the institutions, beginning with the one at which the last night stopped."""
    with db.read() as session:
        ids = [int(id_ or 0) for id_ in session.exec(select(Organization.id).order_by(col(Organization.id)))]
    first = int(last.next) if last and last.next.isdecimal() else 0
    return sorted(ids, key=lambda id_: (id_ < first, id_))


def _tell(db: Database, org_id: int, found: Verification, now: datetime) -> None:
    for broken in found.breaks[:MOST_LINES]:
        lines = [{"title": _words(broken)[0], "note": "请打开“审计”核验并导出审计包，保留现场，联系技术人员"}]
        with db.cursor() as cur:
            kind = f"trail:{broken.chain}:{broken.seq}"
            alert(cur, org_id, kind, "留痕核验发现断点", lines, now, auditors=True)


def _words(broken: Break) -> tuple[str, str]:
    kind, _, id_ = broken.chain.partition(":")
    zh = f"案件记录{id_}" if kind == "case" else f"机构记录{id_}"
    return (
        f"{zh}的留痕自第{broken.seq}条起断开：{broken.reason_zh}",
        f"chain {broken.chain} is broken at entry {broken.seq}: {broken.reason_en}",
    )


def _report(found: list[tuple[int, Verification]], left: list[int]) -> StepReport:
    chains, entries = sum(one.chains for _, one in found), sum(one.entries for _, one in found)
    lines = tuple(_lines(found))
    later = (f"；还有{len(left)}家机构下一夜继续", f"; {len(left)} institutions are left for the next night")
    zh = f"核验{chains}条链、{entries}条记录，{f'发现{len(lines)}处断点' if lines else '全部完整'}"
    en = f"{chains} chains, {entries} entries verified, {f'{len(lines)} breaks' if lines else 'all intact'}"
    return StepReport(
        zh + (later[0] if left else ""), en + (later[1] if left else ""), not lines, lines[:MOST_LINES],
        (("chains", chains), ("entries", entries), ("breaks", len(lines)), ("left", len(left))),
        str(left[0]) if left else "",
    )  # fmt: skip


def _lines(found: list[tuple[int, Verification]]) -> Iterator[Line]:
    for org_id, one in found:
        for broken in one.breaks:
            yield Line(*_words(broken), "/admin/audit", org_id)
