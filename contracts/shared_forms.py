"""The papers that modes share: contract, publicity notice, approval form, data of the contract's registration.

They name the sides as the mode does and show the rows that its terms put forward.
"""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from contracts.articles import articles
from contracts.lint import lint_contract
from contracts.mode import Document, ModeContract
from contracts.numbering import annex_number
from contracts.papers.consent_forms import CO_OWNER_CONSENT, INTEREST_STATEMENT, PLEDGEE_CONSENT
from contracts.papers.house_forms import MINUTES, OBJECTION_PAPERS, REWARD_TABLE
from contracts.party_words import party_words
from contracts.patent_rows import inventors
from contracts.phrases import NONE, cell, day
from contracts.registration_sheet import REGISTRATION_SHEET
from contracts.view import ApprovalLine, CaseView
from rules.dates import chinese_date


def contract_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return articles, cover, the two parties and the annexes of a contract."""
    return {
        "articles": articles(view),
        "cover": _cover(view, mode),
        "parties": _parties(view, mode),
        "annexes": _annexes(mode),
        "annex_sections": [
            {"wide": wide, "annexes": list(group)}
            for wide, group in groupby(_annexes(mode), key=lambda annex: annex["wide"])
        ],
    }


def _cover(view: CaseView, mode: ModeContract) -> list[dict[str, str]]:
    outline = view.terms.outline()
    rows = [("项目名称", view.terms.project_name)]
    rows += [(party["heading"], party["name"]) for party in _parties(view, mode)]
    rows.append((mode.patents_zh, _patents_in_short(view)))
    rows += [(blank, _ROOM) for blank in mode.cover_blanks]
    rows.append(("签订地点", outline.signing_place + _ROOM))
    rows.append(("签订日期", day(view.day("signed_on") or outline.signing_date, "　　　　年　　月　　日")))
    start, end = view.term or (outline.start, outline.end)
    if start is not None and end is not None:
        rows.append(("有效期限", f"{chinese_date(start)}至{chinese_date(end)}"))
    return [{"label": label, "value": value} for label, value in rows]


def _patents_in_short(view: CaseView) -> str:
    if not view.patents:
        return NONE
    first, more = view.patents[0], f"等{len(view.patents)}件" if len(view.patents) > 1 else ""
    return f"{cell(first.patent_no)}　{first.title}{more}"


def _parties(view: CaseView, mode: ModeContract) -> list[dict[str, Any]]:
    """Return the two parties of a contract, 甲方 first."""
    sides = mode.sides
    both = [(sides.heading(ours=True), view.ours), (sides.heading(ours=False), view.theirs)]
    ordered = both if sides.ours_first else both[::-1]
    return [{"heading": heading, **party_words(party)} for heading, party in ordered if party is not None]


def _annexes(mode: ModeContract) -> list[dict[str, Any]]:
    return [
        {
            "n": n,
            "number": annex_number(n),
            "title": annex.title,
            "template": annex.template,
            "wide": annex.wide,
        }
        for n, annex in enumerate(mode.annexes, 1)
    ]


def notice_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return what the price publicity says: name of the result and intended price, as the law asks.

    Source: 促进科技成果转化法 art 18
    """
    note = view.terms.way_note()
    return {
        "price": view.terms.fee_words().summary,
        "kind": mode.kind_zh,
        "team": inventors(view),
        "told": [
            {"label": label, "value": value}
            for label, value in (
                ("转化方式", f"{mode.way_zh}，{note}" if note else mode.way_zh),
                *view.terms.notice_rows(),
            )
        ],
    }


def approval_words(view: CaseView, mode: ModeContract) -> Mapping[str, Any]:
    """Return the fields of the internal approval form, with what reading the contract found."""
    return {
        "told": [{"label": label, "value": value} for label, value in view.terms.approval_rows()],
        "opinions": [_opinion(line) for line in _approval_lines(view)],
        "findings": [f"{found.place}：{found.what_zh}{found.remedy_zh}" for found in lint_contract(view)],
        "inventors": inventors(view),
        "without_publicity": not mode.is_publicized and view.publicity.posted_on is None,
    }


def _approval_lines(view: CaseView) -> list[ApprovalLine]:
    """Return who signs the form: the stages of the route, or the usual offices before a single deciding body."""
    known = {line.body: line for line in view.approvals}
    staged = [line.body for line in view.approvals if line.stage]
    usual = ["所在院系", "成果转化部门", view.approval_body or "审批机构"]
    return [known.get(body, ApprovalLine(body, "")) for body in ("项目负责人", *(staged or usual))]


def _opinion(line: ApprovalLine) -> Mapping[str, str]:
    said = "。".join(part.rstrip("。") for part in (line.opinion or line.decision, line.vote) if part)
    return {
        "body": f"第{line.stage}环节 {line.body}" if line.stage else line.body,
        "text": said,
        "by": f"{line.decided_by}（代{line.decided_for}）" if line.decided_for else line.decided_by,
        "on": day(line.decided_on, "　　年　　月　　日"),
        "no": line.minutes_no,
    }


_ROOM = "\u00a0"  # keeps an empty cell of the cover as high as a filled one
SHARED: Mapping[str, Document] = {
    document.kind: document
    for document in (
        Document("contract", "", "", "contracts/contract.html", "contract", contract_words, has_draft=True, rules=("K-01",)),
        Document(
            "acceptance_contract", "", "", "contracts/contract.html", "contract", contract_words, each="acceptance",
            rules=("K-01", "OP-15"),
        ),
        Document(
            "publicity_notice", "科技成果转化公示", "Publicity notice",
            "forms/publicity_notice.html", "forms", notice_words, made_for="publicity",
            rules=("PR-03", "PR-04"),
        ),
        Document(
            "approval_form", "科技成果转化审批表", "Internal approval form",
            "forms/approval_form.html", "forms", approval_words, made_for="approval",
            rules=("PR-01", "PR-02"),
        ),
        REGISTRATION_SHEET,
        CO_OWNER_CONSENT,
        PLEDGEE_CONSENT,
        INTEREST_STATEMENT,
        *OBJECTION_PAPERS,
        MINUTES,
        REWARD_TABLE,
    )
}  # fmt: skip
