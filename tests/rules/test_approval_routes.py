"""The house's table of approvals: which route a case takes, and wrong tables named with file and line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.house_rows import MODES
from rules.pack_faults import PackError
from rules.packs import FOLDER, fresh, load

TODAY = date(2026, 3, 2)
HOUSE = (FOLDER / "house.toml").read_text(encoding="utf-8")
SECRET = "college>transfer_office,secrecy>president_meeting>ministry"
RELATED = "college>transfer_office,legal>leading_group"
LARGE = "college>transfer_office,legal>president_meeting"
EVERY_HOUSE = ("house", "example_peking", "example_yangtze", "example_wuhu")


def _way(house: str, mode: str, yuan: int, *, related: bool = False, secret: bool = False) -> str:
    policy = load(("national", house)).house(TODAY)
    route = policy.route_for(mode, yuan * 100, related=related, secret=secret)
    return ">".join(",".join(body.id for body in stage) for stage in route)


@pytest.mark.parametrize(
    ("house", "yuan", "related", "secret", "way"),
    [
        ("house", 2_000_000, False, False, "科技成果转化中心主任审批"),
        ("house", 5_000_001, False, False, "校长办公会审议"),
        ("house", 10_000_000, False, False, "校长办公会审议"),
        ("house", 10_000_001, False, False, LARGE),
        ("house", 1, True, False, RELATED),
        ("house", 10_000_001, True, False, RELATED),
        ("house", 1, True, True, SECRET),
        ("house", 10_000_001, False, True, SECRET),
        ("example_peking", 4_000_000, False, False, "development_office"),
        ("example_peking", 4_000_001, False, False, "leading_group"),
        ("example_peking", 8_000_000, False, False, "leading_group"),
        ("example_peking", 8_000_001, True, True, "leading_group>standing_committee"),
        ("example_wuhu", 1, False, False, "experts>institute"),
        ("example_yangtze", 5_000_000, True, False, "校长办公会审议"),
    ],
)
def test_route_by_amount_relation_and_secrecy(
    house: str, yuan: int, *, related: bool, secret: bool, way: str
) -> None:
    assert _way(house, "transfer", yuan, related=related, secret=secret) == way


@given(
    house=st.sampled_from(EVERY_HOUSE), mode=st.sampled_from(MODES), yuan=st.integers(0, 10**10),
    related=st.booleans(), secret=st.booleans(),
)  # fmt: skip
def test_every_case_has_a_route_of_bodies_each_once(
    house: str, mode: str, yuan: int, *, related: bool, secret: bool
) -> None:
    policy = load(("national", house)).house(TODAY)
    route = policy.route_for(mode, yuan * 100, related=related, secret=secret)
    ids = [body.id for stage in route for body in stage]
    assert ids and len(ids) == len(set(ids)) and all(route)
    assert set(ids) <= {body.id for body in policy.bodies}


def test_mode_of_its_own_goes_first(tmp_path: Path) -> None:
    own = HOUSE.replace(
        "[[house.approval_routes]]\nsecret",
        '[[house.approval_routes]]\nmode = "equity"\nstages = [["legal"]]\n\n[[house.approval_routes]]\nsecret',
        1,
    )
    path = tmp_path / "own.toml"
    path.write_text(own, encoding="utf-8")
    policy = fresh(("national", str(path))).house(TODAY)
    assert [len(policy.route_for(mode, 1, secret=True)) for mode in ("equity", "transfer")] == [1, 4]


STAGES = 'stages = [["college"], ["transfer_office", "legal"], '
BODY = '[[house.approval_bodies]]\nid = "legal"'


@pytest.mark.parametrize(
    ("old", "new", "marker", "reason"),
    [
        ('["leading_group"]]', '["weather"]]', STAGES + '["weather"]]', "没有“weather”这个审批机构"),
        ('["leading_group"]]', '["college"]]', STAGES + '["college"]]', "机构 college 在同一路线中出现两次"),
        ('["leading_group"]]', '[]]', STAGES + '[]]', "第3环节没有机构"),
        ("related = true\nstages", "related = true\nstages = []\n# ", "stages = []", "至少要有1项"),
        ('over = "1000万"', 'over = "很多"', 'over = "很多"', "不是可识别的金额"),
        ('over = "1000万"', 'over = "1000万"\nup_to = "900万"', 'over = "1000万"', "上限须大于下限"),
        ('over = "1000万"', 'mode = "gift"', 'mode = "gift"', "没有“gift”这种转化方式"),
        ("related = true\n", 'related = "maybe"\n', 'related = "maybe"', "须为 true 或 false"),
        ("secret = true\nstages", "stages", "[[house.approval_routes]]\nrelated", "永远用不到"),
        (BODY, BODY.replace("legal", "college"), 'id = "college"\nzh = "法律事务室"', "机构 college 写了两次"),
        ("members = 9", "members = 1", "members = 1", "至少2人"),
        ("quorum = 6", "quorum = 12", "quorum = 12", "法定到会人数须为1至成员人数"),
        (BODY, f"{BODY}\nquorum = 3", "quorum = 3", "只有会议机构"),
        ('majority = "over_half"', 'majority = "most"', 'majority = "most"', "只能填"),
    ],
)  # fmt: skip
def test_wrong_table_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, marker: str, reason: str
) -> None:
    assert old in HOUSE
    text = HOUSE.replace(old, new, 1)
    path = tmp_path / "faulty.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        fresh(("national", str(path)))
    fault = caught.value.faults[0]
    assert (fault.file, fault.line) == (str(path), text[: text.index(marker)].count("\n") + 1)
    assert reason in fault.reason
    assert fault.reason_en


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("", "请写 approval_bands（按金额）或 approval_routes（审批路线）"),
        (
            '[[house.approval_routes]]\nup_to = "100万"\nstages = [["legal"]]\n',
            "金额1,000,000.01元起的案件没有审批路线",
        ),
        (
            '[[house.approval_routes]]\nover = "100万"\nstages = [["legal"]]\n',
            "金额0.00元起的案件没有审批路线",
        ),
        (
            '[[house.approval_routes]]\nrelated = true\nstages = [["legal"]]\n',
            "transfer、无关联关系、不涉密、金额0.00元起",
        ),
    ],
)
def test_every_case_must_have_a_way(tmp_path: Path, rows: str, reason: str) -> None:
    start, end = HOUSE.index("[[house.approval_routes]]"), HOUSE.index('[[deadlines]]\nid = "PUB"')
    path = tmp_path / "faulty.toml"
    path.write_text(HOUSE[:start] + rows + HOUSE[end:], encoding="utf-8")
    with pytest.raises(PackError) as caught:
        fresh(("national", str(path)))
    assert reason in str(caught.value)
