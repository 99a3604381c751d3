"""Questions to the rulebook by API: the same values as the command line prints, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.tables import Patent
from desk.api import PREFIX
from desk.cli import execute
from rules.packs import FOLDER
from tests.api.conftest import Api
from tests.api.test_junk import JUNK

RULES = "/api/rules"
FACTS = {
    "institution": "沧澜理工大学",
    "patents": [
        {"application_no": "202010100001.9", "status": "in_grace", "owners": ["沧澜理工大学", "启衡公司"],
         "filing_date": "2020-05-06", "flags": ["pledged"]},
    ],
    "license": {"end": "2045-01-01"},
}  # fmt: skip
# Per question: the command, the address, and the body that asks the same by POST.
SAME: tuple[tuple[tuple[str, ...], str, dict[str, Any] | None], ...] = (
    (("rules", "roll", "2026-10-01", "２０２７年１０月２日"), "/roll?date=2026-10-01&date=２０２７年１０月２日",
     {"date": ["2026-10-01", "２０２７年１０月２日"]}),
    (("rules", "due", "T-01", "--base", "2026-07-10", "--on", "2026-11-23"),
     "/due?rule=T-01&base=2026-07-10&on=2026-11-23", {"rule": "T-01", "base": "2026-07-10", "on": "2026-11-23"}),
    (("rules", "due", "T-13", "--base", "2026-02-01", "--service", "post", "--on", "2026-03-01"),
     "/due?rule=T-13&base=2026-02-01&service=post&on=2026-03-01",
     {"rule": "T-13", "base": "2026-02-01", "service": "post", "on": "2026-03-01"}),
    (("rules", "due", "T-08", "--base", "2020-05-06", "--year", "7", "--on", "2026-03-01"),
     "/due?rule=T-08&base=2020-05-06&year=7&on=2026-03-01",
     {"rule": "T-08", "base": "2020-05-06", "year": 7, "on": "2026-03-01"}),
    (("fees", "due", "--kind", "invention", "--filed", "2020-05-06", "--year", "7", "--paid-on", "2026-09-01",
      "--reduction", "85", "--granted", "2022-08-09", "--payment", "2026-05-01=100元"),
     "/fees/due?kind=invention&filed=2020-05-06&year=7&paid_on=2026-09-01&reduction=85&granted=2022-08-09"
     "&payment=2026-05-01%3D100元",
     {"kind": "invention", "filed": "2020-05-06", "year": 7, "paid_on": "2026-09-01", "reduction": 85,
      "granted": "2022-08-09", "payment": ["2026-05-01=100元"]}),
    (("fees", "other", "--on", "2026-03-01"), "/fees/other?on=2026-03-01", None),
    (("number", "check", "ZL202010100001.9", "2.02E+12", "91110000600037341L"),
     "/number/check?no=ZL202010100001.9&no=2.02E%2B12&no=91110000600037341L",
     {"no": ["ZL202010100001.9", "2.02E+12", "91110000600037341L"]}),
    (("shares", "--mode", "transfer", "--net", "100万", "--contract", "150000000", "--place", "浙江", "--on",
      "2026-03-02"),
     "/shares?mode=transfer&net=100万&contract=150000000&place=浙江&on=2026-03-02",
     {"mode": "transfer", "net": "100万", "contract": 150_000_000, "place": "浙江", "on": "2026-03-02"}),
    (("shares", "--mode", "equity", "--net", "1000000", "--contract", "200万", "--pack", "example_peking", "--on",
      "2026-03-02", "--leader", "head"),
     "/shares?mode=equity&net=1000000&contract=200万&pack=example_peking&on=2026-03-02&leader=head",
     {"mode": "equity", "net": 1_000_000, "contract": "200万", "pack": "example_peking", "on": "2026-03-02",
      "leader": "head"}),
    (("income", "net", "--receipt", "120万", "--cost", "tax=6000元", "--cost", "public_rd=5万", "--place", "浙江",
      "--on", "2026-03-02"),
     "/net-income?receipt=120万&cost=tax%3D6000元&cost=public_rd%3D5万&place=浙江&on=2026-03-02",
     {"receipt": "120万", "cost": ["tax=6000元", "public_rd=5万"], "place": "浙江", "on": "2026-03-02"}),
    (("rules", "list", "--prefix", "T-0"), "?prefix=T-0", None),
    (("rules", "show", "W-06"), "/W-06", None),
    (("rules", "check", "house", "zhejiang"), "/check?pack=house&pack=zhejiang", None),
    (("taxes", "stamp", "--mode", "transfer", "--price", "100万", "--on", "2026-03-02"),
     "/taxes/stamp?mode=transfer&price=100万&on=2026-03-02", None),
    (("income", "caps", "--fixed", "3000万", "--on", "2026-03-02"), "/caps?fixed=3000万&on=2026-03-02", None),
)  # fmt: skip


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Return what a command prints with `--json`."""
    capsys.readouterr()
    code = execute([*arguments, "--json"])
    said = capsys.readouterr()
    assert code == 0, said
    return json.loads(said.out)


def asked(api: Api, path: str, body: Any = None, method: str = "") -> Any:
    """Return the answer to a question."""
    options = {} if body is None else {"json": body}
    answer = api.client.request(
        method or ("GET" if body is None else "POST"),
        RULES + path,
        headers=api.headers("readonly"),
        **options,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(("command", "address", "body"), SAME, ids=[" ".join(row[0][:2]) for row in SAME])
def test_answers_are_those_of_the_command_line(
    api: Api, capsys: pytest.CaptureFixture[str], command: tuple[str, ...], address: str, body: Any
) -> None:
    told = printed(capsys, *command)
    assert asked(api, address) == told
    if body is not None:
        assert asked(api, address.partition("?")[0], body) == told


def test_gate_answers_like_the_command_line(
    api: Api, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    told = printed(
        capsys,
        "gate",
        "--mode",
        "exclusive_license",
        "--facts",
        str(path),
        "--on",
        "2026-03-02",
        "--stage",
        "file",
    )
    assert told["allowed"] is False
    assert {row["rule"] for row in told["unmet"]} >= {"L-01", "L-10"}
    body = {"mode": "exclusive_license", "stage": "file", "on": "2026-03-02", "facts": FACTS}
    assert asked(api, "/gate", body) == told


def test_gate_takes_facts_as_text(api: Api) -> None:
    answer = api.client.get(
        RULES + "/gate", params={"mode": "转让", "facts": json.dumps(FACTS)}, headers=api.headers()
    )
    assert answer.json() == asked(api, "/gate", {"mode": "transfer", "facts": FACTS})


def test_same_questions_stand_under_the_versioned_address(api: Api) -> None:
    told = api.client.get(f"{PREFIX}/rules/roll?date=2026-10-01", headers=api.headers())
    assert told.json() == asked(api, "/roll?date=2026-10-01")


def test_forecast_is_that_of_the_own_institution(api: Api) -> None:
    with api.world.db.write() as session:
        for id_ in api.world.patent_ids[1:]:
            row = session.get(Patent, id_)
            assert row is not None
            row.status = "lapsed"
    found = asked(api, "/fees/forecast?from=2026-05&months=12&by=patent")
    assert [(row["patent"], row["due"], row["fee_fen"]) for row in found["rows"]] == [
        (api.world.patent_ids[0], "2026-05-06", 30_000)
    ]
    assert {row["reason"] for row in found["left_out"]} == {"ended"}
    month = asked(api, "/fees/forecast?from=2026-05&months=12")
    assert [(row["month"], row["count"], row["total_fen"]) for row in month["rows"]] == [
        ("2026-05", 1, 30_000)
    ]


def test_status_is_told_for_the_day_of_the_clock(api: Api) -> None:
    found = asked(api, "/due?rule=T-01&base=2026-03-01")
    assert (found["on"], found["status"]) == ("2026-03-02", "open")


def test_posted_pack_is_checked_line_by_line(api: Api) -> None:
    lines = (FOLDER / "house.toml").read_text(encoding="utf-8").splitlines()
    assert asked(api, "/check", {"lines": lines})["ok"] is True
    place = next(number for number, line in enumerate(lines, 1) if line.startswith("publicity_days"))
    lines[place - 1] = "publicity_days = 3"
    found = asked(api, "/check", {"lines": lines})
    assert (found["ok"], found["checked"][0]["pack"]) == (False, "pack.toml")
    assert (found["faults"][0]["file"], found["faults"][0]["line"]) == ("pack.toml", place)


@pytest.mark.parametrize("base", ['"/etc/x.toml"', '"../house"', "1", '"a/b"'])
def test_posted_pack_stands_on_packs_of_this_installation_only(api: Api, base: str) -> None:
    lines = ["[pack]", 'name = "x"', 'title = "x"', 'version = "1"', 'kind = "house"', f"base = [{base}]"]
    answer = api.client.post(RULES + "/check", json={"lines": lines}, headers=api.headers())
    assert (answer.status_code, answer.json()["fields"]) == (
        422, {"lines": "pack.base 只能写本系统中规则包的名称"},
    )  # fmt: skip


def test_difference_of_packs_tells_no_deadline_of_others(api: Api) -> None:
    found = asked(api, "/diff?before=house&after=example_peking")
    assert (found["same"], found["record"]["available"]) == (False, False)
    assert "panhuo rules diff" in found["record"]["reason"]


@pytest.mark.parametrize(
    ("path", "status", "fields"),
    [
        ("/roll", 422, {"dates"}),
        ("/roll?date=2026-02-30&date=1984-01-01", 422, {"dates[1]", "dates[2]"}),
        ("/roll?date=2101-01-01", 422, {"dates[1]"}),
        ("/due?rule=T-01", 422, {"base"}),
        ("/due?rule=T-01&base=2026-03-01&year=7", 422, {"year"}),
        ("/due?rule=T-01&base=2026-03-01&nonsense=1", 422, {"nonsense"}),
        ("/fees/due?kind=boat&filed=x&year=99", 422, {"kind", "filed", "paid_on"}),
        ("/fees/forecast?months=0&by=week", 422, {"by"}),
        ("/fees/forecast?months=0", 422, {"months"}),
        ("/shares?mode=transfer&net=-1&place=火星", 422, {"net", "place"}),
        ("/shares?mode=transfer&net=1.5&contract=1", 422, {"net"}),
        ("/shares?mode=transfer&net=1&contract=1&pack=/etc/passwd", 422, {"pack"}),
        ("/shares?mode=transfer&net=1&contract=1&layers=../x", 422, {"layers"}),
        ("/net-income?receipt=1万&cost=tax", 422, {"cost[1]"}),
        ("/gate?facts={", 422, {"facts"}),
        ("/check?pack=/etc/passwd", 422, {"packs[1]"}),
        ("/number/check", 422, {"numbers"}),
        ("/due?rule=T-999&base=2026-03-01", 404, None),
        ("/T-999", 404, None),
    ],
)  # fmt: skip
def test_wrong_questions_are_problems_with_fields(
    api: Api, path: str, status: int, fields: set[str] | None
) -> None:
    answer = api.client.get(RULES + path, headers=api.headers())
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (set(problem["fields"]) if fields else None) == fields
    assert any("\u4e00" <= char <= "\u9fff" for char in problem["detail"])
    assert problem["detail_en"]


@pytest.mark.parametrize("path", ["", "/T-01", "/roll", "/shares", "/gate", "/fees/forecast", "/diff"])
def test_questions_need_a_token(api: Api, path: str) -> None:
    assert api.client.get(RULES + path).status_code == 401


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)  # fmt: skip
@given(body=JUNK)
@pytest.mark.parametrize(
    "path", ["/roll", "/due", "/fees/due", "/number/check", "/shares", "/gate", "/check"]
)
def test_any_body_is_answered_or_a_problem(api: Api, path: str, body: Any) -> None:
    answer = api.client.post(RULES + path, json=body, headers=api.headers())
    assert answer.status_code in (200, 404, 422), (body, answer.text)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)  # fmt: skip
@given(facts=st.dictionaries(st.sampled_from(["institution", "patents", "license", "terms", "on"]), JUNK))
def test_any_facts_are_answered_or_a_problem(api: Api, facts: dict[str, Any]) -> None:
    answer = api.client.post(
        RULES + "/gate", json={"mode": "transfer", "facts": facts}, headers=api.headers()
    )
    assert answer.status_code in (200, 422), (facts, answer.text)
