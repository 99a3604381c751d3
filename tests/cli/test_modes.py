"""`panhuo modes`: every live mode with its names, label, states and events."""

import pytest

from cases.comparison import compare
from cases.db import Database
from desk.comparison_shapes import ComparisonShape
from states.catalog import MODES
from states.modes import STAGES
from tests.cli.conftest import Cli, Office
from tests.world import NUMBERS, TODAY


def test_modes_are_listed_as_the_charts_have_them(cli: Cli) -> None:
    listed = cli.run("modes", "--json").json["modes"]
    assert [mode["slug"] for mode in listed] == list(MODES)
    for told, mode in zip(listed, MODES.values(), strict=True):
        assert (told["zh"], told["en"], told["platform_label"]) == (
            mode.zh, mode.en, mode.label,
        )  # fmt: skip
        leaves = [node for node in mode.chart.nodes.values() if not node.children]
        assert [(state["id"], state["zh"], state["final"]) for state in told["states"]] == [
            (n.id, n.zh, n.final) for n in leaves
        ]
        assert {state["parent"] for state in told["states"]} <= {None, *(r["id"] for r in told["regions"])}
        assert {state["stage"] for state in told["states"]} == set(STAGES)
        assert {event["event"] for event in told["events"]} == set(mode.chart.events)
        assert {event["event"] for event in told["events"] if not event["automatic"]} == set(mode.steps)


def test_step_says_who_takes_it_and_where(cli: Cli) -> None:
    ordinary = next(
        mode for mode in cli.run("modes", "--json").json["modes"] if mode["slug"] == "ordinary_license"
    )
    (approve,) = [event for event in ordinary["events"] if event["event"] == "approve"]
    assert approve == {
        "event": "approve", "zh": "批准", "en": "Approve", "roles": ["approver"],
        "roles_zh": ["审批人"], "from": ["approval_submitted"], "automatic": False, "fields": approve["fields"],
    }  # fmt: skip
    assert {field["name"]: field["widget"] for field in approve["fields"]}["decided_on"] == "date"


def test_state_says_where_it_stands(cli: Cli) -> None:
    exclusive = next(
        mode for mode in cli.run("modes", "--json").json["modes"] if mode["slug"] == "exclusive_license"
    )
    states = {state["id"]: state for state in exclusive["states"]}
    assert states["publicity_paused"] == {
        "id": "publicity_paused", "zh": "异议处理中（暂停）", "en": "paused by an objection", "stage": "preparation",
        "stage_zh": "准备", "parent": "publicity", "final": False,
    }  # fmt: skip
    assert [states[id_]["stage"] for id_ in ("signing", "filing_recorded", "completed")] == [
        "contract", "performance", "end",
    ]  # fmt: skip


def test_modes_are_told_in_both_languages(cli: Cli) -> None:
    zh, en = cli.run("modes").out.splitlines(), cli.run("modes", "--lang", "en").out.splitlines()
    assert [line.split("\t")[:3] for line in zh] == [
        [mode.slug, mode.zh, f"平台标签：{mode.label}"] for mode in MODES.values()
    ]
    assert [line.split("\t")[:2] for line in en] == [[mode.slug, mode.en] for mode in MODES.values()]


@pytest.mark.parametrize("mode", MODES)
def test_case_of_every_mode_is_opened(office: Office, mode: str) -> None:
    company = ("--company", "启衡新材料股份有限公司") if MODES[mode].has_company else ()
    ran = office.run(
        "case", "open", "--mode", mode, "--title", "隔膜专利许可", "--patent", NUMBERS[0], *company,
        "--on", TODAY.isoformat(), "--as", "officer", "--json",
    )  # fmt: skip
    assert (ran.code, ran.json["mode"], ran.json["mode_zh"]) == (0, mode, MODES[mode].zh)


def test_modes_are_compared_for_patents(office: Office) -> None:
    told = ("modes", "compare", NUMBERS[0], NUMBERS[1], "--on", TODAY.isoformat(), "--as", "officer")
    answer = office.run(*told, "--json")
    db = Database(f"sqlite:///{office.home / 'panhuo.db'}")
    with db.read() as session:
        found = compare(db, session, office.world.person("officer"), office.world.patent_ids[:2], TODAY)
    db.dispose()
    assert answer.json == ComparisonShape.of(found).model_dump(mode="json")
    zh, en = office.run(*told).out, office.run("--lang", "en", *told).out
    assert "独占许可（已达成独占许可）：没有障碍" in zh
    assert "自今日起约24至" in zh
    assert "publicity of name and price, 15 days (PR-03)" in en
    assert "at least 50% of the net income of transfers and licenses (RW-03)" in en


def test_comparison_of_unknown_patents_is_refused(office: Office) -> None:
    assert office.run("modes", "compare", "202010100099.9", "--as", "officer").code in (3, 6)
    assert office.run("modes", "compare").code == 2
