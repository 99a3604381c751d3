"""The agreements on a contract: their whole text, what changes item by item, and that each clause has its basis."""

from datetime import date
from typing import Any

import pytest

from contracts.agreements.changes import amended, changes_between, fields_named
from contracts.agreements.papers import AGREEMENTS, CONTENTS, agreement_articles, agreements_of
from contracts.articles import plain_text
from contracts.documents import build_html
from contracts.modes import MODES
from contracts.terms import check_terms
from contracts.view import CaseView
from tests.contracts.golden import matches_golden
from tests.contracts.samples import terms, view

MODE = "exclusive_license"
CHANGED: dict[str, Any] = {
    "entry_fee_fen": "150万元",
    "instalments": [
        {"label": "第一期", "amount_fen": "60万元", "due_on": "2026-03-31"},
        {"label": "第二期", "amount_fen": "90万元", "due_on": "2028-03-31"},
    ],
    "royalty.rates": [{"year": 1, "rate_bp": "2.5%"}],
    "products": "陶瓷涂覆复合隔膜",
}
FILED = {"record_no": "X2026440000123", "recorded_on": "2026-04-20"}
DATES = {
    "signed_on": date(2026, 2, 20), "effective_on": date(2026, 3, 1), "checked_on": date(2026, 1, 20),
    "opened_on": date(2026, 1, 5),
}  # fmt: skip
SETTLED = {
    "agreed_on": "2027-05-10", "reason": "被许可人调整产品方向", "how": "terminated",
    "received": ["第一期，2026年3月31日到账，人民币600,000.00元"], "received_total": "¥600,000.00（大写：人民币陆拾万元整）",
    "due": ["第二期，¥300,000.00（大写：人民币叁拾万元整），付款期限为2027年3月31日"],
    "released": ["第三期，¥300,000.00（大写：人民币叁拾万元整），付款期限为2028年3月31日"],
}  # fmt: skip
SECRECY = {
    "direction": "mutual", "purpose": "就复合隔膜专利的独占许可进行评估和洽谈", "materials": "涂覆浆料配方\n中试数据",
    "years": 5, "return_days": 30, "persons": "",
}  # fmt: skip


def _change(kind: str, **changed: Any) -> CaseView:
    old = terms().model_dump(mode="json")
    new = check_terms(MODE, amended(old, changed)).terms
    assert new is not None
    made = changes_between(MODE, old, new.model_dump(mode="json"))
    told = {
        "no": 1, "kind": kind, "reason": "市场需求变化", "changes": [one.as_json() for one in made],
        "publicity": {"closed_on": "2026-09-01"}, "approval": {"decided_on": "2026-09-03"},
        "signed_on": "2026-09-10", "effective_on": "2026-10-01",
    }  # fmt: skip
    return _view(told, terms=new)


def _view(told: dict[str, Any], **changed: Any) -> CaseView:
    return view(
        MODE, dates=DATES, told={"agreement": told, "filing": FILED, "is_registered": True}, **changed
    )


PAPERS: dict[str, CaseView] = {
    "amendment_agreement": _change("amendment", **CHANGED),
    "extension_agreement": _change("extension", end="2033-02-28"),
    "termination_agreement": _view(SETTLED),
    "confidentiality_agreement": _view(SECRECY),
}


GOLDEN = {
    "amendment_agreement": "amendment_agreement.txt", "extension_agreement": "extension_agreement.txt",
    "termination_agreement": "termination_agreement.txt", "confidentiality_agreement": "confidentiality_agreement.txt",
}  # fmt: skip


@pytest.mark.parametrize("kind", PAPERS)
def test_text_is_the_golden_text(kind: str) -> None:
    text = plain_text(agreement_articles(kind, PAPERS[kind], MODES[MODE]))
    changes = PAPERS[kind].told["agreement"].get("changes", ())
    rows = "".join(f"{one['label_zh']}：{one['old']} → {one['new']}\n" for one in changes)
    assert matches_golden(GOLDEN[kind], text + rows)


def test_changes_name_old_and_new_in_figures_and_words() -> None:
    told = {
        one["field"]: (one["old"], one["new"])
        for one in PAPERS["amendment_agreement"].told["agreement"]["changes"]
    }
    assert told["entry_fee_fen"] == (
        "¥1,200,000.00（大写：人民币壹佰贰拾万元整）",
        "¥1,500,000.00（大写：人民币壹佰伍拾万元整）",
    )
    assert told["royalty.rates"] == (
        "（1）自第1个合同年度起，提成比例：3%；（2）自第3个合同年度起，提成比例：3.5%",
        "（1）自第1个合同年度起，提成比例：2.5%",
    )
    assert set(told) == {"entry_fee_fen", "instalments", "royalty.rates", "products"}


def test_place_and_copies_of_the_signature_are_no_change() -> None:
    old = terms().model_dump(mode="json")
    new = terms(signing_place="沧澜市", copies="8").model_dump(mode="json")
    assert changes_between(MODE, old, new) == ()


def test_every_mode_with_a_contract_has_the_agreements() -> None:
    named = {slug: len(agreements_of(mode)) for slug, mode in MODES.items()}
    assert named == {**dict.fromkeys(MODES, len(AGREEMENTS)), "open_license": 0}


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_clause_has_its_basis(kind: str) -> None:
    _, clauses, _ = CONTENTS[kind]
    assert [clause.id for clause in clauses if not clause.basis] == []


@pytest.mark.parametrize("kind", PAPERS)
def test_page_names_both_parties_and_its_signature_page(kind: str) -> None:
    html = build_html(f"{kind}:1" if kind[:9] in ("amendment", "extension") else kind, PAPERS[kind])
    assert html.count("江州理工大学") >= 2
    assert html.count("江州新膜材料科技有限公司") >= 2
    assert "签署页）" in html
    assert "＿" not in html


@pytest.mark.parametrize("name", ["提成费支付期限", "提成费·提成费支付期限", "royalty.pay_days"])
def test_field_of_a_part_is_named_as_the_terms_show_it(name: str) -> None:
    assert fields_named(MODE, {name: "30"}) == ({"royalty.pay_days": "30"}, ())
