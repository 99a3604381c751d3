"""Every variant of every clause: whole sentences, the legal minimum, and nothing that the law forbids."""

import re
from dataclasses import replace

import pytest

from contracts.articles import articles, articles_of, plain_text, source_text
from contracts.library.choosing import clauses_of, places_of
from contracts.library.shelf import product_library
from contracts.library.texts import OwnText
from contracts.lint import lint_contract
from contracts.modes import MODES
from contracts.view import CaseView
from tests.contracts import (
    equity_samples,
    samples,
    test_development,
    test_open_license,
    test_patent_pool,
    test_transfer,
)

FREE = {name: "" for name in samples.RAW if name.startswith(("royalty", "entry_fee", "service", "penalty"))}
VIEWS: dict[str, CaseView] = {
    **{mode: samples.view(mode) for mode in ("ordinary_license", "sole_license", "exclusive_license")},
    "transfer": test_transfer.view(),
    "equity": equity_samples.view(),
    "patent_pool": test_patent_pool.paper(),
    "development": test_development.paper(),
    "open_license": test_open_license._accepted(),
}
# The same with other terms, so that each branch of a text is read.
FURTHER: tuple[tuple[str, CaseView], ...] = (
    ("exclusive_license", samples.view(terms=samples.terms(**FREE, instalments=[], milestones=[], royalty_free="是"))),
    ("exclusive_license", samples.view(terms=samples.terms(improvements="归双方共有", invalidity="refund", penalty_fen=""))),
    ("transfer", test_transfer.view(**test_transfer.FULL)),
    ("development", test_development.paper(test_development.SERVICE)),
)  # fmt: skip


def _variants(mode: str) -> list[tuple[str, str]]:
    contract = MODES[mode]
    return [
        (clause.id, name)
        for clause in contract.clauses
        for name in product_library().variants(places_of(contract), clause.id)
    ]


EVERY = [
    pytest.param(view, clause, variant, id=f"{n}-{mode}-{clause}-{variant}")
    for n, (mode, view) in enumerate((*VIEWS.items(), *FURTHER))
    for clause, variant in _variants(mode)
]


def test_at_least_ten_clauses_may_be_chosen_among_texts() -> None:
    library = product_library().folders
    several = {
        (folder, id_) for folder, ids in library.items() for id_, texts in ids.items() if len(texts) > 1
    }
    assert len(several) >= 10


def test_every_text_tells_its_basis_and_every_variant_when_to_take_it() -> None:
    every = [
        (folder, id_, text)
        for folder, ids in product_library().folders.items()
        for id_, texts in ids.items()
        for text in texts.values()
    ]
    assert [(folder, id_) for folder, id_, text in every if not text.basis] == []
    assert [(folder, id_) for folder, id_, text in every if text.name != "standard" and not text.note] == []
    assert [id_ for _, id_, text in every if not text.newest.reason] == []


@pytest.mark.parametrize(("view", "clause", "variant"), EVERY)
def test_contract_with_a_variant_reads_well_and_passes_the_lint(
    view: CaseView, clause: str, variant: str
) -> None:
    made = replace(view, clauses=clauses_of(MODES[view.mode], choices={clause: variant}))
    text = plain_text(articles(made))
    assert re.findall(r"None|True|False|\{\{|\{%|[。；，：、]{2,}|（）|\n\n\n", text) == []
    before = set(lint_contract(view))
    assert [finding for finding in lint_contract(made) if finding not in before] == []


@pytest.mark.parametrize("mode", VIEWS)
def test_own_library_gives_no_finding_about_its_words(mode: str) -> None:
    assert [finding for finding in lint_contract(VIEWS[mode]) if finding.clause] == []


@pytest.mark.parametrize("mode", VIEWS)
def test_rendered_article_makes_the_same_article_again(mode: str) -> None:
    """What people get to edit is the plain form; putting it back unchanged changes no word of the contract."""
    view = VIEWS[mode]
    made = articles(view)
    texts = clauses_of(MODES[mode])
    for article in made:
        texts = texts.rewritten(article.id, OwnText(source_text(article), "照抄"))
    assert articles_of(view, texts) == made
