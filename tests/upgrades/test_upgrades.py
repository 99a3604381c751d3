"""Records of earlier releases, frozen as SQL, under today's program: upgraded, verified, opened and brought back."""

import lzma
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlmodel import col, select

from bench.databases import fresh
from cases.db import Database
from cases.errors import NewerSchema
from cases.people import make_sign_in_link, sign_in_by_link
from cases.schema import current, differences, newest
from cases.settings import ROOT, Settings
from cases.tables import Case, User
from cases.trail import verify
from desk.web.app import create_app
from desk.web.desk_state import SESSION_COOKIE
from exchange.backup import restore
from exchange.upgrading import upgrade_record
from tests.cases.dump import dump, execute
from tests.desk.conftest import Browser
from tests.upgrades.freeze import MIDDLE, NOW

RELEASES = sorted((Path(__file__).parent / "releases").glob("*.sql.xz"))
REVISIONS = [path.name.split(".")[0] for path in RELEASES]


@contextmanager
def frozen(revision: str, kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """The record of an earlier release, as it was."""
    text = lzma.decompress((Path(__file__).parent / "releases" / f"{revision}.sql.xz").read_bytes()).decode()
    sqlite, _, postgres = text.partition(f"\n{MIDDLE}\n")
    if kind == "postgres":
        with fresh(request.getfixturevalue("postgres_server")) as db:
            execute(db, postgres.replace("%", "%%"))
            db.dispose()
            yield db
        return
    with sqlite3.connect(folder / "panhuo.db") as raw:
        raw.executescript(sqlite)
    raw.close()
    db = Database(f"sqlite:///{folder}/panhuo.db", synchronous="OFF")
    yield db
    db.dispose()


def both() -> list[object]:
    marked = pytest.mark.postgres
    return [
        *((r, "sqlite") for r in REVISIONS),
        *(pytest.param(r, "postgres", marks=marked) for r in REVISIONS),
    ]


def test_frozen_records_are_small_and_of_several_schemas() -> None:
    assert len(REVISIONS) >= 3
    assert sum(path.stat().st_size for path in RELEASES) < 150_000
    assert REVISIONS[0] == "0002"


@pytest.mark.parametrize(("revision", "kind"), both())
def test_record_of_an_earlier_release_is_upgraded_and_can_be_worked_with(
    revision: str, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    settings = Settings(tmp_path, "")
    with frozen(revision, kind, request, tmp_path) as db:
        with db.engine.connect() as connection:
            assert current(connection) == revision
        done = upgrade_record(db, settings, NOW, backup_to=tmp_path / "backups")
        assert (done.before, done.after, done.broken) == (revision, newest(), ())
        assert done.entries > 0
        assert (differences(db), done.backup is not None) == ([], revision != newest())
        after = dump(db)
        again = upgrade_record(db, settings, NOW, backup_to=tmp_path / "backups")
        assert (again.before, again.backup, dump(db)) == (newest(), None, after)
        if done.backup:  # of the old schema, brought to the newest on its way back
            other = Database(f"sqlite:///{tmp_path}/back.db", synchronous="OFF")
            restore(other, Settings(tmp_path / "back", ""), done.backup, NOW)
            assert dump(other, "session", "sign_in_link") == dump(db, "session", "sign_in_link")
            other.dispose()
        if kind == "sqlite":
            open_every_page(db, settings)


def open_every_page(db: Database, settings: Settings) -> None:
    """Open every page of every case as the officer."""
    with db.read() as session:
        officer = session.exec(select(User.id).where(User.role == "officer").order_by(col(User.id))).first()
        cases = session.exec(select(Case.id)).all()
    browser = Browser(create_app(settings, db))
    browser.app.state.clock = lambda: NOW
    signed = sign_in_by_link(db, make_sign_in_link(db, int(officer or 0), now=NOW), now=NOW)
    browser.cookies.set(SESSION_COOKIE, signed.token)
    assert cases
    for case_id in cases:
        links: set[str] = {f"/cases/{case_id}"}
        seen: set[str] = set()
        while links - seen:
            path = min(links - seen)
            seen.add(path)
            answer = browser.get(path)
            assert answer.status_code == 200, path
            links |= set(re.findall(rf'href="(/cases/{case_id}(?:/[a-z-]+)*)(?:[?#][^"]*)?"', answer.text))
        assert len(seen) > 5


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_record_of_a_newer_release_is_refused_and_kept(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with frozen(REVISIONS[0], kind, request, tmp_path) as db:
        execute(db, "UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(NewerSchema, match="9999"):
            upgrade_record(db, Settings(tmp_path, ""), NOW)
        with db.engine.connect() as connection:
            assert current(connection) == "9999"


SERVE = (
    "import sys\nfrom cases.db import Database\nfrom cases.schema import upgrade\n"
    "db = Database(sys.argv[1])\nupgrade(db)\ndb.dispose()\n"
)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_several_desks_that_start_at_once_upgrade_once(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with frozen(REVISIONS[0], kind, request, tmp_path) as db:
        address = db.url.render_as_string(hide_password=False)
        desks = [subprocess.Popen([sys.executable, "-c", SERVE, address], cwd=ROOT) for _ in range(4)]
        assert [desk.wait(120) for desk in desks] == [0] * 4
        assert differences(db) == []
        with db.read() as session:
            assert verify(session).breaks == ()


KILLED = (
    "import os, signal, sys\nfrom cases.db import Database\n"
    "from cases import schema\nseen = []\n"
    "def count(**step):\n    seen.append(step)\n    len(seen) < int(sys.argv[2]) or os.kill(os.getpid(), signal.SIGKILL)\n"
    "from alembic.runtime import environment\n"
    "configure = environment.EnvironmentContext.configure\n"
    "environment.EnvironmentContext.configure = lambda self, *a, **k: configure(self, *a, on_version_apply=count, **k)\n"
    "schema.upgrade(Database(sys.argv[1]))\n"
)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_upgrade_killed_in_the_middle_leaves_the_old_record_and_runs_again(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with frozen(REVISIONS[0], kind, request, tmp_path) as db:
        address = db.url.render_as_string(hide_password=False)
        for step in ("1", "4", "8"):
            done = subprocess.run([sys.executable, "-c", KILLED, address, step], cwd=ROOT, check=False)
            assert done.returncode == -signal.SIGKILL
            with db.engine.connect() as connection:
                assert current(connection) == REVISIONS[0]
        db.dispose()
        assert upgrade_record(db, Settings(tmp_path, ""), NOW).broken == ()
        assert differences(db) == []
