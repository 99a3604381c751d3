"""What a contribution to a company has recorded, as its papers show it: appraisal, award, the company as new owner.

In: the data of a case. Out: values of `contracts.view`; of other modes, which have recorded nothing of this, the
empty ones.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from cases.loading import Loaded
from contracts.view import Appraisal, Party, Publicity
from rules.equity_deferral import equity_deferral
from rules.income_taxes import NoRelief
from rules.packs import RuleBook
from states.equity_award import award_publicity
from states.facts import CaseData


def appraisal_of(data: CaseData) -> Appraisal | None:
    """Return the appraisal, with why the value agreed is another; None if the patents were not appraised."""
    if not data.get("valuation", "report_no"):
        return None
    return Appraisal(
        report_no=data.text("valuation", "report_no"),
        agency=data.text("valuation", "agency"),
        value_fen=int(data.get("valuation", "value_fen")),
        value_on=data.day("valuation", "value_on"),
        valid_until=data.day("valuation", "valid_until"),
        difference=data.text("price", "difference"),
    )


def award_publicity_of(loaded: Loaded, usual: Publicity) -> Publicity:
    """Return the publicity of the award, with the length and the contacts of the house."""
    data = loaded.facts.data
    posted = data.day("award", "posted_on")
    if posted is None:
        return Publicity(contact=usual.contact, phone=usual.phone, email=usual.email)
    house = loaded.book.house(posted)
    return replace(
        usual,
        posted_on=posted,
        ends_on=award_publicity(loaded.book, posted).last_day,
        days=house.reward_publicity_days,
        unit_zh="个工作日" if house.reward_publicity_unit == "wd" else "日",
        place=data.text("award", "place"),
        result=data.text("award", "result"),
    )


def new_owner_of(data: CaseData) -> Party | None:
    """Return the company that was registered, if one was."""
    if not data.get("company", "company"):
        return None
    return Party(name=data.text("company", "company"), uscc=data.text("company", "uscc"))


def contribution_dates(data: CaseData) -> Mapping[str, date | None]:
    """Return the days on which the patents and the shares changed hands."""
    return {
        "registered_on": data.day("company", "registered_on"),
        "recorded_on": data.day("filing", "recorded_on"),
    }


def deferral_by(data: CaseData, book: RuleBook) -> date | None:
    """Return the last day for filing the deferral; None while patents or shares have not changed hands."""
    registered, recorded = contribution_dates(data).values()
    if registered is None or recorded is None:
        return None
    try:
        return equity_deferral(recorded, registered, book=book, all_shares=True, resident=True).file_by
    except NoRelief:
        return None
