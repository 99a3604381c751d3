"""A contract as sections of paragraphs and tables: what its Word file is written from and compared with.

In: a kind of document and a `CaseView`. Out: the same articles, parties and annex rows as on the PDF, without any
markup. Each paragraph and each table row bears a mark (clause, paragraph, item) by which it is found again.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, Literal

from contracts.annex.table import PATENT_COLUMNS
from contracts.articles import Article
from contracts.kinds import document_of
from contracts.modes import MODES
from contracts.view import CaseView
from contracts.word.tables import Cell, Grid, Remark, blocks_of, plain_grid
from contracts.wording import document_words

Kind = Literal["cover", "parties", "article", "signature", "annex"]
Style = Literal["para", "item", "free", "note", "lead", "number", "title", "kind"]

# A Word file has the list of patents itself, however long.
_LISTED: Mapping[str, Any] = {"patent_columns": PATENT_COLUMNS, "instead_of_patents": ""}
# What this template prints is called as the terms make it; other papers bear their own names.
_CONTRACT = "contracts/contract.html"
# The rows that tell a party, as the PDF lists them.
PARTY_ROWS = (
    ("名称", "name"), ("统一社会信用代码", "uscc"), ("住所地", "address"), ("法定代表人", "legal_representative"),
    ("联系人", "contact"), ("电话", "phone"), ("电子邮箱", "email"), ("开户银行", "bank"), ("账号", "account"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. `number` is literal text: 3.1 or （一）."""

    style: Style
    number: str
    text: str


Block = Line | Grid


@dataclass(frozen=True, slots=True)
class Section:
    """One clause, or what stands before and after the clauses. `wide` puts it on pages across."""

    id: str
    kind: Kind
    number: str
    title: str
    blocks: tuple[Block, ...]
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole contract. `made_on` is a day of the case, never of a clock."""

    kind: str
    title: str
    number: str
    case_no: str
    draft: bool
    made_on: date
    author: str
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph or table row as it is compared. `mark` is where it stands, `clause` the id of its section.

    `style` is that of the paragraph; of a row inside a clause it names the table, so that the clause can be written anew.
    """

    mark: str
    clause: str
    number: str
    text: str
    in_table: bool = False
    style: str = ""


def sheet_of(view: CaseView, kind: str = "contract") -> Sheet:
    """Return a contract of a case as sections. Any document with articles, parties and annexes is one.

    Raises: UnknownDocument.
    """
    document = document_of(kind, view.mode)
    mode = MODES[view.mode].named_by(view.terms)
    words = {**document_words(view), **document.words(view, mode), **_LISTED}
    outline = view.terms.outline()
    title = mode.title_zh if document.template == _CONTRACT else document.title_zh
    return Sheet(
        kind=kind,
        title=title,
        number=view.contract_no or view.case_no,
        case_no=view.case_no,
        draft=view.draft,
        made_on=view.day("signed_on") or outline.signing_date or view.day("opened_on") or date(2000, 1, 1),
        author=view.institution,
        sections=tuple(_sections(words, title, mode.kind_zh, view)),
    )


def _sections(words: Mapping[str, Any], title: str, kind: str, view: CaseView) -> Iterator[Section]:
    number = view.contract_no or view.case_no
    lines = [
        Line("number", "", f"{'合同编号' if view.contract_no else '案件编号'}：{number}"),
        Line("title", "", title),
        *([] if kind in title else [Line("kind", "", f"（{kind}）")]),
    ]
    yield Section("cover", "cover", "", "封面", (*lines, plain_grid(words["cover"])))
    yield Section("parties", "parties", "", "当事人", (_parties(words["parties"]),))
    for article in words["articles"]:
        yield _article(article, words)
    lead = Line("lead", "", f"（以下无正文，为《{title}》{number}签署页）")
    yield Section("signature", "signature", "", "签署页", (lead, _signatures(words["parties"])))
    for section in words["annex_sections"]:
        for annex in section["annexes"]:
            yield Section(
                f"annex{annex['n']}",
                "annex",
                annex["number"],
                annex["title"],
                tuple(_shown(blocks_of(annex["template"], words))),
                wide=bool(section["wide"]),
            )


def _article(article: Article, words: Mapping[str, Any]) -> Section:
    blocks: list[Block] = []
    for paragraph in article.paragraphs:
        if paragraph.table:
            shown = _shown(blocks_of(f"contracts/tables/{paragraph.table}.html", words))
            blocks.extend(replace(b, name=paragraph.table) if isinstance(b, Grid) else b for b in shown)
            continue
        blocks.append(Line("para" if paragraph.number else "free", paragraph.number, paragraph.text))
        blocks.extend(Line("item", item.number, item.text) for item in paragraph.items)
    return Section(article.id, "article", article.number, article.title, tuple(blocks))


def _shown(found: Sequence[Grid | Remark]) -> Iterator[Block]:
    for block in found:
        yield block if isinstance(block, Grid) else Line("note" if block.is_note else "free", "", block.text)


def _parties(parties: Sequence[Mapping[str, Any]]) -> Grid:
    head = tuple(Cell(party["heading"], is_head=True, align="center", columns=2) for party in parties)
    rows = tuple(
        tuple(cell for party in parties for cell in (Cell(label, align="center"), Cell(str(party[name]))))
        for label, name in PARTY_ROWS
    )
    return Grid("parties", (head,), rows, (23.0, None) * len(parties))


def _signatures(parties: Sequence[Mapping[str, Any]]) -> Grid:
    cells = tuple(
        Cell(
            f"{party['heading']}：\n{party['name']}\n\n（盖章处）\n\n"
            "法定代表人或者授权代表\n（签字）：\n\n签署日期：　　　　年　　月　　日"
        )
        for party in parties
    )
    return Grid("signature", (), (cells,), (None,) * len(parties))


def passages(sheet: Sheet) -> tuple[Passage, ...]:
    """Return every paragraph and table row of a contract in order, each with its mark."""
    return tuple(passage for section in sheet.sections for _, passage in marked(section))


def marked(section: Section) -> Iterator[tuple[Block | None, Passage]]:
    """Yield each passage of a section with the block it is of; a heading, which clauses and annexes have, has none.

    A mark is the id of the clause, the place of the block in it, and the place of the row in a table: clause.3.2.
    """
    if section.kind in ("article", "annex"):
        yield None, Passage(f"{section.id}.0", section.id, section.number, section.title, style="heading")
    for n, block in enumerate(section.blocks, 1):
        if isinstance(block, Line):
            yield block, Passage(f"{section.id}.{n}", section.id, block.number, block.text, style=block.style)
            continue
        for row_number, row in enumerate((*block.head, *block.rows), 1):
            text = row_text(cell.text for cell in row)
            yield block, Passage(f"{section.id}.{n}.{row_number}", section.id, "", text, True, block.name)


def row_text(cells: Iterator[str]) -> str:
    """Return a table row as one line of text."""
    return " | ".join(cells)


def sheet_hash(sheet: Sheet) -> str:
    """Return a SHA-256 over everything that a sheet says and how it is set."""
    text = json.dumps(asdict(sheet), ensure_ascii=False, sort_keys=True, default=date.isoformat)
    return sha256(text.encode("utf-8")).hexdigest()


def text_hash(found: Sequence[Passage]) -> str:
    """Return a SHA-256 over the words of a contract alone."""
    return sha256(passages_json(found).encode("utf-8")).hexdigest()


def passages_json(found: Sequence[Passage]) -> str:
    """Return passages as canonical JSON: what is kept with an export."""
    rows = [asdict(passage) for passage in found]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def passages_from(text: str) -> tuple[Passage, ...]:
    """Read back what `passages_json` wrote."""
    return tuple(Passage(**row) for row in json.loads(text))
