"""Cases from the command line, on the record itself."""

import json
from pathlib import Path

import pytest

from desk.story import story
from tests.cli.conftest import Cli, Office
from tests.world import NUMBERS, TODAY

DAY = TODAY.isoformat()
CASE = "ZH2026-00001"
DO = ("case", "do", CASE, "clear_title", "--as", "officer")
OPEN = ("case", "open", "--title", "某案", "--as", "officer", "--patent")


def opened(office: Office) -> str:
    ran = office.run(
        "case", "open", "--title", "隔膜专利独占许可", "--patent", "ZL202010100001.9", "--patent", NUMBERS[1],
        "--company", "启衡新材料股份有限公司", "--on", DAY, "--as", "officer", "--json",
    )  # fmt: skip
    assert ran.code == 0, ran.out
    number = ran.json["number"]
    assert isinstance(number, str)
    return number


def walk(office: Office, *, until: str) -> None:
    for scene in story(TODAY):
        ran = office.run(
            "case", "do", CASE, scene.event, "--payload", json.dumps(scene.payload), "--on", scene.on.isoformat(),
            "--as", scene.role, "--json",
        )  # fmt: skip
        assert ran.code == 0, (scene.event, ran.out)
        if scene.event == until:
            return


def test_case_walks_to_performance(office: Office) -> None:
    number = opened(office)
    walk(office, until="record_receipt")
    shown = office.run("case", "show", number, "--as", "officer", "--json").json
    assert (shown["stage"], [patent["application_no"] for patent in shown["patents"]]) == (
        "performance",
        list(NUMBERS[:2]),
    )
    assert office.run("verify", "--json").json["ok"] is True


def test_values_may_be_typed_one_by_one(office: Office) -> None:
    opened(office)
    ran = office.run(
        "case", "do", CASE, "clear_title", "--set", "checked_on=2026年3月1日", "--set", "evidence=登记簿副本",
        "--on", DAY, "--as", "officer", "--expect-version", "1", "--json",
    )  # fmt: skip
    assert (ran.code, ran.json["version"], ran.json["event"]) == (0, 2, "clear_title")


def test_terms_may_be_typed_one_by_one_and_from_a_file(office: Office, tmp_path: Path) -> None:
    opened(office)
    terms = next(scene.payload for scene in story(TODAY) if scene.event == "edit_terms")
    file = tmp_path / "terms.json"
    file.write_text("\ufeff" + json.dumps(terms), encoding="utf-8")
    ran = office.run(
        "case", "do", CASE, "edit_terms", "--payload", f"@{file}", "--set", "terms.project_name=改名后的项目",
        "--on", DAY, "--as", "officer",
    )  # fmt: skip
    assert (ran.code, ran.out) == (0, "ZH2026-00001 修改了商务条款（edit_terms），案件版本2\n")
    assert (
        office.run("case", "show", CASE, "--as", "officer", "--json").json["terms"]["project_name"]
        == "改名后的项目"
    )


def test_refusal_exits_5_and_names_every_reason(office: Office) -> None:
    opened(office)
    command = (
        "case",
        "do",
        CASE,
        "start_drafting",
        "--set",
        "contract_no=XK-1",
        "--on",
        DAY,
        "--as",
        "officer",
    )
    ran = office.run(*command)
    assert ran.code == 5
    for what in ("尚未完成权属与法律状态核查", "专利法第6条", "由审批人批准"):
        assert what in ran.err
    told = office.run(*command, "--json")
    codes = [unmet["code"] for unmet in told.json["unmet"]]
    assert (told.code, codes) == (5, ["needs_title", "needs_price", "needs_publicity", "needs_approval"])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("case", "show", "ZH2026-00099", "--as", "officer"), 3),
        (("case", "show", CASE, "--as", "nobody"), 3),
        (("case", "why", CASE, "fly", "--as", "officer"), 3),
        (("case", "do", CASE, "approve", "--as", "officer", "--set", "decided_on=2026-03-02"), 6),
        ((*DO[:5], "readonly", "--set", "checked_on=2026-03-02", "--set", "evidence=副本", "--on", DAY), 4),
        ((*DO, "--set", "checked_on=昨天"), 6),
        ((*DO, "--on", "2026-02-30"), 6),
        ((*DO, "--set", "checked_on"), 2),
        ((*DO, "--payload", "[1]"), 2),
        ((*DO, "--payload", "{"), 2),
        ((*DO, "--payload", '{"a": 1e400}'), 2),
        ((*DO, "--payload", "@/no/such/file"), 2),
        ((*DO, "--set", "evidence=\udcff"), 2),
        ((*DO, "--expect-version", "7", "--set", "checked_on=2026-03-02"), 5),
        ((*DO, "--expect-version", "0"), 2),
        (("case", "simulate", CASE, "--as", "officer"), 2),
        (("case", "simulate", CASE, "--as", "officer", "--steps", '[{"event": 1}]'), 2),
        ((*OPEN, "2.02E+12", "--company", "启衡新材料股份有限公司"), 6),
        ((*OPEN, "201710601862.3", "--company", "启衡新材料股份有限公司"), 3),
        ((*OPEN, NUMBERS[0], "--company", "没有的企业"), 3),
        ((*OPEN, NUMBERS[0], "--company", "新企业", "--uscc", "91110000600037341X"), 6),
        ((*OPEN[:4], "--as", "finance", "--company", "启衡新材料股份有限公司", "--patent", NUMBERS[0]), 4),
        (("case", "fly"), 2),
        (("case", "show"), 2),
        (("--lang", "fr", "case", "list"), 2),
    ],
)  # fmt: skip
def test_exit_codes(office: Office, arguments: tuple[str, ...], code: int) -> None:
    opened(office)
    ran = office.run(*arguments)
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert any("\u4e00" <= char <= "\u9fff" for char in ran.err)


def test_why_lists_reasons_and_simulate_writes_nothing(office: Office) -> None:
    opened(office)
    step = office.run("case", "why", CASE, "sign", "--as", "officer", "--on", DAY, "--json").json
    assert (step["event"], step["possible"], step["unmet"][0]["code"]) == ("sign", False, "not_here")
    before = office.run("case", "show", CASE, "--as", "officer", "--json").out
    steps = [
        {
            "event": "clear_title",
            "payload": {"checked_on": "2026-04-01", "evidence": "副本"},
            "on": "2026-04-01",
        },
        {"event": "start_drafting", "payload": {"contract_no": "XK-1"}, "on": "2026-04-02"},
    ]
    ran = office.run("case", "simulate", CASE, "--steps", json.dumps(steps), "--as", "officer", "--json")
    assert [(step["event"], step["possible"]) for step in ran.json["steps"]] == [
        ("clear_title", True),
        ("start_drafting", False),
    ]
    one = office.run(
        "case", "simulate", CASE, "clear_title", "--set", "checked_on=2026-04-01", "--set", "evidence=副本",
        "--on", "2026-04-01", "--as", "officer",
    )  # fmt: skip
    assert (one.code, one.out.startswith("✓ 2026-04-01 权属核查")) == (0, True)
    assert office.run("case", "show", CASE, "--as", "officer", "--json").out == before


def test_repetition_with_a_key_is_harmless(office: Office) -> None:
    opened(office)
    command = (
        "case", "do", CASE, "clear_title", "--set", "checked_on=2026-03-01", "--set", "evidence=副本", "--on", DAY,
        "--as", "officer", "--key", "k-1", "--json",
    )  # fmt: skip
    first, again = office.run(*command), office.run(*command)
    assert [first.json["replayed"], again.json["replayed"], again.json["version"]] == [False, True, 2]


def test_new_company_is_registered_with_its_code(office: Office) -> None:
    ran = office.run(
        "case", "open", "--title", "某案", "--patent", NUMBERS[0], "--company", "云麓电池有限公司", "--uscc",
        "91440300708461136T", "--as", "officer", "--json",
    )  # fmt: skip
    assert (ran.code, ran.json["company"]["name"]) == (0, "云麓电池有限公司")


def test_who_acts_must_be_clear(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert office.run("case", "list", "--json").json["total"] == 0
    monkeypatch.setenv("PANHUO_LOGIN", "officer")
    opened(office)
    listed = office.run("case", "list", "--json").json
    assert [row["number"] for row in listed["rows"]] == [CASE]


def test_text_is_chinese_and_english_on_request(office: Office) -> None:
    opened(office)
    chinese = office.run("case", "show", CASE, "--as", "officer")
    english = office.run("case", "show", CASE, "--as", "officer", "--lang", "en")
    assert ("所处环节：" in chinese.out, "position:" in english.out) == (True, True)
    assert (
        "no case ZH2026-00099"
        in office.run("--lang=en", "case", "show", "ZH2026-00099", "--as", "officer").err
    )


def test_empty_home_asks_for_the_first_user(cli: Cli) -> None:
    ran = cli.run("case", "list")
    assert (ran.code, "panhuo user add" in ran.err) == (2, True)
    assert (cli.home / "panhuo.db").exists()


def test_clauses_are_listed_shown_and_compared(office: Office) -> None:
    number = opened(office)
    walk(office, until="start_drafting")
    own = {"clause": "breach", "text": "任何一方违约的，应当赔偿损失。", "reason": "对方要求"}
    payload = json.dumps(own, ensure_ascii=False)
    step = ("case", "do", number, "rewrite_clause", "--payload", payload, "--on", "2026-03-29")
    assert office.run(*step, "--as", "officer").code == 0
    rows = office.run("clauses", "list", number, "--as", "officer", "--json").json["rows"]
    assert [row["id"] for row in rows if row["origin"] == "own"] == ["breach"]
    shown = office.run("clauses", "show", number, "breach", "--as", "officer", "--json").json
    assert (shown["text"], shown["variants"]) == (own["text"], ["standard", "penalty"])
    compared = office.run("clauses", "diff", number, "--as", "officer").out
    assert "+ 任何一方违约的，应当赔偿损失。" in compared
    assert office.run("clauses", "show", number, "nothing", "--as", "officer").code == 3
