"""The dates of a contribution that can be corrected beside those of every mode: the company's, the notice's, the award's.

What is counted from the later of registration and change of owner moves with whichever of the two is corrected.
Source: 公司法 art 47; 税务总局公告2016年第62号
"""

from collections.abc import Mapping
from datetime import date

from states.context import Context
from states.equity_award import publicity_opening
from states.equity_company import registration_openings
from states.equity_earned import earned_by
from states.plan import Opening
from states.recorded_dates import Label, RecordedDate


def _company(ctx: Context, registered: date) -> tuple[Opening, ...]:
    return (*registration_openings(registered), *earned_by(ctx, company=registered)[0])


def _company_label(ctx: Context, registered: date) -> Label | None:
    return earned_by(ctx, company=registered)[1]


def _notice(ctx: Context, recorded: date) -> tuple[Opening, ...]:
    return earned_by(ctx, filing=recorded)[0]


def _notice_label(ctx: Context, recorded: date) -> Label | None:
    return earned_by(ctx, filing=recorded)[1]


def _award(ctx: Context, posted: date) -> tuple[Opening, ...]:
    return (publicity_opening(ctx, posted),)


DATES: Mapping[str, RecordedDate] = {
    "company_registered": RecordedDate(
        "company", "registered_on", "公司登记日期", "company registered on", _company, "contract_signed", "award_granted",
        label=_company_label,
    ),
    "filing_recorded": RecordedDate(
        "filing", "recorded_on", "手续合格通知书发文日", "date of the notice", _notice, "filing_submitted",
        label=_notice_label,
    ),
    "award_posted": RecordedDate(
        "award", "posted_on", "股权奖励公示开始日期", "award posted on", _award, "contract_signed", needs=("award_posted",)
    ),
    "award_granted": RecordedDate(
        "award", "granted_on", "奖励股权登记日期", "award registered on", after="company_registered"
    ),
}  # fmt: skip
