"""Cases, steps and outcomes as lines of text."""

from typing import TYPE_CHECKING

from desk.commands.console import CONSOLE, say, tell_unmet

if TYPE_CHECKING:
    from cases.advance import Advanced
    from desk.migration_shapes import ImpactShape
    from desk.planned import OutcomeShape
    from desk.shapes import ApprovalRowShape, CaseShape, DeadlineShape, StepShape
    from states.plan import Unmet


VOIDED_ZH = {
    "filing": "专利局申请",
    "feedback": "平台反馈",
    "title": "权属核查", "price": "协议定价", "publicity": "公示", "approval": "审批", "contract": "合同",
    "consents": "依原条款作出的同意书", "decisions": "已作出的审批决定",
}  # fmt: skip


def show_done(done: "Advanced") -> None:
    """Print what a step did."""
    from states.catalog import MODES  # noqa: PLC0415  start-up time

    step = next(mode.steps[done.event] for mode in MODES.values() if done.event in mode.steps)
    say(
        f"{done.number} {step.done_zh}（{done.event}），案件版本{done.version}",
        f"{done.number}: {step.done_en} ({done.event}), version {done.version}",
    )
    if done.voids:
        voided = "、".join(VOIDED_ZH.get(name, name) for name in done.voids)
        say(f"条款变更，以下事项失效，须重新办理：{voided}", f"voided: {', '.join(done.voids)}")


def show_case(case: "CaseShape") -> None:
    """Print where a case stands."""
    say(f"{case.number} {case.title}")
    say(
        f"{case.mode_zh}｜{case.stage_zh}｜版本{case.version}｜{case.officer}",
        f"{case.mode} | {case.stage} | v{case.version}",
    )
    if case.company is None:
        say("企业：面向社会，不特定的被许可人", "company: none, offered to everybody")
    else:
        say(
            f"企业：{case.company.name} {case.company.uscc}",
            f"company: {case.company.name} {case.company.uscc}",
        )
    for patent in case.patents:
        say(
            f"专利：{patent.application_no} {patent.title}", f"patent: {patent.application_no} {patent.title}"
        )
    say("所处环节：", "position:")
    for place in case.position:
        say(
            f"  {place.region_zh}：{place.zh}" if place.region_zh else f"  {place.zh}",
            f"  {place.id}: {place.en}",
        )
    if case.approval:
        say("审批：", "approval:")
    for row in case.approval:
        show_approval(row)
    say("下一步：", "next steps:")
    for step in case.steps:
        show_step(step, indent="  ")
    if case.deadlines:
        say("期限：", "deadlines:")
    for deadline in case.deadlines:
        show_deadline(deadline, indent="  ")
    if case.documents:
        say("文档：", "documents:")
    for document in case.documents:
        say(f"  #{document.id} {document.title or document.kind} v{document.version} {document.status}")


def show_approval(row: "ApprovalRowShape") -> None:
    """Print one body of the route: who decided, or who is asked since when."""
    if row.decided_on:
        stands_in = f"（代{row.decided_for}）" if row.decided_for else ""
        for_whom = f" (for {row.decided_for})" if row.decided_for else ""
        zh = f"{row.decided_on} {row.decided_by}{stands_in} {row.minutes_no}"
        en = f"{row.decided_on} {row.decided_by}{for_whom} {row.minutes_no}"
    else:
        asked = [
            one.name + (f"（代理人：{'、'.join(one.deputies)}）" if one.deputies else "")
            for one in row.persons
        ]
        zh = f"{'、'.join(asked)}{f' 自{row.since}' if row.since else ''}"
        asked = [
            one.name + (f" (deputy: {', '.join(one.deputies)})" if one.deputies else "")
            for one in row.persons
        ]
        en = f"{', '.join(asked)}{f' since {row.since}' if row.since else ''}"
    say(
        f"  {row.stage}. {row.body_zh}｜{row.status_zh}｜{zh}",
        f"  {row.stage}. {row.body_en} | {row.status} | {en}",
    )


def show_step(step: "StepShape", indent: str = "") -> None:
    """Print a step and all that is unmet."""
    mark = "✓" if step.possible else "✗"
    say(f"{indent}{mark} {step.zh}（{step.event}）", f"{indent}{mark} {step.en} ({step.event})")
    for unmet in step.unmet:
        tell_unmet(unmet, lambda text: say(indent + text))


def show_outcome(outcome: "OutcomeShape") -> None:
    """Print what a supposed step would do."""
    mark = "✓" if outcome.possible else "✗"
    say(
        f"{mark} {outcome.on} {outcome.zh}（{outcome.event}）",
        f"{mark} {outcome.on} {outcome.en} ({outcome.event})",
    )
    for unmet in outcome.unmet:
        tell_unmet(unmet, say)
    for deadline in outcome.deadlines:
        say(f"  期限 {deadline.due} {deadline.title}", f"  deadline {deadline.due} {deadline.title_en}")
    if outcome.voids:
        voided = "、".join(VOIDED_ZH.get(name, name) for name in outcome.voids)
        say(f"  将失效：{voided}", f"  would void: {', '.join(outcome.voids)}")


def show_impact(impact: "ImpactShape", unmet: "tuple[Unmet, ...]") -> None:
    """Print what a step would take away."""
    for one in unmet:
        tell_unmet(one, say)
    for name in impact.voids:
        say(f"  失效：{VOIDED_ZH.get(name, name)}", f"  void: {name}")
    for paper in impact.papers:
        say(
            f"  文书作废：{paper.title or paper.kind} v{paper.version}",
            f"  superseded: {paper.kind} v{paper.version}",
        )
    for deadline in impact.dropped:
        say(f"  期限不再适用：{deadline.due} {deadline.title}", f"  dropped: {deadline.due} {deadline.key}")
    for deadline in impact.reopened:
        say(
            f"  期限重新起算：{deadline.due} {deadline.title}", f"  runs again: {deadline.due} {deadline.key}"
        )
    for term in impact.lost_terms:
        say(f"  条款不再适用：{term}", f"  term lost: {term}")
    if not unmet and not impact.voids and not impact.lost_terms:
        say("没有内容因此失效", "nothing would become void")


def show_deadline(deadline: "DeadlineShape", indent: str = "") -> None:
    """Print a deadline and how it came about."""
    left = deadline.days_left
    zh = {"met": "已完成", "moved": "已变更", "dropped": "已取消"}.get(
        deadline.status, f"还有{left}天" if left >= 0 else f"已逾期{-left}天"
    )
    en = f"{left} days left" if deadline.status == "open" else deadline.status
    badge = "［待核实］" if deadline.unverified else ""
    say(
        f"{indent}{deadline.due} {deadline.title}（{zh}）{deadline.case_no}{badge}",
        f"{indent}{deadline.due} {deadline.title_en} ({en}) {deadline.case_no}",
    )
    for line in deadline.explanation_zh if CONSOLE.language == "zh" else deadline.explanation_en:
        say(f"{indent}    {line}")
