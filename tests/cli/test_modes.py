"""`panhuo modes`: every live mode with its names, label, states and events."""

import pytest

from states.catalog import MODES
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
        assert [(state["id"], state["zh"]) for state in told["states"]] == [(n.id, n.zh) for n in leaves]
        assert {event["event"] for event in told["events"]} == set(mode.chart.events)
        assert {event["event"] for event in told["events"] if not event["automatic"]} == set(mode.steps)


def test_step_says_who_takes_it_and_where(cli: Cli) -> None:
    ordinary = cli.run("modes", "--json").json["modes"][0]
    (approve,) = [event for event in ordinary["events"] if event["event"] == "approve"]
    assert approve == {
        "event": "approve", "zh": "批准", "en": "Approve", "roles": ["approver"],
        "roles_zh": ["审批人"], "from": ["approval_submitted"], "automatic": False,
    }  # fmt: skip


def test_modes_are_told_in_both_languages(cli: Cli) -> None:
    zh, en = cli.run("modes").out.splitlines(), cli.run("modes", "--lang", "en").out.splitlines()
    assert [line.split("\t")[:3] for line in zh] == [
        ["ordinary_license", "普通许可", "平台标签：已达成普通许可"],
        ["sole_license", "排他许可", "平台标签：已达成排他许可"],
        ["exclusive_license", "独占许可", "平台标签：已达成独占许可"],
    ]
    assert en[0].split("\t")[:2] == ["ordinary_license", "Ordinary license"]


@pytest.mark.parametrize("mode", MODES)
def test_case_of_every_mode_is_opened(office: Office, mode: str) -> None:
    ran = office.run(
        "case", "open", "--mode", mode, "--title", "隔膜专利许可", "--patent", NUMBERS[0], "--company",
        "启衡新材料股份有限公司", "--on", TODAY.isoformat(), "--as", "officer", "--json",
    )  # fmt: skip
    assert (ran.code, ran.json["mode"], ran.json["mode_zh"]) == (0, mode, MODES[mode].zh)
