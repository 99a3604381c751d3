"""The rules themselves 规则: listed, shown, their packs checked and compared. The answers are those of the command line."""

import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi import Path as InPath
from pydantic import BaseModel, ConfigDict, Field

from cases.errors import Invalid
from cases.rulebooks import NAME
from desk.answers import rulebook
from desk.api.asking import Reading
from desk.api.routes import MAX_JSON, ApiRoute
from desk.api.rules import LAYERS, Answer, Raw

router = APIRouter(prefix="/rules", tags=["rules 规则与计算"], route_class=ApiRoute)
POSTED = "pack.toml"
NO_RECORD = (
    "接口只比较规则包；受影响的期限请由管理员在服务器上运行 panhuo rules diff",
    "the API compares packs only; for the deadlines that would move run panhuo rules diff",
)
RuleId = Annotated[str, InPath(max_length=60, description="id of a rule 规则编号, W-06")]


class ListQuestion(BaseModel):
    """Which rules 规则范围."""

    model_config = ConfigDict(extra="forbid")

    layers: Raw = Field(default=None, description=LAYERS)
    prefix: Raw = Field(default=None, description="ids that begin so 编号开头, T-")
    on: Raw = Field(default=None, description="those in force on a day 该日有效的")
    unverified: bool = Field(default=False, description="only unverified ones 只列待核实的")


class CheckQuestion(BaseModel):
    """Packs to check 待核对的规则包: names, all packs if there are none."""

    model_config = ConfigDict(extra="forbid")

    pack: list[str] = Field(default_factory=list, max_length=50, description="names of packs 规则包名称")


class PostedPack(BaseModel):
    """A pack to check 待核对的规则包全文."""

    model_config = ConfigDict(extra="forbid")

    lines: list[str] = Field(
        max_length=20_000, description="the TOML text, line by line 规则包的TOML文本，逐行"
    )


class DiffQuestion(BaseModel):
    """Two sets of packs 待比较的规则包."""

    model_config = ConfigDict(extra="forbid")

    before: Raw = Field(default=None, description=f"as they are 原规则包; {LAYERS}")
    after: Raw = Field(default=None, description=f"as they shall be 新规则包; {LAYERS}")


@router.get("", summary="List rules 规则列表")
def rules(ask: Reading, question: Annotated[ListQuestion, Query()]) -> Answer:
    return rulebook.list_rules(
        layers=question.layers, prefix=question.prefix, on=question.on, unverified=question.unverified
    )


@router.get("/check", summary="Check rule packs 核对规则包")
def check(ask: Reading, question: Annotated[CheckQuestion, Query()]) -> Answer:
    return rulebook.check(question.pack)


@router.post("/check", summary="Check the text of a rule pack 核对规则包全文")
def check_posted(ask: Reading, question: PostedPack) -> Answer:
    """Check a pack that is not on the server; line numbers are those of the text."""
    text = "\n".join(question.lines)
    _check_base(text)
    with TemporaryDirectory() as folder:
        path = Path(folder) / POSTED
        path.write_text(text, encoding="utf-8")
        found: Answer = _without_path(rulebook.check([str(path)], files=True), str(path))
        return found


@router.get("/diff", summary="Compare rule packs 比较规则包")
def diff(ask: Reading, question: Annotated[DiffQuestion, Query()]) -> Answer:
    return rulebook.diff(question.before, question.after, no_record=NO_RECORD)


@router.get("/{rule}", summary="Show a rule 规则详情")
def rule(
    ask: Reading,
    rule: RuleId,
    layers: Annotated[str | None, Query(max_length=500, description=LAYERS)] = None,
) -> Answer:
    return rulebook.show(rule, layers=layers)


def _check_base(text: str) -> None:
    """Refuse a posted pack that stands on anything but packs of this installation.

    Raises: Invalid.
    """
    if len(text) > MAX_JSON:
        raise Invalid("规则包过大", {"lines": "超过1MB"}, "the pack is too large")
    try:
        head = tomllib.loads(text).get("pack", {})
    except (tomllib.TOMLDecodeError, RecursionError):
        head = {}  # what is wrong with the text is told by the check itself
    base = head.get("base", []) if isinstance(head, dict) else []
    if not isinstance(base, list) or not all(isinstance(name, str) and NAME.fullmatch(name) for name in base):
        reason = "pack.base 只能写本系统中规则包的名称"
        raise Invalid(reason, {"lines": reason}, "pack.base takes names of packs only")


def _without_path(found: Any, path: str) -> Any:
    """Return an answer that names the posted text, not the file it was kept in."""
    if isinstance(found, str):
        return found.replace(path, POSTED)
    if isinstance(found, list):
        return [_without_path(one, path) for one in found]
    if isinstance(found, dict):
        return {name: _without_path(one, path) for name, one in found.items()}
    return found
