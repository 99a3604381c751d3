"""Logs: one line a happening, joined by request, and nothing personal in any of them, ours or Prefect's."""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.logs import KEPT, put_aside, set_up_logs
from cases.people import add_user
from cases.settings import ROOT, Settings
from cases.watching import Watching
from flows.environment import prefect_environment
from tests.cases.dump import execute
from tests.desk.conftest import Desk

MARKS = (
    "欧阳标记",
    "marked.person@secret-mail.example",
    "标记专利题名",
    "tok-MARKED-0123456789abcdefghij",
    "13800138000",
)


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Everything that this process logs, down to the finest level."""
    root, known = logging.getLogger(), logging.getLogger().handlers[:]
    level, stream = root.level, io.StringIO()
    set_up_logs(Watching(Path("/nowhere"), log_format="json"), stream, logging.DEBUG)
    yield stream
    root.handlers[:] = known
    root.setLevel(level)
    logging.captureWarnings(False)


def found_in(text: str) -> list[str]:
    return [mark for mark in MARKS if mark in text]


def events(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_pages_steps_and_failures_log_nothing_personal(desk: Desk, lines: io.StringIO) -> None:
    name, email, title, token, phone = MARKS
    browser = desk.browser()
    add_user(
        desk.world.db,
        desk.world.person("administrator"),
        login="marked",
        name=name,
        email=email,
        role="officer",
    )
    case_id = desk.world.case(title=title)
    for path in (
        f"/cases/{case_id}",
        f"/patents?q={name}",
        f"/nowhere/{title}",
        f"/sign-in/{token}",
        f"/feed/{token}.ics",
        f"/v/{token}",
    ):
        browser.get(path)
    browser.post("/companies/new", {"name": name, "phone": phone, "email": email})
    browser.post("/sign-in", {"login": email, "password": token})
    browser.post(f"/cases/{case_id}/steps/clear_title", {"checked_on": "2026-03-02", "evidence": title})
    for statement in (
        "ALTER TABLE company RENAME TO company_gone",
        "ALTER TABLE patent RENAME COLUMN title TO title_gone",
    ):
        execute(desk.world.db, statement)
    answers = [
        browser.post("/companies/new", {"name": name, "phone": phone, "email": email}),
        browser.get(f"/companies?q={name}"),
        browser.get(f"/patents?q={title}"),
        browser.get(f"/cases/{case_id}"),
    ]
    assert 500 in {answer.status_code for answer in answers}
    assert found_in(lines.getvalue()) == []
    failures = [event for event in events(lines) if event.get("error")]
    assert failures
    assert {event["request"] for event in failures} <= {answer.headers["x-request-id"] for answer in answers}


def test_exceptions_tell_kinds_and_places_but_no_values(lines: io.StringIO) -> None:
    name, email, *_ = MARKS
    secret_local = f"{name} {email}"
    try:
        try:
            int(secret_local)
        except ValueError as error:
            raise RuntimeError(f"cannot write {email} of {name}: Key (email)=({email})") from error
    except RuntimeError as error:
        logging.getLogger("panhuo.test").exception("failed with %s", error)
        logging.getLogger("other.library").error("sent to %s failed", email, exc_info=True)
    assert found_in(lines.getvalue()) == []
    first, second = events(lines)
    told = "\n".join(str(line) for line in first["error"])  # type: ignore[attr-defined]
    assert "builtins.RuntimeError: cannot write" in told
    assert "builtins.ValueError: invalid literal for int" in told
    assert f"{__file__}:" in told
    assert second["logger"] == "other.library"


def test_request_id_of_a_proxy_is_kept_only_if_it_is_one(desk: Desk) -> None:
    given = {"good": "0123456789abcdef", "bad": "x y"}
    answers = {
        kind: desk.guest().send("GET", "/healthz", headers={"X-Request-Id": value}).headers["x-request-id"]
        for kind, value in given.items()
    }
    assert answers["good"] == given["good"]
    assert (len(answers["bad"]), answers["bad"] != given["bad"]) == (16, True)


def test_failing_mail_logs_no_address(desk: Desk, lines: io.StringIO) -> None:
    logging.getLogger("panhuo.dispatch").warning(
        "outbox row %s failed: %s", 7, ConnectionRefusedError(111, MARKS[1])
    )
    assert found_in(lines.getvalue()) == []
    assert "outbox row 7 failed: builtins.ConnectionRefusedError" in lines.getvalue()


PREFECT = """
import logging, sys
from prefect.logging.configuration import setup_logging
setup_logging()
name, email = sys.argv[1:3]
def fail(secret):
    raise RuntimeError(f"cannot render for {secret}")
for logger in ("prefect.flow_runs", "prefect.server.api", "prefect.workers.process", "uvicorn.error", "root.other"):
    try:
        fail(email + name)
    except RuntimeError:
        for handler in logging.getLogger(logger).handlers:
            print(handler.format(logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info(), "levelname": "ERROR"})))
        record = logging.makeLogRecord({"name": logger, "msg": "Encountered exception: %s", "args": (sys.exc_info()[1],),
            "exc_info": sys.exc_info(), "levelno": 40, "levelname": "ERROR", "flow_run_id": "run-1"})
        logging.getLogger().handlers[0].emit(record)
"""


def test_prefects_own_logs_follow_the_same_rules(tmp_path: Path) -> None:
    environment = {**os.environ, **prefect_environment(Settings(tmp_path, ""))}
    command = [sys.executable, "-c", PREFECT, *MARKS[:2]]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    text = ran.stdout + ran.stderr
    assert found_in(text) == []
    assert text.count("builtins.RuntimeError: cannot render for") >= 5
    assert '"run": "run-1"' in text


def test_long_log_is_put_aside_while_it_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "worker.log"
    with path.open("ab", buffering=0) as writer:
        for number in range(6):
            writer.write(f"{number}".encode() * 100)
            assert put_aside(path, 99)
            assert not put_aside(path, 99)
        writer.write(b"end")
    assert path.read_bytes() == b"end"
    kept = [tmp_path / f"worker.log.{number}" for number in range(1, KEPT + 1)]
    assert [one.read_bytes()[:1] for one in kept] == [b"5", b"4", b"3"]
    assert len(list(tmp_path.iterdir())) == KEPT + 1
