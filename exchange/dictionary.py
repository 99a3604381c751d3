"""The data dictionary of an export: every table and column, from the models themselves, and how to read the files."""

from collections.abc import Iterator, Sequence

import orjson
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Table
from sqlmodel import SQLModel

README = """盘活数据导出 · Panhuo data export

manifest.json      格式、数据库结构版本、导出时刻，每张表的列、行数和SHA-256
                   format, schema, moment, tables with columns, rows, SHA-256
tables/*.jsonl     每张表一个文件，每行一个JSON对象，UTF-8 · one file a table, one JSON object a line
csv/*.csv          同样的内容，供电子表格打开（选择导出时才有）；以“=”等开头的文字前加了单引号
                   the same for spreadsheets, if asked for
files/<sha256>     文件库中的原件，以其SHA-256命名 · stored files under their own SHA-256
dictionary.jsonl   每一列的说明：表、列、类型、可否为空、主键、引用 · every column: table, name, type, nullable, key, reference

日期为YYYY-MM-DD；时刻为ISO 8601、UTC；金额为整数“分”（列名以_fen结尾）；列表与结构为JSON文字。
Days are YYYY-MM-DD; moments ISO 8601 in UTC; amounts whole fen (columns ending in _fen); lists are JSON text.

恢复 · restore: panhuo restore FILE
"""


def docstrings() -> dict[str, str]:
    """Return what each model says of its table, by the table's name."""
    return {
        str(mapper.local_table.description): " ".join((mapper.class_.__doc__ or "").split())
        for mapper in SQLModel._sa_registry.mappers  # noqa: SLF001  the one place that knows all models
    }


def dictionary_of(tables: Sequence[Table]) -> Iterator[bytes]:
    """Yield one JSON line for each column of the tables, in their order."""
    told = docstrings()
    for table in tables:
        for column in table.columns:
            yield orjson.dumps(_told(table, column, told.get(table.name, ""))) + b"\n"


def _told(table: Table, column: "Column[object]", about: str) -> dict[str, object]:
    return {
        "table": table.name, "about": about, "column": column.name, "type": _type_of(column),
        "nullable": bool(column.nullable), "key": bool(column.primary_key),
        "refers_to": sorted(key.target_fullname for key in column.foreign_keys),
    }  # fmt: skip


_TYPES: tuple[tuple[type, str], ...] = (
    (Boolean, "boolean"), (DateTime, "moment (ISO 8601, UTC)"), (Date, "day (YYYY-MM-DD)"), (Integer, "integer"),
)  # fmt: skip


def _type_of(column: "Column[object]") -> str:
    return next((name for kind, name in _TYPES if isinstance(column.type, kind)), "text")
