"""What a development or service contract has of its own: work, acceptance, results, industrialization by the company.

Source: 民法典 arts 851–861, 875, 878–887; the nine feedback values (the label rests on the industrialization clause)
"""

from dataclasses import replace
from datetime import date

from states import closing, ends, industrialization, preparation
from states import development_payloads as p
from states import guards as g
from states.chart import Arc, Node
from states.context import Context
from states.plan import Closing, Effects, Opening, Unmet
from states.steps import OFFICER, Step, kept, required_day, section

WORK = Node(
    "work", "履行与验收", "Work and acceptance",
    children=(
        Node("work_running", "待交付", "to be delivered", (
            Arc("report_stage"), Arc("record_result"), Arc("deliver_results", "results_delivered"),
        )),
        Node("results_delivered", "已交付待验收", "delivered, to be accepted", (
            Arc("accept_results", "results_accepted"), Arc("demand_rework", "work_running"), Arc("record_result"),
        )),
        Node("results_accepted", "已验收", "accepted", (Arc("record_result"),)),
    ),
)  # fmt: skip
_GIVE_UP = Arc("waive_industrialization", "industrialization_waived")
_NOT_WORKED, _WORKED, *_REST = industrialization.REGION.children
INDUSTRIALIZATION = replace(
    industrialization.REGION,
    children=(
        replace(_NOT_WORKED, arcs=(*_NOT_WORKED.arcs, _GIVE_UP)),
        replace(_WORKED, arcs=(*_WORKED.arcs, _GIVE_UP)),
        *_REST,
        Node("industrialization_waived", "不再产业化", "given up"),
    ),
)
_SETTLED = ("industrialization_reported", "industrialization_waived")
# A background patent that ends does not end the work: nothing of the chart is reached by it, and there is no term to run out.
FINAL = tuple(node for node in ends.FINAL if node.id != "patent_ended")
CONTRACT = replace(
    preparation.CONTRACT,
    children=tuple(
        replace(node, arcs=tuple(arc for arc in node.arcs if arc.event != "end_with_patent"))
        for node in preparation.CONTRACT.children
    ),
)
(_DUTIES,) = ends.REMAINING
DUTIES = replace(
    _DUTIES, arcs=tuple(arc for arc in _DUTIES.arcs if arc.event != "report_feedback" and not arc.choice)
)
_EFFECTIVE = ("contract", "effective_on", "合同生效日期")
_DELIVERED = ("work", "delivered_on", "交付日期")


def own_days(ctx: Context, effective: date) -> tuple[Opening, ...]:
    """Return the days that the contract names for its results: delivery, and industrialization by the company."""
    named = (
        (
            "delivery",
            "成果交付",
            date.fromisoformat(own) if (own := ctx.terms.own.get("deliver_on")) else None,
        ),
        ("industrialization", "合作企业实现产业化", ctx.terms.industrialized_by),
    )
    return tuple(
        Opening(key, "CONTRACT", "contract_effective", effective, zh, day) for key, zh, day in named if day
    )


def with_own_days(step: Step) -> Step:
    """Return the step by which a contract takes effect, opening besides the days that this contract names."""

    def effect(ctx: Context) -> Effects:
        found = step.effect(ctx)
        return replace(found, opens=(*found.opens, *own_days(ctx, required_day(ctx, "effective_on"))))

    return replace(step, effect=effect)


def _report_stage(ctx: Context) -> Effects:
    made = [*ctx.data.items("work", "stages"), {**kept(ctx), "by_name": ctx.actor.name}]
    return Effects(facts=section(ctx, "work", stages=made))


def _record_result(ctx: Context) -> Effects:
    made = [*ctx.data.items("results", "list"), {**kept(ctx), "by_name": ctx.actor.name}]
    return Effects(facts={"results": {"list": made}})


def _deliver(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "work", **kept(ctx)), closes=(Closing("delivery"),))


def _demand_rework(ctx: Context) -> Effects:
    demands = [*ctx.data.items("work", "demands"), kept(ctx)]
    day = ctx.day("mend_by")
    demanded = required_day(ctx, "demanded_on")
    opens = (Opening("delivery", "CONTRACT", "rework_demanded", demanded, "整改", day),) if day else ()
    return Effects(facts=section(ctx, "work", demands=demands), opens=opens)


def _accept(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "work", **kept(ctx)))


def _industrialize(ctx: Context) -> Effects:
    """Do what industrialization does anywhere; the label rests on the contract and its registration besides the product."""
    found = _INDUSTRIALIZE.effect(ctx)
    number = ctx.data.text("registration", "registration_no")
    told = (
        f"合同{ctx.data.text('contract', 'contract_no')}约定由合作企业实现产业化",
        *((f"技术合同认定登记{number}",) if number else ()),
        f"产品{ctx.payload.product}",
    )
    return replace(found, label=(ctx.mode.outcome, "；".join(told), required_day(ctx, "industrialized_on")))


def _waive(ctx: Context) -> Effects:
    return Effects(
        facts=section(ctx, "industrialization", waived={**kept(ctx), "by_name": ctx.actor.name}),
        closes=(Closing("industrialization", "dropped"),),
    )


def _keep_patent_end(ctx: Context) -> Effects:
    """Keep how a background patent ended; the contract is about work and goes on."""
    patent = g.patent_named(g.living(ctx), ctx.payload.patent)
    if patent is None:
        raise ValueError("a patent that is not of this case")
    told = {**kept(ctx), "patent": patent.application_no, "id": patent.id}
    return Effects(facts={"ended_patents": {"list": [*ctx.data.items("ended_patents", "list"), told]}})


def are_results_accepted(ctx: Context) -> tuple[Unmet, ...]:
    """The company has accepted the results."""
    if ctx.at("results_accepted"):
        return ()
    return (
        ctx.unmet(
            "results_not_accepted", "K-09", ("成果尚未验收", "the results are not accepted yet"),
            ("交付成果并登记验收", "deliver the results and record their acceptance"), "officer",
        ),
    )  # fmt: skip


def is_industrialization_agreed(ctx: Context) -> tuple[Unmet, ...]:
    """The contract says that the company industrializes: without that clause there is no label to earn."""
    if ctx.terms.industrialized_by is not None:
        return ()
    return (
        ctx.unmet(
            "industrialization_not_agreed", "RP-04",
            (
                "合同没有约定由合作企业实现产业化，不能以本合同反馈产业化",
                "the contract has no clause by which the company industrializes",
            ),
            (
                "合作企业实施专利的，另行签订约定产业化的技术服务或技术开发合同，或许可合同，另立新案",
                "conclude a contract with such a clause, or a license, in a new case",
            ),
            "officer",
        ),
    )  # fmt: skip


def is_industrialization_settled(ctx: Context) -> tuple[Unmet, ...]:
    """Industrialization that was promised, or has come about, has been reported or given up."""
    is_promised = ctx.terms.industrialized_by is not None
    is_settled = any(ctx.at(leaf) for leaf in _SETTLED)
    if is_settled or not (is_promised or ctx.at("industrialized")):
        return ()
    return (
        ctx.unmet(
            "industrialization_open", "RP-04",
            ("合同约定由合作企业实现产业化，尚未登记结果并反馈", "the industrialization promised by the contract is open"),
            ("登记产业化并反馈；不再产业化的，登记原因", "record it and report it, or record why it was given up"),
            "officer",
        ),
    )  # fmt: skip


_INDUSTRIALIZE = next(step for step in industrialization.STEPS if step.event == "record_industrialization")
# What the partner is called here, where a license calls it the licensee.
_WORDS = {"record_working": "合作企业开始实施专利", "record_industrialization": "合作企业实现产业化"}


def in_words(step: Step) -> Step:
    """Return a shared step in the words of this mode."""
    return replace(step, done_zh=_WORDS.get(step.event, step.done_zh))


STEPS: tuple[Step, ...] = (
    Step(
        "report_stage", "登记阶段完成", "Record a stage done", "完成研究开发阶段", "recorded a stage as done",
        OFFICER, p.ReportStage, (g.day_between("reported_on", "阶段完成日期", _EFFECTIVE),), _report_stage, "secondary",
    ),
    Step(
        "record_result", "登记形成的成果", "Record a result", "登记了形成的成果及其归属", "recorded a result and its owner",
        OFFICER, p.RecordResult, (g.day_between("made_on", "形成或申请日期", _EFFECTIVE),), _record_result, "secondary",
    ),
    Step(
        "deliver_results", "交付成果", "Deliver the results", "交付成果", "delivered the results",
        OFFICER, p.DeliverResults, (g.day_between("delivered_on", "交付日期", _EFFECTIVE),), _deliver,
    ),
    Step(
        "accept_results", "登记验收", "Record the acceptance", "成果通过验收", "recorded the acceptance",
        OFFICER, p.AcceptResults, (g.day_between("accepted_on", "验收日期", _DELIVERED),), _accept, "success",
        from_outside=True,
    ),
    Step(
        "demand_rework", "登记整改要求", "Record a demand for rework", "合作企业要求整改", "recorded a demand for rework",
        OFFICER, p.DemandRework, (g.day_between("demanded_on", "提出整改日期", _DELIVERED),), _demand_rework, "warning",
        from_outside=True,
    ),
    Step(
        "waive_industrialization", "登记不再产业化", "Record that it is given up", "确认不再产业化",
        "recorded that the industrialization is given up", OFFICER, p.WaiveIndustrialization,
        (g.day_between("decided_on", "确认日期", _EFFECTIVE),), _waive, "secondary",
    ),
    replace(
        in_words(_INDUSTRIALIZE), guards=(is_industrialization_agreed, *_INDUSTRIALIZE.guards), effect=_industrialize
    ),
    *(
        replace(step, effect=_keep_patent_end, guards=(closing.is_patent_alive, g.day_between("ended_on", "专利权终止日期")))
        for step in closing.STEPS
        if step.event == "record_patent_ended"
    ),
    *(
        replace(step, guards=(*step.guards, are_results_accepted, is_industrialization_settled))
        for step in closing.STEPS
        if step.event == "complete"
    ),
)  # fmt: skip
