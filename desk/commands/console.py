"""What every command shares: the language, JSON or text, exit codes, the record, and who acts.

Exit codes: 0 done, 1 a failure was found, 2 wrong usage, 3 missing, 4 forbidden, 5 conflict or refused,
6 invalid. With `--json` a failure is a problem object on standard output, in the shape of the REST API.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date, datetime

    from pydantic import BaseModel
    from sqlmodel import Session

    from cases.db import Database
    from cases.errors import ActionError
    from cases.scope import Person
    from cases.settings import Settings

FOUND_FAILURE = 1
USAGE = 2
EXIT_CODES: Mapping[str, int] = {"missing": 3, "forbidden": 4, "conflict": 5, "refused": 5, "invalid": 6}

TITLES: Mapping[str, str] = {
    "usage": "用法有误", "unreachable": "数据库不可用", "invalid": "填写有误", "failed": "操作失败",
}  # fmt: skip

Json = Annotated[bool, typer.Option("--json", help="以JSON输出 · print JSON")]
As = Annotated[
    str, typer.Option("--as", metavar="LOGIN", help="以该用户办理，默认PANHUO_LOGIN · act as this user")
]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="日期，默认今日 · the day, today by default")]
CaseName = Annotated[str, typer.Argument(metavar="CASE", help="案件编号，如ZH2026-00001 · case number")]


@dataclass
class Console:
    """How this process talks. One per process."""

    language: str = "zh"
    json: bool = False

    def pick(self, zh: str, en: str) -> str:
        """Return the text in the chosen language."""
        return zh if self.language == "zh" else en or zh


CONSOLE = Console()


class UsageProblem(Exception):
    """The command was not given what it needs."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class Unreachable(Exception):
    """The database cannot be used as it is; the texts say what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True)
class Desk:
    """The record as the commands use it."""

    db: "Database"
    settings: "Settings"

    def person(self, session: "Session", login: str) -> "Person":
        """Return who acts: the login, PANHUO_LOGIN, or the only one it can be.

        Raises: NotFound, UsageProblem; Forbidden for supervisors, whose command is another.
        """
        from cases.scope import check_reach  # noqa: PLC0415  start-up time

        found = self.anybody(session, login)
        check_reach(found.role, "")
        return found

    def anybody(self, session: "Session", login: str) -> "Person":
        """Return who acts, also a supervisor, for commands that are meant for one.

        Raises: NotFound, UsageProblem.
        """
        from cases.people import person_by_login  # noqa: PLC0415  start-up time

        chosen = login or os.environ.get("PANHUO_LOGIN", "") or _only_login(session)
        return person_by_login(session, chosen).through("command")

    def case(self, session: "Session", person: "Person", number: str) -> int:
        """Return the id of a case.

        Raises: NotFound.
        """
        from cases.views import case_id_of  # noqa: PLC0415  start-up time

        return case_id_of(session, person.org_id, clean(number))


def _only_login(session: "Session") -> str:
    from sqlmodel import col, select  # noqa: PLC0415  start-up time

    from cases.tables import User  # noqa: PLC0415  start-up time

    query = select(User.login, User.role).where(
        col(User.active), col(User.role).in_(("administrator", "officer"))
    )
    rows = session.exec(query.order_by(col(User.login)).limit(50)).all()
    if not rows:
        raise UsageProblem(
            "系统中还没有用户，请先运行：panhuo user add 用户名 --name 姓名 --role administrator --institution 单位名称",
            "there is no user yet; run: panhuo user add",
        )
    for wanted in (None, "administrator", "officer"):
        logins = [login for login, role in rows if wanted in (None, role)]
        if len(logins) == 1:
            return logins[0]
    names = "、".join(login for login, _ in rows[:10])
    raise UsageProblem(
        f"有多个用户可以办理，请用 --as 或环境变量 PANHUO_LOGIN 指明：{names}",
        f"say who acts with --as: {names}",
    )


@contextmanager
def open_desk() -> Iterator[Desk]:
    """Open the record of the settings; a new database gets its tables.

    Raises: Unreachable.
    """
    settings = settings_of()
    db = database_of(settings)
    try:
        _bring_up(db)
        yield Desk(db, settings)
    finally:
        db.dispose()


def settings_of() -> "Settings":
    """Read the settings.

    Raises: Unreachable naming the variable that is wrong.
    """
    from cases.settings import Settings  # noqa: PLC0415  start-up time

    try:
        return Settings.from_environment()
    except ValueError as error:
        raise Unreachable(f"环境变量设置有误：{error}", str(error)) from error


def database_of(settings: "Settings") -> "Database":
    """Return the database of the settings, not opened yet.

    Raises: Unreachable for an address that nobody can read.
    """
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415  start-up time

    from cases.db import Database  # noqa: PLC0415  start-up time

    try:
        return Database(settings.database_url)
    except ArgumentError as error:
        text = "PANHUO_DATABASE_URL不是有效的数据库地址，例如 sqlite:////var/lib/panhuo/panhuo.db"
        raise Unreachable(text, "PANHUO_DATABASE_URL is not an address") from error


def _bring_up(db: "Database") -> None:
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415  start-up time

    from cases.errors import NewerSchema  # noqa: PLC0415  start-up time
    from cases.schema import current, newest, revisions, upgrade  # noqa: PLC0415  start-up time

    try:
        with db.read() as session:
            revision = current(session.connection())
        if revision is None:
            upgrade(db)
            return
    except (OperationalError, OSError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise Unreachable(
            f"数据库无法打开（{reason}），请检查PANHUO_DATABASE_URL、PANHUO_HOME和磁盘权限",
            f"the database cannot be opened: {reason}",
        ) from error
    if revision not in revisions():
        raise NewerSchema(revision, str(newest()))
    if revision != newest():
        raise Unreachable(
            f"数据库结构版本为{revision}，程序需要{newest()}，请运行：panhuo upgrade（先备份，再升级）",
            f"the database is at {revision}, not at {newest()}; run: panhuo upgrade",
        )


@contextmanager
def guarded(as_json: bool) -> Iterator[None]:
    """Turn failures into messages and exit codes."""
    CONSOLE.json = as_json
    from cases.errors import ActionError  # noqa: PLC0415  start-up time
    from cases.files import StoreDown  # noqa: PLC0415  start-up time
    from rules.dates import DateError  # noqa: PLC0415  start-up time

    try:
        yield
    except ActionError as error:
        _tell_action(error)
        raise typer.Exit(EXIT_CODES[error.kind]) from error
    except DateError as error:
        tell_problem("invalid", 422, error.reason, str(error))
        raise typer.Exit(EXIT_CODES["invalid"]) from error
    except UsageProblem as error:
        tell_problem("usage", 400, error.zh, error.en)
        raise typer.Exit(USAGE) from error
    except StoreDown as error:
        tell_problem("unavailable", 503, error.message, error.message_en)
        raise typer.Exit(FOUND_FAILURE) from error
    except Unreachable as error:
        tell_problem("unreachable", 503, error.zh, error.en)
        raise typer.Exit(FOUND_FAILURE) from error


def _tell_action(error: "ActionError") -> None:
    if CONSOLE.json:
        from desk.api.problems import problem_of  # noqa: PLC0415  start-up time

        print_value(problem_of(error).model_dump(mode="json", exclude_none=True))
        return
    complain(CONSOLE.pick(error.message, error.message_en))
    unmet: Sequence[Any] = getattr(error, "unmet", ())
    for one in unmet:
        tell_unmet(one, complain)
    fields: Mapping[str, str] = getattr(error, "fields", {})
    for name, reason in fields.items():
        complain(f"  {name}：{reason}")


def tell_problem(kind: str, status: int, zh: str, en: str) -> None:
    """Print a failure that is not an action's."""
    if CONSOLE.json:
        head = {"type": f"urn:panhuo:problem:{kind}", "title": TITLES.get(kind, kind), "status": status}
        print_value({**head, "detail": zh, "detail_en": en})
    else:
        complain(CONSOLE.pick(zh, en))


def tell_unmet(unmet: Any, write: Any) -> None:
    """Print an unmet condition with its article and what would meet it."""
    what = CONSOLE.pick(unmet.what_zh, unmet.what_en)
    remedy = CONSOLE.pick(unmet.remedy_zh, unmet.remedy_en)
    law = f"〔{unmet.rule_id} {unmet.article}〕" if unmet.rule_id else ""
    write(f"  · {what}{law}")
    write(f"    {CONSOLE.pick('办法', 'remedy')}：{remedy}")


def say(zh: str, en: str = "") -> None:
    """Print a line for people."""
    typer.echo(CONSOLE.pick(zh, en))


def complain(text: str) -> None:
    """Print a line on standard error."""
    typer.echo(text, err=True)


def print_json(shape: "BaseModel") -> None:
    """Print a shape as JSON."""
    print_value(shape.model_dump(mode="json"))


def print_value(value: object) -> None:
    """Print a JSON value, in Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def clean(text: str) -> str:
    """Return an argument that the record can keep.

    Raises: UsageProblem for bytes that are not UTF-8 and for NUL.
    """
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise UsageProblem("参数中含有无法识别的字符，请使用UTF-8编码", "an argument is not UTF-8")
    return text


def day_of(text: str) -> "date | None":
    """Read a date argument; None if it was not given.

    Raises: DateError.
    """
    from rules.dates import parse_date  # noqa: PLC0415  start-up time

    return parse_date(clean(text)) if text else None


def now() -> "datetime":
    """Return the moment."""
    from datetime import UTC, datetime  # noqa: PLC0415  start-up time

    return datetime.now(UTC)


def today() -> "date":
    """Return the day in Asia/Shanghai."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415  start-up time

    return now().astimezone(ZoneInfo("Asia/Shanghai")).date()
