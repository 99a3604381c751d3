"""Everything that people read has a Chinese and an English name, and every table names every member."""

import re
from typing import Literal, get_args, get_origin

import pytest

from cases.tables import ROLES as STORED_ROLES
from states.catalog import MODES, UnknownMode, mode_of
from states.decide import ROLES
from states.modes import STAGES, Mode

HAN = re.compile(r"[\u4e00-\u9fff]")
WIDGETS = {"text", "textarea", "date", "money", "select", "checkbox", "number", "terms"}
EVERY_MODE = pytest.mark.parametrize("mode", MODES.values(), ids=lambda mode: mode.slug)


@EVERY_MODE
def test_states_are_named_in_both_languages(mode: Mode) -> None:
    nameless = [
        n.id for n in mode.chart.nodes.values() if not HAN.search(n.zh) or not n.en or HAN.search(n.en)
    ]
    assert nameless == []


@EVERY_MODE
def test_names_of_siblings_differ(mode: Mode) -> None:
    for node in mode.chart.nodes.values():
        assert len({child.zh for child in node.children}) == len(node.children)


@EVERY_MODE
def test_steps_are_named_and_have_a_role(mode: Mode) -> None:
    for event, step in mode.steps.items():
        assert step.event == event
        assert HAN.search(step.zh) and HAN.search(step.done_zh)
        assert step.en and step.done_en and not HAN.search(step.en + step.done_en)
        assert step.roles and step.roles <= set(STORED_ROLES)
        assert step.tone in {"primary", "secondary", "success", "warning", "danger"}


@EVERY_MODE
def test_names_of_steps_differ(mode: Mode) -> None:
    assert len({step.zh for step in mode.steps.values()}) == len(mode.steps)
    assert len({step.en for step in mode.steps.values()}) == len(mode.steps)


@EVERY_MODE
def test_fields_of_steps_are_labelled(mode: Mode) -> None:
    for step in mode.steps.values():
        for name, field in step.payload.model_fields.items():
            extra = field.json_schema_extra
            assert isinstance(extra, dict), (step.event, name)
            assert HAN.search(str(extra["label_zh"])) and extra["label_en"], (step.event, name)
            assert extra["widget"] in WIDGETS, (step.event, name)


@EVERY_MODE
def test_choices_of_fields_are_labelled_one_by_one(mode: Mode) -> None:
    for step in mode.steps.values():
        for name, field in step.payload.model_fields.items():
            if get_origin(field.annotation) is not Literal:
                continue
            extra = field.json_schema_extra
            assert isinstance(extra, dict)
            for options in (extra["options_zh"], extra["options_en"]):
                assert isinstance(options, dict)
                assert tuple(options) == get_args(field.annotation), (step.event, name)


@EVERY_MODE
def test_stages_are_known_and_used(mode: Mode) -> None:
    assert set(mode.chart.stages.values()) == set(STAGES)
    assert all(HAN.search(zh) and en for zh, en in STAGES.values())


def test_roles_of_the_record_are_named() -> None:
    assert set(ROLES) == {*STORED_ROLES, "outside"}
    assert all(HAN.search(zh) and en for zh, en in ROLES.values())


def test_unknown_mode_is_an_error_of_its_own() -> None:
    with pytest.raises(UnknownMode):
        mode_of("barter")
