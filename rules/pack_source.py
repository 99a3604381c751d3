"""A file of a rule pack as read: its text, its values, and the line of each.

In: the path of a TOML file. Out: a `Source`, or the fault that keeps it from being read. The only module of the
rules that reads files.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rules.pack_faults import Fault
from rules.pack_lines import Way, line_of, lines_of

FOLDER = Path(__file__).resolve().parent / "packs"
_EXACT = ("_fen", "_bp")
_AT = re.compile(r"^(?P<what>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$", re.DOTALL)
_UNREADABLE: Mapping[type[OSError], str] = {
    FileNotFoundError: "不存在",
    PermissionError: "没有读取的权限",
    IsADirectoryError: "是一个文件夹",
    NotADirectoryError: "路径有误",
}
_SYNTAX: tuple[tuple[str, str], ...] = (
    ("Cannot overwrite a value", "同一个字段写了两次，请删去一个"),
    ("Duplicate inline table key", "同一个字段写了两次，请删去一个"),
    ("Cannot declare", "同一个部分写了两次，请合并"),
    ("Expected '=' after a key", "字段名后面缺少半角等号"),
    ("Expected ']' at the end of a table", "部分名称的方括号没有写完整，应为 [名称] 或 [[名称]]"),
    ("Expected ']]' at the end of an array", "部分名称的方括号没有写完整，应为 [[名称]]"),
    ("Unclosed array", "列表没有写完整，缺少逗号或右方括号"),
    ("Unclosed inline table", "一行没有写完整，缺少逗号或右花括号"),
    ("Expected newline or end of document", "一行的内容之后有多余的文字，请检查引号和逗号"),
    ("Expected \"'\"", "文字的引号没有写完整"),
    ("Expected '\"'", "文字的引号没有写完整"),
    ("Unterminated string", "文字的引号没有写完整"),
    ("Illegal character", "文字中有换行或不可见字符，请检查引号是否成对、是否用了半角引号"),
    ("Found invalid character", "有不能使用的字符，请检查是否用了全角标点"),
    ("Invalid date or datetime", "日期不存在，请核对月份和日期"),
    ("Invalid value", "取值写法有误：文字须加半角引号，日期写成 2026-03-01"),
    ("Invalid statement", "这一行不是 字段 = 取值 的写法，请检查是否用了全角标点"),
    ("Invalid initial character", "字段名写法有误，请检查是否用了全角标点"),
    ("Unescaped '\\' in a string", "文字中的反斜杠须写成两个"),
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A file of a pack: `name` as it is shown, its text, and its values by section."""

    name: str
    text: str
    data: Mapping[str, Any]

    @cached_property
    def _lines(self) -> Mapping[Way, int]:
        return lines_of(self.text)

    def fault(self, way: Way, zh: str, en: str) -> Fault:
        """Return a fault at the line of a value, or of the nearest thing around it."""
        return Fault(self.name, line_of(self._lines, way), zh, en)


def files_of(layer: str) -> list[Path]:
    """Return the files of a layer: of a shipped pack, a file, or a folder. They need not exist."""
    if layer.endswith(".toml"):
        return [Path(layer)]
    folder = Path(layer) if "/" in layer else FOLDER / layer
    return sorted(folder.glob("*.toml")) if folder.is_dir() else [FOLDER / f"{layer}.toml"]


def read(path: Path) -> Source | Fault:
    """Read one file; return what is wrong with it if it is no UTF-8 TOML file."""
    name = path.relative_to(FOLDER).as_posix() if path.is_relative_to(FOLDER) else str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        why = _UNREADABLE.get(type(error), error.strerror or "")
        return Fault(name, 0, f"读不到这个文件（{why}），请检查规则包的名称或路径。", str(error))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Fault(name, line, "文件不是UTF-8编码，请另存为UTF-8编码的文本。", str(error))
    try:
        return Source(name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return _syntax_fault(name, text, str(error))


def inexact(value: Any, way: Way = ()) -> Iterator[tuple[Way, str, str]]:
    """Return the places of numbers that no rule may hold: broken ones anywhere, negative amounts and shares."""
    if isinstance(value, float):
        yield way, f"{value}是小数：金额写整数分，比例写基点（1%为100），请改正。", "a number with a fraction"
    elif isinstance(value, int) and value < 0 and str(way[-1]).endswith(_EXACT):
        yield way, f"{value}是负数：金额和比例不能小于零，请改正。", "a negative amount or share"
    elif isinstance(value, Mapping):
        for key, held in value.items():
            yield from inexact(held, (*way, key))
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from inexact(held, (*way, number))


def _syntax_fault(name: str, text: str, message: str) -> Fault:
    found = _AT.match(message)
    what = found["what"] if found else message
    line = int(found["line"]) if found and found["line"] else text.rstrip().count("\n") + 1
    said = next((zh for en, zh in _SYNTAX if what.startswith(en)), f"不符合TOML的写法（{what}）")
    return Fault(name, line, f"不是有效的TOML文件：{said}。", message)
