"""The base library of patents."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases import desk_queries
from cases.patents import colleges, get_patent, list_patents
from desk.web import labels
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.paging import Pages, page_number

router = APIRouter(prefix="/patents")


@router.get("")
def index(
    request: Request,
    desk: DeskArg,
    visit: VisitArg,
    q: str = "",
    status: str = "",
    kind: str = "",
    college: str = "",
    page: str = "1",
) -> Response:
    """List the patents."""
    q, college = q[:100], college[:100]
    status = status if status in labels.PATENT_STATUS else ""
    kind = kind if kind in labels.PATENT_KIND else ""
    with desk.db.read() as session:
        found = list_patents(
            session,
            visit.person.org_id,
            q=q,
            status=status,
            kind=kind,
            college=college,
            page=page_number(page),
        )
        every = colleges(session, visit.person.org_id)
    filters = {"q": q, "status": status, "kind": kind, "college": college}
    pages = Pages(found.page, found.size, found.total, "/patents", filters)
    if pages.beyond:
        return RedirectResponse(pages.address(pages.count), 303)
    return desk.screens.page(
        request, "patents.html", visit.words, visit=visit, rows=found.rows, pages=pages, filters=filters,
        colleges=every,
        statuses=[(slug, visit.words.pick(*label)) for slug, label in labels.PATENT_STATUS.items()],
        kinds=[(slug, visit.words.pick(*label)) for slug, label in labels.PATENT_KIND.items()],
    )  # fmt: skip


@router.get("/{patent_id}")
def show(request: Request, desk: DeskArg, visit: VisitArg, patent_id: int) -> Response:
    """Show a patent, the cases it is in and the import it came with."""
    org = visit.person.org_id
    with desk.db.read() as session:
        patent = get_patent(session, org, patent_id)
        cases = desk_queries.cases_of_patent(session, org, patent_id)
        source = desk_queries.import_of(session, org, patent.import_id) if patent.import_id else None
    return desk.screens.page(
        request, "patent.html", visit.words, visit=visit, patent=patent, cases=cases, source=source
    )
