"""The root is the table of contents: packages, folders, sizes and slugs are where and what they should be."""

import ast
import importlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import contracts.modes
import states.catalog

ROOT = Path(__file__).parents[1]
ROOMS = ("rules", "states", "contracts", "cases", "exchange", "flows", "desk", "templates")
LONGEST = 500
CODE = {".py", ".html", ".js", ".sh", ".toml"}


def _tracked() -> list[Path]:
    """The files of the repository; all files when it is not a clone."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.split("\0")
        found = [ROOT / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for room in (*ROOMS, "tests", "bench") for path in (ROOT / room).rglob("*")]
    return [path for path in found if path.is_file()]


TRACKED = _tracked()
PYTHON = [path for path in TRACKED if path.suffix == ".py"]


@pytest.mark.parametrize("room", ROOMS)
def test_room_is_imported_from_this_repository(room: str) -> None:
    """An installed package of the same name would shadow it."""
    file = importlib.import_module(room).__file__
    assert file is not None
    assert Path(file) == ROOT / room / "__init__.py"


def test_rooms_are_packaged_and_guarded() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    found = settings["setuptools"]["packages"]["find"]["include"]
    assert tuple(pattern.removesuffix("*") for pattern in found[: len(ROOMS)]) == ROOMS
    assert set(settings["importlinter"]["root_packages"]) == set(ROOMS)


def test_data_files_are_packaged() -> None:
    """An installation that is no clone has them too."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    packaged = {
        path
        for room, patterns in settings["package-data"].items()
        for pattern in patterns
        for path in (ROOT / room).glob(pattern)
    }
    beside = [path for path in TRACKED if path.suffix != ".py" and path.relative_to(ROOT).parts[0] in ROOMS]
    assert [str(path.relative_to(ROOT)) for path in beside if path not in packaged] == []


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in PYTHON if (ROOT / "tests") in path.parents}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_tests_mirror_the_rooms() -> None:
    folders = {
        path.relative_to(ROOT / "tests").parts[0] for path in PYTHON if (ROOT / "tests") in path.parents
    }
    beside = {"modes", "golden", "browser", "api", "cli", "upgrades", "durability"}
    strange = {name for name in folders if not name.endswith(".py")} - set(ROOMS) - beside
    assert strange == set()


def test_flows_bear_no_name_of_another_package() -> None:
    """A flow loaded by its path would otherwise be taken for the package."""
    names = {path.stem for path in (ROOT / "flows").rglob("*.py")} - {"__init__"}
    taken = {*ROOMS, "tests", "bench", "prefect", "sqlmodel", "sqlalchemy", "fastapi", "jinja2", "weasyprint"}
    assert names & taken == set()


def test_flows_are_named_by_module_never_by_file() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in PYTHON if (ROOT / "flows") in path.parents}
    assert [path.name for path, text in texts.items() if ".py:" in text] == []


def test_no_file_is_longer_than_can_be_read() -> None:
    ours = [path for path in TRACKED if path.suffix in CODE and "vendor" not in path.parts]
    lengths = {str(path.relative_to(ROOT)): len(path.read_bytes().splitlines()) for path in ours}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


SETTING = re.compile(r"PANHUO_[A-Z_]+")


def _settings_told(readme: str) -> list[str]:
    """The variables of a README's table; `_PORT` goes on from the name before it."""
    told = []
    rows = re.findall(r"^\| (`PANHUO_[^|]+) \|", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)
    for first, *more in (re.findall(r"`(\w+)`", row) for row in rows):
        stem = first.rpartition("_")[0]
        told += [first, *(name if SETTING.match(name) else stem + name for name in more)]
    return told


def test_both_readmes_tell_of_every_setting() -> None:
    read = {
        node.value
        for path in PYTHON
        if path.relative_to(ROOT).parts[0] in ROOMS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SETTING.fullmatch(node.value)
    }
    english = _settings_told("README.md")
    assert english == _settings_told("README.zh-CN.md")
    assert sorted(english) == sorted(name for name in read if not name.endswith("_FILE"))


DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def test_each_decision_has_a_number_of_its_own_and_is_listed_once() -> None:
    listed = re.findall(
        r"^\| \[(\d+)\]\((.+?)\)",
        (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert listed == [(path.name[:4], path.name) for path in DECISIONS]
    assert [number for number, _ in listed] == [f"{number:04}" for number in range(1, len(listed) + 1)]
    titles = [path.read_text(encoding="utf-8").split(" ", 2)[1] for path in DECISIONS]
    assert titles == [number for number, _ in listed]


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: str(path.name[:4]))
def test_what_enforces_a_decision_exists(decision: Path) -> None:
    """A test without a folder stands beside the one named before it."""
    told = decision.read_text(encoding="utf-8").partition("**Enforced by")[2]
    folder, absent = ROOT, []
    for name in re.findall(r"`((?:tests|bench|docs)/[^`]+|[^`/ ]+\.py)`", told):
        place = ROOT / name if "/" in name else folder / name
        folder = place.parent
        absent += [] if list(place.parent.glob(place.name)) else [name]
    assert (told != "", absent) == (True, [])


# Modes whose papers are there while their chart is still to be drawn.
PAPERS_FIRST: frozenset[str] = frozenset()


def test_one_slug_in_every_place() -> None:
    """docs/adding-a-mode.md lists the places."""
    drawn = set(states.catalog.MODES)
    papers = drawn | PAPERS_FIRST
    assert {mode.slug for mode in states.catalog.MODES.values()} == drawn
    assert {mode.chart.mode for mode in states.catalog.MODES.values()} == drawn
    assert set(contracts.modes.MODES) == papers
    assert {mode.slug for mode in contracts.modes.MODES.values()} == papers
    assert {slug for slug in drawn if (ROOT / "states" / f"{slug}.py").exists()} == drawn
    assert {slug for slug in papers if (ROOT / "contracts" / f"{slug}.py").exists()} == papers
    assert {slug for slug in drawn if (ROOT / "tests" / "modes" / f"test_{slug}.py").exists()} == drawn
    assert {slug for slug in drawn if (ROOT / "docs" / "modes" / f"{slug}.md").exists()} == drawn
    shared = {folder for mode in contracts.modes.MODES.values() for folder in mode.folders}
    folders = {path.name for path in (ROOT / "templates" / "contracts").iterdir() if path.is_dir()}
    assert folders == papers | shared | {"agreements", "annexes", "tables"}


def test_open_ends_name_where_they_are_followed_up() -> None:
    mark = "TO" + "DO"
    loose = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in TRACKED
        if path.suffix in CODE and "vendor" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if mark in line and "https://" not in line
    ]
    assert loose == []


def test_nothing_is_left_unfinished() -> None:
    """No function only says that it is not there yet."""
    unfinished = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise) and "NotImplemented" in ast.dump(node)
    ]
    assert unfinished == []


def test_own_code_is_never_replaced_in_tests() -> None:
    """No mocks: neither the module, nor setattr on somebody else's object."""
    banned = ("unittest." + "mock", "monkeypatch." + "setattr", "mocker" + ".")
    found = [
        str(path.relative_to(ROOT))
        for path in PYTHON
        if (ROOT / "tests") in path.parents
        and any(word in path.read_text(encoding="utf-8") for word in banned)
    ]
    assert found == []
