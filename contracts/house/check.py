"""Everything that keeps the folder of a house from being used, found before it is.

In: the folder, sample cases of every mode, the fonts. Out: faults with file, line and remedy. The texts are filled
with the samples, so that what only shows with certain terms shows here, and not when an officer drafts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from contracts.articles import Article, ClauseProblem, articles_of, plain_text
from contracts.forbidden import forbidden_in
from contracts.glyphs import MissingGlyph, check_glyphs
from contracts.house.look import House
from contracts.house.reading import HouseError, read_house
from contracts.house.text_check import Referable, text_faults
from contracts.library.choosing import clauses_of, places_of
from contracts.library.entries import TABLE
from contracts.library.shelf import HOME, Library, LibraryFault, load
from contracts.library.texts import STANDARD, ClauseSet
from contracts.modes import MODES
from contracts.view import CaseView
from rules.pack_faults import Fault
from templates import environment

TABLES = frozenset({"payments"})
_ENTRY = re.compile(r"^\[(\w+)\]")
# What a contract states exactly: amounts, days, shares. A house's wording may not lose one.
_STATED = re.compile(r"¥[\d,]+\.\d\d|\d{4}年\d{1,2}月\d{1,2}日|\d+(?:\.\d+)?%")


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `house` is there if the folder could be read, `library` if its texts could."""

    faults: tuple[Fault, ...]
    house: House | None = None
    library: Library | None = None


def check_house(folder: Path, samples: Sequence[CaseView], fonts: Path | None = None) -> Checked:
    """Check a folder: settings, texts one by one, and whole contracts of the sample cases."""
    try:
        house = read_house(folder)
    except HouseError as error:
        return Checked(error.faults)
    environment_ = environment()
    faults = [
        fault
        for name, text in house.texts.items()
        if name.endswith(".txt")
        for fault in text_faults(name, text, _known(house), environment_)
    ]
    try:
        library = load(folder)
    except LibraryFault as error:
        faults += [_told(folder, house, fault.file, fault.zh) for fault in error.faults]
        return Checked(tuple(sorted(set(faults))), house)
    if not faults:
        faults += [*_glyph_faults(house, fonts), *_filled_faults(house, library, samples)]
    return Checked(tuple(sorted(set(faults))), house, library)


@lru_cache(maxsize=1)
def _own_names() -> frozenset[str]:
    return frozenset(path.stem for path in HOME.glob("*/*.txt"))


def _known(house: House) -> Referable:
    own = {Path(name).stem for name in house.texts if name.endswith(".txt")}
    clauses = {clause.id for mode in MODES.values() for clause in mode.clauses}
    return Referable(clauses, own | _own_names(), TABLES)


def _told(folder: Path, house: House, file: Path, zh: str) -> Fault:
    """Say what the library found: its messages begin with the entry, which has a line."""
    name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name
    entry = _ENTRY.match(zh)
    line = 0
    if entry is not None and name.endswith(TABLE):
        heads = [
            n
            for n, row in enumerate(house.texts.get(name, "").splitlines(), 1)
            if row.startswith(f"[{entry[1]}")
        ]
        line = heads[0] if heads else 0
    return Fault(name, line, zh, "the clause library cannot be read")


def _glyph_faults(house: House, fonts: Path | None) -> Iterator[Fault]:
    for name, text in house.texts.items():
        for n, row in enumerate(text.splitlines(), 1):
            try:
                check_glyphs({name: row}, fonts)
            except MissingGlyph as missing:
                why = f"字符“{missing.character}”（{missing.codepoint}）没有可用字形，无法打印，请改写。"
                yield Fault(name, n, why, f"no glyph for {missing.codepoint}")


def _filled_faults(house: House, library: Library, samples: Sequence[CaseView]) -> Iterator[Fault]:
    """Yield what filling the texts of the house with the sample cases shows."""
    folders = {Path(name).parent.name for name in house.texts}
    for view in samples:
        mode = MODES[view.mode]
        places = [place for place in places_of(mode) if place in folders]
        if not places:
            continue
        usual = plain_text(articles_of(view, clauses_of(mode)))
        for choices in _choices(library, places_of(mode), [clause.id for clause in mode.clauses], house):
            texts = clauses_of(mode, library, choices)
            try:
                found = articles_of(view, texts)
            except ClauseProblem as problem:
                yield Fault(
                    _file_of(house, texts, problem.text, places),
                    problem.line,
                    f"{problem.why}。",
                    str(problem),
                )
                continue
            yield from _lost(house, texts, found, usual, places)
            yield from _forbidden(house, view, texts, found, places)


def _choices(
    library: Library, places: Sequence[str], ids: Sequence[str], house: House
) -> Iterator[Mapping[str, str]]:
    """Yield what an officer could choose: the standard texts, then each variant of the house's own by itself."""
    yield {}
    for id_ in ids:
        for name, variant in library.variants(places, id_).items():
            if name != STANDARD and variant.origin == house.name:
                yield {id_: name}


def _file_of(house: House, texts: ClauseSet, id_: str, places: Sequence[str]) -> str:
    variant = texts.of(id_).variant
    stem = id_ if variant == STANDARD else f"{id_}-{variant}"
    return next(
        (f"{place}/{stem}.txt" for place in places if f"{place}/{stem}.txt" in house.texts), f"{stem}.txt"
    )


def _own(house: House, texts: ClauseSet, found: Sequence[Article]) -> Iterator[Article]:
    return (article for article in found if texts.of(article.id).origin == house.name)


def _lost(
    house: House, texts: ClauseSet, found: Sequence[Article], usual: str, places: Sequence[str]
) -> Iterator[Fault]:
    """Yield the figures that a contract with the product's texts states and this one does not."""
    own = [article.id for article in _own(house, texts, found)]
    lost = sorted(set(_STATED.findall(usual)) - set(_STATED.findall(plain_text(found))))
    for id_ in own[:1] if lost else ():
        told = "、".join(lost[:5])
        why = f"合同按此文本不再写明标准文本所载的 {told}。请核对是否漏写金额、日期或者比例（本单位条款：{'、'.join(own)}）。"
        yield Fault(_file_of(house, texts, id_, places), 0, why, "figures are lost")


def _forbidden(
    house: House, view: CaseView, texts: ClauseSet, found: Sequence[Article], places: Sequence[str]
) -> Iterator[Fault]:
    for article in _own(house, texts, found):
        for finding in forbidden_in(MODES[view.mode], view.terms, article.title, plain_text([article])):
            why = f"{finding.what_zh}{finding.remedy_zh}"
            yield Fault(_file_of(house, texts, article.id, places), 0, why, finding.rule_id)
