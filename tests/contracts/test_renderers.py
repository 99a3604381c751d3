"""Every document of the product is made in a process with limits: no room starts a renderer of its own."""

import re

from tests.test_layout import PYTHON, ROOT

ROOMS = ("cases", "exchange", "flows", "desk")


def test_rooms_render_through_the_pool_alone() -> None:
    own = re.compile(r"\bRenderer\(|import .*\bRenderer\b")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in PYTHON
        if path.relative_to(ROOT).parts[0] in ROOMS and own.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
