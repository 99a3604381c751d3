"""What stands against a patent's entry into a pool: every condition at once, each with its rule and remedy. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from cases.profile_fields import LABELS, POOL_NAMES
from rules.packs import RuleBook
from states.plan import Unmet

Pair = tuple[str, str]

# The legal states of a right that cannot be converted as a patent: what it is called, and what can be done.
NOT_ALIVE: Mapping[str, tuple[Pair, Pair]] = {
    "lapsed": (
        ("专利权已终止", "the patent has lapsed"),
        ("在恢复期内的先办理权利恢复，并重新核查登记簿；否则不能入库", "restore the right, then check the register"),
    ),
    "expired": (
        ("专利权期限已届满", "the term of the patent has ended"),
        ("不能入库，可作为公有技术公开", "it cannot be entered; the technology is free"),
    ),
    "void": (
        ("专利权已被宣告无效", "the patent was invalidated"),
        ("不能入库；宣告无效的专利权视为自始即不存在", "it cannot be entered"),
    ),
    "pending": (
        ("尚未授权", "the application has not been granted"),
        ("授权公告后再入库", "enter it after the grant"),
    ),
    "unknown": (
        ("法律状态待核实", "the legal status is not known"),
        ("在专利页面登记一次登记簿核查", "record a look at the register"),
    ),
}  # fmt: skip
MUST_BE_RATED = (
    ("maturity", "S3-05"),
    ("scenario", "S3-05"),
    ("prospect", "S3-05"),
    ("willingness", "S3-06"),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patent that is to enter a pool. `profile` holds stored values, `entered` the pools that it lies in."""

    patent_id: int
    status: str
    flags: frozenset[str]
    profile: Mapping[str, object]
    entered: frozenset[str]


def unmet_of(
    candidate: Candidate, pool: str, standing: str, book: RuleBook, today: date
) -> tuple[Unmet, ...]:
    """Return every condition that stands against the entry; nothing if the patent may enter.

    A recommendation to an outer pool needs the same as an entry there: nobody recommends a dead patent.

    Source: 榕市监知〔2024〕268号 (S3-03, S3-05, S3-06); 盐城市方案征求意见稿 (S1-04); 国防专利条例 arts 7, 8
    """
    found = (*_alive(candidate), *_free(candidate), *_rated(candidate), *_in_order(candidate, pool, standing))
    return tuple(_unmet(candidate, one, book, today) for one in found)


@dataclass(frozen=True, slots=True)
class _Lack:
    code: str
    rule_id: str
    what: Pair
    remedy: Pair


def _alive(candidate: Candidate) -> Iterator[_Lack]:
    if candidate.status in NOT_ALIVE:
        what, remedy = NOT_ALIVE[candidate.status]
        yield _Lack(f"patent_{candidate.status}", "S3-03", what, remedy)


def _free(candidate: Candidate) -> Iterator[_Lack]:
    if "defense" in candidate.flags:
        what = ("国防专利不对外推广", "a defense patent is not promoted")
        yield _Lack("defense", "O-13", what, ("按国防专利程序办理", "follow the rules for defense patents"))


def _rated(candidate: Candidate) -> Iterator[_Lack]:
    for name, rule_id in MUST_BE_RATED:
        if candidate.profile.get(name) in (None, "", "[]"):
            zh, en = LABELS[name]
            what = (f"尚未评定{zh}", f"{en.lower()} is not rated")
            yield _Lack(
                f"{name}_missing", rule_id, what, (f"在盘点或档案中填写{zh}", f"fill in {en.lower()}")
            )


def _in_order(candidate: Candidate, pool: str, standing: str) -> Iterator[_Lack]:
    if standing == "entered" and pool in candidate.entered:
        zh, en = POOL_NAMES[pool]
        what = (f"已在{zh}中", f"it lies in the {en.lower()} already")
        yield _Lack("entered_already", "S3-03", what, ("无须重复入库", "nothing to do"))
    if pool != "institution" and "institution" not in candidate.entered:
        what = ("尚未进入本单位资源库", "it is not in the own pool")
        yield _Lack("own_pool_first", "S1-04", what, ("先办理本单位入库", "enter it into the own pool first"))


def _unmet(candidate: Candidate, lack: _Lack, book: RuleBook, today: date) -> Unmet:
    rule = book.rule(lack.rule_id, today)
    return Unmet(
        lack.code, lack.what[0], lack.what[1], lack.remedy[0], lack.remedy[1], "officer", rule.id, rule.article,
        rule.confidence, candidate.patent_id,
    )  # fmt: skip
