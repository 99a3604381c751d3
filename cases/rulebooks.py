"""Which rule packs an institution works under.

In: the names of the packs, as the organization's row keeps them. Out: a loaded `RuleBook`. Shipped packs go by
their name; any other name is a file in the folder `packs` of the installation's home.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cases.settings import Settings
from rules.packs import FOLDER, RuleBook, load

NAME = re.compile(r"[\w-]{1,60}")
DEFAULT_LAYERS = "national,house"


@lru_cache(maxsize=64)
def book_of(layers: str) -> RuleBook:
    """Return the rulebook of comma-separated pack names, the general ones first.

    Raises: rules.packs.PackError naming the file and the place.
    """
    names = [name.strip() for name in layers.split(",") if name.strip()]
    return load(tuple(_place_of(name) for name in names))


def shipped() -> tuple[str, ...]:
    """Return the names of the packs that ship with the product."""
    return tuple(sorted({path.stem for path in FOLDER.iterdir() if path.suffix == ".toml" or path.is_dir()}))


def own_packs() -> Mapping[str, Path]:
    """Return the packs in the installation's own folder, files and folders, by name; shipped names are not taken."""
    folder = Settings.from_environment().own / "packs"
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    packs = {path.stem: path for path in found if path.suffix == ".toml" or path.is_dir()}
    return {name: path for name, path in packs.items() if NAME.fullmatch(name) and name not in shipped()}


def _place_of(name: str) -> str:
    if name in shipped():
        return name
    return str(own_packs().get(name, Settings.from_environment().own / "packs" / f"{name}.toml"))
