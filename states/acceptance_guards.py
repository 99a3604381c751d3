"""What the steps of an open license about its licensees wait for.

Source: 专利法 art 51; 专利法实施细则 arts 86-87; 审查指南 part 5 ch 11 §§2, 4, 6-7
"""

from datetime import date

from states import acceptances as a
from states import guards as g
from states.context import Context
from states.plan import Unmet


def is_licensee_known(ctx: Context) -> tuple[Unmet, ...]:
    """The licensee stands in the register of companies, with the address that the filing asks for."""
    if ctx.payload is None:
        return ()
    found = ctx.facts.company
    if found is None:
        what = (
            f"没有登记企业“{ctx.payload.company}”，或有多家同名企业",
            f"no one company '{ctx.payload.company}'",
        )
        remedy = ("先在“企业”中登记；同名的，填写统一社会信用代码", "register it, or give its code")
        return (ctx.unmet("unknown_company", "OP-15", what, remedy, "officer"),)
    if not found.address:
        what = (f"被许可人{found.name}的住所未填写", f"the address of {found.name} is missing")
        return (
            ctx.unmet("no_licensee_address", "L-06", what, ("在“企业”中补录住所", "enter it under the company"), "officer"),
        )  # fmt: skip
    return ()


def is_declared(ctx: Context) -> tuple[Unmet, ...]:
    """The notice came while the declaration was in force: from its gazette until that of its end."""
    day, over = ctx.day("notified_on"), ctx.data.day("declaration", "over_on")
    ends_on = over if day is None or over is None or day >= over else None
    if ends_on is None:
        return ()
    return (
        ctx.unmet(
            "declaration_over", "OP-11",
            (f"开放许可声明已于{ends_on.isoformat()}终止，此后的通知不能达成开放许可", "the declaration has ended"),
            ("协商订立普通许可合同的，另立普通许可案件", "negotiate an ordinary license in a case of its own"), "officer",
        ),
    )  # fmt: skip


def is_payment_in_time(ctx: Context) -> tuple[Unmet, ...]:
    """A license arises by notice and payment, both before the declaration ends."""
    paid, over = ctx.day("paid_on"), ctx.data.day("declaration", "over_on")
    if paid is None or over is None or paid < over:
        return ()
    return (
        ctx.unmet(
            "paid_too_late", "OP-11",
            (f"支付日期{paid.isoformat()}不早于声明终止日{over.isoformat()}，许可未达成", "paid after the declaration ended"),
            ("退还款项并登记许可未达成；双方仍愿许可的，另订普通许可合同", "return the sum; make an ordinary license instead"),
            "officer",
        ),
    )  # fmt: skip


def is_declared_sum_paid(ctx: Context) -> tuple[Unmet, ...]:
    """What was paid reaches what the declaration asks for in advance."""
    asked = ctx.terms.own.get("upfront_fen")
    if ctx.payload is None or asked is None or ctx.payload.amount_fen >= asked:
        return ()
    short = (
        f"声明的标准为{asked / 100:,.2f}元，已付{ctx.payload.amount_fen / 100:,.2f}元",
        "less than the declared sum",
    )
    return (
        ctx.unmet(
            "sum_short", "OP-09", short, ("足额支付后登记", "record it once it is paid in full"), "outside"
        ),
    )


def is_export_allowed(ctx: Context) -> tuple[Unmet, ...]:
    """A licensee from abroad, Hong Kong, Macao or Taiwan goes by the rules on technology export."""
    found = a.named(ctx) if ctx.payload is not None else None
    if found is None or not found["foreign"]:
        return ()
    given = ctx.payload
    if given.export == "free" or (given.export == "restricted" and given.export_reference):
        return ()
    what = (
        f"{found['company']}为境外或港澳台被许可人，须符合技术出口管理规定",
        "a foreign licensee: export rules apply",
    )
    remedy = (
        "核对《中国禁止出口限制出口技术目录》后选择；限制出口的，填写技术出口许可证编号",
        "look the technology up; if restricted, give the license number",
    )
    return (ctx.unmet("export_control", "OP-09", what, remedy, "officer"),)


def is_term_declared(ctx: Context) -> tuple[Unmet, ...]:
    """The license lies within the declared term, and ends after it starts."""
    if ctx.payload is None:
        return ()
    start, end, last = ctx.payload.start, ctx.payload.end, ctx.terms.end
    told = []
    if end < start:
        told.append(("term_reversed", "", f"许可终止日{end.isoformat()}早于开始日{start.isoformat()}"))
    if last is not None and end > last:
        told.append(
            (
                "beyond_declared_term",
                "OP-03",
                f"许可终止日{end.isoformat()}晚于声明的许可期限{last.isoformat()}",
            )
        )
    return tuple(
        ctx.unmet(code, rule, (text, code.replace("_", " ")), ("核对许可期限", "check the term"), "officer")
        for code, rule, text in told
    )


def is_filing_clear(ctx: Context) -> tuple[Unmet, ...]:
    """Nothing in the register stands against the filing; the declaration itself may have ended meanwhile."""
    return g.are_patents_clear("file")(ctx)


def is_duty_open(ctx: Context) -> tuple[Unmet, ...]:
    """The duty is one that this license has and that is not done."""
    found = a.named(ctx) if ctx.payload is not None else None
    if found is None or ctx.payload.duty in found["duties"]:
        return ()
    return (
        ctx.unmet(
            "no_such_duty", "", (f"第{found['no']}号接受没有这一待办事项", "this license has no such duty now"),
            ("在“期限”中查看尚未办结的事项", "see the open deadlines"), "officer",
        ),
    )  # fmt: skip


def is_end_possible(ctx: Context) -> tuple[Unmet, ...]:
    """One that was never paid has lapsed; one that was paid has run out or was ended."""
    found = a.named(ctx) if ctx.payload is not None else None
    if found is None:
        return ()
    told = []
    if (found["place"] == "notified") != (ctx.payload.how == "lapsed"):
        told.append(("end_mismatch", "许可尚未达成的，选“许可未达成”；已达成的，选届满或解除"))
    if ctx.payload.how == "expired" and ctx.today <= date.fromisoformat(found["end"]):
        told.append(("term_running", f"许可期限至{found['end']}，尚未届满"))
    return tuple(
        ctx.unmet(code, "", (text, code.replace("_", " ")), ("核对终止情形", "check how it ended"), "officer")
        for code, text in told
    )


def is_notice_due(ctx: Context) -> tuple[Unmet, ...]:
    """A ground has arisen, or the office has ended the declaration: the licensees have to be told."""
    if ctx.data.get("bar", "notice_due"):
        return ()
    return (
        ctx.unmet(
            "no_notice_due", "OP-12", ("目前没有须通知被许可人的情形", "there is nothing to tell the licensees"),
            ("出现不得开放许可的情形时，先登记该情形", "record the ground first"), "officer",
        ),
    )  # fmt: skip


def are_all_told(ctx: Context) -> tuple[Unmet, ...]:
    """Every licensee has been told."""
    if ctx.payload is None or ctx.payload.all_told:
        return ()
    told = a.list_of(a.standing(ctx, "notified", *a.LIVING))
    return (
        ctx.unmet(
            "not_all_told", "OP-12", (f"尚未确认已通知全部被许可人：{told}", "not all licensees are told"),
            ("逐一书面通知后勾选", "tell every licensee, then tick the box"), "officer",
        ),
    )  # fmt: skip
