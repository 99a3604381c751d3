"""Existing grant × new grant: the whole table, terms and territories, and agreement with the matrix of states."""

import string
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.gate_table import ACTS, TABLE
from rules.gates import Finding
from rules.grants import (
    CLASHES,
    PROVINCES,
    TERRITORIAL,
    TEXTS,
    Grant,
    check_grants,
    do_terms_overlap,
    do_territories_overlap,
    provinces_of,
)
from rules.packs import load

TODAY = date(2026, 6, 1)
LETTERS = {"block": "b", "consent": "c", "warn": "w"}

# New: transfer, equity, ordinary, sole, exclusive, open license, pledge, pool, development.
SIGNED = {
    "transfer": "bbbbbbbbb",
    "equity": "bbbbbbbbb",
    "ordinary_license": "ww-ww----",
    "sole_license": "ccbbbbwbb",
    "exclusive_license": "ccbbbbwbb",
    "open_license": "bb-bbwcc-",
    "pledge": "ccccccbcc",
    "patent_pool": "ccwbbwwww",
    "development": "ww-ww----",
}
# The condition of the matrix of states that the same grant is on the register.
STATES = {
    "exclusive_license": "exclusive_license",
    "sole_license": "sole_license",
    "ordinary_license": "ordinary_license",
    "open_license": "open_license",
    "pledge": "pledged",
}
terms = st.tuples(st.none() | st.dates(), st.none() | st.dates())


def clash(existing: str, new: str, stage: str = "sign") -> tuple[Finding, ...]:
    return check_grants(Grant(new), [Grant(existing, number="ZH2026-00001")], today=TODAY, stage=stage)


def letter(existing: str, new: str, stage: str) -> str:
    found = clash(existing, new, stage)
    return LETTERS[found[0].severity] if found else "-"


@pytest.mark.parametrize("existing", ACTS)
def test_existing_grant_against_every_new_one(existing: str) -> None:
    for stage in ("sign", "file"):
        assert "".join(letter(existing, new, stage) for new in ACTS) == SIGNED[existing]
    opened = "".join(letter(existing, new, "open") for new in ACTS)
    assert opened == SIGNED[existing].replace("b", "w").replace("c", "w")


@pytest.mark.parametrize("existing", STATES)
def test_grant_of_another_case_weighs_as_much_as_one_on_the_register(existing: str) -> None:
    for new in ACTS:
        if (existing, new) == ("open_license", "open_license"):  # the matrix has no such cell
            continue
        on_register = TABLE.get((STATES[existing], new, "sign"))
        here = CLASHES.get((existing, new))
        assert (here and (here.severity, here.consent)) == (
            on_register and (on_register.severity, on_register.consent)
        ), new


def test_every_row_has_its_words_and_a_rule() -> None:
    assert {found.text for found in CLASHES.values()} == set(TEXTS)
    placeholders = {
        name
        for text in TEXTS.values()
        for part in text
        for _, name, _, _ in string.Formatter().parse(part)
        if name
    }
    assert placeholders == {"existing", "new"}
    book = load()
    assert {found.rule_id for found in CLASHES.values()} - {rule.id for rule in book.all()} == set()


def test_finding_names_the_case_and_how_it_was_found() -> None:
    new = Grant("exclusive_license", date(2026, 7, 1), date(2031, 6, 30), "浙江省")
    other = Grant("sole_license", date(2025, 1, 1), date(2027, 12, 31), "", "ZH2026-00001", "甲公司排他许可")
    (finding,) = check_grants(new, [other], today=TODAY)
    assert (finding.rule_id, finding.severity, finding.subject_zh, finding.what_zh) == (
        "L-10", "block", "ZH2026-00001 甲公司排他许可", "排他许可期内不得再作独占许可",
    )  # fmt: skip
    assert finding.derivation.lines_zh[:4] == (
        "ZH2026-00001 甲公司排他许可的状态：已签订排他许可（2025-01-01至2027-12-31）。",
        "期限重叠：自2026-07-01至2027-12-31，地域：在先未写明，本次浙江省。",
        "拟办事项：独占许可。",
        "办理环节：签约。",
    )


def test_recorded_consent_leaves_no_finding() -> None:
    for (existing, new), found in CLASHES.items():
        if found.consent is None:
            continue
        recorded = frozenset({found.consent})
        assert check_grants(Grant(new), [Grant(existing)], today=TODAY, consents=recorded) == ()


def test_unsigned_case_only_warns() -> None:
    other = Grant("exclusive_license", signed=False, number="ZH2026-00002")
    (finding,) = check_grants(Grant("exclusive_license"), [other], today=TODAY)
    assert (finding.severity, finding.found_zh) == ("warn", "在办，尚未签订：独占许可（未约定终止日）")


def test_every_other_grant_is_named() -> None:
    others = [Grant("exclusive_license", number="甲"), Grant("development"), Grant("pledge", number="乙")]
    found = check_grants(Grant("exclusive_license"), others, today=TODAY)
    assert [(f.subject_zh, f.severity) for f in found] == [
        ("甲", "block"),
        ("技术开发或技术服务", "warn"),
        ("乙", "consent"),
    ]


@pytest.mark.parametrize(
    ("new", "other", "overlap"),
    [
        ((date(2027, 1, 1), date(2027, 12, 31)), (date(2026, 1, 1), date(2026, 12, 31)), False),
        ((date(2026, 12, 31), date(2027, 12, 31)), (date(2026, 1, 1), date(2026, 12, 31)), True),
        ((date(2026, 7, 1), date(2026, 12, 31)), (date(2027, 1, 1), None), False),
        ((date(2026, 7, 1), None), (date(2027, 1, 1), None), True),
        ((None, None), (None, date(2026, 5, 31)), False),
        ((None, None), (None, TODAY), True),
        ((None, None), (None, None), True),
    ],
)
def test_terms_overlap(
    new: tuple[date | None, date | None], other: tuple[date | None, date | None], overlap: bool
) -> None:
    assert do_terms_overlap(Grant("sole_license", *new), Grant("sole_license", *other), TODAY) == overlap


@given(st.dates(), terms, terms)
def test_terms_overlap_as_their_days_do(
    start: date, new: tuple[date | None, date | None], other: tuple[date | None, date | None]
) -> None:
    """Said a second way: some day of the first and last days belongs to both."""
    begin = new[0] or start

    def holds(day: date, first: date | None, last: date | None) -> bool:
        return (first is None or first <= day) and (last is None or day <= last)

    days = {begin, *(day for day in (new[1], *other) if day is not None)}
    if new[1] is not None and new[1] < begin or None not in other and other[1] < other[0]:  # type: ignore[operator]
        return
    both = any(holds(day, begin, new[1]) and holds(day, *other) for day in days)
    assert do_terms_overlap(Grant("transfer", *new), Grant("pledge", *other), start) == both


@pytest.mark.parametrize(
    ("ours", "theirs", "overlap"),
    [
        ("浙江省", "江苏省", False),
        ("浙江省", "浙江省、江苏省", True),
        ("浙江和上海市", "江苏、安徽及北京市境内", False),
        ("新疆维吾尔自治区", "广西壮族自治区", False),
        ("浙江省", "", True),
        ("中华人民共和国境内", "浙江省", True),
        ("浙江省", "江苏省（不含苏州）", True),
        ("长三角", "广东省", True),
        ("浙江省", "浙江", True),
    ],
)
def test_licenses_for_other_provinces_keep_apart(ours: str, theirs: str, overlap: bool) -> None:
    pair = Grant("exclusive_license", territory=ours), Grant("sole_license", territory=theirs)
    assert do_territories_overlap(*pair) == overlap
    assert bool(check_grants(pair[0], [pair[1]], today=TODAY)) == overlap


def test_transfer_and_pledge_have_no_territory() -> None:
    assert set(ACTS) - {"transfer", "equity", "pledge"} == TERRITORIAL
    other = Grant("exclusive_license", territory="江苏省")
    assert [f.consent for f in check_grants(Grant("transfer", territory="浙江省"), [other], today=TODAY)] == [
        "license_disclosure"
    ]


@given(st.lists(st.sampled_from(PROVINCES), min_size=1, max_size=6), st.sampled_from(["、", "，", "和", ";"]))
def test_lists_of_provinces_are_read(names: list[str], between: str) -> None:
    assert provinces_of(between.join(names)) == frozenset(names)


@given(st.text(max_size=20))
def test_any_territory_is_read_or_taken_as_everywhere(territory: str) -> None:
    found = provinces_of(territory)
    assert found is None or found <= set(PROVINCES)


def test_unknown_modes_and_stages_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown act: 'gift'"):
        clash("gift", "transfer")
    with pytest.raises(ValueError, match="unknown stage: 'later'"):
        clash("pledge", "transfer", "later")


def test_nothing_to_grant_beside_is_clear() -> None:
    assert check_grants(Grant("exclusive_license"), [], today=TODAY + timedelta(days=1)) == ()
