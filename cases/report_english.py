"""Definitions of the figures of reports in English, for readers of the English screens; the workbooks are in Chinese.

Keyed by the figure, or by what its key begins with. The frozen content keeps the Chinese definition alone, so that an
improved translation changes no report.
"""

from collections.abc import Mapping

from cases.indicators.catalog import INDICATORS
from cases.report_content import Figure

MONTHLY: Mapping[str, str] = {
    "running": "cases opened and not closed at the end of the month",
    "stage:end": "cases whose contract has ended while other duties remain",
    "stage:": "of these, cases in the stage at the end of the month",
    "mode:": "of these, cases of the mode at the end of the month",
    "opened": "cases opened in the month",
    "closed": "cases closed in the month",
    "signed_value": "sum of the contracts signed in the month, by the terms at its end; without a fixed sum they count as 0",
    "signed": "contracts signed in the month; every taking of an open license counts",
    "received_value": "sum of what was received in the month",
    "received": "receipts of the month",
    "late:statutory": "of these, deadlines set by law",
    "late": "deadlines past and not met at the end of the month; expected days of others are left out",
    "filed": "filings submitted in the month for which the law sets a time limit",
    "in_time": "filings submitted by their day / filings submitted in the month",
    "median:": "calendar days, the lower median of what ended in the month",
    "most:": "calendar days, the longest of what ended in the month",
    "labeled": "labels that patents earned in the month",
    "owed": "labels earned and not fed back to the platform at the end of the month",
}
YEARLY: Mapping[str, str] = {
    "contracts:": "of these, contracts of the class signed in the year",
    "contracts": "contracts signed in the year; every taking of an open license counts",
    "value:": "sum of the contracts of the class",
    "value": "sum of the contracts signed in the year, by the terms at its end",
    "received": "sum of what was received in the year",
    "cash_heads": "heads of each payment, added up",
    "cash": "cash rewards paid in the year",
    "net": "net income that the rewards of the year were paid from",
    "shares_heads": "heads of each award of shares, added up",
    "shares": "shares awarded in the year",
    "patents": "patents of the cases with a contract in the year; one in several cases counts several times",
}
FEEDBACK: Mapping[str, str] = {
    "rows": "labels to be fed back, one row for each patent and label",
    "label:": "patents that have earned the label and are not fed back yet",
}
DEFINITIONS: Mapping[str, Mapping[str, str]] = {"monthly": MONTHLY, "yearly": YEARLY, "feedback": FEEDBACK}


def definition_en(kind: str, figure: Figure) -> str:
    """Return the definition of a figure in English; empty if there is none."""
    if figure.key in INDICATORS and kind == "indicators":
        return next((one.en for one in INDICATORS[figure.key].definitions if one.zh == figure.note), "")
    told = DEFINITIONS.get(kind, {})
    return told.get(figure.key) or next(
        (text for start, text in told.items() if figure.key.startswith(start)), ""
    )
