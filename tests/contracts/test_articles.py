"""The contract's words: golden text, legal minimum, numbering, every choice of terms."""

import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

import templates
from contracts.articles import articles, plain_text
from contracts.clauses import CLAUSES
from contracts.documents import contract_text
from contracts.lint import _FORBIDDEN
from contracts.numbering import article_number, chinese_number, item_number
from tests.contracts.golden import FOLDER, matches_golden
from tests.contracts.samples import RAW, terms, view

TEXTS = Path(templates.__file__).parent / "contracts" / "exclusive_license"
CLAUSE_LIST = CLAUSES["exclusive_license"]
FREE: dict[str, Any] = {
    **{name: "" for name in RAW if name.startswith(("royalty", "entry_fee", "service", "penalty"))},
    "royalty.rates": [], "instalments": [], "milestones": [], "royalty_free": "是",
}  # fmt: skip


def test_contract_text_is_the_golden_text() -> None:
    assert matches_golden("exclusive_license.txt", contract_text(view()))


def test_free_license_text_is_the_golden_text() -> None:
    bare = {**FREE, "materials": [], "materials_due_on": "", "materials_place": "", "targets": ""}
    changed = terms(**bare, improvements="归双方共有", dispute="仲裁", arbitration_institution="江州仲裁委员会",
                    special_clauses="被许可人优先录用许可人的毕业生")  # fmt: skip
    assert matches_golden("exclusive_license_free.txt", contract_text(view(terms=changed)))


def test_every_golden_file_is_used() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == [
        "exclusive_license.txt",
        "exclusive_license_free.txt",
        "forms.txt",
    ]


def test_every_row_of_the_legal_minimum_is_carried_by_a_clause() -> None:
    carried: dict[str, list[str]] = {}
    for clause in CLAUSE_LIST:
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
        "K-11": ["fees.txt", "royalty.txt"],
        "K-12": ["improvements.txt"],
        "K-13": ["warranty.txt", "infringement.txt"],
        "K-14": ["breach.txt"],
        "K-15": ["dispute.txt"],
        "K-16": ["patents.txt"],
        "K-17": ["upkeep.txt"],
        "K-18": ["fairness.txt"],
    }


def test_every_section_of_the_office_form_is_carried_by_a_clause() -> None:
    assert sorted({section for clause in CLAUSE_LIST for section in clause.sections}) == list(range(18))


def test_clause_files_and_table_agree_and_files_hold_plain_language() -> None:
    assert sorted(path.name for path in TEXTS.iterdir()) == sorted(clause.text for clause in CLAUSE_LIST)
    for path in TEXTS.iterdir():
        assert not re.search(r"[<>&]", re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text(encoding="utf-8")))


def test_own_clauses_pass_the_lint_of_forbidden_clauses() -> None:
    text = re.sub(r"\s+", "", contract_text(view(terms=terms(sublicense_allowed="是"))))
    assert [f.name for f in _FORBIDDEN if f.pattern.search(text)] == []


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


@pytest.mark.parametrize("n", range(4 * 2 * 3 * 2 * 2 * 2))
def test_every_choice_of_terms_reads_as_whole_sentences(n: int) -> None:
    picked: dict[str, Any] = {}
    for part in list(product(*CHOICES.values()))[n]:
        picked |= part
    text = contract_text(view(terms=terms(**picked)))
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
