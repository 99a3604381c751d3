"""The cover sheet of a pack (材料目录): what is in it in the order of printing, what is not, and that it was compared.

In: the case, the act's checklist, the fields compared. Out: the HTML of one sheet, the same for the same input.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

from jinja2 import Environment

from contracts.jobs import RenderJob
from contracts.papers.checklist import Checklist, Line
from contracts.phrases import NONE
from contracts.view import CaseView
from templates import environment

TITLE = "材料目录"


def pack_cover(
    view: CaseView, act: Checklist, names: Sequence[tuple[Line, str, str, int]], agreed: int
) -> RenderJob:
    """Return the job of the cover: `names` are (line, name in the pack, hash, pages), `agreed` the fields compared."""
    rows = [
        {
            "n": n, "name": line.zh, "file": name, "pages": pages or NONE, "form": line.form_zh, "code": code_of(digest),
            "why": line.why_zh,
        }
        for n, (line, name, digest, pages) in enumerate(names, 1)
    ]  # fmt: skip
    absent = [
        {"name": line.zh, "state": "不需要" if line.state == "not_needed" else "缺少，须补齐", "note": line.note_zh,
         "who": line.who_zh, "why": line.why_zh}
        for line in act.lines
        if not line.papers
    ]  # fmt: skip
    told = {
        "act": act.zh, "rows": rows, "absent": absent, "agreed": agreed, "project": view.terms.project_name,
        "institution": view.institution, "ours": view.ours.name, "theirs": view.theirs.name if view.theirs else NONE,
        "case_no": view.case_no, "contract_no": view.contract_no or NONE, "count": len(view.patents),
    }  # fmt: skip
    check = code_of(sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest())
    html = _environment().get_template("forms/pack_cover.html").render(**told, title=TITLE, check=check)
    return RenderJob(html, "forms", f"{act.zh}{TITLE}")


def code_of(digest: str) -> str:
    """Return the first 16 hex digits of a hash in groups of four: what a reader compares by eye."""
    return "-".join(digest[start : start + 4].upper() for start in range(0, 16, 4))


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return environment()
