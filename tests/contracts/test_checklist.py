"""The papers that official acts ask for: conditions, states, why they are asked, and what a form still lacks."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.kinds import document_of, pack_title
from contracts.modes import MODES
from contracts.papers.acts import ACTS, ACTS_OF
from contracts.papers.checklist import Gathered, Paper, checklist, checklists
from contracts.papers.conditions import CONDITIONS
from contracts.papers.missing import missing
from contracts.view import CaseView, Party
from tests.contracts.samples import LICENSEE, PATENTS
from tests.contracts.test_papers import CO_OWNER, SHARED, VIEWS, known

TODAY = date(2026, 5, 1)
NOTHING = Gathered()


def states(view: CaseView, act: str, there: Gathered = NOTHING, today: date = TODAY) -> dict[str, str]:
    return {line.slot: line.state for line in checklist(ACTS[act], view, today, there).lines}


def test_acts_name_papers_conditions_and_files_that_exist() -> None:
    assert set(ACTS_OF) == set(MODES)
    assert {slug for slugs in ACTS_OF.values() for slug in slugs} == set(ACTS)
    for mode, slugs in ACTS_OF.items():
        assert len({pack_title(mode, ACTS[slug].pack)[0] for slug in slugs}) == len(slugs)
        demands = [demand for slug in slugs for demand in ACTS[slug].demands]
        assert {demand.when for demand in demands} <= set(CONDITIONS)
        assert [d.slot for d in demands if not d.document and not d.file] == []
        for demand in demands:
            assert not demand.document or document_of(demand.document, mode).kind == demand.document


@pytest.mark.parametrize(
    ("changed", "slot", "state"),
    [
        ({}, "co_owners", "not_needed"),
        ({"patents": SHARED}, "co_owners", "missing"),
        ({}, "pledgee", "not_needed"),
        ({"told": {"papers": {"flags": {"201710601862.3": ["pledged"]}}}}, "pledgee", "missing"),
        ({}, "export", "not_needed"),
        ({"theirs": replace(LICENSEE, is_foreign=True)}, "export", "missing"),
        ({"theirs": replace(LICENSEE, is_foreign=True)}, "translation", "missing"),
        (
            {"theirs": replace(LICENSEE, is_foreign=True), "patents": (replace(PATENTS[0], kind="design"),)},
            "export",
            "not_needed",
        ),
        ({"dates": {"effective_on": date(2026, 2, 1)}}, "late", "not_needed"),
        ({"dates": {"effective_on": date(2026, 1, 31)}}, "late", "missing"),
    ],
)
def test_conditions_of_the_case_decide_which_papers_are_asked(
    changed: dict[str, object], slot: str, state: str
) -> None:
    view = replace(VIEWS["exclusive_license"], **changed)  # type: ignore[arg-type]
    assert states(view, "license_filing")[slot] == state


def test_paper_is_missing_then_made_then_brought_back_signed() -> None:
    paper = Paper("同意书.pdf", "专利共有人同意书", "a" * 64, 1)
    made = Gathered({"co_owner_consent": paper})
    signed = Gathered({"co_owner_consent": paper}, {"co_owner_consent": (replace(paper, sha256="b" * 64),)})
    found = [
        states(known("transfer"), "owner_change", there)["co_owners"] for there in (NOTHING, made, signed)
    ]
    assert found == ["missing", "made", "uploaded"]
    (line,) = [
        x
        for x in checklist(ACTS["owner_change"], known("transfer"), TODAY, signed).lines
        if x.slot == "co_owners"
    ]
    assert (line.papers[0].sha256, line.why_zh) == (
        "b" * 64,
        "专利审查指南第一部分第一章第6.7.2.2节第2项（TR-03）",
    )


def test_row_that_is_not_needed_says_why_and_is_not_lacking() -> None:
    found = checklist(ACTS["owner_change"], VIEWS["transfer"], TODAY, NOTHING)
    assert {line.slot: line.note_zh for line in found.lines if line.state == "not_needed"} == {
        "co_owners": "专利没有其他共有人", "pledgee": "登记簿没有质押记录", "export": "不涉及向境外提供发明、实用新型",
        "withdrawal": "专利没有声明开放许可",
    }  # fmt: skip
    assert {line.slot for line in found.lacking} == {
        "change_form",
        "contract",
        "change_reason",
        "power",
        "fee",
    }


def test_rule_that_was_not_read_is_marked() -> None:
    (line,) = [
        x for x in checklist(ACTS["license_filing"], known("sole_license"), TODAY, NOTHING).lines if x.slot == "pledgee"
    ]  # fmt: skip
    assert (line.rule_id, line.confidence, line.badge_zh) == ("PG-05", "D", "待核实")
    assert line.why_zh.endswith("（PG-05，待核实）")


def test_fee_of_the_change_comes_from_the_table_of_fees() -> None:
    view = replace(VIEWS["transfer"], patents=PATENTS)
    (line,) = [x for x in checklist(ACTS["owner_change"], view, TODAY, NOTHING).lines if x.slot == "fee"]
    assert line.note_zh == "每件每次200元，共2件，合计400元，自提出请求之日起一个月内缴足"


@pytest.mark.parametrize("mode", sorted(MODES))
def test_every_act_of_a_mode_has_its_checklist(mode: str) -> None:
    found = checklists(VIEWS[mode], TODAY, NOTHING)
    assert [act.slug for act in found] == [slug for slug in ACTS_OF[mode] if not ACTS[slug].each]
    assert all(line.article and line.confidence for act in found for line in act.lines)


def test_papers_of_a_licensee_bear_its_number() -> None:
    there = Gathered({"acceptance_filing_form:2": Paper("表.pdf", "申请表", "c" * 64)})
    found = checklist(ACTS["acceptance_filing"], VIEWS["open_license"], TODAY, there, 2)
    assert (found.slug, found.lines[0].kind, found.lines[0].state) == (
        "acceptance_filing:2",
        "acceptance_filing_form:2",
        "made",
    )


def test_what_a_form_lacks_is_told_before_it_is_made() -> None:
    view = replace(
        VIEWS["transfer"],
        theirs=Party("某公司"),
        patents=(replace(PATENTS[0], filing_date=None, owners=("江州理工大学", "江州研究院")),),
    )
    assert missing("change_form", view) == (
        "受让人统一社会信用代码", "受让人地址", "专利ZL201710601862.3的申请日",
        "共有人江州研究院的统一社会信用代码（在企业中登记后自动填入）", "共有人江州研究院的地址（在企业中登记后自动填入）",
    )  # fmt: skip
    whole = replace(view, theirs=LICENSEE, patents=SHARED, co_owners=(CO_OWNER,))
    assert missing("change_form", whole) == ()


def test_foreign_party_needs_no_code() -> None:
    view = replace(VIEWS["sole_license"], theirs=Party("Acme", address="Berlin", is_foreign=True))
    assert [gap for gap in missing("filing_form", view) if "代码" in gap] == []
