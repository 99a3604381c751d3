"""How a patent's score for a demand comes about, and the reasons that are shown for it and against it.

Pure: the words' score, the facts of the patent and what stands against it come in; the score out of 100 and each
reason, in both languages, go out. Whatever speaks for a patent only adds, whatever stands against it only takes away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal, NamedTuple

from cases.industries import INDUSTRIES
from cases.match_index import Entry, Query
from cases.match_words import CHARACTER, CONCEPT, characters_of, plain, words_of
from cases.profile_fields import MATURITIES, PROSPECTS
from cases.same_words import concepts_of
from rules.gates import Finding
from states.catalog import MODES

Kind = Literal["words", "characters", "meaning", "industry", "maturity", "prospect", "willingness", "against"]
Pair = tuple[str, str]

# What each agreement adds to the words' score, as a share of it.
INDUSTRY = 0.5
MATURITY: Mapping[str, float] = {"product": 0.15, "pilot": 0.12, "prototype": 0.08, "lab": 0.03}
PROSPECT: Mapping[str, float] = {"high": 0.1, "medium": 0.03}
WILLING = 0.1
MOST = 1 + INDUSTRY + max(MATURITY.values()) + max(PROSPECT.values()) + WILLING
# What is left of the score when something stands against the act: nothing can be done, or a paper is missing first.
LEFT: Mapping[str, float] = {"block": 0.2, "consent": 0.9, "warn": 1.0}
UNWILLING = 0.8
FIELD_NAMES: Mapping[str, Pair] = {
    "title": ("专利名称", "title"),
    "scenario": ("应用场景", "scenario"),
    "patent_class": ("专利分类", "class"),
}
# The willingness that an inventor states, by the mode that a company wants.
WISHED: Mapping[str, tuple[str, ...]] = {
    "transfer": ("transfer",),
    "ordinary_license": ("license", "open_license"),
    "sole_license": ("license",),
    "exclusive_license": ("license",),
    "open_license": ("open_license", "license"),
    "equity": ("equity",),
    "patent_pool": ("pool", "license"),
}
SHOWN_WORDS = 6


class Reason(NamedTuple):
    """One reason for a match, or against it, as people read it."""

    kind: Kind
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What a demand asks for beside its words."""

    industries: frozenset[str] = frozenset()
    modes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a patent beside its words. `stated` says that its industries were confirmed by a person."""

    industries: frozenset[str] = frozenset()
    stated: bool = False
    maturity: str = ""
    prospect: str = ""
    willingness: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ranked:
    """The score of one patent out of 100, and why."""

    score: float
    reasons: tuple[Reason, ...]
    against: tuple[Reason, ...]
    is_blocked: bool


def rank(words: float, best: float, wish: Wish, standing: Standing, findings: Sequence[Finding]) -> float:
    """Return the score out of 100: 100 for a patent that says all that the demand says, with all in its favor.

    `words` is the patent's score for the words and `best` the best possible one. No patent says all that a demand
    says; the root spreads the low shares that do occur, and keeps their order.
    """
    if best <= 0:
        return 0.0
    share = words / best * (1 + sum(bonuses(wish, standing).values())) / MOST
    return 100 * sqrt(min(1.0, share)) * left(wish, standing, findings)


def bonuses(wish: Wish, standing: Standing) -> dict[Kind, float]:
    """Return what speaks for a patent beside its words, and how much."""
    found: dict[Kind, float] = {
        "industry": INDUSTRY if wish.industries & standing.industries else 0.0,
        "maturity": MATURITY.get(standing.maturity, 0.0),
        "prospect": PROSPECT.get(standing.prospect, 0.0),
        "willingness": WILLING if is_willing(wish, standing) else 0.0,
    }
    return {kind: share for kind, share in found.items() if share}


def is_willing(wish: Wish, standing: Standing) -> bool:
    """Say whether the inventors would go one of the ways that the company wants."""
    return any(standing.willingness.intersection(WISHED.get(mode, ())) for mode in wish.modes)


def is_unwilling(wish: Wish, standing: Standing) -> bool:
    """Say whether the inventors named other ways than those that the company wants."""
    asked = [mode for mode in wish.modes if mode in WISHED]
    return bool(asked and standing.willingness) and not is_willing(wish, standing)


def left(wish: Wish, standing: Standing, findings: Iterable[Finding]) -> float:
    """Return what is left of a score by the worst that stands against the patent."""
    worst = min((LEFT[one.severity] for one in findings), default=1.0)
    return worst * (UNWILLING if is_unwilling(wish, standing) else 1.0)


def explain(
    query: Query, said: str, entry: Entry, rarities: Mapping[str, float], wish: Wish, standing: Standing,
) -> tuple[Reason, ...]:  # fmt: skip
    """Return every reason for a match, the words first. `said` is the whole text of the demand."""
    agreed = (*_shared_words(query, said, entry, rarities), *_same_meanings(query, said, entry))
    return (*(agreed or _shared_characters(query, entry)), *_circumstances(wish, standing))


def _shared_words(query: Query, said: str, entry: Entry, rarities: Mapping[str, float]) -> Iterable[Reason]:
    for name, text, _ in entry.texts():
        shared = [word for word in dict.fromkeys(words_of(plain(text))) if word in query]
        shared = _longest(sorted(shared, key=lambda word: -query[word] * rarities.get(word, 0.0)))
        shared = shared or _runs(plain(text), plain(said))
        if shared:
            zh, en = FIELD_NAMES[name]
            told = "、".join(shared[:SHOWN_WORDS])
            yield Reason("words", f"{zh}与需求都提到：{told}", f"the {en} shares with the demand: {told}")


def _shared_characters(query: Query, entry: Entry) -> Iterable[Reason]:
    found = dict.fromkeys(one for _, text, _ in entry.texts() for one in characters_of(plain(text)))
    told = "、".join([one.removeprefix(CHARACTER) for one in found if one in query][:SHOWN_WORDS])
    if told:
        yield Reason(
            "characters", f"没有相同的词，仅有相同的字：{told}", f"no word in common, only characters: {told}"
        )


def _longest(words: list[str]) -> list[str]:
    """Return the words without those that are only a part of another one."""
    return [word for word in words if not any(word != other and word in other for other in words)]


def _runs(text: str, said: str) -> list[str]:
    """Return the runs of characters that agree where no word of the dictionary does."""
    found, run = [], ""
    for first, second in zip(text, text[1:], strict=False):
        if first + second in said and CHARACTER + first in characters_of(first):
            run = run + second if run else first + second
        elif run:
            found.append(run)
            run = ""
    return [*found, run] if run else found


def _same_meanings(query: Query, said: str, entry: Entry) -> Iterable[Reason]:
    ours = dict(reversed(concepts_of(plain(said))))
    for _, text, _ in entry.texts():
        for name, found in dict.fromkeys(concepts_of(plain(text))):
            theirs = ours.get(name)
            if theirs is not None and theirs not in plain(text) and CONCEPT + name in query:
                yield Reason(
                    "meaning", f"需求说“{theirs}”，专利说“{found}”，同属“{name}”",
                    f"the demand says {theirs}, the patent {found}: both are about {name}",
                )  # fmt: skip


def _circumstances(wish: Wish, standing: Standing) -> Iterable[Reason]:
    favor = bonuses(wish, standing)
    if "industry" in favor:
        shared = [INDUSTRIES[code] for code in INDUSTRIES if code in wish.industries & standing.industries]
        zh, en = "、".join(one.zh for one in shared), ", ".join(one.en for one in shared)
        how = ("档案登记", "stated") if standing.stated else ("按分类号推断", "from the IPC class")
        yield Reason("industry", f"产业领域一致：{zh}（{how[0]}）", f"same industry: {en} ({how[1]})")
    for kind, word, names in (
        ("maturity", standing.maturity, MATURITIES),
        ("prospect", standing.prospect, PROSPECTS),
    ):
        if kind in favor:
            label = ("技术成熟度", "maturity") if kind == "maturity" else ("产业化前景", "prospect")
            yield Reason(kind, f"{label[0]}：{names[word][0]}", f"{label[1]}: {names[word][1]}")
    if "willingness" in favor:
        wanted = [
            MODES[mode] for mode in wish.modes if standing.willingness.intersection(WISHED.get(mode, ()))
        ]
        zh, en = "、".join(mode.zh for mode in wanted), ", ".join(mode.en for mode in wanted)
        yield Reason("willingness", f"转化意愿与企业意向一致：{zh}", f"both sides want: {en}")


def objections(wish: Wish, standing: Standing, findings: Iterable[Finding]) -> tuple[Reason, ...]:
    """Return what speaks against a patent, each told once."""
    told = dict.fromkeys(
        Reason("against", f"{one.what_zh}。{one.remedy_zh}", f"{one.what_en}; {one.remedy_en}")
        for one in findings
        if one.severity != "warn"
    )
    if is_unwilling(wish, standing):
        told[Reason("against", "发明人的转化意愿与企业意向不同", "the inventors want another way")] = None
    return tuple(told)
