"""Where Prefect is and which database it keeps: by one setting each, and never the record's own database."""

import pytest

from cases.engine_place import EnginePlace, check_engine

RECORD = "postgresql://panhuo:p%40ss@db.example.cn/panhuo"
SQLITE = "sqlite:////var/lib/panhuo/panhuo.db"


@pytest.mark.parametrize(
    ("record", "given", "expected"),
    [
        (RECORD, "", ""),
        (RECORD, "panhuo_prefect", "postgresql+asyncpg://panhuo:p%40ss@db.example.cn/panhuo_prefect"),
        (RECORD, "postgresql://u@h/p", "postgresql+asyncpg://u@h/p"),
        (RECORD, "postgresql+asyncpg://u@h/p", "postgresql+asyncpg://u@h/p"),
        (SQLITE, "sqlite:////srv/prefect.db", "sqlite+aiosqlite:////srv/prefect.db"),
        (
            "postgresql://u@/panhuo?host=/run/pg",
            "prefect",
            "postgresql+asyncpg://u@/prefect?host=%2Frun%2Fpg",
        ),
    ],
)
def test_the_address_of_prefects_database_is_written_out(record: str, given: str, expected: str) -> None:
    assert check_engine(EnginePlace(database_url=given), record).database_url == expected


@pytest.mark.parametrize(
    ("record", "given"),
    [
        (RECORD, "panhuo"),
        (RECORD, "postgresql+asyncpg://another@db.example.cn:5432/panhuo"),
        ("postgresql://u@localhost/panhuo", "postgresql://u@127.0.0.1:5432/panhuo"),
        (SQLITE, "sqlite+aiosqlite:////var/lib/panhuo/../panhuo/panhuo.db"),
    ],
)
def test_the_records_own_database_is_refused(record: str, given: str) -> None:
    with pytest.raises(ValueError, match="是同一个数据库。Prefect 须使用自己的数据库"):
        check_engine(EnginePlace(database_url=given), record)


@pytest.mark.parametrize(
    ("record", "place", "told"),
    [
        (SQLITE, EnginePlace(database_url="panhuo_prefect"), "只写了库名，业务数据库须为 PostgreSQL"),
        (RECORD, EnginePlace(database_url="mysql://u@h/p"), "不支持 mysql"),
        (RECORD, EnginePlace(api_url="prefect.example.cn:4200"), "PANHUO_PREFECT_API_URL 应形如"),
        (
            RECORD,
            EnginePlace(api_url="http://h:4200/api"),
            "须在各台机器上设置同一个 PANHUO_PREFECT_PASSWORD",
        ),
        (RECORD, EnginePlace(host="0.0.0.0"), "须在各台机器上设置同一个 PANHUO_PREFECT_PASSWORD"),  # noqa: S104
        (SQLITE, EnginePlace(redis_url="redis://h"), "须同时把 PANHUO_PREFECT_DATABASE_URL 设为 PostgreSQL"),
    ],
)
def test_what_cannot_work_is_refused_by_the_name_of_the_setting(
    record: str, place: EnginePlace, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        check_engine(place, record)


def test_a_secret_is_no_part_of_what_is_printed() -> None:
    place = EnginePlace(password="hush", database_url="postgresql://u:hush@h/p", redis_url="redis://:hush@h")
    assert "hush" not in repr(place)
