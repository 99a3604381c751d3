"""The matrix against the two papers that it was drawn from, transcribed cell by cell.

Where the papers differ the stricter reading stands: a block is stricter than a consent, a consent than a warning.
An exception that a paper names (`✖ until …`, `block unless …`, LI-04) keeps the block and lifts it once recorded.
What the table holds beyond the papers is listed in `BEYOND`, with the rule it comes from.
"""

import pytest

from rules.gate_table import ACTS, DEVELOPMENT, LICENSES, TABLE, Stage

# patent_law, section 8. Columns: transfer, ordinary, sole/exclusive, open license, pledge, equity, pool.
FIRST = """
co_owned           | C all | ✔ share fee | C all | C all | C all | C all | ordinary ✔ / else C
in_grace           | WARN pay first | sign ok, filing ✖ | same | ✖ | ✖ | WARN | WARN
pledged            | C | C + filing C | C | C | ✖ already pledged | C | C
suspended          | ✖ | filing ✖ | filing ✖ | ✖ | ✖ | ✖ | ✖
preserved          | ✖ | filing ✖ | filing ✖ | ✖ | ✖ | ✖ | ✖
exclusive_license  | C (burden passes) | ✖ | ✖ | ✖ | WARN | C | ✖
sole_license       | C | ✖ (LI-04 exception) | ✖ | ✖ | WARN | C | ✖
ordinary_license   | ✔ disclose | ✔ | WARN overlap | ✔ | ✔ | ✔ disclose | ✔
open_license       | ✖ until withdrawn | ✔ | ✖ | — | C | ✖ until withdrawn | C
under_invalidation | WARN | WARN | WARN | WARN | C statement | WARN | WARN
lapsed             | ✖ | ✖ | ✖ | ✖ | ✖ | ✖ | ✖
expired            | ✖ | ✖ | ✖ | ✖ | ✖ | ✖ | ✖
void               | ✖ | ✖ | ✖ | ✖ | ✖ | ✖ | ✖
pending            | ✔ as application right | JI 29 | JI 29 | ✖ | ✖ | WARN | WARN
foreign            | C | C | C | C | — | C | C
funded_foreign     | C O-12 | — | ✖ until O-12 | — | — | C O-12 | C
"""
FIRST_COLUMNS = (
    "transfer",
    "ordinary_license",
    "sole/exclusive",
    "open_license",
    "pledge",
    "equity",
    "patent_pool",
)

# tech_transfer, section 1.7. Columns: transfer/equity, open license, ordinary, sole, exclusive, pool.
SECOND = """
exclusive_license | allowed, survives | block | block | block | block (same scope) | block unless licensee agrees
sole_license      | allowed, survives | block | block | block | block | block unless agreed
ordinary_license  | allowed, survives | allowed | allowed | warn: scope conflict | warn: scope conflict | allowed
open_license      | warn: withdraw first | – | allowed by negotiation | block | block | check pool terms
pledged           | need consent | need consent | need consent; filing refused without it | same | same | same
in_grace          | warn | block | filing refused | same | same | block
co_owned          | all co-owners | all co-owners | allowed alone, share the fee | all co-owners | all co-owners | all co-owners
suspended         | block | block | filing refused | same | same | block
"""
SECOND_COLUMNS = (
    "transfer/equity",
    "open_license",
    "ordinary_license",
    "sole_license",
    "exclusive_license",
    "patent_pool",
)

# What a cell asks for at the signature and at the filing: block, consent, warn, or nothing.
MARKS = {
    "✔": "--", "✔ share fee": "ww", "✔ disclose": "ww", "✔ as application right": "ww", "JI 29": "ww", "—": "--",
    "WARN": "ww", "WARN pay first": "ww", "WARN overlap": "ww", "sign ok, filing ✖": "wb", "filing ✖": "wb",
    "C": "cc", "C all": "cc", "C + filing C": "cc", "C (burden passes)": "cc", "C statement": "cc", "C O-12": "cc",
    "ordinary ✔ / else C": "--", "✖": "bb", "✖ already pledged": "bb", "✖ (LI-04 exception)": "bb",
    "✖ until withdrawn": "bb", "✖ until O-12": "bb",
    "allowed": "--", "allowed, survives": "ww", "allowed by negotiation": "--", "allowed alone, share the fee": "ww",
    "–": "--", "warn": "ww", "warn: scope conflict": "ww", "warn: withdraw first": "ww", "check pool terms": "cc",
    "all co-owners": "cc", "need consent": "cc", "need consent; filing refused without it": "cc",
    "filing refused": "wb", "block": "bb", "block (same scope)": "bb", "block unless licensee agrees": "bb",
    "block unless agreed": "bb",
}  # fmt: skip
# Recorded, these lift a block: the exceptions that the papers name.
EXCEPTIONS = {
    ("sole_license", "ordinary_license"): "own_working",
    ("exclusive_license", "patent_pool"): "licensee",
    ("sole_license", "patent_pool"): "licensee",
    ("funded_foreign", "sole_license"): "project_body",
    ("funded_foreign", "exclusive_license"): "project_body",
}
# In no cell of the papers: from the rules named.
BEYOND = {
    "lapsed_restorable": "T-11",
    "defense": "O-13",
    "not_owner": "O-01",
    "co_agreement": "O-07",
    "open_withdrawal": "OP-11, TR-13",
    "beyond_term": "P-05, L-10, PG-04",
    "term_unknown": "P-01, P-05",
    "inventors_first": "O-08, PR-13",
    "client_first": "O-09, PR-14",
    "partner_first": "O-10, PR-14",
    "client_works": "O-09",
    "foreign_design": "TR-10, T-24",
    "no_report": "OP-01, TR-15, S3-23",
    "report_negative": "OP-06, TR-15, S3-23",
    "status_unknown": "RG-01",
    "register_stale": "RG-01",
}
_GROUPS = {"sole/exclusive": ("sole_license", "exclusive_license"), "transfer/equity": ("transfer", "equity")}
_RANK = "-wcb"
_LETTERS = {"block": "b", "consent": "c", "warn": "w"}


def _read(paper: str, columns: tuple[str, ...]) -> dict[tuple[str, str], str]:
    cells = {}
    for line in paper.strip().splitlines():
        state, *marks = (cell.strip() for cell in line.split("|"))
        before = ""
        for column, mark in zip(columns, marks, strict=True):
            before = before if mark == "same" else mark
            for act in _GROUPS.get(column, (column,)):
                cells[state, act] = MARKS[before]
    return cells


PAPERS = (_read(FIRST, FIRST_COLUMNS), _read(SECOND, SECOND_COLUMNS))


def _stricter(*cells: str) -> str:
    return "".join(max(letters, key=_RANK.index) for letters in zip(*cells, strict=True))


def _ours(state: str, act: str) -> str:
    stages: tuple[Stage, Stage] = ("sign", "file")
    found = (TABLE.get((state, act, stage)) for stage in stages)
    return "".join(_LETTERS[outcome.severity] if outcome else "-" for outcome in found)


@pytest.mark.parametrize("state", sorted({state for paper in PAPERS for state, _ in paper}))
def test_table_holds_the_stricter_of_the_two_papers(state: str) -> None:
    acts = [act for act in ACTS if act not in DEVELOPMENT]
    expected = {act: _stricter(*(paper.get((state, act), "--") for paper in PAPERS)) for act in acts}
    assert {act: _ours(state, act) for act in acts} == expected


def test_papers_differ_where_we_know_it() -> None:
    both = PAPERS[0].keys() & PAPERS[1].keys()
    assert sorted(cell for cell in both if PAPERS[0][cell] != PAPERS[1][cell]) == [
        ("co_owned", "patent_pool"),
        ("exclusive_license", "equity"),
        ("exclusive_license", "transfer"),
        ("in_grace", "patent_pool"),
        ("open_license", "equity"),
        ("open_license", "transfer"),
        ("sole_license", "equity"),
        ("sole_license", "transfer"),
    ]


def test_every_other_row_names_the_rule_it_comes_from() -> None:
    in_papers = {state for paper in PAPERS for state, _ in paper}
    beyond = {condition for condition, _, _ in TABLE} - in_papers
    assert beyond == set(BEYOND)
    for (condition, _, _), outcome in TABLE.items():
        if condition in BEYOND and condition not in (
            "not_owner",
            "beyond_term",
            "no_report",
            "foreign_design",
        ):
            assert outcome.rule_id in f"{BEYOND[condition]}, L-21, OP-09, OP-10, OP-14, T-22", condition


def test_blocks_are_lifted_only_by_the_exceptions_that_the_papers_name() -> None:
    lifted = {
        (state, act): outcome.consent
        for (state, act, stage), outcome in TABLE.items()
        if outcome.severity == "block" and outcome.consent and act not in DEVELOPMENT
    }
    assert lifted == EXCEPTIONS


def test_development_follows_the_ordinary_license_without_the_filing() -> None:
    """The partner works the background patents; nothing is filed. A contract may outlast a background patent."""
    for state in {condition for condition, _, _ in TABLE} - {"beyond_term"}:
        sign = _ours(state, LICENSES[0])[0]
        assert _ours(state, "development") == sign * 2, state
    assert _ours("beyond_term", "development") == "ww"


def test_first_refusal_is_asked_for_on_transfer_only() -> None:
    """The law gives it when the result is transferred by contract; an equity contribution is not listed there."""
    assert [act for act in ACTS if _ours("inventors_first", act) != "--"] == ["transfer"]


def test_transcription_is_whole() -> None:
    assert (len(PAPERS[0]), len(PAPERS[1])) == (16 * 8, 8 * 7)
