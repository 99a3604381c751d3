"""A case's full list of unmet conditions, in process, against an if-chain written by hand for this one mode.

`python -m bench.unmet [ROUNDS]`. An exclusive-license case with five patents, every gate unmet (each patent is co-owned,
pledged, preserved, suspended, exclusively and sole licensed, open licensed, state-funded, without a report, past its
term for this license; the party is foreign; three other cases have signed; no clearance is done; the terms are
incomplete and unlawful). Asked for: every reason why it cannot be signed, as the desk shows it. The if-chain finds the
same conditions and writes the same Chinese sentences, with nothing else: no table, no English, no remedy, no article, no
other mode. Both are checked to say the same. Also printed: the options of the position (all steps with all their
reasons), the same list with every derivation built, and python-statemachine's own list of enabled events, without
guards. The last line is what the target is about: under 1 ms.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from statistics import median, quantiles

from rules.gates import PatentFacts
from rules.grants import Grant
from rules.identifiers import display_number
from rules.packs import load
from rules.text import fold
from states.catalog import MODES
from states.decide import options, why_not
from states.facts import Actor, CaseData, Facts, TermsFacts

ROUNDS = 500
TARGET_MS = 1.0
TODAY = date(2026, 6, 1)
HERE = "沧澜理工大学"
MODE = MODES["exclusive_license"]
BOOK = load()
OFFICER = Actor(9, "某人", "officer")
BURDENS = frozenset({
    "pledged", "preserved", "suspended", "exclusive_license", "sole_license", "open_license", "state_funded",
    "under_invalidation",
})  # fmt: skip
PATENT = PatentFacts(
    id=1, application_no="2020201000019", title="一种隔膜", kind="utility", status="in_grace", flags=BURDENS,
    filing_date=date(2020, 5, 6), grant_date=date(2022, 8, 9), owners=(HERE, "启衡新材料股份有限公司"),
    checked_on=None, consents=frozenset(), term_end=date(2030, 5, 5),
)  # fmt: skip
FACTS = Facts(
    mode="exclusive_license", case_no="ZH2026-00001", institution=HERE, officer_id=1, foreign_party=True,
    patents=tuple(replace(PATENT, id=n, application_no=f"202020100{n:03d}9") for n in range(1, 6)),
    terms=TermsFacts(
        problems=("许可地域未填",), unlawful=("第5条：限制技术竞争",), start=date(2026, 4, 1), end=date(2031, 3, 31),
        hashes={"approval": "a2"},
    ),
    data=CaseData({"approval": {"submitted_by": 9, "hash": "a1"}}),
    others=tuple(Grant("exclusive_license", number=f"ZH2026-0000{n}", title="另案") for n in range(2, 5)),
)  # fmt: skip
START = MODE.chart.initial


def why_not_sign() -> list[str]:
    """The contender: every reason why the case cannot be signed."""
    found = why_not(MODE, START, "sign", FACTS, TODAY, book=BOOK, actor=OFFICER)
    return [unmet.what_zh for unmet in found.unmet]


def with_derivations() -> int:
    """The same, with every derivation built."""
    found = why_not(MODE, START, "sign", FACTS, TODAY, book=BOOK, actor=OFFICER)
    return sum(len(unmet.derivation.parts) for unmet in found.unmet)


def all_options() -> int:
    """Every step that the position offers, with all that is unmet."""
    return len(options(MODE, START, FACTS, TODAY, book=BOOK, actor=OFFICER))


def by_hand() -> list[str]:
    """The baseline: the same sentences from one plain chain of conditions, for this mode and step alone."""
    said = []
    if "signing" not in START:
        now = "、".join(
            f"“{MODE.chart.nodes[MODE.chart.parents[leaf] or ''].zh}：{MODE.chart.nodes[leaf].zh}”"
            for leaf in START
        )
        said.append(f"“登记签订”只能在“合同：待签订”时办理，本案目前为{now}")
    for leaf, name in (
        ("title_cleared", "权属与法律状态核查"), ("price_agreed", "协议定价"), ("publicity_closed", "公示期满"),
        ("approval_granted", "审批"),
    ):  # fmt: skip
        if leaf not in START:
            said.append(f"尚未完成{name}")
    institution = fold(HERE)
    for p in FACTS.patents:
        owners = {fold(owner) for owner in p.owners}
        about = f"《{p.title}》（{display_number(p.application_no)}）："
        if institution not in owners:
            said.append(f"{about}登记的专利权人为{'、'.join(p.owners)}，不含{HERE}")
        if len(owners) > 1:
            said.append(f"{about}属于共有专利（{'、'.join(p.owners)}），尚未取得全体共有人书面同意")
        if "pledged" in p.flags:
            said.append(f"{about}专利权已出质，尚未取得质权人书面同意")
        if "exclusive_license" in p.flags:
            said.append(f"{about}独占许可尚在有效期内，不得再行许可")
        if "sole_license" in p.flags:
            said.append(f"{about}排他许可尚在有效期内，不得再向第三方许可")
        if "open_license" in p.flags:
            said.append(f"{about}开放许可实施期间，不得独占或排他许可")
        if FACTS.foreign_party and p.kind != "design":
            said.append(f"{about}对方为境外或港澳台主体，尚未完成技术出口手续")
        if FACTS.foreign_party and "state_funded" in p.flags:
            said.append(f"{about}由财政资助形成，向境外主体转让或独占、排他许可须经项目管理机构批准")
    end = FACTS.terms.end
    for p in FACTS.patents:
        if end is not None and p.term_end is not None and end > p.term_end:
            number = display_number(p.application_no)
            said.append(f"{p.title}（{number}）：许可期限至{end}，超过专利权期限届满日{p.term_end}")
    for other in FACTS.others:
        if other.mode == "exclusive_license" and (
            other.end is None or other.end >= (FACTS.terms.start or TODAY)
        ):
            said.append(f"与另案冲突：{other.number} {other.title}：独占许可期内不得再作独占许可")
    if FACTS.data.get("approval", "hash") != FACTS.terms.hashes.get("approval"):
        said.append("商务条款与报批时不一致")
    return said


def library_events() -> int:
    """What python-statemachine says of the same position, guards left out."""
    return len(MODE.chart.machine().enabled_events())


def times(what: Callable[[], object], rounds: int) -> list[float]:
    """Return milliseconds per call; the first tenth warms up."""
    found = []
    for number in range(rounds + rounds // 10):
        started = time.perf_counter_ns()
        what()
        took = (time.perf_counter_ns() - started) / 1e6
        if number >= rounds // 10:
            found.append(took)
    return found


def main() -> int:
    """Print all figures; the exit code says whether the target was met."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    ours, plain = why_not_sign(), by_hand()
    if ours != plain:
        differing = [pair for pair in zip(ours, plain, strict=False) if pair[0] != pair[1]][:3]
        raise SystemExit(f"the two do not say the same ({len(ours)}, {len(plain)}): {differing}")
    print(f"{len(ours)} unmet conditions, {len(FACTS.patents)} patents, {len(FACTS.others)} other cases")
    contenders: dict[str, Callable[[], object]] = {
        "why not sign": why_not_sign, "if-chain": by_hand, "with derivations": with_derivations,
        "all options": all_options, "library, no guards": library_events,
    }  # fmt: skip
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(5):  # interleaved, so that a busy machine slows all of them
        for name, what in contenders.items():
            taken[name] += times(what, rounds // 5)
    print(f"{'':<20}{'p50 ms':>9}{'p95 ms':>9}")
    for name, found in taken.items():
        print(f"{name:<20}{median(found):>9.3f}{quantiles(found, n=20)[-1]:>9.3f}")
    ratio = median(taken["why not sign"]) / median(taken["if-chain"])
    met = median(taken["why not sign"]) < TARGET_MS
    print(f"\nwhy not sign / if-chain = {ratio:.2f}")
    print(
        f"full list of unmet conditions: {median(taken['why not sign']):.3f} ms "
        f"(target {TARGET_MS} ms) {'met' if met else 'MISSED'}"
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
