"""The approval of a case: handed up on a route, decided body by body, granted with the last of them.

The route is the house's as it is on the day of submission and is kept with the case. Bodies of one stage decide in
any order; a later stage only after the earlier one. A refusal of any body ends the case, a send-back voids what has
been decided.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rules.approval_routes import ApprovalBody, Route, route_text
from states import approval_votes, ends
from states import guards as g
from states import payloads as p
from states.approval_route import decided, decisions_in, open_bodies, remaining, route_in, stored
from states.approvers import Approvers, Chair
from states.chart import Arc, Node
from states.clearances import order_of
from states.context import Context
from states.facts import CaseData
from states.payload_fields import Payload
from states.plan import Effects, Unmet
from states.steps import APPROVER, OFFICER, Step, kept, section

NODE = Node(
    "approval", "审批", "Approval",
    children=(
        Node("approval_open", "未报批", "not submitted", (Arc("submit_approval", "approval_submitted"),)),
        Node("approval_submitted", "审批中", "submitted", (
            Arc("approve", "approval_granted", choice="is_last_decision"),
            Arc("approve"),
            Arc("send_back", "approval_open"),
            Arc("void_approval", "approval_open"),
            Arc("reject", "rejected"),
        )),
        Node("approval_granted", "已批准", "granted", (Arc("void_approval", "approval_open"),)),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """A body for which somebody may decide now, and in what capacity."""

    body: ApprovalBody
    chair: Chair


def claims(ctx: Context) -> tuple[Claim, ...]:
    """Return the bodies that are asked now and for which the actor may decide."""
    spent = _spent(ctx)
    found: list[Claim] = []
    for body in open_bodies(ctx.data):
        chairs = ctx.facts.approvers.chairs(body.id, ctx.actor.id, ctx.today)
        free = [chair for chair in chairs if not spent & _persons(ctx.actor.id, chair)]
        found.extend(Claim(body, chair) for chair in free[:1])
    return tuple(found)


def claim_of(ctx: Context) -> Claim | None:
    """Return what the actor decides with this payload: the body named, or the only one there is."""
    found, named = claims(ctx), _named(ctx)
    if named:
        found = tuple(claim for claim in found if named in (claim.body.id, claim.body.zh))
    return found[0] if len(found) == 1 else None


def assumed(payload: Payload, data: CaseData) -> Payload:
    """Return a supposed decision with the body and the vote that it leaves out: the first asked, all in favor."""
    asked = open_bodies(data)
    if not isinstance(payload, p.Decline | p.Approve) or payload.body or not asked:
        return payload
    body = asked[0]
    filled: dict[str, Any] = {"body": body.id}
    if isinstance(payload, p.Approve) and body.is_committee and not approval_votes.given(payload):
        filled |= {"present": body.members, "in_favor": body.members, "against": 0, "abstained": 0}
    return payload.model_copy(update=filled)


def _named(ctx: Context) -> str:
    return str(getattr(ctx.payload, "body", ""))


def _persons(actor_id: int, chair: Chair) -> set[int]:
    return {actor_id, chair.deputy.for_id} if chair.deputy else {actor_id}


def _spent(ctx: Context) -> frozenset[int]:
    """Return who has decided on this route already and, by the house's rule, may not decide again."""
    if ctx.policy.one_person_several_bodies:
        return frozenset()
    ids = (decision.get(key) for decision in decisions_in(ctx.data) for key in ("by", "for_id"))
    return frozenset(id_ for id_ in ids if id_ is not None)


def is_last_decision(ctx: Context) -> bool:
    """Say whether this approval is the one that the case still waited for."""
    claim = claim_of(ctx)
    return claim is not None and remaining(ctx.data) == {claim.body.id}


CHOICES: Mapping[str, Callable[[Context], bool]] = {"is_last_decision": is_last_decision}


# Guards


def is_anybody_seated(ctx: Context) -> tuple[Unmet, ...]:
    """Somebody can decide for one of the bodies that are asked now."""
    asked = open_bodies(ctx.data) if ctx.at("approval_submitted") else ()
    if any(ctx.facts.approvers.is_manned(body.id, ctx.today) for body in asked):
        return ()
    return tuple(
        ctx.unmet(
            "nobody_seated", "PR-01",
            (f"“{body.zh}”没有可以审批的人员", f"nobody can decide for {body.en}"),
            ("请管理员在“审批席位”中为该机构指定人员或代理人", "have the administrator assign a seat or a deputy"),
            "administrator",
        )
        for body in asked
    )  # fmt: skip


def may_decide(ctx: Context) -> tuple[Unmet, ...]:
    """This very person may decide now, for the body named or for one of those that are asked."""
    if not ctx.at("approval_submitted") or ctx.actor.role not in APPROVER:
        return ()
    named = _named(ctx)
    body = next((b for stage in route_in(ctx.data) for b in stage if named in (b.id, b.zh)), None)
    if named and (body is None or body not in open_bodies(ctx.data)):
        return (_not_asked(ctx, named, body),)
    found = claims(ctx)
    if named and any(claim.body == body for claim in found):
        return ()
    if not named and (len(found) == 1 or (found and ctx.payload is None)):
        return ()
    if not named and found:
        return (_choose(ctx, found),)
    asked = (body,) if body else open_bodies(ctx.data)
    return tuple(_not_theirs(ctx, one) for one in asked if ctx.facts.approvers.is_manned(one.id, ctx.today))


def _not_asked(ctx: Context, named: str, body: ApprovalBody | None) -> Unmet:
    asked = open_bodies(ctx.data)
    now = ("、".join(one.zh for one in asked), ", ".join(one.en for one in asked))
    if body is None:
        what = (f"本案的审批路线中没有“{named}”", f"the route has no body '{named}'")
    elif body.id in decided(ctx.data):
        what = (f"“{body.zh}”已经审批", f"{body.en} has decided already")
    else:
        what = (f"前一环节尚未完成，还没有轮到“{body.zh}”", f"an earlier stage comes before {body.en}")
    remedy = (f"现在等待审批的是：{now[0]}", f"waiting now: {now[1]}")
    return ctx.unmet("body_not_asked", "PR-01", what, remedy, "approver")


def _choose(ctx: Context, found: tuple[Claim, ...]) -> Unmet:
    zh = "、".join(f"{claim.body.zh}（{claim.body.id}）" for claim in found)
    en = ", ".join(claim.body.id for claim in found)
    what = ("您可以代表不止一个机构审批，须指明是哪一个", "say for which body you decide")
    return ctx.unmet("choose_body", "", what, (f"在“审批机构”中选择：{zh}", f"body: {en}"), "approver")


def _not_theirs(ctx: Context, body: ApprovalBody) -> Unmet:
    chairs = ctx.facts.approvers.chairs(body.id, ctx.actor.id, ctx.today)
    if chairs:
        what = (
            f"您（或您代理的人）已在本案的另一机构作出审批，不能再代表“{body.zh}”",
            f"you, or whom you deputize for, have decided for another body; not also for {body.en}",
        )
        remedy = ("请该机构的其他人员或代理人审批", "ask somebody else of that body, or a deputy")
        return ctx.unmet("decided_before", "PR-01", what, remedy, "approver")
    zh, en = _who(ctx.facts.approvers, body, ctx.today)
    what = (
        f"“{body.zh}”由指定的人员审批，您今天没有该机构的席位或代理权",
        f"{body.en}: you have no seat there and deputize for nobody today",
    )
    return ctx.unmet("not_seated", "PR-01", what, (f"请{zh}审批", f"ask: {en}"), "approver")


def _who(approvers: Approvers, body: ApprovalBody, on: date) -> tuple[str, str]:
    names = []
    for seat in approvers.sitting(body.id):
        names.extend([seat.name] if seat.active else [])
        names.extend(one.name for one in approvers.deputies_of(seat.person_id, on))
    return "、".join(dict.fromkeys(names)), ", ".join(dict.fromkeys(names))


def has_no_interest(ctx: Context) -> tuple[Unmet, ...]:
    """Nobody decides on a patent of their own, or on a deal with whom they are related."""
    why = approval_votes.interested(ctx).get(ctx.actor.name)
    if ctx.actor.role not in APPROVER or why is None:
        return ()
    what = (
        f"您系{why[0]}（或与其同名），应当回避，不能审批本案",
        f"you are {why[1]}, or bear the same name, and must recuse",
    )
    remedy = ("由该机构的其他人员或代理人审批", "leave it to somebody else of the body, or to a deputy")
    return (ctx.unmet("must_recuse", "PR-01", what, remedy, "approver"),)


def is_vote_carried(ctx: Context) -> tuple[Unmet, ...]:
    """A committee had its quorum without the members who recused themselves, and the majority was in favor."""
    claim = claim_of(ctx)
    return approval_votes.unmet_of(ctx, claim.body) if claim and ctx.payload is not None else ()


def is_declining_minuted(ctx: Context) -> tuple[Unmet, ...]:
    """A committee that declines or sends back has minutes too."""
    claim = claim_of(ctx)
    if claim is None or ctx.payload is None or not claim.body.is_committee or ctx.payload.minutes_no:
        return ()
    what = (f"“{claim.body.zh}”的决定须有会议纪要", f"a decision of {claim.body.en} needs its minutes")
    remedy = ("填写“审批文号或会议纪要”", "enter the number of the minutes")
    return (ctx.unmet("minutes_missing", "PR-01", what, remedy, "approver"),)


def is_in_time(ctx: Context) -> tuple[Unmet, ...]:
    """A decision is not older than those of the stages before it, nor than the deputy's first day."""
    claim, day = claim_of(ctx), ctx.day("decided_on")
    if claim is None or day is None:
        return ()
    bounds = list(_bounds(ctx, claim))
    return tuple(
        ctx.unmet(
            "decided_too_early", "PR-01",
            (f"批准日期{day.isoformat()}早于{zh}{bound.isoformat()}", f"decided before {en} ({bound.isoformat()})"),
            ("核对批准日期", "check the date"), "approver",
        )
        for zh, en, bound in bounds
        if day < bound
    )  # fmt: skip


def _bounds(ctx: Context, claim: Claim) -> Iterator[tuple[str, str, date]]:
    before = _before(route_in(ctx.data), claim.body.id)
    earlier = [one for one in decisions_in(ctx.data) if one["body"] in before]
    if earlier:
        last = max(earlier, key=lambda one: str(one["decided_on"]))
        name = before[last["body"]]
        yield (
            f"前一环节“{name.zh}”的批准日期",
            f"the decision of {name.en}",
            date.fromisoformat(last["decided_on"]),
        )
    if claim.chair.deputy and not claim.body.is_committee:
        yield "代理的首日", "the deputy's first day", claim.chair.deputy.first


def _before(route: Route, body_id: str) -> dict[str, ApprovalBody]:
    found: dict[str, ApprovalBody] = {}
    for stage in route:
        if any(body.id == body_id for body in stage):
            return found
        found |= {body.id: body for body in stage}
    return found


def are_related_named(ctx: Context) -> tuple[Unmet, ...]:
    """A related party is named, so that members who must recuse themselves can be told."""
    if ctx.payload is None or not _is_related(ctx) or ctx.payload.related_names:
        return ()
    what = ("存在关联关系，尚未写明关联人", "a related party is declared but not named")
    remedy = ("在“关联人”中填写姓名，审批时据此回避", "name who is related; they recuse themselves")
    return (ctx.unmet("related_not_named", "PR-01", what, remedy, "officer"),)


def is_relation_approved(ctx: Context) -> tuple[Unmet, ...]:
    """A related party that the publicity names was declared when the case was handed up, where that came first."""
    if ctx.payload is None or not ctx.payload.related_party or not ctx.data.has("approval"):
        return ()
    if ctx.data.get("approval", "related_party"):
        return ()
    what = (
        "报批时没有声明关联关系，审批路线可能不同",
        "no related party was declared when the case was handed up",
    )
    remedy = ("先退回审批，声明关联关系后重新报批", "step back, declare it, and hand the case up again")
    return (ctx.unmet("relation_not_approved", "PR-01", what, remedy, "officer"),)


# Effects


def _is_related(ctx: Context) -> bool:
    return bool(ctx.payload.related_party or ctx.data.get("publicity", "related_party"))


def route_of(ctx: Context) -> Route:
    """Return the house's route for this case as it is handed up now."""
    related, secret = _is_related(ctx), bool(ctx.payload.secret)
    return ctx.policy.route_for(ctx.facts.mode, ctx.terms.amount_fen, related=related, secret=secret)


def _submit(ctx: Context) -> Effects:
    route = route_of(ctx)
    zh, en = route_text(route)
    facts = {
        "approval": {
            **kept(ctx),
            "related_party": _is_related(ctx),
            "submitted_by": ctx.actor.id,
            "submitted_by_name": ctx.actor.name,
            "submitted_on": ctx.today.isoformat(),
            "hash": ctx.terms.hashes.get("approval"),
            "amount_fen": ctx.terms.amount_fen,
            "body_zh": zh,
            "body_en": en,
            "route": stored(route),
        }
    }
    return Effects(facts=facts, documents=("approval_form",), outbox=("notify_approvers",))


def _acted(ctx: Context, claim: Claim) -> dict[str, Any]:
    """Return who decides for which body: both names, if a deputy does."""
    told = {
        **kept(ctx), "body": claim.body.id, "body_zh": claim.body.zh, "by": ctx.actor.id, "by_name": ctx.actor.name,
        "recorded_on": ctx.today.isoformat(),
    }  # fmt: skip
    if deputy := claim.chair.deputy:
        told |= {"for_id": deputy.for_id, "for_name": deputy.for_name, "for_reason": deputy.reason}
    return told


def _approve(ctx: Context) -> Effects:
    claim = _claimed(ctx)
    decision = _acted(ctx, claim)
    if claim.body.is_committee:
        decision["recused"] = [list(pair) for pair in approval_votes.recusals_in(ctx.payload.recused)]
    else:
        decision = {key: value for key, value in decision.items() if key not in _OF_VOTES}
    given = [*decisions_in(ctx.data), decision]
    if not is_last_decision(ctx):
        facts = section(ctx, "approval", decisions=given)
        is_stage_over = open_bodies(ctx.data) == (claim.body,)
        return Effects(facts=facts, outbox=("notify_approvers",) if is_stage_over else ())
    granted = {
        "decided_on": max(one["decided_on"] for one in given), "minutes_no": decision["minutes_no"],
        "opinion": decision["opinion"], "approved_by": ctx.actor.id, "approved_by_name": ctx.actor.name,
    }  # fmt: skip
    facts = section(ctx, "approval", decisions=given, **granted)
    return Effects(facts=facts, documents=("approval_form",))


_OF_VOTES = frozenset({*approval_votes.COUNTS, "attending", "recused"})


def _claimed(ctx: Context) -> Claim:
    claim = claim_of(ctx)
    if claim is None:
        raise ValueError("a decision for no body")
    return claim


def _send_back(ctx: Context) -> Effects:
    given = list(decisions_in(ctx.data))
    told = {**_acted(ctx, _claimed(ctx)), **({"decisions": given} if given else {})}
    return Effects(facts={"approval": None, "sent_back": told}, voids=("decisions",) if given else ())


def _reject(ctx: Context) -> Effects:
    ended = ends.end_unsigned(ctx, "rejected")
    return replace(ended, facts={"end": {**(ended.facts["end"] or {}), **_acted(ctx, _claimed(ctx))}})


_MAY = (g.is_another_pair_of_eyes, is_anybody_seated, may_decide, has_no_interest)
STEPS: tuple[Step, ...] = (
    Step(
        "submit_approval", "报批", "Submit for approval", "提交审批", "submitted for approval",
        OFFICER, p.SubmitApproval,
        (order_of("approval"), g.are_terms_complete, g.is_within_patent_life, are_related_named), _submit,
    ),
    Step(
        "approve", "批准", "Approve", "批准", "approved",
        APPROVER, p.Approve,
        (*_MAY, g.is_approval_of_these_terms, is_vote_carried, g.day_between("decided_on", "批准日期"), is_in_time),
        _approve, "success",
    ),
    Step(
        "send_back", "退回修改", "Send back", "退回修改", "sent back",
        APPROVER, p.Decline, (*_MAY, is_declining_minuted), _send_back, "warning",
    ),
    Step(
        "reject", "不予批准", "Reject", "不予批准", "rejected",
        APPROVER, p.Decline, (*_MAY, is_declining_minuted), _reject, "danger",
    ),
)  # fmt: skip
