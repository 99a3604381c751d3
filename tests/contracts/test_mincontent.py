"""The linear measuring function: same bytes as the release's own, and bounded work."""

import random

import pytest
import weasyprint
from weasyprint.layout import preferred

from contracts import mincontent
from contracts.pdf import Renderer

ALPHABETS = ("许可人与被许可人签订合同，附件（一）。“甲”：、；", "abcdefg hij, klm-nop. 12.5% ", "\n　 ·—…/")


def passage(seed: int, length: int) -> str:
    """Return a made-up mix of Chinese, Latin words, digits and punctuation."""
    source = random.Random(seed)
    return "".join(
        "".join(source.choices(source.choice(ALPHABETS), k=source.randint(1, 30)))
        for _ in range(length // 15)
    )


def page(text: str) -> str:
    return (
        f"<table style='table-layout:auto'><tr><td>{text}</td><td>短</td></tr></table>"
        f"<div style='float:left'>{text}</div><div style='display:inline-block'>{text}</div>"
    )


@pytest.mark.parametrize("seed", range(12))
def test_bytes_are_those_of_the_release_itself(seed: int, renderer: Renderer) -> None:
    html = page(passage(seed, 400))
    ours = renderer.render(html, css_name="plain", title="x")
    mincontent.revert(preferred)
    try:
        assert renderer.render(html, css_name="plain", title="x") == ours
    finally:
        mincontent.apply(weasyprint.__version__, preferred)


def test_work_grows_with_the_text_not_with_its_square(renderer: Renderer) -> None:
    mincontent.revert(preferred)
    original, seen = preferred.split_first_line, [0]

    def counting(text: str, *rest: object, **named: object) -> object:
        seen[0] += len(text)
        return original(text, *rest, **named)

    preferred.split_first_line = counting
    mincontent.apply(weasyprint.__version__, preferred)
    try:
        measured = []
        for length in (1000, 2000, 4000):
            seen[0] = 0
            renderer.render(f"<table style='table-layout:auto'><td>{'专利' * (length // 2)}</td></table>",
                            css_name="plain", title="x")  # fmt: skip
            measured.append(seen[0] / length)
    finally:
        mincontent.revert(preferred)
        preferred.split_first_line = original
        mincontent.apply(weasyprint.__version__, preferred)
    assert measured[1] < 1.2 * measured[0]
    assert measured[2] < 1.2 * measured[0]


def test_another_release_is_left_alone() -> None:
    assert not mincontent.is_applicable("70.1")
    assert mincontent.apply("70.1", preferred) is False
