"""What others sign before a deal: co-owners, pledgee, the persons who made the result, and whoever took part in it.

In: the case. Out: the words of each paper, one sheet per signatory where several sign alone. Who they are comes from
the register of patents; their particulars from the register of companies, and blank lines where it knows none.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from contracts.mode import Document, ModeContract
from contracts.papers import told
from contracts.party_words import party_words
from contracts.patent_rows import patent_rows
from contracts.phrases import BLANK, BLANK_DATE, NONE
from contracts.view import CaseView, Party
from rules.text import fold

Words = Mapping[str, Any]
_LINES = ("uscc", "address", "legal_representative", "contact", "phone")


def co_owners(view: CaseView) -> tuple[Party, ...]:
    """Return those who own a patent with us, with what the register of companies knows of them."""
    known = {fold(party.name): party for party in view.co_owners}
    names = dict.fromkeys(owner for patent in view.patents for owner in patent.owners)
    return tuple(known.get(fold(name), Party(name)) for name in names if fold(name) != fold(view.ours.name))


def _with_blanks(party: Party) -> Words:
    """Return a party whose unknown particulars are lines to fill in by hand."""
    words = party_words(party)
    return {**words, **{name: words[name] if words[name] != NONE else BLANK for name in _LINES}}


def numbered(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows of patents numbered anew, each under the number it goes by: of the patent, or of the application."""
    return [
        {**row, "n": n, "number": row["application_no"] if row["patent_no"] == NONE else row["patent_no"]}
        for n, row in enumerate(rows, 1)
    ]


def other_side(view: CaseView) -> str:
    """Return whom a case deals with; an open license is offered to all."""
    return view.theirs.name if view.theirs is not None else "符合条件的任何单位或者个人"


def _deal_words(view: CaseView, mode: ModeContract) -> Words:
    """Return what who consents has to know of the deal."""
    fee = view.terms.fee_words()
    return {
        "deal": [
            ("转化方式", mode.way_zh),
            (
                mode.sides.theirs,
                view.theirs.name if view.theirs is not None else "符合条件的任何单位或者个人",
            ),
            *view.terms.notice_rows(),
            ("价款", "；".join(filter(None, (fee.amount, fee.summary))) or BLANK),
        ],
        "contract_title": mode.title_zh,
    }


def co_owner_words(view: CaseView, mode: ModeContract) -> Words:
    """Return one sheet per co-owner, with the patents that it owns a part of.

    Source: 专利法 art 14; 专利审查指南 part 1 ch 1 §6.7.2.2(2); 专利实施许可合同备案办法 art 3
    """
    rows = patent_rows(view)
    sheets = [
        {"party": _with_blanks(party), "patents": numbered([rows[n] for n in _owned(view, party)])}
        for party in co_owners(view)
    ]
    nobody = [{"party": {**_with_blanks(Party("")), "name": BLANK}, "patents": numbered(rows)}]
    return {**_deal_words(view, mode), "sheets": sheets or nobody, "needs_all": mode.needs_co_owners}


def _owned(view: CaseView, party: Party) -> list[int]:
    return [
        n
        for n, patent in enumerate(view.patents)
        if fold(party.name) in {fold(owner) for owner in patent.owners}
    ]


def pledgee_words(view: CaseView, mode: ModeContract) -> Words:
    """Return the consent of a pledgee: to the patents that the register shows as pledged, or to all.

    Source: 民法典 art 444(2); 专利审查指南 part 1 ch 1 §6.7.2.2(7)
    """
    flags = told.flags(view)
    rows = numbered(patent_rows(view))
    pledged = [row for row in rows if "pledged" in flags.get(row["application_no"], ())]
    given = [row for row in told.rows(view, "consents") if row.get("consent") == "pledgee"]
    return {
        **_deal_words(view, mode),
        "pledged": numbered(pledged or rows),
        "pledgee": given[-1]["given_by"] if given else BLANK,
    }


def waiver_words(view: CaseView, mode: ModeContract) -> Words:
    """Return the notice of the first refusal and the answers to it, one line per person who made the result.

    Source: 民法典 art 847
    """
    known = told.section(view, "first_refusal")
    answers = {name: answer for answer in known.get("answers", ()) for name in answer["names"]}
    names = known.get("told") or dict.fromkeys(name for patent in view.patents for name in patent.inventors)
    return {
        **_deal_words(view, mode),
        "people": [
            {
                "n": n,
                "name": name,
                "answer": answers.get(name, {}).get("answer", ""),
                "on": told.written(answers.get(name, {}).get("answered_on"), "　　年　月　日"),
            }
            for n, name in enumerate(names, 1)
        ],
        "numbered": numbered(patent_rows(view)),
        "notified_on": told.written(known.get("notified_on")),
        "answer_by": told.written(known.get("answer_by")),
        "payments_known": bool(view.terms.payment_schedule()),
    }


def interest_words(view: CaseView, mode: ModeContract) -> Words:
    """Return the statement of interest, signed by everyone who made the result or handled the deal."""
    names = dict.fromkeys(
        [*(name for patent in view.patents for name in patent.inventors), *filter(None, [view.officer])]
    )
    return {
        **_deal_words(view, mode),
        "people": [
            {"n": n, "name": name, "role": "经办人" if name == view.officer else "成果完成人"}
            for n, name in enumerate(names, 1)
        ],
        "kinds": (
            "持有该单位的股权或者出资",
            "在该单位任职、兼职或者担任顾问",
            "配偶、父母、子女、兄弟姐妹或者其配偶在该单位持股或者任职",
            "近三年与该单位有合同、借贷或者其他经济往来",
            "其他可能影响公正的关系",
        ),
        "other_side": other_side(view),
        "related": view.publicity.related_party,
        "blank_date": BLANK_DATE,
    }


CO_OWNER_CONSENT = Document(
    "co_owner_consent", "专利共有人同意书", "Consent of the co-owners", "forms/co_owner_consent.html", "forms",
    co_owner_words, made_for="consents", rules=("O-06",),
)  # fmt: skip
PLEDGEE_CONSENT = Document(
    "pledgee_consent", "质权人同意书", "Consent of the pledgee", "forms/pledgee_consent.html", "forms",
    pledgee_words, made_for="consents", rules=("PG-02", "PG-05"), told=("flags", "consents"),
)  # fmt: skip
REFUSAL_NOTICE = Document(
    "refusal_notice", "优先受让通知书", "Notice of first refusal", "forms/refusal_notice.html", "forms",
    waiver_words, made_for="first_refusal", rules=("O-08", "PR-13"), told=("first_refusal",),
)  # fmt: skip
INVENTOR_WAIVER = Document(
    "inventor_waiver", "成果完成人放弃优先受让声明", "Waiver of first refusal", "forms/inventor_waiver.html", "forms",
    waiver_words, made_for="first_refusal", rules=("O-08", "PR-13"), told=("first_refusal",),
)  # fmt: skip
INTEREST_STATEMENT = Document(
    "interest_statement", "利益关系声明", "Statement of interest", "forms/interest_statement.html", "forms",
    interest_words, made_for="approval", rules=("COI-01",),
)  # fmt: skip
