"""Kills a process of its own at a chosen boundary: before a write, a commit, an fsync or a rename.

The child is a fork of the test. In it, and only there, the doors of the database drivers and of the disk count who
comes through; the product's code is as it is.
"""

import os
import signal
import sqlite3.dbapi2
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg

READING = ("SELECT", "PRAGMA", "BEGIN", "SHOW", "SET", "--")
NEVER = 1 << 40
ON_DISK = ("fsync", "replace", "link", "unlink", "rename")


def is_killed_at(boundary: int, act: Callable[[], object]) -> bool:
    """Do an action in a child that dies when so many boundaries were passed; False if it came to its end.

    Raises: AssertionError if the action failed of itself.
    """
    child = os.fork()
    if child == 0:
        _be_killed(Trap(boundary), act)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0, "the action failed before it was killed"
    return False


def boundaries_in(act: Callable[[], object]) -> int:
    """Do an action in a child, and return how many boundaries it passed.

    Raises: AssertionError if the action failed.
    """
    reading, writing = os.pipe()
    trap = Trap(NEVER)
    child = os.fork()
    if child == 0:
        _be_killed(trap, lambda: (act(), os.write(writing, str(NEVER - trap.left).encode())))
    os.close(writing)
    _, status = os.waitpid(child, 0)
    told = os.read(reading, 20)
    os.close(reading)
    assert os.WEXITSTATUS(status) == 0, "the action failed"
    return int(told)


@dataclass
class Trap:
    """Counts down."""

    left: int

    def tick(self, sql: object = "") -> None:
        """Die if this is the boundary; statements that only read are none."""
        if str(sql).lstrip().upper().startswith(READING):
            return
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1

    def before(self, door: Callable[..., Any], place: int | None) -> Callable[..., Any]:
        """Return a door that ticks first; `place` is where its statement stands among the arguments."""

        def passing(*given: Any, **named: Any) -> Any:
            self.tick(given[place] if place is not None else "")
            return door(*given, **named)

        return passing


def _be_killed(trap: Trap, act: Callable[[], object]) -> None:
    code = 1
    try:
        _set(trap)
        act()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _set(trap: Trap) -> None:
    """Put the trap at every door of this process."""

    class Cursor(sqlite3.Cursor):
        execute = trap.before(sqlite3.Cursor.execute, 1)
        executemany = trap.before(sqlite3.Cursor.executemany, 1)

    class Connection(sqlite3.Connection):
        commit = trap.before(sqlite3.Connection.commit, None)
        execute = trap.before(sqlite3.Connection.execute, 1)

        def cursor(self, factory: Any = None) -> Any:
            return super().cursor(factory or Cursor)

    doors: list[tuple[Any, str, Callable[..., Any]]] = [
        (sqlite3.dbapi2, "connect", partial(sqlite3.dbapi2.connect, factory=Connection)),
        (psycopg.Cursor, "execute", trap.before(psycopg.Cursor.execute, 1)),
        (psycopg.Cursor, "executemany", trap.before(psycopg.Cursor.executemany, 1)),
        (psycopg.Connection, "commit", trap.before(psycopg.Connection.commit, None)),
        *((os, name, trap.before(getattr(os, name), None)) for name in ON_DISK),
    ]
    for owner, name, door in doors:
        setattr(owner, name, door)
