"""The conditions of the steps of a stocktake: each returns all that is unmet, with the rule behind it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from rules.gates import Finding, check_patent
from states.plan import Unmet
from states.stocktaking import DISPOSALS, GRAVE, LASTING, PAPERS, Around

ALIVE = ("in_force", "in_grace")
LICENSES = {
    "exclusive_license": "独占许可", "sole_license": "排他许可", "ordinary_license": "普通许可",
    "open_license": "开放许可",
}  # fmt: skip
DIMENSIONS = {
    "maturity": "技术成熟度",
    "scenario": "应用场景",
    "prospect": "产业化前景",
    "willingness": "转化意愿",
}
PRACTICAL = ("prototype", "pilot", "product")
LONGEST_REVIEW = timedelta(days=366)
MOST_NAMED = 5


def is_campaign_open(around: Around) -> tuple[Unmet, ...]:
    """The campaign has not been closed."""
    if around.facts.campaign_open:
        return ()
    return (
        around.unmet(
            "campaign_closed", "", ("盘点已经结束", "the stocktake has been closed"),
            ("请在进行中的盘点里办理，或由转化专员重新开启", "use a stocktake that is open"), "officer",
        ),
    )  # fmt: skip


def is_rating_whole(around: Around) -> tuple[Unmet, ...]:
    """Maturity, scenario and prospect are filled in, and whoever comes by a link has said that it is theirs."""
    found = []
    for rule_id, names in _lacking(around.facts.missing):
        words = "、".join(DIMENSIONS[name] for name in names)
        found.append(
            around.unmet(
                "rating_incomplete", rule_id, (f"自评缺少：{words}", f"the rating lacks: {', '.join(names)}"),
                ("补充后再提交，已填的内容不会丢失", "fill it in; what was typed is kept"), "outside",
            )
        )  # fmt: skip
    if around.asked.role == "inventor" and not around.asked.consented:
        found.append(
            around.unmet(
                "not_consented", "",
                ("尚未确认本链接由本人使用", "nobody has said yet that the link is used by its owner"),
                ("勾选确认后继续", "tick the box first"), "outside",
            )
        )  # fmt: skip
    return tuple(found)


def _lacking(missing: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what is missing by the rule that asks for it."""
    dimensions = tuple(name for name in missing if name != "willingness")
    if dimensions:
        yield "S3-05", dimensions
    if "willingness" in missing:
        yield "S3-06", ("willingness",)


def is_own_college(around: Around) -> tuple[Unmet, ...]:
    """Where people are named for a college, one of them looks at its patents; an administrator may stand in."""
    named = around.facts.reviewers
    if not named or around.asked.role == "administrator" or around.asked.actor_id in named:
        return ()
    return (
        around.unmet(
            "other_college", "S3-13",
            ("该院系已指定审核人，须由其审核", "people are named for this college"),
            ("请指定的审核人办理，或由管理员调整", "ask one of them, or an administrator"), "approver",
        ),
    )  # fmt: skip


def is_panel_heard(around: Around) -> tuple[Unmet, ...]:
    """As many raters of the panel have scored as the campaign asks for."""
    lacking = around.facts.scores_wanted - around.facts.scores
    if lacking <= 0:
        return ()
    return (
        around.unmet(
            "panel_missing", "S1-03",
            (
                f"集中评价须有{around.facts.scores_wanted}人打分，还差{lacking}人",
                f"{lacking} more scores of the panel are needed",
            ),
            ("请评价组成员打分", "ask the raters"), "officer",
        ),
    )  # fmt: skip


def is_fit_for_pool(around: Around) -> tuple[Unmet, ...]:
    """The right lives, is the institution's own and may be dealt in."""
    return tuple(_of_finding(around, found) for found in _matrix(around, "ordinary_license", "open"))


def is_choice_known(around: Around) -> tuple[Unmet, ...]:
    """A way of disposing was chosen, and those that end the right are decided by an approver."""
    choice = around.asked.choice
    if choice not in DISPOSALS:
        names = "、".join(zh for zh, _ in DISPOSALS.values())
        return (
            around.unmet(
                "choice_missing", "ST-02", (f"须选择处置方式：{names}", "choose what becomes of the patent"),
                ("选择一种后提交", "choose one"), "officer",
            ),
        )  # fmt: skip
    if choice in GRAVE and around.asked.role not in ("approver", "administrator"):
        zh, en = DISPOSALS[choice]
        return (
            around.unmet(
                "approval_needed", "ST-02",
                (f"“{zh}”放弃权利，须由审批人决定", f"'{en}' gives the right up: an approver decides"),
                ("请审批人办理本步骤", "ask an approver"), "approver",
            ),
        )  # fmt: skip
    return ()


def can_be_disposed(around: Around) -> tuple[Unmet, ...]:
    """Whatever the chosen way of disposing asks for."""
    choice = around.asked.choice
    found: list[Unmet] = []
    if choice in GRAVE:
        found += [*_still_used(around), *_given_up(around), *_notified(around)]
    if choice == "hand_over":
        found += [_of_finding(around, one) for one in _matrix(around, "transfer", "sign", "inventor_waiver")]
    if choice == "open_license":
        found += [_of_finding(around, one) for one in _matrix(around, "open_license", "sign")]
        found += _suited_for_many(around)
    if choice in LASTING:
        found += _reviewed_within_a_year(around)
    return tuple(found)


def _matrix(around: Around, act: str, stage: str, *more: str) -> tuple[Finding, ...]:
    consents = around.facts.patent.consents | frozenset(around.asked.papers) | frozenset(more)
    return check_patent(
        replace(around.facts.patent, consents=consents), act, stage=stage,
        institution=around.facts.institution, foreign_party=False, today=around.today, warnings=False,
    )  # fmt: skip


def _of_finding(around: Around, found: Finding) -> Unmet:
    what = (f"{found.subject_zh}：{found.what_zh}", f"{found.subject_en}: {found.what_en}")
    remedy = (found.remedy_zh, found.remedy_en)
    return around.unmet(f"patent_{found.rule_id}", found.rule_id, what, remedy, found.who)


def _still_used(around: Around) -> Iterator[Unmet]:
    """Cases and licenses that live on the patent."""
    facts = around.facts
    if facts.open_cases:
        named = "、".join(facts.open_cases[:MOST_NAMED])
        yield around.unmet(
            "case_lives", "ST-04",
            (f"尚有{len(facts.open_cases)}个未结案件：{named}", f"open cases: {len(facts.open_cases)}"),
            ("先办结或终止相关案件，或将本专利移出案件", "end the cases, or take the patent out"), "officer",
        )  # fmt: skip
    flagged = [zh for flag, zh in LICENSES.items() if flag in facts.patent.flags]
    living = [*flagged, *facts.grants]
    if living:
        yield around.unmet(
            "license_lives", "PF-10",
            (f"尚有有效的许可：{'、'.join(living[:MOST_NAMED])}", f"licenses in force: {len(living)}"),
            ("许可期间须维持专利有效；待许可终止并登记后再办理", "wait until the licenses have ended"), "officer",
        )  # fmt: skip


def _given_up(around: Around) -> Iterator[Unmet]:
    """Whose agreement is needed before a right is given up; the matrix asks for it itself on a transfer."""
    patent, papers, handed = around.facts.patent, around.asked.papers, around.asked.choice == "hand_over"
    if not handed and patent.status not in ALIVE:
        yield around.unmet(
            "no_fees_due", "ST-04", ("专利权未处于有效状态，无需停止缴费", "the right is not in force"),
            ("登记当前法律状态后，以“不再盘点”结束", "record its status and leave it out"), "officer",
        )  # fmt: skip
    if not handed and len(set(patent.owners)) > 1 and "co_owner" not in papers:
        yield _paper(around, "co_owner", "O-06", ("专利为共有，放弃须经全体共有人同意", "it is co-owned"))
    if not handed and "pledged" in patent.flags and "pledgee" not in papers:
        yield _paper(around, "pledgee", "PG-02", ("专利已质押，放弃须经质权人同意", "it is pledged"))
    if not handed and patent.flags & {"preserved", "suspended"}:
        yield around.unmet(
            "preserved", "ST-04", ("专利处于保全或程序中止", "it is preserved or suspended"),
            ("待解除后再办理", "wait until that has ended"), "outside",
        )  # fmt: skip
    funded = around.facts.funded or "state_funded" in patent.flags
    if funded and "project_body" not in papers:
        yield _paper(
            around, "project_body", "O-11",
            ("受财政资助，放弃前须征求项目管理部门意见并保留记录", "it is publicly funded"),
        )  # fmt: skip


def _paper(around: Around, kind: str, rule_id: str, what: tuple[str, str]) -> Unmet:
    zh, en = PAPERS[kind]
    remedy = (f"在“依据文件”中写明{zh}的名称和日期", f"name the paper: {en}")
    return around.unmet(f"paper_{kind}", rule_id, what, remedy, "officer")


def _notified(around: Around) -> Iterator[Unmet]:
    told = around.asked.notified_on
    if told is None or told > around.today:
        yield around.unmet(
            "inventors_not_told", "ST-02", ("尚未通知发明人", "the inventors have not been told"),
            ("通知后填写通知日期", "tell them and enter the day"), "officer",
        )  # fmt: skip


def _suited_for_many(around: Around) -> Iterator[Unmet]:
    """Whether the patent is practical, widely used and fit for several to work; a reason in words may stand for it."""
    facts, reason = around.facts, "wide_use" in around.asked.papers
    if "open_license" not in facts.willing:
        yield around.unmet(
            "not_willing", "S3-06", ("自评未选择“开放许可”", "the inventor has not accepted an open license"),
            ("与发明人沟通后更正自评", "talk to the inventor and correct the rating"), "outside",
        )  # fmt: skip
    if facts.maturity not in PRACTICAL and not reason:
        yield around.unmet(
            "not_practical", "S2-20",
            ("技术成熟度不足样机，实用性不强", "it is less mature than a prototype"),
            ("先改进提升，或说明可由多方直接实施的理由", "improve it, or say why many can work it"), "officer",
        )  # fmt: skip
    if facts.scenarios < 2 and not reason:
        yield around.unmet(
            "not_widely_used", "S3-21",
            ("应用场景少于两个，未见应用广泛、适于多方实施", "fewer than two fields of use are named"),
            ("补充应用场景，或说明可由多方实施的理由", "name more, or say why many can work it"), "officer",
        )  # fmt: skip


def _reviewed_within_a_year(around: Around) -> Iterator[Unmet]:
    on = around.asked.review_on
    if on is None or not around.today < on <= around.today + LONGEST_REVIEW:
        yield around.unmet(
            "review_missing", "ST-03",
            ("须确定一年内的复核日期", "a day of review within a year is needed"),
            ("填写复核日期，到期再次评估", "enter the day"), "officer",
        )  # fmt: skip
