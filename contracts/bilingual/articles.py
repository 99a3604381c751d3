"""The English of a contract, clause by clause beside its Chinese.

A clause's English stands in `<id>.en.txt` beside the Chinese text and has the same paragraphs and items. An edition is
made only where every clause of the contract is the product's own in the version that was translated: what has been
rewritten for the case, chosen from another layer, or pinned in an older version has no English, and is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import DictLoader, Environment
from markupsafe import Markup

from contracts.articles import Article, Item, Paragraph, articles, paragraphs_of
from contracts.bilingual.development_english import development_words
from contracts.bilingual.glossary import glossary_of, marked
from contracts.bilingual.license_english import case_english, license_words
from contracts.bilingual.titles import ANNEX_TITLES, title_of
from contracts.bilingual.transfer_english import transfer_words
from contracts.deal import DealTerms
from contracts.development import DevelopmentTerms
from contracts.library.choosing import clauses_of, places_of
from contracts.library.shelf import HOME
from contracts.library.texts import PRODUCT, STANDARD, ClauseSet
from contracts.license_fields import LicenseFields
from contracts.mode import ModeContract
from contracts.modes import MODES
from contracts.numbering import article_number
from contracts.transfer_fields import TransferFields
from contracts.view import CaseView
from contracts.wording import case_words
from rules.text import normalize
from templates import environment

LANGUAGE = Paragraph(
    "", "本合同以中文和英文书就。两种文本不一致或者对其含义发生争议的，以中文文本为准；英文文本仅供参照。"
)
LANGUAGE_EN = (
    "This Contract is written in Chinese and English. In case of any inconsistency between the two versions, or of a "
    "dispute as to their meaning, the Chinese version shall prevail; the English version is for reference only."
)


class NotTranslated(ValueError):
    """Clauses of this contract have no English; the message names them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An article in both languages; paragraphs and items correspond one to one."""

    zh: Article
    en: Article

    @property
    def paragraphs(self) -> tuple[tuple[Paragraph, Paragraph], ...]:
        """The paragraphs, Chinese and English."""
        return tuple(zip(self.zh.paragraphs, self.en.paragraphs, strict=True))


def pairs(view: CaseView) -> tuple[Pair, ...]:
    """Return the articles of a contract in both languages, with the clause on the language at the end.

    Raises: NotTranslated naming every clause without English.
    """
    found = articles(view)
    english = english_articles(view, found)
    place = len([article for article in found if article.number]) + 1
    number, head = f"{place}.1", article_number(place)
    zh = Article("language", head, "文本与语言", (Paragraph(number, LANGUAGE.text),))
    en = Article("language", f"Article {place}", "Language", (Paragraph(number, LANGUAGE_EN),))
    return (*(Pair(one, other) for one, other in zip(found, english, strict=True)), Pair(zh, en))


def english_articles(view: CaseView, found: tuple[Article, ...]) -> tuple[Article, ...]:
    """Return the English of these articles of a contract.

    Raises: NotTranslated naming every clause without English.
    """
    mode = MODES[view.mode].named_by(view.terms)
    texts = view.clauses or clauses_of(MODES[view.mode])
    source = _source(mode, texts, tuple(article.id for article in found))
    places = {article.id: n for n, article in enumerate((one for one in found if one.number), 1)}
    words = _words(view, mode, places)
    return tuple(_article(article, source, words, places.get(article.id, 0)) for article in found)


def _article(article: Article, source: Environment, words: Mapping[str, Any], place: int) -> Article:
    text = Markup(source.get_template(article.id).render(words)).unescape()  # noqa: S704 - Goes to plain text.
    paragraphs = tuple(
        Paragraph(
            one.number,
            normalize(one.text),
            tuple(Item(f"({n})", normalize(item.text)) for n, item in enumerate(one.items, 1)),
            one.table,
        )
        for one in paragraphs_of(text, place)
    )
    number = f"Article {place}" if place else ""
    return Article(article.id, number, title_of(article.title, article.id), paragraphs)


def _words(view: CaseView, mode: ModeContract, places: Mapping[str, int]) -> dict[str, Any]:
    known = case_english(case_words(view))
    annexes = (f"Annex {n} ({ANNEX_TITLES[annex.title]})" for n, annex in enumerate(mode.annexes, 1))
    return {
        "t": english_terms(view.terms),
        "c": {**known, "burdens": glossary_of(view.terms).filled(known["burdens"])},
        "kind": mode.kind_en,
        "annexes": ", ".join(annexes),
        "ref": lambda id_: f"Article {places[id_]}",
        "part": str,
        "ours": f"the {mode.sides.ours_en.title()}",
        "theirs": f"the {mode.sides.theirs_en.title()}",
    }


def english_terms(terms: DealTerms) -> dict[str, Any]:
    """Return the terms in the English words that the clause texts use; what has no English is marked.

    Raises: NotTranslated.
    """
    filled: dict[str, Any] = glossary_of(terms).filled(_terms(terms))
    return filled


def chinese_left(view: CaseView) -> tuple[str, ...]:
    """Return what was typed in Chinese and has no English, as the English text quotes it.

    Raises: NotTranslated.
    """
    found = english_articles(view, articles(view))
    paragraphs = [paragraph for article in found for paragraph in article.paragraphs]
    return marked(text for one in paragraphs for text in (one.text, *(item.text for item in one.items)))


def _terms(terms: DealTerms) -> dict[str, Any]:
    if isinstance(terms, LicenseFields):
        return license_words(terms, terms.words())
    if isinstance(terms, TransferFields):
        return transfer_words(terms, terms.words())
    if isinstance(terms, DevelopmentTerms):
        partner = f"the {terms.naming().sides.theirs_en.title()}"
        return development_words(terms, terms.words(), partner)
    raise NotTranslated("该转化方式的合同没有英文文本")


def untranslated(mode: ModeContract, texts: ClauseSet, used: tuple[str, ...]) -> tuple[str, ...]:
    """Return the clauses and parts that have no English, by the title of the clause or the name of the part."""
    titles = {clause.id: clause.title for clause in mode.clauses}
    ours = clauses_of(mode).by_id
    known = _english(places_of(mode))
    return tuple(
        titles.get(text.id, text.id)
        for text in texts.texts
        if (text.id in used or text.id not in titles)
        and (
            text.own is not None
            or text.origin != PRODUCT
            or text.variant != STANDARD
            or text.id not in known
            or text.digest != ours[text.id].digest
        )
    )


def _source(mode: ModeContract, texts: ClauseSet, used: tuple[str, ...]) -> Environment:
    missing = untranslated(mode, texts, used)
    if missing:
        named = "、".join(f"“{name}”" for name in missing)
        raise NotTranslated(
            f"下列条款没有英文文本，不能生成中英文对照本：{named}。请改用条款库的标准条款，或只签订中文本"
        )
    return _environment(places_of(mode))


@lru_cache
def _environment(places: tuple[str, ...]) -> Environment:
    known = _english(places)
    return environment(loader=DictLoader(dict(known)), capitalized=lambda text: text[:1].upper() + text[1:])


@lru_cache
def _english(places: tuple[str, ...]) -> Mapping[str, str]:
    """Return the English texts of a mode by clause and part, those of its own folder first."""
    found: dict[str, str] = {}
    for place in places:
        for path in sorted((HOME / place).glob("*.en.txt")):
            found.setdefault(path.name.removesuffix(".en.txt"), path.read_text(encoding="utf-8"))
    return found
