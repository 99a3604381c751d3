"""The demonstration walks a case to its end, years ahead of today's clock, and leaves its papers in a folder."""

from pathlib import Path

from cases.settings import Settings
from desk.demo import PAPERS, run

SAID_LAST = "0处断链"


def test_a_case_ends_with_all_its_papers(tmp_path: Path) -> None:
    said: list[str] = []
    counts = run(
        tmp_path,
        Settings.from_environment().fonts,
        lambda line: said.append(str(line)),
        ("ordinary_license",),
    )
    made = sorted(path.name for path in (tmp_path / "ordinary_license").iterdir())
    assert counts == {"ordinary_license": len(made)}
    assert len(made) >= PAPERS
    assert any("备案注销" in name for name in made)
    assert SAID_LAST in said[-1]
