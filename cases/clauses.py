"""The clause texts of a case: what a step would make of them, kept under their digest, read back for its papers.

A contract takes the newest texts of the library when its drafting begins, and keeps them. The texts lie in the
record beside the case, in the same transaction as the step that pinned them; the case's data hold their digest.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson

from cases.db import Cursor
from cases.files import Damaged
from cases.houses import chosen_name, library_for
from cases.loading import Loaded
from contracts.articles import TABLES
from contracts.library.choosing import clauses_of, places_of
from contracts.library.shelf import Library, UnknownClause
from contracts.library.texts import ClauseSet, ClauseText, OwnText, read_set
from contracts.lint import own_findings
from contracts.modes import MODES
from contracts.terms import check_terms
from states.facts import CaseData, Wording
from states.payload_fields import Payload
from states.payloads import FinalizeContract, StartDrafting
from states.wording import ChooseClauses, RewriteClause

PINNING = (StartDrafting, FinalizeContract, ChooseClauses, RewriteClause)
FIND_SET = "SELECT body FROM clause_set WHERE org_id = ? AND sha256 = ?"
KEEP_SET = (
    "INSERT INTO clause_set (org_id, sha256, body, created_at) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (org_id, sha256) DO NOTHING"
)
TERMS = "SELECT terms FROM conversion_case WHERE id = ?"
Faults = list[tuple[str, str]]


def pinned(cur: Cursor, org_id: int, data: CaseData) -> ClauseSet | None:
    """Return the texts that a case has pinned, or None if it has pinned none.

    Raises: Damaged if they are not what they were when they were pinned.
    """
    digest = (data.get("contract", "clauses") or {}).get("sha256")
    if digest is None:
        return None
    row = cur.one(FIND_SET, org_id, digest)
    if row is None or sha256(row[0].encode()).hexdigest() != digest:
        raise Damaged(f"the clause texts {digest} are missing or damaged")
    return read_set(row[0])


def texts_of(cur: Cursor, org_id: int, mode: str, data: CaseData) -> ClauseSet | None:
    """Return the texts that the papers of a case take: those it has pinned, or else the newest ones of the institution.

    None stands for the newest ones of the product.

    Raises: Damaged; Invalid if the institution's own texts cannot be used.
    """
    held = pinned(cur, org_id, data)
    if held is not None or not chosen_name(cur, org_id):
        return held
    return clauses_of(MODES[mode], library_for(cur, org_id))


def wording_of(cur: Cursor, case: Loaded, payload: Payload) -> Wording | None:
    """Return the texts that a step would give the contract, and what stands against them; None if it leaves them."""
    held = _held(cur, case)
    library = library_for(cur, case.org_id)
    mode = MODES[case.mode.slug]
    if isinstance(payload, StartDrafting) or held is None:
        texts = clauses_of(mode, library)
    elif isinstance(payload, FinalizeContract):
        return case.facts.wording
    else:
        texts = held
    faults: Faults = []
    before = texts
    if isinstance(payload, ChooseClauses):
        texts = _chosen(case, library, texts, payload, faults)
    if isinstance(payload, RewriteClause):
        texts = _rewritten(case, texts, payload, faults)
    if texts == before and not faults and isinstance(payload, ChooseClauses | RewriteClause):
        faults.append(("所选条款与现有文本相同，没有变化", "nothing would change"))
    return Wording(
        texts.digest,
        texts.as_text,
        texts.rows(),
        tuple(_changes(before, texts)),
        tuple(faults),
        _unlawful(cur, case, texts),
    )


def _held(cur: Cursor, case: Loaded) -> ClauseSet | None:
    """Return the texts that a case has pinned, also by a step that was only supposed and written nowhere."""
    known = case.facts.wording
    told = (case.facts.data.get("contract", "clauses") or {}).get("sha256")
    if known is not None and known.digest == told:
        return read_set(known.body)
    return pinned(cur, case.org_id, case.facts.data)


def keep_wording(cur: Cursor, org_id: int, wording: Wording, now: datetime) -> dict[str, Any]:
    """Write the texts, once, and return what the trail tells of those that changed.

    Effects: writes the texts of the contract. The caller commits.
    """
    cur.run(KEEP_SET, org_id, wording.digest, wording.body, cur.moment(now))
    return {"clauses": list(wording.changes)} if wording.changes else {}


def _chosen(
    case: Loaded, library: Library, texts: ClauseSet, payload: ChooseClauses, faults: Faults
) -> ClauseSet:
    places = places_of(MODES[case.mode.slug])
    for id_, variant in payload.choices.items():
        if not _is_clause(case, texts, id_, faults):
            continue
        try:
            text = library.text(places, id_, variant or texts.of(id_).variant)
        except UnknownClause:
            known = "、".join(library.variants(places, id_))
            faults.append(
                (f"条款“{id_}”没有备选“{variant}”，可选：{known}", f"no variant '{variant}' of '{id_}'")
            )
            continue
        texts = texts.with_texts(text, *_parts(library, places, text))
    return texts


def _parts(library: Library, places: tuple[str, ...], text: ClauseText) -> Iterator[ClauseText]:
    """Return the newest versions of the parts that a text takes in: they are read together."""
    own = library.completed(places, ClauseSet((text,)))
    return (part for part in own.texts if part.id != text.id)


def _rewritten(case: Loaded, texts: ClauseSet, payload: RewriteClause, faults: Faults) -> ClauseSet:
    if not _is_clause(case, texts, payload.clause, faults):
        return texts
    for name in TABLES.findall(payload.text):
        if f"[[{name}]]" not in texts.of(payload.clause).text:
            faults.append(
                (f"本条没有名为“[[{name}]]”的表格，请删除", f"there is no table '{name}' in this clause")
            )
    return texts.rewritten(payload.clause, OwnText(payload.text, payload.reason, payload.source_id))


def _is_clause(case: Loaded, texts: ClauseSet, id_: str, faults: Faults) -> bool:
    titles = {clause.id: clause.title for clause in MODES[case.mode.slug].clauses}
    if id_ in titles and id_ in texts.by_id:
        return True
    known = "、".join(f"{id_}（{title}）" for id_, title in titles.items())
    faults.append((f"本合同没有名为“{id_}”的条款，可选：{known}", f"the contract has no clause '{id_}'"))
    return False


def _changes(before: ClauseSet, after: ClauseSet) -> Iterator[Mapping[str, Any]]:
    for text in after.texts:
        old = before.by_id.get(text.id)
        if old is not None and old != text:
            yield {
                "clause": text.id,
                "before": old.edition,
                "after": "own" if text.own else text.edition,
                "before_text": old.own.text if old.own else old.text,
                "after_text": text.own.text if text.own else text.text,
            }


def _unlawful(cur: Cursor, case: Loaded, texts: ClauseSet) -> tuple[str, ...]:
    """Return what the lint objects to in the clauses written for this case, so that the contract cannot be final."""
    if not texts.own:
        return ()
    (stored,) = cur.one(TERMS, case.id)
    terms = check_terms(case.mode.slug, orjson.loads(stored)).terms
    if terms is None:
        return ()
    found = own_findings(MODES[case.mode.slug], terms, texts)
    return tuple(f"{f.place}：{f.what_zh}" for f in found if f.severity == "block")
