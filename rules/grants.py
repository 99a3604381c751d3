"""Grants on the same patent across cases: which grant in force stands against which new one.

In: the new grant and those of other cases, each with its mode, term and territory. Out: findings like those of
`rules.gates`, one per other case that stands in the way. Terms that do not overlap never conflict; licenses for
territories that do not overlap neither, if both name theirs. What is not known is taken to overlap.

Source: 技术合同纠纷解释 arts 24-25, 27; 备案办法 art 12; 专利法 arts 50-51; 民法典 art 444
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rules.derivation import Derivation, step
from rules.gate_table import (
    ACT_NAMES,
    ACTS,
    DEVELOPMENT,
    LICENSES,
    MOVES,
    NARROW,
    OPEN,
    PLEDGE,
    POOL,
    STAGE_NAMES,
    Severity,
)
from rules.gates import Finding
from rules.text import fold

TERRITORIAL = frozenset((*LICENSES, *OPEN, *POOL, *DEVELOPMENT))
PROVINCES = (
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建", "江西",
    "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海",
    "宁夏", "新疆", "香港", "澳门", "台湾",
)  # fmt: skip

_ORDINARY = ("ordinary_license",)
_SEVERITIES: Mapping[str, Severity] = {"b": "block", "c": "consent", "w": "warn"}
_BETWEEN_PLACES = re.compile(r"[、，,;；和及与]+")
_KIND_OF_PLACE = re.compile(r"(?:壮族|回族|维吾尔)?(?:省|市|自治区|特别行政区)?(?:境内|范围内|内)?$")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a case grants, or is about to grant, on a patent.

    `start` None: from now on; `end` None: no limit in time (a license without a term has none). `territory` as the
    contract names it, or empty. `number` and `title` name the case. An unsigned one only warns.
    """

    mode: str
    start: date | None = None
    end: date | None = None
    territory: str = ""
    number: str = ""
    title: str = ""
    signed: bool = True


class _Text(NamedTuple):
    what_zh: str
    what_en: str
    remedy_zh: str
    remedy_en: str
    who: str


class _Row(NamedTuple):
    existing: str
    new: tuple[str, ...]
    letter: str
    rule_id: str
    text: str
    consent: str | None = None


_END_IT = (
    "撤回本案，或待在先合同终止、期满后再办理",
    "withdraw this case, or wait until the earlier grant has ended",
)
TEXTS: Mapping[str, _Text] = {
    "excludes": _Text(
        "{existing}期内不得再作{new}", "it excludes this grant while it lasts",
        f"先终止在先许可并注销备案，或使许可的期限、地域不重叠，或{_END_IT[0]}",
        f"end the earlier license and cancel its filing, or keep term or territory apart, or {_END_IT[1]}", "officer",
    ),
    "sole_ordinary": _Text(
        "{existing}期内不得再向第三方许可", "a sole license allows no license to others",
        "先终止在先许可；本单位不具备独立实施条件且合同未另有约定的，经法务确认并登记说明，可以一个普通许可作为自己实施",
        "end the earlier license, or record that the institution cannot work the patent itself", "officer",
    ),
    "licensee_agrees": _Text(
        "{existing}期内，入池前须经被许可人同意", "its licensee has to agree before the patent enters a pool",
        "取得被许可人书面同意并登记，或先终止在先许可", "record the licensee's consent, or end the license", "outside",
    ),
    "passes": _Text(
        "在先{existing}随专利权一并由受让人承受", "it passes with the patent",
        "向受让人书面披露在先许可，取得其知悉并承受的确认并登记",
        "disclose the license and record the other side's acknowledgment", "officer",
    ),
    "disclose": _Text(
        "在先{existing}继续有效", "it stays in force",
        "核对期限、地域和方式，向对方披露并写入合同", "compare the scopes and disclose it in the contract", "officer",
    ),
    "withdraw_open": _Text(
        "开放许可声明尚未撤回，不得办理{new}", "the open-license declaration has not been withdrawn",
        "先撤回开放许可声明，待撤回公告后再办理；已达成的开放许可继续有效，须向对方披露",
        "withdraw the declaration and wait for the gazette; licenses reached stay in force", "officer",
    ),
    "redeclare": _Text(
        "已有开放许可声明，重新声明的须先撤回原声明", "an open-license declaration stands already",
        "先撤回原声明，待公告后重新声明", "withdraw the first declaration, then declare again", "officer",
    ),
    "open_pledge": _Text(
        "正在开放许可，质押须有质权人同意继续开放许可的声明", "the pledgee must agree that the open license goes on",
        "取得质权人同意继续开放许可的声明并登记", "record the pledgee's statement", "outside",
    ),
    "pool_terms": _Text(
        "须核对专利池协议与{existing}、{new}的条件是否一致", "compare the pool's terms with the other grant",
        "核对专利池协议，取得池管理方意见并登记", "compare the terms with the pool and record the result", "officer",
    ),
    "pledgee": _Text(
        "专利权已在该案中出质，尚未取得质权人书面同意", "pledged in that case; the pledgee's consent is missing",
        "取得质权人盖章的同意书并登记，或先解除质押登记", "record the pledgee's consent, or release the pledge", "outside",
    ),
    "pledged_again": _Text(
        "专利权已在该案中出质，不能重复质押登记", "already pledged in that case",
        "先办理质押登记注销", "release that pledge first", "outside",
    ),
    "promised": _Text(
        "该案已签订{existing}合同，专利权已许诺给他人，不得再作{new}", "the patent is promised to somebody else",
        "先解除在先合同，或将该专利从本案中移出", "rescind the earlier contract, or leave the patent out", "officer",
    ),
    "promised_grant": _Text(
        "该案已签订{existing}合同，登记前再作{new}须经受让方同意", "the patent is promised; the assignee has to agree",
        "取得受让方书面同意并登记，或先解除在先合同", "record the assignee's consent, or rescind the contract", "outside",
    ),
}  # fmt: skip

_ROWS = (
    _Row("exclusive_license", LICENSES, "b", "L-10", "excludes"),
    _Row("exclusive_license", DEVELOPMENT, "b", "LI-02", "excludes"),
    _Row("sole_license", NARROW, "b", "L-10", "excludes"),
    _Row("sole_license", (*_ORDINARY, *DEVELOPMENT), "b", "LI-04", "sole_ordinary", "own_working"),
    *(
        row
        for existing in NARROW
        for row in (
            _Row(existing, OPEN, "b", "OP-06", "excludes"),
            _Row(existing, POOL, "b", "LI-02", "licensee_agrees", "licensee"),
            _Row(existing, MOVES, "c", "TR-14", "passes", "license_disclosure"),
            _Row(existing, PLEDGE, "w", "LI-02", "disclose"),
        )
    ),
    *(
        row
        for existing in (*_ORDINARY, *DEVELOPMENT)
        for row in (
            _Row(existing, NARROW, "w", "LI-02", "disclose"),
            _Row(existing, MOVES, "w", "TR-14", "disclose"),
        )
    ),
    _Row("open_license", MOVES, "b", "TR-13", "withdraw_open"),
    _Row("open_license", NARROW, "b", "OP-10", "withdraw_open"),
    _Row("open_license", OPEN, "w", "OP-13", "redeclare"),
    _Row("open_license", PLEDGE, "c", "OP-14", "open_pledge", "pledgee_open_license"),
    _Row("open_license", POOL, "c", "OP-10", "pool_terms", "pool_terms"),
    _Row("pledge", MOVES, "c", "TR-11", "pledgee", "pledgee"),
    _Row("pledge", (*LICENSES, *POOL, *DEVELOPMENT), "c", "PG-02", "pledgee", "pledgee"),
    _Row("pledge", OPEN, "c", "OP-06", "pledgee", "pledgee"),
    _Row("pledge", PLEDGE, "b", "PG-04", "pledged_again"),
    _Row("patent_pool", NARROW, "b", "LI-02", "pool_terms", "pool_terms"),
    _Row("patent_pool", MOVES, "c", "TR-14", "pool_terms", "pool_terms"),
    _Row("patent_pool", (*_ORDINARY, *OPEN, *PLEDGE, *POOL, *DEVELOPMENT), "w", "K-16", "pool_terms", "pool_terms"),
    *(
        row
        for existing in MOVES
        for row in (
            _Row(existing, MOVES, "b", "TR-01", "promised"),
            _Row(
                existing, (*LICENSES, *OPEN, *PLEDGE, *POOL, *DEVELOPMENT), "b", "TR-01", "promised_grant", "assignee"
            ),
        )
    ),
)  # fmt: skip


class Clash(NamedTuple):
    """What one pair of grants says. `consent` is what lifts it, if anything recorded can."""

    severity: Severity
    rule_id: str
    text: str
    consent: str | None


CLASHES: Mapping[tuple[str, str], Clash] = {
    (row.existing, new): Clash(_SEVERITIES[row.letter], row.rule_id, row.text, row.consent)
    for row in _ROWS
    for new in row.new
}


def check_grants(
    new: Grant,
    others: Iterable[Grant],
    *,
    today: date,
    stage: str = "sign",
    consents: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """Return one finding for every other grant that stands against the new one, in their order.

    When a case is opened every finding is a warning: until the signature the other grant may end. A recorded consent
    leaves no finding behind.

    Raises: ValueError if a mode or the stage is unknown.
    """
    if stage not in STAGE_NAMES:
        raise ValueError(f"unknown stage: {stage!r}")
    found = []
    for other in others:
        for grant in (new, other):
            if grant.mode not in ACTS:
                raise ValueError(f"unknown act: {grant.mode!r}")
        clash = CLASHES.get((other.mode, new.mode))
        if clash is None or (clash.consent is not None and clash.consent in consents):
            continue
        if do_terms_overlap(new, other, today) and do_territories_overlap(new, other):
            found.append(_finding(new, other, clash, today, stage))
    return tuple(found)


def do_terms_overlap(new: Grant, other: Grant, today: date) -> bool:
    """Say whether there is a day on which both hold; the new one holds from today if it names no start."""
    start = new.start or today
    after = other.end is not None and other.end < start
    before = new.end is not None and other.start is not None and new.end < other.start
    return not (after or before)


def do_territories_overlap(new: Grant, other: Grant) -> bool:
    """Say whether two grants meet in some place; only licenses for provinces that both name can keep apart."""
    if not {new.mode, other.mode} <= TERRITORIAL:
        return True
    ours, theirs = provinces_of(new.territory), provinces_of(other.territory)
    return ours is None or theirs is None or not ours.isdisjoint(theirs)


def provinces_of(territory: str) -> frozenset[str] | None:
    """Return the provinces that a territory consists of; None if it is wider, not named, or not understood."""
    names = [_KIND_OF_PLACE.sub("", part, count=1) for part in _BETWEEN_PLACES.split(fold(territory)) if part]
    known = frozenset(name for name in names if name in PROVINCES)
    return known if names and len(known) == len(set(names)) else None


def _finding(new: Grant, other: Grant, clash: Clash, today: date, stage: str) -> Finding:
    text = TEXTS[clash.text]
    existing_zh, existing_en = ACT_NAMES[other.mode]
    words = {"existing": existing_zh, "new": ACT_NAMES[new.mode][0]}
    named = " ".join(filter(None, (other.number, other.title))) or existing_zh
    return Finding(
        rule_id=clash.rule_id,
        severity="warn" if stage == "open" or not other.signed else clash.severity,
        patent_id=None,
        subject_zh=named,
        subject_en=other.number or existing_en,
        what_zh=text.what_zh.format_map(words),
        what_en=text.what_en,
        remedy_zh=text.remedy_zh,
        remedy_en=text.remedy_en,
        who=text.who,
        consent=clash.consent,
        condition=f"grant_{other.mode}",
        act=new.mode,
        stage=stage,
        found_zh=f"{'已签订' if other.signed else '在办，尚未签订：'}{existing_zh}（{_term_zh(other)}）",
        found_en=f"{existing_en} {'granted' if other.signed else 'in preparation'}, {_term_en(other)}",
        evidence=(_overlap(new, other, today),),
    )


def _overlap(new: Grant, other: Grant, today: date) -> Derivation:
    start = new.start or today
    first = max(start, other.start) if other.start else start
    ends = [end for end in (new.end, other.end) if end is not None]
    last = min(ends).isoformat() if ends else ""
    places = f"，地域：在先{other.territory or '未写明'}，本次{new.territory or '未写明'}"
    return step(
        "overlap", f"期限重叠：自{first.isoformat()}{f'至{last}' if last else '起，没有终止日'}{places}",
        f"the terms overlap from {first.isoformat()} {f'to {last}' if last else 'on'}", first, "date",
    )  # fmt: skip


def _term_zh(grant: Grant) -> str:
    start = grant.start.isoformat() if grant.start else ""
    end = f"至{grant.end.isoformat()}" if grant.end else "未约定终止日"
    return f"{start}{end}" if start and grant.end else f"自{start}起，{end}" if start else end


def _term_en(grant: Grant) -> str:
    start = f"from {grant.start.isoformat()} " if grant.start else ""
    return f"{start}to {grant.end.isoformat()}" if grant.end else f"{start}without end"
