"""Made-up cases of every mode, with terms of many kinds: what templates are tried with. Nothing in them is real."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from contracts.deal import DealTerms
from contracts.fields import form_fields
from contracts.modes import MODES
from contracts.terms import check_terms
from contracts.view import Appraisal, ApprovalLine, CaseView, Party, PatentItem, Publicity
from desk.story import terms_of
from exchange.sample_patents import INSTITUTION, PUBLIC, sample_companies, sample_patents, uscc_of
from rules.patent_numbers import display_number
from rules.patent_term import term_of

OPENED = date(2026, 3, 2)


@lru_cache(maxsize=1)
def sample_views() -> tuple[CaseView, ...]:
    """Return one case per mode, and one more for each choice of its terms that a contract could be made on."""
    return tuple(view for mode in MODES for view in _views(mode))


def sample_view(mode: str) -> CaseView:
    """Return the plain case of a mode."""
    return next(view for view in sample_views() if view.mode == mode)


def _views(mode: str) -> Iterator[CaseView]:
    plain = terms_of(OPENED, mode=mode)
    for raw in ({}, *_choices(mode)):
        checked = check_terms(mode, {**plain, **raw})
        if checked.terms is not None:
            yield _view(mode, checked.terms)


def _choices(mode: str) -> Iterator[Mapping[str, Any]]:
    """Yield each choice of the form by itself; those that do not go together with the rest are left out later."""
    for field in form_fields(MODES[mode].terms):
        if "." not in field.name:
            yield from ({field.name: option.value} for option in field.options)


def _view(mode: str, terms: DealTerms) -> CaseView:
    company = sample_companies()[0]
    ours = Party(
        INSTITUTION, uscc_of(PUBLIC, 1_000_001), "沧澜市学府路100号", "林知远", "周思齐", "0599-6100001",
        "tto@canglan.example", "中国银行沧澜学府支行", "6200 0000 0000 0001",
    )  # fmt: skip
    theirs = Party(
        company.name, company.uscc, company.address, company.legal_representative, "冯清扬", "0599-6200002",
        "legal@qiheng.example", "中国工商银行沧澜高新支行", "1400 0000 0000 0002",
    )  # fmt: skip
    return CaseView(
        case_no="样例-2026-0001",
        contract_no="样例合同-2026-001",
        mode=mode,
        ours=ours,
        theirs=None if mode == "open_license" else theirs,
        patents=_patents(),
        terms=terms,
        institution=INSTITUTION,
        officer="周思齐",
        department="技术转移办公室",
        dates={"checked_on": OPENED, "opened_on": OPENED},
        publicity=Publicity(
            posted_on=OPENED, ends_on=date(2026, 3, 17), place="学校科技成果转化网", contact="周思齐"
        ),
        approvals=(ApprovalLine("成果转化部门", "同意", "周思齐", OPENED),),
        approval_body="校长办公会",
        appraisal=Appraisal("沧评字〔2026〕1号", "沧澜资产评估有限公司", 500_000_000, OPENED),
    )


def _patents() -> tuple[PatentItem, ...]:
    granted = [patent for patent in sample_patents(OPENED, 30) if patent.grant_date is not None][:2]
    return tuple(
        PatentItem(
            display_number(patent.application_no), f"ZL{display_number(patent.application_no)}", patent.title,
            patent.kind, patent.filing_date, patent.grant_date, term_of(patent.kind, patent.filing_date).last_day,
            (INSTITUTION,), ("林㛃", "陈䶮"), patent.publication_no, patent.ipc,
        )
        for patent in granted
    )  # fmt: skip
