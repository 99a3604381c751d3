"""`panhuo rules list|show|check|diff`, by answer and by command."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cases.errors import Invalid, NotFound
from desk.answers import rulebook
from desk.cli import execute
from desk.story import story, walk
from rules.packs import FOLDER, load
from tests.world import World

HOUSE = (FOLDER / "house.toml").read_text(encoding="utf-8")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own, without a record."""
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    monkeypatch.delenv("PANHUO_DATABASE_URL", raising=False)
    (tmp_path / "packs").mkdir()
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; return its exit code, output and complaints."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = execute(["rules", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def _json(run: Run, *arguments: str) -> Any:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


# list


def test_list_has_every_version(run: Run) -> None:
    found = _json(run, "list")
    assert found["layers"] == ["national", "house"]
    assert found["count"] == len(found["rows"]) == len(load().all())
    assert found["unverified"] == sum(row["badge"] == "待核实" for row in found["rows"]) > 0


def test_list_by_prefix_and_day_has_the_version_in_force(run: Run) -> None:
    rows = {
        day: [
            (row["id"], row["version"])
            for row in _json(run, "list", "--prefix", "tc-05", "--on", day)["rows"]
        ]
        for day in ("2026-02-28", "2026-03-01")
    }
    assert rows == {
        "2026-02-28": [("TC-05", "认定登记办法2000")], "2026-03-01": [("TC-05", "认定登记办法2026")],
    }  # fmt: skip


def test_list_by_prefix_finds_further_ids(run: Run) -> None:
    assert [row["id"] for row in _json(run, "list", "--prefix", "TT-RP-05")["rows"]] == ["RP-03"]


def test_list_of_unverified_rules_has_only_those(run: Run) -> None:
    rows = _json(run, "list", "--unverified")["rows"]
    assert {row["confidence"] for row in rows} == {"S", "M", "D", "V (draft)"}


def test_list_speaks_chinese_first(run: Run) -> None:
    code, out, _ = run("list", "--prefix", "TC-08")
    assert code == 0
    assert out.splitlines()[0].startswith("TC-08　旧规则（至2026年2月28日）")
    assert out.splitlines()[0].endswith("〔待核实〕")
    assert out.splitlines()[-1] == "共1条，其中待核实1条"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("--on", "2026-02-30"), "on"),
        (("--on", "1984-01-01"), "on"),
        (("--layers", "national,nowhere"), "layers"),
        (("--layers", "../secret"), "layers"),
    ],
)
def test_list_refuses_wrong_input(run: Run, arguments: tuple[str, ...], field: str) -> None:
    code, out, err = run("list", *arguments)
    assert (code, out) == (6, "")
    assert field in err


def test_names_only_unless_files_are_allowed(home: Path) -> None:
    path = home / "own.toml"
    path.write_text(HOUSE, encoding="utf-8")
    assert rulebook.list_rules(layers=f"national,{path}", files=True)["layers"] == ["national", "house"]
    with pytest.raises(Invalid):
        rulebook.list_rules(layers=f"national,{path}")


# show


def test_show_has_all_versions_and_values(run: Run) -> None:
    found = _json(run, "show", "tt-tc-05")
    assert (found["rule"], found["also"]) == ("TC-05", ["TT-TC-05"])
    assert [version["valid_to"] for version in found["versions"]] == ["2026-02-28", None]
    tables = {value["table"] for value in _json(run, "show", "OP-05")["values"]}
    assert tables == {"open_license_caps"}


def test_show_of_a_deadline_rule_has_its_period(run: Run) -> None:
    (version,) = _json(run, "show", "T-01")["versions"]
    assert (version["period"], version["rungs"], version["badge"]) == ("3m", [60, 30, 7, 1, 0], "")


def test_show_in_a_province_has_both_layers(run: Run) -> None:
    found = _json(run, "show", "PR-04", "--layers", "national,zhejiang,house")
    assert [(one["layer"], one["valid_to"]) for one in found["versions"]] == [
        ("national", "2021-09-29"), ("zhejiang", None),
    ]  # fmt: skip


def test_show_of_an_unknown_rule_is_missing(run: Run) -> None:
    code, _, err = run("show", "XX-1")
    assert (code, "没有规则“XX-1”" in err) == (3, True)
    with pytest.raises(NotFound):
        rulebook.show("")


# check


def test_check_of_everything_is_sound(run: Run) -> None:
    found = _json(run, "check")
    assert (found["ok"], found["faults"]) == (True, [])
    assert [one["pack"] for one in found["checked"]] == [
        "beijing", "example_peking", "example_wuhu", "example_yangtze", "house", "national", "shandong",
        "shanghai", "zhejiang",
    ]  # fmt: skip
    assert found["checked"][1]["layers"] == ["national", "beijing", "example_peking"]


def test_check_names_file_line_and_reason(run: Run, home: Path) -> None:
    path = home / "own.toml"
    text = HOUSE.replace("publicity_days = 15\n", "publicity_days = 7\n", 1).replace('"30d"', '"30"', 1)
    path.write_text(text, encoding="utf-8")
    code, out, err = run("check", str(path))
    lines = [text[: text.index(marker)].count("\n") + 1 for marker in ("publicity_days = 7", 'period = "30"')]
    assert (code, out) == (1, f"{path}：有误\n")
    assert [line.split("：")[0].split(": ")[0] for line in err.splitlines()] == [
        f"{path}:{line}" for line in lines
    ]


def test_check_takes_the_packs_of_the_installation(run: Run, home: Path) -> None:
    (home / "packs" / "broken.toml").write_text("[pack]\nname = \n", encoding="utf-8")
    code, out, _ = run("check", "--json")
    found = json.loads(out)
    assert (code, found["ok"], [fault["line"] for fault in found["faults"]]) == (1, False, [2])
    assert _json(run, "check", "national,house")["ok"]


def test_check_tells_shares_below_the_floor(run: Run, home: Path) -> None:
    rule = (
        '\n[[rules]]\nid = "RW-H1"\ntitle = "甲"\ntitle_en = "A"\narticle = "乙"\nvalid_from = 2020-01-01\n'
        'confidence = "S"\nseverity = "calc"\n[[house_shares]]\nrule = "RW-H1"\nmodes = ["transfer"]\n'
        "valid_from = 2020-01-01\ntiers = [{ shares = { main_contributors = 4000, institution = 6000 } }]\n"
    )
    (home / "packs" / "low.toml").write_text(HOUSE + rule, encoding="utf-8")
    code, _, err = run("check", "low")
    assert (code, "低于转让、许可净收入的50%" in err) == (1, True)


def test_check_of_an_unknown_name_is_refused(run: Run) -> None:
    code, _, err = run("check", "nowhere")
    assert (code, "没有名为“nowhere”的规则包" in err) == (6, True)


# diff


def test_diff_of_two_houses(run: Run) -> None:
    found = _json(run, "diff", "house", "example_wuhu")
    assert (found["before"], found["after"]) == (["national", "house"], ["national", "example_wuhu"])
    assert {change["key"] for change in found["rules"]} >= {"PR-H1", "RW-H1", "FEEDBACK"}
    assert {change["kind"] for change in found["rows"]} == {"added"}
    assert found["policy"][0]["fields"][0] == {
        "field": "name", "before": "江澜大学", "after": "示例学院丙（仿芜湖职业技术学院公开规则）",
    }  # fmt: skip


def test_diff_without_a_record_says_so_and_makes_none(run: Run, home: Path) -> None:
    found = _json(run, "diff", "house", "house")
    assert found["same"] is True
    assert (found["record"]["available"], found["record"]["reason"]) == (False, "没有案件数据库，未比较期限")
    assert [path.name for path in home.iterdir()] == ["packs"]
    _, out, _ = run("diff", "house", "house")
    assert out.splitlines() == ["规则包内容相同", "没有案件数据库，未比较期限"]


def test_diff_with_a_record_tells_what_would_move(
    run: Run, home: Path, any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANHUO_DATABASE_URL", any_world.db.url.render_as_string(hide_password=False))
    list(walk(any_world.db, any_world.people, any_world.case(), story(date(2026, 9, 1)), until="take_effect"))
    path = home / "own.toml"
    path.write_text(HOUSE.replace('period = "30d"', 'period = "45d"'), encoding="utf-8")
    found = _json(run, "diff", "house", str(path))
    assert found["record"]["available"]
    assert [change["key"] for change in found["rules"]] == ["TC"]
    assert [
        (move["case_no"], move["rule"], move["before"], move["after"]) for move in found["record"]["moves"]
    ] == [("ZH2026-00001", "TC", "2026-11-02", "2026-11-16")]
    _, out, _ = run("diff", "house", str(path))
    assert "期限变动　ZH2026-00001 技术合同认定登记申请（TC）：2026-11-02 → 2026-11-16" in out.splitlines()


def test_diff_with_a_broken_pack_names_it(run: Run, home: Path) -> None:
    path = home / "own.toml"
    path.write_text(HOUSE.replace('confidence = "M"', 'confidence = "X"', 1), encoding="utf-8")
    code, _, err = run("diff", "house", str(path))
    assert (code, f"{path}:" in err, "after" in err) == (6, True, True)
