"""`panhuo gate` and `panhuo number` on the command line: JSON as asked for, text for people, and bad input."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli

ROOT = Path(__file__).resolve().parents[2]
FACTS: dict[str, Any] = {
    "institution": "沧澜理工大学", "on": "2026-03-01", "foreign_party": False, "other_cases": [],
    "license": {"start": "2026-04-01", "end": "2031-03-31"},
    "patents": [
        {
            "application_no": "201710601862.3", "title": "一种装置", "status": "有权", "flags": [],
            "owners": ["沧澜理工大学", "启衡公司"], "filing_date": "2017-07-21", "grant_date": "2019-07-09",
            "checked_on": "2026-02-20",
        }
    ],
}  # fmt: skip


def piped(text: str, *arguments: str) -> str:
    """What the command says in a process of its own, with a text on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "desk.cli", *arguments], input=text, capture_output=True, text=True, encoding="utf-8",
        cwd=ROOT, check=True,
    ).stdout  # fmt: skip


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """The facts of one co-owned patent as a file."""
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS, ensure_ascii=False), encoding="utf-8")
    return path


def test_gate_prints_the_answer_as_json(cli: Cli, facts: Path) -> None:
    ran = cli.run("gate", "--mode", "exclusive_license", "--facts", str(facts), "--json")
    assert (ran.code, ran.err, ran.json["allowed"], ran.json["on"]) == (0, "", False, "2026-03-01")
    (row,) = ran.json["unmet"]
    assert (row["rule"], row["who"]) == ("O-06", "outside")
    assert set(row) >= {"rule", "article", "reason", "remedy", "who"}


def test_gate_speaks_to_people(cli: Cli, facts: Path) -> None:
    ran = cli.run("gate", "--mode", "普通许可", "--facts", str(facts), "--stage", "备案")
    assert (ran.code, ran.out.splitlines()[:2]) == (
        0, ["普通许可（备案或登记，2026-03-01）：可以办理", "提示1项："],
    )  # fmt: skip
    english = cli.run("gate", "--mode", "普通许可", "--facts", str(facts), "--lang", "en")
    assert english.out.startswith("ordinary_license (sign, 2026-03-01): possible\nwarnings: 1\n")


def test_gate_reads_standard_input() -> None:
    answer = json.loads(piped(json.dumps(FACTS), "gate", "--mode", "pledge", "--facts", "-", "--json"))
    assert [row["rule"] for row in answer["unmet"]] == ["O-06"]


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ('{"patents": [{"status": "好"}]}', 6, "patents[1].status"),
        ('{"patents": ', 6, "第1行第13列"),
        ('{"on": "\\ud800"}', 6, "on"),
    ],
)
def test_wrong_facts_are_refused_with_their_place(
    cli: Cli, tmp_path: Path, text: str, code: int, why: str
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    ran = cli.run("gate", "--mode", "transfer", "--facts", str(path))
    assert (ran.code, ran.out) == (code, "")
    assert why in ran.err
    told = cli.run("gate", "--mode", "transfer", "--facts", str(path), "--json")
    assert (told.code, told.json["type"]) == (code, "urn:panhuo:problem:invalid")


def test_missing_file_is_a_matter_of_usage(cli: Cli, tmp_path: Path) -> None:
    ran = cli.run("gate", "--mode", "transfer", "--facts", str(tmp_path / "none.json"))
    assert (ran.code, "无法读取" in ran.err) == (2, True)


def test_help_shows_the_format(cli: Cli) -> None:
    ran = cli.run("gate", "--help")
    assert ran.code == 0
    assert '"patents": [{"application_no": "201710601862.3"' in ran.out


def test_number_check_prints_one_row_per_number(cli: Cli) -> None:
    ran = cli.run("number", "check", "ZL 201710601862.3", "97101765", "2017106018624", "--json")
    keys = ("input", "normalized", "kind", "generation", "valid")
    assert ran.code == 0
    assert [[row[key] for key in keys] for row in ran.json] == [
        ["ZL 201710601862.3", "201710601862.3", "invention", "2003-", True],
        ["97101765", "97101765.4", "invention", "1989-2003", True],
        ["2017106018624", None, "invention", "2003-", False],
    ]
    assert [row["reason"] for row in ran.json[:2]] == ["", "缺少校验位，已补算为 4"]
    assert "校验位“4”不符" in ran.json[2]["reason"]


def test_number_check_reads_lines(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "numbers.txt"
    path.write_text("85100001\n\n12100000400000624D\n", encoding="utf-8")
    ran = cli.run("number", "check", f"@{path}", "--json")
    assert [row["normalized"] for row in ran.json] == ["85100001", "12100000400000624D"]
    assert piped("CN209075635U\n", "number", "check", "-") == (
        "√ CN209075635U　CN209075635U　公开（公告）号，实用新型，2007年以后（9位加文献种类代码）\n"
        "共1个号码，0个有误\n"
    )


def test_number_check_wants_a_number(cli: Cli) -> None:
    assert cli.run("number", "check").code == 2
    ran = cli.run("number", "check", "9" * 201, "--json")
    assert (ran.code, list(ran.json["fields"])) == (6, ["numbers[1]"])
