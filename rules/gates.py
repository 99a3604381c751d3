"""The gates between the state of a patent and an intended act.

In: what is known of one patent, the act, the stage and the day. Out: every finding that is not met, each with
its rule, the remedy and who can bring it about; nothing if all is clear. The matrix itself is data
(`rules.gate_table`), its words are `rules.gate_texts`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from rules.gate_table import ACTS, STAGES, TABLE, Outcome, Severity, Stage
from rules.gate_texts import TEXTS
from rules.identifiers import KIND_ZH
from rules.text import fold

_KIND_EN = {"invention": "invention", "utility": "utility model", "design": "design"}


@dataclass(frozen=True)
class PatentFacts:
    """What a decision may know of one patent.

    `flags`: pledged, preserved, suspended, under_invalidation, open_license, exclusive_license, sole_license,
    ordinary_license (licenses other than the one being decided), state_funded, defense, evaluation_report.
    `consents`: what has been recorded for the act at hand; the names stand in the last column of the matrix
    (co_owner, pledgee, project_body, export_control …). `checked_on` is the day of the last look at the
    register, `term_end` the last protected day.
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


@dataclass(frozen=True)
class Finding:
    """One thing that stands against the act.

    `severity`: block stops the stage; consent stops it until `consent` is recorded; warn informs. A block
    with a `consent` is lifted by it too. `who` is a role, or `outside` for somebody who is not a user.
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


@dataclass(frozen=True)
class _Circumstances:
    """Everything that a condition looks at."""

    patent: PatentFacts
    institution: str
    foreign_party: bool
    today: date
    register_max_age_days: int | None


def check_patent(
    p: PatentFacts,
    act: str,
    *,
    institution: str,
    foreign_party: bool,
    today: date,
    stage: str = "sign",
    register_max_age_days: int | None = None,
) -> tuple[Finding, ...]:
    """Return every finding for one patent, one act and one stage, in the order of the matrix.

    The age of the register check is looked at only if `register_max_age_days` is given. A consent that is
    recorded leaves no finding behind.

    Raises: ValueError if the act or the stage is unknown.
    """
    if act not in ACTS:
        raise ValueError(f"unknown act: {act!r}")
    known_stage = next((known for known in STAGES if known == stage), None)
    if known_stage is None:
        raise ValueError(f"unknown stage: {stage!r}")
    around = _Circumstances(p, institution, foreign_party, today, register_max_age_days)
    return tuple(
        _finding(around, condition, outcome)
        for condition, holds in _HOLDS.items()
        if holds(around) and (outcome := _unmet(p, condition, act, known_stage)) is not None
    )


def _unmet(p: PatentFacts, condition: str, act: str, stage: Stage) -> Outcome | None:
    outcome = TABLE.get((condition, act, stage))
    return None if outcome is None or outcome.consent in p.consents else outcome


def _finding(around: _Circumstances, condition: str, outcome: Outcome) -> Finding:
    p = around.patent
    text = TEXTS[outcome.text]
    words = {
        "kind": KIND_ZH.get(p.kind, p.kind),
        "kind_en": _KIND_EN.get(p.kind, p.kind),
        "owners": "、".join(p.owners) or "（未填写）",
        "institution": around.institution,
        "checked": p.checked_on.isoformat() if p.checked_on else "—",
    }
    number = f"{p.application_no[:-1]}.{p.application_no[-1:]}"
    return Finding(
        rule_id=outcome.rule_id,
        severity=outcome.severity,
        patent_id=p.id,
        subject_zh=f"《{p.title}》（{number}）",
        subject_en=number,
        what_zh=text.what_zh.format_map(words),
        what_en=text.what_en.format_map(words),
        remedy_zh=text.remedy_zh,
        remedy_en=text.remedy_en,
        who=text.who,
        consent=outcome.consent,
        condition=condition,
    )


def _is_flagged(flag: str) -> Callable[[_Circumstances], bool]:
    return lambda around: flag in around.patent.flags


def _is_status(status: str) -> Callable[[_Circumstances], bool]:
    return lambda around: around.patent.status == status


def _is_expired(around: _Circumstances) -> bool:
    p = around.patent
    over = p.term_end is not None and p.term_end < around.today
    return p.status == "expired" or (over and p.status in ("in_force", "in_grace", "unknown"))


def _is_owned_by_others(around: _Circumstances) -> bool:
    return fold(around.institution) not in {fold(owner) for owner in around.patent.owners}


def _is_co_owned(around: _Circumstances) -> bool:
    return len({fold(owner) for owner in around.patent.owners}) > 1


def _is_foreign(around: _Circumstances) -> bool:
    return around.foreign_party and around.patent.kind != "design"


def _is_foreign_design(around: _Circumstances) -> bool:
    return around.foreign_party and around.patent.kind == "design"


def _is_funded_and_foreign(around: _Circumstances) -> bool:
    return around.foreign_party and "state_funded" in around.patent.flags


def _is_without_report(around: _Circumstances) -> bool:
    p = around.patent
    return p.kind in ("utility", "design") and p.status != "pending" and "evaluation_report" not in p.flags


def _is_register_check_stale(around: _Circumstances) -> bool:
    limit, checked = around.register_max_age_days, around.patent.checked_on
    return limit is not None and (checked is None or not 0 <= (around.today - checked).days <= limit)


_HOLDS: dict[str, Callable[[_Circumstances], bool]] = {
    "void": _is_status("void"),
    "expired": _is_expired,
    "lapsed": _is_status("lapsed"),
    "defense": _is_flagged("defense"),
    "not_owner": _is_owned_by_others,
    "co_owned": _is_co_owned,
    "in_grace": _is_status("in_grace"),
    "pledged": _is_flagged("pledged"),
    "suspended": _is_flagged("suspended"),
    "preserved": _is_flagged("preserved"),
    "exclusive_license": _is_flagged("exclusive_license"),
    "sole_license": _is_flagged("sole_license"),
    "ordinary_license": _is_flagged("ordinary_license"),
    "open_license": _is_flagged("open_license"),
    "under_invalidation": _is_flagged("under_invalidation"),
    "pending": _is_status("pending"),
    "foreign": _is_foreign,
    "foreign_design": _is_foreign_design,
    "funded_foreign": _is_funded_and_foreign,
    "no_report": _is_without_report,
    "status_unknown": _is_status("unknown"),
    "register_stale": _is_register_check_stale,
}
