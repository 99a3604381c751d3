"""Decoded fonts: clean names, done once, and a clear word if something is missing."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from contracts.fonts.build import FontProblem, find_fallback, main, prepare


@pytest.mark.parametrize(
    ("family", "weight", "weight_class"),
    [("Panhuo Serif SC", "Regular", 400), ("Panhuo Serif SC", "Bold", 700), ("Panhuo Sans SC", "Bold", 700)],
)
def test_a_face_is_static_and_has_a_clean_name(
    fonts: Path, family: str, weight: str, weight_class: int
) -> None:
    plain = f"{family.replace(' ', '')}-{weight}"
    font = TTFont(fonts / f"{plain}.ttf")
    names = {
        record.nameID: str(record) for record in font["name"].names if record.nameID in (1, 2, 6, 16, 17)
    }
    assert (names, font["OS/2"].usWeightClass, "fvar" in font) == (
        {1: family, 2: weight, 6: plain},
        weight_class,
        False,
    )


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
