"""Metrics, readiness and alerts: numbers that are there, labels that are bounded, and nothing personal."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cases.reminders import remind
from cases.settings import ROOT, SHANGHAI
from cases.watching import Watching
from desk.web.app import create_app
from tests.cases.dump import execute
from tests.desk.conftest import Browser, Desk
from tests.world import settle

TOKEN = "0123456789abcdef-token"  # noqa: S105  a test's own
LINE = re.compile(r"^([a-z_]+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


def local(desk: Desk, path: str, **headers: str) -> "tuple[int, str]":
    """Ask as a program on this machine (the browsers of the tests come from 127.0.0.1)."""
    answer = Browser(desk.app).send("GET", path, headers=headers)
    return answer.status_code, answer.text


def value_of(text: str, name: str, *labels: str) -> float:
    found = [
        float(value)
        for known, told, value in LINE.findall(text)
        if known == name and all(one in told for one in labels)
    ]
    assert len(found) == 1, (name, labels, found)
    return found[0]


def walked(desk: Desk) -> str:
    browser = desk.browser()
    case_id = desk.world.case()
    for path in (
        f"/cases/{case_id}",
        "/cases",
        "/inbox",
        "/nowhere/张三/secret",
        f"/cases/{case_id}?q=林知远",
    ):
        browser.get(path)
    execute(
        desk.world.db,
        "INSERT INTO outbox (org_id, topic, key, payload, status, attempts, error, flow_run_id, created_at, available_at) "
        "VALUES (1, 'mail', 'x', '{}', 'dead', 6, '', '', '2026-03-01 00:00:00.000000', '2026-03-01 00:00:00.000000')",
    )
    status, text = local(desk, "/metrics")
    assert status == 200
    return text


def test_metrics_tell_how_the_desk_and_the_record_do(desk: Desk) -> None:
    text = walked(desk)
    assert value_of(text, "panhuo_request_seconds_count", 'route="/cases/{case_id}"', 'status="2xx"') == 2
    assert value_of(text, "panhuo_outbox_rows", 'topic="mail"', 'status="dead"') == 1
    assert [
        value_of(text, "panhuo_part_up", f'part="{part}"') for part in ("database", "schema", "files")
    ] == [1.0] * 3
    assert value_of(text, "panhuo_last_backup_timestamp_seconds") == 0
    assert value_of(text, "process_resident_memory_bytes") > 1e7


def test_sweep_counts_whoever_ran_it(desk: Desk) -> None:
    """`panhuo remind` by cron leaves no run in the ledger; the day up to which all were swept is true anyway."""
    db = desk.world.db
    other = settle(db, "清源学院", "b-").org_id
    entered = datetime(2026, 3, 2, tzinfo=SHANGHAI)
    name = "panhuo_swept_until_timestamp_seconds"
    assert value_of(local(desk, "/metrics")[1], name) == entered.timestamp()
    remind(db, date(2026, 5, 4), datetime(2026, 5, 4, tzinfo=UTC))
    execute(db, f"UPDATE reminder_sweep SET last_on = '2026-05-03' WHERE org_id = {other}")
    fresh = create_app(desk.settings, db)
    told = Browser(fresh).send("GET", "/metrics").text
    assert value_of(told, name) == datetime(2026, 5, 3, tzinfo=SHANGHAI).timestamp()


def test_metrics_hold_nothing_personal_and_few_labels(desk: Desk) -> None:
    text = walked(desk)
    personal = (
        "林知远",
        "张三",
        "锂电池",
        "启衡",
        "沧澜",
        "example.invalid",
        "ZH2026",
        "officer",
        "secret",
        "2020101000019",
    )
    assert [word for word in personal if word in text] == []
    routes = set(re.findall(r'route="([^"]*)"', text))
    assert all("{" in route or not re.search(r"\d", route) for route in routes)
    assert "(unknown)" in routes


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("", {}, 200),
        ("", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("", {"Via": "1.1 proxy"}, 404),
        (TOKEN, {}, 404),
        (TOKEN, {"Authorization": "Bearer wrong"}, 404),
        (TOKEN, {"Authorization": f"Bearer {TOKEN}"}, 200),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(
    desk: Desk, token: str, headers: dict[str, str], status: int
) -> None:
    watching = Watching(Path("/nowhere"), metrics_token=token)
    app = create_app(replace(desk.settings, watching=watching), desk.world.db)
    answer = Browser(app).send("GET", "/metrics", headers=headers)
    assert (answer.status_code, "panhuo_info" in answer.text) == (status, status == 200)


@pytest.mark.parametrize("broken", ["schema", "database", "files"])
def test_desk_that_cannot_work_is_not_ready_and_says_why_only_here(desk: Desk, broken: str) -> None:
    assert local(desk, "/readyz") == (200, '{"status":"ready"}')
    if broken == "schema":
        execute(desk.world.db, "UPDATE alembic_version SET version_num = '0001'")
    elif broken == "database":
        execute(desk.world.db, "DROP TABLE alembic_version")
        path = Path(str(desk.world.db.url.database))
        desk.world.db.dispose()
        path.write_bytes(b"this is no database" * 100)
        for name in ("-wal", "-shm"):
            Path(f"{path}{name}").unlink(missing_ok=True)
    else:
        shutil.rmtree(desk.settings.home / "files", ignore_errors=True)
        desk.settings.home.mkdir(exist_ok=True)
        (desk.settings.home / "files").write_text("a file where the folder should be")
    assert local(desk, "/readyz") == (503, f'{{"status":"unavailable","failing":["{broken}"]}}')
    assert local(desk, "/readyz", Via="1.1 proxy") == (503, '{"status":"unavailable"}')
    assert local(desk, "/healthz") == (200, '{"status":"ok"}')
    assert value_of(local(desk, "/metrics")[1], "panhuo_part_up", f'part="{broken}"') == 0


def _alerts() -> list[tuple[str, str]]:
    text = (ROOT / "deploy" / "prometheus-alerts.yml").read_text(encoding="utf-8")
    return re.findall(r"- alert: (\w+)\n +expr: (.+)", text)


def test_alerts_name_metrics_that_exist_and_the_runbook_tells_of_each(desk: Desk) -> None:
    text = walked(desk)
    known = {name for name, *_ in LINE.findall(text)} | {"up"}
    known |= set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    runbook = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert len(_alerts()) > 10
    for alert, expression in _alerts():
        named = set(re.findall(r"\b(?:panhuo|process)_[a-z_]+|\bup\b", expression))
        assert (bool(named), named - known) == (True, set()), alert
        assert f"### {alert}\n" in runbook
