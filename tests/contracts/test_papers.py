"""Papers beside the contract: in every mode, complete, with source and confidence, blank where nothing is known."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.documents import build_html
from contracts.kinds import document_of
from contracts.modes import MODES
from contracts.papers.kinds import HOUSE_PAPERS
from contracts.terms import check_terms
from contracts.view import CaseView, Party
from states.catalog import MODES as CHARTS
from tests.contracts import (
    equity_samples,
    samples,
    test_development,
    test_open_license,
    test_patent_pool,
    test_transfer,
)
from tests.contracts.golden import matches_golden
from tests.contracts.samples import LICENSEE, PATENTS
from tests.contracts.test_documents import words_of


def _open_license() -> CaseView:
    """Return a declared license that one licensee has accepted."""
    terms = check_terms("open_license", test_open_license.RAW).terms
    assert terms is not None
    told = {"acceptance": test_open_license.ACCEPTANCE}
    term = (date(2026, 6, 5), date(2028, 12, 31))
    return samples.view("exclusive_license", mode="open_license", terms=terms, told=told, term=term)


VIEWS: Mapping[str, CaseView] = {
    "ordinary_license": samples.view("ordinary_license"),
    "sole_license": samples.view("sole_license"),
    "exclusive_license": samples.view("exclusive_license"),
    "open_license": _open_license(),
    "development": test_development.paper(),
    "patent_pool": test_patent_pool.paper(),
    "equity": equity_samples.view(),
    "transfer": test_transfer.view(),
}
EVERY = [(mode, kind) for mode, contract in sorted(MODES.items()) for kind in contract.documents]
CO_OWNER = Party("江州研究院", "12100000400000624D", "江州市学府路9号", "何䶮", "林晚", "0599-8300003")
SHARED = (replace(PATENTS[0], owners=("江州理工大学", "江州研究院")), PATENTS[1])
TOLD: dict[str, Any] = {
    "objection": {
        "objector": "何立人", "content": "完成人名单遗漏一人", "received_on": "2026-01-30", "outcome": "dismissed",
        "reason": "经核查实验记录，该人未作出创造性贡献", "resolved_on": "2026-02-06",
    },
    "decisions": [
        {
            "body": "校长办公会", "is_committee": True, "decided_on": "2026-02-12", "minutes_no": "校办纪〔2026〕5号",
            "members": 9, "quorum": 6, "needed": 5, "present": 7, "in_favor": 6, "against": 0, "abstained": 1,
            "recused": [["陈㛃", "本案专利的发明人"]], "attending": "王䶮、李思远", "opinion": "同意转化。",
        },
        {"body": "科研处处长", "is_committee": False, "decided_on": "2026-02-10"},
    ],
    "receipts": [{"received_on": "2026-03-31", "amount_fen": 60_000_000, "reference": "BK-1"}],
    "rewards": {
        "planned_on": "2026-04-08", "receipts": [1], "gross_fen": 60_000_000, "costs": [["appraisal", 1_000_000, "FP-2"]],
        "net_fen": 59_000_000, "lines": [["main_contributors", 41_300_000, 7000], ["institution", 17_700_000, 3000]],
        "reward_fen": 41_300_000, "persons": [["陈㛃", 27_533_334], ["刘𬱖", 13_766_666]], "by_name": "钱汇川",
        "derivation": {
            "name": "distribution", "zh": "净收入590,000.00元按70%奖励", "en": "", "value": 1, "unit": "fen", "rule": "RW-03",
            "article": "促进科技成果转化法第45条第1项", "confidence": "V",
            "parts": [{"name": "net", "zh": "到账600,000.00元减费用10,000.00元", "en": "", "value": 1, "unit": "fen"}],
        },
    },
    "first_refusal": {
        "told": ["陈㛃", "刘𬱖"], "notified_on": "2026-01-12", "answer_by": "2026-01-27",
        "answers": [{"names": ["陈㛃"], "answer": "waived", "answered_on": "2026-01-20"}],
    },
    "consents": [{"consent": "pledgee", "given_by": "江州银行"}],
    "flags": {"201710601862.3": ["pledged"]},
    "end": {"how": "terminated", "on": "2027-03-01", "reason": "双方协商解除"},
    "filing": {"record_no": "X2026320000001", "recorded_on": "2026-04-20"},
}  # fmt: skip


def known(mode: str) -> CaseView:
    """Return a case of which the events have told everything."""
    view = VIEWS[mode]
    told = {**view.told, "papers": TOLD}
    return replace(view, patents=SHARED, co_owners=(CO_OWNER,), told=told)


@pytest.mark.parametrize(("mode", "kind"), EVERY)
def test_every_paper_names_its_source_and_how_well_it_is_known(mode: str, kind: str) -> None:
    document = document_of(kind, mode)
    assert document.rules
    if document.template == "contracts/contract.html":
        return
    foot = re.search(
        r"来源：(.+?)。(本文书没有官方格式|官方现行表格未见原件（待核实）)",
        words_of(build_html(kind, VIEWS[mode])),
    )
    assert foot is not None
    assert [rule for rule in document.rules if f"（{rule}" not in foot[1]] == []
    assert ("待核实" in foot[2]) == document.is_official


@pytest.mark.parametrize("mode", sorted(MODES))
def test_papers_of_the_house_are_there_in_every_mode(mode: str) -> None:
    contract = MODES[mode]
    assert set(HOUSE_PAPERS) <= set(contract.documents)
    has_refusal = "first_refusal" in CHARTS[mode].chart.nodes
    assert {"refusal_notice", "inventor_waiver"} & set(contract.documents) == (
        {"refusal_notice", "inventor_waiver"} if has_refusal else set()
    )


@pytest.mark.parametrize("known_to", ["nothing", "everything"])
@pytest.mark.parametrize("mode", sorted(MODES))
def test_papers_are_made_of_whatever_is_known(mode: str, known_to: str) -> None:
    view = known(mode) if known_to == "everything" else VIEWS[mode]
    for kind in MODES[mode].documents:
        assert re.findall(r"None|Undefined|\{\{|\{'", words_of(build_html(kind, view))) == []


def test_papers_of_a_transfer_have_the_golden_words() -> None:
    kinds = (*HOUSE_PAPERS, "refusal_notice", "inventor_waiver")
    text = "".join(f"== {kind}\n{words_of(build_html(kind, known('transfer')))}" for kind in kinds)
    assert matches_golden("papers_transfer.txt", text)


def test_papers_after_a_license_was_filed_have_the_golden_words() -> None:
    kinds = ("filing_change", "filing_cancellation", "late_explanation")
    view = replace(known("exclusive_license"), dates={"effective_on": date(2026, 3, 1)})
    text = "".join(f"== {kind}\n{words_of(build_html(kind, view))}" for kind in kinds)
    assert matches_golden("papers_license.txt", text)


def test_each_co_owner_signs_a_sheet_of_its_own_with_its_own_patents() -> None:
    second = replace(PATENTS[1], owners=("江州理工大学", "何立人"))
    words = words_of(build_html("co_owner_consent", replace(known("transfer"), patents=(SHARED[0], second))))
    first, other = words.split("专利共有人同意书\n")[1:]
    assert "ZL201710601862.3" in first and "ZL202120000001.8" not in first
    assert "ZL202120000001.8" in other and "ZL201710601862.3" not in other
    assert "共有人|何立人\n统一社会信用代码（身份证件号码）|＿＿＿＿＿＿＿＿" in other


def test_pledgee_consents_to_what_is_pledged_and_no_more() -> None:
    words = words_of(build_html("pledgee_consent", known("transfer")))
    assert "江州银行" in words and "ZL201710601862.3" in words and "ZL202120000001.8" not in words


def test_names_and_texts_are_escaped_in_every_paper() -> None:
    hostile = "<script>{{ 7 * 7 }}</script>"
    told = {**TOLD, "objection": {**TOLD["objection"], "content": hostile, "objector": hostile}}
    view = replace(known("transfer"), theirs=replace(LICENSEE, name=hostile), told={"papers": told})
    for kind in MODES["transfer"].documents:
        made = build_html(kind, view)
        assert "<script" not in made
        assert "{{ 7 * 7 }}" in made or "7 * 7" not in made


def test_only_persons_who_decided_as_a_committee_have_minutes() -> None:
    words = words_of(build_html("minutes", known("equity")))
    assert words.count("会议纪要") == 1
    assert "校长办公会会议纪要" in words.replace("\n", "").replace("|", "")
    assert "9|6|7|6|0|1" in words


def test_change_of_the_filing_states_what_the_amendment_has_changed() -> None:
    view = known("exclusive_license")
    old = {**view.terms.model_dump(mode="json"), "end": "2030-02-28"}
    told = {"papers": {**TOLD, "amendments": [{"old_terms": old, "signed_on": "2027-01-05"}]}}
    words = words_of(build_html("filing_change", replace(view, told=told)))
    assert "√|许可期限|2026年3月1日至2030年2月28日|2026年3月1日至2031年2月28日" in words
    assert words.count("√") == 1
