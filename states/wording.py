"""The words of a contract while it is drafted: which clause texts it pins, and what people choose or write instead.

The texts themselves are looked up before the decision (`Facts.wording`); here it is decided whether they may stand,
and what of them goes into the case's data: per clause the variant, the version and a digest.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from rules.text import normalize
from states.context import Context
from states.payload_fields import Line, Note, OptionalNote, Payload, asked, label, optional
from states.plan import Effects, Unmet
from states.steps import OFFICER, Step, section

LONGEST_CLAUSE = 5000
_OFFICER = "officer"
_TEMPLATE = ("{{", "}}", "{%", "%}", "{#", "#}")


def _to_choices(value: Any) -> Any:
    """Read `违约=penalty` lines; a clause alone stands for the newest version of the text that it has."""
    if not isinstance(value, str):
        return value
    pairs = (line.partition("=") for line in map(normalize, value.splitlines()) if line)
    return {clause.strip(): variant.strip() for clause, _, variant in pairs}


def _to_clause(value: Any) -> Any:
    """Fold the lines as everywhere, and keep one empty line between paragraphs.

    Raises: ValueError naming a mark that belongs to templates.
    """
    if not isinstance(value, str):
        return value
    lines = [normalize(line) for line in value.splitlines()]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    text = "\n".join(kept).strip()
    if mark := next((mark for mark in _TEMPLATE if mark in text), ""):
        raise ValueError(f"条款是普通文字，不能含有模板标记“{mark}”")
    return text


Choices = Annotated[dict[str, str], BeforeValidator(_to_choices), Field(min_length=1, max_length=100)]
ClauseWords = Annotated[
    str, BeforeValidator(_to_clause), StringConstraints(min_length=2, max_length=LONGEST_CLAUSE)
]


class ChooseClauses(Payload):
    """Other texts of the library for some clauses.

    `choices` names a variant per clause; an empty one keeps the variant and takes its newest version. A clause that was
    rewritten goes back to the text of the library.
    """

    choices: Choices = asked(
        "选用的条款", "Clauses", "textarea",
        "每行一条：条款=备选，例如 breach=penalty；只写条款的，采用其现行版本的最新文本",
        "One per line: clause=variant, such as breach=penalty; a clause alone takes its newest version",
    )  # fmt: skip
    reason: OptionalNote = optional("选用原因", "Reason", "textarea")


class RewriteClause(Payload):
    """The own text of one clause for this contract.

    `text` is in the plain form of the library: paragraphs parted by blank lines, items on lines that begin with `- `, the
    place of a table as `[[payments]]`. `source_id` is the stored file that the text was taken from.
    """

    clause: Line = asked(
        "条款", "Clause", help_zh="条款的名称，例如 breach", help_en="Its name, such as breach"
    )
    text: ClauseWords = Field(
        json_schema_extra=label(
            "条款文本",
            "Text",
            "textarea",
            "段落之间空一行，项以“- ”开头；不超过5000字",
            "Blank lines part paragraphs, items begin with '- '; 5,000 characters at most",
        )  # fmt: skip
    )
    reason: Note = asked("改写原因", "Reason", "textarea")
    source_id: int | None = Field(
        default=None,
        json_schema_extra=label("来源文件", "Source file", "text", "对方返回的文件在案卷中的编号，可不填"),
    )


def is_sound(ctx: Context) -> tuple[Unmet, ...]:
    """Is every clause and variant there, and does anything change?"""
    known = ctx.facts.wording
    if ctx.payload is None or known is None:
        return ()
    remedy = ("在“合同条款”页面核对后重新提交", "look at the page of the clauses and try again")
    return tuple(ctx.unmet("wording", "", fault, remedy, _OFFICER) for fault in known.faults)


def is_lawful(ctx: Context) -> tuple[Unmet, ...]:
    """Does no clause that was written for this contract hold what the law would not let stand?

    Source: 民法典 arts 850, 864; 技术合同纠纷解释 art 10
    """
    remedy = ("改写该条款，或者改回条款库的文本", "write the clause anew, or take the library's text")
    found = pins(ctx).get("unlawful", ())
    return tuple(ctx.unmet("wording_unlawful", "LI-08", (what, what), remedy, _OFFICER) for what in found)


def pins(ctx: Context) -> Mapping[str, Any]:
    """Return what the case's data say of the texts of its contract; nothing before they are pinned."""
    return dict(ctx.data.get("contract", "clauses") or {})


def pinned(ctx: Context) -> Mapping[str, Any]:
    """Return what a step adds to the data of the contract: the digest of its texts, and a row per clause.

    Who rewrote a clause, and when, stays with its row as long as the text does.
    """
    known = ctx.facts.wording
    if known is None:
        return {}
    before = pins(ctx).get("texts", {})
    texts = {id_: _row(ctx, row, before.get(id_, {})) for id_, row in known.rows.items()}
    return {"clauses": {"sha256": known.digest, "texts": texts, "unlawful": list(known.unlawful)}}


def _row(ctx: Context, row: Mapping[str, Any], before: Mapping[str, Any]) -> Mapping[str, Any]:
    if "own" not in row:
        return row
    if before.get("own") and before["digest"] == row["digest"]:
        return before
    return {**row, "own": {**row["own"], "by": ctx.actor.name, "on": ctx.today.isoformat()}}


def _reword(ctx: Context) -> Effects:
    return Effects(facts=section(ctx, "contract", **pinned(ctx)), documents=("contract",))


STEPS: tuple[Step, ...] = (
    Step(
        "choose_clauses", "选用条款", "Choose clauses", "选用了条款", "chose clauses",
        OFFICER, ChooseClauses, (is_sound,), _reword, "secondary",
    ),
    Step(
        "rewrite_clause", "改写条款", "Rewrite a clause", "改写了条款", "rewrote a clause",
        OFFICER, RewriteClause, (is_sound,), _reword, "secondary",
    ),
)  # fmt: skip
