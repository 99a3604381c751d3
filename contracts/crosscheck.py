"""Form, contract and register compared field by field, before anything is handed in.

In: a `CaseView` (from which contract and form are made), what the patent register says now, and the data that travels
in the signed contract. Out: one `Compared` per field, whether its sources agree or not: what agrees is proven too.
Values are compared in one canonical form.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.articles import articles
from contracts.documents import build_html
from contracts.fields import meta_of
from contracts.kinds import document_of
from contracts.mode import FilingPapers, ModeContract
from contracts.modes import MODES
from contracts.papers.form_cells import Cell, amounts_in, cells_of
from contracts.phrases import BLANK, NONE
from contracts.view import CaseView, PatentItem
from rules.text import fold

GROUPS = {
    "patents": ("专利", "patents"), "parties": ("当事人", "parties"), "terms": ("商务条款", "terms"),
    "amounts": ("金额大小写", "amounts in words"), "signed": ("已签合同", "signed contract"),
}  # fmt: skip
REMEDIES = {
    "patents": ("核对专利登记簿：登记有误的更正专利资料，合同有误的更正合同后重新生成", "correct the record or the contract"),
    "parties": ("在“企业”或者“单位信息”中更正，重新生成有关文书", "correct company or organization, make the papers anew"),
    "terms": ("更正商务条款，重新生成合同和表格", "correct the terms, make contract and form anew"),
    "amounts": ("重新生成该文书", "make the paper anew"),
    "signed": ("按已签合同更正资料，或者与对方订立补充协议", "follow the signed contract, or amend it"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that disagrees; a source that does not state the field has an empty text."""

    field: str
    contract: str
    form: str
    register: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One field with what each source says of it; None is a source that does not state the field."""

    group: str
    field: str
    contract: str | None
    form: str | None
    register: str | None
    agrees: bool

    @property
    def difference(self) -> Difference:
        """The field as a difference."""
        return Difference(self.field, self.contract or "", self.form or "", self.register or "")

    @property
    def remedy(self) -> tuple[str, str]:
        """What to do if the sources differ, in Chinese and English."""
        return ("", "") if self.agrees else REMEDIES[self.group]


@dataclass(frozen=True, slots=True)
class _Papers:
    """The forms of a mode as pages, by kind, read once."""

    pages: Mapping[str, str] = field(default_factory=dict)

    contract: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    def cells(self, kind: str) -> tuple[Cell, ...]:
        """Return the values of a form, none if the mode has no such form."""
        return cells_of(self.pages[kind]) if kind in self.pages else ()

    def in_contract(self, value: str) -> str:
        """Return a value if the contract's own pages print it, or the empty text."""
        return value if fold(value) in self.contract else ""


def crosscheck(
    view: CaseView, register_patents: Sequence[PatentItem], signed: Mapping[str, Any] | None = None
) -> tuple[Difference, ...]:
    """Return the fields in which contract, form and register differ, patents first.

    A patent that the register does not know is one difference; so is one of the register that the contract
    does not list.
    """
    return tuple(found.difference for found in compare(view, register_patents, signed) if not found.agrees)


def compare(
    view: CaseView,
    register_patents: Sequence[PatentItem],
    signed: Mapping[str, Any] | None = None,
    original: CaseView | None = None,
) -> tuple[Compared, ...]:
    """Return every field that is compared; `signed` is the data attached to the signed contract, if there is one.

    `original` is the case as that contract was signed, where an agreement has changed its terms since.
    """
    mode = MODES[view.mode].named_by(view.terms)
    papers = _Papers(
        {kind: build_html(kind, view) for kind in _forms(mode)},
        fold(re.sub(r"<[^>]+>", "", build_html("contract", view))) if "contract" in mode.documents else "",
        {kind: document_of(kind, view.mode).title_zh for kind in _forms(mode)},
    )
    filing = mode.filing
    return (
        *_patents(view, mode, filing, register_patents),
        *_owners(view, mode, register_patents),
        *(_named(view, mode, filing) if filing else ()),
        *_parties(view, mode, papers),
        *(_terms(view, mode, filing) if filing else ()),
        *_taken_over(papers),
        *_registration(papers),
        *_amounts(papers),
        *_signed(original or view, mode, signed or {}),
    )


_FIGURES = re.compile(r"[\d,]+\.\d\d")
OFFICIAL = (
    "filing_form", "change_form", "change_reason", "declaration", "fee_statement", "registration_sheet", "deferral_sheet",
)  # fmt: skip


def _forms(mode: ModeContract) -> tuple[str, ...]:
    return tuple(kind for kind in OFFICIAL if kind in mode.documents)


def _patents(
    view: CaseView, mode: ModeContract, filing: FilingPapers | None, register_patents: Sequence[PatentItem]
) -> Iterator[Compared]:
    known = {_key(patent.patent_no or patent.application_no): patent for patent in register_patents}
    rows = filing.rows(view, mode) if filing else None
    form = {_row_key(row): row for row in rows or ()}
    for patent in view.patents:
        key = _key(patent.patent_no or patent.application_no)
        registered, row = known.pop(key, None), form.get(key)
        place = f"专利 {patent.patent_no or patent.title}"
        if registered is None or (rows is not None and row is None):
            yield Compared(
                "patents",
                place,
                patent.title,
                row["title"] if row else "",
                registered.title if registered else "",
                False,
            )
            continue
        yield from _patent(place, patent, row or {}, registered)
    for patent in known.values():
        yield Compared("patents", f"专利 {patent.patent_no or patent.title}", "", "", patent.title, False)


def _patent(place: str, patent: PatentItem, row: Mapping[str, Any], now: PatentItem) -> Iterator[Compared]:
    number = (patent.patent_no or patent.application_no, now.patent_no or now.application_no)
    on_form = row.get("number") or (row.get("patent_no") if patent.patent_no else row.get("application_no"))
    pairs = (
        ("专利号或者申请号", number[0], on_form, number[1]),
        ("名称", patent.title, row.get("title"), now.title),
        ("申请日", _day(patent.filing_date), row.get("filing_date"), _day(now.filing_date)),
        ("授权公告日", _day(patent.grant_date), row.get("grant_date"), _day(now.grant_date)),
        ("专利权人", "、".join(patent.owners), row.get("before"), "、".join(now.owners)),
        ("有效期限届满日", _day(patent.term_end), None, _day(now.term_end)),
    )
    for label, contract, form, register in pairs:
        yield _compared("patents", f"{place} {label}", contract, form, register)


def _owners(view: CaseView, mode: ModeContract, register_patents: Sequence[PatentItem]) -> Iterator[Compared]:
    for patent in register_patents:
        if not patent.owners:
            continue
        agrees = fold(view.ours.name) in {fold(owner) for owner in patent.owners}
        place = f"{mode.sides.ours}（{patent.patent_no}）"
        yield Compared("parties", place, view.ours.name, view.ours.name, "、".join(patent.owners), agrees)


def _named(view: CaseView, mode: ModeContract, filing: FilingPapers) -> Iterator[Compared]:
    for named in filing.named(view, mode):
        yield _compared("parties", named.field, named.contract, named.form, named.register)


_PARTICULARS = (("名称", "name"), ("统一社会信用代码", "uscc"), ("地址", "address"))


def _parties(view: CaseView, mode: ModeContract, papers: _Papers) -> Iterator[Compared]:
    """Compare what the forms print of each side with the contract's own pages and the register of companies."""
    for kind, title in (("filing_form", "备案申请表"), ("registration_sheet", "登记资料表")):
        cells = papers.cells(kind)
        for side, party in view.parties(mode.sides):
            for label, name in _PARTICULARS:
                value = next((c.value for c in cells if _is_of(side, c.group) and c.label == label), None)
                if value is not None:
                    known = getattr(party, name) or NONE
                    yield _compared(
                        "parties", f"{side}{label}（{title}）", papers.in_contract(known), value, known
                    )


def _is_of(side: str, group: str) -> bool:
    return group == side or group.endswith(f"（{side}）")


# What a form takes over from the contract word for word, by kind: labels, amounts by their figures.
TAKEN_OVER: Mapping[str, tuple[str, ...]] = {
    "registration_sheet": ("项目名称", "合同名称", "有效期限", "其中技术交易额"),
    "deferral_sheet": ("被投资企业", "取得的股权", "作价金额"),
}


def _taken_over(papers: _Papers) -> Iterator[Compared]:
    for kind, labels in TAKEN_OVER.items():
        for cell in papers.cells(kind):
            if cell.label in labels and not set(cell.value) <= set(f"{NONE}{BLANK}"):
                wanted = _FIGURES.search(cell.value)
                value = wanted[0] if wanted else cell.value
                yield _compared(
                    "terms", f"{cell.label}（{papers.titles[kind]}）", papers.in_contract(value), value, None
                )


def _terms(view: CaseView, mode: ModeContract, filing: FilingPapers) -> Iterator[Compared]:
    """Compare what the form states with the words of the contract's own articles."""
    text = "\n".join(
        line
        for article in articles(view)
        for paragraph in article.paragraphs
        for line in (paragraph.text, *(item.text for item in paragraph.items))
    )
    for stated in filing.stated(view, mode):
        agrees = stated.wording in text
        yield Compared("terms", stated.field, stated.wording if agrees else "", stated.value, None, agrees)


def _registration(papers: _Papers) -> Iterator[Compared]:
    """Compare the sums of the registration form with each other: the technical and the other part make the whole."""
    sums = {cell.label: amounts_in(cell.value) for cell in papers.cells("registration_sheet")}
    whole, parts = sums.get("合同成交额"), [sums.get("其中技术交易额"), sums.get("其中非技术性费用")]
    if not whole or not all(parts):
        return
    total = sum(_fen(found[0].figures) for found in parts if found)
    yield Compared(
        "terms", "技术交易额与非技术性费用之和", f"{total // 100:,}.{total % 100:02d}", whole[0].figures, None,
        total == _fen(whole[0].figures),
    )  # fmt: skip


def _amounts(papers: _Papers) -> Iterator[Compared]:
    """Check on every form that the words of an amount are those of its figures."""
    for kind, page in papers.pages.items():
        for amount in amounts_in(page):
            place = f"{papers.titles[kind]} ¥{amount.figures}"
            yield Compared("amounts", place, None, amount.words, amount.proper, amount.words == amount.proper)


def _signed(view: CaseView, mode: ModeContract, signed: Mapping[str, Any]) -> Iterator[Compared]:
    """Compare the data that travels in the signed contract with the case: parties, patents, terms."""
    for told in signed.get("parties", ()):
        party = dict(view.parties(mode.sides)).get(told["side"])
        for label, name in _PARTICULARS:
            now = getattr(party, name, "") if party is not None else ""
            yield _compared("signed", f"{told['side']}{label}", told.get(name) or NONE, None, now or NONE)
    if signed.get("patents"):
        then = "、".join(sorted(p["patent_no"] or p["application_no"] for p in signed["patents"]))
        now = "、".join(sorted(p.patent_no or p.application_no for p in view.patents))
        yield _compared("signed", "专利清单", then, None, now)
    if signed.get("terms"):
        yield from _signed_terms(view, signed["terms"])
    if signed.get("number"):
        yield _compared("signed", "合同编号", signed["number"], None, view.contract_no or view.case_no)


def _signed_terms(view: CaseView, then: Mapping[str, Any]) -> Iterator[Compared]:
    now = view.terms.model_dump(mode="json")
    for name, info in type(view.terms).model_fields.items():
        if name not in then:
            continue
        meta = meta_of(info)
        named = {option[0]: option[1] for option in meta.get("options", ())}
        before, after = _plain(then[name]), _plain(now.get(name))
        yield Compared(
            "signed", str(meta.get("label_zh", name)), named.get(before, before), None, named.get(after, after),
            then[name] == now.get(name),
        )  # fmt: skip


def _plain(value: Any) -> str:
    if value in (None, "", [], {}):
        return NONE
    if isinstance(value, dict):
        return "；".join(_plain(inner) for inner in value.values())
    return "；".join(_plain(inner) for inner in value) if isinstance(value, list) else str(value)


def _compared(group: str, label: str, contract: str, form: str | None, register: str | None) -> Compared:
    """Return a field, agreeing if all sources that state it do."""
    values = [value for value in (contract, form, register) if value is not None]
    agrees = len({fold(value).replace(fold(NONE), "") for value in values}) == 1
    return Compared(group, label, contract, form, register, agrees)


def _key(number: str) -> str:
    return re.sub(r"^ZL|[.\s]", "", fold(number))


def _row_key(row: Mapping[str, str]) -> str:
    return _key(row["application_no"] if row["patent_no"] == NONE else row["patent_no"])


def _day(value: date | None) -> str:
    return value.isoformat() if value is not None else ""


def _fen(figures: str) -> int:
    return int(figures.replace(",", "").replace(".", ""))
