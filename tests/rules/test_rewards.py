"""Shares of conversion income: they add up, they keep the floors, they follow the tier of the contract."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.money_tables import HouseShares, RewardScale, Tier
from rules.money_words import MODE_GROUPS, PARTY_LABELS, REWARDED
from rules.packs import FOLDER, PackError, RuleBook, load
from rules.reward_checks import PlanLine, check_house_shares, check_plan
from rules.reward_notes import leader_notes
from rules.rewards import Distribution, NoScale, allocate, distribute

ON = date(2026, 11, 23)
YUAN = 100
WAN = 10_000 * YUAN
PROVINCES = {"浙江": "zhejiang", "山东": "shandong", "北京": "beijing", "上海": "shanghai"}
MODES = st.sampled_from(sorted(MODE_GROUPS))
FEN = st.integers(min_value=0, max_value=10**14)

# 促进科技成果转化法 art 45 and the provincial regulations, from a snapshot of the official texts (LawRefBook/Laws
# at 2f4c5c2): least share of transfers and licenses, of equity, of own implementation, in basis points.
STATUTORY = [
    ("", "national", "floor", 5000, 5000, 500),
    ("北京", "beijing", "default", 7000, 7000, 500),
    ("上海", "shanghai", "default", 7000, 7000, 500),
    ("山东", "shandong", "floor", 7000, 7000, 1000),
    ("浙江", "zhejiang", "floor", 7000, 7000, 1000),
]


def book_of(*names: str) -> RuleBook:
    return load(("national", *names))


def amounts(found: Distribution) -> dict[str, int]:
    return {line.party: line.amount_fen for line in found.lines}


@pytest.mark.parametrize(("place", "pack", "binding", "license", "equity", "own"), STATUTORY)
def test_statutory_least_shares(
    place: str, pack: str, binding: str, license: int, equity: int, own: int
) -> None:
    book = book_of() if pack == "national" else book_of(pack)
    rows = {row.group: row for row in book.rows(RewardScale, ON) if row.place == place}
    assert {group: row.min_bp for group, row in rows.items()} == {
        "license": license, "equity": equity, "implementation": own,
    }  # fmt: skip
    assert (rows["license"].binding, rows["equity"].binding) == (binding, binding)


def test_zhejiang_implementation_is_optional() -> None:
    """The article on implementation says 可以, the ones on transfer and equity 应当."""
    found = distribute("own_use", 100 * WAN, 0, book=book_of("zhejiang"), on=ON)
    assert found.floor is not None
    assert found.offered is not None
    assert (found.floor.bp, found.floor.rule_id) == (500, "RW-05")
    assert (found.offered.bp, found.offered.binding, found.offered.years_max) == (1000, "default", 5)
    assert found.reward_fen == 10 * WAN


def test_national_default_is_the_floor_and_half_of_it_for_main_contributors() -> None:
    found = distribute("transfer", 100 * WAN, 150 * WAN, book=book_of(), on=ON)
    assert amounts(found) == {
        "main_contributors": 25 * WAN, "other_contributors": 25 * WAN, "institution": 50 * WAN,
    }  # fmt: skip
    assert found.floor is not None
    assert (found.floor.bp, found.floor.amount_fen, found.floor.binding) == (5000, 50 * WAN, "floor")
    assert (found.floor.rule_id, found.floor.article) == ("RW-03", "促进科技成果转化法第45条第1项")
    assert (found.violations, found.warnings) == ((), ())


def test_zhejiang_default_names_main_contributors_and_staff() -> None:
    found = distribute("exclusive_license", 100 * WAN, 100 * WAN, book=book_of("zhejiang"), on=ON)
    assert amounts(found) == {
        "main_contributors": 49 * WAN, "other_contributors": 175_000 * YUAN, "tto_staff": 35_000 * YUAN,
        "institution": 30 * WAN,
    }  # fmt: skip
    assert [line.bp for line in found.lines] == [4900, 1750, 350, 3000]


@pytest.mark.parametrize("pack", ["beijing", "shanghai"])
def test_optional_scale_is_offered_and_binds_nobody(pack: str) -> None:
    found = distribute("equity", 100 * WAN, 0, book=book_of(pack), on=ON)
    assert found.floor is not None
    assert found.offered is not None
    assert (found.floor.bp, found.floor.binding) == (5000, "floor")
    assert (found.offered.bp, found.offered.binding) == (7000, "default")
    assert found.reward_fen == 70 * WAN
    assert "可选比例" in found.warnings[0].zh


def test_scale_of_the_province_holds_from_its_own_first_day() -> None:
    before = distribute("transfer", 100, 0, book=book_of("zhejiang"), on=date(2021, 9, 29))
    after = distribute("transfer", 100, 0, book=book_of("zhejiang"), on=date(2021, 9, 30))
    assert (before.reward_fen, after.reward_fen) == (50, 70)


def test_nothing_is_divided_before_the_law() -> None:
    with pytest.raises(NoScale):
        distribute("transfer", 100, 0, book=book_of(), on=date(2015, 9, 30))


def test_unverified_province_gets_the_national_floor_and_is_told_so() -> None:
    found = distribute("transfer", 100 * WAN, 0, book=book_of(), on=ON, place="河南")
    assert found.reward_fen == 50 * WAN
    assert [note.article for note in found.warnings] == ["河南省促进科技成果转化条例"]
    assert "未核实" in found.warnings[0].zh


def test_province_without_a_pack_gets_the_national_rule_and_a_note() -> None:
    found = distribute("transfer", 100 * WAN, 0, book=book_of(), on=ON, place="西藏")
    assert found.reward_fen == 50 * WAN
    assert [note.zh[:4] for note in found.warnings] == ["没有西藏"]


def test_scale_of_another_province_is_not_taken() -> None:
    assert distribute("transfer", 100, 0, book=book_of("zhejiang"), on=ON, place="河南").reward_fen == 50


def test_pool_and_development_follow_the_license_scale_and_say_by_which_rule() -> None:
    for mode, rule_id in (("patent_pool", "RW-03"), ("development", "RW-17")):
        found = distribute(mode, 100 * WAN, 100 * WAN, book=book_of(), on=ON)
        assert found.reward_fen == 50 * WAN
        assert [note.rule_id for note in found.warnings] == [rule_id]


def test_own_use_says_for_how_many_years() -> None:
    found = distribute("own_use", 100 * WAN, 0, book=book_of("shandong"), on=ON)
    assert found.floor is not None
    assert (found.floor.bp, found.floor.years_min, found.floor.years_max) == (1000, 3, 5)
    assert "连续3至5年" in found.warnings[0].zh


# The tier is chosen by the contract amount, its shares fall on net income.
@pytest.mark.parametrize(
    ("contract", "main"),
    [(0, 550_000), (400 * WAN, 550_000), (400 * WAN + 1, 525_000), (800 * WAN, 525_000), (800 * WAN + 1, 500_000)],
)  # fmt: skip
def test_house_tier_follows_the_contract_not_net_income(contract: int, main: int) -> None:
    found = distribute("transfer", 100 * WAN, contract, book=book_of("example_peking"), on=ON)
    assert amounts(found)["main_contributors"] == main * YUAN


def test_progressive_house_weighs_the_slices_of_the_contract() -> None:
    """Contract 1,000: 200, 300 and 500 of it fall into the three tiers of 60, 55 and 50 percent."""
    found = distribute("transfer", 100 * WAN, 1000 * WAN, book=book_of("example_yangtze"), on=ON)
    assert amounts(found) == {
        "main_contributors": 535_000 * YUAN, "other_contributors": 20 * WAN, "college": 10 * WAN,
        "institution": 10 * WAN, "tto": 65_000 * YUAN,
    }  # fmt: skip


def test_progressive_house_with_no_contract_amount_takes_the_first_tier() -> None:
    found = distribute("transfer", 100 * WAN, 0, book=book_of("example_yangtze"), on=ON)
    assert amounts(found)["main_contributors"] == 60 * WAN


def test_house_has_its_own_row_for_equity() -> None:
    book = book_of("example_wuhu")
    assert distribute("transfer", 100 * WAN, 1, book=book, on=ON).reward_fen == 85 * WAN
    assert distribute("equity", 100 * WAN, 1, book=book, on=ON).reward_fen == 70 * WAN


def test_house_without_staff_share_violates_zhejiang() -> None:
    found = distribute("transfer", 100 * WAN, 1, book=book_of("zhejiang", "example_wuhu"), on=ON)
    assert [(v.rule_id, v.article) for v in found.violations] == [
        ("RW-10", "浙江省促进科技成果转化条例第37条")
    ]
    assert found.violations[0].reason_zh == "转化和管理人员所得低于奖励总额的5%"
    assert found.violations[0].remedy_zh == "请把转化和管理人员的份额提高到不低于奖励总额的5%"


def test_net_above_contract_is_pointed_out() -> None:
    found = distribute("transfer", 200, 100, book=book_of(), on=ON)
    assert [note.zh[:9] for note in found.warnings] == ["净收入大于合同金额"]


def test_negative_amounts_and_unknown_modes_are_refused() -> None:
    for net, contract, mode in ((-1, 0, "transfer"), (0, -1, "transfer"), (0, 0, "pledge")):
        with pytest.raises(ValueError, match="negative|unknown mode"):
            distribute(mode, net, contract, book=book_of(), on=ON)


@given(mode=MODES, net=FEN, contract=FEN, place=st.sampled_from(sorted(PROVINCES)), house=st.sampled_from(
    ["", "example_peking", "example_yangtze", "example_wuhu"]
))  # fmt: skip
def test_lines_add_up_and_keep_the_floor(mode: str, net: int, contract: int, place: str, house: str) -> None:
    book = book_of(PROVINCES[place], *([house] if house else []))
    found = distribute(mode, net, contract, book=book, on=ON)
    assert sum(line.amount_fen for line in found.lines) == net
    assert all(line.amount_fen >= 0 for line in found.lines)
    assert found.floor is not None
    if not any(v.rule_id in ("RW-03", "RW-04", "RW-05", "RW-09") for v in found.violations):
        assert found.reward_fen >= found.floor.amount_fen
        assert found.floor.amount_fen * 10_000 >= net * found.floor.bp


@given(mode=MODES, net=FEN, place=st.sampled_from(["", *sorted(PROVINCES)]))
def test_default_distribution_violates_nothing(mode: str, net: int, place: str) -> None:
    book = book_of(*([PROVINCES[place]] if place else []))
    found = distribute(mode, net, 0, book=book, on=ON)
    plan = [PlanLine(line.party, line.amount_fen) for line in found.lines]
    assert found.violations == ()
    assert check_plan(mode, net, plan, book=book, on=ON) == ()


@given(mode=MODES, net=FEN, more=st.integers(0, 10**9), contract=FEN)
def test_more_income_is_never_less_reward(mode: str, net: int, more: int, contract: int) -> None:
    book = book_of("zhejiang", "example_peking")
    less_income = distribute(mode, net, contract, book=book, on=ON)
    more_income = distribute(mode, net + more, contract, book=book, on=ON)
    assert more_income.reward_fen >= less_income.reward_fen
    assert amounts(more_income)["main_contributors"] >= amounts(less_income)["main_contributors"]
    kept_less, kept_more = net - less_income.reward_fen, net + more - more_income.reward_fen
    assert kept_more >= kept_less


@given(
    net=FEN,
    weights=st.dictionaries(st.sampled_from(sorted(PARTY_LABELS)), st.integers(1, 10**6), min_size=1),
)
def test_no_line_is_off_by_more_than_two_fen(net: int, weights: Mapping[str, int]) -> None:
    found, total = allocate(net, weights), sum(weights.values())
    assert sum(found.values()) == net
    for party, fen in found.items():
        assert abs(fen * total - net * weights[party]) < 3 * total
    persons = sum(fen for party, fen in found.items() if party in REWARDED)
    assert persons * total >= net * sum(w for party, w in weights.items() if party in REWARDED)


def test_smallest_amounts_go_to_the_persons_first() -> None:
    assert amounts(distribute("transfer", 1, 0, book=book_of("zhejiang"), on=ON)) == {
        "main_contributors": 1, "other_contributors": 0, "tto_staff": 0, "institution": 0,
    }  # fmt: skip
    assert sum(amounts(distribute("transfer", 0, 0, book=book_of(), on=ON)).values()) == 0


def plan(**parts: int) -> list[PlanLine]:
    return [PlanLine(party, fen) for party, fen in parts.items()]


def test_plan_of_forty_percent_is_blocked() -> None:
    """Net income of 1,000,000 yuan from a transfer, 40 percent planned for the team: the floor is 50 percent."""
    lines = plan(contributors=40 * WAN, institution=60 * WAN)
    found = check_plan("transfer", 100 * WAN, lines, book=book_of(), on=ON)
    assert [(v.rule_id, v.article) for v in found] == [("RW-03", "促进科技成果转化法第45条第1项")]
    assert found[0].reason_zh == (
        "完成和转化人员的奖励合计为400,000.00元，低于转让、许可净收入的50%，即500,000.00元"
    )
    assert found[0].remedy_zh == "请把奖励合计提高到不低于50%，即500,000.00元，相应调减单位及其他各方"


def test_plan_of_sixty_percent_is_blocked_only_where_seventy_is_mandatory() -> None:
    lines = plan(contributors=60 * WAN, institution=40 * WAN)
    blocked = {
        place: [v.rule_id for v in check_plan("transfer", 100 * WAN, lines, book=book_of(pack), on=ON)]
        for place, pack in PROVINCES.items()
    }
    assert blocked == {"浙江": ["RW-09", "RW-10"], "山东": ["RW-09"], "北京": [], "上海": []}


def test_plan_a_fraction_of_a_fen_short_is_blocked() -> None:
    assert check_plan("transfer", 101, plan(contributors=51, institution=50), book=book_of(), on=ON) == ()
    found = check_plan("transfer", 101, plan(contributors=50, institution=51), book=book_of(), on=ON)
    assert [v.rule_id for v in found] == ["RW-03"]


def test_plan_that_does_not_add_up_is_blocked() -> None:
    found = check_plan("transfer", 100 * WAN, plan(contributors=60 * WAN), book=book_of(), on=ON)
    assert [v.rule_id for v in found] == ["RW-01"]


def test_plan_with_too_little_for_main_contributors_is_blocked_and_marked() -> None:
    lines = plan(main_contributors=20 * WAN, other_contributors=40 * WAN, institution=40 * WAN)
    found = check_plan("transfer", 100 * WAN, lines, book=book_of(), on=ON)
    assert [(v.rule_id, v.badge_zh) for v in found] == [("RW-08", "待核实")]


def test_plan_of_a_unit_not_founded_by_the_state_is_free() -> None:
    lines = plan(contributors=10 * WAN, institution=90 * WAN)
    assert check_plan("transfer", 100 * WAN, lines, book=book_of(), on=ON, state_unit=False) == ()
    found = distribute("transfer", 100 * WAN, 0, book=book_of(), on=ON, state_unit=False)
    assert found.floor is not None
    assert found.floor.binding == "default"
    assert [note.rule_id for note in found.warnings] == ["RW-06"]


def test_plan_after_shared_title_is_double_benefit_in_zhejiang_only() -> None:
    lines = plan(main_contributors=70 * WAN, tto_staff=5 * WAN, institution=25 * WAN)
    found = {
        pack: [
            v.rule_id
            for v in check_plan("transfer", 100 * WAN, lines, book=book_of(pack), on=ON, title_shared=True)
        ]
        for pack in ("zhejiang", "shandong")
    }
    assert found == {"zhejiang": ["RW-11a"], "shandong": []}


def test_plan_with_unknown_party_or_negative_amount_is_refused() -> None:
    for line in (PlanLine("team", 1), PlanLine("institution", -1)):
        with pytest.raises(ValueError, match="unknown party|negative"):
            check_plan("transfer", 1, [line], book=book_of(), on=ON)


@pytest.mark.parametrize("house", ["example_peking", "example_yangtze", "example_wuhu"])
def test_shipped_houses_keep_the_national_floor(house: str) -> None:
    assert check_house_shares(book_of(house)) == []


def house_with(folder: Path, shares: str) -> str:
    """Return a copy of a shipped house pack with other shares."""
    for source in (FOLDER / "example_wuhu").glob("*.toml"):
        text = source.read_text(encoding="utf-8")
        if source.name == "money.toml":
            text = text.replace(
                "main_contributors = 6000, other_contributors = 2500, institution = 1500", shares
            )
        (folder / source.name).write_text(text, encoding="utf-8")
    return str(folder)


def test_house_below_the_floor_is_named_with_rule_and_remedy(tmp_path: Path) -> None:
    house = house_with(tmp_path, "main_contributors = 3000, other_contributors = 1000, institution = 6000")
    reasons = check_house_shares(load(("national", house)))
    assert len(reasons) == 7  # every mode but equity and own_use, which have rows of their own
    assert reasons[0] == (
        "example_wuhu：转让第1档，完成和转化人员的奖励合计为40%，低于转让、许可净收入的50%。"
        "依据促进科技成果转化法第45条第1项（规则RW-03）。请把奖励合计提高到不低于50%，相应调减单位及其他各方。"
    )
    found = distribute("transfer", 100 * WAN, 0, book=load(("national", house)), on=ON)
    assert [v.rule_id for v in found.violations] == ["RW-03"]


def test_house_between_national_floor_and_optional_scale_is_only_told(tmp_path: Path) -> None:
    house = house_with(tmp_path, "main_contributors = 5000, other_contributors = 1000, institution = 4000")
    found = distribute("transfer", 100 * WAN, 0, book=load(("national", "beijing", house)), on=ON)
    assert found.violations == ()
    assert "低于北京可选的转让、许可净收入70%，不构成违规" in [note.zh for note in found.warnings]


def test_house_shares_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    house = house_with(tmp_path, "main_contributors = 6000, institution = 3000")
    with pytest.raises(PackError, match=r"money\.toml:\d+: .*合计须为100%.*现为90%"):
        load(("national", house))


def test_house_tiers_must_rise_and_end_open() -> None:
    row = {"rule": "X", "valid_from": ON, "modes": ["*"]}
    share = {"shares": {"institution": 10_000}}
    for tiers, reason in (
        ([{"up_to": "2万", **share}, {"up_to": "1万", **share}, share], "逐档增大"),
        ([{"up_to": "2万", **share}], "最后一档"),
        ([share, share], "只有最后一档"),
    ):
        with pytest.raises(ValueError, match=reason):
            HouseShares.model_validate({**row, "tiers": tiers})


def test_tier_bounds_belong_to_the_lower_tier() -> None:
    row = next(iter(book_of("example_peking").rows(HouseShares, ON)))
    found: list[Tier] = [row.tier_for(fen) for fen in (400 * WAN, 400 * WAN + 1)]
    assert [row.tiers.index(tier) for tier in found] == [0, 1]


def test_head_of_the_unit_gets_no_shares() -> None:
    assert "原则上不得获得股权" in leader_notes("equity", is_head=True, book=book_of(), on=ON)[0].zh
    assert leader_notes("transfer", is_head=True, book=book_of(), on=ON)[0].zh == "领导人员获得奖励的须公示"


def test_derivation_tells_floor_tier_and_every_line() -> None:
    found = distribute("transfer", 100 * WAN, 500 * WAN, book=book_of("example_peking"), on=ON)
    names = [part.name for part in found.derivation.parts]
    assert names == [
        "net",
        "floor",
        "house_shares",
        "reward",
        *(f"line_{line.party}" for line in found.lines),
    ]
    assert "合同金额5,000,000.00元属于第2档（超过4,000,000.00元至8,000,000.00元），比例适用于净收入" in (
        found.derivation.sentence_zh
    )
    assert json.loads(json.dumps(found.derivation.answer()))["tree"]["value"] == 100 * WAN
