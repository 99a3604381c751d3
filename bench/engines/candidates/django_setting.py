"""What both Django candidates share: settings, and a case with one patent as models."""

import sys

import django
from django.conf import settings

NAME, SYNCHRONOUS = sys.argv[1], sys.argv[2]


def configure(*apps: str) -> None:
    """Set Django up over the SQLite file of this run; every transaction takes the write lock at once."""
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": NAME,
                "CONN_MAX_AGE": None,
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={SYNCHRONOUS}; PRAGMA temp_store=MEMORY",
                },
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *apps],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        DEBUG=False,
    )
    django.setup()


def make_tables(*models: object) -> None:
    """Make the tables of the installed applications and of the models given."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as cursor:
        modes = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    if modes != ["wal", {"NORMAL": 1, "FULL": 2}[SYNCHRONOUS]]:
        raise SystemExit(f"not as durable as asked: {modes}")
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)


def make_officer() -> object:
    """The officer who takes every step."""
    from django.contrib.auth.models import User

    return User.objects.create(username="officer", first_name="林知远")
