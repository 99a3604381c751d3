"""The kinds of documents there are: which one a name means in a mode, its title, and what it was made for."""

from collections.abc import Mapping
from dataclasses import replace

from contracts.agreements.papers import AGREEMENTS, agreements_of
from contracts.bilingual.paper import BILINGUAL, BILINGUAL_CONTRACT
from contracts.mode import Document, ModeContract
from contracts.modes import MODES
from contracts.papers.acts import PACKS, act_of_pack
from contracts.shared_forms import SHARED

PACK = "filing_pack"
_BESIDE = (*AGREEMENTS, BILINGUAL_CONTRACT)
# What each paper of any mode was made for: once that becomes void, the paper is superseded. A pack holds what was made
# for the contract.
MADE_FOR: Mapping[str, str] = {
    **{kind: document.made_for for kind, document in SHARED.items()},
    **{document.kind: document.made_for for mode in MODES.values() for document in mode.own_documents},
    **{document.kind: document.made_for for document in _BESIDE},
    **dict.fromkeys(PACKS, "contract"),
}


class UnknownDocument(KeyError):
    """No document of this kind in this mode."""


def split_kind(kind: str) -> tuple[str, int | None]:
    """Return a kind without its number, and the number: `acceptance_notice:2` is that of the second licensee."""
    bare, _, number = kind.partition(":")
    return (bare, int(number)) if number.isdecimal() else (kind, None)


def every_kind(mode: ModeContract) -> tuple[str, ...]:
    """Return the kinds of documents of a mode: its own in their order, the two-language edition, and the agreements."""
    edition = (BILINGUAL_CONTRACT.kind,) if mode.slug in BILINGUAL else ()
    return (*mode.documents, *edition, *(document.kind for document in agreements_of(mode)))


def document_of(kind: str, mode: str) -> Document:
    """Return the document of a kind, with the title that it bears in the mode.

    Raises: UnknownDocument.
    """
    contract = MODES[mode]
    kind, number = split_kind(kind)
    if kind not in every_kind(contract):
        raise UnknownDocument(f"转化方式 {mode} 没有文书 {kind}")
    own = {document.kind: document for document in (*contract.own_documents, *_BESIDE)}
    document = own.get(kind) or SHARED[kind]
    if not document.title_zh:
        document = replace(document, title_zh=contract.title_zh, title_en=contract.title_en)
    if kind in contract.titles:
        zh, en = contract.titles[kind]
        document = replace(document, title_zh=zh, title_en=en)
    if number is None:
        return document
    zh, en = f"{document.title_zh}（第{number}号）", f"{document.title_en} no. {number}"
    return replace(document, title_zh=zh, title_en=en)


def is_pack(kind: str) -> bool:
    """Say whether a kind is a pack of papers, not a paper."""
    return split_kind(kind)[0] in PACKS


def pack_title(mode: str, kind: str) -> tuple[str, str]:
    """Return the names of a pack in a mode: of its main filing as the mode calls it, or of the act that it is for.

    Raises: UnknownDocument.
    """
    bare, number = split_kind(kind)
    act, filing = act_of_pack(mode, bare), MODES[mode].filing
    if act is None:
        raise UnknownDocument(f"转化方式 {mode} 没有材料包 {kind}")
    zh, en = filing.pack_title if bare == PACK and filing else (f"{act.zh}材料包", f"Pack: {act.en}")
    return (f"{zh}（第{number}号）", f"{en} no. {number}") if number is not None else (zh, en)


def made_for(kind: str) -> str:
    """Return what a paper was made for, whichever mode it is of; empty for a kind that no mode has any more."""
    return MADE_FOR.get(split_kind(kind)[0], "")
