"""The rulebook: every rule the institution works under, with its versions, its source and how well that is known."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.errors import NotFound
from desk.answers.rulebook import used_in
from desk.web import labels
from desk.web.books import Entry, Narrowing, book_of_visit, book_with, entries, narrowed
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.paging import Pages, page_number
from desk.web.rule_values import tables_of
from rules.deadline_rule import DeadlineRule
from rules.subjects import SUBJECTS

router = APIRouter(prefix="/rules")
SIZE = 30


@router.get("")
def index(
    request: Request,
    desk: DeskArg,
    visit: VisitArg,
    q: str = "",
    subject: str = "",
    confidence: str = "",
    layer: str = "",
    page: str = "1",
) -> Response:
    """List the rules, by subject."""
    words = visit.words
    book = book_of_visit(desk, visit)
    every = entries(book, visit.today)
    to = Narrowing(
        q=q[:100],
        subject=subject if subject in {one.key for one in SUBJECTS} else "",
        confidence=confidence if confidence in labels.CONFIDENCE else "",
        layer=layer if layer in {pack.name for pack in book.packs} else "",
    )
    found = narrowed(every, to)
    number = page_number(page)
    filters = {"q": to.q, "subject": to.subject, "confidence": to.confidence, "layer": to.layer}
    pages = Pages(number, SIZE, len(found), "/rules", filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    used = {one.subject.key for one in every}
    return desk.screens.page(
        request, "rules.html", words, visit=visit, rows=found[(number - 1) * SIZE : number * SIZE], pages=pages,
        filters=filters, unverified=sum(not one.rule.is_verified for one in every), total=len(every),
        subjects=[(one.key, words.pick(one.zh, one.en)) for one in SUBJECTS if one.key in used],
        confidences=[(key, words.pick(*label)) for key, label in labels.CONFIDENCE.items()],
        layers=[(pack.name, pack.title) for pack in book.packs],
        kinds={pack.name: pack.kind for pack in book.packs},
    )  # fmt: skip


@router.get("/{rule}")
def show(request: Request, desk: DeskArg, visit: VisitArg, rule: str) -> Response:
    """Show a rule: every version, the values that rest on it, and the cases it concerns."""
    own = book_of_visit(desk, visit)
    is_own = rule in own.versions or rule in own.aliases
    book = own if is_own else book_with(rule)
    if book is None:
        raise NotFound(
            f"规则库中没有“{rule[:40]}”，请在规则库中按名称查找",
            "there is no such rule in the rule packs",
        )
    canonical = book.aliases.get(rule, rule)
    if canonical != rule:
        return RedirectResponse(f"/rules/{canonical}", 303)
    one = next(entry for entry in entries(book, visit.today) if entry.rule.id == rule)
    return desk.screens.page(
        request, "rule.html", visit.words, visit=visit, one=one, versions=_versions(one), is_own=is_own,
        used_in=used_in(rule),
        titles={pack.name: pack.title for pack in book.packs}, tables=tables_of(book, rule, visit.words),
        modes=[visit.words.pick(*labels.of(labels.MODE, slug)) for slug in one.subject.modes],
    )  # fmt: skip


def _versions(one: Entry) -> list[dict[str, Any]]:
    """Return the versions, the newest first, each with how its date is counted if it gives one."""
    return [
        {"rule": rule, "timer": rule if isinstance(rule, DeadlineRule) else None}
        for rule in reversed(one.versions)
    ]
