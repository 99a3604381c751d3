"""Packs of the installation's own, as a file or as a folder, are found by name like the shipped ones."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from cases.pack_choices import choices, fault_of
from cases.rulebooks import book_of, own_packs, shipped
from rules.packs import FOLDER, PackError
from rules.policy import Rungs

TODAY = date(2026, 6, 1)
LADDER = "[house.reminders]\nT-01 = { before = [44] }\n\n[house.reminding]"


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


def test_edited_pack_is_read_anew_and_an_untouched_one_is_not(home: Path) -> None:
    layers = f"national,own-file-{home.name}"
    path = home / "packs" / f"own-file-{home.name}.toml"
    first = book_of(layers)
    assert book_of(layers) is first
    text = path.read_text(encoding="utf-8")
    longer = text.replace("[house.reminding]", LADDER)
    path.write_text(longer, encoding="utf-8")
    edited = book_of(layers)
    assert (edited.house(TODAY).ladder_of("T-01", "statutory"), edited.ladders == first.ladders) == (
        Rungs(before=(44,), after=()),
        False,
    )
    path.write_text(longer.replace("44", "55"), encoding="utf-8")  # of the same size
    assert book_of(layers).house(TODAY).ladder_of("T-01", "statutory") == Rungs(before=(55,), after=())
    path.write_text("[pack", encoding="utf-8")
    with pytest.raises(PackError, match=path.name):
        book_of(layers)
    path.write_text(text, encoding="utf-8")
    assert book_of(layers).ladders == first.ladders


def test_file_added_to_a_pack_in_a_folder_is_read(home: Path) -> None:
    layers = f"national,own-folder-{home.name}"
    before = book_of(layers)
    (home / "packs" / f"own-folder-{home.name}" / "more.toml").write_text("# nothing yet\n", encoding="utf-8")
    assert book_of(layers) is not before


def test_a_pack_that_is_nowhere_is_named(home: Path) -> None:
    with pytest.raises(PackError, match="nowhere-at-all"):
        book_of("national,nowhere-at-all")
    assert "national" in shipped()
