"""Takes a step of a stocktake: version check, decision, item, history, profile and trail in one transaction.

The only writer of an item's state. Inventors come by their link (`by_inventor`), everybody else signs in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import orjson

from cases.db import Cursor, Database
from cases.errors import ActionError, Invalid, NotFound, Refused, Stale
from cases.profiles import change_profile, enter_pool, leave_pool
from cases.scope import Author, Person
from cases.settings import SHANGHAI
from cases.stocktake_answers import Rating, missing_of, profile_of, stored
from cases.stocktake_facts import Item, load_item
from cases.trail import append_org, hold_org
from rules.panel import panel_result
from states.plan import Refusal
from states.stocktake_steps import STEPS, decide, offered
from states.stocktaking import DISPOSALS, Asked, Verdict

MOST = 200
LONGEST_COMMENT = 500

MOVE = "UPDATE stocktake_item SET state = ?, version = version + 1, updated_at = ? WHERE id = ? AND org_id = ? AND version = ?"
KEEP_ANSWERS = "UPDATE stocktake_item SET answers = ?, draft = '{}', rated_at = ? WHERE id = ?"
KEEP_DECISION = "UPDATE stocktake_item SET disposal = ?, note = ?, decided_at = ? WHERE id = ?"
ADD_EVENT = (
    'INSERT INTO stocktake_event (org_id, item_id, step, "before", "after", why, told, who, user_id, at) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
LAST_EVENT = "SELECT who, step FROM stocktake_event WHERE item_id = ? ORDER BY id DESC LIMIT 1"
KEEP_SCORE = (
    "INSERT INTO panel_score (org_id, item_id, rater_id, score, comment, at) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (item_id, rater_id) DO UPDATE SET score = excluded.score, comment = excluded.comment, at = excluded.at"
)
SCORES = "SELECT score FROM panel_score WHERE item_id = ?"
KEEP_CENTRAL = "UPDATE stocktake_item SET central_score = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Deed:
    """A step on its way: who, on which item, what was asked, and what came with it."""

    asked: Asked
    by: Author
    now: datetime
    answers: Mapping[str, Any] | None = None
    score: int | None = None
    comment: str = ""

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return self.now.astimezone(SHANGHAI).date()


def take_step(
    db: Database, person: Person, item_id: int, asked: Asked, *, now: datetime, expected_version: int | None = None,
    rating: Rating | None = None, score: int | None = None, comment: str = "",
) -> int:  # fmt: skip
    """Take a step as a signed-in person and return the item's new version.

    Raises: NotFound; Stale if somebody was faster; Invalid for typed values; Refused with every condition.
    Effects: writes stocktake_item, stocktake_event, the profile, scores, pool entries and the trail.
    """
    own = replace(asked, role=person.role, actor_id=person.id)
    deed = Deed(
        own, person.author, now, _answers_of(rating), _checked_score(asked, score), comment[:LONGEST_COMMENT]
    )
    with db.cursor() as cur:
        hold_org(cur, person.org_id)
        return do_step(cur, person.org_id, item_id, deed, expected_version)


def do_step(cur: Cursor, org_id: int, item_id: int, deed: Deed, expected_version: int | None = None) -> int:
    """Take a step in the caller's transaction, which holds the organization; return the item's new version.

    Raises: as `take_step`.
    """
    if deed.asked.step not in STEPS:
        raise Invalid("没有这个步骤", {"step": f"可选：{'、'.join(STEPS)}"}, "no such step")
    item = load_item(cur, org_id, item_id, lock=True)
    if expected_version is not None and expected_version != item.version:
        raise _stale(cur, item_id)
    verdict = _decided(item, deed)
    if verdict.unmet:
        step = STEPS[deed.asked.step]
        raise Refused(Refusal(step.name, verdict.unmet), (step.zh, step.en))
    _effect(cur, item, deed)
    moment = cur.moment(deed.now)
    cur.run(MOVE, verdict.to, moment, item.id, org_id, item.version)
    if not cur.raw.rowcount:
        raise _stale(cur, item_id)
    told = {
        name: value for name, value in (
            ("choice", deed.asked.choice), ("papers", dict(deed.asked.papers)), ("score", deed.score),
            ("notified_on", _iso(deed.asked.notified_on)), ("review_on", _iso(deed.asked.review_on)),
            ("answers", dict(deed.answers) if deed.answers is not None else None),
        ) if value
    }  # fmt: skip
    cur.run(
        ADD_EVENT, org_id, item.id, deed.asked.step, item.state, verdict.to, deed.asked.why.strip(),
        orjson.dumps(told).decode(), deed.by.name, deed.by.id, moment,
    )  # fmt: skip
    body = {
        "stocktake_id": item.stocktake_id, "item_id": item.id, "patent_id": item.patent_id,
        "application_no": item.facts.patent.application_no, "step": deed.asked.step, "before": item.state,
        "after": verdict.to, "why": deed.asked.why.strip(), **told,
    }  # fmt: skip
    append_org(cur, org_id, deed.by, "stocktake_step", body, deed.now)
    return item.version + 1


def look_at(
    cur: Cursor, person: Person, item_id: int, today: date
) -> tuple[Item, tuple[tuple[str, Verdict], ...]]:
    """Return an item and, for every step that the person's role may take from here, what stands against it.

    What is typed with a step is not known yet: it is not held against the step. Writes nothing.

    Raises: NotFound.
    """
    item = load_item(cur, person.org_id, item_id)
    found = []
    for step in offered(item.state, person.role):
        asked = Asked(
            step.name, person.role, person.id, why="先看看" if step.needs_why else "", choice="keep"
        )
        verdict = decide(item.state, asked, item.facts, item.book, today)
        typed = ("review_missing", "rating_incomplete")
        found.append((step.name, Verdict(verdict.to, tuple(u for u in verdict.unmet if u.code not in typed))))
    return item, tuple(found)


def _decided(item: Item, deed: Deed) -> Verdict:
    facts = item.facts
    if deed.asked.step == "rate":
        facts = replace(facts, missing=missing_of(deed.answers if deed.answers is not None else item.answers))
    return decide(item.state, deed.asked, facts, item.book, deed.today)


def _answers_of(rating: Rating | None) -> Mapping[str, Any] | None:
    if rating is None:
        return None
    if rating.faults:
        raise Invalid("自评内容有误，请改正后重新提交", dict(rating.faults), "the rating is not valid")
    return rating.answers


def _checked_score(asked: Asked, score: int | None) -> int | None:
    if asked.step == "score" and (score is None or not 0 <= score <= 100):
        raise Invalid("评分须为0至100的整数", {"score": "评分须为0至100的整数"}, "a score is 0 to 100")
    return score


def _stale(cur: Cursor, item_id: int) -> Stale:
    row = cur.one(LAST_EVENT, item_id)
    who, step = (row[0], STEPS[row[1]].zh) if row else ("其他用户", "修改")
    return Stale(f"{who}刚刚办理了“{step}”，请刷新后再办理", f"{who} was faster")


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _effect(cur: Cursor, item: Item, deed: Deed) -> None:
    """Write what the step brings beside its state."""
    effect = _EFFECTS.get(deed.asked.step)
    if effect is not None:
        effect(cur, item, deed)


def _rate(cur: Cursor, item: Item, deed: Deed) -> None:
    answers = deed.answers if deed.answers is not None else item.answers
    cur.run(KEEP_ANSWERS, stored(answers), cur.moment(deed.now), item.id)
    _profile(cur, item, deed, profile_of(answers), "盘点自评")


def _score(cur: Cursor, item: Item, deed: Deed) -> None:
    by = deed.by.id
    if by is None or deed.score is None:
        raise NotFound("评分须由登录用户办理", "only people who have signed in score")
    cur.run(KEEP_SCORE, item.org_id, item.id, by, deed.score, deed.comment, cur.moment(deed.now))
    mean = panel_result([score for (score,) in cur.all(SCORES, item.id)]).mean
    cur.run(KEEP_CENTRAL, mean, item.id)
    _profile(cur, item, deed, {"central_score": mean}, "盘点集中评价")


def _enter(cur: Cursor, item: Item, deed: Deed) -> None:
    cur.run(KEEP_DECISION, "", deed.asked.why.strip(), cur.moment(deed.now), item.id)
    if item.disposal:
        _profile(cur, item, deed, {"disposal": ""}, "盘点决定入库")
    if not item.in_pool:
        enter_pool(
            cur, item.org_id, item.patent_id, on=deed.today, reason=deed.asked.why.strip() or "盘点决定入库",
            source=f"stocktake:{item.stocktake_id}", actor=deed.by, now=deed.now,
        )  # fmt: skip


def _dispose(cur: Cursor, item: Item, deed: Deed) -> None:
    choice = deed.asked.choice
    cur.run(KEEP_DECISION, choice, deed.asked.why.strip(), cur.moment(deed.now), item.id)
    _leave(cur, item, deed, f"盘点决定{DISPOSALS[choice][0]}")
    changes: dict[str, object] = {"disposal": choice}
    if deed.asked.review_on is not None:
        changes["review_on"] = deed.asked.review_on
    _profile(cur, item, deed, changes, deed.asked.why.strip())


def _reopen(cur: Cursor, item: Item, deed: Deed) -> None:
    cur.run(KEEP_DECISION, "", "", None, item.id)
    if item.state == "pooled":
        _leave(cur, item, deed, deed.asked.why.strip())
    if item.disposal:
        _profile(cur, item, deed, {"disposal": ""}, deed.asked.why.strip())


def _leave(cur: Cursor, item: Item, deed: Deed, reason: str) -> None:
    if item.in_pool:
        leave_pool(
            cur, item.org_id, item.patent_id, on=deed.today, reason=reason, source=f"stocktake:{item.stocktake_id}",
            actor=deed.by, now=deed.now,
        )  # fmt: skip


def _profile(cur: Cursor, item: Item, deed: Deed, changes: Mapping[str, object], why: str) -> None:
    change_profile(
        cur, item.org_id, item.patent_id, changes, source=f"stocktake:{item.stocktake_id}", why=why, actor=deed.by,
        now=deed.now,
    )  # fmt: skip


_EFFECTS: Mapping[str, Callable[[Cursor, Item, Deed], None]] = {
    "rate": _rate, "score": _score, "enter_pool": _enter, "dispose": _dispose, "reopen": _reopen,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a step for one of many items; no reason means that it was done."""

    item_id: int
    reason: str = ""
    reason_en: str = ""


def take_steps(
    db: Database, person: Person, items: Sequence[tuple[int, int | None]], asked: Asked, now: datetime
) -> tuple[Done, ...]:
    """Take a step for many items, each in a transaction of its own; what fails for one changes nothing for the others."""
    if len(items) > MOST:
        raise Invalid(f"一次最多{MOST}件，请分批办理", {"items": f"共{len(items)}件"}, f"at most {MOST}")
    return tuple(_one(db, person, item_id, version, asked, now) for item_id, version in items)


def _one(
    db: Database, person: Person, item_id: int, version: int | None, asked: Asked, now: datetime
) -> Done:
    try:
        take_step(db, person, item_id, asked, now=now, expected_version=version)
    except ActionError as error:
        return Done(item_id, error.message, error.message_en)
    return Done(item_id)
