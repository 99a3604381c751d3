"""What each step does besides moving: deadlines, documents, work handed on, labels, and what new terms void."""

from dataclasses import replace
from datetime import date

import pytest

from rules.packs import load
from states.chart import Position
from states.context import Context
from states.steps import required_day
from tests.states.situation import CHART, HASHES, MODE, PERFORMING, TERMS, TODAY, Situation, deal, ready

# step → (deadlines opened: key, rule, due), (deadlines closed: key, how), documents, outbox topics
NOTHING: tuple[tuple[str, ...], ...] = ()
EFFECTS = {
    "edit_terms": (NOTHING, NOTHING, (), ()),
    "record_consent": (NOTHING, NOTHING, (), ()),
    "clear_title": (NOTHING, NOTHING, (), ()),
    "agree_price": (NOTHING, NOTHING, (), ()),
    "list_deal": ((("sale", "SALE", "2026-06-29"),), NOTHING, (), ()),
    "close_listing": (NOTHING, (("sale", "met"),), (), ()),
    "announce_auction": ((("sale", "SALE", "2026-06-15"),), NOTHING, (), ()),
    "close_auction": (NOTHING, (("sale", "met"),), (), ()),
    "post_publicity": ((("publicity", "PUB", "2026-06-17"),), NOTHING, ("publicity_notice", "objection_procedure"), ()),
    "raise_objection": (NOTHING, (("publicity", "dropped"),), ("objection_receipt",), ()),
    "resolve_objection": ((("publicity", "PUB", "2026-06-16"),), NOTHING, ("objection_reply",), ()),
    "close_publicity": (NOTHING, (("publicity", "met"),), (), ()),
    "submit_approval": (NOTHING, NOTHING, ("approval_form", "interest_statement"), ("notify_approvers",)),
    "approve": (NOTHING, NOTHING, ("approval_form",), ()),
    "send_back": (NOTHING, NOTHING, (), ()),
    "reject": (NOTHING, (("*", "dropped"),), (), ()),
    "start_drafting": (NOTHING, NOTHING, ("contract",), ()),
    "finalize_contract": (NOTHING, NOTHING, ("contract",), ()),
    "choose_clauses": (NOTHING, NOTHING, ("contract",), ()),
    "rewrite_clause": (NOTHING, NOTHING, ("contract",), ()),
    "return_to_drafting": (NOTHING, NOTHING, (), ()),
    "sign": ((("stamp_duty", "TX-14", "2026-06-16"),), NOTHING, ("contract",), ()),
    "correct_date": (NOTHING, NOTHING, (), ()),
    "correct_entry": (NOTHING, NOTHING, (), ()),
    **dict.fromkeys(
        ("switch_mode", "split_off", "join_case"),
        (NOTHING, (("sale", "dropped"), ("publicity", "dropped")), (), ()),
    ),
    "step_back": (NOTHING, NOTHING, (), ()),
    "withdraw": (NOTHING, (("*", "dropped"),), (), ()),
    "take_effect": (
        (
            ("license_filing", "T-01", "2026-09-01"),
            ("technology_contract", "TC", "2026-07-01"),
            ("payment:1", "PAYMENT", "2026-05-15"),
            ("payment:2", "PAYMENT", "2026-11-16"),
            ("payment:3", "PAYMENT", "2027-03-31"),
        ),
        NOTHING, (), ("file_contract",),
    ),
    "submit_filing": ((("filing_decision", "T-02", "2026-06-10"),), (("license_filing", "met"),), (), ()),
    "receive_correction": (
        (("correction", "CORRECTION", "2026-06-16"),), (("filing_decision", "dropped"),), (), (),
    ),
    "answer_correction": ((("filing_decision", "T-02", "2026-06-10"),), (("correction", "met"),), (), ()),
    "record_filing": ((("feedback", "FEEDBACK", "2026-06-16"),), (("filing_decision", "met"),), (), ()),
    "refuse_filing": ((("license_filing", "T-01", "2026-08-24"),), (("filing_decision", "met"),), (), ()),
    "report_feedback": (NOTHING, (("feedback", "met"),), (), ()),
    "report_royalty": (
        (("payment:1", "PAYMENT", "2026-07-14"), ("royalty_statement:2", "ROYALTY", "2027-04-30")),
        (("royalty_statement:1", "met"),), (), (),
    ),
    "reach_milestone": ((("payment:2", "PAYMENT", "2026-06-16"),), NOTHING, (), ()),
    "drop_milestone": (NOTHING, (("payment:2", "dropped"),), (), ()),
    "start_trial": (NOTHING, NOTHING, (), ()),
    **dict.fromkeys(
        ("trigger_trial", "choose_option"),
        (
            (("royalty_statement:1", "ROYALTY", "2026-06-29"), ("payment:3", "PAYMENT", "2026-06-16")),
            (("trial_end", "dropped"), ("trial_decision", "met")), (), (),
        ),
    ),
    "return_trial": (
        (("filing_cancellation", "T-04", "2026-07-01"),),
        (("*", "dropped"),), ("filing_cancellation",), (),
    ),
    "record_receipt": (
        (("distribution:1", "REWARD", "2026-09-01"), ("reward_tax:1", "T-IIT36", "2029-06-01")),
        (("payment:1", "met"),), (), (),
    ),
    "apply_registration": (
        (("registration_decision", "T-26", "2026-06-23"),), (("technology_contract", "met"),), ("registration_sheet",), (),
    ),
    "register_contract": (NOTHING, (("registration_decision", "met"),), (), ()),
    "refuse_registration": (NOTHING, (("registration_decision", "met"),), (), ()),
    "waive_registration": (NOTHING, (("technology_contract", "dropped"),), (), ()),
    "plan_distribution": (NOTHING, NOTHING, ("reward_table",), ()),
    "post_reward_publicity": ((("reward_publicity", "T-RWPUB", "2026-06-23"),), NOTHING, (), ()),
    "close_reward_publicity": (NOTHING, (("reward_publicity", "met"),), (), ()),
    "withdraw_distribution": (NOTHING, (("reward_publicity", "dropped"),), (), ()),
    "pay_rewards": (
        (("reward_filing:1", "T-IITFILE", "2026-07-15"),), (("distribution:1", "met"), ("reward_tax:1", "met")),
        ("reward_table",), (),
    ),
    "record_working": (NOTHING, NOTHING, (), ()),
    "record_industrialization": (
        (("industrialization_feedback", "FEEDBACK", "2026-06-16"),), (("industrialization", "met"),), (), (),
    ),
    "record_product_filing": ((("product_update", "T-ZLCP", "2027-03-31"),), NOTHING, (), ()),
    "report_industrialization": (NOTHING, (("industrialization_feedback", "met"),), (), ()),
    "record_duty": (NOTHING, (("stamp_duty", "met"),), (), ()),
    "terminate": (
        (("filing_cancellation", "T-04", "2026-07-01"),), (("*", "dropped"),),
        ("termination_agreement", "filing_cancellation"), (),
    ),
    "expire": ((("filing_cancellation", "T-04", "2026-06-30"),), (("*", "dropped"),), ("filing_cancellation",), ()),
    "cancel_filing": (NOTHING, (("filing_cancellation", "met"),), (), ()),
    "withdraw_filing": (NOTHING, (("filing_cancellation", "met"),), (), ()),
    "reassign": (NOTHING, NOTHING, (), ()),
    "add_patent": (NOTHING, (("sale", "dropped"), ("publicity", "dropped")), (), ()),
    "remove_patent": (NOTHING, (("sale", "dropped"), ("publicity", "dropped")), (), ()),
    "release_payment": (NOTHING, (("payment:2", "dropped"),), (), ()),
    "propose_amendment": (NOTHING, NOTHING, ("amendment_agreement:1",), ()),
    "propose_extension": (NOTHING, NOTHING, ("extension_agreement:1",), ()),
    "post_amendment": ((("amendment_publicity", "PUB", "2026-06-17"),), NOTHING, (), ()),
    "close_amendment_publicity": (NOTHING, (("amendment_publicity", "met"),), (), ()),
    "submit_amendment": (NOTHING, NOTHING, (), ("notify_approvers",)),
    "approve_amendment": (NOTHING, NOTHING, (), ()),
    "return_amendment": (NOTHING, NOTHING, (), ()),
    "consent_to_amendment": (NOTHING, NOTHING, (), ()),
    "sign_amendment": (
        (
            ("filing_change", "T-03", "2031-03-31"),
            ("payment:1", "PAYMENT", "2026-05-15"),
            ("payment:2", "PAYMENT", "2026-11-16"),
            ("payment:3", "PAYMENT", "2027-03-31"),
        ),
        NOTHING, ("amendment_agreement:1", "filing_change"), (),
    ),
    "abandon_amendment": (NOTHING, (("amendment_publicity", "dropped"),), (), ()),
    "draft_confidentiality": (NOTHING, NOTHING, ("confidentiality_agreement",), ()),
    "sign_confidentiality": (NOTHING, NOTHING, ("confidentiality_agreement",), ()),
    "record_patent_ended": (
        (("filing_cancellation", "T-05", "2026-07-01"),), (("*", "dropped"),), ("filing_cancellation",), (),
    ),
}  # fmt: skip


def test_table_holds_every_step() -> None:
    assert set(EFFECTS) == set(MODE.steps)


@pytest.mark.parametrize("step", MODE.steps)
def test_step_opens_closes_and_queues_what_the_table_says(step: str) -> None:
    plan = ready(step).plan(step)
    opened = tuple((key, deadline.rule_id, deadline.due.isoformat()) for key, deadline in plan.deadlines)
    closed = tuple((closing.key, closing.how) for closing in plan.closes)
    assert (opened, closed, plan.documents, plan.outbox) == EFFECTS[step]


@pytest.mark.parametrize("step", MODE.steps)
def test_every_deadline_explains_itself(step: str) -> None:
    for _, deadline in ready(step).plan(step).deadlines:
        assert deadline.explanation_zh and deadline.explanation_en
        assert (deadline.rule_id, deadline.article, deadline.rule_version) > ("", "", "")
        assert deadline.rungs[-1] == 0
        assert deadline.who in ("officer", "finance")


def test_only_the_recorded_filing_and_the_industrialization_earn_a_label() -> None:
    labels = {step: ready(step).plan(step).label for step in MODE.steps}
    assert labels.pop("record_filing") == ("已达成独占许可", "备案证明 X1", TODAY)
    assert labels.pop("record_industrialization") == ("已由被许可人实现产业化", "产品隔膜", TODAY)
    assert set(labels.values()) == {None}


def test_deadline_that_is_past_when_computed_is_opened_overdue() -> None:
    late = (
        ready("take_effect")
        .data("contract", signed_on="2026-01-05")
        .giving("take_effect", effective_on="2026-01-06")
    )
    (key, filing), *_ = late.plan("take_effect").deadlines
    assert (key, filing.due, filing.due < TODAY) == ("license_filing", date(2026, 4, 7), True)


def test_renewed_deadline_names_the_event_it_counts_from() -> None:
    ((_, deadline),) = ready("answer_correction").plan("answer_correction").deadlines
    assert (deadline.base_event, deadline.base_date) == ("correction_answered", TODAY)


def test_correction_notice_names_its_own_day() -> None:
    plan = (
        ready("receive_correction")
        .giving("receive_correction", answer_by="2026-07-20")
        .plan("receive_correction")
    )
    ((_, deadline),) = plan.deadlines
    assert (deadline.due, deadline.period, deadline.roll) == (date(2026, 7, 20), "", "")


@pytest.mark.parametrize(
    ("amounts", "payment", "closed"),
    [
        ((80_000_000,), "payment:1", ("payment:1",)),
        ((79_999_999,), "payment:1", ()),
        ((50_000_000, 29_999_999), "payment:1", ()),
        ((50_000_000, 30_000_000), "payment:1", ("payment:1",)),
        ((1,), "payment:3", ("payment:3",)),
        ((80_000_000,), "", ()),
    ],
)
def test_payment_closes_once_it_is_covered(
    amounts: tuple[int, ...], payment: str, closed: tuple[str, ...]
) -> None:
    *earlier, last = amounts
    paid = [{"amount_fen": amount, "payment": payment} for amount in earlier]
    now = ready("record_receipt").data("receipts", list=paid)
    plan = now.giving("record_receipt", amount_fen=last, payment=payment).plan("record_receipt")
    assert tuple(closing.key for closing in plan.closes) == closed


@pytest.mark.parametrize(
    ("amount_fen", "body"),
    [
        (0, "科技成果转化中心主任审批"),
        (200_000_000, "科技成果转化中心主任审批"),
        (200_000_001, "分管校领导审批"),
        (500_000_000, "分管校领导审批"),
        (500_000_001, "校长办公会审议"),
    ],
)
def test_amount_chooses_the_deciding_body(amount_fen: int, body: str) -> None:
    facts = ready("submit_approval").terms(amount_fen=amount_fen).plan("submit_approval").facts["approval"]
    assert facts is not None
    assert (facts["body_zh"], facts["amount_fen"], facts["hash"]) == (body, amount_fen, "a1")


@pytest.mark.parametrize(("step", "ids"), [("add_patent", [1, 2]), ("remove_patent", [2])])
def test_other_patents_void_all_that_named_them(step: str, ids: list[int]) -> None:
    drafted = ready(step).at(*deal(contract="drafting")).plan(step)
    assert drafted.voids == ("title", "price", "publicity", "approval", "contract")
    assert drafted.position == CHART.initial
    assert drafted.facts["patents"]["ids"] == ids  # type: ignore[index]
    assert (drafted.patents_in, drafted.patents_out) == (((2,), ()) if step == "add_patent" else ((), (1,)))
    fresh = ready(step).at(*CHART.initial).plan(step)
    assert (fresh.voids, fresh.closes) == ((), ())


def test_handover_keeps_both_names() -> None:
    plan = ready("reassign").plan("reassign")
    (told,) = plan.facts["officers"]["list"]  # type: ignore[index]
    assert (told["from_name"], told["to_name"], plan.officer_id) == ("某人", "张明", 2)


BEFORE = {"approval": "approval_open", "contract": "contract_waiting"}
DEAL_POSITIONS = {
    "nothing yet": deal(title="title_pending", price="price_open", publicity="publicity_open", **BEFORE),
    "priced": deal(publicity="publicity_open", **BEFORE),
    "publicity running": deal(publicity="publicity_running", **BEFORE),
    "publicity paused": deal(publicity="publicity_paused", **BEFORE),
    "publicity closed": deal(**BEFORE),
    "submitted": deal(approval="approval_submitted"),
    "approved": deal(),
    "drafting": deal(contract="drafting"),
    "signing": deal(contract="signing"),
}
# What changed in the terms → what becomes void, position by position in the order above.
PUBLICITY_BOUND = (
    "",
    "price",
    *["price publicity"] * 3,
    *["price publicity approval"] * 2,
    *["price publicity approval contract"] * 2,
)
APPROVAL_BOUND = (*[""] * 5, *["approval"] * 2, *["approval contract"] * 2)
CHANGES = {
    "publicity": ({"publicity": "p2", "approval": "a2", "terms": "t2"}, PUBLICITY_BOUND),
    "approval": ({"publicity": "p1", "approval": "a2", "terms": "t2"}, APPROVAL_BOUND),
    "administrative": ({"publicity": "p1", "approval": "a1", "terms": "t2"}, ("",) * 9),
}
VOIDED_LEAVES = {
    "price": ("price", "price_open"), "publicity": ("publicity", "publicity_open"),
    "approval": ("approval", "approval_open"), "contract": ("contract", "contract_waiting"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(("number", "where"), [*enumerate(DEAL_POSITIONS)], ids=[*DEAL_POSITIONS])
def test_new_terms_void_exactly_what_saw_the_changed_fields(change: str, number: int, where: str) -> None:
    hashes, table = CHANGES[change]
    voided = tuple(table[number].split())
    position: Position = DEAL_POSITIONS[where]
    plan = Situation(position).terms(hashes=hashes).plan("edit_terms")
    expected = set(position)
    for name in voided:
        region, leaf = VOIDED_LEAVES[name]
        expected = {leaf if MODE.chart.parents[known] == region else known for known in expected}
    assert plan.voids == voided
    assert plan.position == tuple(sorted(expected))
    assert plan.facts == dict.fromkeys(voided)
    watched = {"price": "sale", "publicity": "publicity"}
    assert [closing.key for closing in plan.closes] == [watched[name] for name in voided if name in watched]


def test_upheld_objection_withdraws_the_publicity_and_keeps_the_objection() -> None:
    plan = ready("resolve_objection").giving("resolve_objection", outcome="upheld").plan("resolve_objection")
    assert (plan.voids, plan.deadlines) == (("publicity",), ())
    assert plan.facts["publicity"] is None
    assert plan.facts["objection"] == {
        "received_on": "2026-05-05", "resolved_on": "2026-06-01", "outcome": "upheld", "reason": "依据充分",
    }  # fmt: skip


def test_new_publicity_forgets_the_old_pauses() -> None:
    facts = ready("post_publicity").plan("post_publicity").facts["publicity"]
    assert facts is not None and facts["pauses"] == []


def test_rejected_case_keeps_why_and_when() -> None:
    facts = ready("reject").plan("reject").facts
    assert facts == {"end": {
        "reason": "不同意", "how": "rejected", "on": "2026-06-01", "minutes_no": "", "body": "审批机构",
        "body_zh": "审批机构", "by": 9, "by_name": "某人", "recorded_on": "2026-06-01",
    }}  # fmt: skip


def test_expiry_counts_from_the_last_day_of_the_term() -> None:
    now = ready("expire").terms(end=date(2026, 5, 10))
    plan = replace(now, position=PERFORMING).plan("expire")
    assert plan.facts["end"] == {"note": "", "how": "expired", "on": "2026-05-10", "remaining": "", "left": [
        "stamp_duty", "feedback", "payment:1", "payment:2", "payment:3", "filing_cancellation",
    ]}  # fmt: skip


def test_effects_need_the_dates_of_their_payload() -> None:
    now = Situation()
    ctx = Context(MODE, now.position, now.facts, None, now.actor("officer"), TODAY, load())
    with pytest.raises(ValueError, match="without a payload date signed_on"):
        required_day(ctx, "signed_on")


def test_terms_facts_survive_their_json_form() -> None:
    assert type(TERMS).from_json(TERMS.as_json()) == TERMS
    assert type(TERMS).from_json({}) == type(TERMS)()
    assert TERMS.as_json()["hashes"] == HASHES
