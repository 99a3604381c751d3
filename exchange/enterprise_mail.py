"""Sends a letter to an enterprise, whose people are no users of the desk, and keeps what came of it beside the letter."""

from cases.enterprise_letters import Post, letter_to_send, note_failed, note_sent
from cases.mailing import Letter, Section, render_letter
from cases.settings import Settings
from cases.tokens import signed, token_key
from exchange.delivering import NOTHING_LEFT, Channels
from exchange.mail import MailProblem

PORTAL = "/enterprise"
PURPOSE = "enterprise-letter"


def send_enterprise_letter(channels: Channels, letter_id: int) -> str:
    """Send a letter that waits and return the mail server's words; one that was sent is not sent again.

    Raises: MailProblem if it should be tried again; the reason stands beside the letter.
    """
    post = letter_to_send(channels.db, letter_id)
    if post is None:
        return NOTHING_LEFT
    key = token_key(channels.db, channels.clock())
    letter = letter_of(channels.settings, key, post)
    try:
        proof = channels.postman.send(letter)
    except MailProblem as problem:
        note_failed(channels.db, letter_id, problem.message, channels.clock())
        if problem.fault in ("recipient", "refused"):
            return problem.message
        raise
    note_sent(channels.db, letter_id, proof, channels.clock())
    return proof


def letter_of(settings: Settings, key: bytes, post: Post) -> Letter:
    """Return the letter as it goes out; its links lead to the portal, where one signs in."""
    section = Section(post.subject, post.on.isoformat(), post.lines, 0)
    html, text = render_letter(
        settings, post.name, post.subject, (section,), "", "", post.institution, landing=PORTAL
    )
    domain = settings.smtp_from.rpartition("@")[2] or "panhuo.invalid"
    message_id = f"<panhuo.{signed(key, PURPOSE, post.id)}@{domain}>"
    return Letter(post.to, f"【{post.institution}】{post.subject}", html, text, message_id)
