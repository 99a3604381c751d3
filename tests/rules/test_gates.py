"""The state × act matrix, cell by cell, and what a finding says."""

import string
from dataclasses import replace
from datetime import date

import pytest

from rules.gate_table import ACTS, CONDITIONS, STAGES, TABLE
from rules.gate_texts import CONDITION_NAMES, TEXTS
from rules.gates import FLAGS, Finding, PatentFacts, check_patent
from rules.packs import load

TODAY = date(2026, 11, 23)
HERE = "江澜大学"
CLEAR = PatentFacts(
    id=7,
    application_no="2017106018623",
    title="一种枸橼酸抗凝装置",
    kind="invention",
    status="in_force",
    flags=frozenset(),
    filing_date=date(2017, 7, 21),
    grant_date=date(2019, 7, 9),
    owners=(HERE,),
    checked_on=date(2026, 11, 20),
    consents=frozenset({"inventor_waiver"}),
    term_end=date(2037, 7, 20),
)


def check(p: PatentFacts, act: str, stage: str = "sign", *, foreign: bool = False) -> tuple[Finding, ...]:
    return check_patent(
        p, act, institution=HERE, foreign_party=foreign, today=TODAY, stage=stage, grant_end=date(2030, 1, 2)
    )


def flagged(*flags: str) -> PatentFacts:
    return replace(CLEAR, flags=frozenset(flags))


def shown(findings: tuple[Finding, ...]) -> list[tuple[str, str, str | None]]:
    return [(finding.rule_id, finding.severity, finding.consent) for finding in findings]


CASES: dict[str, tuple[PatentFacts, bool]] = {
    "in_force": (CLEAR, False),
    "co_owned": (replace(CLEAR, owners=(HERE, "某某医疗器械有限公司")), False),
    "co_agreement": (replace(flagged("co_owner_agreement"), owners=(HERE, "某某医疗器械有限公司")), False),
    "in_grace": (replace(CLEAR, status="in_grace"), False),
    "pledged": (flagged("pledged"), False),
    "suspended": (flagged("suspended"), False),
    "preserved": (flagged("preserved"), False),
    "exclusive_license": (flagged("exclusive_license"), False),
    "sole_license": (flagged("sole_license"), False),
    "ordinary_license": (flagged("ordinary_license"), False),
    "open_license": (flagged("open_license"), False),
    "open_withdrawal": (flagged("open_license", "open_withdrawal_filed"), False),
    "under_invalidation": (flagged("under_invalidation"), False),
    "lapsed": (replace(CLEAR, status="lapsed", restore_until=date(2026, 11, 22)), False),
    "lapsed_restorable": (replace(CLEAR, status="lapsed", restore_until=TODAY), False),
    "expired": (replace(CLEAR, term_end=date(2026, 11, 22)), False),
    "void": (replace(CLEAR, status="void"), False),
    "pending": (replace(CLEAR, status="pending", term_end=None), False),
    "defense": (flagged("defense"), False),
    "not_owner": (replace(CLEAR, owners=("别的大学",)), False),
    "beyond_term": (replace(CLEAR, term_end=date(2030, 1, 1)), False),
    "term_unknown": (replace(CLEAR, filing_date=None, term_end=None), False),
    "inventors_first": (replace(CLEAR, consents=frozenset()), False),
    "client_works": (flagged("commissioned"), False),
    "foreign": (CLEAR, True),
    "foreign_design": (replace(CLEAR, kind="design", flags=frozenset({"evaluation_report"})), True),
    "funded_foreign": (
        replace(flagged("state_funded"), consents=frozenset({"export_control", "inventor_waiver"})),
        True,
    ),
    "no_report": (replace(CLEAR, kind="utility"), False),
    "report_negative": (replace(flagged("evaluation_negative"), kind="utility"), False),
    "status_unknown": (replace(CLEAR, status="unknown"), False),
}
LETTERS = {"block": "b", "consent": "c", "warn": "w"}

# Acts: transfer, equity, ordinary, sole, exclusive, open license, pledge, pool, development.
SIGN = {
    "in_force": "---------",
    "co_owned": "ccwcccccw",
    "co_agreement": "ccccccccc",
    "in_grace": "wwwwwbbbw",
    "pledged": "ccccccbcc",
    "suspended": "bbwwwbbbw",
    "preserved": "bbwwwbbbw",
    "exclusive_license": "ccbbbbwbb",
    "sole_license": "ccbbbbwbb",
    "ordinary_license": "ww-ww----",
    "open_license": "bb-bb-cc-",
    "open_withdrawal": "bb-bb-cc-",
    "under_invalidation": "wwwwwwcww",
    "lapsed": "bbbbbbbbb",
    "lapsed_restorable": "bbbbbbbbb",
    "expired": "bbbbbbbbb",
    "void": "bbbbbbbbb",
    "pending": "wwwwwbbww",
    "defense": "bbbbbbbbb",
    "not_owner": "bbbbbbbbb",
    "beyond_term": "--bbbbbbw",
    "term_unknown": "wwwwwwwww",
    "inventors_first": "c--------",
    "client_works": "ww-ww----",
    "foreign": "cccccc-cc",
    "foreign_design": "wwcccc-cc",
    "funded_foreign": "cc-bb--c-",
    "no_report": "wwwwwb-ww",
    "report_negative": "wwwwwb-ww",
    "status_unknown": "wwwwwwwww",
}
FILE = SIGN | {
    "in_grace": "wwbbbbbbw",
    "suspended": "bbbbbbbbw",
    "preserved": "bbbbbbbbw",
}
NEVER_MENDED = ("lapsed", "expired", "void", "defense", "not_owner")
OPEN = {
    name: row if name in NEVER_MENDED else row.replace("b", "w").replace("c", "w")
    for name, row in SIGN.items()
}


@pytest.mark.parametrize(("stage", "expected"), [("open", OPEN), ("sign", SIGN), ("file", FILE)])
@pytest.mark.parametrize("state", CASES)
def test_matrix(state: str, stage: str, expected: dict[str, str]) -> None:
    patent, foreign = CASES[state]
    row = ""
    for act in ACTS:
        findings = check(patent, act, stage, foreign=foreign)
        assert len(findings) <= 1
        row += LETTERS[findings[0].severity] if findings else "-"
    assert row == expected[state]


def test_every_condition_has_its_case() -> None:
    assert set(CONDITIONS) == set(CASES) - {"in_force"} | {"register_stale", "client_first", "partner_first"}
    assert set(CONDITIONS) == set(CONDITION_NAMES)


def test_every_cell_cites_a_rule_and_has_its_words() -> None:
    book = load()
    for outcome in TABLE.values():
        assert book.rule(outcome.rule_id, TODAY).id == outcome.rule_id
        assert outcome.severity != "consent" or outcome.consent
    assert {outcome.text for outcome in TABLE.values()} == set(TEXTS)


def test_words_use_known_placeholders_only() -> None:
    used = {
        name
        for text in TEXTS.values()
        for part in (text.what_zh, text.what_en)
        for _, name, _, _ in string.Formatter().parse(part)
        if name
    }
    assert used == {
        "kind", "kind_en", "owners", "institution", "checked", "grant_end", "term_end", "restore_until",
        "restore_until_en",
    }  # fmt: skip
    assert [t for t in TEXTS.values() if "{" in t.remedy_zh + t.remedy_en or not all(t)] == []
    assert {text.who for text in TEXTS.values()} == {"officer", "outside"}


@pytest.mark.parametrize(
    ("state", "sign", "file"),
    [
        ("void", "P-06", "L-10"),
        ("not_owner", "O-01", "L-10"),
        ("co_owned", "O-06", "L-01"),
        ("in_grace", "L-10", "L-10"),
        ("pledged", "PG-02", "L-10"),
        ("suspended", "L-10", "L-10"),
        ("exclusive_license", "LI-02", "L-10"),
        ("open_license", "OP-10", "OP-10"),
        ("pending", "LI-07", "L-18"),
        ("foreign", "T-24", "T-22"),
        ("funded_foreign", "O-12", "O-12"),
        ("no_report", "S3-23", "L-21"),
        ("defense", "O-13", "O-13"),
    ],
)
def test_exclusive_license_cites(state: str, sign: str, file: str) -> None:
    patent, foreign = CASES[state]
    rules = [
        [finding.rule_id for finding in check(patent, "exclusive_license", stage, foreign=foreign)]
        for stage in ("sign", "file")
    ]
    assert rules == [[sign], [file]]


@pytest.mark.parametrize(
    ("state", "act", "consent"),
    [
        ("co_owned", "exclusive_license", "co_owner"),
        ("pledged", "exclusive_license", "pledgee"),
        ("funded_foreign", "exclusive_license", "project_body"),
        ("foreign", "exclusive_license", "export_control"),
        ("exclusive_license", "transfer", "license_disclosure"),
        ("exclusive_license", "patent_pool", "licensee"),
        ("under_invalidation", "pledge", "pledge_statement"),
        ("open_license", "pledge", "pledgee_open_license"),
        ("open_license", "patent_pool", "pool_terms"),
        ("sole_license", "ordinary_license", "own_working"),
        ("inventors_first", "transfer", "inventor_waiver"),
        ("co_agreement", "ordinary_license", "co_owner_agreement"),
    ],
)
def test_recorded_consent_leaves_no_finding(state: str, act: str, consent: str) -> None:
    patent, foreign = CASES[state]
    before = check(patent, act, foreign=foreign)
    granted = replace(patent, consents=patent.consents | {consent})
    assert ([f.consent for f in before], check(granted, act, foreign=foreign)) == ([consent], ())


def test_other_consent_does_not_help() -> None:
    patent = replace(CASES["co_owned"][0], consents=frozenset({"pledgee"}))
    assert shown(check(patent, "exclusive_license")) == [("O-06", "consent", "co_owner")]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", ["co_owned", "co_agreement"])
def test_agreement_of_the_co_owners_prevails(state: str, act: str) -> None:
    """What the co-owners agreed replaces the law's default, for the ordinary license as well (O-07)."""
    patent = CASES[state][0]
    allowed = replace(patent, consents=patent.consents | {"co_owner_agreement"})
    all_agree = replace(patent, consents=patent.consents | {"co_owner"})
    assert check(allowed, act) == ()
    left = {f.severity for f in check(all_agree, act)}
    assert left == ({"warn"} if state == "co_owned" and act in ("ordinary_license", "development") else set())


@pytest.mark.parametrize(
    ("status", "flag", "act", "rules"),
    [
        ("pending", "commissioned", "transfer", ["TR-19", "O-09"]),
        ("pending", "joint_development", "transfer", ["TR-19", "O-10"]),
        ("pending", "commissioned", "equity", ["TR-19"]),
        ("in_force", "commissioned", "transfer", ["O-09"]),
        ("in_force", "joint_development", "transfer", []),
        ("in_force", "commissioned", "ordinary_license", []),
    ],
)
def test_partners_of_the_development_come_first_on_the_application_right(
    status: str, flag: str, act: str, rules: list[str]
) -> None:
    patent = replace(flagged(flag), status=status)
    assert [f.rule_id for f in check(patent, act)] == rules
    waived = replace(patent, consents=patent.consents | {"partner_waiver"})
    assert [f.severity for f in check(waived, act)] == ["warn"] * len(check(waived, act))


@pytest.mark.parametrize(
    ("restore_until", "flags", "condition"),
    [
        (None, frozenset[str](), "lapsed"),
        (None, frozenset({"restorable"}), "lapsed_restorable"),
        (TODAY, frozenset[str](), "lapsed_restorable"),
        (date(2026, 11, 22), frozenset({"restorable"}), "lapsed"),
    ],
)
def test_lapsed_right_can_be_restored_until_its_day(
    restore_until: date | None, flags: frozenset[str], condition: str
) -> None:
    patent = replace(CLEAR, status="lapsed", restore_until=restore_until, flags=flags)
    (finding,) = check(patent, "transfer")
    assert (finding.condition, finding.severity) == (condition, "block")
    assert ("2个月内请求恢复权利" in finding.remedy_zh) == (condition == "lapsed_restorable")


@pytest.mark.parametrize(
    ("grant_end", "rules"), [(date(2037, 7, 20), []), (date(2037, 7, 21), ["P-05"]), (None, [])]
)
def test_license_ends_with_the_last_protected_day(grant_end: date | None, rules: list[str]) -> None:
    findings = check_patent(
        CLEAR, "sole_license", institution=HERE, foreign_party=False, today=TODAY, grant_end=grant_end
    )
    assert [finding.rule_id for finding in findings] == rules


def test_unknown_flags_are_not_used_by_the_matrix() -> None:
    """Every flag of the list changes what some act finds; no condition looks at a flag outside of it."""
    base = replace(CLEAR, kind="utility", owners=(HERE, "乙"))
    looked_at = {
        flag
        for flag in FLAGS
        for status in ("in_force", "lapsed", "pending")
        for act in ACTS
        if [
            f.condition
            for f in check(replace(base, status=status, flags=frozenset({flag})), act, foreign=True)
        ]
        != [f.condition for f in check(replace(base, status=status), act, foreign=True)]
    }
    assert looked_at == FLAGS


def test_finding_tells_what_and_how() -> None:
    (finding,) = check(CASES["co_owned"][0], "exclusive_license")
    assert finding == Finding(
        rule_id="O-06",
        severity="consent",
        patent_id=7,
        subject_zh="《一种枸橼酸抗凝装置》（201710601862.3）",
        subject_en="201710601862.3",
        what_zh="属于共有专利（江澜大学、某某医疗器械有限公司），尚未取得全体共有人书面同意",
        what_en="co-owned; the written consent of all co-owners is missing",
        remedy_zh="取得全体共有人签章的同意书并登记；共有协议另有约定的，登记该协议",
        remedy_en="record the consent of all co-owners, or the agreement that replaces it",
        who="outside",
        consent="co_owner",
        condition="co_owned",
        act="exclusive_license",
        stage="sign",
        found_zh="共有，没有另行约定",
        found_en="co-owned, without an agreement",
    )


def test_finding_tells_how_it_came_about() -> None:
    (finding,) = check(CASES["co_owned"][0], "exclusive_license")
    rule = load().rule("O-06", TODAY)
    assert finding.derived(rule).lines_zh == (
        "《一种枸橼酸抗凝装置》（201710601862.3）的状态：共有，没有另行约定。",
        "拟办事项：独占许可。",
        "办理环节：签约。",
        "《一种枸橼酸抗凝装置》（201710601862.3）：属于共有专利（江澜大学、某某医疗器械有限公司），"
        "尚未取得全体共有人书面同意，须先取得书面文件"
        "（依据专利法第14条第2款；专利实施许可合同备案办法第3条，规则O-06）。",
    )
    assert finding.derivation.zh.endswith("须先取得书面文件（规则O-06）")
    assert finding.derivation is finding.derivation


def test_number_of_the_first_years_is_shown_without_a_dot() -> None:
    (finding,) = check(replace(CASES["co_owned"][0], application_no="85100001"), "pledge")
    assert finding.subject_en == "85100001"


def test_all_findings_are_told_at_once() -> None:
    patent = replace(
        flagged("pledged", "open_license", "state_funded"),
        status="in_grace",
        kind="utility",
        owners=("甲", "乙"),
        consents=frozenset(),
    )
    assert [f.condition for f in check(patent, "exclusive_license", "file", foreign=True)] == [
        "not_owner", "co_owned", "in_grace", "pledged",
        "open_license", "foreign", "funded_foreign", "no_report",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("owners", "conditions"),
    [
        ((" 江澜大学　",), []),
        (("江澜大学", "江澜 大学"), []),
        ((), ["not_owner"]),
        (("江澜大学附属医院",), ["not_owner"]),
    ],
)
def test_owner_names_are_compared_without_blanks(owners: tuple[str, ...], conditions: list[str]) -> None:
    findings = check(replace(CLEAR, owners=owners), "exclusive_license")
    assert [finding.condition for finding in findings] == conditions


@pytest.mark.parametrize(
    ("checked_on", "found"),
    [
        (date(2026, 10, 24), []),
        (date(2026, 10, 23), ["RG-01"]),
        (date(2026, 11, 24), ["RG-01"]),
        (None, ["RG-01"]),
    ],
)
def test_register_check_grows_old(checked_on: date | None, found: list[str]) -> None:
    findings = check_patent(
        replace(CLEAR, checked_on=checked_on),
        "exclusive_license",
        institution=HERE,
        foreign_party=False,
        today=TODAY,
        register_max_age_days=30,
    )
    assert [finding.rule_id for finding in findings] == found


def test_last_protected_day_is_still_in_force() -> None:
    patent = replace(CLEAR, term_end=TODAY)
    findings = check_patent(
        patent, "exclusive_license", institution=HERE, foreign_party=False, today=TODAY, grant_end=TODAY
    )
    assert findings == ()


def test_unknown_act_and_stage_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown act: 'gift'"):
        check(CLEAR, "gift")
    with pytest.raises(ValueError, match="unknown stage: 'later'"):
        check(CLEAR, "transfer", "later")


def test_stages_and_acts_are_complete() -> None:
    assert {(act, stage) for _, act, stage in TABLE} == {(act, stage) for act in ACTS for stage in STAGES}
