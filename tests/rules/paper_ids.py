"""Every id of the two research papers that the rule packs were written from.

The ids RP-* and TC-* mean different things in the two papers; those of the second bear TT- in front.
"""

from collections.abc import Iterable


def _run(letters: str, last: int, first: int = 1) -> tuple[str, ...]:
    return tuple(f"{letters}-{number:02d}" for number in range(first, last + 1))


PATENT_LAW: tuple[str, ...] = (
    *_run("T", 30, first=0), *_run("O", 15), *_run("W", 15), *_run("P", 9), *_run("F", 14), *_run("N", 10),
    *_run("TR", 21), *_run("LI", 16), *_run("L", 22), *_run("OP", 20), *_run("PG", 6), *_run("K", 18),
    *_run("TC", 10), *_run("RP", 6),
)  # fmt: skip

TECH_TRANSFER_TIMERS: tuple[str, ...] = (
    "T-PUB", "T-OBJ", "T-LICFILE", "T-CHGFEE", "T-FEE", "T-TCREG", "T-IIT36", "T-IITFILE", "T-RWPUB", "T-RWPAY",
    "T-DEFER", "T-DEFERYR", "T-CAP5", "T-CALL", "T-COREG", "T-COPUB", "T-STAMP", "T-BONUS", "T-IDLE1", "T-IDLE3",
    "T-IDLE5", "T-PROJRPT", "T-ANNUAL", "T-ZLCP", "T-SECRET", "T-VATEND",
)  # fmt: skip

TECH_TRANSFER: tuple[str, ...] = (
    *_run("PR", 20), *_run("RW", 18), "RW-11a", *_run("TT-RP", 6), *_run("EQ", 23), *_run("PF", 17),
    *_run("OL", 11), *_run("TT-TC", 10), *_run("TX", 14), *_run("DC", 8), *_run("ST", 6), *_run("PP", 7),
    *_run("ZP", 7), *_run("S0", 28), *_run("S1", 22), *_run("S2", 32), *_run("S3", 37), *TECH_TRANSFER_TIMERS,
)  # fmt: skip


def every_id() -> frozenset[str]:
    """Return the ids of both papers.

    Raises: ValueError if an id stands twice.
    """
    return _distinct((*PATENT_LAW, *TECH_TRANSFER))


def _distinct(ids: Iterable[str]) -> frozenset[str]:
    listed = list(ids)
    if len(listed) != len(set(listed)):
        raise ValueError("an id stands twice")
    return frozenset(listed)
