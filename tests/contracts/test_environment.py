"""The template sandbox: what a template and its values cannot do."""

import re
from pathlib import Path

import pytest
from jinja2 import DictLoader, TemplateError, UndefinedError
from jinja2.exceptions import SecurityError

import templates
from templates import environment

FOLDER = Path(templates.__file__).parent


def render(text: str, **values: object) -> str:
    return (
        environment(loader=DictLoader({"t.html": text}), double=lambda v: v * 2)
        .get_template("t.html")
        .render(values)
    )


def test_values_are_escaped_and_callers_filters_work() -> None:
    assert render("{{ a }}|{{ 3 | double }}", a="<b>&") == "&lt;b&gt;&amp;|6"


def test_a_missing_value_is_an_error_not_a_blank() -> None:
    with pytest.raises(UndefinedError):
        render("{{ nothing }}")


@pytest.mark.parametrize(
    "text",
    [
        "{{ a.__class__.__mro__ }}",
        "{{ a.append(1) }}",
        "{{ 'x' * 200000000 }}",
        "{{ [1] * 200000000 }}",
        "{{ 200000000 * 'x' }}",
        "{{ 9 ** 999999 }}",
        "{{ '%99999999s' % 1 }}",
        "{{ 'x' | center(999999999) }}",
        "{{ range(999999999) | list }}",
        "{{ '{0.__class__}'.format(a) }}",
    ],
)
def test_templates_cannot_reach_out_or_grow_without_limit(text: str) -> None:
    with pytest.raises((SecurityError, TemplateError, OverflowError)):
        render(text, a=[1])


def test_paper_templates_quote_every_attribute_and_mark_nothing_safe() -> None:
    for path in [*FOLDER.glob("contracts/**/*.html"), *FOLDER.glob("forms/*.html")]:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"\|\s*safe|=\{\{|style=\"[^\"]*\{\{", text) == [], path.name


def test_paper_styles_keep_to_what_lays_out_fast() -> None:
    for path in FOLDER.glob("contracts/*.css"):
        text = path.read_text(encoding="utf-8")
        assert (
            re.findall(r"var\(|display:\s*(?:flex|grid)|float:|table-layout:\s*auto|@font-face|@import", text)
            == []
        )
