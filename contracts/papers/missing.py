"""What a paper still lacks before it is made: told to the officer, instead of a silent ／ on an official form.

In: a kind and the case. Out: names of what is missing, in Chinese. Fields that only an office fills are not asked for.
"""

from collections.abc import Callable, Iterator, Mapping

from contracts.bilingual.articles import NotTranslated, chinese_left
from contracts.kinds import document_of, split_kind
from contracts.modes import MODES
from contracts.papers.consent_forms import co_owners
from contracts.view import CaseView, Party

_PARTY = {
    "name": "名称", "uscc": "统一社会信用代码", "address": "地址", "legal_representative": "法定代表人", "contact": "联系人",
    "phone": "电话", "name_en": "英文名称", "address_en": "英文地址",
}  # fmt: skip
_PATENT = {"title": "名称", "filing_date": "申请日", "grant_date": "授权公告日"}
Asks = Callable[[CaseView], Iterator[str]]


def _of(side: str, party: Party, fields: Mapping[str, str]) -> Iterator[str]:
    for name, zh in fields.items():
        if not getattr(party, name) and not (name == "uscc" and party.is_foreign):
            yield f"{side}{zh}"


def _parties(*fields: str) -> Asks:
    """Return what asks for these particulars of both sides."""
    wanted = {name: _PARTY[name] for name in fields}

    def asks(view: CaseView) -> Iterator[str]:
        sides = MODES[view.mode].sides_of(view.terms)
        for side, party in view.parties(sides):
            yield from _of(side, party, wanted)

    return asks


def _patents(view: CaseView) -> Iterator[str]:
    for n, patent in enumerate(view.patents, 1):
        number = patent.patent_no or patent.application_no or f"第{n}件"
        if not patent.patent_no and not patent.application_no:
            yield f"专利{number}的号码"
        for name, zh in _PATENT.items():
            if not getattr(patent, name) and not (name == "grant_date" and not patent.patent_no):
                yield f"专利{number}的{zh}"


def _co_owners(view: CaseView) -> Iterator[str]:
    wanted = {name: _PARTY[name] for name in ("uscc", "address")}
    for party in co_owners(view):
        for gap in _of(f"共有人{party.name}的", party, wanted):
            yield f"{gap}（在企业中登记后自动填入）"


def _number(view: CaseView) -> Iterator[str]:
    if not view.contract_no:
        yield "合同编号"


def _effect(view: CaseView) -> Iterator[str]:
    if view.day("effective_on") is None:
        yield "合同生效日期"


def _publicity(view: CaseView) -> Iterator[str]:
    if view.publicity.posted_on is None:
        yield "公示开始日期"
    for name, zh in (("contact", "公示受理联系人"), ("phone", "公示受理电话")):
        if not getattr(view.publicity, name):
            yield zh


def _inventors(view: CaseView) -> Iterator[str]:
    if not any(patent.inventors for patent in view.patents):
        yield "成果完成人"


def _english(view: CaseView) -> Iterator[str]:
    try:
        left = chinese_left(view)
    except NotTranslated:
        return  # The edition is refused, and says why.
    yield from (f"英文对照：“{text}”" for text in left)


_IDENTITY = _parties("name", "uscc", "address")
_REACHED = _parties("name", "uscc", "address", "contact", "phone")
ASKED: Mapping[str, tuple[Asks, ...]] = {
    "contract": (_parties("name", "uscc", "address", "legal_representative"), _number, _patents),
    "contract_bilingual": (
        _parties("name", "uscc", "address", "legal_representative", "name_en", "address_en"),
        _number,
        _patents,
        _english,
    ),
    "filing_form": (_REACHED, _patents, _number, _effect),
    "change_form": (_IDENTITY, _patents, _number, _co_owners),
    "change_reason": (_IDENTITY, _patents, _number, _effect),
    "power_of_attorney": (_parties("name", "uscc", "address", "legal_representative"), _patents),
    "co_owner_consent": (_co_owners,),
    "refusal_notice": (_inventors,),
    "inventor_waiver": (_inventors,),
    "publicity_notice": (_publicity,),
    "objection_procedure": (_publicity,),
    "declaration": (_patents,),
    "acceptance_filing_form": (_REACHED, _patents),
    "registration_sheet": (_REACHED, _number, _effect),
    "filing_cancellation": (_IDENTITY, _number),
    "filing_change": (_IDENTITY, _number),
    "late_explanation": (_number, _effect),
}


def missing(kind: str, view: CaseView) -> tuple[str, ...]:
    """Return what a paper still lacks; nothing for a kind that asks for nothing.

    Raises: UnknownDocument.
    """
    document_of(kind, view.mode)
    bare, _ = split_kind(kind)
    return tuple(dict.fromkeys(gap for asks in ASKED.get(bare, ()) for gap in asks(view)))
