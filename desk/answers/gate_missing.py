"""What a gate question did not say: each gap is told, with what fills it, and nothing is taken for granted.

In: the facts as given and as read. Out: one `Missing` per gap; those that `stop` turn the answer into a no.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rules.gate_table import LICENSES, OPEN, POOL
from rules.gates import PatentFacts
from rules.grants import Grant

_TEMPORARY = frozenset((*LICENSES, *OPEN, *POOL))


class Missing(NamedTuple):
    """A fact that was not given. `stops` says whether the question cannot be answered with yes without it."""

    place: str
    rule_id: str
    what: tuple[str, str]
    remedy: tuple[str, str]
    stops: bool = False


def missing_of_case(raw: Mapping[str, Any], mode: str, grant: Grant, institution: str) -> list[Missing]:
    """Return what the question as a whole did not say."""
    gaps = []
    if not institution:
        gaps.append(
            Missing(
                "institution",
                "O-01",
                ("未填写本单位名称，无法核对专利权人", "the institution is not named"),
                ("填写 institution", "name it"),
                True,
            )
        )
    if not raw.get("patents"):
        gaps.append(
            Missing(
                "patents",
                "O-01",
                ("未填写专利", "no patent is named"),
                ("在 patents 中至少填写一件专利", "name at least one"),
                True,
            )
        )
    if raw.get("foreign_party") is None:
        gaps.append(
            Missing(
                "foreign_party",
                "T-22",
                (
                    "未说明对方是否为境外或港澳台主体，按境内主体核对",
                    "whether the other side is foreign is not said; taken as domestic",
                ),
                ("填写 foreign_party", "say it"),
            )
        )
    if raw.get("other_cases") is None:
        gaps.append(
            Missing(
                "other_cases",
                "L-10",
                ("未说明同一专利的其他案件，按没有其他案件核对", "other cases are not named; taken as none"),
                ("填写 other_cases，没有的填 []", "name them, or []"),
            )
        )
    if mode in _TEMPORARY and grant.end is None:
        gaps.append(
            Missing(
                "license.end",
                "PF-09",
                (
                    "未填写许可终止日，无法核对是否超过专利权期限；合同未约定期限的视为不受限制",
                    "the license has no end; it is not compared with the patent's life",
                ),
                ("填写 license.end", "give its last day"),
            )
        )
    if mode not in OPEN and raw.get("terms"):
        gaps.append(
            Missing(
                "terms",
                "OP-05",
                (
                    "只有开放许可才核对使用费上限，terms 未使用",
                    "the caps are for open licenses; not looked at",
                ),
                ("删去 terms，或改为开放许可", "leave them out"),
            )
        )
    return gaps


def missing_of_patent(row: Mapping[str, Any], p: PatentFacts, place: str, mode: str) -> list[Missing]:
    """Return what was not said of one patent."""
    gaps = []
    about_zh, about_en = f"《{p.title}》：", f"{place}: "

    def gap(
        name: str, rule_id: str, what: tuple[str, str], remedy: tuple[str, str], stops: bool = False
    ) -> None:
        gaps.append(
            Missing(f"{place}.{name}", rule_id, (about_zh + what[0], about_en + what[1]), remedy, stops)
        )

    if not p.kind:
        gap(
            "kind",
            "P-01",
            ("未填写专利种类和申请号，无法核对期限、评价报告和出口手续", "neither kind nor number is given"),
            ("填写 kind 或 application_no", "give one of them"),
            True,
        )
    if row.get("flags") is None:
        gap(
            "flags",
            "RG-01",
            ("未说明质押、保全、中止、许可等情况，按没有核对", "burdens are not said; taken as none"),
            ("查询登记簿后填写 flags，没有的填 []", "look them up; [] for none"),
        )
    if p.checked_on is None:
        gap(
            "checked_on",
            "RG-01",
            ("未填写登记簿核查日期", "the day of the register check is not given"),
            ("查询专利登记簿并填写 checked_on", "look the patent up"),
        )
    if mode in LICENSES and p.grant_date is None and p.status not in ("pending", "unknown"):
        gap(
            "grant_date",
            "L-06",
            ("未填写授权公告日，备案合同须载明", "the grant date is not given; the filing needs it"),
            ("填写 grant_date", "give it"),
        )
    return gaps


def strangers(others: Sequence[tuple[Grant, str]], patents: Sequence[PatentFacts]) -> list[Missing]:
    """Return the other cases whose patent is not among those asked about."""
    known = {patent.application_no for patent in patents}
    return [
        Missing(
            f"other_cases[{number}].patent",
            "L-10",
            ("该案件的专利不在 patents 中，未核对", "its patent is not among the patents"),
            ("核对申请号", "check the number"),
        )
        for number, (_, digits) in enumerate(others, 1)
        if digits and digits not in known
    ]
