"""The product beside other engines: `cases.advance`, with every gate, the hash chain and the deadlines."""

import sys
from datetime import date
from pathlib import Path

from bench.advance import settle
from bench.engines.candidates.protocol import NOW, run
from cases.advance import advance
from cases.db import Database
from cases.schema import upgrade
from cases.trail import verify


def main() -> None:
    """Run."""
    db = Database(f"sqlite:///{Path(sys.argv[1])}", synchronous=sys.argv[2])
    upgrade(db)
    office = settle(db, int(sys.argv[3]))

    def take(case_id: int, event: str, _name: str, payload: dict[str, str], on: date) -> None:
        advance(db, case_id, event, office.person, payload, expected_version=None, today=on, now=NOW)

    run(office.case, take, int(sys.argv[3]))
    with db.read() as session:
        if verify(session).breaks:
            raise SystemExit("the record does not verify")
    db.dispose()


main()
