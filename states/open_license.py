"""Open license (开放许可): one declaration to everybody, gazetted by the patent office, and a license for each who accepts.

The case is opened without a company. Preparation ends with the sealed declaration; the office's gazette puts it into
force; each licensee's notice and payment is a license of its own, with its own filing. A withdrawal, once gazetted,
stops new licenses and leaves those reached alone.

Source: 专利法 arts 50-52; 专利法实施细则 arts 85-88; 专利审查指南 part 5 ch 11
"""

from dataclasses import replace

from states import (
    acceptance_steps,
    changes,
    corrections,
    declaration,
    distribution,
    ends,
    entries,
    performance,
    preparation,
)
from states import acceptances as a
from states.chart import Arc, Chart, Node
from states.context import Context
from states.modes import mode_of_steps

DRAFT = Node(
    "contract", "声明文本", "Text of the declaration",
    children=(
        Node("contract_waiting", "待起草", "waiting", (Arc("start_drafting", "drafting"),)),
        Node("drafting", "起草中", "drafting", (
            Arc("finalize_contract", "signing"),
            Arc("void_contract", "contract_waiting"),
            Arc("choose_clauses"), Arc("rewrite_clause"),
        )),
        Node("signing", "待签章", "to be sealed", (
            Arc("sign", "filing"),
            Arc("return_to_drafting", "drafting"),
            Arc("void_contract", "contract_waiting"),
        )),
    ),
)  # fmt: skip


def _leaf(id_: str, *arcs: Arc) -> Node:
    return Node(id_, *declaration.FILING.leaves[id_], arcs=arcs)


_END_BEFORE = Arc("withdraw", "withdrawn")
_TAKE_BACK = Arc("withdraw_filing", "withdrawn")
FILING = Node(
    "filing", "开放许可声明", "Open-license declaration",
    (
        Arc("correct_date"), Arc("correct_entry"), Arc("record_patent_ended"), Arc("end_with_patent", "duties_due"),
        Arc("reassign"),
    ),
    (
        _leaf("filing_due", Arc("submit_filing", "filing_submitted"), _END_BEFORE),
        _leaf(
            "filing_submitted", Arc("receive_correction", "filing_correction"), Arc("record_filing", "performance"),
            Arc("refuse_filing", "filing_refused"), _TAKE_BACK,
        ),
        _leaf("filing_correction", Arc("answer_correction", "filing_submitted"), _TAKE_BACK),
        _leaf("filing_refused", Arc("submit_filing", "filing_submitted"), _END_BEFORE),
    ),
)  # fmt: skip
OFFER = Node(
    "declaration", "声明状态", "The declaration",
    children=(
        _leaf(
            "filing_recorded", Arc("record_bar"), Arc("submit_withdrawal", "withdrawal_submitted"),
            Arc("record_revocation", "declaration_over"),
        ),
        Node("withdrawal_submitted", "撤回声明审查中", "withdrawal examined", (
            Arc("record_withdrawal", "declaration_over"),
            Arc("refuse_withdrawal", "filing_recorded"),
            Arc("record_revocation", "declaration_over"),
        )),
        Node("declaration_over", "声明已终止，已达成的许可继续有效", "over, licenses reached go on", (
            Arc("complete", "completed", choice="is_any_license_reached"),
            Arc("complete", "withdrawn"),
        )),
    ),
)  # fmt: skip
ACCEPTANCES = Node(
    "acceptances", "被许可人", "Licensees",
    children=(
        Node("acceptances_running", "逐项办理", "one by one", (
            Arc("record_acceptance"), Arc("reach_license"), Arc("submit_acceptance_filing"),
            Arc("receive_acceptance_correction"), Arc("answer_acceptance_correction"),
            Arc("record_acceptance_filing"), Arc("refuse_acceptance_filing"), Arc("record_acceptance_duty"),
            Arc("end_acceptance"), Arc("cancel_acceptance_filing"), Arc("notify_licensees"),
        )),
    ),
)  # fmt: skip
# A case of this mode leaves no filing of its own behind; what its licensees leave is done one by one.
DUTIES = Node("duties_due", "待办结其余事项", "remaining duties due", (
    Arc("cancel_acceptance_filing"), Arc("record_acceptance_duty"), Arc("notify_licensees"),
    Arc("record_duty"), Arc("record_receipt"), Arc("release_payment"), Arc("report_feedback"), Arc("reassign"),
    Arc("correct_date"), Arc("correct_entry"),
    Arc("settle", "patent_ended", choice="has_patent_ended"),
    Arc("settle", "completed", choice="has_term_expired"),
    Arc("settle", "terminated"),
))  # fmt: skip
WAYS_TO_END = (Arc("expire", "duties_due"), Arc("end_with_patent", "duties_due"))


def _is_any_license_reached(ctx: Context) -> bool:
    return bool(a.reached(ctx))


CHART = Chart(
    mode="open_license",
    version=1,
    roots=(
        preparation.deal(
            preparation.TITLE,
            replace(preparation.PRICE, zh="许可使用费", en="Fee", children=(
                replace(preparation.PRICE.children[0], zh="待确定"),
                replace(preparation.PRICE.children[1], zh="已确定", en="decided"),
            )),
            preparation.PUBLICITY,
            preparation.APPROVAL,
            DRAFT,
            negotiating=(),
        ),
        FILING,
        performance.performance(
            OFFER, ACCEPTANCES, performance.FEEDBACK, performance.PAYMENTS, distribution.REGION, ways_to_end=WAYS_TO_END,
            amending=(),
        ),
        DUTIES,
        *ends.FINAL,
    ),
    stages={
        **performance.STAGES,
        **dict.fromkeys((node.id for node in FILING.children), "performance"),
    },
    choices={
        **preparation.CHOICES,
        **distribution.CHOICES,
        **{name: ends.CHOICES[name] for name in ("has_patent_ended", "has_term_expired")},
        "is_any_license_reached": _is_any_license_reached,
    },
)  # fmt: skip
MODE = mode_of_steps(
    "open_license", "开放许可", "Open license", "已达成开放许可", CHART,
    *preparation.STEPS, *performance.STEPS, *corrections.STEPS, *entries.STEPS, *changes.STEPS,
    *declaration.STEPS, *acceptance_steps.STEPS,
    filing=declaration.FILING, has_company=False,
    counts_as={"filing_due": None, "filing_refused": None, "declaration_over": "ordinary_license"},
)  # fmt: skip
