"""Whether the default shares of a house keep the mandatory floors, told at the line of each row.

A house below a floor can still be loaded: the floors bind units founded by the state, and a plan made with it says
what it violates. `panhuo rules check` tells it before that. In: layers. Out: the rulebook, and faults.
"""

from dataclasses import replace

from rules.money_tables import EVERY_MODE, HouseShares
from rules.money_words import MODE_GROUPS
from rules.pack_faults import Fault
from rules.packs import RuleBook, read_book
from rules.reward_checks import check_house_shares


def examine(layers: tuple[str, ...]) -> tuple[RuleBook, tuple[Fault, ...]]:
    """Load rule packs and return what their shares violate; a sound book has no faults.

    Raises: PackError if the packs cannot be used at all.
    """
    book, packs = read_book(layers)
    return book, tuple(
        pack.fault(row, (), f"{reason}", f"the shares of {row.layer} are below a mandatory floor")
        for row in book.all_rows(HouseShares)
        for pack in packs
        if pack.holds(row)
        for reason in check_house_shares(_only(book, row))
    )


def _only(book: RuleBook, row: HouseShares) -> RuleBook:
    """Return the rulebook with this row alone, for the modes that it decides on."""
    others = [other for other in book.all_rows(HouseShares) if other.layer == row.layer and other is not row]
    named = {mode for other in others for mode in other.modes}
    every = tuple(mode for mode in MODE_GROUPS if mode not in named) if EVERY_MODE in row.modes else ()
    modes = tuple(dict.fromkeys((*(mode for mode in row.modes if mode != EVERY_MODE), *every)))
    tables = {
        section: tuple(held for held in rows if not isinstance(held, HouseShares))
        for section, rows in book.tables.items()
    }
    return replace(book, tables={**tables, "house_shares": (row.model_copy(update={"modes": modes}),)})
