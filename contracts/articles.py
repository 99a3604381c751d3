"""Clause texts made into numbered articles.

A clause text is plain language in a template: blocks parted by blank lines become paragraphs (3.1, 3.2), lines
that begin with `- ` items （一）, and a block `[[name]]` the place of a table. Numbers are literal text, the
same in PDF and in the text that is compared. Which texts these are says the set that the case has pinned, or else
the library as it is today. A text that is a case's own is taken as it stands: it is no template.
"""

import re
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment, FunctionLoader, TemplateError
from markupsafe import Markup

from contracts.clauses import Clause
from contracts.library.choosing import clauses_of
from contracts.library.texts import ClauseSet
from contracts.mode import ModeContract
from contracts.modes import MODES
from contracts.numbering import annex_number, article_number, item_number
from contracts.view import CaseView
from contracts.wording import case_words
from templates import environment

_TABLE = re.compile(r"^\[\[([a-z_]+)\]\]$")
_FRAMES = frozenset({"top-level template code", "<module>", "root"})
TABLES = re.compile(_TABLE.pattern, re.MULTILINE)


class ClauseProblem(ValueError):
    """A clause text that cannot be filled; the Chinese text names the text and the line. `line` is 0 if unknown."""

    def __init__(self, text: str, line: int, why: str) -> None:
        self.text, self.line, self.why = text, line, why
        at = f"第{line}行" if line else ""
        super().__init__(f"条款文本“{text}”{at}不能使用：{why}。请在条款库中改正后重试。")


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a paragraph."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: text with items, or the place of a table."""

    number: str
    text: str
    items: tuple[Item, ...] = ()
    table: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One article. The preamble has no number."""

    id: str
    number: str
    title: str
    paragraphs: tuple[Paragraph, ...]


def articles(view: CaseView) -> tuple[Article, ...]:
    """Return the articles of the contract of a case, in order."""
    return articles_of(view, view.clauses or clauses_of(MODES[view.mode]))


def articles_of(view: CaseView, texts: ClauseSet) -> tuple[Article, ...]:
    """Return the articles as the contract of a case would read with these texts."""
    mode = MODES[view.mode].named_by(view.terms)
    used = [clause for clause in mode.clauses if clause.is_used(view.terms)]
    numbered = [clause for clause in used if clause.numbered]
    numbers = {clause.id: article_number(n) for n, clause in enumerate(numbered, 1)}
    places = {clause.id: n for n, clause in enumerate(numbered, 1)}
    words = {
        "t": view.terms.words(),
        "c": case_words(view),
        "o": mode.told(view, mode),
        "kind": mode.kind_zh,
        "ours": mode.sides.ours,
        "theirs": mode.sides.theirs,
        "annexes": annex_titles(mode),
        "ref": numbers.__getitem__,
        "part": str,
    }
    source = _sources(texts)
    return tuple(
        Article(
            clause.id,
            numbers.get(clause.id, ""),
            clause.title,
            paragraphs_of(_text(texts, source, clause.id, words), places.get(clause.id, 0)),
        )
        for clause in used
    )


def paper_articles(
    clauses: Sequence[Clause], folder: str, words: Mapping[str, object]
) -> tuple[Article, ...]:
    """Return the clauses of a paper that is no contract of a mode as numbered articles, filled with words."""
    numbered = [clause.id for clause in clauses if clause.numbered]
    places = {clause_id: n for n, clause_id in enumerate(numbered, 1)}
    numbers = {clause_id: article_number(n) for clause_id, n in places.items()}
    known = {**words, "ref": numbers.__getitem__}
    return tuple(
        Article(
            clause.id,
            numbers.get(clause.id, ""),
            clause.title,
            paragraphs_of(_plain(f"contracts/{folder}/{clause.id}.txt", known), places.get(clause.id, 0)),
        )
        for clause in clauses
    )


def _plain(name: str, words: Mapping[str, object]) -> str:
    rendered = _papers().get_template(name).render(words)
    return Markup(rendered).unescape()  # noqa: S704 - Goes to plain text, not to a page.


@lru_cache(maxsize=1)
def _papers() -> Environment:
    return environment()


def annex_titles(mode: ModeContract) -> str:
    """Name the annexes of a mode's contract: 附件一《许可专利清单》、附件二《…》."""
    return "、".join(f"{annex_number(n)}《{annex.title}》" for n, annex in enumerate(mode.annexes, 1))


def plain_text(found: Sequence[Article]) -> str:
    """Return articles as plain text, one line per paragraph or item: what contracts are compared by."""
    lines: list[str] = []
    for article in found:
        lines.append(f"{article.number}　{article.title}".strip())
        for paragraph in article.paragraphs:
            lines.append(f"{paragraph.number} {paragraph.text}".strip() or f"【{paragraph.table}】")
            lines.extend(f"{item.number}{item.text}" for item in paragraph.items)
        lines.append("")
    return "\n".join(lines)


def source_text(article: Article) -> str:
    """Return an article in the plain form of a clause text: what people edit, and what makes the same article again."""
    blocks = [
        f"[[{paragraph.table}]]"
        if paragraph.table
        else "\n".join((paragraph.text, *(f"- {item.text}" for item in paragraph.items)))
        for paragraph in article.paragraphs
    ]
    return "\n\n".join(blocks)


@lru_cache(maxsize=64)
def _sources(texts: ClauseSet) -> Environment:
    """Return the templates of a set of texts; a part is found under its own name."""
    return environment(loader=FunctionLoader(_reader({text.id: text.text for text in texts.texts})))


def _reader(texts: Mapping[str, str]) -> Callable[[str], tuple[str, str, None] | None]:
    """Return a loader that names each text to whoever reads a traceback."""
    return lambda name: (texts[name], name, None) if name in texts else None


def _text(texts: ClauseSet, source: Environment, id_: str, words: Mapping[str, object]) -> str:
    """Fill a clause text. It holds no markup, so undoing the escaping gives exactly the words.

    Raises: ClauseProblem.
    """
    own = texts.of(id_).own
    if own is not None:
        return own.text
    try:
        filled = source.get_template(id_).render(words)
    except (TemplateError, TypeError, KeyError, ValueError) as error:
        name, line = _place_of(error, texts, id_)
        raise ClauseProblem(name, line, _why(error)) from error
    return Markup(filled).unescape()  # noqa: S704 - Goes to plain text, not to a page.


def _place_of(error: Exception, texts: ClauseSet, id_: str) -> tuple[str, int]:
    """Return the text in which an error arose, and the line: the innermost frame that a template has left."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.name in _FRAMES]
    line = getattr(error, "lineno", None) or (frames[-1].lineno if frames else 0) or 0
    name = getattr(error, "name", None) or (frames[-1].filename if frames else "")
    return (name if name in texts.by_id else id_), line


def _why(error: Exception) -> str:
    told = re.sub(r"'[^']* object'", "其中", str(error))
    undefined = re.search(r"has no attribute '(\w+)'|^'(\w+)' is undefined", told)
    if undefined:
        return f"没有名为“{undefined[1] or undefined[2]}”的内容"
    return f"填入内容时出错（{type(error).__name__}：{told[:120]}）"


def paragraphs_of(text: str, place: int) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a filled text, numbered within the article of this place."""
    found: list[Paragraph] = []
    number = 0
    for block in filter(None, map(str.strip, re.split(r"\n\s*\n", text))):
        table = _TABLE.match(block)
        if table is not None:
            found.append(Paragraph("", "", table=table[1]))
            continue
        number += 1
        lead, *rest = block.split("\n")
        items = tuple(Item(item_number(n), line.removeprefix("- ")) for n, line in enumerate(rest, 1))
        found.append(Paragraph(f"{place}.{number}" if place else "", lead, items))
    return tuple(found)
