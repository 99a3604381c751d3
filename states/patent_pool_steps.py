"""What only a patent pool has: review of the entry, membership, statements of distribution periods, exit.

The articles of the guide on review, distribution and exit were not read: what the agreement says is recorded, and
conditions cite the articles that are known.
Source: 国知发运字〔2025〕11号 arts 1–3; 专利法 art 20
"""

from dataclasses import replace
from datetime import date, timedelta

from states import closing, ends, performance
from states import guards as g
from states import patent_pool_payloads as p
from states.chart import Arc, Node
from states.clearances import order_of
from states.context import Context
from states.plan import Effects, Opening, Unmet
from states.steps import OFFICER, Step, kept, required_day, section

ENTRY = Node(
    "entry", "入池评审", "Review of the entry",
    children=(
        Node("entry_open", "未申报", "not submitted", (Arc("submit_entry", "entry_submitted"),)),
        Node("entry_submitted", "评审中", "under review", (
            Arc("admit_entry", "entry_admitted"),
            Arc("refuse_entry", "entry_refused"),
            Arc("void_entry", "entry_open"),
        )),
        Node("entry_refused", "未通过评审", "not admitted", (Arc("submit_entry", "entry_submitted"),)),
        Node("entry_admitted", "已通过评审", "admitted", (Arc("void_entry", "entry_open"),)),
    ),
)  # fmt: skip
MEMBERSHIP = Node(
    "membership", "池内运营", "In the pool",
    children=(
        Node("pool_entry_due", "待登记入池", "entry due", (Arc("record_entry", "pooled"),)),
        Node("pooled", "在池", "in the pool", (Arc("record_statement"), Arc("request_exit", "exit_noticed"))),
        Node("exit_noticed", "已通知退出", "exit noticed", (
            Arc("record_statement"), Arc("record_exit", "duties_due"),
        )),
    ),
)  # fmt: skip
# Nothing is industrialized here that would be reported; of what the operator owes it still reports after the end.
(_DUTIES,) = ends.REMAINING
_STILL = tuple(arc for arc in _DUTIES.arcs if arc.event != "report_industrialization")
DUTIES = replace(_DUTIES, arcs=(Arc("record_statement"), *_STILL))
_SUBMITTED = ("entry", "submitted_on", "申报日期")
_ENTERED = ("pool", "entered_on", "入池日期")


def _submit_entry(ctx: Context) -> Effects:
    refusals = ctx.data.items("entry", "refusals")
    return Effects(facts={"entry": {**kept(ctx), **({"refusals": refusals} if refusals else {})}})


def _admit_entry(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "entry", **kept(ctx), by_name=ctx.actor.name))


def _refuse_entry(ctx: Context) -> Effects:
    refusals = [*ctx.data.items("entry", "refusals"), {**kept(ctx), "by_name": ctx.actor.name}]
    return Effects(facts=section(ctx, "entry", refusals=refusals))


def _record_entry(ctx: Context) -> Effects:
    entered = required_day(ctx, "entered_on")
    return Effects(
        facts={"pool": kept(ctx)},
        opens=(Opening("feedback", "FEEDBACK", "pool_entered", entered),),
        label=(ctx.mode.label, f"入池编号 {ctx.payload.entry_no}", entered),
    )


def _record_statement(ctx: Context) -> Effects:
    made = [*ctx.data.items("statements", "list"), {**kept(ctx), "by_name": ctx.actor.name}]
    return Effects(facts={"statements": {"list": made}})


def _request_exit(ctx: Context) -> Effects:
    noticed = required_day(ctx, "noticed_on")
    opening = Opening(
        "pool_exit", "CONTRACT", "exit_noticed", noticed, "退出专利池", required_day(ctx, "leaves_on")
    )
    return Effects(facts={"exit": kept(ctx)}, opens=(opening,))


def _record_exit(ctx: Context) -> Effects:
    return ends.end_contract(ctx, "terminated", required_day(ctx, "agreed_on"), {**kept(ctx), "exit": True})


def is_share_within_income(ctx: Context) -> tuple[Unmet, ...]:
    """The institution's share is not more than what the pool has taken."""
    if ctx.payload is None or ctx.payload.share_fen <= ctx.payload.gross_fen:
        return ()
    return (
        ctx.unmet(
            "share_exceeds_income", "PP-02", ("本单位应分配额大于池内许可收入", "our share exceeds the income of the pool"),
            ("按分配报告核对两项金额", "check both amounts against the statement"), "officer",
        ),
    )  # fmt: skip


def may_leave_on(ctx: Context) -> tuple[Unmet, ...]:
    """The day of leaving keeps the notice period and the shortest time in the pool that the agreement names."""
    if ctx.payload is None:
        return ()
    noticed: date = ctx.payload.noticed_on
    days = int(ctx.terms.own.get("exit_notice_days") or 0)
    told = (
        (
            "exit_before_notice",
            noticed + timedelta(days=days),
            f"通知后满{days}日之日",
            "the end of the notice period",
        ),
        (
            "exit_before_lock",
            _locked_until(ctx),
            "最短在池期限届满之日",
            "the end of the shortest time in the pool",
        ),
    )
    return tuple(
        ctx.unmet(
            code, "CONTRACT",
            (
                f"退出生效日早于协议约定的{zh}（{first.isoformat()}）",
                f"the day of leaving lies before {en} ({first.isoformat()})",
            ),
            (
                f"退出生效日不早于{first.isoformat()}；与运营方协商提前退出，或运营方违约可以立即退出的，办理“解除合同”",
                "choose a later day; by agreement, or if the operator is in breach, terminate the contract",
            ),
            "officer",
        )
        for code, first, zh, en in told
        if first is not None and ctx.payload.leaves_on < first
    )  # fmt: skip


def has_notice_run(ctx: Context) -> tuple[Unmet, ...]:
    """The day of leaving that the notice names has come."""
    leaves = ctx.data.day("exit", "leaves_on")
    if leaves is None or ctx.today >= leaves:
        return ()
    day = leaves.isoformat()
    return (
        ctx.unmet(
            "exit_not_due", "CONTRACT", (f"退出自{day}起生效，尚未届至", f"the exit takes effect on {day}"),
            ("届至后登记；与运营方协商提前退出的，办理“解除合同”", "wait, or agree to terminate the contract"), "officer",
            waits=True,
        ),
    )  # fmt: skip


def _locked_until(ctx: Context) -> date | None:
    own = ctx.terms.own.get("locked_until")
    return date.fromisoformat(own) if own else None


def is_within_last_life(ctx: Context) -> tuple[Unmet, ...]:
    """The agreement does not outlast every patent; one that ends before leaves the pool before.

    Source: 民法典 art 865
    """
    beyond = g.is_within_patent_life(ctx)
    return beyond if len(beyond) == len(g.living(ctx)) else ()


def is_pooled(ctx: Context) -> tuple[Unmet, ...]:
    """The patents have been entered in the pool and the feedback is not given; only then there is something to tell."""
    if ends.is_closing(ctx):
        return closing.is_feedback_due(ctx)
    if ctx.data.day("pool", "entered_on"):
        return ()
    return (
        ctx.unmet(
            "not_pooled", "RP-04", ("尚未登记入池，平台反馈所需的入池记录尚不具备", "the entry in the pool is not recorded"),
            ("登记入池日期和入池编号", "record the entry"), "officer",
        ),
    )  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        "submit_entry", "申报入池", "Offer the patents to the pool", "向专利池运营机构申报", "offered the patents to the pool",
        OFFICER, p.SubmitEntry, (order_of("entry"), g.day_between("submitted_on", "申报日期")), _submit_entry,
    ),
    Step(
        "admit_entry", "登记评审通过", "Record the admission", "通过入池评审", "recorded the admission",
        OFFICER, p.AdmitEntry, (g.day_between("decided_on", "评审结论日期", _SUBMITTED),), _admit_entry, "success",
        from_outside=True,
    ),
    Step(
        "refuse_entry", "登记评审未通过", "Record that the review was not passed", "未通过入池评审",
        "recorded that the review was not passed", OFFICER, p.RefuseEntry,
        (g.day_between("decided_on", "评审结论日期", _SUBMITTED),), _refuse_entry, "warning", from_outside=True,
    ),
    Step(
        "record_entry", "登记入池", "Record the entry", "专利入池", "recorded the entry in the pool",
        OFFICER, p.RecordEntry, (g.day_between("entered_on", "入池日期", ("contract", "effective_on", "合同生效日期")),),
        _record_entry, "success",
    ),
    Step(
        "record_statement", "登记分配报告", "Record a statement", "收到专利池分配报告", "recorded a statement of the pool",
        OFFICER, p.RecordStatement,
        (is_share_within_income, g.day_between("received_on", "收到日期", _ENTERED)), _record_statement, "secondary",
    ),
    Step(
        "request_exit", "通知退出专利池", "Give notice of leaving", "通知退出专利池", "gave notice of leaving the pool",
        OFFICER, p.RequestExit, (may_leave_on, g.day_between("noticed_on", "通知日期", _ENTERED)),
        _request_exit, "secondary",
    ),
    Step(
        "record_exit", "登记退出专利池", "Record the exit", "退出专利池", "left the pool",
        OFFICER, p.RecordExit,
        (
            has_notice_run, closing.are_remaining_payments_known,
            g.day_between("agreed_on", "退出日期", ("exit", "leaves_on", "退出生效日")),
        ),
        _record_exit, "primary",
    ),
    *(
        replace(step, guards=(is_pooled, g.day_between("reported_on", "反馈日期", _ENTERED)))
        for step in performance.STEPS
        if step.event == "report_feedback"
    ),
    *(
        replace(step, done_zh="授权期限届满", done_en="term in the pool expired")
        for step in performance.STEPS
        if step.event == "expire"
    ),
)  # fmt: skip
