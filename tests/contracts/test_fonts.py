"""Decoded fonts: clean names, done once, and a clear word if something is missing."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from contracts.fonts.build import FontProblem, find_fallback, main, prepare


def test_the_two_weights_are_one_family_with_clean_names(fonts: Path) -> None:
    found = {}
    for weight in ("Regular", "Bold"):
        font = TTFont(fonts / f"PanhuoSerifSC-{weight}.ttf")
        names = {
            record.nameID: str(record) for record in font["name"].names if record.nameID in (1, 2, 6, 16, 17)
        }
        found[weight] = (names, font["OS/2"].usWeightClass, "fvar" in font)
    assert found == {
        "Regular": ({1: "Panhuo Serif SC", 2: "Regular", 6: "PanhuoSerifSC-Regular"}, 400, False),
        "Bold": ({1: "Panhuo Serif SC", 2: "Bold", 6: "PanhuoSerifSC-Bold"}, 700, False),
    }


def test_preparing_again_changes_nothing(fonts: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in fonts.iterdir() if path.is_file()}
    assert prepare(fonts) == fonts
    assert {path.name: path.stat().st_mtime_ns for path in fonts.iterdir() if path.is_file()} == before


def test_missing_fallback_names_the_package(tmp_path: Path) -> None:
    with pytest.raises(FontProblem, match="fonts-babelstone-han"):
        find_fallback([tmp_path, tmp_path / "nowhere"])


def test_an_unusable_fangsong_is_refused_with_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PANHUO_FANGSONG", str(tmp_path / "gone.ttf"))
    assert main([str(tmp_path)]) == 1
    assert f"读不到字体文件 {tmp_path / 'gone.ttf'}" in capsys.readouterr().err
