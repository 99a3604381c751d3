"""The two libraries 基础库 and 转化资源库: searched by text and facets, graded and moved between pools, taken along."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.errors import ActionError, Invalid, Refused
from cases.grading import grade, stand
from cases.patent_search import LAST_PAGE, SORTS
from cases.patents import get_patent
from cases.pool_views import history_of, profile_of, standings_of
from cases.profile_fields import FIELDS, POOL_NAMES, STANDING_NAMES
from cases.profile_tables import POOLS
from cases.stocktake_progress import of_patent
from desk import pool_words
from desk.answers.pool import MOST_VALUES, VIEWS, Answer, answer, asked, every_row, ids_of, query_of
from desk.web.desk_state import Desk, DeskArg, Visit, VisitArg
from desk.web.downloads import download
from desk.web.forms import errors_of
from desk.web.paging import Pages, page_number
from desk.web.pool_form import form_fields, typed_values
from desk.web.security import ChangingArg, Posted
from exchange.pool_list import file_of
from rules.dates import DateError, parse_date
from states.stocktaking import STATES

router = APIRouter()
BULK_FIELDS = ("grade", "patent_class", "review_on", "disposal")


@dataclass(frozen=True)
class Tried:
    """An attempt that was refused, whole or in part: what was typed, what is wrong, and which patents did not go along."""

    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[int, ...] = ()
    failed: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: Mapping[int, ActionError] = field(default_factory=dict)
    done: int = 0


@router.get("/pool")
def index(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show one of the two libraries, or the patents whose review is due."""
    return _index(request, desk, visit, dict_of(request))


@router.get("/pool/export")
def export(request: Request, desk: DeskArg, visit: VisitArg, format: str = "xlsx") -> Response:
    """Give the list as it is filtered as a file."""
    view, wanted = _asked(request, visit)
    kind = format if format in ("csv", "xlsx") else "xlsx"
    title = f"{VIEWS[view][0]}{visit.today.isoformat()}"
    return download(title, kind, file_of(kind, every_row(desk.db, visit.person.org_id, wanted)))


@router.post("/pool/grade")
def grade_many(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Grade the chosen patents alike."""
    typed, chosen = posted.values(), ids_of(posted.texts("patents"))
    values = {name: typed[name] for name in BULK_FIELDS if typed.get(name, "").strip()}
    try:
        done = grade(
            desk.db, visit.person, chosen, values, typed.get("why", ""), now=visit.now, today=visit.today
        )
    except Invalid as invalid:
        return _again(
            request,
            desk,
            visit,
            posted,
            Tried(typed, tuple(chosen), *errors_of(invalid, (*BULK_FIELDS, "why"))),
        )
    return RedirectResponse(_back(posted, done), 303)


@router.post("/pool/standing")
def stand_many(request: Request, desk: DeskArg, visit: VisitArg, posted: ChangingArg) -> Response:
    """Let the chosen patents enter a pool, be recommended to it, or leave it."""
    typed, chosen = posted.values(), ids_of(posted.texts("patents"))
    try:
        on = parse_date(typed["on"]) if typed.get("on", "").strip() else visit.today
        done = stand(
            desk.db, visit.person, chosen, typed.get("pool", ""), typed.get("standing", ""), on=on,
            reason=typed.get("why", ""), now=visit.now,
        )  # fmt: skip
    except DateError as error:
        return _again(
            request, desk, visit, posted, Tried(typed, tuple(chosen), error.reason, {"on": error.reason})
        )
    except Invalid as invalid:
        names = ("on", "why")
        return _again(request, desk, visit, posted, Tried(typed, tuple(chosen), *errors_of(invalid, names)))
    if done.refused:
        told = Tried(typed, tuple(done.refused), refused=done.refused, done=done.done)
        return _again(request, desk, visit, posted, told, status=409)
    return RedirectResponse(_back(posted, done.done), 303)


@router.get("/patents/{patent_id}/profile")
def profile(request: Request, desk: DeskArg, visit: VisitArg, patent_id: int) -> Response:
    """Show a patent's profile, its history and its standings."""
    return _profile(request, desk, visit, patent_id)


@router.post("/patents/{patent_id}/profile")
def keep_profile(
    request: Request, desk: DeskArg, visit: VisitArg, patent_id: int, posted: ChangingArg
) -> Response:
    """Change a patent's profile."""
    with desk.db.read() as session:
        profile_of(session, visit.person.org_id, patent_id)
    typed = typed_values(posted)
    try:
        grade(
            desk.db, visit.person, [patent_id], typed, posted.text("why"), now=visit.now, today=visit.today
        )  # fmt: skip
    except Invalid as invalid:
        above, beside = errors_of(invalid, (*FIELDS, "why"))
        told = {**typed, "why": posted.text("why")}
        return _profile(request, desk, visit, patent_id, told, above, beside, status=422)
    return RedirectResponse(f"/patents/{patent_id}/profile?saved", 303)


def dict_of(request: Request) -> list[tuple[str, str]]:
    """Return the pairs of the address."""
    return [(name, value.replace("\x00", "")) for name, value in request.query_params.multi_items()]


def _asked(request: Request, visit: Visit, pairs: list[tuple[str, str]] | None = None) -> tuple[str, Any]:
    given = dict_of(request) if pairs is None else pairs
    one = dict(given)
    view = one.get("view", "") if one.get("view", "") in VIEWS else "pool"
    return view, asked(view, one.get("q", ""), given, one.get("sort", ""), visit.today, one.get("pool", ""))


def _again(
    request: Request, desk: Desk, visit: Visit, posted: Posted, tried: Tried, *, status: int = 422
) -> Response:  # fmt: skip
    pairs = [(name, value) for text in posted.texts("asked") for name, _, value in [text.partition("=")]]
    return _index(request, desk, visit, pairs, tried, status)


def _back(posted: Posted, done: int) -> str:
    pairs = [(name, value) for text in posted.texts("asked") for name, _, value in [text.partition("=")]]
    return f"/pool?{urlencode([*pairs, ('done', str(done))])}"


def _index(
    request: Request, desk: Desk, visit: Visit, pairs: list[tuple[str, str]], tried: Tried | None = None, status: int = 200
) -> Response:  # fmt: skip
    view, wanted = _asked(request, visit, pairs)
    one = dict(pairs)
    page = min(page_number(one.get("page", "1")), LAST_PAGE)
    with desk.db.read() as session:
        found = answer(session, visit.person.org_id, wanted, visit.today, page=page)
        refused = _refused(session, visit, tried.refused) if tried else []
    kept = query_of(view, wanted)
    pages = _Pages(
        found.found.page,
        found.found.size,
        min(found.found.total, LAST_PAGE * found.found.size),
        "/pool",
        {},
        kept,
    )
    if pages.beyond and status == 200:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "pool.html", visit.words, status=status, visit=visit, view=view, views=VIEWS, wanted=wanted,
        answer=found, facets=_facets(found, visit, view), pages=pages, kept=kept, tried=tried or Tried(), refused=refused,
        done=one.get("done", "") if one.get("done", "").isdigit() else "", words_of=pool_words, pool_names=POOL_NAMES,
        standings=STANDING_NAMES, sorts=[(name, visit.words.pick(*pool_words.SORT_NAMES[name])) for name in SORTS],
        pools=POOLS, form=form_fields(visit, tried.typed if tried else {}, tried.errors if tried else {}),
        export=urlencode(kept),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Pages(Pages):
    """Pages whose filters may hold a name several times."""

    kept: list[tuple[str, str]]

    def address(self, page: int) -> str:
        """Return the address of a page with the same filters."""
        return f"{self.path}?{urlencode([*self.kept, ('page', str(min(max(page, 1), self.count)))])}"


def _facets(found: Answer, visit: Visit, view: str) -> list[dict[str, Any]]:
    """Return the facets to show: those with more than one value, or something chosen."""
    shown = []
    for name, label in pool_words.FACET_NAMES.items():
        counts = found.found.facets[name]
        if (name == "in_pool" and view == "pool") or (
            len(counts) < 2 and not any(one.chosen for one in counts)
        ):
            continue
        top = [*counts[:MOST_VALUES], *(one for one in counts[MOST_VALUES:] if one.chosen)]
        shown.append({
            "name": name, "label": visit.words.pick(*label), "chosen": sum(one.chosen for one in counts),
            "more": max(0, len(counts) - len(top)),
            "counts": [(one, visit.words.pick(*pool_words.value_name(name, one.value))) for one in top],
        })  # fmt: skip
    return shown


def _refused(session: Any, visit: Visit, refused: Mapping[int, ActionError]) -> list[dict[str, Any]]:
    return [
        {
            "patent": get_patent(session, visit.person.org_id, patent_id),
            "unmet": error.unmet if isinstance(error, Refused) else (),
            "message": visit.words.pick(error.message, error.message_en),
        }
        for patent_id, error in refused.items()
        if error.kind != "missing"
    ]


def _profile(
    request: Request, desk: Desk, visit: Visit, patent_id: int, typed: Mapping[str, Any] | None = None, failed: str = "",
    errors: Mapping[str, str] | None = None, *, status: int = 200,
) -> Response:  # fmt: skip
    org = visit.person.org_id
    with desk.db.read() as session:
        patent = get_patent(session, org, patent_id)
        held = profile_of(session, org, patent_id)
        history, standings = history_of(session, org, patent_id), standings_of(session, org, patent_id)
        stocktakes = of_patent(session, org, patent_id)
    shown = {name: getattr(held, name) for name in FIELDS} | dict(typed or {})
    return desk.screens.page(
        request, "patent_profile.html", visit.words, status=status, visit=visit, patent=patent, profile=held,
        history=history, standings=standings, form=form_fields(visit, shown, errors or {}, patent.ipc),
        failed=visit.words(failed) if failed else "", saved="saved" in request.query_params, words_of=pool_words,
        pool_names=POOL_NAMES, standing_names=STANDING_NAMES, stocktakes=stocktakes, stocktake_states=STATES,
    )  # fmt: skip
