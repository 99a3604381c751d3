"""A mail server of its own, and the channels that use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.delivering import Channels
from tests.exchange.peers import Box, mail_server
from tests.exchange.post_office import channels_at
from tests.world import World


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def any_channels(any_world: World, box: Box, tmp_path: Path) -> Iterator[Channels]:
    """The same on both databases."""
    with mail_server(box) as port:
        made = channels_at(any_world.db, tmp_path, port)
        yield made
        made.postman.close()


@pytest.fixture
def channels(world: World, box: Box, tmp_path: Path) -> Iterator[Channels]:
    with mail_server(box) as port:
        made = channels_at(world.db, tmp_path, port)
        yield made
        made.postman.close()
