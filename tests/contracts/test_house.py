"""The folder of a house: what it may say, and what is wrong with it, by file and line."""

from pathlib import Path

import pytest
from PIL import Image

from contracts.house.look import Look, contract_number
from contracts.house.reading import HouseError, read_house
from contracts.house.sheet import house_css
from contracts.house.text_check import Referable, text_faults
from templates import environment

SETTINGS = """\
[house]
title = "江州理工大学文书模板"
version = "2026-01"

[letterhead]
name = "江州理工大学技术转移中心"
lines = ["江州市学府路1号　电话：0599-8100001"]
logo = "logo.png"
papers = ["publicity_notice"]

[numbering]
contract = "JZUT-{way}-{year}-{serial:03}"

[styles]
size_tenth_pt = 105
accent = "#1A3C6E"
"""
KNOWN = Referable({"fees", "royalty"}, {"rescission"}, {"payments"})


def folder(place: Path, settings: str = SETTINGS, **texts: str) -> Path:
    place.joinpath("house.toml").write_text(settings, encoding="utf-8")
    Image.new("RGB", (120, 60), "navy").save(place / "logo.png")
    for name, text in texts.items():
        path = place / "license" / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


def faults_of(place: Path) -> list[str]:
    with pytest.raises(HouseError) as caught:
        read_house(place)
    return [str(fault) for fault in caught.value.faults]


def test_a_folder_is_read_with_look_logo_and_texts(tmp_path: Path) -> None:
    house = read_house(folder(tmp_path, fees="许可费另行约定。"))
    assert house.look.letterhead.name == "江州理工大学技术转移中心"
    assert house.look.styles.accent == "#1a3c6e"
    assert house.logo == (tmp_path / "logo.png").read_bytes()
    assert house.texts == {"license/fees.txt": "许可费另行约定。"}


def test_the_digest_follows_every_file(tmp_path: Path) -> None:
    first = read_house(folder(tmp_path, fees="一。")).digest
    assert read_house(folder(tmp_path, fees="一。")).digest == first
    assert read_house(folder(tmp_path, fees="二。")).digest != first


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('title = "江州理工大学文书模板"', "", "house.toml:1: house.title（名称）：没有填写，请补上。"),
        ("[styles]", "[stiles]", "house.toml:14: stiles：不是可用的字段，请改正字段名或删除。"),
        ("size_tenth_pt = 105", "size_tenth_pt = 300", "house.toml:15: styles.size_tenth_pt：不能大于140。"),
        ('"#1A3C6E"', '"navy"', "house.toml:16: styles.accent：颜色应写成 #1a3c6e 的形式。"),
        (
            "{way}", "{dept}",
            "house.toml:12: numbering.contract：编号规则中没有 {dept}，可用的有 {way}、{year}、{serial}、{case}。",
        ),
        (
            "-{serial:03}", "",
            "house.toml:12: numbering.contract：编号规则中须有 {serial} 或 {case}，否则编号会重复。",
        ),
        ('"publicity_notice"', '"poster"', "house.toml:9: 没有名为“poster”的文书。"),
        ('"publicity_notice"', '"filing_form"', "house.toml:9: “filing_form”：官方表格不加单位信头，请删去。"),
        ('"logo.png"', '"../logo.png"', "house.toml:8: letterhead.logo：徽标须为本文件夹内的 png 或 jpg 图片，只写文件名。"),
        ('"logo.png"', '"seal.png"', "seal.png: 没有这个图片文件，请放入文件夹，或删去 letterhead.logo。"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_told_with_its_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    assert old in SETTINGS
    assert faults_of(folder(tmp_path, SETTINGS.replace(old, new))) == [fault]


def test_a_file_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert faults_of(folder(tmp_path, SETTINGS.replace("[numbering]", "[numbering"))) == [
        "house.toml:11: 不是有效的TOML文件：部分名称的方括号没有写完整，应为 [名称] 或 [[名称]]。"
    ]


def test_a_folder_without_settings_says_so(tmp_path: Path) -> None:
    assert faults_of(tmp_path) == ["house.toml: 读不到这个文件（不存在），请检查单位模板文件夹。"]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    place = folder(tmp_path, fees="一。")
    (place / "license" / "tax.txt").symlink_to("/etc/passwd")
    assert faults_of(place) == ["license/tax.txt: 是链接，不能使用。请放入文件本身。"]


@pytest.mark.parametrize(
    ("side", "why"),
    [(5000, "图片为5000×5000像素，边长不能超过4000像素。"), (20_000, "图片像素过大，边长不能超过4000像素。")],
)
def test_a_logo_of_too_many_pixels_is_refused_before_it_is_decoded(
    tmp_path: Path, side: int, why: str
) -> None:
    place = folder(tmp_path)
    Image.new("1", (side, side)).save(place / "logo.png")
    assert (place / "logo.png").stat().st_size < 1024 * 1024
    assert faults_of(place) == [f"logo.png: {why}"]


def test_a_page_renamed_to_a_picture_is_refused(tmp_path: Path) -> None:
    place = folder(tmp_path)
    (place / "logo.png").write_text("<svg onload='x()'/>", encoding="utf-8")
    assert faults_of(place) == ["logo.png: 不是可用的PNG或JPEG图片，请重新导出。"]


def test_what_is_no_text_does_not_belong_among_the_texts(tmp_path: Path) -> None:
    place = folder(tmp_path, fees="一。", tax="")
    (place / "license" / "run.py").write_text("1/0", encoding="utf-8")
    (place / "licence").mkdir()
    (place / "licence" / "fees.txt").write_text("一。", encoding="utf-8")
    (place / "license" / "grant.txt").write_bytes("许可".encode("gb18030"))
    unknown, *others = faults_of(place)
    assert unknown.startswith("licence/fees.txt: 条款文件夹只能是：development、equity、")
    assert others == [
        "license/grant.txt:1: 文件不是UTF-8编码，请另存为UTF-8编码的文本。",
        "license/run.py: 不是条款文件（.txt）或者条款登记表（clauses.toml），请移出。",
        "license/tax.txt: 是空文件，请核对。",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("一。\n{{ price }}", "x.txt:2: 没有名为“price”的内容"),
        ("{{ t.__class__ }}", "x.txt:1: 不能读取内部内容“__class__”，请删去。"),
        ("{{ t['_x'] }}", "x.txt:1: 不能读取内部内容“_x”，请删去。"),
        ("{% if t.royalty %}", "x.txt:1: 写法有误：条件或者循环没有结束"),
        ("{{ 'a' * 999999 }}", "x.txt:1: 条款中不能乘法运算，请改写。"),
        ("{{ t.x | safe }}", "x.txt:1: 过滤器“safe”会使内容不经转义，已禁用。"),
        ("{{ t.x | tojson }}", "x.txt:1: 过滤器“tojson”不能使用"),
        ("一。\n\n<img src=x>", "x.txt:3: 条款只写文字，不能有网页标记“<img src=x>”，请删去。"),
        ("[[paymemts]]", "x.txt:1: 没有名为“paymemts”的表格，是否为“payments”。"),
        ("{{ ref('royalti') }}", "x.txt:1: 没有名为“royalti”的条款，是否为“royalty”。"),
        ("{{ ref(t.x) }}", "x.txt:1: ref(…) 的括号中应写一个带引号的名称。"),
        ("{% include part('rescision') %}", "x.txt:1: 没有名为“rescision”的条款片段，是否为“rescission”。"),
        ("{% include '/etc/passwd' %}", "x.txt:1: 只能引用条款片段"),
        ("{{ t.x.format() }}", "x.txt:1: 条款中只能调用 ref(…) 和 part(…)，请改写。"),
        ("{% set a = 1 %}", "x.txt:1: 条款中不能给变量赋值，请改写。"),
        ("{% import 'x' as y %}", "x.txt:1: 条款中不能导入其他文件，请改写。"),
        ("字" * 20_001, "x.txt: 条款超过20000字，请拆分或者改为附件。"),
        ("{% if t %}" * 13 + "{% endif %}" * 13, "x.txt:1: 条件和循环嵌套超过12层，请简化。"),
    ],
)
def test_a_text_that_cannot_be_used_is_told_with_its_line(text: str, fault: str) -> None:
    (found,) = text_faults("x.txt", text, KNOWN, environment())
    assert str(found).startswith(fault)


def test_a_good_text_has_no_fault() -> None:
    text = (
        "许可费按{{ ref('fees') }}支付，共{{ t.milestones | length }}项：\n"
        "{% for m in t.milestones %}\n- {{ m.label }}；\n{% endfor %}\n\n[[payments]]\n\n{% include part('rescission') %}"
    )
    assert list(text_faults("x.txt", text, KNOWN, environment())) == []


def look(tmp_path: Path) -> Look:
    return read_house(folder(tmp_path)).look


def test_a_contract_takes_type_and_logo_and_a_notice_the_head(tmp_path: Path) -> None:
    told = look(tmp_path)
    contract = house_css(told, kind="contract", is_contract=True, institution="江州理工大学")
    assert "10.5pt/1.62" in contract
    assert "asset:house-logo" in contract
    notice = house_css(told, kind="publicity_notice", is_contract=False, institution="江州理工大学")
    assert '"江州理工大学技术转移中心"' in notice
    assert house_css(told, kind="filing_form", is_contract=False, institution="江州理工大学") == ""


def test_a_name_cannot_leave_its_string() -> None:
    made = Look.model_validate(
        {
            "house": {"title": "x", "version": "1"},
            "letterhead": {"name": 'a" } @import url(x', "papers": ["publicity_notice"]},
        }
    )
    css = house_css(made, kind="publicity_notice", is_contract=False, institution="")
    assert "@import" not in css
    assert "url(" not in css


def test_a_house_without_changes_adds_nothing() -> None:
    plain = Look.model_validate({"house": {"title": "x", "version": "1"}})
    assert house_css(plain, kind="contract", is_contract=True, institution="x") == ""


def test_contract_numbers_follow_the_pattern() -> None:
    made = contract_number(
        "JZUT-{way}-{year}-{serial:03}", way="DZ", year=2026, serial=7, case="PH-2026-0001"
    )
    assert made == "JZUT-DZ-2026-007"
