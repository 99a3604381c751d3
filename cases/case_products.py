"""Products that cases have recorded, taken over into the register: the industrialization, and each filing of its product."""

from collections.abc import Mapping
from typing import Any

import orjson

from cases.db import as_date
from cases.use_rows import Act, change, insert

LINK = "INSERT INTO product_patent (product_id, patent_id, org_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
CASES = (
    "SELECT c.id, c.mode, c.company_id, COALESCE(o.name, ''), c.data FROM conversion_case c "
    "LEFT JOIN company o ON o.id = c.company_id WHERE c.org_id = ? AND c.id > ? "
    "AND (c.data LIKE '%\"industrialized_on\"%' OR c.data LIKE '%\"product_filings\"%') ORDER BY c.id LIMIT 500"
)
ONE_CASE = (
    "SELECT c.id, c.mode, c.company_id, COALESCE(o.name, ''), c.data FROM conversion_case c "
    "LEFT JOIN company o ON o.id = c.company_id WHERE c.org_id = ? AND c.id = ?"
)
STORED = "SELECT id, filing_no, filed_on, updated_on FROM product WHERE case_id = ? AND name = ?"
CASE_PATENTS = "SELECT patent_id FROM case_patent WHERE case_id = ?"
_TRANSFERS = frozenset({"transfer", "equity"})


def take_from_cases(act: Act, case_id: int | None = None) -> list[int]:
    """Bring the register up to what cases, or one of them, have recorded; return the patents concerned.

    Effects: writes product and product_patent; repeating it changes nothing.
    """
    touched: list[int] = []
    last = 0
    while True:
        rows = (
            act.cur.all(CASES, act.org_id, last)
            if case_id is None
            else act.cur.all(ONE_CASE, act.org_id, case_id)
        )
        for id_, mode, company_id, company, data in rows:
            touched += _from_case(act, int(id_), mode, company_id, company, orjson.loads(data))
        if case_id is not None or not rows:
            return touched
        last = int(rows[-1][0])


def _from_case(
    act: Act, case_id: int, mode: str, company_id: int | None, company: str, data: Mapping[str, Any]
) -> list[int]:
    """Keep every product that a case names, with the first filing and the last update of each."""
    touched: list[int] = []
    for name, told in _named(data).items():
        stored = act.cur.one(STORED, case_id, name)
        columns: dict[str, object] = {
            "filing_no": told["filing_no"], "filed_on": told["filed_on"], "updated_on": told["updated_on"],
        }  # fmt: skip
        if stored is None:
            basis = (
                "transfer" if mode in _TRANSFERS else "development" if mode == "development" else "license"
            )
            own = {"name": name, "producer": told["by"] or company, "basis": basis, "since": told["since"],
                   "evidence": told["evidence"], "case_id": case_id, "company_id": company_id}  # fmt: skip
            product_id = insert_product(act, {**own, **columns})
        elif (stored[1], *map(as_date, stored[2:])) == tuple(columns.values()):
            continue
        else:
            product_id = int(stored[0])
            change(act, "product", product_id, columns)
        patents = [int(row[0]) for row in act.cur.all(CASE_PATENTS, case_id)]
        act.cur.many(LINK, [(product_id, patent, act.org_id) for patent in patents])
        touched += patents
    return touched


def _named(data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the products that a case names, each with what is told of it."""
    found: dict[str, dict[str, Any]] = {}
    sold = data.get("industrialization", {})
    filings = data.get("product_filings", {}).get("list", ())
    if sold.get("industrialized_on"):
        found[sold["product"]] = {
            "since": as_date(sold["industrialized_on"]),
            "evidence": sold.get("evidence", "")[:200],
        }
    for one in filings:
        told = found.setdefault(one["product"], {"since": as_date(one["filed_on"]), "evidence": ""})
        day = as_date(one["filed_on"])
        told |= {"filing_no": one["filing_no"], "by": one["filed_by"]}
        told |= {"updated_on": day} if "filed_on" in told else {"filed_on": day}
    blank = {"filing_no": "", "by": "", "filed_on": None, "updated_on": None}
    return {name: {**blank, **told} for name, told in found.items()}


def insert_product(act: Act, columns: Mapping[str, object]) -> int:
    """Insert a product; what is not said of it stays blank."""
    texts = ("models", "producer", "claims_note", "evidence", "updated_by", "filing_no", "prompt_note")
    whole = {
        **dict.fromkeys(texts, ""),
        **columns,
        "org_id": act.org_id,
        "created_at": act.now,
        "updated_at": act.now,
    }
    return insert(act, "product", whole)
