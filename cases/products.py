"""The register of patent products (专利产品备案): what was put on the market with our patents, and its filing on the platform.

A product of a case comes from the record of that case and is filed by its step; of others the filing is kept here. Who files
is the owner or the licensee that makes the product; we prompt, and follow the yearly update.
Source: 国知办函运字〔2022〕985号; ZP-02, ZP-04, ZP-05 (secondary); 上海市存量专利盘活若干措施 (应备尽备)
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from cases.advance import advance
from cases.assessments import names_in
from cases.case_products import LINK, insert_product
from cases.db import Cursor, Database, as_date
from cases.errors import Conflict, Invalid, NotFound
from cases.payloads import check_payload
from cases.scope import Person
from cases.settings import SHANGHAI
from cases.use_forms import FileProduct, PromptProducer, RegisterProduct, WithdrawProduct
from cases.use_rows import Act, Outcome, acting, change, check_not_after, put_row
from rules.identifiers import IdentifierError, parse_application_number
from states.catalog import mode_of

READ = (
    "SELECT name, case_id, since, filed_on, updated_on, withdrawn_on, filing_no, producer FROM product "
    "WHERE id = ? AND org_id = ?"
)
PATENTS = "SELECT patent_id FROM product_patent WHERE product_id = ? ORDER BY patent_id"
OWN = "SELECT id FROM patent WHERE org_id = ? AND application_no = ?"
UNLINK = "DELETE FROM product_patent WHERE product_id = ?"
OF_NAME = "SELECT id FROM product WHERE org_id = ? AND name = ? AND producer = ? AND case_id IS NULL"
PUT_YEAR = (
    'INSERT INTO product_year (product_id, "year", org_id, sales_fen, export_fen, profit_fen, ip_cost_fen, updated_on) '
    'VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (product_id, "year") DO UPDATE SET sales_fen = excluded.sales_fen, '
    "export_fen = excluded.export_fen, profit_fen = excluded.profit_fen, ip_cost_fen = excluded.ip_cost_fen, "
    "updated_on = excluded.updated_on"
)
FILE_STEP = "record_product_filing"


def register_product(
    db: Database, person: Person, values: Mapping[str, Any], *, now: datetime, product_id: int | None = None
) -> int:
    """Register a product, or change one, and return its id.

    Raises: Forbidden; NotFound; Invalid with the fields, also for patents that are not the institution's.
    Effects: writes product and its patents, their dates, and the organization's trail.
    """
    with acting(db, person, now) as act:
        return write_product(act, values, product_id)[0]


def write_product(act: Act, values: Mapping[str, Any], product_id: int | None = None) -> tuple[int, Outcome]:
    """Do the same in the caller's transaction; without an id, a product of the same name and producer is changed."""
    act.only()
    checked = cast(RegisterProduct, check_payload(RegisterProduct, values))
    check_not_after(act, since=checked.since)
    patents = _own_patents(act, checked.patents)
    if product_id is not None:
        _read(act.cur, act.org_id, product_id)
    else:
        found = act.cur.one(OF_NAME, act.org_id, checked.name, checked.producer)
        product_id = int(found[0]) if found else None
    columns = checked.model_dump(exclude={"patents"})
    outcome: Outcome = "added"
    before: list[int] = []
    if product_id is None:
        product_id = insert_product(act, columns)
    else:
        before = _patents(act.cur, product_id)
        made = put_row(act, "product", {"id": product_id, "org_id": act.org_id}, columns)
        outcome = made.outcome if sorted(patents) == before else "changed"
    if outcome != "same":
        act.cur.run(UNLINK, product_id)
        act.cur.many(LINK, [(product_id, patent, act.org_id) for patent in patents])
        body = {"product_id": product_id, "patent_ids": patents, **checked.model_dump(mode="json")}
        act.tell("product_registered", body)
        act.bring_up(*dict.fromkeys((*before, *patents)))
    return product_id, outcome


def file_product(
    db: Database, person: Person, product_id: int, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Record that a product was filed on the platform, or that its yearly data were updated.

    The product of a running case is filed by the step of that case: what it opens and closes is told there.

    Raises: Forbidden, NotFound, Invalid; Conflict once withdrawn; Refused by the case.
    Effects: writes product, the figures of the year, the dates of its patents, and the trail.
    """
    checked = cast(FileProduct, check_payload(FileProduct, values))
    with acting(db, person, now) as act:
        act.only()
        row = _read(act.cur, act.org_id, product_id)
        case_id = _filing_case(act.cur, row["case_id"])
    if case_id is not None:
        payload = {
            "filed_on": checked.filed_on.isoformat(), "product": row["name"], "filing_no": checked.filing_no or row["filing_no"],
            "filed_by": checked.filed_by or row["producer"],
        }  # fmt: skip
        today = now.astimezone(SHANGHAI).date()
        advance(db, case_id, FILE_STEP, person, payload, expected_version=None, today=today, now=now)
    with acting(db, person, now) as act:
        write_product_filing(act, product_id, checked)


def write_product_filing(act: Act, product_id: int, checked: FileProduct) -> None:
    """Keep the filing or update of a product, and the figures of its year, in the caller's transaction."""
    act.only()
    row = _read(act.cur, act.org_id, product_id)
    check_not_after(act, filed_on=checked.filed_on)
    _check_filing(row, checked)
    is_first = row["filed_on"] is None or as_date(row["filed_on"]) == checked.filed_on
    columns: dict[str, object] = {"filing_no": checked.filing_no or row["filing_no"]}
    columns |= {"filed_on": checked.filed_on} if is_first else {"updated_on": checked.filed_on}
    change(act, "product", product_id, columns)
    if checked.year is not None:
        sums = (checked.sales_fen, checked.export_fen, checked.profit_fen, checked.ip_cost_fen)
        act.cur.run(PUT_YEAR, product_id, checked.year, act.org_id, *sums, act.cur.day(checked.filed_on))
    verb = "product_filed" if is_first else "product_updated"
    act.tell(verb, {"product_id": product_id, **checked.model_dump(mode="json")})
    act.bring_up(*_patents(act.cur, product_id))


def prompt_producer(
    db: Database, person: Person, product_id: int, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Record that the company was asked to file its product.

    Raises: Forbidden, NotFound, Invalid.
    Effects: writes product and the organization's trail; the duty stays open until the product is filed.
    """
    with acting(db, person, now) as act:
        act.only()
        _read(act.cur, act.org_id, product_id)
        checked = cast(PromptProducer, check_payload(PromptProducer, values))
        check_not_after(act, prompted_on=checked.prompted_on)
        change(act, "product", product_id, checked.model_dump())
        act.tell("producer_prompted", {"product_id": product_id, **checked.model_dump(mode="json")})


def withdraw_product(
    db: Database, person: Person, product_id: int, values: Mapping[str, Any], *, now: datetime
) -> None:
    """Record that the filing was withdrawn: its dates end.

    Raises: Forbidden, NotFound, Invalid; Conflict if it was withdrawn before.
    Effects: as `file_product`.
    """
    with acting(db, person, now) as act:
        act.only()
        row = _read(act.cur, act.org_id, product_id)
        if row["withdrawn_on"] is not None:
            raise Conflict("该产品的备案已撤回", "the filing was withdrawn before")
        checked = cast(WithdrawProduct, check_payload(WithdrawProduct, values))
        check_not_after(act, withdrawn_on=checked.withdrawn_on)
        change(act, "product", product_id, checked.model_dump())
        act.tell("product_withdrawn", {"product_id": product_id, **checked.model_dump(mode="json")})
        act.bring_up(*_patents(act.cur, product_id))


def _own_patents(act: Act, text: str) -> list[int]:
    found, faults = [], []
    for name in names_in(text):
        try:
            row = act.cur.one(OWN, act.org_id, parse_application_number(name).digits)
        except IdentifierError as error:
            faults.append(error.reason)
            continue
        if row is None:
            faults.append(f"{name}不在本单位专利库中")
        else:
            found.append(int(row[0]))
    if faults:
        raise Invalid(
            "所用专利有误，请改正后重新提交", {"patents": "；".join(faults)}, "the patents are not valid"
        )
    return list(dict.fromkeys(found))


def _check_filing(row: Mapping[str, Any], checked: FileProduct) -> None:
    if row["withdrawn_on"] is not None:
        raise Conflict("该产品的备案已撤回，不能再登记备案", "the filing was withdrawn")
    since = as_date(row["since"])
    faults = {}
    if since is not None and checked.filed_on < since:
        faults["filed_on"] = f"不能早于投产日期{since.isoformat()}"
    if not (checked.filing_no or row["filing_no"]):
        faults["filing_no"] = "请填写备案编号"
    if checked.year is not None and checked.year >= checked.filed_on.year:
        faults["year"] = f"填报上年度数据，应为{checked.filed_on.year - 1}年或更早"
    if faults:
        raise Invalid("备案信息有误，请改正后重新提交", faults, "the filing is not valid")


def _filing_case(cur: Cursor, case_id: int | None) -> int | None:
    """Return the case that keeps the filing of its product: one that still runs in a mode with that step."""
    if case_id is None:
        return None
    mode, closed = cur.one("SELECT mode, closed_on FROM conversion_case WHERE id = ?", case_id)
    return case_id if closed is None and FILE_STEP in mode_of(mode).steps else None


_NAMES = ("name", "case_id", "since", "filed_on", "updated_on", "withdrawn_on", "filing_no", "producer")


def _read(cur: Cursor, org_id: int, product_id: int) -> dict[str, Any]:
    found = cur.one(READ, product_id, org_id)
    if found is None:
        raise NotFound("没有找到该产品，请从列表重新打开", "no such product")
    return dict(zip(_NAMES, found, strict=True))


def _patents(cur: Cursor, product_id: int) -> list[int]:
    return [int(row[0]) for row in cur.all(PATENTS, product_id)]
