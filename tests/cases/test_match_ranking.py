"""The ranking itself: what agrees only adds, what stands against only takes away, and reasons tell what agreed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.matching import METHODS, quality
from bench.matching_set import labelled
from cases.match_index import Entry, MatchIndex, impacts_of, query_of, score
from cases.match_ranking import Reason, Standing, Wish, bonuses, explain, is_unwilling, left, objections, rank
from cases.match_words import terms_of
from cases.same_words import CONCEPTS, concepts_of
from rules.gates import Finding

KNOWN = """
锂离子电池 隔膜 涂覆 耐热 污水 氨氮 菌剂 机械手 打磨 桥梁 监测 果园 采摘 石墨烯 导热 电缆 绝缘 老化 镉 水稻 光伏 除尘
""".split()  # noqa: SIM905  a row of words reads best as one
WORDS = st.sampled_from(KNOWN)
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map("".join)
STANDINGS = st.builds(
    Standing,
    st.frozensets(st.sampled_from(["materials", "energy"])),
    st.booleans(),
    st.sampled_from(["", "concept", "lab", "prototype", "pilot", "product"]),
    st.sampled_from(["", "low", "medium", "high"]),
    st.frozensets(st.sampled_from(["transfer", "license", "equity", "own_use"])),
)
WISHES = st.builds(
    Wish,
    st.frozensets(st.sampled_from(["materials", "energy"])),
    st.lists(st.sampled_from(["transfer", "ordinary_license", "development"]), max_size=2).map(tuple),
)


def finding(severity: str) -> Finding:
    """A finding of a severity."""
    return Finding("P-06", severity, 1, "", "", "专利权已终止", "lapsed", "不能许可", "none", "officer", None)  # type: ignore[arg-type]


RARITIES = {term: 1.0 for text in KNOWN for term in terms_of(text)}


@given(TEXTS, TEXTS, TEXTS)
def test_a_word_more_in_the_demand_never_lowers_the_score(demand: str, more: str, title: str) -> None:
    impacts = impacts_of(Entry(1, title))
    before = score(query_of(demand, ""), impacts, RARITIES)
    after = score(query_of(demand, more), impacts, RARITIES)
    assert after >= before


@given(TEXTS, TEXTS, WORDS)
def test_a_matching_word_more_in_the_patent_never_lowers_its_score(
    demand: str, title: str, word: str
) -> None:
    query = query_of(demand + word, "")
    before = score(query, impacts_of(Entry(1, title)), RARITIES)
    after = score(query, impacts_of(Entry(1, title, word)), RARITIES)
    assert after > before


@given(st.floats(0, 50), WISHES, STANDINGS)
def test_score_lies_between_nothing_and_a_hundred_and_grows_with_the_words(
    words: float, wish: Wish, standing: Standing
) -> None:
    found = rank(words, 50.0, wish, standing, ())
    assert 0 <= found <= 100
    assert found <= rank(words + 1, 50.0, wish, standing, ())
    assert found >= rank(words, 50.0, wish, standing, (finding("consent"),))
    assert found >= rank(words, 50.0, wish, standing, (finding("consent"), finding("block")))


@given(WISHES, STANDINGS)
def test_what_speaks_for_a_patent_only_adds(wish: Wish, standing: Standing) -> None:
    bare = Standing(willingness=standing.willingness)
    assert sum(bonuses(wish, standing).values()) >= sum(bonuses(wish, bare).values())
    assert not (is_unwilling(wish, standing) and "willingness" in bonuses(wish, standing))
    assert left(wish, standing, ()) == (0.8 if is_unwilling(wish, standing) else 1.0)


@given(st.lists(TEXTS, min_size=1, max_size=12), TEXTS)
def test_a_patent_put_in_again_changes_no_list(titles: list[str], demand: str) -> None:
    entries = [Entry(number, title) for number, title in enumerate(titles, 1)]
    once, again = MatchIndex(entries), MatchIndex([*entries, *reversed(entries)])
    query = query_of(demand, "")
    assert [id_ for id_, _ in again.find(query, 20)] == [id_ for id_, _ in once.find(query, 20)]
    assert again.rarities(query) == once.rarities(query)
    assert len(again) == len(titles)


@given(st.lists(TEXTS, min_size=1, max_size=8), TEXTS)
def test_the_list_agrees_with_the_score_of_each_patent(titles: list[str], demand: str) -> None:
    entries = {number: Entry(number, title) for number, title in enumerate(titles, 1)}
    index, query = MatchIndex(entries.values()), query_of(demand, "")
    rarities = index.rarities(query)
    alone = {id_: score(query, impacts_of(entry), rarities) for id_, entry in entries.items()}
    found = index.find(query, 20)
    assert {id_: pytest.approx(worth) for id_, worth in alone.items() if worth} == dict(found)
    assert [worth for _, worth in found] == sorted((worth for _, worth in found), reverse=True)
    assert all(worth <= index.best_possible(query) for _, worth in found)


def test_reasons_name_the_words_the_meaning_and_where_they_stand() -> None:
    entry = Entry(1, "一种锂离子二次电池隔膜的陶瓷涂覆方法", "电动车辆")
    said = "电芯隔膜高温收缩"
    query = query_of(said, "")
    rarities = MatchIndex([entry]).rarities(query)
    wish = Wish(frozenset({"materials"}), ("ordinary_license",))
    standing = Standing(frozenset({"materials"}), False, "pilot", "high", frozenset({"license"}))
    assert explain(query, said, entry, rarities, wish, standing) == (
        Reason("words", "专利名称与需求都提到：隔膜", "the title shares with the demand: 隔膜"),
        Reason(
            "meaning", "需求说“电芯”，专利说“锂离子二次电池”，同属“锂电池”",
            "the demand says 电芯, the patent 锂离子二次电池: both are about 锂电池",
        ),
        Reason("industry", "产业领域一致：新材料（按分类号推断）", "same industry: New materials (from the IPC class)"),
        Reason("maturity", "技术成熟度：中试", "maturity: Pilot"),
        Reason("prospect", "产业化前景：前景好", "prospect: Good"),
        Reason("willingness", "转化意愿与企业意向一致：普通许可", "both sides want: Ordinary license"),
    )  # fmt: skip


def test_characters_alone_are_told_as_no_more_than_that() -> None:
    entry = Entry(1, "一种清蜡剂")
    query = query_of("长效防蜡", "")
    reasons = explain(query, "长效防蜡", entry, MatchIndex([entry]).rarities(query), Wish(), Standing())
    assert [reason.zh for reason in reasons] == ["没有相同的词，仅有相同的字：蜡"]


def test_each_objection_is_told_once() -> None:
    wish, standing = Wish(modes=("transfer",)), Standing(willingness=frozenset({"license"}))
    found = objections(wish, standing, (finding("block"), finding("block"), finding("warn")))
    assert [reason.zh for reason in found] == ["专利权已终止。不能许可", "发明人的转化意愿与企业意向不同"]


def test_concepts_have_at_least_two_expressions_each_in_the_form_that_is_compared() -> None:
    assert [line for line in CONCEPTS if len(set(line)) < 2 or len(set(line)) != len(line)] == []
    assert [word for line in CONCEPTS for word in line if word != word.lower()] == []
    assert concepts_of("采用led的植物灯") == [("led", "led")]
    assert concepts_of("sealed") == []


@pytest.fixture(scope="module")
def measured() -> dict[str, tuple[float, float, float]]:
    """The figures of our ranking and of the baselines on the labelled set."""
    demands, patents = labelled()
    found = {
        name: quality(method(patents), demands) for name, method in METHODS.items() if "without" not in name
    }
    return {name: (one.ndcg, one.recall, one.mrr) for name, one in found.items()}


def test_quality_stays_above_its_floor(measured: dict[str, tuple[float, float, float]]) -> None:
    """The floor lies a little below what `python -m bench.matching` printed when the weights were chosen."""
    assert [got >= least for got, least in zip(measured["ours"], (0.67, 0.83, 0.80), strict=True)] == [
        True
    ] * 3


@pytest.mark.parametrize("baseline", ["keywords counted (LIKE)", "BM25 on characters"])
def test_quality_beats_the_baselines(measured: dict[str, tuple[float, float, float]], baseline: str) -> None:
    pairs = zip(measured["ours"], measured[baseline], strict=True)
    assert [ours > theirs for ours, theirs in pairs] == [True] * 3


def test_the_set_is_as_large_and_as_hard_as_it_is_told_to_be() -> None:
    demands, patents = labelled()
    assert (len(demands), len(patents)) == (67, 610)
    assert len({patent.title for patent in patents}) == len(patents)
    assert min(sum(grade >= 2 for grade in demand.grades.values()) for demand in demands) >= 2
    assert {grade for demand in demands for grade in demand.grades.values()} == {1, 2, 3}
