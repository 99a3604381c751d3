"""Titles and words that an installation adds to a kind of sheet: `<PANHUO_HOME>/mappings/sheet-<kind>.toml`.

Needed where the columns of somebody else's system are not public, as the national platform's are not:

    [titles]                      # field = further titles of its column; the kind's own stay known
    outcome = ["处理情况"]
    [words.outcome]               # what is written there = the word of the kind that is meant
    "审结-同意" = "已采纳"
"""

import tomllib
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cases.errors import Invalid
from exchange.sheet_cells import CellError, Choice
from exchange.sheet_kind import Column, SheetKind


class SheetMapping(BaseModel):
    """What a mapping file says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    titles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    words: dict[str, dict[str, str]] = Field(default_factory=dict)


def mapped(kind: SheetKind, home: Path) -> SheetKind:
    """Return a kind with the titles and words of the installation's file, or as it is where there is none.

    Raises: Invalid naming file and place.
    """
    path = home / "mappings" / f"sheet-{kind.name}.toml"
    if not path.exists():
        return kind
    try:
        found = SheetMapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _wrong(path, f"无法读取：{error}") from error
    except ValidationError as error:
        told = "；".join(f"{'.'.join(map(str, one['loc']))} {one['msg']}" for one in error.errors())
        raise _wrong(path, told) from error
    fields = {column.field for column in kind.columns}
    if unknown := sorted({*found.titles, *found.words} - fields):
        raise _wrong(path, f"没有这些字段：{'、'.join(unknown)}。可用的字段：{'、'.join(sorted(fields))}")
    return replace(kind, columns=tuple(_column(column, found, path) for column in kind.columns))


def _column(column: Column, found: SheetMapping, path: Path) -> Column:
    words = found.words.get(column.field, {})
    if words and not isinstance(column.parse, Choice):
        raise _wrong(path, f"{column.label}没有选项，不能设置words")
    parse = column.parse
    if isinstance(parse, Choice) and words:
        try:
            parse = Choice({**parse.codes, **{word: parse(meant) for word, meant in words.items()}})
        except CellError as error:
            raise _wrong(path, error.reason) from error
    return replace(column, titles=(*column.titles, *found.titles.get(column.field, ())), parse=parse)


def _wrong(path: Path, told: str) -> Invalid:
    return Invalid(f"列名映射文件{path}有误：{told}", {}, f"the mapping file {path} is wrong")
