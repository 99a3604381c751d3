"""What each kind of outbox row asks for, as plain functions: Prefect wraps them, tests and cron call them.

Ids in, one action called, a short result out. No rule of law or money stands here. Each one is harmless when
repeated.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cases.db import Database
from cases.delivering import adopt
from cases.errors import NotFound
from cases.handing import check_known
from cases.notices import notify_approvers
from cases.outbox import Work
from cases.papers import filing_papers, render_document
from cases.registering import check_import
from cases.sending import slot_of
from cases.settings import Settings
from cases.stocktakes import fill_by_id
from contracts.pool import RenderPool
from exchange.delivering import Channels, deliver
from exchange.enterprise_mail import send_enterprise_letter
from exchange.mail import MailSettings, Postman
from exchange.rating_letters import deliver_link

Do = Callable[[Mapping[str, int], str], str]

NO_PAPERS = "案件已经结束，或者没有需要申报的材料"


@dataclass
class Workshop:
    """What the functions need: the record, the settings and renderers in processes of their own.

    Threads share the renderers; close the workshop to end them.
    """

    db: Database
    settings: Settings
    renderer: RenderPool
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    postman: Postman | None = None

    @property
    def channels(self) -> Channels:
        """What sending needs; connections to the mail server are kept for the next letter."""
        wanted = MailSettings.of(self.settings)
        if self.postman is None or self.postman.settings != wanted:
            self.postman = Postman(wanted)
        return Channels(self.db, self.settings, self.postman, self.clock)

    def close(self) -> None:
        """End the renderers and the connections."""
        self.renderer.close()
        if self.postman is not None:
            self.postman.close()


def render_pool(settings: Settings, fonts: Path | None = None) -> RenderPool:
    """Return renderers within the limits of the settings; their processes start on first use."""
    return RenderPool(
        fonts or settings.fonts, processes=settings.renderers, timeout=float(settings.render_seconds)
    )


def do_render(shop: Workshop, work: Mapping[str, int], flow_run_id: str = "") -> str:
    """Make one queued document."""
    return _rendered(shop, work["document_id"], flow_run_id)


def do_file_contract(shop: Workshop, work: Mapping[str, int], flow_run_id: str = "") -> str:
    """Make the signed contract, the official form and the filing pack of a case."""
    papers = filing_papers(shop.db, work["case_id"], shop.clock())
    return "；".join(_rendered(shop, document_id, flow_run_id) for document_id in papers) or NO_PAPERS


def _rendered(shop: Workshop, document_id: int, flow_run_id: str) -> str:
    return render_document(shop.db, shop.settings, shop.renderer, document_id, shop.clock(), flow_run_id)


def do_notify_approvers(shop: Workshop, work: Mapping[str, int], flow_run_id: str = "") -> str:
    """Tell the approvers that a case waits for them."""
    mail = bool(shop.settings.smtp_host)
    return notify_approvers(shop.db, work["case_id"], shop.clock(), mail=mail, seq=work.get("seq"))


def do_mail(shop: Workshop, work: Mapping[str, int], flow_run_id: str = "") -> str:
    """Send one message by e-mail."""
    return deliver(shop.channels, adopt(shop.db, work["message_id"], shop.clock()))


@contextmanager
def mail_line(shop: Workshop) -> Iterator[Do]:
    """Yield what sends messages one after another, over connections that end with the batch."""
    channels = shop.channels
    try:
        yield lambda work, _: deliver(channels, adopt(shop.db, work["message_id"], shop.clock()))
    finally:
        channels.postman.close()


def do_deliver(shop: Workshop, work: Mapping[str, int], flow_run_id: str = "") -> str:
    """Send what waits in the slot of a delivery: the letter of a day, the post of a group, or one thing again."""
    return deliver(shop.channels, slot_of(shop.db, work["delivery_id"]))


def do_enterprise_letter(shop: Workshop, work: Mapping[str, int], flow_run_id: str = "") -> str:
    """Send one letter to an enterprise."""
    return send_enterprise_letter(shop.channels, work["letter_id"])


def do_register(shop: Workshop, work: Mapping[str, int], flow_run_id: str = "") -> str:
    """Look through the patents of a finished import."""
    mail = bool(shop.settings.smtp_host)
    return f"{len(check_import(shop.db, work['import_id'], shop.clock(), mail=mail))}项需要关注"


def do_rating_link(shop: Workshop, work: Mapping[str, int], flow_run_id: str = "") -> str:
    """Send an inventor the personal link of a stocktake."""
    return deliver_link(shop.channels, work["link_id"])


def do_stocktake(shop: Workshop, work: Mapping[str, int], flow_run_id: str = "") -> str:
    """Take the patents of a new stocktake in."""
    return f"核对{fill_by_id(shop.db, work['stocktake_id'], shop.clock())}件专利"


TOPICS: dict[str, Callable[[Workshop, Mapping[str, int], str], str]] = {
    "render": do_render,
    "file_contract": do_file_contract,
    "notify_approvers": do_notify_approvers,
    "mail": do_mail,
    "deliver": do_deliver,
    "enterprise_letter": do_enterprise_letter,
    "register": do_register,
    "rating_link": do_rating_link,
    "stocktake": do_stocktake,
}


@contextmanager
def notice_line(shop: Workshop) -> Iterator[Do]:
    """Yield what tells approvers, case after case."""
    yield partial(do_notify_approvers, shop)


# Cheap topics, of which many rows are done in one run: what opens whatever they share and yields how one is done.
BATCHES: dict[str, Callable[[Workshop], AbstractContextManager[Do]]] = {
    "mail": mail_line,
    "notify_approvers": notice_line,
}


def perform(shop: Workshop, work: Work, flow_run_id: str = "") -> str:
    """Do what an outbox row asks for.

    Raises: NotFound if there is no such topic, or if what it is about is not there; whatever the action raises.
    """
    do = TOPICS.get(work.topic)
    if do is None:
        raise NotFound(
            f"此版本不支持任务类型“{work.topic}”，请升级后台服务后重试", f"unknown topic {work.topic}"
        )
    check_known(shop.db, work)
    return do(shop, work.payload, flow_run_id)
