"""Puts together what a step of a stocktake may know of an item: the patent, its cases, grants, scores and people."""

from dataclasses import dataclass
from typing import Any

from cases.conflicts import counted_as
from cases.db import Cursor
from cases.errors import NotFound
from cases.loading import PATENT_COLUMNS, patent_facts
from cases.rulebooks import book_of
from cases.stocktake_answers import loaded, missing_of, scenarios_in
from rules.gate_table import ACT_NAMES
from rules.packs import RuleBook
from states.facts import CaseData
from states.stocktaking import StocktakeFacts

ITEM = (
    "SELECT i.id, i.stocktake_id, i.patent_id, i.college, i.inventor_id, i.state, i.version, i.answers, i.disposal, "
    "s.status, s.scores_wanted, o.name, o.rule_layers FROM stocktake_item i JOIN stocktake s ON s.id = i.stocktake_id "
    "JOIN organization o ON o.id = i.org_id WHERE i.id = ? AND i.org_id = ?"
)
PATENT = f"SELECT {PATENT_COLUMNS} FROM patent p WHERE p.id = ?"  # noqa: S608
SCORES = "SELECT COUNT(*) FROM panel_score WHERE item_id = ?"
CASES = (
    "SELECT c.number, c.title, c.mode, c.state, c.stage FROM case_patent cp JOIN conversion_case c ON c.id = cp.case_id "
    "WHERE cp.patent_id = ? AND c.org_id = ? AND c.closed_on IS NULL ORDER BY c.number"
)
REVIEWERS = "SELECT user_id FROM college_reviewer WHERE org_id = ? AND college = ?"
PROFILE = "SELECT funded, in_pool, disposal FROM patent_profile WHERE patent_id = ?"
NO_ITEM = ("没有找到该盘点事项", "no such item of a stocktake")


@dataclass(frozen=True, slots=True)
class Item:
    """An item as a step finds it. `in_pool` and `disposal` are what the profile says now."""

    id: int
    org_id: int
    stocktake_id: int
    patent_id: int
    college: str
    inventor_id: int | None
    state: str
    version: int
    answers: dict[str, Any]
    in_pool: bool
    disposal: str
    facts: StocktakeFacts
    book: RuleBook


def load_item(cur: Cursor, org_id: int, item_id: int, *, lock: bool = False) -> Item:
    """Load an item of the organization; `lock` holds it until commit (PostgreSQL).

    Raises: NotFound.
    """
    row = cur.one(ITEM + (" FOR UPDATE OF i" if lock and cur.postgres else ""), item_id, org_id)
    if row is None:
        raise NotFound(*NO_ITEM)
    (
        id_,
        stocktake_id,
        patent_id,
        college,
        inventor_id,
        state,
        version,
        answers,
        _,
        status,
        wanted,
        institution,
        layers,
    ) = row
    told = loaded(answers)
    funded, in_pool, disposal = cur.one(PROFILE, patent_id) or (None, False, "")
    cases = cur.all(CASES, patent_id, org_id)
    facts = StocktakeFacts(
        patent=patent_facts(cur.one(PATENT, patent_id), CaseData({})),
        institution=institution,
        campaign_open=status == "open",
        missing=missing_of(told),
        willing=frozenset(told.get("willingness", ())),
        maturity=str(told.get("maturity", "")),
        scenarios=scenarios_in(told),
        funded=None if funded is None else bool(funded),
        scores=int(cur.one(SCORES, item_id)[0]),
        scores_wanted=wanted,
        open_cases=tuple(f"{number} {title}" for number, title, *_ in cases),
        grants=tuple(grant for case in cases if (grant := _grant(*case))),
        reviewers=frozenset(user for (user,) in cur.all(REVIEWERS, org_id, college)),
    )
    return Item(
        id_, org_id, stocktake_id, patent_id, college, inventor_id, state, version, told, bool(in_pool), disposal, facts,
        book_of(layers),
    )  # fmt: skip


def _grant(number: str, _title: str, mode: str, state: str, stage: str) -> str:
    """Return what a signed case grants on its patents, in words; empty if it grants nothing yet."""
    act = counted_as(mode, state)
    signed = stage == "performance" or " signed " in f" {state} "
    return f"{number} {ACT_NAMES[act][0]}" if act is not None and signed else ""
