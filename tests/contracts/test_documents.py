"""HTML of every document: complete, escaped, stable."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from contracts.documents import build_html, build_job, content_hash
from contracts.glyphs import MissingGlyph
from contracts.kinds import UnknownDocument, document_of, made_for
from contracts.modes import MODES
from contracts.view import CaseView, Party, PatentItem
from rules.gate_table import LICENSES
from tests.contracts.golden import matches_golden
from tests.contracts.samples import LICENSEE, PATENTS, terms, view

KINDS = sorted(MODES["exclusive_license"].documents)
FORMS = [kind for kind in KINDS if kind != "contract"]


class Reader(HTMLParser):
    """Collects the tags and link targets of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]


def words_of(html: str) -> str:
    """Return the visible words of a page, one line per block, without the check code."""
    body = re.sub(r"<svg.*?</svg>|<title>.*?</title>", "", html, flags=re.DOTALL)
    body = re.sub(r"</(p|tr|h1|h2|table|div)>", "\n", body)
    lines = re.sub(r"<[^>]+>", "|", body).splitlines()
    cleaned = [re.sub(r"\|[\s|]*", "|", unescape(line)).strip("| ") for line in lines]
    return re.sub(r"(?:[0-9A-F]{4}-){3}[0-9A-F]{4}", "校验码", "\n".join(filter(None, cleaned))) + "\n"


def bare() -> CaseView:
    """Return a case of which next to nothing is known yet."""
    patent = PatentItem(application_no="201710601862.3", patent_no="", title="一种隔膜", kind="invention")
    nobody = Party(name="江州理工大学")
    return CaseView(
        case_no="PH-1", contract_no="", mode="exclusive_license", ours=nobody, theirs=Party(name="某公司"),
        patents=(patent,), terms=terms(signing_place=""),
    )  # fmt: skip


@pytest.mark.parametrize("mode", sorted(MODES))
def test_every_document_of_a_mode_is_there_and_every_own_one_is_used(mode: str) -> None:
    contract = MODES[mode]
    made = [document_of(kind, mode) for kind in contract.documents]
    assert [document.kind for document in made] == list(contract.documents)
    assert [d.kind for d in made if not (d.title_zh and d.title_en)] == []
    assert {document.kind for document in contract.own_documents} <= set(contract.documents)
    if contract.filing is not None:
        assert {*contract.filing.forms, *contract.filing.why} <= set(contract.documents)


@pytest.mark.parametrize("mode", sorted(MODES))
def test_papers_that_every_case_has_are_there_in_every_mode(mode: str) -> None:
    assert {"publicity_notice", "approval_form"} <= set(MODES[mode].documents)


def test_forms_have_the_golden_words() -> None:
    text = "".join(f"== {kind}\n{words_of(build_html(kind, view()))}" for kind in FORMS)
    assert matches_golden("forms.txt", text)


@pytest.mark.parametrize("mode", LICENSES)
def test_every_paper_names_the_kind_of_license(mode: str) -> None:
    kind = MODES[mode].kind_zh
    others = [other.kind_zh for slug, other in MODES.items() if slug in LICENSES and slug != mode]
    form = words_of(build_html("filing_form", view(mode)))
    assert re.search(rf"√\|?{kind}", form)
    assert not re.search(rf"√\|?({'|'.join(others)})", form)
    assert f"许可种类|{kind}|" in words_of(build_html("filing_cover", view(mode)))
    assert f"专利实施许可（{kind}）" in words_of(build_html("publicity_notice", view(mode)))
    assert f"专利实施许可（{kind}）" in words_of(build_html("approval_form", view(mode)))
    assert words_of(build_html("contract", view(mode))).splitlines()[1:3] == [
        "专利实施许可合同",
        f"（{kind}）",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_values_are_printed_as_blanks(kind: str) -> None:
    words = words_of(build_html(kind, bare()))
    assert re.findall(r"None|Undefined|\{\{", words) == []
    assert "／" in words or "＿" in words


@pytest.mark.parametrize("kind", KINDS)
def test_values_are_escaped_and_no_outside_resource_is_named(kind: str) -> None:
    hostile = '"><img src=file:///etc/passwd><script>'
    made = build_html(kind, view(theirs=replace(LICENSEE, name=hostile)))
    reader = Reader()
    reader.feed(made)
    assert reader.tags & {"img", "script", "link", "object", "iframe", "image", "base"} == set()
    assert [link for link in reader.links if not link.startswith("#")] == []


def test_form_of_four_patents_has_an_annex_with_all() -> None:
    many = tuple(replace(PATENTS[0], title=f"第{n}件") for n in range(1, 5))
    assert "附页" not in words_of(build_html("filing_form", view(patents=many[:3])))
    words = words_of(build_html("filing_form", view(patents=many)))
    assert words.count("第1件") == 2
    assert words.count("第4件") == 1


def test_free_license_is_filed_as_zero_and_free() -> None:
    free = terms(
        **{"royalty.base": "", "royalty.rates": [], "royalty.minimum_per_year_fen": "", "royalty.period": ""},
        entry_fee_fen="0", instalments=[], milestones=[], service_fee_fen="0", service_due_on="", royalty_free="是",
    )  # fmt: skip
    words = words_of(build_html("filing_form", view(terms=free)))
    assert "使用费|0|币种|人民币" in words
    assert "支付方式|无偿" in words


def test_hash_changes_with_every_kind_of_input_and_with_nothing_else() -> None:
    base = content_hash("contract", view())
    assert content_hash("contract", view()) == base
    others = [
        content_hash("filing_form", view()),
        content_hash("contract", view(terms=terms(copies="8"))),
        content_hash("contract", view(draft=True)),
        content_hash("contract", view(theirs=replace(LICENSEE, address="别处"))),
        content_hash("contract", view(patents=PATENTS)),
    ]
    assert len({base, *others}) == 6


def test_only_a_draft_contract_carries_the_mark() -> None:
    assert build_job("contract", view()).css_name == "contract"
    assert build_job("contract", view(draft=True)).css_name == "contract+draft"
    assert build_job("filing_form", view(draft=True)).css_name == "forms"


def test_unprintable_character_is_named_before_rendering() -> None:
    with pytest.raises(MissingGlyph) as caught:
        build_job("contract", view(theirs=replace(LICENSEE, contact="王\ue000")))
    assert (caught.value.field, caught.value.codepoint) == ("被许可人 联系人", "U+E000")


def test_unknown_document_is_refused() -> None:
    with pytest.raises(UnknownDocument):
        build_html("invoice", view())


def test_approvers_see_what_the_kind_alone_agrees() -> None:
    told = {
        mode: words_of(build_html("approval_form", view(mode)))
        for mode in ("ordinary_license", "sole_license", "exclusive_license")
    }
    assert "同等优惠|否\n" in told["ordinary_license"]
    assert "许可人的自行实施|无独立实施条件的，可以一个普通许可视为自行实施\n" in told["sole_license"]
    assert "同等优惠" not in told["exclusive_license"] and "许可人的自行实施" not in told["exclusive_license"]


def test_approvers_are_told_what_reading_the_contract_found() -> None:
    shared = (replace(PATENTS[0], owners=("江州理工大学", "某公司")),)
    found = words_of(build_html("approval_form", view("ordinary_license", patents=shared)))
    assert "审查提示|许可专利1（ZL201710601862.3）：与某公司共有；" in found
    assert "审查提示" not in words_of(build_html("approval_form", view("ordinary_license")))


def test_every_paper_of_every_mode_was_made_for_one_thing() -> None:
    purposes = {
        (document.kind, document.made_for)
        for mode, contract in MODES.items()
        for document in (document_of(kind, mode) for kind in contract.documents)
    }
    assert len(purposes) == len(dict(purposes))
    assert {kind: made_for(kind) for kind, _ in purposes} == dict(purposes)
    assert {purpose for _, purpose in purposes} == {
        "contract", "publicity", "approval", "award", "consents", "first_refusal", "objection", "rewards",
    }  # fmt: skip
    named = {"filing_pack": "contract", "acceptance_notice:2": "contract", "invoice": ""}
    assert {kind: made_for(kind) for kind in named} == named
