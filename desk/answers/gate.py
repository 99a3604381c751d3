"""Whether a deal can be made on patents as they stand: everything unmet, everything to mind, and how it was found.

In: a conversion mode, a stage and the facts (docs/gate-facts.md). Out: a JSON-ready answer. No case and no record is
needed; the matrix of states, the grants of other cases and the caps of open licenses are all looked at.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from desk.answers import gate_words as words
from desk.answers.gate_facts import GateFacts, read_facts
from desk.answers.gate_missing import Missing
from desk.answers.parsing import Faults, Raw
from rules.caps import open_license_caps
from rules.citing import cited
from rules.derivation import Derivation, step
from rules.gate_table import ACT_NAMES, ACTS, OPEN, STAGE_NAMES, STAGES
from rules.gates import Finding, PatentFacts, check_patent
from rules.grants import check_grants
from rules.identifiers import display_number
from rules.packs import RuleBook
from states.decide import ROLES


class _Row(NamedTuple):
    """One line of the answer with the step that stands behind it."""

    stops: bool
    told: dict[str, Any]
    derivation: Derivation


class _Question(NamedTuple):
    facts: GateFacts
    mode: str
    stage: str
    on: date
    book: RuleBook


def check(
    facts: Mapping[str, Any],
    *,
    mode: Raw = None,
    stage: Raw = None,
    on: Raw = None,
    layers: Raw = None,
    today: date,
) -> dict[str, Any]:
    """Return whether the stage can be taken, everything unmet, the warnings and the derivation.

    `mode`, `stage` and `on` may stand in the facts instead; the stage is `sign` and the day `today` if nowhere given.
    `unmet` and `warnings` are lists of `{"rule", "article", "reason", "remedy", "who", …}`, in the order of patents.

    Raises: Invalid naming every place that is wrong, and what is allowed there.
    """
    faults = Faults()
    chosen = _choose(faults, facts, "mode", mode, ACTS, words.MODES, None)
    at = _choose(faults, facts, "stage", stage, STAGES, words.STAGES, "sign")
    day = _day(faults, facts, on, today)
    book = faults.book(layers)
    faults.check()
    question = _Question(read_facts(facts, chosen, day, book), chosen, at, day, book)
    rows = tuple(_rows(question))
    return _answer(question, rows)


def _choose(
    faults: Faults,
    facts: Mapping[str, Any],
    name: str,
    option: Raw,
    known: tuple[str, ...],
    aliases: Mapping[str, str],
    default: str | None,
) -> str:
    inside = facts.get(name)
    if inside is not None and not isinstance(inside, str):
        faults.add(
            name, f"须为文字，可选：{'、'.join(known)}。", f"{name}: must be one of {', '.join(known)}"
        )
        return known[0]
    chosen = faults.choice(
        inside if option is None else option, name, known, aliases=aliases, default=default
    )
    if (
        option is not None
        and inside is not None
        and faults.choice(inside, name, known, aliases=aliases) != chosen
    ):
        faults.add(
            name,
            f"命令中为“{option}”，事实中为“{inside}”，两者不一致。请删去其中一个。",
            f"{name}: given twice",
        )
    return chosen


def _day(faults: Faults, facts: Mapping[str, Any], option: Raw, today: date) -> date:
    inside = facts.get("on")
    if inside is not None and not isinstance(inside, str):
        faults.add("on", '须为日期文字，例如 "2026-03-01"。', "on: must be a date as text")
        return today
    return faults.optional_day(inside if option is None else option, "on") or today


def _rows(question: _Question) -> Iterator[_Row]:
    facts = question.facts
    for gap in facts.missing:
        yield _gap(gap, question)
    for patent in facts.patents:
        for finding in _patent_findings(patent, question):
            yield _found(finding, patent.application_no, question)
        others = [grant for grant, number in facts.others if number in ("", patent.application_no)]
        for finding in check_grants(
            facts.grant, others, today=question.on, stage=question.stage, consents=patent.consents
        ):
            yield _found(finding, patent.application_no, question)
    if question.mode in OPEN:
        yield from _caps(question)


def _patent_findings(patent: PatentFacts, question: _Question) -> Iterator[Finding]:
    facts = question.facts
    found = check_patent(
        patent, question.mode,
        institution=facts.institution, foreign_party=facts.foreign_party, today=question.on, stage=question.stage,
        register_max_age_days=_age_limit(patent, question), grant_end=facts.grant.end,
    )  # fmt: skip
    return (finding for finding in found if facts.institution or finding.condition != "not_owner")


def _age_limit(patent: PatentFacts, question: _Question) -> int | None:
    """Return the house's limit for the register check; without a date of the check the gap is told instead."""
    if patent.checked_on is None or not question.book.policies:
        return None
    return question.book.house(question.on).register_check_max_age_days


def _gap(gap: Missing, question: _Question) -> _Row:
    rule = cited(question.book, gap.rule_id, question.on)
    told = _told(
        (rule.id, rule.article, rule.confidence), gap.what, gap.remedy, "officer", "block" if gap.stops else "warn",
        {"patent": None, "consent": None, "condition": "missing_fact", "place": gap.place},
    )  # fmt: skip
    return _Row(
        gap.stops, told, step("missing_fact", gap.what[0], gap.what[1], not gap.stops, "flag", rule=rule)
    )


def _found(finding: Finding, application_no: str, question: _Question) -> _Row:
    rule = cited(question.book, finding.rule_id, question.on)
    other = "" if finding.patent_id is not None else "与其他案件冲突："
    told = _told(
        (rule.id, rule.article, rule.confidence),
        (f"{other}{finding.subject_zh}：{finding.what_zh}", f"{finding.subject_en}: {finding.what_en}"),
        (finding.remedy_zh, finding.remedy_en), finding.who, finding.severity,
        {
            "patent": display_number(application_no) or None, "consent": finding.consent,
            "condition": finding.condition, "place": None,
        },
    )  # fmt: skip
    return _Row(finding.severity != "warn", told, finding.derived(rule))


def _caps(question: _Question) -> Iterator[_Row]:
    given = question.facts.terms
    for cap in open_license_caps(
        book=question.book, on=question.on, fixed_fen=given.get("fixed_fee"),
        net_sales_bp=given.get("net_sales"), profit_bp=given.get("profit"), basis_chars=given.get("basis_chars"),
    ):  # fmt: skip
        rule = cited(question.book, cap.rule_id, question.on)
        told = _told(
            (rule.id, rule.article, rule.confidence), (cap.zh, cap.en), (cap.remedy_zh, cap.remedy_en), "officer", "warn",
            {"patent": None, "consent": None, "condition": f"cap_{cap.measure}", "place": "terms"},
        )  # fmt: skip
        yield _Row(False, told, cap.derivation)


def _told(
    rule: tuple[str, str, str],
    what: tuple[str, str],
    remedy: tuple[str, str],
    who: str,
    severity: str,
    more: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "rule": rule[0],
        "article": rule[1],
        "reason": what[0],
        "remedy": remedy[0],
        "who": who,
        "who_zh": ROLES[who][0],
        "severity": severity,
        "reason_en": what[1],
        "remedy_en": remedy[1],
        "confidence": rule[2],
        "unverified": rule[2] not in ("V", "V*"),
        **more,
    }


def _answer(question: _Question, rows: tuple[_Row, ...]) -> dict[str, Any]:
    unmet = [row.told for row in rows if row.stops]
    warnings = [row.told for row in rows if not row.stops]
    mode, stage = ACT_NAMES[question.mode], STAGE_NAMES[question.stage]
    verdict_zh = f"{len(unmet)}项条件未满足，暂不能办理" if unmet else "没有未满足的条件，可以办理"
    verdict_en = f"{len(unmet)} conditions are not met" if unmet else "nothing stands against it"
    derivation = step(
        "gate", f"{mode[0]}（{stage[0]}，{question.on.isoformat()}）：{verdict_zh}，{len(warnings)}项提示",
        f"{mode[1]} ({stage[1]}, {question.on.isoformat()}): {verdict_en}, {len(warnings)} warnings",
        not unmet, "flag", *(row.derivation for row in rows),
    )  # fmt: skip
    return {
        "allowed": not unmet,
        "unmet": unmet,
        "warnings": warnings,
        "mode": question.mode,
        "mode_zh": mode[0],
        "stage": question.stage,
        "stage_zh": stage[0],
        "on": question.on.isoformat(),
        "derivation": derivation.answer(),
    }
