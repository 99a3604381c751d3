"""Tries the channels out: sends a real test message, or only looks whether a channel would work."""

from dataclasses import dataclass
from uuid import uuid4

from cases.mailing import Letter, render_letter, sample_sections
from cases.robots import RobotView, address_of
from cases.scope import Person
from cases.settings import SHANGHAI, Settings
from exchange.bounces import BounceProblem, look_into_mailbox
from exchange.delivering import Channels
from exchange.mail import MailProblem, MailSettings, Postman
from exchange.robots import Post, RobotProblem, send_post


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a channel: the other side's words, or in Chinese what is wrong."""

    channel: str
    ok: bool
    detail: str

    def as_json(self) -> dict[str, object]:
        """Return the JSON form for the command line."""
        return {"channel": self.channel, "ok": self.ok, "detail": self.detail}


def try_mail(channels: Channels, to: str, name: str) -> Trial:
    """Send a test letter to one address."""
    sections = sample_sections(channels.clock().astimezone(SHANGHAI).date())
    html, text = render_letter(channels.settings, name, sections[0].subject, sections, "", "", "")
    domain = channels.settings.smtp_from.rpartition("@")[2] or "panhuo.invalid"
    letter = Letter(to, "【盘活】测试邮件", html, text, f"<panhuo.test.{uuid4()}@{domain}>")
    try:
        return Trial("mail", True, channels.postman.send(letter))
    except MailProblem as problem:
        return Trial("mail", False, problem.message)
    finally:
        channels.postman.close()


def try_robot(channels: Channels, robot: RobotView, by: Person) -> Trial:
    """Post a test message to a robot."""
    channel = f"robot:{robot.id}"
    with channels.db.read() as session:
        address = address_of(session, robot.id)
    if address is None:
        return Trial(channel, False, "本机没有该群机器人的地址（可能由备份恢复），请重新添加")
    line = {"title": f"测试消息，由{by.name}发送", "note": "收到即表示该渠道可用，无需回复"}
    content = Post("测试消息", (line,), f"{channels.settings.base_url}/messages", f"test:{uuid4()}")
    allowed = channels.settings.allow_local_webhooks
    try:
        told = send_post(address, content, channels.clock(), allow_local=allowed, hand=lambda: None)
    except RobotProblem as problem:
        return Trial(channel, False, problem.message)
    return Trial(channel, True, told)


def look_at_mail(settings: Settings, seconds: float = 5.0) -> Trial:
    """Connect to the mail server and sign in; send nothing."""
    wanted = MailSettings.of(settings)
    postman = Postman(
        MailSettings(
            wanted.host, wanted.port, wanted.user, wanted.password, wanted.starttls, wanted.sender, wanted.tls,
            wanted.ca, seconds,
        )
    )  # fmt: skip
    try:
        postman.look()
    except MailProblem as problem:
        return Trial("mail", False, problem.message)
    finally:
        postman.close()
    return Trial("mail", True, f"{wanted.host}:{wanted.port}")


def look_at_bounces(settings: Settings, seconds: float = 5.0) -> Trial:
    """Sign in to the mailbox for letters that came back; read nothing."""
    try:
        look_into_mailbox(settings, seconds)
    except BounceProblem as problem:
        return Trial("bounces", False, f"{problem}")
    return Trial("bounces", True, f"{settings.bounce_host}:{settings.bounce_port}")
