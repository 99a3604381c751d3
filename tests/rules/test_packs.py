"""The shipped rule packs: what they say, on which day, and in which layer."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rules.deadline_rule import DeadlineRule
from rules.house_rows import MODES
from rules.packs import FOLDER, PackError, RuleBook, UnknownRule, load
from rules.subjects import MODES as CASE_MODES

TODAY = date(2026, 11, 23)
HOUSE = FOLDER / "house.toml"
PROVINCES = ("zhejiang", "shandong", "beijing", "shanghai")
EXAMPLES = ("example_peking", "example_yangtze", "example_wuhu")
USED = [
    "PR-01", "PR-02", "PR-03", "PR-04", "PR-05", "PR-08", "W-01", "W-02", "O-01",
    "O-04", "O-06", "O-12", "O-13", "P-01", "P-05", "P-06", "LI-01", "LI-02",
    "LI-05", "LI-08", "PF-04", "PF-08", "PF-09", "PF-10", "PF-11", "L-15", "L-19",
    "L-20", "L-21", "RP-04", "S3-24", "TC-03", "TC-04", "TC-05",
]  # fmt: skip


@pytest.fixture
def book() -> RuleBook:
    return load()


@pytest.fixture
def own(tmp_path: Path) -> Callable[[str, str], str]:
    """Write the shipped house pack with one text put in place of another; return its path."""

    def write(old: str, new: str) -> str:
        text = HOUSE.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / "own.toml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return str(path)

    return write


def test_every_rule_of_the_case_is_there(book: RuleBook) -> None:
    numbered = [f"L-{n:02d}" for n in range(1, 11)] + [f"K-{n:02d}" for n in range(1, 19)]
    wanted = USED + numbered
    assert [book.rule(rule_id, TODAY).id for rule_id in wanted] == wanted


@pytest.mark.parametrize(
    ("rule_id", "kind", "period", "confidence", "who"),
    [
        ("T-01", "statutory", "3m", "V", "officer"),
        ("T-02", "expected", "7wd", "S", "officer"),
        ("T-04", "statutory", "30d", "S", "officer"),
        ("TX-14", "statutory", "15d", "V", "finance"),
        ("PUB", "internal", "15d", "M", "officer"),
        ("FEEDBACK", "internal", "15d", "D", "officer"),
        ("TC", "internal", "30d", "V (draft)", "officer"),
        ("CORRECTION", "internal", "15d", "M", "officer"),
        ("PAYMENT", "contract", "", "V", "finance"),
        ("ROYALTY", "contract", "", "V", "officer"),
    ],
)
def test_deadline_rule(
    book: RuleBook, rule_id: str, kind: str, period: str, confidence: str, who: str
) -> None:
    rule = book.deadline(rule_id, TODAY)
    assert (rule.kind, rule.period, rule.confidence, rule.who) == (kind, period, confidence, who)


def test_license_filing_reminds_on_its_ladder(book: RuleBook) -> None:
    rule = book.deadline("T-01", TODAY)
    assert (rule.rungs, rule.overdue_rungs) == ((60, 30, 7, 1, 0), (1, 7, 30))
    assert rule.article == "专利法实施细则第15条第2款；专利实施许可合同备案办法第5条"


def test_only_read_law_goes_without_the_badge(book: RuleBook) -> None:
    badges = {rule.confidence: rule.badge_zh for rule in book.all()}
    assert badges == {"V": "", "V*": "", "V (draft)": "待核实", "S": "待核实", "M": "待核实", "D": "待核实"}


def test_rule_is_unknown_before_it_is_in_force(book: RuleBook) -> None:
    with pytest.raises(UnknownRule):
        book.rule("T-01", date(2011, 7, 31))
    assert not book.deadline("T-01", date(2011, 7, 31)).is_valid(date(2011, 7, 31))
    with pytest.raises(UnknownRule):
        book.deadline("L-10", TODAY)
    with pytest.raises(UnknownRule):
        book.rule("X-99", TODAY)


@pytest.mark.parametrize(
    ("rule_id", "day", "version"),
    [
        ("TC-05", date(2026, 2, 28), "认定登记办法2000"),
        ("TC-05", date(2026, 3, 1), "认定登记办法2026"),
        ("TT-TC-05", date(2026, 3, 1), "认定登记办法2026"),
        ("T-00", date(2024, 1, 19), "审查指南2008"),
        ("T-00", date(2024, 1, 20), "审查指南2023"),
        ("TX-01", date(2027, 12, 31), "公告2026-10"),
    ],
)
def test_version_of_the_day_holds(book: RuleBook, rule_id: str, day: date, version: str) -> None:
    assert book.rule(rule_id, day).version == version


@pytest.mark.parametrize(("rule_id", "day"), [("TX-01", date(2028, 1, 1)), ("TC-08", date(2026, 3, 1))])
def test_rule_ends_with_its_last_day(book: RuleBook, rule_id: str, day: date) -> None:
    with pytest.raises(UnknownRule):
        book.rule(rule_id, day)


@pytest.mark.parametrize("rule_id", ["TT-RP-01", "TT-RP-05", "TT-RP-06"])
def test_further_id_leads_to_the_rule(book: RuleBook, rule_id: str) -> None:
    assert rule_id in book.rule(rule_id, TODAY).also


# Layers


@pytest.mark.parametrize("province", PROVINCES)
def test_province_goes_before_the_nation(province: str) -> None:
    national, local = load(("national",)), load(("national", province))
    own = [rule.id for rule in load((province,)).all()]
    assert {local.versions_of(rule_id)[-1].layer for rule_id in own} == {province}
    assert {rule.id for rule in national.all()} <= {rule.id for rule in local.all()}


def test_national_rule_holds_until_the_province_has_its_own() -> None:
    book = load(("national", "zhejiang"))
    held = [
        book.rule("PR-04", day) for day in (date(2016, 1, 1), date(2021, 9, 29), date(2021, 9, 30), TODAY)
    ]
    assert [(rule.layer, rule.confidence) for rule in held] == [
        ("national", "M"), ("national", "M"), ("zhejiang", "V"), ("zhejiang", "V"),
    ]  # fmt: skip


def test_national_rule_holds_again_after_a_later_layer_ends(tmp_path: Path) -> None:
    path = tmp_path / "local.toml"
    path.write_text(
        '[pack]\nname = "local"\ntitle = "本地"\nversion = "1"\nkind = "province"\nplace = "江苏省"\n'
        '[[rules]]\nid = "PR-18"\ntitle = "甲"\ntitle_en = "A"\narticle = "乙"\nvalid_from = 2020-01-01\n'
        'valid_to = 2026-12-31\nconfidence = "S"\nseverity = "info"\n',
        encoding="utf-8",
    )
    book = load(("national", str(path)))
    days = (date(2019, 12, 31), date(2020, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [book.rule("PR-18", day).layer for day in days] == ["national", "local", "local", "national"]
    assert book.place == "江苏"


@pytest.mark.parametrize("layer", PROVINCES)
def test_rows_of_a_province_know_their_place(layer: str) -> None:
    book = load(("national", layer))
    places = {row.place for rows in book.tables.values() for row in rows}
    assert places == {"", book.place}


def test_layer_without_a_house_has_no_policy() -> None:
    with pytest.raises(PackError, match="没有 \\[house\\]"):
        load(("national",)).house(TODAY)


# The policy of a house


@pytest.mark.parametrize(
    ("amount_fen", "body"),
    [
        (0, "科技成果转化中心主任审批"),
        (200_000_000, "科技成果转化中心主任审批"),
        (200_000_001, "分管校领导审批"),
        (500_000_000, "分管校领导审批"),
        (500_000_001, "校长办公会审议"),
        (10**13, "校长办公会审议"),
    ],
)
def test_body_for_an_amount(book: RuleBook, amount_fen: int, body: str) -> None:
    band = book.house(TODAY).body_for("exclusive_license", amount_fen)
    assert (band.body_zh, band.role) == (body, "approver")


@pytest.mark.parametrize(
    ("pack", "amount_fen", "body"),
    [
        ("example_yangtze", 200_000_000, "科技处审批"),
        ("example_yangtze", 499_999_999, "分管副校长审批"),
        ("example_yangtze", 500_000_000, "校长办公会审议"),
    ],
)
def test_ends_of_bands_are_included_or_not_as_published(pack: str, amount_fen: int, body: str) -> None:
    assert load(("national", pack)).house(TODAY).body_for("transfer", amount_fen).body_zh == body


def test_body_for_refuses_a_negative_amount(book: RuleBook) -> None:
    with pytest.raises(ValueError, match="no approval band"):
        book.house(TODAY).body_for("exclusive_license", -1)


def test_mode_with_bands_of_its_own_goes_by_them(own: Callable[[str, str], str]) -> None:
    bands = (
        '[[house.approval_bands]]\nmode = "equity"\nbody_zh = "党委会"\nbody_en = "Party committee"\n'
        'role = "approver"\n\n[[house.approval_bands]]\nmode = "*"\nup_to = "200万"'
    )
    path = own('[[house.approval_bands]]\nmode = "*"\nup_to = "200万"', bands)
    policy = load(("national", path)).house(TODAY)
    assert [policy.body_for(mode, 100).body_zh for mode in ("equity", "transfer")] == [
        "党委会", "科技成果转化中心主任审批",
    ]  # fmt: skip


def test_order_of_clearances(book: RuleBook) -> None:
    assert book.house(TODAY).order["approval"] == ("publicity",)
    assert book.house(TODAY).needed_before("approval") == {"publicity", "price", "title"}


def test_one_example_approves_before_it_publishes() -> None:
    orders = {pack: load(("national", pack)).house(TODAY).needed_before("publicity") for pack in EXAMPLES}
    assert {pack for pack, before in orders.items() if "approval" in before} == {"example_peking"}


def test_kinds_of_days_of_the_examples() -> None:
    kinds = {pack: load(("national", pack)).house(TODAY).publicity_unit for pack in EXAMPLES}
    assert kinds == {"example_peking": "d", "example_yangtze": "wd", "example_wuhu": "d"}


@pytest.mark.parametrize(
    ("pack", "payers"),
    [
        ("house", ["institution"] * 6 + ["project"] * 14),
        ("example_peking", ["institution"] * 4 + ["inventor"] * 16),
        ("example_yangtze", ["agency"] * 3 + ["inventor"] * 17),
        ("example_wuhu", ["inventor"] * 20),
    ],
)
def test_payer_of_every_patent_year(pack: str, payers: list[str]) -> None:
    policy = load(("national", pack)).house(TODAY)
    rows = [policy.payer_of(year) for year in range(1, 21)]
    assert [row.payer for row in rows if row is not None] == payers


def test_school_of_the_first_example_bears_no_surcharge() -> None:
    policy = load(("national", "example_peking")).house(TODAY)
    borne = [row.bears_surcharge for year in (4, 5) if (row := policy.payer_of(year)) is not None]
    assert borne == [False, True]


def test_papers_of_a_mode_include_those_of_every_mode(book: RuleBook) -> None:
    policy = book.house(TODAY)
    assert [paper.paper_en for paper in policy.papers_for("equity", "price")] == [
        "basis of the agreed price", "appraisal report",
    ]  # fmt: skip
    assert [paper.copies for paper in policy.papers_for("transfer", "contract")] == [1, 4]
    assert len(policy.papers_for("transfer")) == 8


def test_service_level_is_a_period_or_not_promised(book: RuleBook) -> None:
    assert str(book.house(TODAY).service_level("demand_reply")) == "5wd"
    assert load(("national", "example_wuhu")).house(TODAY).service_level("contract_review") is None
    with pytest.raises(KeyError):
        book.house(TODAY).service_level("coffee")


def test_margins_name_deadline_rules(book: RuleBook) -> None:
    margins = book.house(TODAY).margins
    assert {rule_id: book.deadline(rule_id, TODAY).kind for rule_id in margins} == {
        "T-01": "statutory", "T-08": "statutory",
    }  # fmt: skip


def test_house_has_its_own_reminder_ladder(own: Callable[[str, str], str]) -> None:
    reminders = "[house.reminders]\nT-01 = { before = [45, 5], after = [2] }\n\n[house.order]"
    book = load(("national", own("[house.order]", reminders)))
    assert [(rule.rungs, rule.overdue_rungs) for rule in (book.deadline("T-01", TODAY), book.deadline("T-LICFILE", TODAY))] == [
        ((45, 5), (2,)), ((45, 5), (2,)),
    ]  # fmt: skip
    assert load().deadline("T-01", TODAY).rungs == (60, 30, 7, 1, 0)


def test_policy_of_the_day_holds(tmp_path: Path) -> None:
    text = HOUSE.read_text(encoding="utf-8").replace("[house.", "[kept.").replace("[[house.", "[[kept.")
    start, end = text.index("[house]"), text.index("[[deadlines]]")
    version = text[start:end].replace("[kept.", "[house.").replace("[[kept.", "[[house.")
    first = version.replace("[house]", "[[house]]\nvalid_to = 2026-12-31", 1)
    second = version.replace("[house]", "[[house]]\nvalid_from = 2027-01-01", 1).replace(
        "江澜大学", "新江澜大学"
    )
    path = tmp_path / "own.toml"
    path.write_text(text[:start] + first + second + text[end:], encoding="utf-8")
    book = load(("national", str(path)))
    days = (date(1990, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [book.house(day).name for day in days] == ["江澜大学", "江澜大学", "新江澜大学"]


@pytest.mark.parametrize("pack", EXAMPLES)
def test_example_says_that_it_is_one(pack: str) -> None:
    head = load(("national", pack)).packs[-1]
    assert (head.name, head.title[:3], load(("national", pack)).house(TODAY).name[:2]) == (
        pack,
        "示例：",
        "示例",
    )


def test_house_rules_on_every_mode_of_a_case() -> None:
    assert set(CASE_MODES) <= set(MODES)


def test_every_deadline_rule_that_a_chart_opens_is_there(book: RuleBook) -> None:
    wanted = ("PUB", "FEEDBACK", "TC", "CORRECTION", "PAYMENT", "ROYALTY", "T-01", "T-02", "T-04", "TX-14")
    assert all(isinstance(book.deadline(rule_id, TODAY), DeadlineRule) for rule_id in wanted)
