"""Which rule packs an institution works under.

In: the names of the packs, as the organization's row keeps them. Out: a loaded `RuleBook`. Shipped packs go by
their name; any other name is a file in the folder `packs` of the installation's home.
"""

from functools import lru_cache

from cases.settings import Settings
from rules.packs import FOLDER, RuleBook, load

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


def _place_of(name: str) -> str:
    if name in shipped():
        return name
    return str(Settings.from_environment().home / "packs" / f"{name}.toml")
