"""The confidentiality agreement (保密协议) that comes before the negotiation: its terms, and its signature.

No condition of the contract rests on it; the paper is there for whoever must tell a company what is not public.
Source: 民法典 art 501; 促进科技成果转化法 art 41
"""

from states import guards as g
from states.amendment_payloads import DraftConfidentiality, SignConfidentiality
from states.chart import Arc
from states.context import Context
from states.plan import Effects, Unmet
from states.steps import OFFICER, Step, kept, section

SECTION = "confidentiality"
ARCS = (Arc("draft_confidentiality"), Arc("sign_confidentiality"))


def is_not_signed_yet(ctx: Context) -> tuple[Unmet, ...]:
    """The agreement has not been signed."""
    if not ctx.data.get(SECTION, "signed_on"):
        return ()
    what = ("保密协议已经签订", "the confidentiality agreement is signed")
    remedy = ("按已签订的协议执行", "keep to it")
    return (ctx.unmet("confidentiality_signed", "W-14", what, remedy, "officer"),)


def is_drafted(ctx: Context) -> tuple[Unmet, ...]:
    """There is an agreement to sign."""
    if ctx.data.has(SECTION):
        return ()
    what = ("保密协议尚未起草", "no confidentiality agreement is drafted")
    return (ctx.unmet("no_confidentiality", "W-14", what, ("先起草保密协议", "draft it first"), "officer"),)


def is_of_use(ctx: Context) -> bool:
    """Say whether an agreement can still come before the contract: neither of the two is signed."""
    return not is_not_signed_yet(ctx) and not g.is_unsigned(ctx)


def waits_for_signature(ctx: Context) -> bool:
    """Say whether an agreement is drafted and not signed."""
    return not is_drafted(ctx) and not is_not_signed_yet(ctx)


def _draft(ctx: Context) -> Effects:
    told = {**kept(ctx), "drafted_on": ctx.today.isoformat(), "by_name": ctx.actor.name}
    return Effects(facts={SECTION: told}, documents=("confidentiality_agreement",))


def _sign(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, SECTION, **kept(ctx)), documents=("confidentiality_agreement",))


STEPS: tuple[Step, ...] = (
    Step(
        "draft_confidentiality", "起草保密协议", "Draft a confidentiality agreement",
        "起草了保密协议", "drafted a confidentiality agreement",
        OFFICER, DraftConfidentiality, (g.is_unsigned, is_not_signed_yet), _draft, "secondary",
        concerns=is_of_use,
    ),
    Step(
        "sign_confidentiality", "登记签订保密协议", "Record the confidentiality agreement",
        "签订了保密协议", "signed the confidentiality agreement",
        OFFICER, SignConfidentiality,
        (is_drafted, is_not_signed_yet, g.day_between("signed_on", "保密协议签订日期")), _sign, "secondary",
        concerns=waits_for_signature,
    ),
)  # fmt: skip
