"""The papers of an open license: declaration, brief of the fee, withdrawal, and what each licensee's filing needs.

Each form names its source and marks the fields whose official wording has not been read (待核实).
"""

from collections.abc import Mapping
from typing import Any

from contracts.filing_pages import attorney_page
from contracts.mode import Document, FilingPapers, ModeContract, Stated
from contracts.papers.consent_forms import co_owners
from contracts.papers.cover import cover_rows
from contracts.papers.filing_forms import ACCEPTANCE_CANCELLATION, ACCEPTANCE_CHANGE
from contracts.patent_rows import patent_rows
from contracts.phrases import BLANK, BLANK_DATE, NONE, cell, day
from contracts.view import CaseView
from rules.dates import chinese_date, parse_date
from rules.money import format_yuan

UNVERIFIED = "待核实"
SOURCE = "依据《专利法实施细则》第八十五条、《专利审查指南》第五部分第十一章编制；官方表格版式未见"
PROMISE = (
    "专利权人承诺：上述专利不存在专利法实施细则第八十六条规定的不得开放许可的情形，声明内容真实、准确，"
    "对符合声明条件并依法支付许可使用费的被许可人给予普通许可。"
)
LONGEST_BASIS = 2000
PER_LICENSEE = ("acceptance_notice", "acceptance_contract", "acceptance_filing_form")


def _sealed(view: CaseView) -> str:
    return day(view.day("signed_on"))


def declaration_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the fields of the declaration.

    Source: 专利法实施细则 art 85; 专利审查指南 part 5 ch 11 §3.3
    """
    owners = list(dict.fromkeys(owner for patent in view.patents for owner in patent.owners)) or [
        view.ours.name
    ]
    needs_report = [patent.title for patent in view.patents if patent.kind in ("utility", "design")]
    return {
        "owners": "、".join(owners),
        "is_shared": len(owners) > 1,
        "promise": PROMISE,
        "reports": "、".join(needs_report) or NONE,
        "sealed_on": _sealed(view),
        "source": SOURCE,
        "unverified": UNVERIFIED,
        "told": declared_words(view),
        "characters": len("".join("".join(view.terms.words().get("basis", ())).split())),
        "longest": LONGEST_BASIS,
    }  # fmt: skip


def attorney_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the power of attorney: of all owners, for the declaration, its withdrawal and the filings.

    Source: 专利审查指南 part 5 ch 11 §§3.2, 7
    """
    owners = (view.ours, *co_owners(view))
    return attorney_page(
        view,
        tuple(("专利权人", owner) for owner in owners),
        "专利开放许可声明及开放许可实施合同备案事宜",
        (
            "代为提交、撤回专利开放许可声明",
            "代为办理开放许可实施合同备案、备案变更和备案注销手续",
            "代为提交、补正和签收有关文件",
        ),
    )


def declared_words(view: CaseView) -> dict[str, str]:
    """Return what the office has published of the declaration, or blanks."""
    known = view.told.get("declaration", {})
    return {
        "record_no": known.get("record_no") or BLANK,
        "recorded_on": _written(known.get("recorded_on")),
        "reason": known.get("reason") or "",
    }


def acceptance_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return what the papers of one licensee say: notice, term, payment, filing.

    Source: 专利法 art 51; 专利法实施细则 art 87; 专利审查指南 part 5 ch 11 §§6-7
    """
    known = view.told.get("acceptance", {})
    paid = known.get("amount_fen")
    return {
        **declaration_words(view, mode),
        "no": known.get("no") or BLANK,
        "notified_on": _written(known.get("notified_on")),
        "start": _written(known.get("start")),
        "end": _written(known.get("end")),
        "scope": known.get("scope") or NONE,
        "effective_on": _written(known.get("effective_on")),
        "paid": f"人民币{format_yuan(paid)}元" if paid else "0（无偿）" if paid == 0 else BLANK,
        "paid_on": _written(known.get("paid_on")),
        "proof": cell(known.get("reference")),
        "filed_by": {"owner": "专利权人", "licensee": "被许可人"}.get(known.get("filing", {}).get("filed_by", ""), BLANK),
        "handler": cell(view.officer),
    }  # fmt: skip


def told_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return what the clauses with one licensee say of gazette, notice and payment (`o`)."""
    return {**acceptance_words(view, mode), **declared_words(view)}


def cover_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the checklist of what goes with the declaration.

    Source: 专利法 art 50; 专利审查指南 part 5 ch 11 §§3.2-3.5
    """
    return {"checklist": cover_rows("open_declaration", view)}


def _written(value: str | None) -> str:
    return chinese_date(parse_date(value)) if value else BLANK_DATE


def _rows(view: CaseView, mode: ModeContract) -> list[dict[str, Any]]:
    return patent_rows(view)


def _stated(view: CaseView, mode: ModeContract) -> tuple[Stated, ...]:
    """Return nothing: the declaration is the form itself and has no contract beside it."""
    return ()


FILING = FilingPapers(
    forms=("filing_cover",),
    why={
        "declaration": "专利法第50条、专利法实施细则第85条：专利开放许可声明",
        "fee_statement": "专利审查指南第五部分第十一章第3.3节：许可使用费计算依据和方式的简要说明",
        "filing_cover": "材料清单，供窗口和归档使用",
    },
    rows=_rows,
    stated=_stated,
    pack_title=("开放许可声明材料包", "Declaration pack"),
    after=("sign",),
)
DOCUMENTS = (
    Document(
        "declaration", "专利开放许可声明", "Open-license declaration",
        "forms/open_license_declaration.html", "forms", declaration_words, has_draft=True,
        rules=("OP-03", "OP-01"), is_official=True,
    ),
    Document(
        "fee_statement", "许可使用费估算说明", "Brief of the fee",
        "forms/open_license_fee.html", "forms", declaration_words, rules=("OP-04", "OP-05", "OP-19"),
    ),
    Document(
        "filing_cover", "开放许可声明材料清单", "Checklist of the declaration",
        "forms/open_license_cover.html", "forms", cover_words, rules=("OP-03", "OP-04"),
    ),
    Document(
        "withdrawal_declaration", "撤回专利开放许可声明", "Withdrawal of the declaration",
        "forms/open_license_withdrawal.html", "forms", declaration_words, rules=("OP-11",),
        is_official=True,
    ),
    Document(
        "acceptance_notice", "专利开放许可实施通知书", "Notice of a licensee",
        "forms/open_license_notice.html", "forms", acceptance_words, each="acceptance",
        rules=("OP-09", "OP-15"),
    ),
    Document(
        "acceptance_filing_form", "专利开放许可实施合同备案申请表", "Filing of an open license",
        "forms/open_license_filing.html", "forms", acceptance_words, each="acceptance",
        rules=("OP-15", "OP-16"), is_official=True,
    ),
    Document(
        "power_of_attorney", "授权委托书", "Power of attorney",
        "forms/power_of_attorney.html", "forms", attorney_words, rules=("OP-07", "OP-15"),
    ),
    ACCEPTANCE_CHANGE,
    ACCEPTANCE_CANCELLATION,
)  # fmt: skip
