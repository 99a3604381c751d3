"""The steps of one patent through a stocktake, as a table: who may take which step from where, and what stands against it.

In: where the item is, the step asked for, and the facts (`StocktakeFacts`). Out: the state that follows, or every
condition that is not met with its rule. The conditions stand in `states.stocktake_guards`.

Source: 国知发运字〔2025〕16号; 榕市监知〔2024〕268号; the levels inventor → college → institution from university practice
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from rules.citing import cited
from rules.gates import PatentFacts
from rules.packs import RuleBook
from states.plan import Unmet

STATES: Mapping[str, tuple[str, str]] = {
    "waiting": ("待自评", "Awaiting self-rating"),
    "returned": ("退回修改", "Sent back"),
    "rated": ("待院系审核", "Awaiting the college"),
    "passed": ("待学校审核", "Awaiting the institution"),
    "reviewed": ("待决定", "Awaiting a decision"),
    "pooled": ("已入转化资源库", "In the conversion pool"),
    "disposed": ("已处置", "Disposed of"),
    "left_out": ("不再盘点", "Left out"),
}
OPEN = ("waiting", "returned", "rated", "passed", "reviewed")
ENDED = ("pooled", "disposed", "left_out")
# What has been evaluated, and what has been screened, in the sense of the coverage that the papers ask for.
EVALUATED = ("rated", "passed", "reviewed", "pooled", "disposed")
SCREENED = ("pooled", "disposed")

DISPOSALS: Mapping[str, tuple[str, str]] = {
    "keep": ("储备", "Keep in reserve"),
    "improve": ("改进提升", "Improve"),
    "bundle": ("打包运用", "Bundle"),
    "open_license": ("开放许可", "Open license"),
    "hand_over": ("发明人承接", "Hand over to the inventors"),
    "stop_fees": ("停止缴费", "Stop paying fees"),
}
GRAVE = ("hand_over", "stop_fees")  # the right is given up
LASTING = ("keep", "improve", "bundle")  # decided for a while, to be looked at again

# Papers that can be named with a decision; each lifts the condition that asks for it.
PAPERS: Mapping[str, tuple[str, str]] = {
    "co_owner": ("共有人书面同意", "Consent of the co-owners"),
    "pledgee": ("质权人书面同意", "Consent of the pledgee"),
    "project_body": ("项目管理部门意见", "Opinion of the funding body"),
    "wide_use": ("多方实施的说明", "Why several can work it"),
}


@dataclass(frozen=True, slots=True)
class StocktakeFacts:
    """What a step may know of one item.

    `open_cases` and `grants` are named as `number title`. `missing` are the dimensions that the self-rating lacks,
    `willing` the modes that it accepts. `reviewers` are the people named for the item's college; nobody named means that
    every approver may.
    """

    patent: PatentFacts
    institution: str
    campaign_open: bool = True
    missing: tuple[str, ...] = ()
    willing: frozenset[str] = frozenset()
    maturity: str = ""
    scenarios: int = 0
    funded: bool | None = None
    scores: int = 0
    scores_wanted: int = 0
    open_cases: tuple[str, ...] = ()
    grants: tuple[str, ...] = ()
    reviewers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """A step that somebody asks for. `papers` names evidence by the kinds of `PAPERS`."""

    step: str
    role: str
    actor_id: int | None = None
    why: str = ""
    choice: str = ""
    papers: Mapping[str, str] = field(default_factory=dict)
    notified_on: date | None = None
    review_on: date | None = None
    consented: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """Everything that a condition looks at."""

    state: str
    asked: Asked
    facts: StocktakeFacts
    book: RuleBook
    today: date

    def unmet(
        self, code: str, rule_id: str, what: tuple[str, str], remedy: tuple[str, str], who: str
    ) -> Unmet:
        """Build an unmet condition that cites its rule; the texts are Chinese and English pairs."""
        rule = cited(self.book, rule_id, self.today) if rule_id else None
        article, confidence = (rule.article, rule.confidence) if rule else ("", "")
        return Unmet(code, *what, *remedy, who, rule_id, article, confidence, self.facts.patent.id or None)


Guard = Callable[[Around], tuple[Unmet, ...]]


@dataclass(frozen=True, slots=True)
class Step:
    """A row of the table. `to` is empty for a step that leaves the item where it is."""

    name: str
    zh: str
    en: str
    sources: tuple[str, ...]
    to: str
    roles: tuple[str, ...]
    guards: tuple[Guard, ...] = ()
    needs_why: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a step: the state that follows, or all that stands against it."""

    to: str
    unmet: tuple[Unmet, ...]

    @property
    def possible(self) -> bool:
        """Say whether nothing stands against it."""
        return not self.unmet
