"""Names taken apart: every separator seen in real lists, and names that carry one inside."""

import pytest

from exchange.patent_names import LostCharacter, split_owners, split_persons, uses_semicolons


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("丁峰;", ("丁峰",)),
        ("李儒俊;??杨砚楷", ("李儒俊", "杨砚楷")),
        ("张三??李四", ("张三", "李四")),
        ("吕少华;\u2002李曦", ("吕少华", "李曦")),
        ("林㛃、陈䶮，周𬱖/顾𠅤", ("林㛃", "陈䶮", "周𬱖", "顾𠅤")),
        ("张三\n李四\t王五|赵六；张三", ("张三", "李四", "王五", "赵六")),
        ("1.张三；2、李四", ("张三", "李四")),
        ("张三 李四 王小五", ("张三", "李四", "王小五")),
        ("张　三", ("张三",)),
        ("张 三 李 四", ("张三", "李四")),
        ("欧阳 修 司马光", ("欧阳修", "司马光")),
        ("马修·瑞安·埃尔德里奇;西德尼·巴奇", ("马修·瑞安·埃尔德里奇", "西德尼·巴奇")),
        ("CHOU CHANG-AN;", ("CHOU CHANG-AN",)),
        ("Smith, John; Doe, Jane", ("Smith, John", "Doe, Jane")),
        ("", ()),
        (" ;；", ()),
    ],
)  # fmt: skip
def test_persons(text: str, names: tuple[str, ...]) -> None:
    assert split_persons(text) == names


@pytest.mark.parametrize("text", ["张?明", "林\ufffd", "陈□;李四"])
def test_lost_character_is_refused(text: str) -> None:
    with pytest.raises(LostCharacter) as caught:
        split_persons(text)
    assert caught.value.reason.endswith("请按证书补上正确的字。")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("甲大学、乙公司", ("甲大学", "乙公司")),
        ("甲学校(甲技师学院、乙培训学院)、丙公司", ("甲学校(甲技师学院、乙培训学院)", "丙公司")),
        ("惠远公司,有限责任合伙企业", ("惠远公司,有限责任合伙企业",)),
        ("甲乙大学 丙丁公司", ("甲乙大学", "丙丁公司")),
        ("某某科学院 自动化研究所", ("某某科学院 自动化研究所",)),
        ("廖威;??某某学院;??岑忠", ("廖威", "某某学院", "岑忠")),
    ],
)
def test_owners(text: str, names: tuple[str, ...]) -> None:
    assert split_owners(text, has_commas=True) == names


def test_commas_belong_to_the_name_where_the_list_uses_semicolons() -> None:
    text = "甲大学附属第二医院、甲大学附属儿童医院"
    assert uses_semicolons([text, "乙大学;"])
    assert split_owners(text, has_commas=False) == (text,)
