"""First refusal of the inventors (优先受让): told of the terms, they waive, take up, or let the time pass.

Whoever made a service result may take it over on the same terms before it is transferred by contract. The law names no
time for the answer: the house's own (`inventor_reply`) stands in. All of it hangs on the terms that were told.

Source: 民法典 art 847
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from states import guards as g
from states.chart import Arc, Node
from states.clearances import order_of
from states.context import Context
from states.payload_fields import Day, Line, Note, OptionalLine, Payload, asked, chosen, optional
from states.plan import Closing, Effects, Unmet
from states.promises import promised
from states.steps import OFFICER, Step, kept, required_day, section

VOID = Arc("void_first_refusal", "refusal_open")
FIRST_REFUSAL = Node(
    "first_refusal", "优先受让", "First refusal",
    children=(
        Node("refusal_open", "未通知成果完成人", "inventors not told", (Arc("notify_inventors", "refusal_waiting"),)),
        Node("refusal_waiting", "待成果完成人答复", "waiting for the inventors", (
            Arc("record_inventor_answer", "refusal_exercised", choice="is_refusal_exercised"),
            Arc("record_inventor_answer", "first_refusal_cleared", choice="have_all_waived"),
            Arc("record_inventor_answer"),
            Arc("close_first_refusal", "first_refusal_cleared"),
            VOID,
        )),
        Node("refusal_exercised", "已主张优先受让", "taken up by an inventor", (
            Arc("settle_first_refusal", "first_refusal_cleared"), VOID,
        )),
        Node("first_refusal_cleared", "优先受让已了结", "cleared", (VOID,)),
    ),
)  # fmt: skip


class NotifyInventors(Payload):
    """The inventors have been told the terms in writing."""

    notified_on: Day = asked("书面通知日期", "Told on", "date")
    inventors: OptionalLine = optional(
        "通知的成果完成人", "Told to", help_zh="姓名以顿号分隔；不填：登记的全部发明人（设计人）",
        help_en="Names, separated by commas; left out: all inventors on record",
    )  # fmt: skip
    evidence: Line = asked(
        "通知凭证", "Evidence", help_zh="通知书编号、送达方式；通知须写明受让人、价款和付款方式"
    )


class RecordInventorAnswer(Payload):
    """One or more of the inventors have answered."""

    inventors: Line = asked("答复人", "Inventors", help_zh="姓名以顿号分隔；答复相同的可一并登记")
    answer: Literal["waived", "exercised"] = chosen("答复", "Answer", {
        "waived": ("放弃优先受让", "waived"),
        "exercised": ("主张按同等条件受让", "taken up on the same terms"),
    })  # fmt: skip
    answered_on: Day = asked("答复日期", "Answered on", "date")
    evidence: Line = asked("书面答复", "Document", help_zh="放弃声明或受让主张的编号、存放位置")


class CloseFirstRefusal(Payload):
    """The time for the answer is over."""

    closed_on: Day = asked("期满确认日期", "Closed on", "date")
    note: Note = asked("未答复情况说明", "Who did not answer", "textarea", "写明未答复人、通知送达情况")


class SettleFirstRefusal(Payload):
    """What came of an inventor's taking up of the first refusal."""

    outcome: Literal["is_assignee", "given_up"] = chosen("处理结论", "Outcome", {
        "is_assignee": ("本案受让人就是主张优先受让的成果完成人", "the inventor is the assignee of this case"),
        "given_up": ("该成果完成人其后书面放弃", "the inventor has given it up in writing"),
    })  # fmt: skip
    settled_on: Day = asked("处理日期", "Settled on", "date")
    evidence: Line = asked("书面凭证", "Document", help_zh="放弃声明，或由其受让的协议、确认书编号")


def names_in(text: str) -> tuple[str, ...]:
    """Return the names in a text, in their order, each once."""
    return tuple(dict.fromkeys(name.strip() for name in re.split(r"[,，、;；]+", text) if name.strip()))


def _on_record(ctx: Context) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for patent in g.living(ctx) for name in patent.inventors))


def _told(ctx: Context) -> tuple[str, ...]:
    return names_in(ctx.payload.inventors) or _on_record(ctx)


def unanswered(ctx: Context) -> tuple[str, ...]:
    """Return the inventors who were told and have not answered yet."""
    answered = {name for given in ctx.data.items("first_refusal", "answers") for name in given["names"]}
    return tuple(name for name in ctx.data.items("first_refusal", "told") if name not in answered)


def are_all_inventors_told(ctx: Context) -> tuple[Unmet, ...]:
    """Nobody who stands in the record as an inventor is left out, and somebody is named."""
    if ctx.payload is None:
        return ()
    told = _told(ctx)
    left_out = [name for name in _on_record(ctx) if name not in told]
    if told and not left_out:
        return ()
    what = (
        (f"通知遗漏了登记的发明人（设计人）：{'、'.join(left_out)}", f"left out: {', '.join(left_out)}")
        if told
        else ("专利没有登记发明人（设计人），又未填写通知对象", "no inventor is on record, and none is named")
    )
    remedy = ("通知全部成果完成人并逐一列明", "tell all inventors, and name them")
    return (ctx.unmet("inventors_left_out", "O-08", what, remedy, "officer"),)


def is_reply_time_set(ctx: Context) -> tuple[Unmet, ...]:
    """The house has set a time for the answer, as the law names none."""
    if ctx.policy.service_level("inventor_reply") is not None:
        return ()
    what = (
        "本单位没有规定成果完成人答复优先受让的时限",
        "the house has set no time for the inventors' answer",
    )
    remedy = ("在本单位规则包的 service_levels 中规定 inventor_reply", "set inventor_reply in the house pack")
    return (ctx.unmet("no_reply_time", "O-08", what, remedy, "administrator"),)


def are_answers_awaited(ctx: Context) -> tuple[Unmet, ...]:
    """Those who answer were told, and have not answered yet."""
    if ctx.payload is None:
        return ()
    waiting, named = unanswered(ctx), names_in(ctx.payload.inventors)
    strangers = [name for name in named if name not in waiting]
    if named and not strangers:
        return ()
    what = (f"不在待答复之列：{'、'.join(strangers) or '（未填写）'}", f"not awaited: {', '.join(strangers)}")
    remedy = (f"填写尚未答复的成果完成人：{'、'.join(waiting)}", "name inventors who have not answered yet")
    return (ctx.unmet("answer_not_awaited", "O-08", what, remedy, "officer"),)


def has_reply_time_passed(ctx: Context) -> tuple[Unmet, ...]:
    """The time for the answer is over."""
    last = ctx.data.day("first_refusal", "answer_by")
    if last is None or (ctx.day("closed_on") or ctx.today) > last:
        return ()
    return (
        ctx.unmet(
            "reply_time_running", "O-08",
            (
                f"成果完成人{'、'.join(unanswered(ctx))}尚未答复，答复期限至{last.isoformat()}",
                f"the time for the answer runs until {last.isoformat()}",
            ),
            ("待其答复，或期满次日起确认", "wait for the answer, or for the day after"), "outside", waits=True,
        ),
    )  # fmt: skip


def is_assignee_the_inventor(ctx: Context) -> tuple[Unmet, ...]:
    """If the inventor is said to be the assignee, the case's other side bears the name of one who took it up."""
    if ctx.payload is None or ctx.payload.outcome != "is_assignee":
        return ()
    takers = ctx.data.items("first_refusal", "takers")
    if ctx.facts.counterparty in takers:
        return ()
    what = (
        f"本案受让人“{ctx.facts.counterparty}”不是主张优先受让的成果完成人（{'、'.join(takers)}）",
        "the assignee of this case is not the inventor who took it up",
    )
    remedy = ("撤回本案，以该成果完成人为受让人另行立案", "open a case of their own for the inventor")
    return (ctx.unmet("assignee_is_another", "O-08", what, remedy, "officer"),)


def _notify(ctx: Context) -> Effects:
    notified = required_day(ctx, "notified_on")
    (opening,) = promised(
        ctx, "inventor_reply", ("first_refusal", "INVENTOR"), ("inventors_notified", notified)
    )
    told = {
        **kept(ctx), "told": list(_told(ctx)), "answers": [], "hash": ctx.terms.hashes.get("publicity"),
        "answer_by": opening.due.isoformat() if opening.due else None,
    }  # fmt: skip
    return Effects(facts={"first_refusal": told}, opens=(opening,))


def _answer(ctx: Context) -> Effects:
    given = {**kept(ctx), "names": list(names_in(ctx.payload.inventors))}
    answers = [*ctx.data.items("first_refusal", "answers"), given]
    if _is_exercised(ctx):
        taken = section(ctx, "first_refusal", answers=answers, takers=given["names"])
        return Effects(facts=taken, closes=(Closing("first_refusal"),))
    facts = section(ctx, "first_refusal", answers=answers)
    if not _have_all_waived(ctx):
        return Effects(facts=facts)
    return _cleared(ctx, facts, required_day(ctx, "answered_on"), "全体成果完成人放弃优先受让")


def _close(ctx: Context) -> Effects:
    facts = section(ctx, "first_refusal", **kept(ctx), silent=list(unanswered(ctx)))
    return _cleared(ctx, facts, required_day(ctx, "closed_on"), "答复期限届满，未主张优先受让")


def _settle(ctx: Context) -> Effects:
    facts = section(ctx, "first_refusal", **kept(ctx))
    return _cleared(ctx, facts, required_day(ctx, "settled_on"), ctx.payload.evidence)


def _cleared(ctx: Context, facts: Mapping[str, Any], on: date, evidence: str) -> Effects:
    """Record the waiver that the matrix asks for at the signature."""
    told = "、".join(ctx.data.items("first_refusal", "told"))
    waiver = {
        "consent": "inventor_waiver",
        "given_by": told,
        "given_on": on.isoformat(),
        "evidence": evidence,
    }
    given = {"given": [*ctx.data.items("consents", "given"), waiver]}
    return Effects(facts={**facts, "consents": given}, closes=(Closing("first_refusal"),))


def _is_exercised(ctx: Context) -> bool:
    return bool(getattr(ctx.payload, "answer", "") == "exercised")


def _have_all_waived(ctx: Context) -> bool:
    named = names_in(getattr(ctx.payload, "inventors", ""))
    return not _is_exercised(ctx) and set(unanswered(ctx)) <= set(named)


CHOICES: Mapping[str, Callable[[Context], bool]] = {
    "is_refusal_exercised": _is_exercised,
    "have_all_waived": _have_all_waived,
}
_NOTIFIED = ("first_refusal", "notified_on", "书面通知日期")
STEPS: tuple[Step, ...] = (
    Step(
        "notify_inventors", "通知成果完成人", "Tell the inventors", "已书面通知成果完成人", "told the inventors the terms",
        OFFICER, NotifyInventors,
        (
            order_of("first_refusal"), g.are_terms_complete, is_reply_time_set, are_all_inventors_told,
            g.day_between("notified_on", "书面通知日期"),
        ),
        _notify,
    ),
    Step(
        "record_inventor_answer", "登记优先受让答复", "Record an answer", "登记了优先受让答复", "recorded an answer",
        OFFICER, RecordInventorAnswer, (are_answers_awaited, g.day_between("answered_on", "答复日期", _NOTIFIED)),
        _answer, from_outside=True,
    ),
    Step(
        "close_first_refusal", "确认答复期满", "Close the first refusal", "确认优先受让答复期满", "closed it",
        OFFICER, CloseFirstRefusal, (has_reply_time_passed, g.day_between("closed_on", "期满确认日期", _NOTIFIED)),
        _close,
    ),
    Step(
        "settle_first_refusal", "优先受让处理结论", "Settle the first refusal", "了结了优先受让", "settled it",
        OFFICER, SettleFirstRefusal, (is_assignee_the_inventor, g.day_between("settled_on", "处理日期", _NOTIFIED)),
        _settle,
    ),
)  # fmt: skip
