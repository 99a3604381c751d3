"""The feasibility check: can this be done with these patents, and everything that stands against it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.errors import Invalid, NotFound
from cases.patent_grants import grants_on
from cases.patents import PatentView, get_patent, list_patents
from desk.answers import gate as answers
from desk.web.books import layers_of_visit
from desk.web.calculators import asked, given
from desk.web.derivations import why
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.gate_form import LISTS, MOST_PATENTS, NAMES, Chosen, facts_of, fields_of, place_to_field
from desk.web.security import as_id

router = APIRouter(prefix="/tools")
FOUND = 8
# What fills a gap, told in the words of this form: by the last part of the place that is missing.
REMEDIES = {
    "checked_on": ("查询专利登记簿，填写核查日期", "look the patent up and enter the day"),
    "flags": ("查询专利登记簿，勾选权利情况", "look the patent up and tick what stands there"),
    "kind": ("填写申请号或专利号", "enter the number"),
    "grant_date": ("填写授权公告日", "enter the grant date"),
    "filing_date": ("填写申请日", "enter the filing date"),
    "end": ("填写许可终止日", "enter the last day of the license"),
}
LONGEST_LIST = 200


@router.get("/gate")
def show(request: Request, desk: DeskArg, visit: VisitArg, do: str = "") -> Response:
    """Show the form and, once a patent is chosen or typed in, the answer."""
    words, layers = visit.words, layers_of_visit(desk, visit)
    lists = {name: request.query_params.getlist(name)[:LONGEST_LIST] for name in LISTS}
    chosen = _chosen(desk, visit, lists["patent"])

    def run(typed: Mapping[str, str]) -> dict[str, Any]:
        facts = facts_of(typed, lists, chosen, visit.organization)
        try:
            return _in_own_words(answers.check(
                facts, mode=given(typed["mode"]), stage=given(typed["stage"]), on=given(typed["on"]),
                layers=layers, today=visit.today,
            ))  # fmt: skip
        except Invalid as invalid:
            fields = {
                place_to_field(place, len(facts["patents"])): reason
                for place, reason in invalid.fields.items()
            }
            raise Invalid(invalid.message, fields, invalid.message_en) from invalid

    wanted = () if do == "find" else ("number", "status", *(("mode",) if chosen.patents else ()))
    question = asked(request, words, NAMES, wanted, run)
    if not wanted:
        question = replace(question, answer=None)
    answer = question.answer
    q = question.typed["patent_q"].strip()[:100]
    return desk.screens.page(
        request, "calc_gate.html", words, status=question.status, visit=visit, question=question, answer=answer,
        fields=fields_of(question, lists, words), chosen=chosen, q=q, found=_search(desk, visit, q, chosen.patents),
        why=why(answer["derivation"]["tree"], words) if answer else None,
    )  # fmt: skip


def _in_own_words(answer: dict[str, Any]) -> dict[str, Any]:
    for one in (*answer["unmet"], *answer["warnings"]):
        known = REMEDIES.get(str(one["place"] or "").rpartition(".")[2])
        if known and one["condition"] == "missing_fact":
            one["remedy"], one["remedy_en"] = known
    return answer


def _chosen(desk: Desk, visit: Visit, texts: Sequence[str]) -> Chosen:
    """Return the chosen patents of the visitor's library; what is not there is left out."""
    ids = dict.fromkeys(id_ for text in texts[:MOST_PATENTS] if (id_ := as_id(text)) is not None)
    found: list[PatentView] = []
    with desk.db.read() as session:
        for id_ in ids:
            try:
                found.append(get_patent(session, visit.person.org_id, id_))
            except NotFound:
                continue
        return Chosen(found, grants_on(session, visit.person.org_id, [patent.id for patent in found]))


def _search(desk: Desk, visit: Visit, q: str, chosen: Sequence[PatentView]) -> list[PatentView]:
    if not q:
        return []
    with desk.db.read() as session:
        rows = list_patents(session, visit.person.org_id, q=q).rows
    return [row for row in rows if row.id not in {one.id for one in chosen}][:FOUND]
