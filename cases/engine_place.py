"""Where Prefect's server is, which database it keeps, and how it is reached: read from the settings, checked before use."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class EnginePlace:
    """What the settings say of Prefect. All empty: its server runs beside the desk, for this machine alone.

    `host` is where a server started here listens; `api_url` where an already running one is found; `password` is shared by
    the server and all who ask it; `redis_url` joins several servers into one.
    """

    host: str = LOOPBACK
    api_url: str = ""
    password: str = field(default="", repr=False)
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)

    @property
    def is_elsewhere(self) -> bool:
        """Whether the server is started by somebody else."""
        return bool(self.api_url)


def check_engine(place: EnginePlace, record_url: str) -> EnginePlace:
    """Return a place that can be used, with the address of Prefect's own database written out.

    A bare name stands for a database of that name on the record's own PostgreSQL server.

    Raises: ValueError naming the variable that is wrong, and how to put it right.
    """
    if place.api_url and urlsplit(place.api_url).scheme not in ("http", "https"):
        raise ValueError(
            f"PANHUO_PREFECT_API_URL 应形如 http://prefect.example.cn:4200/api，不能是 {place.api_url!r}"
        )
    if not place.password and (place.api_url or place.host != LOOPBACK):
        raise ValueError(
            "Prefect 服务不只供本机使用时，须在各台机器上设置同一个 PANHUO_PREFECT_PASSWORD（或 PANHUO_PREFECT_PASSWORD_FILE）"
        )
    url = _database(place.database_url, record_url)
    if place.redis_url and (url is None or url.get_backend_name() != "postgresql"):
        raise ValueError(
            "PANHUO_PREFECT_REDIS_URL 用于多个 Prefect 服务，须同时把 PANHUO_PREFECT_DATABASE_URL 设为 PostgreSQL 数据库"
        )
    told = url.render_as_string(hide_password=False) if url is not None else ""
    api_url = place.api_url.rstrip("/")
    return EnginePlace(place.host, api_url, place.password, told, place.redis_url)


def _database(text: str, record_url: str) -> URL | None:
    if not text:
        return None
    try:
        record = make_url(record_url)
        url = record.set(database=text) if "://" not in text else make_url(text)
    except ArgumentError as error:
        raise ValueError("PANHUO_PREFECT_DATABASE_URL 不是有效的数据库地址") from error
    if "://" not in text and record.get_backend_name() != "postgresql":
        raise ValueError(
            f"PANHUO_PREFECT_DATABASE_URL={text!r} 只写了库名，业务数据库须为 PostgreSQL；否则请写完整地址"
        )
    if _same(url, record):
        raise ValueError(
            "PANHUO_PREFECT_DATABASE_URL 与 PANHUO_DATABASE_URL 是同一个数据库。Prefect 须使用自己的数据库，"
            "例如在同一 PostgreSQL 中新建 panhuo_prefect（createdb panhuo_prefect）后，设为 panhuo_prefect"
        )
    drivers = {"postgresql": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}
    kind = url.get_backend_name()
    if kind not in drivers:
        raise ValueError(f"PANHUO_PREFECT_DATABASE_URL 只支持 PostgreSQL 和 SQLite，不支持 {kind}")
    return url.set(drivername=drivers[kind])


def _same(one: URL, other: URL) -> bool:
    """Say whether two addresses are of one database; several hosts of one name are not looked up."""
    if one.get_backend_name() != other.get_backend_name():
        return False
    if one.get_backend_name() == "sqlite":
        return Path(one.database or "").resolve() == Path(other.database or "").resolve()
    return _placed(one) == _placed(other)


def _placed(url: URL) -> tuple[str, int, str]:
    host = str(url.host or url.query.get("host") or "localhost")
    local = {"localhost", "127.0.0.1", "::1"}
    return "localhost" if host in local else host, url.port or 5432, url.database or ""
