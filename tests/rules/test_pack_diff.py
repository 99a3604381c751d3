"""What differs between two rulebooks, field by field."""

from pathlib import Path

import pytest

from rules.pack_diff import Change, Difference, compare
from rules.packs import FOLDER, fresh, load

HOUSE = (FOLDER / "house.toml").read_text(encoding="utf-8")


def _against(path: Path, text: str) -> Difference:
    path.write_text(text, encoding="utf-8")
    return compare(load(), fresh(("national", str(path))))


def _told(changes: tuple[Change, ...]) -> list[tuple[str, str, list[tuple[str, object, object]]]]:
    return [
        (one.kind, one.key, [(each.field, each.before, each.after) for each in one.fields]) for one in changes
    ]


def test_same_rulebook_differs_in_nothing(tmp_path: Path) -> None:
    found = _against(tmp_path / "same.toml", HOUSE)
    assert (found.is_empty, found.as_json()) == (True, {"rules": [], "rows": [], "policy": []})


def test_changed_deadline_rule_is_told_by_field(tmp_path: Path) -> None:
    found = _against(tmp_path / "own.toml", HOUSE.replace('period = "30d"', 'period = "20d"'))
    assert _told(found.rules) == [("changed", "TC", [("period", "30d", "20d")])]
    assert (found.rows, found.policy) == ((), ())
    assert found.rules[0].title == "技术合同认定登记申请"


def test_changed_policy_is_told_down_to_the_value(tmp_path: Path) -> None:
    text = HOUSE.replace('up_to = "500万"', 'below = "600万"').replace("T-08 = 30", "T-08 = 45\nT-06 = 7")
    found = _against(tmp_path / "own.toml", text)
    assert found.rules == ()
    assert _told(found.policy) == [
        (
            "changed", "house",
            [
                ("approval_bands.2.max_fen", 500_000_000, 599_999_999),
                ("approval_bands.3.min_fen", 500_000_001, 600_000_000),
                ("margins.T-08", 30, 45),
                ("margins.T-06", None, 7),
            ],
        )
    ]  # fmt: skip


def test_added_and_removed_rules_are_told(tmp_path: Path) -> None:
    rule = (
        '\n[[rules]]\nid = "PR-H7"\ntitle = "甲"\ntitle_en = "A"\narticle = "乙"\nvalid_from = 2020-01-01\n'
        'confidence = "S"\nseverity = "info"\n'
    )
    path = tmp_path / "own.toml"
    found = _against(path, HOUSE + rule)
    back = compare(fresh(("national", str(path))), load())
    assert (_told(found.rules), _told(back.rules)) == ([("added", "PR-H7", [])], [("removed", "PR-H7", [])])


def test_second_version_of_a_rule_is_an_addition(tmp_path: Path) -> None:
    rule = (
        '\n[[rules]]\nid = "PR-H7"\ntitle = "{title}"\ntitle_en = "A"\narticle = "乙"\nvalid_from = {start}\n{end}'
        'confidence = "S"\nseverity = "info"\n'
    )
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(HOUSE + rule.format(title="甲", start="2020-01-01", end=""), encoding="utf-8")
    second.write_text(
        HOUSE
        + rule.format(title="甲", start="2020-01-01", end="valid_to = 2026-12-31\n")
        + rule.format(title="丙", start="2027-01-01", end=""),
        encoding="utf-8",
    )
    found = compare(fresh(("national", str(first))), fresh(("national", str(second))))
    assert _told(found.rules) == [
        ("changed", "PR-H7", [("valid_to", None, "2026-12-31")]), ("added", "PR-H7", []),
    ]  # fmt: skip
    assert str(found.rules[1].valid_from) == "2027-01-01"


def test_changed_row_of_a_table_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "zj"
    folder.mkdir()
    for source in (FOLDER / "zhejiang").glob("*.toml"):
        text = source.read_text(encoding="utf-8")
        if source.name == "money.toml":
            text = text.replace('group = "license", min_bp = 7000', 'group = "license", min_bp = 7500')
        (folder / source.name).write_text(text, encoding="utf-8")
    found = compare(load(("national", "zhejiang")), fresh(("national", str(folder))))
    assert _told(found.rows) == [("changed", "reward_scales 浙江 license", [("min_bp", 7000, 7500)])]
    assert (found.rules, found.policy) == ((), ())


def test_province_that_joins_adds_its_rules_and_rows() -> None:
    found = compare(load(), load(("national", "beijing", "house")))
    assert ("added", "PR-11") in [(one.kind, one.key) for one in found.rules]
    assert {one.layer for one in found.rows} == {"beijing"}
    assert found.policy == ()


@pytest.mark.parametrize("pack", ["example_peking", "example_wuhu"])
def test_difference_is_the_mirror_of_the_way_back(pack: str) -> None:
    one, other = load(), load(("national", pack))
    forth, back = compare(one, other), compare(other, one)
    mirrored = {"added": "removed", "removed": "added", "changed": "changed"}
    assert sorted((mirrored[each.kind], each.key) for each in (*forth.rules, *forth.rows)) == sorted(
        (each.kind, each.key) for each in (*back.rules, *back.rows)
    )
