"""Form, contract and register compared field by field, before anything is handed in.

In: a `CaseView` (from which contract and form are made) and what the patent register says now. Out: one
`Difference` per field on which they are not all of one mind. Values are compared in one canonical form.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.articles import articles
from contracts.form_words import filing_words
from contracts.view import CaseView, PatentItem
from contracts.wording import NONE, fee_words
from rules.text import fold


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that disagrees; a source that does not state the field has an empty text."""

    field: str
    contract: str
    form: str
    register: str


def crosscheck(view: CaseView, register_patents: Sequence[PatentItem]) -> tuple[Difference, ...]:
    """Return the fields in which contract, form and register differ, patents first.

    A patent that the register does not know is one difference; so is one of the register that the contract
    does not list.
    """
    return (*_patents(view, register_patents), *_parties(view, register_patents), *_terms(view))


def _patents(view: CaseView, register_patents: Sequence[PatentItem]) -> Iterator[Difference]:
    known = {_key(patent.patent_no or patent.application_no): patent for patent in register_patents}
    words = filing_words(view)
    form = {_row_key(row): row for row in words["annex"] or words["rows"]}
    for patent in view.patents:
        key = _key(patent.patent_no or patent.application_no)
        registered, row = known.pop(key, None), form.get(key)
        place = f"专利 {patent.patent_no or patent.title}"
        if registered is None or row is None:
            yield Difference(
                place, patent.title, row["title"] if row else "", registered.title if registered else ""
            )
            continue
        pairs = (
            ("名称", patent.title, row["title"], registered.title),
            ("申请日", _day(patent.filing_date), row["filing_date"], _day(registered.filing_date)),
            ("授权公告日", _day(patent.grant_date), row["grant_date"], _day(registered.grant_date)),
            ("专利权人", "、".join(patent.owners), None, "、".join(registered.owners)),
            ("有效期限届满日", _day(patent.term_end), None, _day(registered.term_end)),
        )
        for label, contract, on_form, register in pairs:
            yield from _compared(f"{place} {label}", contract, on_form, register)
    for patent in known.values():
        yield Difference(f"专利 {patent.patent_no or patent.title}", "", "", patent.title)


def _parties(view: CaseView, register_patents: Sequence[PatentItem]) -> Iterator[Difference]:
    for patent in register_patents:
        if patent.owners and fold(view.licensor.name) not in {fold(owner) for owner in patent.owners}:
            yield Difference(
                f"许可人（{patent.patent_no}）",
                view.licensor.name,
                view.licensor.name,
                "、".join(patent.owners),
            )


def _terms(view: CaseView) -> Iterator[Difference]:
    """Compare what the form states with the words of the contract's own articles."""
    words = filing_words(view)
    text = "\n".join(
        line
        for article in articles(view)
        for paragraph in article.paragraphs
        for line in (paragraph.text, *(item.text for item in paragraph.items))
    )
    stated = (
        ("许可种类", words["kind"], f"以{words['kind']}的方式实施全部许可专利"),
        ("许可范围", words["scope"], words["scope"]),
        ("许可生效日期", words["start"], words["start"]),
        ("许可终止日期", words["end"], words["end"]),
    )
    for label, value, wording in stated:
        if wording not in text:
            yield Difference(label, "", value, "")
    fee = fee_words(view.terms)
    if not view.terms.royalty_free and fee["total"] != "0.00" and f"¥{fee['total']}" not in text:
        yield Difference("使用费", "", fee["amount"], "")


def _compared(field: str, contract: str, form: str | None, register: str) -> Iterator[Difference]:
    """Yield a difference unless all sources that state the field agree."""
    values = [contract, register] if form is None else [contract, form, register]
    if len({fold(value).replace(fold(NONE), "") for value in values}) > 1:
        yield Difference(field, contract, form or "", register)


def _key(number: str) -> str:
    return re.sub(r"^ZL|[.\s]", "", fold(number))


def _row_key(row: Mapping[str, str]) -> str:
    return _key(row["application_no"] if row["patent_no"] == NONE else row["patent_no"])


def _day(value: date | None) -> str:
    return value.isoformat() if value is not None else ""
