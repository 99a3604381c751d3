"""`panhuo render`: documents here and now."""

from pathlib import Path

import pytest

from cases.settings import ROOT
from contracts.fonts.build import prepare
from tests.cli.conftest import Office
from tests.cli.test_cases import CASE, opened, walk


@pytest.fixture(scope="session")
def fonts() -> Path:
    """The product's fonts, made once for all homes."""
    return prepare(ROOT / "var" / "fonts")


@pytest.fixture
def office(office: Office, fonts: Path) -> Office:
    """The office with fonts in its home."""
    (office.home / "fonts").symlink_to(fonts)
    return office


def test_one_document_is_made_and_its_path_printed(office: Office, tmp_path: Path) -> None:
    opened(office)
    walk(office, until="agree_price")
    ran = office.run("render", CASE, "contract", "--as", "officer", "--out", str(tmp_path / "out"))
    assert ran.code == 0, ran.err
    path = Path(ran.out.strip())
    assert (path.parent, path.read_bytes()[:5]) == (tmp_path / "out", b"%PDF-")


def test_document_that_cannot_be_made_says_why(office: Office) -> None:
    opened(office)
    ran = office.run("render", CASE, "contract", "--as", "officer", "--json")
    (row,) = ran.json["documents"]
    assert (ran.code, row["status"], row["path"]) == (1, "failed", "")
    assert "商务条款" in row["error"]
    assert office.run("render", CASE, "novel", "--as", "officer").code == 6
    assert office.run("render", CASE, "--as", "officer").code == 2
    assert office.run("render", CASE, "contract", "--as", "readonly").code == 4


def test_a_file_is_looked_into(office: Office, tmp_path: Path) -> None:
    opened(office)
    walk(office, until="agree_price")
    made = Path(office.run("render", CASE, "contract", "--as", "officer").out.strip())
    assert office.run("documents", "lint", str(made)).out.startswith("未发现问题")
    other = tmp_path / "x.pdf"
    other.write_bytes(b"%PDF-1.7")
    ran = office.run("documents", "lint", str(other), "--json")
    assert (ran.code, [found["rule"] for found in ran.json["findings"]]) == (1, ["syntax"])
    assert office.run("documents", "lint", str(tmp_path / "gone.pdf")).code == 2
