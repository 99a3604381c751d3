"""The annual fees of an institution's patents in the coming months, read from the record.

In: the organization, the span of days, today. Out: a `rules.fee_forecast.Forecast`. Reads only. What the record
does not say is taken as `rules.fee_forecast` says, and each row says so.
"""

from collections.abc import Iterator
from datetime import date

import orjson
from sqlmodel import Session, col, select

from cases.errors import Invalid, NotFound
from cases.rulebooks import book_of
from cases.tables import Organization, Patent
from rules.fee_forecast import Forecast, PortfolioPatent, forecast
from rules.pack_faults import PackError
from rules.packs import RuleBook
from rules.policy import HousePolicy
from rules.text import fold

CHUNK = 2_000
LONGEST_MONTHS = 120


def forecast_of(
    session: Session, org_id: int, first: date, last: date, *, today: date, patent_id: int | None = None
) -> Forecast:
    """Return the annual fees of the organization's patents from `first` to `last`, of one patent if asked.

    Overdue fees count as paid today, with today's surcharge. The rule packs are those of the organization.

    Raises: NotFound for an organization that does not exist; Invalid for a span that ends before it begins or is
    longer than ten years, or rule packs that cannot be used.
    """
    if last < first:
        raise Invalid(
            "预测的起止月份有误", {"months": "结束早于开始，请改正"}, "the span ends before it begins"
        )
    if (last.year - first.year) * 12 + last.month - first.month >= LONGEST_MONTHS:
        raise Invalid(
            "预测的月数过多", {"months": f"最多{LONGEST_MONTHS}个月，请分段预测"}, "at most 120 months"
        )
    organization = session.get(Organization, org_id)
    if organization is None:
        raise NotFound("没有找到该单位", "no such organization")
    try:
        book = book_of(organization.rule_layers)
    except PackError as error:
        raise Invalid(
            f"本单位的规则包不能使用：{error}", {"rule_layers": str(error)}, "the rule packs cannot be used"
        ) from error
    patents = portfolio(session, org_id, organization.name, patent_id=patent_id)
    return forecast(patents, first, last, policy=_policy(book, today), book=book, pay_on=today)


def portfolio(
    session: Session, org_id: int, institution: str, *, patent_id: int | None = None
) -> Iterator[PortfolioPatent]:
    """Stream the organization's patents as the forecast looks at them, by number."""
    query = select(
        Patent.id,
        Patent.application_no,
        Patent.title,
        Patent.kind,
        Patent.status,
        Patent.filing_date,
        Patent.grant_date,
        Patent.owners,
        Patent.flags,
        Patent.fee_reduction,
        Patent.fee_paid_year,
        Patent.fee_payer,
    ).where(Patent.org_id == org_id)  # type: ignore[call-overload]  # sqlmodel types at most four columns
    if patent_id is not None:
        query = query.where(Patent.id == patent_id)
    own_name = fold(institution)
    rows = session.exec(query.order_by(col(Patent.application_no)).execution_options(yield_per=CHUNK))
    for id_, number, title, kind, status, filed, granted, owners, flags, reduction, paid_year, payer in rows:
        used, notes = reduction_of(reduction, owners, own_name)
        if '"open_license"' in flags:
            notes = (*notes, "open_license")
        yield PortfolioPatent(
            id_, number, title, kind, status, filed, granted, used, paid_year, payer, notes
        )  # fmt: skip


def reduction_of(recorded: str, owners: str, own_name: str) -> tuple[str, tuple[str, ...]]:
    """Return the reduction to count with, and the notes on it; `own_name` is folded, `owners` a JSON list.

    What is recorded counts. Otherwise 85 % for the institution as sole owner, which qualifies as 事业单位; nothing
    for co-owners, because each of them must qualify, nor for other owners.

    Source: 专利收费减缴办法 art 3, 4
    """
    if recorded:
        return recorded, ()
    names = [fold(name) for name in orjson.loads(owners)]
    if len(names) > 1:
        return "none", ("joint_owners",)
    return ("85", ("sole_owner",)) if names == [own_name] else ("none", ("other_owner",))


def _policy(book: RuleBook, today: date) -> HousePolicy | None:
    try:
        return book.house(today)
    except PackError:
        return None
