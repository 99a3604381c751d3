"""The next contract number by the pattern of an institution's own templates: a suggestion, never forced.

In: the institution's house and the numbers its contracts bear. Out: the number after the highest serial of the same
mode and year, or nothing if the institution has no pattern.
"""

import re
from collections.abc import Mapping

import orjson

from cases.db import Cursor
from cases.houses import house_of
from contracts.house.look import contract_number

# The short sign of a conversion mode in contract numbers, from its Chinese name.
WAYS: Mapping[str, str] = {
    "ordinary_license": "PT",
    "sole_license": "PW",
    "exclusive_license": "DZ",
    "open_license": "KF",
    "transfer": "ZR",
    "equity": "ZJ",
    "patent_pool": "ZLC",
    "development": "JS",
}
USED = "SELECT data FROM conversion_case WHERE org_id = ? AND data LIKE ?"
_MARK = 987654321  # A serial that no institution reaches, to find where it stands in the pattern.


def next_contract_number(cur: Cursor, org_id: int, mode: str, year: int, case_no: str) -> str:
    """Return the number to suggest for a contract, or the empty text.

    Raises: Invalid if the institution's templates cannot be used any more.
    """
    house = house_of(cur, org_id)
    pattern = house.look.numbering.contract if house is not None else ""
    if not pattern:
        return ""

    def numbered(serial: int) -> str:
        return contract_number(pattern, way=WAYS[mode], year=year, serial=serial, case=case_no)

    head, mark, tail = numbered(_MARK).partition(str(_MARK))
    if not mark:
        return numbered(1)
    known = re.compile(f"{re.escape(head)}(\\d+){re.escape(tail)}")
    rows = cur.all(USED, org_id, f'%"contract_no":"{_plain(head)}%')
    used = [known.fullmatch(orjson.loads(data)["contract"]["contract_no"]) for (data,) in rows]
    return numbered(max((int(found[1]) for found in used if found), default=0) + 1)


def _plain(text: str) -> str:
    """Take the wild cards of LIKE out of a text: they stand for any one character, which finds enough."""
    return text.replace("%", "_")
