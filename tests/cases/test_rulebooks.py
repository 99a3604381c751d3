"""Packs of the installation's own, as a file or as a folder, are found by name like the shipped ones."""

import shutil
from pathlib import Path

import pytest

from cases.pack_choices import choices, fault_of
from cases.rulebooks import book_of, own_packs, shipped
from rules.packs import FOLDER, PackError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with two packs of its own, one of them a folder; a third bears a shipped name."""
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    packs = tmp_path / "packs"
    packs.mkdir()
    shutil.copytree(FOLDER / "example_wuhu", packs / f"own-folder-{tmp_path.name}")
    shutil.copy(FOLDER / "house.toml", packs / f"own-file-{tmp_path.name}.toml")
    shutil.copy(FOLDER / "house.toml", packs / "house.toml")
    return tmp_path


def test_own_packs_are_files_and_folders(home: Path) -> None:
    assert list(own_packs()) == [f"own-file-{home.name}", f"own-folder-{home.name}"]
    assert {choice.name for choice in choices() if not choice.is_shipped} == set(own_packs())


def test_own_folder_makes_a_rulebook(home: Path) -> None:
    name = f"own-folder-{home.name}"
    assert fault_of(["national", name]) == ""
    assert book_of(f"national,{name}").packs[-1].kind == "house"


def test_a_pack_that_is_nowhere_is_named(home: Path) -> None:
    with pytest.raises(PackError, match="nowhere-at-all"):
        book_of("national,nowhere-at-all")
    assert "national" in shipped()
