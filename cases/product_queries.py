"""Patent products as people see them, what their records lack, and the two figures that the papers ask for (S0-18).

The quality of a filing is checked by what the record holds: fields, patents in force, the comparison with the claims.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, or_, select, true

from cases.errors import NotFound
from cases.tables import Case, Deadline, Patent
from cases.use_tables import Product, ProductPatent, ProductYear
from rules.patent_clock import ALIVE
from rules.text import normalize

SIZE = 20
VIEWS: Mapping[str, tuple[str, str]] = {
    "unfiled": ("未备案", "Not filed"),
    "filed": ("已备案", "Filed"),
    "update": ("待年度更新", "Yearly update due"),
    "withdrawn": ("已撤回", "Withdrawn"),
    "all": ("全部", "All"),
}
# What a check finds: stored word, Chinese, English, rule.
GAPS: Mapping[str, tuple[str, str, str]] = {
    "producer": ("没有生产企业", "no producer", "ZP-03"),
    "models": ("没有规格型号", "no models", "ZP-03"),
    "evidence": ("没有证明", "no evidence", "ZP-03"),
    "claims_note": ("没有权利要求比对", "no comparison with the claims", "ZP-03"),
    "patents": ("没有登记所用专利", "no patents", "ZP-03"),
    "some_lapsed": ("部分所用专利已失效", "some patents are not in force", "ZP-05"),
    "all_lapsed": ("所用专利全部失效，应撤回备案", "all patents are gone: withdraw the filing", "ZP-05"),
    "not_prompted": ("尚未提示企业办理备案", "the company has not been asked to file", "ZP-02"),
    "not_filed": ("尚未备案", "not filed", "ZP-01"),
}


@dataclass(frozen=True, slots=True)
class ProductPatentView:
    """A patent that a product uses."""

    id: int
    number: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class YearView:
    """The figures of a year, in fen."""

    year: int
    sales_fen: int | None
    export_fen: int | None
    profit_fen: int | None
    ip_cost_fen: int | None
    updated_on: date


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product with its patents, its years and what its record lacks. `due` is the open date of its filing or update."""

    id: int
    name: str
    models: str
    producer: str
    basis: str
    since: date
    claims_note: str
    evidence: str
    updated_by: str
    filing_no: str
    filed_on: date | None
    updated_on: date | None
    withdrawn_on: date | None
    prompted_on: date | None
    prompt_note: str
    case_id: int | None
    case_no: str
    company_id: int | None
    patents: tuple[ProductPatentView, ...] = ()
    years: tuple[YearView, ...] = ()
    due: date | None = None

    @property
    def gaps(self) -> tuple[str, ...]:
        """The names in GAPS of what the record lacks."""
        return tuple(_gaps(self))


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One page of products."""

    rows: tuple[ProductView, ...]
    total: int
    page: int
    size: int = SIZE


def _gaps(product: ProductView) -> Iterator[str]:
    if product.withdrawn_on is not None:
        return
    yield from (
        name
        for name in ("producer", "models", "evidence", "claims_note", "patents")
        if not getattr(product, name)
    )
    alive = [patent for patent in product.patents if patent.status in ALIVE]
    if product.patents and len(alive) < len(product.patents):
        yield "some_lapsed" if alive else "all_lapsed"
    if product.filed_on is None:
        yield "not_filed"
        if product.prompted_on is None and product.basis != "own":
            yield "not_prompted"


def product_of(session: Session, org_id: int, product_id: int) -> ProductView:
    """Return one product.

    Raises: NotFound.
    """
    query = select(Product, Case.number).join(Case, col(Case.id) == col(Product.case_id), isouter=True)
    found = session.exec(query.where(Product.id == product_id, Product.org_id == org_id)).first()
    if found is None:
        raise NotFound("没有找到该产品，请从列表重新打开", "no such product")
    (product,) = _whole(session, [_view(found[0], found[1] or "")])
    return product


def products(
    session: Session, org_id: int, today: date, *, view: str = "all", q: str = "", patent_id: int | None = None,
    page: int = 1, size: int = SIZE,
) -> ProductPage:  # fmt: skip
    """Return a page of one of VIEWS, what is not filed first."""
    conditions: list[Any] = [Product.org_id == org_id, _of_view(view, today)]
    if q := normalize(q):
        conditions.append(
            or_(
                col(Product.name).contains(q, autoescape=True),
                col(Product.producer).contains(q, autoescape=True),
            )
        )
    if patent_id is not None:
        uses = select(ProductPatent.product_id).where(ProductPatent.patent_id == patent_id)
        conditions.append(col(Product.id).in_(uses))
    total = session.exec(select(func.count()).select_from(Product).where(*conditions)).one()
    query = (
        select(Product, Case.number)
        .join(Case, col(Case.id) == col(Product.case_id), isouter=True)
        .where(*conditions)
    )
    order = (col(Product.filed_on).is_not(None), col(Product.since).desc(), col(Product.id).desc())
    rows = session.exec(query.order_by(*order).offset((page - 1) * size).limit(size))
    found = [_view(row, number or "") for row, number in rows]
    return ProductPage(tuple(_whole(session, found)), total, page, size)


def product_counts(session: Session, org_id: int, today: date) -> dict[str, int]:
    """Return how many products each of VIEWS holds."""
    return {
        view: session.exec(
            select(func.count()).select_from(Product).where(Product.org_id == org_id, _of_view(view, today))
        ).one()
        for view in VIEWS
    }


def newly_filed(session: Session, org_id: int, year: int) -> int:
    """Return how many products were filed for the first time in a year (S0-18)."""
    filed = col(Product.filed_on).between(date(year, 1, 1), date(year, 12, 31))
    return session.exec(
        select(func.count()).select_from(Product).where(Product.org_id == org_id, filed)
    ).one()


def covered_patents(session: Session, org_id: int) -> tuple[int, int]:
    """Return how many living patents a filed product uses, and how many living patents there are (S0-18)."""
    alive = (
        Patent.org_id == org_id,
        col(Patent.status).in_(tuple(sorted(ALIVE))),
        col(Patent.grant_date).is_not(None),
    )
    used = (
        select(ProductPatent.patent_id)
        .join(Product, col(Product.id) == col(ProductPatent.product_id))
        .where(
            ProductPatent.org_id == org_id,
            col(Product.filed_on).is_not(None),
            col(Product.withdrawn_on).is_(None),
        )
    )
    covered = session.exec(
        select(func.count()).select_from(Patent).where(*alive, col(Patent.id).in_(used))
    ).one()
    return covered, session.exec(select(func.count()).select_from(Patent).where(*alive)).one()


def _of_view(view: str, today: date) -> ColumnElement[bool]:
    filed, gone = col(Product.filed_on), col(Product.withdrawn_on)
    last = func.coalesce(col(Product.updated_on), filed)
    found: dict[str, ColumnElement[bool]] = {
        "unfiled": and_(filed.is_(None), gone.is_(None)),
        "filed": and_(filed.is_not(None), gone.is_(None)),
        "update": and_(filed.is_not(None), gone.is_(None), last < date(today.year, 1, 1)),
        "withdrawn": gone.is_not(None),
    }
    return found.get(view, true())


def _whole(session: Session, found: Sequence[ProductView]) -> Iterator[ProductView]:
    """Yield products with what belongs to them, a few queries for all."""
    ids = [product.id for product in found]
    patents: dict[int, list[ProductPatentView]] = {}
    linked = (
        select(ProductPatent.product_id, Patent).join(Patent).where(col(ProductPatent.product_id).in_(ids))
    )
    for product_id, patent in session.exec(linked.order_by(col(Patent.application_no))):
        told = ProductPatentView(int(patent.id or 0), patent.application_no, patent.title, patent.status)
        patents.setdefault(product_id, []).append(told)
    years: dict[int, list[YearView]] = {}
    stated = (
        select(ProductYear).where(col(ProductYear.product_id).in_(ids)).order_by(col(ProductYear.year).desc())
    )
    for row in session.exec(stated):
        sums = (row.sales_fen, row.export_fen, row.profit_fen, row.ip_cost_fen)
        years.setdefault(row.product_id, []).append(YearView(row.year, *sums, row.updated_on))
    dues = _dues(session, found)
    for product in found:
        own = tuple(patents.get(product.id, ()))
        yield replace(product, patents=own, years=tuple(years.get(product.id, ())), due=dues.get(product.id))


def _dues(session: Session, found: Sequence[ProductView]) -> dict[int, date]:
    """Return the open date of each product: kept by its patent, or by its case once that has filed it."""
    by_key = {
        f"{kind}:{product.id}": product.id
        for product in found
        for kind in ("product_filing", "product_update")
    }
    by_case = {product.case_id: product.id for product in found if product.case_id is not None}
    of_patents = and_(col(Deadline.patent_id).is_not(None), col(Deadline.key).in_(by_key))
    of_cases = and_(col(Deadline.case_id).in_(by_case), col(Deadline.key) == "product_update")
    rows = session.exec(select(Deadline).where(Deadline.status == "open", or_(of_patents, of_cases)))
    return {by_key[row.key] if row.case_id is None else by_case[row.case_id]: row.due for row in rows}


def _view(row: Product, case_no: str) -> ProductView:
    return ProductView(
        int(row.id or 0), row.name, row.models, row.producer, row.basis, row.since, row.claims_note, row.evidence,
        row.updated_by, row.filing_no, row.filed_on, row.updated_on, row.withdrawn_on, row.prompted_on, row.prompt_note,
        row.case_id, case_no, row.company_id,
    )  # fmt: skip
