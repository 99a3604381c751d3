"""Checklists of official acts and the comparison of contract, forms and register: one answer for every door."""

from collections.abc import Sequence
from typing import Any

from contracts.crosscheck import GROUPS, Compared
from contracts.papers.checklist import STATES, Checklist, Line


def checklist_answer(found: Sequence[Checklist]) -> dict[str, Any]:
    """Return checklists as the API and `--json` print them."""
    return {
        "acts": [
            {
                "act": act.slug, "zh": act.zh, "en": act.en, "lacking": len(act.lacking),
                "rows": [_line(line) for line in act.lines],
            }
            for act in found
        ]
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    zh, en = STATES[line.state]
    return {
        "n": line.n, "paper_zh": line.zh, "paper_en": line.en, "form_zh": line.form_zh, "form_en": line.form_en,
        "who_zh": line.who_zh, "who_en": line.who_en, "state": line.state, "state_zh": zh, "state_en": en,
        "note_zh": line.note_zh, "note_en": line.note_en, "rule": line.rule_id, "article": line.article,
        "confidence": line.confidence, "badge_zh": line.badge_zh, "document": line.kind, "gaps_zh": list(line.gaps),
        "files": [{"name": paper.name, "sha256": paper.sha256, "pages": paper.pages} for paper in line.papers],
    }  # fmt: skip


def comparison_answer(found: Sequence[Compared]) -> dict[str, Any]:
    """Return the comparison as the API and `--json` print it: every field, those that differ first."""
    differing = [row for row in found if not row.agrees]
    return {
        "compared": len(found),
        "differing": len(differing),
        "may_pack": not differing,
        "rows": [_compared(row) for row in (*differing, *(row for row in found if row.agrees))],
    }


def _compared(row: Compared) -> dict[str, Any]:
    zh, en = GROUPS[row.group]
    return {
        "group": row.group, "group_zh": zh, "group_en": en, "field": row.field, "contract": row.contract, "form": row.form,
        "record": row.register, "agrees": row.agrees, "remedy_zh": row.remedy[0], "remedy_en": row.remedy[1],
    }  # fmt: skip
