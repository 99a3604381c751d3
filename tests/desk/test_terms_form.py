"""The form of the terms, whatever the mode: every field once, values there and back, tables with their rows."""

from typing import Any

import pytest

from contracts.fields import form_fields
from contracts.modes import MODES
from contracts.terms import check_terms, terms_to_form
from desk.web.i18n import Words
from desk.web.terms_form import Table, field_labels, form_groups, shown_terms, typed_values
from tests.contracts import samples
from tests.contracts import test_development as development
from tests.contracts import test_patent_pool as pool

ZH, EN = Words("zh"), Words("en")
SAMPLES: dict[str, dict[str, Any]] = {
    "exclusive_license": samples.RAW,
    "development": development.RAW,
    "patent_pool": pool.RAW,
}
EVERY = pytest.mark.parametrize("mode", sorted(SAMPLES))


def posted(form: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a browser would post of a filled form."""
    pairs: list[tuple[str, str]] = []
    for name, value in form.items():
        if not isinstance(value, list):
            pairs.append((name, value))
            continue
        for n, item in enumerate(value):
            cells = item.items() if isinstance(item, dict) else None
            pairs += [(f"{name}.{n}.{column}", cell) for column, cell in cells] if cells else [(name, item)]
    return pairs


@pytest.mark.parametrize("mode", sorted(MODES))
def test_every_field_stands_once_in_a_group(mode: str) -> None:
    items = [item.name for group in form_groups(mode, None, {}, ZH) for item in group.items]
    assert sorted(items) == sorted(field.name for field in form_fields(MODES[mode].terms))


@EVERY
def test_what_a_browser_posts_is_read_back_to_the_same_terms(mode: str) -> None:
    terms = check_terms(mode, SAMPLES[mode]).terms
    assert terms is not None
    assert check_terms(mode, typed_values(mode, posted(terms_to_form(terms)))).terms == terms


@EVERY
def test_rows_of_a_table_are_shown_as_typed(mode: str) -> None:
    terms = check_terms(mode, SAMPLES[mode]).terms
    assert terms is not None
    form = terms_to_form(terms)
    tables = [i for g in form_groups(mode, form, {}, ZH) for i in g.items if isinstance(i, Table)]
    assert {table.name: max(1, len(form[table.name])) for table in tables} == {
        table.name: len(table.rows) for table in tables
    }


@EVERY
def test_terms_are_shown_for_reading_in_both_languages(mode: str) -> None:
    terms = check_terms(mode, SAMPLES[mode]).terms
    assert terms is not None
    groups = [group.id for group in shown_terms(mode, terms, ZH)]
    assert groups == [group.id for group in shown_terms(mode, terms, EN)]
    assert set(groups) <= {group for group, _, _ in MODES[mode].groups}
    assert set(field_labels(mode, ZH)) == set(MODES[mode].terms.model_fields)


def test_errors_are_counted_in_the_group_of_their_field() -> None:
    check = check_terms("development", {**development.RAW, "content": "", "deliver_on": "昨天"})
    errors = {problem.field: problem.reason for problem in check.problems}
    counted = {g.id: g.errors for g in form_groups("development", development.RAW, errors, ZH) if g.errors}
    assert counted == {"scope": 1, "technology": 1}
