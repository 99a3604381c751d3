"""The gates between the state of a patent and an intended act.

In: what is known of one patent, the act, the stage and the day. Out: every finding that is not met, each with
its rule, the remedy, who can bring it about and how it was found; nothing if all is clear. The matrix itself is
data (`rules.gate_table`), its words are `rules.gate_texts`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from rules.derivation import Cited, Derivation, step
from rules.gate_table import ACT_NAMES, ACTS, STAGE_NAMES, STAGES, TABLE, Outcome, Severity
from rules.gate_texts import CONDITION_NAMES, TEXTS
from rules.identifiers import KIND_ZH, display_number
from rules.text import fold

_KIND_EN = {"invention": "invention", "utility": "utility model", "design": "design"}
_VERDICTS: dict[Severity, tuple[str, str]] = {
    "block": ("不得办理", "blocked"),
    "consent": ("须先取得书面文件", "a paper is missing"),
    "warn": ("可以办理，须注意", "possible, with care"),
}
FLAGS = frozenset({
    "pledged", "preserved", "suspended", "under_invalidation", "open_license", "open_withdrawal_filed",
    "exclusive_license", "sole_license", "ordinary_license", "state_funded", "defense", "evaluation_report",
    "evaluation_negative", "restorable", "co_owner_agreement", "commissioned", "joint_development",
})  # fmt: skip


@dataclass(frozen=True)
class PatentFacts:
    """What a decision may know of one patent.

    `flags` are those of `FLAGS`: burdens and licenses other than the one being decided; `open_withdrawal_filed` is a
    withdrawal that is not gazetted yet, `restorable` a lapsed right whose restoration can still be asked for,
    `co_owner_agreement` an agreement of the co-owners that departs from the law's default.
    `consents`: what has been recorded for the act at hand; the names stand in the matrix (co_owner, pledgee,
    project_body, export_control, inventor_waiver …). `checked_on` is the day of the last look at the register,
    `term_end` the last protected day, `restore_until` the last day for asking for restoration.
    """

    id: int
    application_no: str
    title: str
    kind: str
    status: str
    flags: frozenset[str]
    filing_date: date | None
    grant_date: date | None
    owners: tuple[str, ...]
    checked_on: date | None
    consents: frozenset[str]
    term_end: date | None
    restore_until: date | None = None
    inventors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that stands against the act.

    `severity`: block stops the stage; consent stops it until `consent` is recorded; warn informs. A block
    with a `consent` is lifted by it too. `who` is a role, or `outside` for somebody who is not a user.
    `evidence` are steps that led to it beside the state, the act and the stage.
    """

    rule_id: str
    severity: Severity
    patent_id: int | None
    subject_zh: str
    subject_en: str
    what_zh: str
    what_en: str
    remedy_zh: str
    remedy_en: str
    who: str
    consent: str | None
    condition: str = ""
    act: str = ""
    stage: str = ""
    found_zh: str = ""
    found_en: str = ""
    evidence: tuple[Derivation, ...] = field(default=(), repr=False)

    @cached_property
    def derivation(self) -> Derivation:
        """How it came about, as far as it can be told without the rulebook; `derived` cites the rule."""
        return self.derived(None)

    def derived(self, rule: Cited | None) -> Derivation:
        """Return how it came about: the state found, the act, the stage, the rule."""
        verdict_zh, verdict_en = _VERDICTS[self.severity]
        law = "" if rule is not None or not self.rule_id else f"（规则{self.rule_id}）"
        return step(
            self.condition or "finding", f"{self.subject_zh}：{self.what_zh}，{verdict_zh}{law}",
            f"{self.subject_en}: {self.what_en}; {verdict_en}", self.severity == "warn", "flag",
            step("state", f"{self.subject_zh}的状态：{self.found_zh}", f"state: {self.found_en}", self.condition, "text"),
            *self.evidence, *_intention(self.act, self.stage), rule=rule,
        )  # fmt: skip


@lru_cache(maxsize=64)
def _intention(act: str, stage: str) -> tuple[Derivation, Derivation]:
    act_zh, act_en = ACT_NAMES[act]
    stage_zh, stage_en = STAGE_NAMES[stage]
    return (
        step("act", f"拟办事项：{act_zh}", f"act: {act_en}", act, "text"),
        step("stage", f"办理环节：{stage_zh}", f"stage: {stage_en}", stage, "text"),
    )


@dataclass(frozen=True, slots=True)
class _Circumstances:
    """Everything that a condition looks at."""

    patent: PatentFacts
    institution: str
    foreign_party: bool
    today: date
    register_max_age_days: int | None
    grant_end: date | None


Condition = Callable[[_Circumstances], bool]


def check_patent(
    p: PatentFacts,
    act: str,
    *,
    institution: str,
    foreign_party: bool,
    today: date,
    stage: str = "sign",
    register_max_age_days: int | None = None,
    grant_end: date | None = None,
    warnings: bool = True,
) -> tuple[Finding, ...]:
    """Return every finding for one patent, one act and one stage, in the order of the matrix.

    The age of the register check is looked at only if `register_max_age_days` is given, the patent's life only if
    `grant_end`, the last day of the license or of the secured debt, is. A consent that is recorded leaves no
    finding behind. Without `warnings` only what stops the stage is returned.

    Raises: ValueError if the act or the stage is unknown.
    """
    if act not in ACTS:
        raise ValueError(f"unknown act: {act!r}")
    if stage not in STAGE_NAMES:
        raise ValueError(f"unknown stage: {stage!r}")
    around = _Circumstances(p, institution, foreign_party, today, register_max_age_days, grant_end)
    consents = p.consents
    found = [
        (condition, outcome)
        for condition, holds, outcome in _COLUMNS[act, stage, warnings]
        if holds(around)
        and outcome.consent not in consents
        and (not outcome.instead or outcome.instead.isdisjoint(consents))
    ]
    if not found:
        return ()
    number, words = display_number(p.application_no), _words(around)
    subject = f"《{p.title}》（{number}）"
    return tuple(
        _finding(p.id, subject, number, words, condition, outcome, act, stage) for condition, outcome in found
    )


def _words(around: _Circumstances) -> dict[str, object]:
    p = around.patent
    return {
        "kind": KIND_ZH.get(p.kind, p.kind),
        "kind_en": _KIND_EN.get(p.kind, p.kind),
        "owners": "、".join(p.owners) or "（未填写）",
        "institution": around.institution,
        "checked": p.checked_on or "—",
        "grant_end": around.grant_end or "—",
        "term_end": p.term_end or "—",
        "restore_until": f"至{p.restore_until}" if p.restore_until else "期限以终止通知书为准",
        "restore_until_en": f"until {p.restore_until}" if p.restore_until else "see the notice for the date",
    }


def _finding(
    patent_id: int,
    subject_zh: str,
    subject_en: str,
    words: dict[str, object],
    condition: str,
    outcome: Outcome,
    act: str,
    stage: str,
) -> Finding:
    text = TEXTS[outcome.text]
    found_zh, found_en = CONDITION_NAMES[condition]
    what_zh, what_en = text.what_zh, text.what_en
    if outcome.text in _WORDED:
        what_zh, what_en = what_zh.format_map(words), what_en.format_map(words)
    return Finding(
        outcome.rule_id, outcome.severity, patent_id, subject_zh, subject_en, what_zh, what_en,
        text.remedy_zh, text.remedy_en, text.who, outcome.consent, condition, act, stage, found_zh, found_en,
    )  # fmt: skip


def _is_flagged(flag: str) -> Condition:
    return lambda around: flag in around.patent.flags


def _is_status(status: str) -> Condition:
    return lambda around: around.patent.status == status


def _is_expired(around: _Circumstances) -> bool:
    p = around.patent
    over = p.term_end is not None and p.term_end < around.today
    return p.status == "expired" or (over and p.status in ("in_force", "in_grace", "unknown"))


def _is_restorable(around: _Circumstances) -> bool:
    p = around.patent
    if p.status != "lapsed":
        return False
    return p.restore_until >= around.today if p.restore_until is not None else "restorable" in p.flags


def _is_lapsed(around: _Circumstances) -> bool:
    return around.patent.status == "lapsed" and not _is_restorable(around)


def _is_owned_by_others(around: _Circumstances) -> bool:
    return _folded(around.institution) not in {_folded(owner) for owner in around.patent.owners}


def _is_co_owned(around: _Circumstances) -> bool:
    owners = around.patent.owners
    return len(owners) > 1 and len({_folded(owner) for owner in owners}) > 1


def _is_co_owned_by_law(around: _Circumstances) -> bool:
    return "co_owner_agreement" not in around.patent.flags and _is_co_owned(around)


def _is_co_owned_by_agreement(around: _Circumstances) -> bool:
    return "co_owner_agreement" in around.patent.flags and _is_co_owned(around)


def _is_open_licensed(around: _Circumstances) -> bool:
    flags = around.patent.flags
    return "open_license" in flags and "open_withdrawal_filed" not in flags


def _is_beyond_term(around: _Circumstances) -> bool:
    end, last = around.grant_end, around.patent.term_end
    return end is not None and last is not None and around.today <= last < end


def _is_term_unknown(around: _Circumstances) -> bool:
    p = around.patent
    return p.term_end is None and p.status in ("in_force", "in_grace", "unknown")


def _is_commissioned_application(around: _Circumstances) -> bool:
    return around.patent.status == "pending" and "commissioned" in around.patent.flags


def _is_commissioned_patent(around: _Circumstances) -> bool:
    return around.patent.status != "pending" and "commissioned" in around.patent.flags


def _is_joint_application(around: _Circumstances) -> bool:
    return around.patent.status == "pending" and "joint_development" in around.patent.flags


def _is_foreign(around: _Circumstances) -> bool:
    return around.foreign_party and around.patent.kind != "design"


def _is_foreign_design(around: _Circumstances) -> bool:
    return around.foreign_party and around.patent.kind == "design"


def _is_funded_and_foreign(around: _Circumstances) -> bool:
    return around.foreign_party and "state_funded" in around.patent.flags


def _is_granted_without_examination(p: PatentFacts) -> bool:
    return p.kind in ("utility", "design") and p.status != "pending"


def _is_without_report(around: _Circumstances) -> bool:
    p = around.patent
    return _is_granted_without_examination(p) and not p.flags & {"evaluation_report", "evaluation_negative"}


def _is_report_negative(around: _Circumstances) -> bool:
    return "evaluation_negative" in around.patent.flags and _is_granted_without_examination(around.patent)


def _is_register_check_stale(around: _Circumstances) -> bool:
    limit, checked = around.register_max_age_days, around.patent.checked_on
    return limit is not None and (checked is None or not 0 <= (around.today - checked).days <= limit)


@lru_cache(maxsize=4096)
def _folded(name: str) -> str:
    return fold(name)


_HOLDS: dict[str, Condition] = {
    "void": _is_status("void"),
    "expired": _is_expired,
    "lapsed": _is_lapsed,
    "lapsed_restorable": _is_restorable,
    "defense": _is_flagged("defense"),
    "not_owner": _is_owned_by_others,
    "co_owned": _is_co_owned_by_law,
    "co_agreement": _is_co_owned_by_agreement,
    "in_grace": _is_status("in_grace"),
    "pledged": _is_flagged("pledged"),
    "suspended": _is_flagged("suspended"),
    "preserved": _is_flagged("preserved"),
    "exclusive_license": _is_flagged("exclusive_license"),
    "sole_license": _is_flagged("sole_license"),
    "ordinary_license": _is_flagged("ordinary_license"),
    "open_license": _is_open_licensed,
    "open_withdrawal": _is_flagged("open_withdrawal_filed"),
    "under_invalidation": _is_flagged("under_invalidation"),
    "beyond_term": _is_beyond_term,
    "term_unknown": _is_term_unknown,
    "pending": _is_status("pending"),
    "inventors_first": lambda _around: True,
    "client_first": _is_commissioned_application,
    "partner_first": _is_joint_application,
    "client_works": _is_commissioned_patent,
    "foreign": _is_foreign,
    "foreign_design": _is_foreign_design,
    "funded_foreign": _is_funded_and_foreign,
    "no_report": _is_without_report,
    "report_negative": _is_report_negative,
    "status_unknown": _is_status("unknown"),
    "register_stale": _is_register_check_stale,
}
# Per act, stage and whether warnings count: the conditions to look at, in the order of the matrix.
_COLUMNS: dict[tuple[str, str, bool], tuple[tuple[str, Condition, Outcome], ...]] = {
    (act, stage, warnings): tuple(
        (condition, holds, outcome)
        for condition, holds in _HOLDS.items()
        if (outcome := TABLE.get((condition, act, stage))) is not None
        and (warnings or outcome.severity != "warn")
    )
    for act in ACTS
    for stage in STAGES
    for warnings in (True, False)
}
_WORDED = frozenset(key for key, text in TEXTS.items() if "{" in text.what_zh + text.what_en)
