"""Writes the letter with a personal link, and sends it; the link is made anew from its id and never stored."""

from functools import cache

from cases.mailing import Letter
from cases.rating_by_link import own_items
from cases.rating_links import Holder, holder_by_id, note_mailed
from cases.tokens import signed, token_key
from exchange.delivering import Channels
from exchange.mail import MailProblem
from templates import Environment, environment

GONE = "链接已失效、盘点已结束或没有电子邮箱，不再发送"
NOTHING = "没有待自评的专利，不再发送"
MOST_TITLES = 10


def deliver_link(channels: Channels, link_id: int) -> str:
    """Send the letter of a link and return what happened; nobody who has rated everything is written to.

    Raises: MailProblem if it should be tried again; the reason stands beside the link.
    """
    now = channels.clock()
    found = holder_by_id(channels.db, link_id, now)
    if found is None or not found[0].email:
        return GONE
    holder, secret = found
    titles = [item.title for item in own_items(channels.db, holder) if item.to_rate]
    if not titles:
        return NOTHING
    try:
        proof = channels.postman.send(_letter(channels, holder, secret, titles, link_id))
    except MailProblem as problem:
        note_mailed(channels.db, link_id, problem.message, now)
        if problem.fault in ("recipient", "refused"):
            return problem.message
        raise
    note_mailed(channels.db, link_id, "", now)
    return proof


def _letter(channels: Channels, holder: Holder, secret: str, titles: list[str], link_id: int) -> Letter:
    settings, now = channels.settings, channels.clock()
    subject = f"请自评专利：{holder.title}（{len(titles)}件，{holder.due_on.isoformat()}前）"
    values = {
        "holder": holder, "titles": titles[:MOST_TITLES], "more": max(0, len(titles) - MOST_TITLES), "count": len(titles),
        "subject": subject, "address": f"{settings.base_url}/rate/{secret}",
    }  # fmt: skip
    domain = settings.smtp_from.rpartition("@")[2] or "panhuo.invalid"
    mark = signed(token_key(channels.db, now), "rating-letter", link_id, f"{now:%Y%m%d}")
    return Letter(
        holder.email, f"【盘活】{subject}", _letters().get_template("mail/rating_link.html").render(**values),
        _letters().get_template("mail/rating_link.txt").render(**values), f"<panhuo.rate.{mark}@{domain}>",
        settings.smtp_from,
    )  # fmt: skip


@cache
def _letters() -> Environment:
    """Return the templates, compiled once a process."""
    return environment()
