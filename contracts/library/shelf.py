"""The library as a whole: layers of folders, the newest text of every clause, and sets of texts for contracts.

In: folders of texts, the product's own first. Out: a `Library`, which gives the texts of a contract as a
`ClauseSet`. Reads files once; nothing here knows a case.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import templates
from contracts.library.entries import Edition, Fault, Variant, read_folder
from contracts.library.texts import PRODUCT, STANDARD, ClauseSet, ClauseText, clause_set

HOME = Path(templates.__file__).resolve().parent / "contracts"
PART = re.compile(r"""part\(\s*["'](\w+)["']\s*\)""")


class LibraryFault(ValueError):
    """The library is not in order; `faults` tell every file and what is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("；".join(f"{fault.file.name}：{fault.zh}" for fault in faults))
        self.faults = tuple(faults)


class UnknownClause(LookupError):
    """The library has no such clause or variant."""


@dataclass(frozen=True)
class Library:
    """All entries: folder → id → variant → versions. A later layer takes the place of an earlier one, text by text."""

    folders: Mapping[str, Mapping[str, Mapping[str, Variant]]]

    def variants(self, places: Sequence[str], id_: str) -> Mapping[str, Variant]:
        """Return the texts that may stand for a clause, by name, standard first.

        `places` are the folders in which a mode looks, its own first: the first that has a standard text decides, and
        folders before it may add variants.

        Raises: UnknownClause.
        """
        found: dict[str, Variant] = {}
        for place in places:
            here = self.folders.get(place, {}).get(id_, {})
            found = {**here, **found}
            if STANDARD in here:
                return {STANDARD: found.pop(STANDARD), **found}
        raise UnknownClause(id_)

    def variant(self, places: Sequence[str], id_: str, name: str = STANDARD) -> Variant:
        """Return one variant of a clause.

        Raises: UnknownClause.
        """
        found = self.variants(places, id_).get(name)
        if found is None:
            raise UnknownClause(f"{id_}-{name}")
        return found

    def text(self, places: Sequence[str], id_: str, name: str = STANDARD) -> ClauseText:
        """Return the newest text of a clause in one variant.

        Raises: UnknownClause.
        """
        variant = self.variant(places, id_, name)
        return _pinned(id_, variant, variant.newest)

    def set_of(
        self, places: Sequence[str], ids: Iterable[str], choices: Mapping[str, str] | None = None
    ) -> ClauseSet:
        """Return the newest texts of these clauses, in the variants chosen, with the parts that they take in.

        Raises: UnknownClause.
        """
        chosen = choices or {}
        texts = [self.text(places, id_, chosen.get(id_, STANDARD)) for id_ in ids]
        return self.completed(places, clause_set(texts))

    def completed(self, places: Sequence[str], texts: ClauseSet) -> ClauseSet:
        """Return a set with the parts that its texts ask for and do not have yet; parts that are there stay.

        Raises: UnknownClause.
        """
        todo = set(texts.by_id)
        while todo:
            asked = {name for id_ in todo for name in PART.findall(texts.of(id_).text)}
            todo = asked - set(texts.by_id)
            texts = texts.with_texts(*(self.text(places, name) for name in sorted(todo)))
        return texts

    def newer(self, places: Sequence[str], pinned: ClauseText) -> Edition | None:
        """Return the version that has come since a text was pinned, or None if the pinned one is the newest."""
        try:
            edition = self.variant(places, pinned.id, pinned.variant).newest
        except UnknownClause:
            return None
        return edition if edition.digest != pinned.digest else None


def _pinned(id_: str, variant: Variant, edition: Edition) -> ClauseText:
    return ClauseText(id_, variant.name, edition.version, edition.digest, edition.text, variant.origin)


def load(*folders: Path) -> Library:
    """Load the product's library with further layers over it, such as an institution's own folder.

    A layer is a folder with sub-folders named like those of `templates/contracts` (`general`, `license`, …, or a
    mode's slug), each with its `clauses.toml`. A text of a layer takes the place of the earlier layer's text of the same
    folder, id and variant, with all its versions; an id or a variant that is new there is added. What a contract
    has pinned is not touched by a later layer.

    The product's own texts are held to their recorded digests by a test, so that a text under work still shows.

    Raises: LibraryFault naming everything that is wrong.
    """
    shelves, found = read(*folders)
    faults = [fault for fault in found if not fault.told or not fault.file.is_relative_to(HOME)]
    if faults:
        raise LibraryFault(faults)
    return Library(shelves)


def read(*folders: Path) -> tuple[dict[str, dict[str, dict[str, Variant]]], list[Fault]]:
    """Return what the product's library and further layers hold, folder by folder, and everything wrong with them."""
    faults: list[Fault] = []
    shelves: dict[str, dict[str, dict[str, Variant]]] = {}
    for layer in (HOME, *folders):
        origin = PRODUCT if layer == HOME else layer.name
        for folder in sorted(path for path in layer.iterdir() if path.is_dir()):
            for id_, variants in read_folder(folder, origin, faults).items():
                shelves.setdefault(folder.name, {}).setdefault(id_, {}).update(variants)
    return shelves, faults


@lru_cache(maxsize=1)
def product_library() -> Library:
    """Return the library that ships with the product."""
    return load()
