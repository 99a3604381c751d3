"""What reading a contract finds, and the checks that contracts of several modes share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from contracts.view import CaseView, Party, PatentItem
from rules.dates import chinese_date
from rules.gate_texts import WITHOUT_IT

Severity = Literal["block", "warn"]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One objection: the rule, where it applies, what is wrong, and what would mend it; `clause` if one is concerned.

    A fault of drafting that no rule names has no rule id.
    """

    rule_id: str
    severity: Severity
    place: str
    what_zh: str
    remedy_zh: str
    clause: str = ""


def patent_place(noun: str, n: int, patent: PatentItem) -> str:
    """Name a patent of the contract: 许可专利1（ZL…）."""
    return f"{noun}{n}（{patent.patent_no or patent.title or '未填写'}）"


def outlasts(view: CaseView, noun: str, what: str, consequence: str) -> Iterator[LintFinding]:
    """P-05: what a contract grants may not outlast a patent. `what` names the last day: 许可终止日.

    Source: 民法典 art 865
    """
    end = view.terms.outline().end
    for n, patent in enumerate(view.patents, 1):
        place = patent_place(noun, n, patent)
        if patent.term_end is None:
            yield LintFinding(
                "P-05", "warn", place,
                f"专利有效期限届满日未知，无法核对{what.removesuffix('终止日')}期限。", "补录申请日，或者核对登记簿副本。",
            )  # fmt: skip
        elif end is not None and end > patent.term_end:
            yield LintFinding(
                "P-05", "block", place,
                f"{what}{chinese_date(end)}晚于该专利有效期限届满日{chinese_date(patent.term_end)}，"
                f"{consequence}",
                f"将{what}改为不晚于{chinese_date(patent.term_end)}，或{WITHOUT_IT[0]}。",
            )  # fmt: skip


def unnamed_parties(parties: Iterable[tuple[str, Party]]) -> Iterator[tuple[str, str]]:
    """Yield what identifies a party and is not stated: (side, what)."""
    for side, party in parties:
        for label, value in (("名称", party.name), ("地址", party.address)):
            if not value:
                yield side, f"{side}的{label}"


def unnamed_patents(view: CaseView, noun: str, *, granted: bool = True) -> Iterator[tuple[str, str]]:
    """Yield what identifies a patent and is not stated: (place, what).

    An application that is not `granted` yet has neither a patent number nor a day of grant.
    """
    if not view.patents:
        yield noun, noun
    for n, patent in enumerate(view.patents, 1):
        known: tuple[tuple[str, object], ...] = (
            ("名称", patent.title),
            ("申请日", patent.filing_date),
            *((("专利号", patent.patent_no), ("授权公告日", patent.grant_date)) if granted else ()),
        )
        for label, stated in known:
            if not stated:
                yield patent_place(noun, n, patent), label
