"""通知渠道: how each channel fares, what failed and came back, group robots, and trying them out."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from cases.bouncing import forget_bounces
from cases.channel_health import COLOR, STATUS, addresses_of, health_of, send_again, troubles_of
from cases.errors import ActionError, Invalid
from cases.robots import PLATFORMS, add_robot, robot_of, robots_of, set_robot_active
from cases.subscriptions import KINDS
from desk.web.desk_state import Desk, DeskArg, Visit
from desk.web.security import AdministratorArg, ChangingArg
from exchange.channel_trials import Trial, try_mail, try_robot
from exchange.delivering import Channels
from exchange.mail import MailSettings, Postman
from exchange.robots import RobotProblem, address_from, masked

router = APIRouter(prefix="/admin/channels")


@router.get("")
def show(request: Request, desk: DeskArg, visit: AdministratorArg) -> Response:
    """Show the channels."""
    return _page(request, desk, visit)


@router.post("/mail/test")
def test_mail(request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg) -> Response:
    """Send a test letter, to the administrator unless another address is typed; show what came of it."""
    to = posted.text("to").strip() or visit.person.email
    return _page(request, desk, visit, trial=try_mail(_channels(desk, visit), to, visit.person.name))


@router.post("/robots")
def add(request: Request, desk: DeskArg, visit: AdministratorArg, posted: ChangingArg) -> Response:
    """Add a group robot; its whole address is never shown again."""
    typed = {name: posted.text(name) for name in ("platform", "name", "url")}
    try:
        address = address_from(typed["platform"], typed["url"], posted.text("secret"))
        add_robot(
            desk.db, visit.person, name=typed["name"], address=address, shown=masked(address),
            kinds=posted.texts("kind"), now=visit.now,
        )  # fmt: skip
    except RobotProblem as problem:
        return _page(request, desk, visit, status=422, typed=typed, failed=problem.message)
    except Invalid as invalid:
        return _page(request, desk, visit, status=422, typed=typed, failed=invalid.message)
    return RedirectResponse("/admin/channels?added#robots", 303)


@router.post("/robots/{robot_id}/test")
def test_robot(
    request: Request, desk: DeskArg, visit: AdministratorArg, robot_id: int, posted: ChangingArg
) -> Response:
    """Post a test message to a robot and show what came of it."""
    with desk.db.read() as session:
        robot = robot_of(session, visit.person.org_id, robot_id)
    return _page(request, desk, visit, trial=try_robot(_channels(desk, visit), robot, visit.person))


@router.post("/robots/{robot_id}/active")
def activate(desk: DeskArg, visit: AdministratorArg, robot_id: int, posted: ChangingArg) -> Response:
    """Stop a robot, or let it be sent to again."""
    set_robot_active(desk.db, visit.person, robot_id, posted.text("active") == "yes", visit.now)
    return RedirectResponse("/admin/channels#robots", 303)


@router.post("/deliveries/{delivery_id}/again")
def again(
    request: Request, desk: DeskArg, visit: AdministratorArg, delivery_id: int, posted: ChangingArg
) -> Response:
    """Queue what failed once more."""
    try:
        send_again(desk.db, visit.person, delivery_id, visit.now)
    except ActionError as error:
        if error.kind != "conflict":
            raise
        return _page(request, desk, visit, status=409, failed=error.message)
    return RedirectResponse("/admin/channels?again#troubles", 303)


@router.post("/addresses/{user_id}/usable")
def usable(desk: DeskArg, visit: AdministratorArg, user_id: int, posted: ChangingArg) -> Response:
    """Use a person's address again."""
    forget_bounces(desk.db, visit.person.org_id, user_id)
    return RedirectResponse("/admin/channels#addresses", 303)


def _channels(desk: Desk, visit: Visit) -> Channels:
    return Channels(desk.db, desk.settings, Postman(MailSettings.of(desk.settings)), lambda: visit.now)


def _page(
    request: Request,
    desk: Desk,
    visit: Visit,
    *,
    status: int = 200,
    trial: Trial | None = None,
    failed: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    org_id, words = visit.person.org_id, visit.words
    with desk.db.read() as session:
        told: dict[str, Any] = {
            "health": health_of(session, org_id, visit.now),
            "robots": robots_of(session, org_id),
            "troubles": troubles_of(session, org_id, visit.now),
            "addresses": addresses_of(session, org_id),
        }
    settings = desk.settings
    return desk.screens.page(
        request, "channels.html", words, status=status, visit=visit, trial=trial, failed=failed, typed=typed or {},
        mail_set=bool(settings.smtp_host), mail_server=f"{settings.smtp_host}:{settings.smtp_port}",
        mail_from=settings.smtp_from, kinds=[(kind, words.pick(*pair)) for kind, pair in KINDS.items()],
        kind_names={kind: words.pick(*pair) for kind, pair in KINDS.items()},
        platforms=[(slug, words.pick(*pair)) for slug, pair in PLATFORMS.items()],
        platform_names={slug: words.pick(*pair) for slug, pair in PLATFORMS.items()},
        status_names={name: words.pick(*pair) for name, pair in STATUS.items()}, colors=COLOR,
        added="added" in request.query_params, again="again" in request.query_params, **told,
    )  # fmt: skip
