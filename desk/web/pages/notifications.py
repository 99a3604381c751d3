"""How one's messages were delivered and which are wanted by mail; and the link in a letter that ends its kind."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from cases.channel_health import COLOR, STATUS, address_of_person, deliveries_of
from cases.mailing import unsubscribing
from cases.subscriptions import KINDS, MODES, OWED_EN, OWED_ZH, choices, choose, unsubscribe
from cases.tokens import token_key
from desk.web.desk_state import DeskArg, VisitArg, WordsArg, address_of, now_of
from desk.web.pages.signin import guest_page
from desk.web.security import PostedArg

router = APIRouter()


@router.get("/my/notifications")
def show(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show what one gets by mail, and how one's messages were delivered."""
    words = visit.words
    with desk.db.read() as session:
        chosen = choices(session, visit.person)
        rows = deliveries_of(session, visit.person)
        address = address_of_person(session, visit.person)
    return desk.screens.page(
        request, "notifications.html", words, visit=visit, chosen=chosen, rows=rows, address=address,
        kind_names={kind: words.pick(*pair) for kind, pair in KINDS.items()},
        modes=[(mode, words.pick(*pair)) for mode, pair in MODES.items()],
        status_names={name: words.pick(*pair) for name, pair in STATUS.items()}, colors=COLOR,
        owed=words.pick(OWED_ZH, OWED_EN), mail_set=bool(desk.settings.smtp_host),
        saved="saved" in request.query_params,
    )  # fmt: skip


@router.post("/my/notifications")
def save(desk: DeskArg, visit: VisitArg, posted: PostedArg) -> Response:
    """Keep what one wants by mail."""
    wanted = {kind: posted.text(kind) for kind in KINDS if kind in posted.form}
    choose(desk.db, visit.person, wanted, visit.now)
    return RedirectResponse("/my/notifications?saved", 303)


@router.get("/unsubscribe/{token}")
def ask(request: Request, desk: DeskArg, words: WordsArg, token: str) -> Response:
    """Ask whether a kind of letter is to end; changes nothing, because programs open links, too."""
    return _answer(request, desk, words, token, done=False)


@router.post("/unsubscribe/{token}")
def end(request: Request, desk: DeskArg, words: WordsArg, token: str) -> Response:
    """End one kind of letter for one person: the signed link is all it takes, as RFC 8058 asks for one click.

    Raises: HTTPException 404 for a link that this installation did not sign.
    """
    return _answer(request, desk, words, token, done=True)


def _answer(request: Request, desk: DeskArg, words: WordsArg, token: str, *, done: bool) -> Response:
    request.app.state.visitors.count(address_of(request), now_of(request))
    found = unsubscribing(token_key(desk.db, now_of(request)), token)
    if found is None:
        raise HTTPException(404)
    org_id, user_id, kind = found
    if done:
        unsubscribe(desk.db, org_id, user_id, kind, now_of(request))
    return guest_page(
        request, desk, words, "unsubscribe.html", kind=words.pick(*KINDS[kind]), done=done,
        owed=words.pick(OWED_ZH, OWED_EN) if kind == "reminder" else "",
    )  # fmt: skip
