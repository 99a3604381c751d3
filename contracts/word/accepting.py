"""A changed clause as the plain text of the clause library: what the contract is made from once a change is accepted."""

from collections.abc import Sequence

from contracts.word.compare import ClauseChange, FigureChange

Why = tuple[str, str]


def clause_text(clause: ClauseChange) -> str:
    """Return the words of a clause as they came back: paragraphs parted by blank lines, items after `- `, tables by name."""
    blocks: list[str] = []
    for line in clause.lines:
        if line.status == "deleted" or line.style in ("heading", "note"):
            continue
        if line.in_table:
            name = f"[[{line.style}]]"
            if not blocks or blocks[-1] != name:
                blocks.append(name)
        elif line.style == "item" and blocks:
            blocks[-1] += f"\n- {line.after}"
        else:
            blocks.append(" ".join(line.after.split("\n")))
    return "\n\n".join(blocks)


def why_not_text(clause: ClauseChange, figures: Sequence[FigureChange]) -> tuple[Why, ...]:
    """Return why a changed clause cannot be accepted as wording, and what to do instead; empty if it can.

    `figures` are those by which it differs from the present text: a value of the terms is changed as a term, so that what
    was approved on it becomes void as it must.
    """
    own = [f for f in figures if f.clause == clause.id and f.term]
    found = [
        (
            f"“{f.label}”由{f.before}改为{f.after or '（删去）'}，属于商务条款：请先修改商务条款，相关公示、审批将随之重新办理",
            f"{f.label_en} is a term: change the terms first, which voids what was approved on it",
        )
        for f in own
    ]
    if clause.id in _ELSEWHERE:
        found.append(_ELSEWHERE[clause.id])
    elif clause.id.startswith("annex") or any(
        line.in_table and line.status != "same" for line in clause.lines
    ):
        found.append(
            (
                "表格和附件由商务条款和专利信息生成：请在商务条款或者专利信息中修改",
                "Tables follow from the terms: change those",
            )
        )
    elif clause.status in ("added", "deleted"):
        found.append(
            (
                "整条增加或者删除不能直接改写：请写入商务条款的“特别约定”，或者在“合同条款”中改写相应条款",
                "A whole clause is added by special clauses of the terms, or by rewriting another clause",
            )
        )
    elif any(line.style == "heading" and line.status == "changed" for line in clause.lines):
        found.append(("条款标题由条款库确定，不能改写", "The title of a clause is that of the library"))
    return tuple(dict.fromkeys(found))


_ELSEWHERE: dict[str, Why] = {
    "cover": (
        "封面由案件信息生成：请在商务条款或者企业信息中修改",
        "The cover follows from the case: change terms or company",
    ),
    "parties": ("当事人信息请在企业信息或者机构信息中修改", "Change the company or the institution"),
    "signature": ("签署页由案件信息生成，不能改写", "The signature page follows from the case"),
    "beside": (
        "页眉、页脚、脚注和文本框中的内容不进入合同：需要的，请写入相应条款",
        "What stands beside the text is no part of the contract",
    ),
}
