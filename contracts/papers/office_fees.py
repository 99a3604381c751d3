"""What an office asks for an act, in words, from the table of fees of the rule packs."""

from datetime import date

from contracts.phrases import NONE
from contracts.view import CaseView
from rules.money import format_yuan
from rules.other_fees import other_fee
from rules.packs import load

_UNDATED = date(2100, 12, 31)


def change_fee(view: CaseView) -> str:
    """Return what the office asks for a change of owner.

    Source: 缴费服务指南 annex 2
    """
    on = view.day("effective_on") or view.day("signed_on") or view.day("opened_on") or _UNDATED
    rows = [other_fee(load(), "change", patent.kind, on) for patent in view.patents]
    if not rows:
        return NONE
    each, total = (
        format_yuan(fen).removesuffix(".00") for fen in (rows[0].fee_fen, sum(r.fee_fen for r in rows))
    )
    return f"{rows[0].per_zh}{each}元，共{len(rows)}件，合计{total}元"
