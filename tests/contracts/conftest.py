"""Fixtures of the contract tests: fonts and one warm renderer for all of them."""

from pathlib import Path

import pytest

from contracts.fonts.build import prepare
from contracts.pdf import Renderer


@pytest.fixture(scope="session")
def fonts() -> Path:
    return prepare()


@pytest.fixture(scope="session")
def renderer(fonts: Path) -> Renderer:
    return Renderer(fonts)
