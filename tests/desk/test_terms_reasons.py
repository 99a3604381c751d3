"""Why a field of the terms was refused is told in English too."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import contracts
from contracts.terms import check_terms
from desk.web.i18n import Words
from desk.web.reasons import reason
from desk.web.terms_reasons import TERMS_REASONS
from tests.contracts import samples
from tests.contracts import test_development as development
from tests.contracts import test_patent_pool as pool

ROOM = Path(contracts.__file__).parent
MODULES = (
    "fields",
    "fees",
    "trial",
    "deal",
    "license_fields",
    "ordinary_license",
    "development_fields",
    "patent_pool_fields",
)
CHINESE = re.compile("[\u4e00-\u9fff]")
EN = Words("en")


def said(module: str) -> Iterator[str]:
    """Yield the reasons that stand in a module, values as 1."""
    for node in ast.walk(ast.parse((ROOM / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple) and len(node.value.elts) == 2:
            yield from _text(node.value.elts[1])
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "FieldError":
            yield from _text(node.args[0])


def _text(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "1" for part in node.values)


@pytest.mark.parametrize("module", MODULES)
def test_every_reason_has_its_english(module: str) -> None:
    reasons = [text for text in said(module) if CHINESE.search(text)]
    assert reasons
    assert [text for text in reasons if CHINESE.search(reason(EN, text))] == []


def test_english_keeps_the_values_and_has_no_chinese_letters() -> None:
    assert not any(CHINESE.search(english) for _, english in TERMS_REASONS)
    assert reason(EN, "各期金额合计 3.00 元，与总额 5.00 元不一致。请核对。") == (
        "they add up to 3.00 yuan, the total is 5.00"
    )


@pytest.mark.parametrize(
    ("mode", "raw", "wrong", "told"),
    [
        ("exclusive_license", samples.RAW, {"filing_days": "90"}, "must not be more than 89"),
        ("exclusive_license", samples.RAW, {"entry_fee_fen": -1}, "must not be less than 0.00 yuan"),
        ("development", development.RAW, {"kind": "转让"}, "choose one of the list"),
        ("development", development.RAW, {"content": ""}, "Not filled in."),
        ("development", development.RAW, {"unknown": "x"}, "no term of this contract; take it out"),
        ("patent_pool", pool.RAW, {"cost_bp": "60%"}, "must not be more than 50%"),
        ("patent_pool", pool.RAW, {"pool_name": "长" * 201}, "too long, 200 characters at most"),
    ],
)
def test_what_the_checker_says_is_told_in_english(
    mode: str, raw: dict[str, Any], wrong: dict[str, Any], told: str
) -> None:
    (problem,) = check_terms(mode, {**raw, **wrong}).problems
    assert reason(EN, problem.reason) == told
