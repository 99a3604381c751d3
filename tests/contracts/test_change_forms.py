"""The papers of a change of owner: words, one form per change, the new owner, what is compared before packing."""

from dataclasses import replace

import pytest

from contracts.change_forms import CHANGE_PAPERS, new_owner
from contracts.crosscheck import Difference, crosscheck
from contracts.documents import build_html
from contracts.kinds import document_of
from contracts.view import CaseView, Party
from tests.contracts import equity_samples, test_transfer
from tests.contracts.golden import matches_golden
from tests.contracts.samples import LICENSEE, PATENTS
from tests.contracts.test_documents import words_of

COMPANY = "江州隔膜新材有限公司"
REGISTERED = Party(COMPANY, "91440000MA5XXXXX0A")
PENDING = replace(PATENTS[1], patent_no="", grant_date=None)
SHARED = replace(PATENTS[1], owners=("江州理工大学", "江州研究院"))


def transfer(**changed: object) -> CaseView:
    return replace(test_transfer.view(), **{"patents": PATENTS, **changed})  # type: ignore[arg-type]


def contribution(**changed: object) -> CaseView:
    return replace(equity_samples.view(), **changed)  # type: ignore[arg-type]


def form(view: CaseView) -> str:
    return words_of(build_html("change_form", view))


@pytest.mark.parametrize(
    ("name", "view"),
    [("transfer_change.txt", transfer()), ("equity_change.txt", contribution(new_owner=REGISTERED))],
)
def test_papers_of_the_change_have_the_golden_words(name: str, view: CaseView) -> None:
    text = "".join(f"== {kind}\n{words_of(build_html(kind, view))}" for kind in CHANGE_PAPERS)
    assert matches_golden(name, text)


@pytest.mark.parametrize(
    ("second", "sheets"),
    [
        (PATENTS[1], ["著录项目变更申报书（批量）"]),
        (PENDING, ["著录项目变更申报书", "著录项目变更申报书"]),
        (SHARED, ["著录项目变更申报书", "著录项目变更申报书"]),
    ],
)
def test_patents_that_change_alike_stand_on_one_form(second: object, sheets: list[str]) -> None:
    words = form(transfer(patents=(PATENTS[0], second)))
    assert [line for line in words.splitlines() if line.startswith("著录项目变更申报书")] == sheets
    assert words.count("ZL201710601862.3") == words.count("202120000001.8") == 1


def test_co_owners_stand_before_the_change_and_our_own_particulars_do_not_stand_for_them() -> None:
    words = form(transfer(patents=(SHARED,)))
    assert f"专利权人姓名或者名称|江州理工大学、江州研究院|{LICENSEE.name}" in words
    assert f"统一社会信用代码|待核实|＿＿＿＿＿＿＿＿|{LICENSEE.uscc}" in words


def test_application_is_moved_from_applicant_to_applicant() -> None:
    assert "专利申请人姓名或者名称|江州理工大学|" in form(transfer(patents=(PENDING,)))


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (transfer(), LICENSEE),
        (contribution(), Party(COMPANY, address="江州市高新区科技大道8号")),
        (contribution(new_owner=REGISTERED), replace(REGISTERED, address="江州市高新区科技大道8号")),
        (contribution(theirs=replace(LICENSEE, name=COMPANY)), replace(LICENSEE, name=COMPANY)),
    ],
)
def test_new_owner_is_the_other_side_or_the_company(view: CaseView, expected: Party) -> None:
    assert new_owner(view) == expected


def test_agency_is_entrusted_on_the_official_form_and_a_colleague_is_not() -> None:
    by_agency = words_of(build_html("power_of_attorney", transfer(agent="江州专利代理事务所")))
    by_officer = words_of(build_html("power_of_attorney", transfer()))
    assert "\n专利代理委托书\n" in by_agency and "100007，表格编号和版式待核实" in by_agency
    assert "\n授权委托书\n" in by_officer and "100007" not in by_officer


@pytest.mark.parametrize("view", [transfer(), contribution(), contribution(new_owner=REGISTERED)])
def test_papers_of_one_mind_have_no_difference(view: CaseView) -> None:
    assert crosscheck(view, PATENTS) == ()


def test_owner_of_record_who_is_another_is_named_with_what_the_form_says() -> None:
    sold = (replace(PATENTS[0], owners=("某公司",)), PATENTS[1])
    place = "ZL201710601862.3"
    assert crosscheck(transfer(), sold) == (
        Difference(f"专利 {place} 专利权人", "江州理工大学", "江州理工大学", "某公司"),
        Difference(f"转让人（{place}）", "江州理工大学", "江州理工大学", "某公司"),
    )


def test_company_registered_under_another_name_is_named() -> None:
    other = contribution(new_owner=replace(REGISTERED, name="江州新材有限公司"))
    assert crosscheck(other, PATENTS) == (
        Difference("变更后的权利人", COMPANY, "江州新材有限公司", "江州新材有限公司"),
        Difference("被投资企业（技术成果投资入股递延纳税备案资料表）", "", "江州新材有限公司", ""),
    )


def test_contribution_has_an_approval_form_of_its_own_name() -> None:
    assert document_of("approval_form", "equity").title_zh == "作价入股审批表"
    assert document_of("approval_form", "transfer").title_zh == "科技成果转化审批表"
