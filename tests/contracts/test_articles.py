"""The contract's words: golden text, legal minimum, numbering, every choice of terms."""

import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import templates
from contracts.articles import articles, plain_text
from contracts.documents import contract_text
from contracts.forbidden import forbidden_kinds
from contracts.modes import MODES
from contracts.numbering import article_number, chinese_number, item_number
from rules.gate_table import LICENSES
from tests.contracts.golden import FOLDER, matches_golden
from tests.contracts.samples import PATENTS, RAW, terms, view

TEXTS = Path(templates.__file__).parent / "contracts"
EVERY_KIND = pytest.mark.parametrize("mode", LICENSES)
FREE: dict[str, Any] = {
    **{name: "" for name in RAW if name.startswith(("royalty", "entry_fee", "service", "penalty"))},
    "royalty.rates": [], "instalments": [], "milestones": [], "royalty_free": "是",
}  # fmt: skip


# What the text of each kind must and must not say.
TOLD: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ordinary_license": (
        ("以普通许可的方式实施全部许可专利", "许可人保留在前款约定的范围内自行实施许可专利，以及许可第三人",
         "应提前三十日书面通知被许可人，并向质权人"),
        ("独占许可”，指", "不得再许可任何第三人", "不得在许可专利上设定质押"),
    ),
    "sole_license": (
        ("以排他许可的方式实施全部许可专利", "许可人可以自行实施许可专利，但不得再许可任何第三人", "不得在许可专利上设定质押"),
        ("独占许可”，指", "许可人自身不得实施", "保留在前款约定的范围内"),
    ),
    "exclusive_license": (
        ("以独占许可的方式实施全部许可专利", "许可人自身不得实施许可专利，也不得再许可任何第三人", "不得在许可专利上设定质押"),
        ("许可人可以自行实施", "保留在前款约定的范围内", "视为许可人自行实施"),
    ),
}  # fmt: skip
# What each kind alone lets the parties choose, and the words that follow from it.
OWN_CHOICES = (
    ("ordinary_license", {"equal_terms": "是"}, "书面要求适用同等条件", {"equal_terms": "否"}),
    ("ordinary_license", {"infringement_lead": "licensor"}, "未经许可人书面授权，被许可人", {"infringement_lead": "licensee"}),
    ("ordinary_license", {"infringement_lead": "licensee"}, "被许可人经许可人书面授权后采取行动", {"infringement_lead": "joint"}),
    ("sole_license", {"own_working": "one_license"}, "该第三人的实施视为许可人自行实施", {"own_working": "itself"}),
    ("sole_license", {"own_working": "itself"}, "也不得以许可第三人实施的方式代替自行实施", {"own_working": "one_license"}),
    ("sole_license", {"infringement_lead": "licensee"}, "许可人答复不提起诉讼，或者逾期未答复", {"infringement_lead": "joint"}),
)  # fmt: skip


@EVERY_KIND
def test_contract_text_is_the_golden_text(mode: str) -> None:
    assert matches_golden(f"{mode}.txt", contract_text(view(mode)))


def test_free_license_text_is_the_golden_text() -> None:
    bare = {**FREE, "materials": [], "materials_due_on": "", "materials_place": "", "targets": ""}
    changed = terms(**bare, improvements="归双方共有", dispute="仲裁", arbitration_institution="江州仲裁委员会",
                    special_clauses="被许可人优先录用许可人的毕业生")  # fmt: skip
    assert matches_golden("exclusive_license_free.txt", contract_text(view(terms=changed)))


def test_every_golden_file_is_used() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    named = {f"{mode}.txt" for mode in LICENSES} | set(re.findall(r'"(\w+\.txt)"', tests))
    assert {path.name for path in FOLDER.glob("*.txt")} <= named


@EVERY_KIND
def test_each_kind_says_what_it_is_and_nothing_of_another(mode: str) -> None:
    text = contract_text(view(mode))
    said, unsaid = TOLD[mode]
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


@pytest.mark.parametrize(("mode", "chosen", "words", "otherwise"), OWN_CHOICES)
def test_choices_of_one_kind_stand_in_its_text(
    mode: str, chosen: dict[str, str], words: str, otherwise: dict[str, str]
) -> None:
    texts = [contract_text(view(mode, terms=terms(mode, **picked))) for picked in (chosen, otherwise)]
    assert [words in text for text in texts] == [True, False]


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        (
            "ordinary_license",
            "可以单独以普通许可的方式许可他人实施许可专利，收取的许可费由许可人在共有人之间分配",
        ),
        ("sole_license", "之一，其他共有人已书面同意许可人订立本合同"),
        ("exclusive_license", "之一，其他共有人已书面同意许可人订立本合同"),
    ],
)
def test_co_owned_patent_is_licensed_on_the_ground_that_its_kind_has(mode: str, told: str) -> None:
    shared = replace(PATENTS[0], owners=("江州理工大学", "某公司"))
    assert told in contract_text(view(mode, patents=(shared,)))


@EVERY_KIND
def test_every_row_of_the_legal_minimum_is_carried_by_a_clause(mode: str) -> None:
    carried: dict[str, list[str]] = {}
    for clause in MODES[mode].clauses:
        for row in clause.covers:
            carried.setdefault(row, []).append(clause.text)
    assert carried == {
        "K-01": ["misc.txt"],
        "K-02": ["recitals.txt"],
        "K-03": ["patents.txt"],
        "K-04": ["patents.txt"],
        "K-05": ["grant.txt"],
        "K-06": ["delivery.txt", "performance.txt"],
        "K-07": ["confidentiality.txt"],
        "K-08": ["improvements.txt"],
        "K-09": ["acceptance.txt"],
        "K-10": ["definitions.txt"],
        "K-11": ["fees.txt", "trial.txt", "royalty.txt"],
        "K-12": ["improvements.txt"],
        "K-13": ["warranty.txt", "infringement.txt"],
        "K-14": ["breach.txt"],
        "K-15": ["dispute.txt"],
        "K-16": ["patents.txt"],
        "K-17": ["upkeep.txt"],
        "K-18": ["fairness.txt"],
    }


@EVERY_KIND
def test_every_section_of_the_office_form_is_carried_by_a_clause(mode: str) -> None:
    assert sorted({section for clause in MODES[mode].clauses for section in clause.sections}) == list(
        range(18)
    )


def _files(*folders: str) -> set[str]:
    """The standard texts in these folders, without variants, earlier versions and their English."""
    paths = [path for folder in folders for path in (TEXTS / folder).glob("*.txt")]
    return {path.name for path in paths if not {"-", "@"} & set(path.name) and path.name.count(".") == 1}


def _place(mode: str, name: str) -> list[Path]:
    """Where a text stands: with its mode, or else with what modes share; nowhere if it is missing."""
    places = [TEXTS / folder / name for folder in (mode, *MODES[mode].folders)]
    return [path for path in places if path.exists()][:1]


def _said(mode: str) -> set[str]:
    """The clause texts of a mode with the parts that they or their parts take in."""
    contract = MODES[mode]
    said: set[str] = set()
    todo = {clause.text for clause in contract.clauses}
    while todo:
        said |= todo
        texts = [path.read_text(encoding="utf-8") for name in todo for path in _place(mode, name)]
        todo = {f"{name}.txt" for text in texts for name in re.findall(r'part\("(\w+)"\)', text)} - said
    return said


@pytest.mark.parametrize("mode", sorted(MODES))
def test_clause_files_and_table_agree(mode: str) -> None:
    """No text is missing, and none is there that no contract says; a mode's folder does not repeat what it shares."""
    folders = (mode, *MODES[mode].folders)
    assert _said(mode) <= _files(*folders)
    assert _files(*folders) - _files("general") <= _said(mode)


def test_texts_that_all_modes_share_are_each_said_by_one() -> None:
    assert _files("general") <= set().union(*(_said(mode) for mode in MODES))


@pytest.mark.parametrize(
    "folder", sorted({folder for mode in MODES.values() for folder in (mode.slug, *mode.folders)})
)
def test_clause_files_hold_plain_language(folder: str) -> None:
    for path in (TEXTS / folder).glob("*.txt"):
        assert not re.search(r"[<>&]", re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8")))


@EVERY_KIND
def test_own_clauses_pass_the_lint_of_forbidden_clauses(mode: str) -> None:
    text = re.sub(r"\s+", "", contract_text(view(mode, terms=terms(mode, sublicense_allowed="是"))))
    assert [f.name for f in forbidden_kinds("许可人") if f.pattern.search(text)] == []


def test_articles_are_numbered_without_gap_and_references_hit() -> None:
    made = articles(view())
    numbers = [article.number for article in made if article.number]
    assert numbers == [article_number(n) for n in range(1, len(numbers) + 1)]
    named = {article.id: article.number for article in made}
    assert f"按照{named['royalty']}的约定计算和支付" in plain_text(made)
    assert f"按照{named['breach']}的约定支付逾期违约金" in plain_text(made)


CHOICES: dict[str, tuple[dict[str, Any], ...]] = {
    "fee": ({}, FREE, {"royalty.rates": [], "royalty.rate_bp": "3%", "royalty.cap_fen": "500万元"},
            {"royalty.minimum_per_year_fen": ""}),
    "sub": ({}, {"sublicense_allowed": "是", "sublicense_conditions": "须经许可人书面同意。"}),
    "lead": ({}, {"infringement_lead": "licensor"}, {"infringement_lead": "joint"}),
    "void": ({}, {"invalidity": "refund"}),
    "upkeep": ({}, {"annual_fee_payer": "licensee", "filing_responsible": "licensee", "warranty": "保证一。\n保证二。"}),
    "talk": ({}, {"special_clauses": "甲\n乙。", "dispute": "court_plaintiff"}),
}  # fmt: skip


OWN: dict[str, tuple[dict[str, Any], ...]] = {
    "ordinary_license": ({"equal_terms": "是"},),
    "sole_license": ({"own_working": "itself"}, {}),
    "exclusive_license": ({},),
}


@EVERY_KIND
@pytest.mark.parametrize("n", range(4 * 2 * 3 * 2 * 2 * 2))
def test_every_choice_of_terms_reads_as_whole_sentences(n: int, mode: str) -> None:
    picked: dict[str, Any] = {}
    for part in list(product(*CHOICES.values()))[n]:
        picked |= part
    own = OWN[mode][n % len(OWN[mode])]
    kind = {} if picked.get("royalty_free") else own
    text = contract_text(view(mode, terms=terms(mode, **picked, **kind)))
    assert re.findall(r"None|True|False|\{\{|\{%|[。；，：、]{2,}|（）|\n\n\n", text) == []
    ends = [line[-1] for line in text.splitlines() if re.match(r"\d+\.\d+ |（", line)]
    assert set(ends) <= set("。；：")


def test_terms_cannot_break_out_of_their_place() -> None:
    text = contract_text(view(terms=terms(special_clauses="[[payments]]\n- 甲 <b>&amp;</b>", purpose="a\nb")))
    assert "双方特别约定：[[payments]]。" in text
    assert "双方特别约定：- 甲 <b>&amp;</b>。" in text
    assert "许可用途为：a；b。" in text


@pytest.mark.parametrize(
    ("n", "text"), [(1, "一"), (10, "十"), (16, "十六"), (20, "二十"), (21, "二十一"), (99, "九十九")]
)
def test_chinese_numbers(n: int, text: str) -> None:
    assert chinese_number(n) == text
    assert (article_number(n), item_number(n)) == (f"第{text}条", f"（{text}）")


@pytest.mark.parametrize("n", [0, 100, -1])
def test_numbers_outside_the_range_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match="no Chinese number"):
        chinese_number(n)
