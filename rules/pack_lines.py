"""Where things stand in a TOML file: the line of each table, row and field.

`tomllib` gives values without places. In: the text of a file that `tomllib` has accepted. Out: a mapping from
the way to a value, as keys and indexes (`("rules", 3, "title")`), to its line, counted from 1.
"""

import re
from collections.abc import Mapping

Way = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_QUOTES = ('"""', "'''", '"', "'")
_STRINGS = {
    '"""': re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL),
    "'''": re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"'[^'\n]*'"),
}


def lines_of(text: str) -> Mapping[Way, int]:
    """Return the line of every table, array element and key of a valid TOML text."""
    return _Scanner(text).scan()


def line_of(lines: Mapping[Way, int], way: Way) -> int:
    """Return the line of a value, or of the nearest thing around it that is written down."""
    while way and way not in lines:
        way = way[:-1]
    return lines.get(way, 1)


class _Scanner:
    """Walks once over the text and notes where keys and elements begin."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted_to = 0
        self._lines: dict[Way, int] = {}
        self._lengths: dict[Way, int] = {}

    def scan(self) -> Mapping[Way, int]:
        prefix: Way = ()
        while self._skip_space() < len(self._text):
            if self._text.startswith("[", self._at):
                prefix = self._header()
            else:
                self._pair(prefix)
        return self._lines

    def _header(self) -> Way:
        """Read `[a.b]` or `[[a.b]]`; a name that is an array means its last element."""
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        start = self._at
        self._at += brackets
        self._skip_space()
        *outer, last = self._keys()
        self._skip_space()
        self._at += brackets
        way: Way = ()
        for key in outer:
            way = self._last_of((*way, key))
        way = (*way, last)
        if brackets == 1:
            way = self._last_of(way)
        else:
            number = self._lengths[way] = self._lengths.get(way, -1) + 1
            self._note(way, start)
            way = (*way, number)
        self._note(way, start)
        return way

    def _last_of(self, way: Way) -> Way:
        return (*way, self._lengths[way]) if way in self._lengths else way

    def _pair(self, prefix: Way) -> None:
        start = self._at
        way = prefix
        for key in self._keys():
            way = (*way, key)
            self._note(way, start)
        self._skip_space()
        self._at += 1  # the equals sign
        self._value(way)

    def _keys(self) -> list[str]:
        keys = []
        while True:
            quote = self._text[self._at]
            if quote in "\"'":
                keys.append(self._string()[1:-1])
            else:
                found = _BARE_KEY.match(self._text, self._at)
                keys.append(found[0] if found else "")
                self._at = found.end() if found else self._at + 1
            dot = _DOT.match(self._text, self._at)
            if dot is None:
                return keys
            self._at = dot.end()

    def _value(self, way: Way) -> None:
        self._skip_space()
        opening = self._text[self._at : self._at + 1]
        if opening == "[":
            self._array(way)
        elif opening == "{":
            self._inline_table(way)
        elif opening in ('"', "'"):
            self._string()
        else:
            found = _SCALAR.match(self._text, self._at)
            self._at = found.end() if found else len(self._text)

    def _array(self, way: Way) -> None:
        self._at += 1
        number = 0
        while not self._closed("]"):
            self._note((*way, number), self._at)
            self._value((*way, number))
            number += 1

    def _inline_table(self, way: Way) -> None:
        self._at += 1
        while not self._closed("}"):
            self._pair(way)

    def _closed(self, bracket: str) -> bool:
        """Go to the next element; say whether the bracket came instead."""
        self._skip_space()
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip_space()
        if self._at >= len(self._text) or self._text.startswith(bracket, self._at):
            self._at += 1
            return True
        return False

    def _string(self) -> str:
        quote = next(quote for quote in _QUOTES if self._text.startswith(quote, self._at))
        found = _STRINGS[quote].match(self._text, self._at)
        start = self._at
        self._at = found.end() if found else len(self._text)
        return self._text[start : self._at]

    def _skip_space(self) -> int:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _note(self, way: Way, at: int) -> None:
        self._line += self._text.count("\n", self._counted_to, at) if at >= self._counted_to else 0
        self._counted_to = max(self._counted_to, at)
        line = self._line if at == self._counted_to else self._text.count("\n", 0, at) + 1
        self._lines.setdefault(way, line)
