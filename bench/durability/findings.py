"""What must hold after all the killing: the officers' log against the record, and the record against itself."""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import orjson
from sqlalchemy import text

from bench.durability.office import Office
from bench.durability.officers import Done, Log
from bench.durability.processes import living
from cases.db import Database
from cases.settings import Settings
from cases.stored_files import check_files
from cases.trail import verify

GRACE_SECONDS = 30.0


@dataclass
class Findings:
    """Violated invariants, and what was counted on the way."""

    broken: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)

    def check(self, what: str, wrong: Iterable[object]) -> None:
        """Note the first few of what is wrong."""
        found = list(wrong)
        if found:
            self.broken.append(f"{what}: {len(found)}, for example {found[:3]}")


def rows(db: Database, sql: str) -> list[tuple[object, ...]]:
    """Return the rows of a statement."""
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def waiting(db: Database) -> dict[str, int]:
    """Return what is still on its way; nothing is left when the product is quiet."""
    asked = {
        "outbox rows": "SELECT count(*) FROM outbox WHERE status IN ('pending', 'running')",
        "bulk runs": "SELECT count(*) FROM bulk_run WHERE status = 'running'",
        "bulk items": "SELECT count(*) FROM bulk_item WHERE status = 'waiting'",
    }
    return {name: count for name, sql in asked.items() if (count := int(str(rows(db, sql)[0][0])))}


def examine(office: Office, log: Log, settings: Settings, mails: Counter[str]) -> Findings:
    """Check everything; the product is quiet, or has been ended."""
    found = Findings()
    db = office.db
    found.check("answers that nobody should get", log.faults)
    found.check("still on its way", waiting(db).items())
    _check_steps(found, db, log)
    _check_openings(found, db, log)
    _check_papers(found, db, log)
    _check_files(found, db, log, settings)
    _check_imports(found, db, log)
    _check_bulk(found, db, log)
    _check_reminders(found, db, mails)
    found.check(
        "dead outbox rows", rows(db, "SELECT id, topic, attempts, error FROM outbox WHERE status = 'dead'")
    )
    with db.read() as session:
        verified = verify(session)
    found.check("breaks of the trail", verified.breaks)
    found.counted |= {"trail entries": verified.entries, "cases": verified.cases}
    return found


def _check_steps(found: Findings, db: Database, log: Log) -> None:
    """Hold the acknowledged steps against the trail: each once, and nothing in the trail that was not acknowledged."""
    stood = Counter(
        (int(str(case_id)), str(verb), str(key))
        for case_id, verb, key in rows(
            db, "SELECT case_id, verb, action_key FROM trail WHERE action_key IS NOT NULL"
        )
    )
    asked = Counter((one.case_id, one.about, f"api:{one.user_id}:{one.key}") for one in log.of("step"))
    found.check("acknowledged steps that the trail lacks", (asked - stood).keys())
    found.check("steps in the trail that nobody was told of", (stood - asked).keys())
    found.check("steps in the trail twice", [key for key, count in stood.items() if count > 1])
    found.check("steps answered under one key twice", [key for key, count in asked.items() if count > 1])
    lengths = "SELECT id, version, trail_seq FROM conversion_case WHERE version <> trail_seq"
    found.check("cases whose version is not the length of their trail", rows(db, lengths))
    found.counted["steps"] = len(asked)


def _check_openings(found: Findings, db: Database, log: Log) -> None:
    stood = Counter(
        (int(str(id_)), str(title))
        for id_, title in rows(db, "SELECT id, title FROM conversion_case WHERE title LIKE '新立案%'")
    )
    asked = Counter((int(one.answer["id"]), one.about) for one in log.of("open"))
    found.check("acknowledged openings that are not there", (asked - stood).keys())
    found.check("cases that nobody was told of", (stood - asked).keys())
    found.check("cases opened twice", [title for title, n in Counter(t for _, t in stood).items() if n > 1])
    found.counted["openings"] = len(asked)


def _check_papers(found: Findings, db: Database, log: Log) -> None:
    """Check that every paper that was asked for is ready, once."""
    papers = rows(db, "SELECT id, case_id, kind, version, status, error FROM document")
    found.check("papers that are not ready", [row for row in papers if row[4] != "ready"])
    asked = [int(one.answer["id"]) for one in log.of("document")]
    found.check("papers asked for that are not there", set(asked) - {row[0] for row in papers})
    found.check("two answers with one paper", [key for key, n in Counter(asked).items() if n > 1])
    packs = Counter(row[1] for row in papers if row[2] == "filing_pack")
    effects = "SELECT DISTINCT case_id FROM trail WHERE verb = 'take_effect'"
    took = {row[0] for row in rows(db, effects)}
    found.check("cases in effect without one filing pack", [id_ for id_ in took if packs[id_] != 1])
    renders = "SELECT payload FROM outbox WHERE topic = 'render'"
    twice = Counter(orjson.loads(str(row[0]))["document_id"] for row in rows(db, renders))
    found.check("papers asked of the outbox twice", [key for key, n in twice.items() if n > 1])
    found.counted |= {"papers": len(papers), "filing packs": len(took)}


def _check_files(found: Findings, db: Database, log: Log, settings: Settings) -> None:
    kept = {(row[0], row[1]) for row in rows(db, "SELECT case_id, sha256 FROM case_file")}
    asked = {(one.case_id, one.answer["sha256"]) for one in log.of("upload")}
    found.check("acknowledged uploads that are not there", asked - kept)
    found.check("uploads that nobody was told of", kept - asked)
    with db.read() as session:
        checked = check_files(session, settings.files)
    found.check("stored files that are gone or altered", checked.spoiled)
    found.check("files in the store that are not what their name says", half_files(settings.home / "files"))
    found.counted |= {"stored files": checked.files, "uploads": len(asked)}


def half_files(folder: Path) -> list[str]:
    """Return the files of a store that have another name than their content: leftovers and halves."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and path.name != sha256(path.read_bytes()).hexdigest()
    ]


def _check_imports(found: Findings, db: Database, log: Log) -> None:
    numbers = {str(row[0]) for row in rows(db, "SELECT application_no FROM patent")}
    lacking = [one.about for one in log.of("import") if not any(n.startswith(one.about) for n in numbers)]
    found.check("acknowledged imports whose patents are not there", lacking)
    unfinished = "SELECT id, status, message FROM import_run WHERE status NOT IN ('done', 'failed')"
    found.check("imports that run for ever", rows(db, unfinished))
    found.counted["imports"] = len(log.of("import"))


def _check_bulk(found: Findings, db: Database, log: Log) -> None:
    runs = {int(str(row[0])) for row in rows(db, "SELECT id FROM bulk_run")}
    asked = [int(one.answer["id"]) for one in log.of("bulk")]
    found.check("bulk runs that are not there", set(asked) - runs)
    found.check("bulk runs that nobody was told of", runs - set(asked))
    failed = "SELECT id, run_id, status, reason FROM bulk_item WHERE status NOT IN ('made', 'unchanged')"
    found.check("cases of bulk runs without a paper", rows(db, failed))
    found.counted["bulk runs"] = len(asked)


def _check_reminders(found: Findings, db: Database, mails: Counter[str]) -> None:
    """Check the ledger of reminders against messages, and messages against the letters that arrived."""
    ledger = rows(db, "SELECT id, message_id FROM reminder")
    found.check("reminders in no message", [row for row in ledger if row[1] is None])
    lines: Counter[int] = Counter()
    for _, body in (messages := rows(db, "SELECT id, lines FROM message WHERE kind = 'reminder'")):
        lines[len(orjson.loads(str(body)))] += 1
    told = rows(
        db,
        "SELECT message_id, deadline_id, rung, user_id FROM reminder "
        "WHERE channel = 'inbox' AND covered_by IS NULL",
    )
    by_message = Counter(row[0] for row in told)
    differ = [
        (id_, by_message[id_]) for id_, body in messages if len(orjson.loads(str(body))) != by_message[id_]
    ]
    found.check("messages whose lines are not their reminders", differ)
    found.check("reminders twice", [row for row, n in Counter(row[1:] for row in told).items() if n > 1])
    mails_due = rows(
        db,
        "SELECT d.message_id, d.status, m.mail_status, d.mail_id FROM delivery d "
        "JOIN message m ON m.id = d.message_id WHERE d.channel = 'mail'",
    )
    found.check("letters not sent", [row for row in mails_due if "sent" not in row[1:3]])
    sent = {str(mail_id or f"<panhuo-message-{id_}@panhuo.invalid>") for id_, _, _, mail_id in mails_due}
    found.check("letters that never arrived", sent - mails.keys())
    found.check("letters that nobody wrote", mails.keys() - sent)
    found.counted |= {
        "reminders": len(told), "letters": len(sent), "letters that came twice": sum(n - 1 for n in mails.values()),
    }  # fmt: skip


def leftovers(found: Findings, settings: Settings, temporary: Path) -> None:
    """Check what is left once everything was ended: processes, drafts of files, uploads."""
    found.check("processes left behind", still_living(settings.home).items())
    run = settings.home / "run"
    found.check("half status files", [path.name for path in run.glob("*.new")] if run.exists() else [])
    uploads = settings.home / "uploads"
    if uploads.exists():
        found.check("half uploads", [path.name for path in uploads.iterdir() if path.suffix != ".upload"])
    found.counted["scratch left in TMPDIR"] = sum(1 for _ in temporary.iterdir())


def still_living(home: Path) -> dict[int, str]:
    """Return the processes of a home that do not end within a while: a renderer finishes its page before it notices."""
    end = time.monotonic() + GRACE_SECONDS
    while (found := living(home)) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def acknowledged(done: Iterable[Done]) -> dict[str, int]:
    """Count what was acknowledged by its kind."""
    return dict(sorted(Counter(one.what for one in done).items()))
