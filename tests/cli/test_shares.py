"""`panhuo shares`: the keys that programs read, the house pack as a file, and what is refused."""

from pathlib import Path

import pytest

from desk.cli import execute
from rules.packs import FOLDER

ASK = ("shares", "--mode", "transfer", "--net", "100万", "--contract", "150万", "--on", "2026-11-23")


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = execute([*ASK, *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def read(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    import json

    code, out, _ = answer(capsys, *arguments, "--json")
    assert code == 0
    found: dict[str, object] = json.loads(out)
    return found


def test_lines_floor_and_violations(capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys)
    lines = found["lines"]
    assert isinstance(lines, list)
    assert [(line["party"], line["amount_fen"], line["basis"]) for line in lines] == [
        ("main_contributors", 25_000_000, "净收入的50%为奖励，其中的50%"),
        ("other_contributors", 25_000_000, "净收入的50%为奖励，其中的50%"),
        ("institution", 50_000_000, "净收入扣除奖励后的部分"),
    ]
    floor = found["floor"]
    assert isinstance(floor, dict)
    assert {key: floor[key] for key in ("bp", "amount_fen", "binding", "rule", "article")} == {
        "bp": 5000, "amount_fen": 50_000_000, "binding": "floor", "rule": "RW-03",
        "article": "促进科技成果转化法第45条第1项",
    }  # fmt: skip
    assert found["violations"] == []
    assert isinstance(found["derivation"], dict)
    assert sorted(found["derivation"]) == ["sentence", "sentence_en", "table", "tree"]


@pytest.mark.parametrize("place", ["浙江", "浙江省", "zhejiang", "Zhejiang"])
def test_province_in_every_spelling(capsys: pytest.CaptureFixture[str], place: str) -> None:
    found = read(capsys, "--place", place)
    assert (found["place"], found["reward_fen"]) == ("浙江", 70_000_000)


def test_province_without_a_pack_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    found = read(capsys, "--place", "henan")
    assert (found["place"], found["reward_fen"]) == ("河南", 50_000_000)
    assert isinstance(found["warnings"], list)
    assert "未核实" in found["warnings"][0]["text"]


def house_of_forty_percent(folder: Path) -> Path:
    for source in (FOLDER / "example_wuhu").glob("*.toml"):
        text = source.read_text(encoding="utf-8")
        if source.name == "money.toml":
            text = text.replace(
                "main_contributors = 6000, other_contributors = 2500, institution = 1500",
                "main_contributors = 3000, other_contributors = 1000, institution = 6000",
            )
        (folder / source.name).write_text(text, encoding="utf-8")
    return folder


def test_house_pack_from_a_folder_below_the_floor(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = read(capsys, "--pack", str(house_of_forty_percent(tmp_path)))
    violations = found["violations"]
    assert isinstance(violations, list)
    assert [{key: one[key] for key in ("rule", "article", "reason", "remedy")} for one in violations] == [
        {
            "rule": "RW-03",
            "article": "促进科技成果转化法第45条第1项",
            "reason": "完成和转化人员的奖励合计为40%，低于转让、许可净收入的50%",
            "remedy": "请把奖励合计提高到不低于50%，相应调减单位及其他各方",
        }
    ]
    assert found["reward_fen"] == 40_000_000


def test_text_names_violation_and_remedy(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = answer(capsys, "--pack", str(house_of_forty_percent(tmp_path)))
    assert code == 0
    assert "违规：完成和转化人员的奖励合计为40%，低于转让、许可净收入的50%〔RW-03" in out
    assert "  办法：请把奖励合计提高到不低于50%" in out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--place", "火星"), "没有“火星”这个省份，可填：北京、天津"),
        (("--mode", "gift"), "mode：“gift”不在可选范围内"),
        (("--net", "-1"), "net：金额“-1”为负数"),
        (("--net", "1.5"), "带小数点而没有单位"),
        (("--net", "0.001元"), "不足一分"),
        (("--on", "2026-02-30"), "不存在这一天"),
        (("--on", "2015-09-30"), "还没有已录入的收益比例"),
        (("--pack", "no_such_house"), "no_such_house"),
        (("--pack", "./no_such_folder"), "no_such_folder"),
        (("--pack", "beijing", "--place", "浙江"), "“北京规则”不是单位规则包"),
    ],
)
def test_wrong_input_says_where_and_what_to_do(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], reason: str
) -> None:
    code, out, err = answer(capsys, *arguments)
    assert (code, out) == (6, "")
    assert reason in err


def test_contract_amount_is_asked_for_where_the_house_has_tiers(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    ask = ["shares", "--mode", "transfer", "--net", "100万", "--pack", "example_peking"]
    assert execute(ask) == 6
    assert "单位规则按合同金额分档" in capsys.readouterr().err
    assert execute([*ask[:-2], "--pack", "example_wuhu"]) == 0
