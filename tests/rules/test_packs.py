"""Rule packs: the shipped ones, and packs that are refused."""

from datetime import date
from pathlib import Path

import pytest

from rules.deadline_rule import DeadlineRule
from rules.packs import PackError, RuleBook, UnknownRule, load

TODAY = date(2026, 11, 23)
HOUSE = Path(__file__).parent.parent.parent / "rules" / "packs" / "house.toml"
USED = [
    "PR-01", "PR-02", "PR-03", "PR-04", "PR-05", "PR-08", "W-01", "W-02", "O-01",
    "O-04", "O-06", "O-12", "O-13", "P-01", "P-05", "P-06", "LI-01", "LI-02",
    "LI-05", "LI-08", "PF-04", "PF-08", "PF-09", "PF-10", "PF-11", "L-15", "L-19",
    "L-20", "L-21", "RP-04", "S3-24", "TC-03", "TC-04", "TC-05",
]  # fmt: skip


@pytest.fixture
def book() -> RuleBook:
    return load()


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


def test_deadline_rules_are_exactly_these(book: RuleBook) -> None:
    assert {rule.id for rule in book.all() if isinstance(rule, DeadlineRule)} == {
        "T-01", "T-02", "T-04", "TX-14", "PUB", "FEEDBACK", "TC", "CORRECTION", "PAYMENT", "ROYALTY",
    }  # fmt: skip


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


def test_body_for_refuses_a_negative_amount(book: RuleBook) -> None:
    with pytest.raises(ValueError, match="no approval band"):
        book.house(TODAY).body_for("exclusive_license", -1)


def test_order_of_clearances(book: RuleBook) -> None:
    assert book.house(TODAY).order["approval"] == ("publicity",)
    assert book.house(TODAY).needed_before("approval") == {"publicity", "price", "title"}


def test_later_layer_replaces_the_rule_of_the_same_id(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[pack]\nname = "own"\ntitle = "自定"\nkind = "house"\nversion = "1"\n'
        '[[rules]]\nid = "LI-02"\ntitle = "甲"\ntitle_en = "A"\n'
        'article = "乙"\nvalid_from = 2020-01-01\nvalid_to = 2026-12-31\n'
        'confidence = "S"\nseverity = "info"\n'
        '[[rules]]\nid = "LI-02"\ntitle = "丙"\ntitle_en = "C"\narticle = "乙"\nversion = "2"\n'
        'valid_from = 2027-01-01\nconfidence = "S"\nseverity = "info"\n',
        encoding="utf-8",
    )
    book = load(("national", str(own)))
    dated = [
        (book.rule("LI-02", day).title, book.rule("LI-02", day).version) for day in (TODAY, date(2027, 1, 1))
    ]
    assert dated == [("甲", "1"), ("丙", "2")]
    assert book.rule("LI-02", TODAY).layer == "own"
    with pytest.raises(PackError, match="没有 \\[house\\]"):
        book.house(TODAY)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("publicity_days = 15", "publicity_days = 14", "publicity_days"),
        ('publicity_unit = "d" ', 'publicity_unit = "wd" ', "PUB 写的是 15d，\\[house\\] 写的是 15wd"),
        ("feedback_days = 15", "feedback_days = 10", "FEEDBACK"),
        ("title = []", 'title = ["approval"]', "循环"),
        ('price = ["title"]', 'price = ["weather"]', "没有“weather”这项手续"),
        ('up_to = "500万"', 'up_to = "100万"', "逐行递增"),
        ('up_to = "200万"', 'up_to = "很多"', "不是可识别的金额"),
        ('period = "30d"', 'period = "30"', "not a period"),
        ("rungs = [1, 0]", "rungs = [0, 1]", "falling"),
        ('kind = "internal"', 'kind = "statutory"', "disagree"),
        ('id = "TC"', 'id = "CORRECTION"', "同时有效"),
        ("[house.order]", "[house.order", "TOML"),
        ("[pack]", "[pick]", "未知部分：pick"),
        ('version = "2026.1"\nvalid_from', 'act = "XX"\nvalid_from', "未列出的法规“XX”"),
    ],
)
def test_faulty_pack_is_refused_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = HOUSE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "faulty.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError, match=message):
        load(("national", str(path)))


def test_missing_pack_is_named() -> None:
    with pytest.raises(PackError, match="nowhere.toml"):
        load(("nowhere",))
