"""What only licenses are read for: term, content that the filing needs, kind, and co-owners."""

import re
from collections.abc import Iterator

from contracts.finding import LintFinding, outlasts, patent_place, unnamed_parties, unnamed_patents
from contracts.license_fields import LicenseFields, license_fields
from contracts.mode import Check, ModeContract
from contracts.view import CaseView
from rules.text import fold

_PATENT = "许可专利"


def license_check(against_kind: re.Pattern[str]) -> Check:
    """Return the check of one kind of license.

    Source: 民法典 art 865; 技术合同纠纷解释 art 25; 专利法 art 14; 专利实施许可合同备案办法 arts 9, 12
    """

    def check(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
        yield from outlasts(view, _PATENT, "许可终止日", "合同仅在专利权有效期限内有效，且不予备案。")
        yield from _content(view, mode)
        yield from _kind(view, mode, against_kind)
        yield from _co_owners(view, mode)

    return check


def _content(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """L-06: what a contract must contain to be recorded."""
    missing = (
        *unnamed_parties(view.parties(mode.sides_of(view.terms))),
        *unnamed_patents(view, _PATENT),
    )
    for place, what in missing:
        yield LintFinding(
            "L-06", "block", place, f"缺少{what}，该项是备案合同的必备内容。", f"请补录{what}后重新生成合同。"
        )


def _kind(view: CaseView, mode: ModeContract, against_kind: re.Pattern[str]) -> Iterator[LintFinding]:
    """LI-03: a kind that is not clear counts as ordinary. Source: 技术合同纠纷解释 art 25."""
    kind = mode.kind_zh
    for n, text in enumerate(_terms(view).special_clauses, 1):
        match = against_kind.search(re.sub(r"\s+", "", text))
        if match is not None:
            yield LintFinding(
                "LI-03", "warn", f"特别约定第{n}条",
                f"“{match[0]}”与{kind}的含义不一致，许可方式约定不明的视为普通许可。",
                f"删除或者改写该约定；确需如此约定的，撤回本案后按相应的许可方式另行立案，不再使用“{kind}”。",
            )  # fmt: skip


def _co_owners(view: CaseView, mode: ModeContract) -> Iterator[LintFinding]:
    """O-05: a co-owner may license ordinarily, and shares what it receives. Source: 专利法 art 14."""
    if mode.needs_co_owners or _terms(view).royalty_free:
        return
    for n, patent in enumerate(view.patents, 1):
        others = [owner for owner in patent.owners if fold(owner) != fold(view.ours.name)]
        if others:
            yield LintFinding(
                "O-05", "warn", patent_place(_PATENT, n, patent),
                f"与{'、'.join(others)}共有；没有其他约定的，可以单独以普通许可方式许可他人，收取的许可费应当在共有人之间分配。",
                "核对共有人之间有无其他约定；到账后按约定或者协商的比例向共有人分配许可费。",
            )  # fmt: skip


def _terms(view: CaseView) -> LicenseFields:
    return license_fields(view.terms)
