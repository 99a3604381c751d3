"""Delivery notices as servers send them (RFC 3464), from a file and over IMAP.

The IMAP server is a stand-in written here: it speaks the few commands that reading a mailbox takes, over a real socket.
"""

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.bouncing import PURPOSE
from cases.delivering import queue_deliveries
from cases.settings import Settings
from cases.tokens import signed, token_key
from exchange.bounces import BounceProblem, notice_in, read_mailbox, take_notices
from tests.cases.dump import execute
from tests.cases.test_delivering import write_message
from tests.exchange.peers import free_port
from tests.world import NOW, World

NOTICE = """\
From: MAILER-DAEMON@mx.example.invalid
To: bounces@example.invalid
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.example.invalid.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.invalid

Final-Recipient: rfc822; officer@example.invalid
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <officer@example.invalid>: user unknown
--b1
Content-Type: {kind}

From: panhuo@example.invalid
Message-ID: <panhuo.{token}@example.invalid>
Subject: x

--b1--
"""


def notice(
    token: str, *, action: str = "failed", status: str = "5.1.1", kind: str = "message/rfc822"
) -> bytes:
    text = NOTICE.format(action=action, status=status, token=token, kind=kind)
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def token(world: World) -> str:
    """The mark of a letter that was sent."""
    with world.db.cursor() as cur:
        queue_deliveries(cur, write_message(cur, world), NOW, mail=True)
    execute(
        world.db,
        "UPDATE delivery SET status = 'sent', recipient = 'officer@example.invalid' WHERE channel = 'mail'",
    )
    return signed(token_key(world.db, NOW), PURPOSE, 2)


def state(world: World) -> tuple[str, str]:
    with world.db.cursor() as cur:
        row = cur.one("SELECT status, error FROM delivery WHERE channel = 'mail'")
    return str(row[0]), str(row[1])


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_letter_that_came_back_is_marked_once(world: World, token: str, kind: str) -> None:
    data = notice(token, kind=kind)
    assert take_notices(world.db, [data, data], NOW).as_json() == {
        "read": 2, "bounced": 1, "delayed": 0, "ignored": 1,
    }  # fmt: skip
    assert state(world) == ("bounced", "5.1.1 550 5.1.1 <officer@example.invalid>: user unknown")


def test_mark_in_the_address_is_enough(world: World, token: str) -> None:
    data = notice("0.x").replace(b"bounces@", f"bounces+{token}@".encode())
    assert take_notices(world.db, [data], NOW).bounced == 1


@pytest.mark.parametrize(
    ("action", "status", "outcome"),
    [
        ("delayed", "4.4.1", "sent"),
        ("failed", "4.4.7", "sent"),
        ("delivered", "2.0.0", "sent"),
        ("failed", "5.7.1", "bounced"),
    ],
)
def test_only_a_failure_for_good_is_a_bounce(
    world: World, token: str, action: str, status: str, outcome: str
) -> None:
    take_notices(world.db, [notice(token, action=action, status=status)], NOW)
    assert state(world)[0] == outcome


def test_forged_notices_change_nothing(world: World, token: str) -> None:
    forged = [
        notice(f"2.{'0' * 32}"),
        notice(token.replace("2.", "3.", 1)),
        notice(token).replace(b"message/delivery-status", b"text/plain"),
        f"To: bounces+{token}@example.invalid\r\nSubject: failed 5.1.1\r\n\r\nfailed".encode(),
        b"", b"\xff\xfe\x00", b"Content-Type: multipart/report; boundary=\r\n\r\n",
    ]  # fmt: skip
    assert take_notices(world.db, forged, NOW).ignored == len(forged)
    assert state(world)[0] == "sent"


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=400), place=st.integers(0, 1200))
def test_no_mail_of_strangers_stops_the_reader(data: bytes, place: int) -> None:
    whole = notice(f"2.{'0' * 32}")
    found = notice_in(whole[:place] + data + whole[place:])
    assert found is None or len(found.reason) <= 500
    assert notice_in(data) is None


@dataclass
class Mailbox:
    """What the stand-in holds: raw messages, and which of them were seen."""

    messages: list[bytes]
    seen: set[int] = field(default_factory=set)
    password: str = "right"  # noqa: S105  of nobody


@contextmanager
def imap_server(box: Mailbox) -> Iterator[int]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("* OK ready")
            while line := self.rfile.readline().decode().strip():
                tag, _, command = line.partition(" ")
                self.answer(command)
                failed = command.upper().startswith("LOGIN") and f'"{box.password}"' not in command
                self.say(f"{tag} NO wrong" if failed else f"{tag} OK done")
                if command.upper().startswith("LOGOUT"):
                    return

        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def answer(self, command: str) -> None:
            upper = command.upper()
            if upper.startswith("CAPABILITY"):
                self.say("* CAPABILITY IMAP4rev1")
            elif upper.startswith("SELECT"):
                self.say(f"* {len(box.messages)} EXISTS")
            elif upper.startswith("UID SEARCH"):
                unseen = [str(n) for n in range(1, len(box.messages) + 1) if n not in box.seen]
                self.say(f"* SEARCH {' '.join(unseen)}".rstrip())
            elif upper.startswith("UID FETCH"):
                for number in map(int, re.findall(r"\d+", command.split()[2])):
                    data = box.messages[number - 1]
                    self.say(
                        f"* {number} FETCH (UID {number} FLAGS () RFC822.SIZE {len(data)} BODY[] {{{len(data)}}}"
                    )
                    self.wfile.write(data + b")\r\n")
            elif upper.startswith("UID STORE"):
                box.seen |= set(map(int, re.findall(r"\d+", command.split()[2])))
            elif upper.startswith("LOGOUT"):
                self.say("* BYE")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


def at(tmp_path: Path, port: int, password: str = "right") -> Settings:  # noqa: S107  of nobody
    return Settings(
        home=tmp_path, database_url="", bounce_host="127.0.0.1", bounce_port=port, bounce_user="bounces",
        bounce_password=password, bounce_tls=False,
    )  # fmt: skip


def test_mailbox_is_read_and_what_is_not_ours_stays_unread(world: World, token: str, tmp_path: Path) -> None:
    box = Mailbox([b"Subject: hello\r\n\r\nhello\r\n", notice(token)])
    with imap_server(box) as port:
        reports = [read_mailbox(world.db, at(tmp_path, port), NOW).as_json() for _ in range(2)]
    assert reports == [
        {"read": 2, "bounced": 1, "delayed": 0, "ignored": 1}, {"read": 1, "bounced": 0, "delayed": 0, "ignored": 1},
    ]  # fmt: skip
    assert (box.seen, state(world)[0]) == ({2}, "bounced")


def test_mailbox_that_cannot_be_read_names_the_settings(world: World, tmp_path: Path) -> None:
    def reason(settings: Settings) -> str:
        with pytest.raises(BounceProblem) as caught:
            read_mailbox(world.db, settings, NOW)
        return str(caught.value)

    with imap_server(Mailbox([])) as port:
        wrong = reason(at(tmp_path, port, "wrong"))
    away = reason(at(tmp_path, free_port()))
    unset = reason(replace(at(tmp_path, 1), bounce_host=""))
    assert "PANHUO_BOUNCE_IMAP_PASSWORD" in wrong
    assert "PANHUO_BOUNCE_IMAP_HOST" in away
    assert unset == "尚未设置退信邮箱（PANHUO_BOUNCE_IMAP_HOST）"
