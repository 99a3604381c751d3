"""Wrong packs are refused with file, line and reason, all faults together."""

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.pack_faults import Fault, PackError
from rules.pack_shares import examine
from rules.packs import FOLDER, fresh

HOUSE = (FOLDER / "house.toml").read_text(encoding="utf-8")
HAN = re.compile("[\u4e00-\u9fff]")
PUB = 'id = "PUB"\ntitle = "公示期满"'
RULE = (
    '\n[[rules]]\nid = "{id}"\ntitle = "甲"\ntitle_en = "A"\narticle = "乙"\nvalid_from = 2020-01-01\n'
    'confidence = "S"\nseverity = "{severity}"\n{more}'
)
PROVINCE = '[pack]\nname = "js"\ntitle = "江苏"\nversion = "1"\nkind = "province"\nplace = "江苏"\n'
SHARES = (
    '\n[[house_shares]]\nrule = "{rule}"\nmodes = ["*"]\nmethod = "whole"\nvalid_from = {start}\n'
    "tiers = [{{ shares = {{ main_contributors = {main}, institution = {rest} }} }}]\n"
)


def _faults(path: Path, text: str, *layers: str) -> list[Fault]:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as caught:
        fresh((*(layers or ("national",)), str(path)))
    assert str(caught.value) == "\n".join(map(str, caught.value.faults))
    return list(caught.value.faults)


def _changed(old: str, new: str) -> str:
    assert HOUSE.count(old) >= 1
    return HOUSE.replace(old, new, 1)


def _line(text: str, marker: str) -> int:
    return text[: text.index(marker)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "marker", "reason"),
    [
        ("publicity_days = 15\n", "publicity_days = 14\n", "publicity_days = 14", "短于法定的下限，公示不少于15日（规则PR-04）"),
        ("reward_publicity_days = 15 ", "reward_publicity_days = 3 ", "reward_publicity_days = 3", "不少于15日"),
        ("publicity_days = 15\n", "publicity_days = 15.5\n", "publicity_days = 15.5", "15.5是小数"),
        ("publicity_days = 15\n", 'publicity_days = "多"\n', 'publicity_days = "多"', "须为整数"),
        ('publicity_unit = "d" ', 'publicity_unit = "y" ', 'publicity_unit = "y"', "只能填 'd'、'wd'"),
        ('publicity_unit = "d" ', 'publicity_unit = "wd" ', 'publicity_unit = "wd"', "PUB 写的是 15d，[house] 写的是 15wd"),
        ("feedback_days = 15", "feedback_days = 10", "feedback_days = 10", "FEEDBACK 写的是 15d"),
        ("feedback_days = 15", "feedback_days = 0", "feedback_days = 0", "不能小于1"),
        ("feedback_days = 15  ", "# ", "[house]\n", "feedback_days（反馈天数）：没有填写"),
        ("title = []", 'title = ["approval"]', 'title = ["approval"]', "成了循环"),
        ('price = ["title"]', 'price = ["weather"]', 'price = ["weather"]', "没有“weather”这项手续"),
        ('up_to = "500万"', 'up_to = "100万"', 'up_to = "100万"', "逐行递增"),
        ('up_to = "500万"', 'below = "500万"\nup_to = "500万"', 'below = "500万"', "只能写一个"),
        ('up_to = "200万"', 'up_to = "很多"', 'up_to = "很多"', "不是可识别的金额"),
        ('up_to = "200万"', 'up_to = "0.001"', 'up_to = "0.001"', "不足一分"),
        ('up_to = "200万"', 'up_to = "-1"', 'up_to = "-1"', "为负数"),
        (
            'mode = "*"\nup_to = "200万"', 'mode = "gift"\nup_to = "200万"', "[[house.approval_bands]]",
            "gift 缺少不设上限的最后一行",
        ),
        ('mode = "*"\nbody_zh', 'mode = "gift"\nbody_zh', "[[house.approval_bands]]", "* 缺少不设上限的最后一行"),
        ('{ mode = "equity", step', '{ mode = "gift", step', '{ mode = "gift"', "没有“gift”这种转化方式"),
        ('mode = "*"\nup_to = "200万"', 'mode = ["*"]\nup_to = "200万"', 'mode = ["*"]', "须为文字"),
        ("copies = 4", "copies = 0", "copies = 0", "不能小于1"),
        ("from_year = 7", "from_year = 8", "{ from_year = 8", "应从第7年起"),
        ("to_year = 6, ", "", '{ from_year = 1, payer', "只有最后一行不写 to_year"),
        ('payer = "project"', 'payer = "fortune"', 'payer = "fortune"', "只能填"),
        ('demand_reply = "5wd"', 'demand_reply = "soon"', 'demand_reply = "soon"', "不是期限"),
        ('demand_reply = "5wd"', 'coffee = "5wd"', 'coffee = "5wd"', "没有“coffee”这项服务时限"),
        ("T-08 = 30", "T-08 = 0", "T-08 = 0", "1 至 365"),
        ("T-08 = 30", "T-99 = 30", "T-99 = 30", "没有期限规则 T-99"),
        ("T-08 = 30", "W-06 = 30", "W-06 = 30", "没有期限规则 W-06"),
        ("T-08 = 30", "T-08 = 30\n[house.reminders]\nT-01 = { before = [1, 7] }", "T-01 = { before", "由大到小"),
        ("T-08 = 30", "T-08 = 30\n[house.reminders]\nT-01 = { before = [7], after = [0] }", "T-01 = { before", "由小到大"),
        ("feedback_days = 15", 'shares_rule = "RW-99"\nfeedback_days = 15', "shares_rule", "没有规则 RW-99"),
        ('period = "30d"', 'period = "30"', 'period = "30"', "不是期限"),
        ("rungs = [1, 0]", "rungs = [0, 1]", "rungs = [0, 1]", "由大到小"),
        ('kind = "internal"', 'kind = "statutory"', 'kind = "statutory"', "不一致"),
        ('confidence = "M"', 'confidence = "X"', 'confidence = "X"', "规则 PUB 的 confidence（可信度）：只能填"),
        (PUB, 'id = "PUB"\ntitle = ""', 'title = ""', "规则 PUB 的 title（名称）：不能为空"),
        ("valid_from = 2016-01-01", "valid_from = 1984-12-31", "valid_from = 1984-12-31", "年份须在1985至2100年之间"),
        ("valid_from = 2016-01-01", "valid_from = 2101-01-01", "valid_from = 2101-01-01", "年份须在1985至2100年之间"),
        ("valid_from = 2016-01-01", 'valid_from = "昨天"', 'valid_from = "昨天"', "须为日期"),
        ("valid_from = 2016-01-01", "valid_from = 2016-01-01\nvalid_to = 2015-01-01", "valid_to", "失效日早于生效日"),
        ('version = "2026.1"\nvalid_from', 'act = "XX"\nvalid_from', 'act = "XX"', "没有法规“XX”"),
        ('version = "2026.1"\nvalid_from', 'act = ["PL"]\nvalid_from', 'act = ["PL"]', "[acts] 中没有法规"),
        ("[pack]", "acts = 1\n[pack]", "acts = 1", "acts 须写成 [acts]"),
        ('base = ["national"]', 'place = "火星"', 'place = "火星"', "没有“火星”这个省份"),
        ('base = ["national"]', 'place = "江苏"', 'place = "江苏"', "其他规则包不写省份"),
        ('kind = "house"', 'kind = "club"', 'kind = "club"', "只能填"),
        ("[house.order]", "[weather]\n[house.order]", "[weather]", "没有“weather”这个部分"),
    ],
)  # fmt: skip
def test_wrong_field_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, marker: str, reason: str
) -> None:
    text = _changed(old, new)
    path = tmp_path / "faulty.toml"
    found = _faults(path, text)
    assert [(fault.file, fault.line) for fault in found] == [(str(path), _line(text, marker))]
    assert reason in found[0].reason
    assert found[0].reason_en


def test_misspelled_field_is_told_with_the_missing_one(tmp_path: Path) -> None:
    text = _changed("feedback_days = 15", "feedback_day = 15")
    found = _faults(tmp_path / "faulty.toml", text)
    assert [(fault.line, fault.reason) for fault in found] == [
        (_line(text, "[house]\n"), "[house] 的 feedback_days（反馈天数）：没有填写，请补上。"),
        (_line(text, "feedback_day = 15"), "[house] 的 feedback_day：不是可用的字段，请改正字段名或删除。"),
    ]


def test_rule_without_its_source_is_refused(tmp_path: Path) -> None:
    text = _changed('article = "促进科技成果转化法第18条；国发〔2016〕16号；本单位转化规则"\n', "")
    (fault,) = _faults(tmp_path / "faulty.toml", text)
    assert fault.line == _line(text, '[[deadlines]]\nid = "PUB"')
    assert fault.reason == "规则 PUB 的 article（出处）：没有填写，请补上。"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[pack]\nname = \n", 2, "取值写法有误"),
        ("[pack]\nname ＝ 1\n", 2, "缺少半角等号"),
        ('[pack]\nname = "a"\nname = "b"\n', 3, "写了两次"),
        ("[pack\n", 1, "方括号没有写完整"),
        ("rules = [\n  { id = 1 }\n  { id = 2 }\n", 3, "列表没有写完整"),
        ('a = "b\n', 1, "请检查引号是否成对"),
        ("a = 2026-02-30\n", 1, "日期不存在"),
        ("rules = [\n", 1, "取值写法有误"),
    ],
)
def test_broken_syntax_is_named_with_its_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    (fault,) = _faults(tmp_path / "broken.toml", text)
    assert (fault.line, reason in fault.reason) == (line, True), fault.reason


def test_section_that_is_no_list_is_refused(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path / "faulty.toml", PROVINCE + "[deadlines]\nid = 1\n")
    assert (fault.line, fault.reason) == (7, "deadlines 须写成 [[deadlines]]，一条一段。")


def test_wrong_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "gbk.toml"
    path.write_bytes("[pack]\ntitle = '规则'\n".encode("gb18030"))
    with pytest.raises(PackError) as caught:
        fresh((str(path),))
    assert [(fault.line, fault.reason) for fault in caught.value.faults] == [
        (2, "文件不是UTF-8编码，请另存为UTF-8编码的文本。")
    ]


@pytest.mark.parametrize(
    ("layer", "told"), [("nowhere", "nowhere.toml: 读不到这个文件（不存在）"), ("/no/where", "读不到")]
)
def test_missing_pack_is_named(layer: str, told: str) -> None:
    with pytest.raises(PackError, match=told):
        fresh((layer,))


@pytest.mark.parametrize(("head", "count"), [("", 0), ("[pack]\nname = 'a'\n", 2)])
def test_pack_has_one_head(tmp_path: Path, head: str, count: int) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.toml").write_text(head or "rules = []\n", encoding="utf-8")
    with pytest.raises(PackError, match=f"只有一个 \\[pack\\]，现有{count}个"):
        fresh((str(folder),))


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = (
        HOUSE.replace("publicity_days = 15\n", "publicity_days = 14\n", 1)
        .replace('confidence = "D"', 'confidence = "E"')
        .replace('period = "30d"', 'period = "30"')
        .replace("[pack]", "[weather]\n[pack]")
    )
    found = _faults(tmp_path / "faulty.toml", text)
    markers = ("[weather]", "publicity_days = 14", 'confidence = "E"', 'period = "30"')
    assert [fault.line for fault in found] == [_line(text, marker) for marker in markers]


def test_faults_of_all_layers_and_files_are_told(tmp_path: Path) -> None:
    first = tmp_path / "province"
    first.mkdir()
    (first / "pack.toml").write_text(PROVINCE.replace("江苏", "火星"), encoding="utf-8")
    second = tmp_path / "house.toml"
    found = _faults(second, _changed("feedback_days = 15", "feedback_days = 0"), "national", str(first))
    assert [Path(fault.file).name for fault in found] == ["pack.toml", "house.toml"]


# What layers owe each other


def test_two_versions_of_a_rule_may_not_hold_at_once(tmp_path: Path) -> None:
    text = _changed('id = "TC"', 'id = "CORRECTION"')
    found = _faults(tmp_path / "faulty.toml", text)
    assert any("规则 CORRECTION 有两个版本在2016-01-01同时有效" in fault.reason for fault in found)
    assert all(fault.line > 1 for fault in found)


def test_two_versions_of_the_policy_may_not_hold_at_once(tmp_path: Path) -> None:
    start, end = HOUSE.index("[house]"), HOUSE.index("[[deadlines]]")
    version = HOUSE[start:end].replace("[house]", "[[house]]", 1)
    text = HOUSE[:start] + version + version + HOUSE[end:]
    (fault,) = _faults(tmp_path / "faulty.toml", text)
    assert "[house] 有两个版本在1985-04-01同时有效" in fault.reason
    assert fault.line == text.count("\n", 0, text.rindex("[[house]]")) + 1


def test_two_rows_of_a_table_may_not_hold_at_once(tmp_path: Path) -> None:
    rule = RULE.format(id="RW-H1", severity="calc", more="")
    rows = [
        SHARES.format(rule="RW-H1", start=start, main=9000, rest=1000)
        for start in ("2020-01-01", "2021-01-01")
    ]
    text = HOUSE + rule + rows[0] + rows[1]
    (fault,) = _faults(tmp_path / "faulty.toml", text)
    assert (fault.line, "house_shares 有两行" in fault.reason) == (
        text.count("\n", 0, text.rindex("[[house_shares]]")) + 1, True,
    )  # fmt: skip


def test_row_rests_on_a_known_rule(tmp_path: Path) -> None:
    text = HOUSE + SHARES.format(rule="RW-77", start="2020-01-01", main=9000, rest=1000)
    (fault,) = _faults(tmp_path / "faulty.toml", text)
    assert (fault.line, "规则 RW-77 不在本规则包和在前的规则包中" in fault.reason) == (
        _line(text, 'rule = "RW-77"'), True,
    )  # fmt: skip


def test_row_of_a_later_layer_does_not_bear_an_earlier_one(tmp_path: Path) -> None:
    province = tmp_path / "js.toml"
    province.write_text(
        PROVINCE + SHARES.format(rule="RW-H1", start="2020-01-01", main=9000, rest=1000), encoding="utf-8"
    )
    house = HOUSE + RULE.format(id="RW-H1", severity="calc", more="")
    (fault,) = _faults(tmp_path / "own.toml", house, "national", str(province))
    assert (fault.file, "RW-H1" in fault.reason) == (str(province), True)


def test_house_share_below_the_floor_is_told_at_its_row(tmp_path: Path) -> None:
    rule = RULE.format(id="RW-H1", severity="calc", more="")
    text = HOUSE + rule + SHARES.format(rule="RW-H1", start="2020-01-01", main=4000, rest=6000)
    path = tmp_path / "low.toml"
    path.write_text(text, encoding="utf-8")
    book, faults = examine(("national", str(path)))
    assert book.house(date(2026, 1, 1)).name == "江澜大学"
    assert {(fault.file, fault.line) for fault in faults} == {(str(path), _line(text, "[[house_shares]]"))}
    assert any("合计为40%，低于转让、许可净收入的50%" in fault.reason for fault in faults)


@pytest.mark.parametrize(
    "layers",
    [("national", "example_peking"), ("national", "beijing", "example_peking"), ("national", "example_wuhu")],
)
def test_shipped_houses_keep_the_floors(layers: tuple[str, ...]) -> None:
    assert examine(layers)[1] == ()


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ('also = ["W-06"]\n', "别名 W-06 已用于规则 W-06"),
        ('also = ["TT-RP-01"]\n', "别名 TT-RP-01 已用于规则 RP-01"),
    ],
)
def test_alias_of_another_rule_is_refused(tmp_path: Path, more: str, reason: str) -> None:
    text = HOUSE + RULE.format(id="PR-H9", severity="info", more=more)
    (fault,) = _faults(tmp_path / "faulty.toml", text)
    assert (fault.line, reason in fault.reason) == (_line(text, "also = "), True)


@pytest.mark.parametrize(
    ("rule_id", "severity", "told"),
    [("RW-03", "info", "severity 由 block 改为 info"), ("PR-04", "warn", "severity 由 gate 改为 warn")],
)
def test_house_may_not_loosen_a_condition(tmp_path: Path, rule_id: str, severity: str, told: str) -> None:
    text = HOUSE + RULE.format(id=rule_id, severity=severity, more="")
    (fault,) = _faults(tmp_path / "faulty.toml", text)
    assert (fault.line, told in fault.reason) == (_line(text, f'severity = "{severity}"'), True)


def test_house_may_tighten_a_condition(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(HOUSE + RULE.format(id="PR-04", severity="block", more=""), encoding="utf-8")
    assert fresh(("national", str(path))).rule("PR-04", date(2026, 1, 1)).severity == "block"


DEADLINE = (
    '\n[[deadlines]]\nid = "T-01"\ntitle = "甲"\ntitle_en = "A"\narticle = "乙"\nvalid_from = 2020-01-01\n'
    'confidence = "V"\nseverity = "timer"\nbase_event = "contract_effective"\nperiod = "{period}"\nroll = true\n'
    'statutory = {statutory}\nkind = "{kind}"\nrungs = [7, 0]\noverdue_rungs = [1]\nwho = "officer"\n'
)


@pytest.mark.parametrize(
    ("period", "kind", "told"),
    [
        ("4m", "statutory", "期限由 3m 改为 4m"),
        ("90d", "statutory", "期限由 3m 改为 90d"),
        ("3m", "internal", "法定期限不能改为非法定期限"),
    ],
)
def test_house_may_not_lengthen_a_statutory_limit(tmp_path: Path, period: str, kind: str, told: str) -> None:
    statutory = str(kind == "statutory").lower()
    text = HOUSE + DEADLINE.format(period=period, kind=kind, statutory=statutory)
    (fault,) = _faults(tmp_path / "faulty.toml", text)
    assert told in fault.reason
    assert fault.line > _line(text, 'id = "T-01"')


def test_house_may_not_shorten_a_time_that_must_run_in_full(tmp_path: Path) -> None:
    text = HOUSE + DEADLINE.format(period="29d", kind="contract", statutory="false").replace("T-01", "T-29")
    (fault,) = _faults(tmp_path / "faulty.toml", text)
    assert (fault.line, "须满的期间不得短于 30d" in fault.reason) == (_line(text, 'period = "29d"'), True)


@pytest.mark.parametrize("period", ["2m", "84d"])
def test_house_may_shorten_a_statutory_limit(tmp_path: Path, period: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        HOUSE + DEADLINE.format(period=period, kind="statutory", statutory="true"), encoding="utf-8"
    )
    assert fresh(("national", str(path))).deadline("T-01", date(2026, 1, 1)).period == period


def test_house_without_its_parts_is_refused(tmp_path: Path) -> None:
    found = _faults(
        tmp_path / "bare.toml", '[pack]\nname = "bare"\ntitle = "空"\nversion = "1"\nkind = "house"\n'
    )
    assert [fault.line for fault in found] == [1] * 7
    told = "".join(fault.reason for fault in found)
    assert [
        name in told for name in ("没有 [house]", "PUB", "FEEDBACK", "TC", "CORRECTION", "PAYMENT", "ROYALTY")
    ] == [True] * 7


def test_negative_share_is_refused_at_its_line(tmp_path: Path) -> None:
    rule = RULE.format(id="RW-05", severity="block", more="")
    row = '\n[[reward_scales]]\nrule = "RW-05"\ngroup = "license"\nmin_bp = -1\nbinding = "floor"\nvalid_from = 2020-01-01\n'
    text = PROVINCE + rule + row
    (fault,) = _faults(tmp_path / "faulty.toml", text)
    assert (fault.line, "-1是负数" in fault.reason) == (_line(text, "min_bp = -1"), True)


_EDITS = st.lists(
    st.tuples(
        st.integers(0, len(HOUSE) - 1),
        st.sampled_from(["", "]", "[", "{", '"', "=", "\n", "#", ",", "１", " = -1\n", " = 1.5\n", "= []\n", "\x00"]),
        st.integers(0, 60),
    ),
    min_size=1, max_size=3,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_EDITS)
def test_damaged_pack_never_fails_otherwise(tmp_path: Path, edits: list[tuple[int, str, int]]) -> None:
    text = HOUSE
    for at, put, length in edits:
        text = text[:at] + put + text[at + length :]
    path = tmp_path / "damaged.toml"
    path.write_text(text, encoding="utf-8")
    try:
        fresh(("national", str(path)))
    except PackError as error:
        assert error.faults
        assert all(1 <= fault.line <= text.count("\n") + 1 for fault in error.faults)
        assert all(HAN.search(fault.reason) and "Input" not in fault.reason for fault in error.faults)
