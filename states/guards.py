"""The conditions of steps: named pure functions that return every unmet condition, with its remedy.

A guard answers for a step as a whole; while somebody only asks what is possible there is no payload, and
conditions on the payload's dates hold for the time being.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache

from rules.derivation import Derivation, step
from rules.gate_texts import WITHOUT_IT
from rules.gates import Finding, PatentFacts, check_patent
from rules.grants import Grant, check_grants
from rules.identifiers import display_number
from rules.publicity import PublicityEnd
from states.context import Context
from states.facts import Payment
from states.payloads import plain_number
from states.plan import Unmet
from states.recorded import payments_in, publicity_in

Guard = Callable[[Context], tuple[Unmet, ...]]


@cache
def are_patents_clear(stage: str) -> Guard:
    """Return the guard that runs the state × act matrix for a stage ('open', 'sign', 'file')."""

    def guard(ctx: Context) -> tuple[Unmet, ...]:
        return tuple(from_finding(ctx, finding) for finding in patent_findings(ctx, stage, warnings=False))

    return guard


def patent_findings(ctx: Context, stage: str, *, warnings: bool) -> tuple[Finding, ...]:
    """Return what the matrix finds of the living patents at a stage, with or without what only warns."""
    return tuple(
        finding
        for patent in living(ctx)
        for finding in check_patent(
            patent,
            ctx.facts.mode,
            stage=stage,
            institution=ctx.facts.institution,
            foreign_party=ctx.facts.foreign_party,
            today=ctx.today,
            warnings=warnings,
        )
    )


def living(ctx: Context) -> tuple[PatentFacts, ...]:
    """Return the patents of the case whose end has not been recorded since the signature."""
    ended = {told["id"] for told in ctx.data.items("ended_patents", "list")}
    return tuple(patent for patent in ctx.facts.patents if patent.id not in ended)


def patent_named(patents: Iterable[PatentFacts], typed: str) -> PatentFacts | None:
    """Return the patent that people mean by an application or patent number, however they write it."""
    number = plain_number(typed)
    return next((patent for patent in patents if patent.application_no.upper() == number), None)


def from_finding(ctx: Context, finding: Finding, code: str = "", before: tuple[str, str] = ("", "")) -> Unmet:
    """Return a finding of the matrix as a condition that cites its rule."""
    return ctx.unmet(
        code or f"patent_{finding.rule_id}",
        finding.rule_id,
        (
            f"{before[0]}{finding.subject_zh}：{finding.what_zh}",
            f"{before[1]}{finding.subject_en}: {finding.what_en}",
        ),
        (finding.remedy_zh, finding.remedy_en),
        finding.who,
        finding.patent_id,
        lambda: finding.derivation.parts,
    )


def is_register_fresh(ctx: Context) -> tuple[Unmet, ...]:
    """The register was looked up recently enough for the house."""
    checked = ctx.day("checked_on")
    limit = ctx.policy.register_check_max_age_days
    if checked is None or (ctx.today - checked).days <= limit:
        return ()
    return (
        ctx.unmet(
            "register_stale",
            "L-21",
            (
                f"登记簿核查日期须在今日之前{limit}日内",
                f"the register must have been checked in the last {limit} days",
            ),
            ("重新查询专利登记簿后填写新的核查日期", "look the register up again"),
            "officer",
            because=lambda: (_dated("checked_on", "核查日期", checked), _dated("today", "今日", ctx.today)),
        ),
    )


def _dated(name: str, label: str, value: date) -> Derivation:
    return step(name, f"{label}{value.isoformat()}", f"{name} {value.isoformat()}", value, "date")


def are_terms_complete(ctx: Context) -> tuple[Unmet, ...]:
    """The commercial terms are filled in without a fault."""
    if ctx.terms.complete:
        return ()
    problems = "；".join(ctx.terms.problems[:5]) or "尚未填写"
    return (
        ctx.unmet(
            "terms_incomplete",
            "PF-09",
            (f"商务条款不完整：{problems}", "the terms are not complete"),
            ("在“商务条款”中补全并保存", "complete the terms"),
            "officer",
        ),
    )


def is_within_patent_life(ctx: Context) -> tuple[Unmet, ...]:
    """The license ends before the last patent's protection does, patent by patent."""
    end = ctx.terms.end
    if end is None:
        return ()
    return tuple(
        _beyond_life(ctx, p, end, p.term_end)
        for p in living(ctx)
        if p.term_end is not None and end > p.term_end
    )


def _beyond_life(ctx: Context, p: PatentFacts, end: date, last: date) -> Unmet:
    number = display_number(p.application_no)
    return ctx.unmet(
        "beyond_patent_life",
        "P-05",
        (
            f"{p.title}（{number}）：许可期限至{end.isoformat()}，超过专利权期限届满日{last.isoformat()}",
            f"{number}: the license runs past the end of protection ({last.isoformat()})",
        ),
        (f"缩短许可期限，或{WITHOUT_IT[0]}", f"shorten the term, or {WITHOUT_IT[1]}"),
        "officer",
        p.id,
        lambda: (_dated("term_end", "专利权期限届满日", last), _dated("license_end", "许可终止日", end)),
    )


def are_terms_lawful(ctx: Context) -> tuple[Unmet, ...]:
    """The lint finds no clause that the law forbids."""
    return tuple(
        ctx.unmet("unlawful_clause", "LI-08", (text, text), ("修改该条款", "change the clause"), "officer")
        for text in ctx.terms.unlawful
    )


# What the parties' entries lack, by the word of the facts: what, what would meet it, and who can.
_PARTY_GAPS: Mapping[str, tuple[tuple[str, str], tuple[str, str], str]] = {
    "licensor_address": (
        ("本单位的住所未填写", "our address is missing"),
        ("请管理员在“机构信息”中补录住所", "have the administrator enter it under the institution"),
        "administrator",
    ),
    "licensee_address": (
        ("对方企业的住所未填写", "the other side's address is missing"),
        ("在“企业”中补录该企业的住所", "enter it under the company"),
        "officer",
    ),
}
_PATENT_GAPS = (
    ("title", "名称", "title"),
    ("filing_date", "申请日", "filing date"),
    ("grant_date", "授权公告日", "grant date"),
)


def is_contract_content_known(ctx: Context) -> tuple[Unmet, ...]:
    """Everything is known by which a contract names its parties and its patents.

    Source: 民法典 art 845; 技术合同纠纷解释 art 7
    """
    return (*_party_gaps(ctx, "K-02"), *_patent_gaps(ctx, "K-04"))


def is_filed_content_known(ctx: Context) -> tuple[Unmet, ...]:
    """Everything is known that a license contract must name to be recorded.

    Source: 专利实施许可合同备案办法 art 9
    """
    return (*_party_gaps(ctx, "L-06"), *_patent_gaps(ctx, "L-06"))


def _party_gaps(ctx: Context, rule_id: str) -> tuple[Unmet, ...]:
    return tuple(ctx.unmet(f"no_{gap}", rule_id, *_PARTY_GAPS[gap]) for gap in ctx.facts.missing)


def _patent_gaps(ctx: Context, rule_id: str) -> tuple[Unmet, ...]:
    """Return what the patents lack; an application has no day of grant yet."""
    return tuple(
        ctx.unmet(
            f"no_patent_{name}",
            rule_id,
            (
                f"{p.title}（{display_number(p.application_no)}）：{zh}未填写",
                f"{display_number(p.application_no)}: the {en} is missing",
            ),
            (f"在专利清单中补填{zh}后重新导入", f"import the patent list again with the {en}"),
            "officer",
            p.id,
        )
        for p in ctx.facts.patents
        for name, zh, en in _PATENT_GAPS
        if not getattr(p, name) and not (name == "grant_date" and p.status == "pending")
    )


def is_company_as_finalized(ctx: Context) -> tuple[Unmet, ...]:
    """The other side still bears the name that the final text was made for: what is signed is what was finalized.

    Source: 民法典 art 845; 技术合同纠纷解释 art 7 (the contract names its parties)
    """
    finalized = ctx.data.get("contract", "counterparty")
    if finalized in (None, ctx.facts.counterparty):
        return ()
    what = (
        f"合同定稿时对方名称为“{finalized}”，现登记为“{ctx.facts.counterparty}”",
        f"the text was finalized for {finalized}, which is now registered as {ctx.facts.counterparty}",
    )
    remedy = (
        "核对对方的名称变更证明，退回起草后以现名称重新定稿；误改的，在“企业”中改回",
        "check the proof of the change of name and finalize the contract anew, or put the name right",
    )
    return (ctx.unmet("company_renamed", "K-02", what, remedy, "officer"),)


def is_objection_procedure_published(ctx: Context) -> tuple[Unmet, ...]:
    """The institution has published how objections are handled."""
    if ctx.payload is None or ctx.payload.procedure_published:
        return ()
    return (
        ctx.unmet(
            "no_objection_procedure",
            "PR-05",
            ("尚未确认异议处理程序已公开", "the objection procedure is not confirmed as published"),
            ("公开异议处理程序后勾选“异议处理程序已公开”", "publish the procedure and tick the box"),
            "officer",
        ),
    )


def has_publicity_run(ctx: Context) -> tuple[Unmet, ...]:
    """The publicity has run its full length, pauses not counted."""
    ends = publicity_in(ctx.book, ctx.data)
    if ends is None:
        return ()
    closing = ctx.day("closed_on") or ctx.today
    if closing >= ends.may_close_from:
        return ()
    return (
        ctx.unmet(
            "publicity_running",
            "PR-04",
            (
                f"公示期至{ends.last_day.isoformat()}届满，最早{ends.may_close_from.isoformat()}可确认",
                f"the publicity runs until {ends.last_day.isoformat()}",
            ),
            ("公示期满后再确认", "wait until it is over"),
            "officer",
            because=lambda: (*_told(ends), _dated("closing", "拟确认公示期满的日期", closing)),
            waits=True,
        ),
    )


def _told(ends: PublicityEnd) -> tuple[Derivation, ...]:
    lines = zip(ends.explanation_zh, ends.explanation_en, strict=True)
    return tuple(step("publicity", zh.rstrip("。"), en.rstrip(".")) for zh, en in lines)


def is_another_pair_of_eyes(ctx: Context) -> tuple[Unmet, ...]:
    """Whoever approves is not the one who handed the case up."""
    if ctx.data.get("approval", "submitted_by") != ctx.actor.id:
        return ()
    return (
        ctx.unmet(
            "own_case",
            "",
            ("报批人不能审批自己提交的案件", "nobody approves a case they submitted"),
            ("请另一位审批人处理", "ask another approver"),
            "approver",
        ),
    )


def is_approval_of_these_terms(ctx: Context) -> tuple[Unmet, ...]:
    """The terms are still those that were handed up, or approved."""
    seen = ctx.data.get("approval", "hash")
    if seen is None or seen == ctx.terms.hashes.get("approval"):
        return ()
    return (
        ctx.unmet(
            "terms_changed",
            "",
            ("商务条款与报批时不一致", "the terms differ from those handed up"),
            ("按现有条款重新报批", "submit for approval again"),
            "officer",
        ),
    )


def is_unsigned(ctx: Context) -> tuple[Unmet, ...]:
    """The contract has not been signed yet."""
    if not ctx.at("signed"):
        return ()
    return (
        ctx.unmet(
            "already_signed",
            "",
            ("合同已签订，不能再改商务条款或撤回案件", "the contract is signed"),
            (
                "如需变更，先使合同生效，再订立补充协议；不再履行的，办理解除合同",
                "let it take effect and amend it, or terminate it",
            ),
            "officer",
        ),
    )


def has_no_conflict(ctx: Context) -> tuple[Unmet, ...]:
    """No other case has already granted what excludes this one, for an overlapping term and territory."""
    if not ctx.facts.others:
        return ()
    new = Grant(ctx.facts.mode, ctx.terms.start, ctx.terms.end, ctx.terms.territory)
    consents = frozenset(given["consent"] for given in ctx.data.items("consents", "given"))
    return tuple(
        from_finding(ctx, finding, "conflicting_case", ("与另案冲突：", "conflicts with an earlier grant: "))
        for finding in check_grants(new, ctx.facts.others, today=ctx.today, consents=consents)
        if finding.severity != "warn"
    )


def is_filing_recorded(ctx: Context) -> tuple[Unmet, ...]:
    """The office has recorded what the contract brings: the filing of a license, the change of a register entry."""
    filing = ctx.mode.filing
    if filing is None or ctx.at("filing_recorded"):
        return ()
    return (
        ctx.unmet(
            "filing_not_recorded",
            "RP-04",
            (
                f"{filing.zh}尚未完成，平台反馈所需的证明尚不具备",
                "the filing at the office is not recorded yet",
            ),
            (f"完成{filing.zh}并登记结果", "complete the filing and record its result"),
            "officer",
        ),
    )


def payments_by_key(ctx: Context) -> dict[str, Payment]:
    """Return what the other side owes, by deadline key: `payment:1` is the first, `payment:1@2` that of licensee 2."""
    payments = payments_in(ctx.terms.payments, ctx.data)
    return {
        key: payments[int(key.removeprefix("payment:").partition("@")[0]) - 1] for key in _payment_keys(ctx)
    }


def _payment_keys(ctx: Context) -> Iterable[str]:
    if ctx.mode.has_company:
        return (f"payment:{number}" for number in range(1, len(ctx.terms.payments) + 1))
    licenses = ctx.data.items("acceptances", "list")
    return (key for license_ in licenses for key in license_["payments"])


def payment_of(ctx: Context, key: str) -> Payment | None:
    """Return the payment that a deadline key names, or None."""
    return payments_by_key(ctx).get(key)


def payments_in_words(ctx: Context, keys: Iterable[str]) -> str:
    """Return payments as people type them, each by its key with what it is called; "无" if there are none."""
    known = payments_by_key(ctx)
    return "、".join(f"{key}（{known[key].label}）" if key in known else key for key in sorted(keys)) or "无"


def payments_called(ctx: Context, keys: Iterable[str]) -> str:
    """Return payments by what they are called."""
    known = payments_by_key(ctx)
    return "、".join(known[key].label for key in sorted(keys) if key in known)


def is_payment_known(ctx: Context) -> tuple[Unmet, ...]:
    """The receipt names a payment of this contract, or none."""
    key = ctx.payload.payment if ctx.payload is not None else ""
    if not key or payment_of(ctx, key) is not None:
        return ()
    named = list(payments_by_key(ctx).items())[:6]
    known = "、".join(f"{name}（{payment.label}）" for name, payment in named)
    return (
        ctx.unmet(
            "unknown_payment",
            "",
            (f"本合同没有编号为“{key}”的付款期次", f"this contract has no payment '{key}'"),
            (f"可填：{known or '无'}；不对应期次可留空", "name a payment of the contract, or none"),
            "finance",
        ),
    )


def is_duty_due(ctx: Context) -> tuple[Unmet, ...]:
    """The duty exists already: stamp duty from the signature on, registration once the contract is in force."""
    if (
        ctx.payload is None
        or ctx.payload.duty != "technology_contract"
        or ctx.data.day("contract", "effective_on")
    ):
        return ()
    return (
        ctx.unmet(
            "not_effective",
            "TC-04",
            ("合同尚未生效，不能登记技术合同认定登记的结果", "the contract is not in force yet"),
            ("先登记合同生效", "record the effective date first"),
            "officer",
        ),
    )


def is_term_over(ctx: Context) -> tuple[Unmet, ...]:
    """The license term has run out."""
    if ctx.terms.end is not None and ctx.today > ctx.terms.end:
        return ()
    until = ctx.terms.end.isoformat() if ctx.terms.end else "—"
    early = ctx.mode.steps.get("terminate")
    return (
        ctx.unmet(
            "term_running",
            "",
            (f"合同期限至{until}，尚未届满", f"the term runs until {until}"),
            ("期满后办理" + (f"；提前终止请办理“{early.zh}”" if early else ""), "wait until it is over"),
            "officer",
            waits=True,
        ),
    )


def day_between(name: str, label: str, after: tuple[str, str, str] | None = None) -> Guard:
    """Return the guard that holds a payload date between an earlier event's date and today.

    `after` is (section, key, Chinese name) of the earlier event.
    """

    def guard(ctx: Context) -> tuple[Unmet, ...]:
        value = ctx.day(name)
        if value is None:
            return ()
        found: list[Unmet] = []
        if value > ctx.today:
            text = (
                f"{label}{value.isoformat()}晚于今日{ctx.today.isoformat()}",
                f"{name} lies in the future",
            )
            found.append(
                ctx.unmet(f"{name}_future", "", text, ("填写已发生的日期", "enter a past date"), "officer")
            )
        earlier = ctx.data.day(after[0], after[1]) if after else None
        if after and earlier and value < earlier:
            text = (
                f"{label}{value.isoformat()}早于{after[2]}{earlier.isoformat()}",
                f"{name} is before {after[1]}",
            )
            found.append(ctx.unmet(f"{name}_early", "", text, ("核对日期", "check the date"), "officer"))
        return tuple(found)

    return guard
