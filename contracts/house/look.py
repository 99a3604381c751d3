"""How the papers of an institution look: the values of its `house.toml`, checked.

In: the values of the file. Out: a frozen `Look`. Lengths are millimetres, sizes points. Nothing here reads a file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from rules.pack_faults import refused

PLACES = ("way", "year", "serial", "case")
_PLACE = re.compile(r"\{([^{}]*)\}")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_SPEC = re.compile(r"(?:0[1-9])?")
_LOGO = re.compile(r"[\w-]{1,60}\.(?:png|jpg|jpeg)", re.IGNORECASE)
LONGEST_NUMBER = 60


def _color(value: str) -> str:
    if not _COLOR.fullmatch(value):
        raise refused("颜色应写成 #1a3c6e 的形式", "a color is written like #1a3c6e")
    return value.lower()


def _pattern(value: str) -> str:
    """Check a pattern of contract numbers, for instance `JZUT-{way}-{year}-{serial:03}`.

    Raises: a pydantic error naming the place that does not exist.
    """
    if not value:
        return value
    names = []
    for inner in _PLACE.findall(value):
        name, _, spec = inner.partition(":")
        if name not in PLACES:
            raise refused(
                f"编号规则中没有 {{{inner}}}，可用的有 {{way}}、{{year}}、{{serial}}、{{case}}", f"no {inner}"
            )
        if not _SPEC.fullmatch(spec) or (spec and name != "serial"):
            raise refused(
                f"{{{inner}}} 的位数写法有误，流水号补零写成 {{serial:03}}", f"bad width in {inner}"
            )
        names.append(name)
    if "{" in _PLACE.sub("", value) or "}" in _PLACE.sub("", value):
        raise refused("花括号没有成对", "braces do not match")
    if "serial" not in names and "case" not in names:
        raise refused("编号规则中须有 {serial} 或 {case}，否则编号会重复", "numbers would repeat")
    return value


def _logo(value: str) -> str:
    if value and not _LOGO.fullmatch(value):
        raise refused(
            "徽标须为本文件夹内的 png 或 jpg 图片，只写文件名", "a picture of this folder, by its name"
        )
    return value


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Head(_Part):
    """What the folder is: a name for people, and a version that papers made with it can be told by."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    version: Annotated[str, Field(min_length=1, max_length=20)]


class Letterhead(_Part):
    """The head of the institution's own papers: names, up to three lines, a logo. Official forms never bear it."""

    name: Annotated[str, Field(max_length=40)] = ""
    name_en: Annotated[str, Field(max_length=80)] = ""
    lines: Annotated[tuple[Annotated[str, Field(max_length=60)], ...], Field(max_length=3, strict=False)] = ()
    logo: Annotated[str, AfterValidator(_logo)] = ""
    papers: Annotated[tuple[str, ...], Field(strict=False)] = ()


class Numbering(_Part):
    """How contracts are numbered; the officer is shown the next number and may type another."""

    contract: Annotated[str, Field(max_length=LONGEST_NUMBER), AfterValidator(_pattern)] = ""


class Margins(_Part):
    """The margins of a page in millimetres."""

    top: Annotated[int, Field(ge=15, le=45)] = 28
    right: Annotated[int, Field(ge=15, le=40)] = 25
    bottom: Annotated[int, Field(ge=15, le=40)] = 24
    left: Annotated[int, Field(ge=15, le=40)] = 28


class Styles(_Part):
    """Type and page of contracts."""

    body: Literal["song", "fangsong"] = "song"
    headings: Literal["hei", "song"] = "hei"
    size_tenth_pt: Annotated[int, Field(ge=95, le=140)] = 110
    line_percent: Annotated[int, Field(ge=130, le=220)] = 162
    accent: Annotated[str, AfterValidator(_color)] = "#000000"
    margins: Margins = Margins()


class Look(_Part):
    """Everything that `house.toml` may say."""

    house: Head
    letterhead: Letterhead = Letterhead()
    numbering: Numbering = Numbering()
    styles: Styles = Styles()


@dataclass(frozen=True, slots=True)
class House:
    """What the folder of a house holds. `texts` are its clause texts by path, `digest` covers every file."""

    name: str
    look: Look
    logo: bytes | None = field(default=None, repr=False)
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)
    digest: str = ""


def contract_number(pattern: str, *, way: str, year: int, serial: int, case: str) -> str:
    """Fill a pattern of contract numbers that has been checked.

    `way` is the short sign of the conversion mode, `serial` counts contracts of the year from 1.
    """

    def fill(found: re.Match[str]) -> str:
        name, _, spec = found[1].partition(":")
        values = {"way": way, "year": f"{year}", "serial": f"{serial:{spec}d}", "case": case}
        return values[name]

    return _PLACE.sub(fill, pattern)
