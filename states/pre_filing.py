"""What must stand before a planned application is filed: the assessment (申请前评估) and the declaration of funding.

In: what is known of the plan, the rulebook, the day. Out: every condition that is not met, each with its rule. Whether they
bind is the house's policy; a head may let an application pass, with a reason that the trail keeps.
Source: 国知发运字〔2025〕16号 (hard stop); 榕市监知〔2024〕268号 (heads, declaration); 国知发运字〔2024〕3号
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rules.packs import RuleBook
from rules.use_codes import HEADS
from states.plan import Unmet

HEADS_OF_OFFICE = ("approver", "administrator")


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned application: its decision, its scores by head, and what is said of public funding.

    `project` holds type, name and number of the project; `declared_on` the day on which the office is told, that of
    filing at the latest.
    """

    decision: str
    decided_on: date | None
    scores: Mapping[str, int]
    funded: bool | None
    project: tuple[str, str, str] = ("", "", "")
    declared_on: date | None = None
    has_search: bool = False


def unmet_for_filing(plan: Plan, book: RuleBook, on: date) -> tuple[Unmet, ...]:
    """Return what stands against filing a planned application on a day."""
    return (*_assessment(plan, book, on), *unmet_for_pack(plan, book, on), *_declaration(plan, book, on))


def unmet_for_pack(plan: Plan, book: RuleBook, on: date) -> tuple[Unmet, ...]:
    """Return what stands against making the filing package: whether it is funded, and by which project."""
    return tuple(_project(plan, book, on))


def _assessment(plan: Plan, book: RuleBook, on: date) -> Iterator[Unmet]:
    if not plan.decision:
        yield _unmet(
            book, on, "not_assessed", "ST-05", ("尚未进行申请前评估", "the application has not been assessed"),
            ("组织评估，登记评分、评估人和结论", "have it assessed, and record scores, assessors and decision"),
        )  # fmt: skip
        return
    if plan.decision != "pass":
        yield _unmet(
            book, on, "assessment_failed", "ST-05", ("申请前评估没有通过", "the assessment was not passed"),
            ("改进后重新评估；确需申请的，由负责人说明理由放行", "improve it and assess again, or let a head decide"),
        )  # fmt: skip
    missing = [names for head, names in HEADS.items() if head not in plan.scores]
    if missing:
        zh, en = "、".join(name for name, _ in missing), ", ".join(name for _, name in missing)
        yield _unmet(
            book, on, "scores_missing", "ST-05", (f"评估缺少评分：{zh}", f"scores are missing: {en}"),
            ("补登各项评分", "add the scores"),
        )  # fmt: skip
    if not plan.has_search:
        yield _unmet(
            book, on, "search_missing", "ST-05", ("没有新颖性检索情况", "there is no note on the novelty search"),
            ("补登检索范围和结论", "add what was searched and found"),
        )  # fmt: skip


def _project(plan: Plan, book: RuleBook, on: date) -> Iterator[Unmet]:
    if plan.funded is None:
        yield _unmet(
            book, on, "funding_unsaid", "RP-05",
            ("没有说明是否由财政资助形成", "nobody has said whether it was publicly funded"),
            ("登记是否财政资助", "say whether it was publicly funded"),
        )  # fmt: skip
    elif plan.funded and not all(plan.project):
        names = ("项目类型", "项目名称", "项目编号"), ("type", "name", "number")
        zh = "、".join(name for name, value in zip(names[0], plan.project, strict=True) if not value)
        en = ", ".join(name for name, value in zip(names[1], plan.project, strict=True) if not value)
        yield _unmet(
            book, on, "project_incomplete", "DC-02",
            (f"财政资助声明缺少{zh}", f"the declaration of funding lacks: {en}"),
            ("补登项目信息后再生成申请材料包", "add them before the filing package is made"),
        )  # fmt: skip


def _declaration(plan: Plan, book: RuleBook, on: date) -> Iterator[Unmet]:
    if plan.funded and plan.declared_on is None:
        yield _unmet(
            book, on, "not_declared", "RP-05",
            ("财政资助形成的，提交申请时须声明项目信息", "state funding has to be declared when filing"),
            ("在专利业务办理系统填写声明，登记声明日期", "declare it with the office, and record the day"),
        )  # fmt: skip


def _unmet(
    book: RuleBook, on: date, code: str, rule_id: str, what: tuple[str, str], remedy: tuple[str, str]
) -> Unmet:  # fmt: skip
    rule = book.rule(rule_id, on)
    return Unmet(code, *what, *remedy, "officer", rule_id, rule.article, rule.confidence)
