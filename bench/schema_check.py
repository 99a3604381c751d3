"""Do tables and migrations agree? `python -m bench.schema_check` exits non-zero if they differ.

Migrates an empty database, compares it with the tables and prints every difference, on SQLite and on PostgreSQL
(PANHUO_TEST_PG_URL, or a server started for the occasion; said aloud when neither is to be had).
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.databases import fresh, postgres
from cases.db import Database
from cases.schema import differences, upgrade


def agree(name: str, db: Database) -> bool:
    """Migrate a database, print what differs from the tables, and say whether nothing does."""
    upgrade(db)
    found = differences(db)
    print(f"{name}: {'tables and migrations agree' if not found else 'tables and migrations DIFFER'}")
    for difference in found:
        print(f"  {difference}")
    return not found


def main() -> int:
    """Check both databases; the exit code is 1 if anything differs."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        db = Database(f"sqlite:///{folder / 'check.db'}")
        answers = [agree("SQLite", db)]
        db.dispose()
        try:
            with postgres(folder) as address, fresh(address) as other:
                answers.append(agree("PostgreSQL", other))
        except ModuleNotFoundError:
            print("PostgreSQL: not checked, because no server is to be had (set PANHUO_TEST_PG_URL)")
    return 0 if all(answers) else 1


if __name__ == "__main__":
    sys.exit(main())
