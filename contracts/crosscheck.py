"""Form, contract and register compared field by field, before anything is handed in.

In: a `CaseView` (from which contract and form are made) and what the patent register says now. Out: one
`Difference` per field on which they are not all of one mind. Values are compared in one canonical form.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from contracts.articles import articles
from contracts.mode import FilingPapers, ModeContract
from contracts.modes import MODES
from contracts.phrases import NONE
from contracts.view import CaseView, PatentItem
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
    does not list. A mode without an official form has nothing to compare.
    """
    mode = MODES[view.mode]
    if mode.filing is None:
        return ()
    return (
        *_patents(view, mode, mode.filing, register_patents),
        *_parties(view, mode, register_patents),
        *_named(view, mode, mode.filing),
        *_terms(view, mode, mode.filing),
    )


def _patents(
    view: CaseView, mode: ModeContract, filing: FilingPapers, register_patents: Sequence[PatentItem]
) -> Iterator[Difference]:
    known = {_key(patent.patent_no or patent.application_no): patent for patent in register_patents}
    form = {_row_key(row): row for row in filing.rows(view, mode)}
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
            ("专利权人", "、".join(patent.owners), row.get("before"), "、".join(registered.owners)),
            ("有效期限届满日", _day(patent.term_end), None, _day(registered.term_end)),
        )
        for label, contract, on_form, register in pairs:
            yield from _compared(f"{place} {label}", contract, on_form, register)
    for patent in known.values():
        yield Difference(f"专利 {patent.patent_no or patent.title}", "", "", patent.title)


def _parties(
    view: CaseView, mode: ModeContract, register_patents: Sequence[PatentItem]
) -> Iterator[Difference]:
    for patent in register_patents:
        if patent.owners and fold(view.ours.name) not in {fold(owner) for owner in patent.owners}:
            yield Difference(
                f"{mode.sides_of(view.terms).ours}（{patent.patent_no}）",
                view.ours.name,
                view.ours.name,
                "、".join(patent.owners),
            )


def _named(view: CaseView, mode: ModeContract, filing: FilingPapers) -> Iterator[Difference]:
    for named in filing.named(view, mode):
        register = named.contract if named.register is None else named.register
        for found in _compared(named.field, named.contract, named.form, register):
            yield replace(found, register=named.register or "")


def _terms(view: CaseView, mode: ModeContract, filing: FilingPapers) -> Iterator[Difference]:
    """Compare what the form states with the words of the contract's own articles."""
    text = "\n".join(
        line
        for article in articles(view)
        for paragraph in article.paragraphs
        for line in (paragraph.text, *(item.text for item in paragraph.items))
    )
    for stated in filing.stated(view, mode):
        if stated.wording not in text:
            yield Difference(stated.field, "", stated.value, "")


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
