"""The table of the steps of a stocktake, and the one function that decides on them."""

from collections.abc import Mapping
from datetime import date

from rules.packs import RuleBook
from states.decide import ROLES
from states.plan import Unmet
from states.stocktake_guards import (
    can_be_disposed,
    is_campaign_open,
    is_choice_known,
    is_fit_for_pool,
    is_own_college,
    is_panel_heard,
    is_rating_whole,
)
from states.stocktaking import ENDED, OPEN, STATES, Around, Asked, Step, StocktakeFacts, Verdict

OFFICE = ("officer", "administrator")
COLLEGE = ("approver", "administrator")
ANYBODY = ("officer", "approver", "administrator")
INVENTOR = ("发明人", "inventor")
SHORTEST_WHY, LONGEST_WHY = 2, 500

_ROWS = (
    Step(
        "rate", "提交自评", "Submit the self-rating", ("waiting", "returned", "rated"), "rated",
        ("inventor", *ANYBODY), (is_campaign_open, is_rating_whole),
    ),
    Step("score", "集中评价打分", "Score for the panel", ("rated", "passed", "reviewed"), "", ANYBODY, (is_campaign_open,)),
    Step(
        "pass_college", "院系审核通过", "Pass at the college", ("rated",), "passed", COLLEGE,
        (is_campaign_open, is_own_college),
    ),
    Step(
        "send_back", "退回发明人", "Send back to the inventor", ("rated", "passed"), "returned", ANYBODY,
        (is_campaign_open,), needs_why=True,
    ),
    Step(
        "return_to_college", "退回院系", "Send back to the college", ("passed", "reviewed"), "rated", OFFICE,
        (is_campaign_open,), needs_why=True,
    ),
    Step(
        "accept", "学校审核通过", "Accept at the institution", ("passed",), "reviewed", OFFICE,
        (is_campaign_open, is_panel_heard),
    ),
    Step("enter_pool", "纳入转化资源库", "Enter the conversion pool", ("reviewed",), "pooled", OFFICE, (is_fit_for_pool,)),
    Step(
        "dispose", "内部处置", "Dispose of it", ("reviewed",), "disposed", ANYBODY,
        (is_choice_known, can_be_disposed), needs_why=True,
    ),
    Step(
        "leave_out", "不再盘点", "Leave out", OPEN, "left_out", OFFICE, (is_campaign_open,), needs_why=True
    ),
    Step("reopen", "重新盘点", "Take up again", ENDED, "waiting", OFFICE, (is_campaign_open,), needs_why=True),
)  # fmt: skip
STEPS: Mapping[str, Step] = {step.name: step for step in _ROWS}


def decide(state: str, asked: Asked, facts: StocktakeFacts, book: RuleBook, today: date) -> Verdict:
    """Decide on a step: the state that follows, and every condition that is not met.

    Raises: KeyError for a step that the table does not have.
    """
    step = STEPS[asked.step]
    around = Around(state, asked, facts, book, today)
    unmet = (
        *_of_role(around, step), *_of_place(around, step), *_of_reason(around, step),
        *(one for guard in step.guards for one in guard(around)),
    )  # fmt: skip
    return Verdict(step.to or state, unmet)


def offered(state: str, role: str) -> tuple[Step, ...]:
    """Return the steps that a role may take from a state, whatever else stands against them."""
    return tuple(step for step in _ROWS if state in step.sources and role in step.roles)


def _of_role(around: Around, step: Step) -> tuple[Unmet, ...]:
    if around.asked.role in step.roles:
        return ()
    names = [INVENTOR if role == "inventor" else ROLES[role] for role in step.roles]
    zh, en = "、".join(zh for zh, _ in names), ", ".join(en for _, en in names)
    who = next(role for role in step.roles if role != "inventor")
    return (
        around.unmet(
            "role", "", (f"“{step.zh}”须由{zh}办理", f"'{step.en}' is for: {en}"),
            (f"请{zh}办理", f"ask: {en}"), who,
        ),
    )  # fmt: skip


def _of_place(around: Around, step: Step) -> tuple[Unmet, ...]:
    if around.state in step.sources:
        return ()
    here_zh, here_en = STATES[around.state]
    zh = "、".join(STATES[state][0] for state in step.sources)
    en = ", ".join(STATES[state][1] for state in step.sources)
    return (
        around.unmet(
            "place", "", (f"现为“{here_zh}”，“{step.zh}”须在：{zh}", f"it is at '{here_en}', not at: {en}"),
            ("先办理中间的步骤", "take the steps between first"), "officer",
        ),
    )  # fmt: skip


def _of_reason(around: Around, step: Step) -> tuple[Unmet, ...]:
    length = len(around.asked.why.strip())
    if not step.needs_why or SHORTEST_WHY <= length <= LONGEST_WHY:
        return ()
    return (
        around.unmet(
            "why_missing", "", (f"“{step.zh}”须写明理由", f"'{step.en}' needs a reason"),
            (f"填写{SHORTEST_WHY}至{LONGEST_WHY}个字的理由", "say why"), "officer",
        ),
    )  # fmt: skip
