"""The vote of a committee: who took part, who recused themselves, whether the quorum and the majority were there.

Members who must recuse themselves: inventors of a patent of the case, and whoever was declared related when the case
was handed up. They count neither for the quorum nor for the vote.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rules.approval_routes import MAJORITIES, MAJORITY_OF, ApprovalBody
from rules.text import normalize
from states.context import Context
from states.plan import Unmet

COUNTS: Mapping[str, tuple[str, str]] = {
    "present": ("参加表决人数", "taking part"),
    "in_favor": ("赞成", "in favor"),
    "against": ("反对", "against"),
    "abstained": ("弃权", "abstained"),
}
_BETWEEN = re.compile(r"[\s、，,；;]+")
_LINES = re.compile(r"[\n；;]+")
_COLON = re.compile(r"[：:]")


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote as the minutes tell it: counts by the names of `COUNTS`, who attended, who recused themselves and why."""

    counts: Mapping[str, int]
    attending: tuple[str, ...]
    recused: tuple[tuple[str, str], ...]

    @property
    def present(self) -> int:
        """How many took part in the vote."""
        return self.counts["present"]

    @property
    def cast(self) -> int:
        """How many votes were counted, abstentions included."""
        return sum(self.counts[name] for name in ("in_favor", "against", "abstained"))

    @property
    def absent_names(self) -> frozenset[str]:
        """The names of who recused themselves."""
        return frozenset(name for name, _ in self.recused)


def names_in(text: str) -> tuple[str, ...]:
    """Return names as people list them, separated by 、, commas, blanks or lines."""
    return tuple(name for name in _BETWEEN.split(normalize(text)) if name)


def recusals_in(text: str) -> tuple[tuple[str, str], ...]:
    """Return names with their reasons: one a line, or between semicolons, as 姓名：理由."""
    lines = [line.strip() for line in _LINES.split(text) if line.strip()]
    parts = [(_COLON.split(line, maxsplit=1) + [""])[:2] for line in lines]
    return tuple((name.strip(), reason.strip()) for name, reason in parts)


def interested(ctx: Context) -> dict[str, tuple[str, str]]:
    """Return who must recuse themselves, by name, and why."""
    related = names_in(ctx.data.text("approval", "related_names"))
    return {
        **dict.fromkeys(related, ("已声明的关联人", "declared related")),
        **dict.fromkeys(ctx.facts.approvers.inventors, ("本案专利的发明人", "an inventor of a patent")),
    }


def given(payload: Any) -> dict[str, int]:
    """Return the counts that a payload gives."""
    found = {name: getattr(payload, name, None) for name in COUNTS}
    return {name: count for name, count in found.items() if count is not None}


def unmet_of(ctx: Context, body: ApprovalBody) -> tuple[Unmet, ...]:
    """Return what is wrong with the vote that the payload tells; a body of one person has none."""
    payload = ctx.payload
    counts = given(payload)
    if not body.is_committee:
        if counts or payload.recused or payload.attending:
            what = (f"“{body.zh}”由一人审批，不填写表决情况", f"{body.en} is one person and does not vote")
            return (_unmet(ctx, "no_vote_here", what, ("清空表决人数、到会名单和回避", "clear the vote")),)
        return ()
    if missing := [name for name in COUNTS if name not in counts]:
        zh, en = (
            "、".join(COUNTS[name][0] for name in missing),
            ", ".join(COUNTS[name][1] for name in missing),
        )
        what = (f"“{body.zh}”须开会表决，未填写：{zh}", f"{body.en} votes; missing: {en}")
        return (
            _unmet(ctx, "vote_missing", what, ("按会议纪要填写表决情况", "enter the vote of the minutes")),
        )
    vote = Vote(counts, names_in(payload.attending), recusals_in(payload.recused))
    return tuple(found for check in _CHECKS for found in check(ctx, body, vote))


def _adds_up(ctx: Context, body: ApprovalBody, vote: Vote) -> tuple[Unmet, ...]:
    voting = len(set(vote.attending) - vote.absent_names)
    wrong = []
    if vote.cast != vote.present:
        wrong.append(
            (
                f"赞成、反对、弃权合计{vote.cast}，参加表决{vote.present}人",
                f"{vote.cast} votes of {vote.present}",
            )
        )
    if vote.attending and voting != vote.present:
        wrong.append(
            (
                f"到会名单除回避外{voting}人，参加表决{vote.present}人",
                f"{voting} named, {vote.present} counted",
            )
        )
    if vote.present + len(vote.recused) > body.members:
        named = vote.present + len(vote.recused)
        wrong.append(
            (f"参加表决和回避共{named}人，成员只有{body.members}人", f"more than {body.members} members")
        )
    remedy = ("按会议纪要核对人数", "check the numbers against the minutes")
    return tuple(_unmet(ctx, "vote_adds_up", what, remedy) for what in wrong)


def _has_quorum(ctx: Context, body: ApprovalBody, vote: Vote) -> tuple[Unmet, ...]:
    if vote.present >= body.quorum:
        return ()
    without = f"（回避{len(vote.recused)}人不计）" if vote.recused else ""
    what = (
        f"“{body.zh}”须{body.quorum}人以上参加表决，实际{vote.present}人{without}",
        f"{body.en} needs {body.quorum} taking part, recused members not counted; there were {vote.present}",
    )
    return (
        _unmet(ctx, "no_quorum", what, ("达到法定人数后重新开会表决", "meet again with the quorum"), "PR-01"),
    )


def _has_majority(ctx: Context, body: ApprovalBody, vote: Vote) -> tuple[Unmet, ...]:
    needed = body.needed(vote.present)
    if vote.counts["in_favor"] >= needed:
        return ()
    base, share = MAJORITY_OF[body.majority_of], MAJORITIES[body.majority]
    what = (
        f"“{body.zh}”须{base[0]}{share[0]}赞成，即{needed}票，实际{vote.counts['in_favor']}票",
        f"{body.en} needs {share[1]} {base[1]}, {needed} votes; there were {vote.counts['in_favor']}",
    )
    remedy = ("未获通过的，办理“不予批准”或“退回修改”", "reject the case, or send it back")
    return (_unmet(ctx, "no_majority", what, remedy, "PR-01"),)


def _have_recused(ctx: Context, body: ApprovalBody, vote: Vote) -> tuple[Unmet, ...]:
    sitting = {seat.name for seat in ctx.facts.approvers.sitting(body.id)}
    members = dict.fromkeys([*vote.attending, *sorted(sitting)])
    why = interested(ctx)
    must = [name for name in members if name in why and name not in vote.absent_names]
    found = [
        _unmet(
            ctx, "must_recuse",
            (f"{name}系{why[name][0]}（或与其同名），应当回避", f"{name} is {why[name][1]} and must recuse"),
            ("在“回避”中写明姓名和理由，参加表决人数不计入", "name them under recused, and do not count them"), "PR-01",
        )
        for name in must
    ]  # fmt: skip
    if bare := [name for name, reason in vote.recused if not reason or not name]:
        what = (f"{'、'.join(bare)}的回避没有写明理由", f"no reason given for {', '.join(bare)}")
        found.append(_unmet(ctx, "recusal_reason", what, ("按“姓名：理由”每行写一人", "write name: reason")))
    if len(vote.absent_names) < len(vote.recused):
        what = ("回避名单中有人写了两次", "somebody is named twice as recused")
        found.append(_unmet(ctx, "recused_twice", what, ("删去重复的姓名", "name everybody once")))
    return tuple(found)


_CHECKS: tuple[Callable[[Context, ApprovalBody, Vote], tuple[Unmet, ...]], ...] = (
    _adds_up, _has_quorum, _has_majority, _have_recused,
)  # fmt: skip


def _unmet(
    ctx: Context, code: str, what: tuple[str, str], remedy: tuple[str, str], rule_id: str = ""
) -> Unmet:
    return ctx.unmet(code, rule_id, what, remedy, "approver")
