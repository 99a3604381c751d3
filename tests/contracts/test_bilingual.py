"""The edition in two languages: the English has the paragraphs, amounts, days and references of the Chinese."""

import json
import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from contracts.articles import Article, Paragraph, plain_text
from contracts.bilingual.articles import LANGUAGE_EN, NotTranslated, Pair, pairs
from contracts.bilingual.english import day, in_words, money
from contracts.bilingual.glossary import glossary_of
from contracts.bilingual.paper import BILINGUAL
from contracts.bilingual.payments_english import cell_english
from contracts.bilingual.titles import CLAUSE_TITLES
from contracts.documents import build_html, build_job
from contracts.kinds import every_kind
from contracts.library.choosing import clauses_of
from contracts.library.shelf import HOME
from contracts.library.texts import OwnText
from contracts.modes import MODES
from contracts.papers.missing import missing
from contracts.terms import binding_hashes, check_terms
from contracts.view import CaseView
from states.papers import TWO_LANGUAGES
from tests.contracts import test_development, test_transfer, test_trial
from tests.contracts.golden import matches_golden
from tests.contracts.samples import RAW, terms, view

LICENSES = ("ordinary_license", "sole_license", "exclusive_license")
FREE = {
    "royalty_free": "是", "entry_fee_fen": "", "instalments": [], "royalty.base": "", "royalty.rates": [],
    "royalty.minimum_per_year_fen": "", "royalty.period": "", "milestones": [], "service_fee_fen": "",
    "service_due_on": "", "penalty_fen": "",
}  # fmt: skip
TRIAL = {
    "trial.start": "2026-03-01", "trial.end": "2026-12-31", "trial.purpose": "样品试制", "trial.decide_by": "2026-11-30",
    "trial.extend_until": "2027-03-31", "trial.silence": "convert", "trial.trigger": "threshold",
    "trial.threshold_fen": "100万元", "trial.trigger_evidence": "财务报表", "trial.fee_fen": "30万元",
    "trial.guarantor": "沧澜担保有限公司", "trial.guarantee": "连带责任保证", "entry_fee_fen": "", "instalments": [],
    "milestones": [], "service_fee_fen": "", "service_due_on": "",
}  # fmt: skip
VARIANTS: dict[str, dict[str, Any]] = {
    "as usual": {},
    "free": FREE,
    "trial": TRIAL,
    "other choices": {
        "sublicense_allowed": "允许", "sublicense_conditions": "仅限关联企业", "improvements": "joint", "invalidity": "refund",
        "annual_fee_payer": "licensee", "filing_responsible": "licensee", "infringement_lead": "licensor",
        "dispute": "arbitration", "arbitration_institution": "沧澜仲裁委员会", "special_clauses": "双方每半年会商一次",
        "warranty": "专利稳定性良好", "price_method": "listing", "royalty.base": "profit", "royalty.cap_fen": "500万元",
    },
    "plain": {
        "targets": "", "materials": [], "materials_due_on": "", "materials_place": "", "service_days": "0",
        "service_fee_fen": "", "service_due_on": "", "infringement_lead": "joint", "dispute": "court_plaintiff",
        "royalty.base": "销售额",
    },
}  # fmt: skip
_ZH_DAY, _EN_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"), re.compile(r"([A-Z][a-z]+ \d{1,2}, \d{4})")
_ZH_REF, _EN_REF = re.compile(r"第([一二三四五六七八九十]+)条"), re.compile(r"Article (\d+)")
_DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")}


def _number(zh: str) -> int:
    tens, _, ones = zh.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if "十" in zh else 0) + _DIGITS.get(ones, 0)


def _texts(paragraph: Paragraph) -> str:
    return "\n".join((paragraph.text, *(item.text for item in paragraph.items)))


def _facts_zh(text: str) -> tuple[list[Any], ...]:
    return (
        sorted(re.findall(r"¥([\d,]+\.\d\d)", text)),
        sorted(date(*map(int, found)) for found in _ZH_DAY.findall(text)),
        sorted(map(_number, _ZH_REF.findall(text))),
        sorted(re.findall(r"[\d.]+%", text)),
    )


def _facts_en(text: str) -> tuple[list[Any], ...]:
    days = [datetime.strptime(found, "%B %d, %Y").date() for found in _EN_DAY.findall(text)]  # noqa: DTZ007 - A day.
    return (
        sorted(re.findall(r"RMB ([\d,]+\.\d\d)", text)),
        sorted(days),
        sorted(map(int, _EN_REF.findall(text))),
        sorted(re.findall(r"[\d.]+%", text)),
    )


def check(pair: Pair) -> None:
    """An article has as many paragraphs and items in both languages, and the same amounts, days, references, rates."""
    shape = [(one.number, len(one.items), one.table) for one in pair.zh.paragraphs]
    assert [(one.number, len(one.items), one.table) for one in pair.en.paragraphs] == shape, pair.zh.title
    for zh, en in pair.paragraphs:
        assert _facts_en(_texts(en)) == _facts_zh(_texts(zh)), (pair.zh.title, zh.number)


def _pairs(mode: str, variant: str) -> tuple[Pair, ...]:
    return pairs(view(mode, terms=terms(mode, **VARIANTS[variant])))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("mode", LICENSES)
def test_english_has_the_shape_and_the_facts_of_the_chinese(mode: str, variant: str) -> None:
    for pair in _pairs(mode, variant):
        check(pair)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        test_transfer.FULL,
        {"price_method": "auction"},
        {**test_transfer.FULL, "application_refused": "law", "refund_bp": ""},
    ],
)
def test_english_of_a_transfer_has_the_shape_and_the_facts_of_the_chinese(changed: dict[str, Any]) -> None:
    for pair in pairs(test_transfer.view(**changed)):
        check(pair)


_PLAIN = {
    **test_development.NOT_INDUSTRIAL, "acceptance": "test", "guidance_days": "0", "patent_right": "归对方", "know_how": "ours",
    "background": "project", "improvements": "joint", "risk": "theirs", "price_method": "listing", "method": "",
}  # fmt: skip
_CHOSEN = {
    "acceptance": "written", "know_how": "theirs", "background": "product", "undone": "terminate", "subcontract": "允许",
    "penalty_fen": "30万元", "equipment": "theirs", "special_clauses": "双方每半年会商一次",
}  # fmt: skip
_SHARED = {"risk": "share", "risk_ours_bp": "40%", "royalty.base": "output"}


@pytest.mark.parametrize(
    "changes",
    [
        ({},),
        (_PLAIN,),
        (_CHOSEN, _SHARED),
        (test_development.COOPERATIVE,),
        (test_development.COOPERATIVE, _CHOSEN, _SHARED),
        (test_development.SERVICE,),
        (_PLAIN, test_development.SERVICE),
        (test_development.SERVICE, _CHOSEN),
    ],
)
def test_english_of_a_development_has_the_shape_and_the_facts_of_the_chinese(
    changes: tuple[dict[str, Any], ...],
) -> None:
    for pair in pairs(test_development.paper(*changes)):
        check(pair)


@pytest.mark.parametrize(
    ("name", "case"),
    [
        ("exclusive_license_en.txt", view()),
        ("transfer_application_en.txt", test_transfer.view(**test_transfer.FULL)),
        ("development_commissioned_en.txt", test_development.paper()),
        ("development_cooperative_en.txt", test_development.paper(test_development.COOPERATIVE)),
        ("development_service_en.txt", test_development.paper(test_development.SERVICE)),
    ],
)
def test_english_text_is_the_golden_text(name: str, case: CaseView) -> None:
    english: list[Article] = [pair.en for pair in pairs(case)]
    assert matches_golden(name, plain_text(english))


def test_language_clause_says_that_the_chinese_prevails() -> None:
    last = pairs(view())[-1]
    assert (last.zh.title, last.en.paragraphs[0].text) == ("文本与语言", LANGUAGE_EN)
    assert "以中文文本为准" in last.zh.paragraphs[0].text


def test_rewritten_clause_without_english_is_refused_by_name() -> None:
    texts = clauses_of(MODES["exclusive_license"]).rewritten("breach", OwnText("另行约定。", "对方要求"))
    with pytest.raises(NotTranslated, match="没有英文文本，不能生成中英文对照本：“违约责任”"):
        pairs(view(clauses=texts))


def test_every_text_of_these_modes_has_its_english() -> None:
    folders = [HOME / name for name in ("license", *sorted(BILINGUAL))]
    missing = [
        f"{path.parent.name}/{path.name}"
        for folder in folders
        for path in folder.glob("*.txt")
        if not path.name.endswith(".en.txt") and "-" not in path.stem and "@" not in path.stem
        if not path.with_name(f"{path.stem}.en.txt").exists()
    ]
    assert missing == []
    clauses = {clause.id for mode in BILINGUAL for clause in MODES[mode].clauses}
    assert clauses - set(CLAUSE_TITLES) == set()


def test_edition_is_offered_where_there_is_english() -> None:
    assert {slug for slug, mode in MODES.items() if "contract_bilingual" in every_kind(mode)} == BILINGUAL
    assert BILINGUAL == TWO_LANGUAGES


@pytest.mark.parametrize(
    ("fen", "told"),
    [
        (120_000_000, "RMB 1,200,000.00 (SAY RENMINBI ONE MILLION TWO HUNDRED THOUSAND ONLY)"),
        (0, "RMB 0.00 (SAY RENMINBI ZERO ONLY)"),
        (10_105, "RMB 101.05 (SAY RENMINBI ONE HUNDRED AND ONE AND FIVE FEN ONLY)"),
        (200_001_700, "RMB 2,000,017.00 (SAY RENMINBI TWO MILLION AND SEVENTEEN ONLY)"),
    ],
)
def test_amounts_are_said(fen: int, told: str) -> None:
    assert money(fen) == told


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (19, "nineteen"),
        (40, "forty"),
        (99, "ninety-nine"),
        (1_000_000_000, "one billion"),
        (1_100, "one thousand one hundred"),
    ],
)
def test_numbers_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


def test_days_are_written_out() -> None:
    assert day(date(2026, 3, 1)) == "March 1, 2026"


def test_edition_is_made_with_its_data_in_both_languages() -> None:
    job = build_job("contract_bilingual", view())
    told = json.loads((job.attachments or {})["panhuo.json"])
    assert (len(told["english"]), told["english"][-1]["title"]) == (len(told["articles"]), "Language")


def test_english_names_stand_in_head_cover_and_signatures() -> None:
    case = view()
    named = replace(
        case, ours=replace(case.ours, name_en="Jiangzhou University", address_en="1 Xuefu Road, Jiangzhou")
    )
    html = build_html("contract_bilingual", named)
    assert (html.count("Jiangzhou University"), html.count("1 Xuefu Road, Jiangzhou")) == (3, 1)
    assert "Jiangzhou University" not in build_html("contract", named)


def test_missing_english_names_are_told() -> None:
    gaps = ("许可人英文名称", "许可人英文地址", "被许可人英文名称", "被许可人英文地址")
    assert [gap for gap in missing("contract_bilingual", view()) if "人英文" in gap] == list(gaps)
    assert [gap for gap in missing("contract", view()) if "英文" in gap] == []


GIVEN = [
    {"zh": "陶瓷涂覆复合隔膜", "en": "ceramic-coated composite separators"},
    {"zh": "中试验收合格", "en": "Pilot acceptance"},
    {"zh": "涂覆设备技术要求", "en": "Specifications of the coating equipment"},
]


def test_given_english_stands_in_the_english_and_what_has_none_is_marked_and_told() -> None:
    case = view(terms=terms(glossary=GIVEN))
    english = plain_text([pair.en for pair in pairs(case)])
    assert "Patents: ceramic-coated composite separators; “芳纶涂覆复合隔膜” (in Chinese)." in english
    assert "Pilot acceptance: “双方签署的中试验收报告” (in Chinese)." in english
    told = [gap for gap in missing("contract_bilingual", case) if gap.startswith("英文对照")]
    assert "英文对照：“芳纶涂覆复合隔膜”" in told
    assert [gap for gap in told if "中试验收合格" in gap or "陶瓷" in gap] == []
    assert "Specifications of the coating equipment" in build_html("contract_bilingual", case)


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("入门费第一期", "Entry fee, Instalment 1"),
        ("入门费首付", "Entry fee"),
        ("第2期", "Instalment 2"),
        ("里程碑：中试验收合格", "Milestone payment, Pilot acceptance"),
        ("提成费第3期（半年度）", "Royalties, half-year 3"),
        ("第2合同年度最低提成费", "Minimum royalty, Contract Year 2"),
        ("入门费总额 1,200,000.00 元", "Out of the entry fee of RMB 1,200,000.00"),
        ("转让价款总额 1,200,000.00 元", "Out of the price of RMB 1,200,000.00"),
        (
            "2026年3月1日至2026年8月31日，按第1合同年度比例 3% 计提",
            "March 1, 2026 to August 31, 2026, at the rate of Contract Year 1: 3%",
        ),
        (
            "2026年3月1日至2027年2月28日，已付提成费不足最低额的，补足差额",
            "March 1, 2026 to February 28, 2027, shortfall of the royalties paid",
        ),
        ("双方另行商定", ""),
    ],
)
def test_cells_of_payments_have_their_english(zh: str, en: str) -> None:
    assert cell_english(zh, glossary_of(terms(glossary=GIVEN))) == en


def test_english_beside_the_terms_changes_nothing_that_was_approved() -> None:
    before, after = (binding_hashes("exclusive_license", one) for one in (terms(), terms(glossary=GIVEN)))
    assert {name: before[name] for name in ("approval", "publicity")} == {
        name: after[name] for name in ("approval", "publicity")
    }


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([{"zh": "隔膜", "en": "隔膜"}], "glossary.0.en"),
        ([{"zh": "隔膜", "en": "separator"}, {"zh": "隔膜", "en": "membrane"}], "glossary.1.zh"),
    ],
)
def test_wrong_rows_of_english_are_named(rows: list[dict[str, str]], field: str) -> None:
    check = check_terms("exclusive_license", {**RAW, "glossary": rows})
    assert [problem.field for problem in check.problems] == [field]


def test_heads_of_tables_are_in_both_languages_in_that_edition_alone() -> None:
    heads = ("Amount (RMB)", "Due date", "Material", "Patent no. (application no.)", "Basis")
    assert [head for head in heads if f">{head}<" not in build_html("contract_bilingual", view())] == []
    assert [head for head in heads if head in build_html("contract", view())] == []


def test_page_holds_both_languages() -> None:
    html = build_html("contract_bilingual", view())
    assert html.count('lang="en"') > 100
    assert "第二十五条" in html
    assert "Article 25. Language" in html


def test_english_of_a_transfer_on_trial_agrees() -> None:
    for pair in pairs(test_trial.transfer_view()):
        check(pair)
