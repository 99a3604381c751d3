"""Which rule packs an institution works under.

In: the names of the packs, as the organization's row keeps them. Out: a loaded `RuleBook`. Shipped packs go by
their name and change only with the program; any other name is a file or folder in `packs` under the installation's
home. Those are looked at every time, so that every running process follows an edit.
"""

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cases.settings import Settings
from rules.packs import FOLDER, RuleBook, fresh, load

NAME = re.compile(r"[\w-]{1,60}")
DEFAULT_LAYERS = "national,house"


# Path, size and times of a file: what tells an edited file from the one that was read.
Stamp = tuple[str, int, int, int, int]


def book_of(layers: str) -> RuleBook:
    """Return the rulebook of comma-separated pack names, the general ones first.

    It is read anew when a file of the installation's own packs has changed; otherwise it is the same object.

    Raises: rules.packs.PackError naming the file and the place.
    """
    names = _names(layers)
    if all(name in shipped() for name in names):
        return load(names)
    places = tuple(_place_of(name) for name in names)
    return _read(places, _stamps(places))


@lru_cache(maxsize=64)
def _read(places: tuple[str, ...], _as_of: tuple[Stamp, ...]) -> RuleBook:
    return fresh(places)


@lru_cache(maxsize=256)
def _names(layers: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in layers.split(",") if name.strip())


@lru_cache(maxsize=1)
def shipped() -> tuple[str, ...]:
    """Return the names of the packs that ship with the product."""
    return tuple(sorted({path.stem for path in FOLDER.iterdir() if path.suffix == ".toml" or path.is_dir()}))


def own_packs() -> Mapping[str, Path]:
    """Return the packs in the installation's own folder, files and folders, by name; shipped names are not taken."""
    folder = _own_folder()
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    packs = {path.stem: path for path in found if path.suffix == ".toml" or path.is_dir()}
    return {name: path for name, path in packs.items() if NAME.fullmatch(name) and name not in shipped()}


def _place_of(name: str) -> str:
    """Return a shipped pack's name, or where a pack of our own lies; the list is walked only for odd names."""
    if name in shipped():
        return name
    folder = _own_folder()
    file = folder / f"{name}.toml"
    if file.is_file():
        return str(file)
    return str(
        folder / name if NAME.fullmatch(name) and (folder / name).is_dir() else own_packs().get(name, file)
    )


def _stamps(places: tuple[str, ...]) -> tuple[Stamp, ...]:
    """Return the stamps of all files of own packs; one that is not there has none, so that it is missed when read."""
    stamps = []
    for place in places:
        if place in shipped():
            continue
        try:
            found = [(place, Path(place).stat())] if place.endswith(".toml") else _held(place)
        except OSError:
            continue
        stamps += [(path, of.st_size, of.st_mtime_ns, of.st_ctime_ns, of.st_ino) for path, of in found]
    return tuple(sorted(stamps))


def _held(folder: str) -> list[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        return [(entry.path, entry.stat()) for entry in entries if entry.name.endswith(".toml")]


def _own_folder() -> Path:
    return _folder_under(os.environ.get("PANHUO_HOME", ""), os.environ.get("PANHUO_SHARED", ""))


@lru_cache(maxsize=16)
def _folder_under(_home: str, _shared: str) -> Path:
    return Settings.from_environment().own / "packs"
