"""The line of every table, row and field of a TOML file."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.pack_lines import Way, line_of, lines_of
from rules.packs import FOLDER

TEXT = '''# a comment with [brackets] and = signs
title = "a # b"
[pack]
name = 'x'   # trailing
"两 字".c = """
many
lines ]
"""
[[rules]]
id = "A"
also = [
  "B",  # a comment, with a comma
  "C",
]

[[rules]]
id = "D"
period.n = 3

[house]
rows = [
  { mode = "*", copies = 2, tags = ["}", ']'] },
  { mode = "x", when = 2026-03-01 },
]
[house.order]
price = ["title"]
[[house.bands]]
up = 1
[[house.bands]]
up = 2
[house.bands.who]
zh = "谁"
'''


@pytest.mark.parametrize(
    ("way", "line"),
    [
        (("title",), 2),
        (("pack",), 3),
        (("pack", "name"), 4),
        (("pack", "两 字", "c"), 5),
        (("rules", 0), 9),
        (("rules", 0, "also"), 11),
        (("rules", 0, "also", 1), 13),
        (("rules", 1), 16),
        (("rules", 1, "period", "n"), 18),
        (("house", "rows", 0), 22),
        (("house", "rows", 0, "tags", 1), 22),
        (("house", "rows", 1, "when"), 23),
        (("house", "order", "price", 0), 26),
        (("house", "bands", 0), 27),
        (("house", "bands", 1, "up"), 30),
        (("house", "bands", 1, "who", "zh"), 32),
    ],
)
def test_line_of_a_value(way: Way, line: int) -> None:
    assert lines_of(TEXT)[way] == line


@pytest.mark.parametrize(
    ("way", "line"),
    [(("rules", 1, "article"), 16), (("house", "bands", 0, "body", 3), 27), (("nothing",), 1)],
)
def test_missing_value_has_the_line_of_what_is_around_it(way: Way, line: int) -> None:
    assert line_of(lines_of(TEXT), way) == line


def _ways(value: Any, way: Way = ()) -> Iterator[Way]:
    if way:
        yield way
    if isinstance(value, dict):
        for key, held in value.items():
            yield from _ways(held, (*way, key))
    elif isinstance(value, list):
        for number, held in enumerate(value):
            yield from _ways(held, (*way, number))


@pytest.mark.parametrize(
    "path", sorted(FOLDER.rglob("*.toml")), ids=lambda path: path.parent.name + path.name
)
def test_every_value_of_the_shipped_packs_has_a_line(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert set(_ways(tomllib.loads(text))) == set(lines_of(text))


_SCALARS = st.one_of(
    st.integers(-5, 10**6).map(str),
    st.booleans().map(lambda one: str(one).lower()),
    st.sampled_from(
        ['"a]b"', "'c}d'", '"#"', '"\\""', '"""x\n]"""', "'''\n#'''", "2026-03-01", "'''a''b'''"]
    ),
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3).flatmap(
        lambda items: st.sampled_from(
            [f"[{', '.join(items)}]", "[\n" + "".join(f"  {one}, # c\n" for one in items) + "]"]
        )
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(st.sampled_from(["[[rows]]", "[one.two]", ""]), _VALUES, _VALUES), max_size=6))
def test_scanner_finds_exactly_the_values_that_the_parser_finds(parts: list[tuple[str, str, str]]) -> None:
    blocks = [
        (f"[t{number}]\n" if head == "[one.two]" else f"{head}\n" if head else f"[u{number}]\n")
        + f"first = {one}\n'second key' = {{ a = {_flat(other)}, b.c = 1 }}\n"
        for number, (head, one, other) in enumerate(parts)
    ]
    text = "".join(blocks)
    lines = lines_of(text)
    assert set(_ways(tomllib.loads(text))) == set(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


def _flat(value: str) -> str:
    return value.replace("# c", "").replace("\n", " ") if '"""' not in value and "'''" not in value else "1"
