"""The sample data: the same every time, and good enough to pass the checks that real data must pass."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from cases.patents import list_patents
from exchange.patent_import import run_import
from exchange.sample_list import write_sample_list
from exchange.sample_patents import sample_companies, sample_patents
from rules.identifiers import parse_application_number, parse_publication_number, parse_uscc
from tests.exchange.lists import NOW, TODAY
from tests.world import World


def test_same_seed_and_day_give_the_same() -> None:
    assert sample_patents(TODAY) == sample_patents(TODAY)
    assert sample_patents(TODAY, seed=1) != sample_patents(TODAY, seed=2)


def test_numbers_pass_the_checks() -> None:
    patents = sample_patents(TODAY)
    numbers = [parse_application_number(patent.application_no) for patent in patents]
    assert [(number.digits, number.kind, number.year) for number in numbers] == [
        (patent.application_no, patent.kind, patent.filing_date.year) for patent in patents
    ]
    assert len({number.digits for number in numbers}) == 200
    assert [parse_publication_number(patent.publication_no) for patent in patents] == [
        p.publication_no for p in patents
    ]
    companies = sample_companies()
    assert [parse_uscc(company.uscc) for company in companies] == [company.uscc for company in companies]
    assert len({company.uscc for company in companies}) == len(companies) == 12


def test_patents_are_varied() -> None:
    patents = sample_patents(TODAY)
    assert set(Counter(patent.kind for patent in patents)) == {"invention", "utility", "design"}
    assert {"pending", "in_force", "in_grace", "lapsed", "expired"} == {patent.status for patent in patents}
    assert {flag for patent in patents for flag in patent.flags} >= {
        "pledged",
        "state_funded",
        "ordinary_license",
    }
    assert {len(patent.owners) for patent in patents} == {1, 2}
    names = "".join(name for patent in patents for name in patent.inventors)
    assert set("㛃䶮𬱖𠅤") <= set(names)


@pytest.mark.parametrize("day", [date(2026, 11, 23), date(2028, 2, 29)])
def test_grant_never_lies_before_filing_or_after_today(day: date) -> None:
    wrong = [p for p in sample_patents(day) if p.grant_date and not p.filing_date < p.grant_date <= day]
    assert wrong == []


@pytest.mark.parametrize("name", ["list.xlsx", "list.csv"])
def test_list_of_the_samples_imports_without_a_fault(world: World, tmp_path: Path, name: str) -> None:
    patents = sample_patents(TODAY)
    write_sample_list(tmp_path / name, patents)
    report = run_import(world.db, tmp_path / name, org_id=world.org_id, import_id=1, now=NOW)
    assert (report.rows, report.accepted, report.errors) == (200, 200, ())
    with world.db.read() as session:
        rows = list_patents(session, world.org_id, import_id=1, size=300).rows
    assert sorted((p.application_no, p.owners, p.inventors, p.filing_date, p.status) for p in rows) == sorted(
        (p.application_no, p.owners, p.inventors, p.filing_date, p.status) for p in patents
    )
