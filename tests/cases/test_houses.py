"""An institution's own templates: chosen, pinned by its contracts, told when they break."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from cases.case_view import case_view
from cases.contract_numbers import WAYS, next_contract_number
from cases.db import cursor_of
from cases.errors import Forbidden, Invalid, NotFound
from cases.houses import choices, houses_folder, save_house
from contracts.articles import articles, plain_text
from contracts.documents import build_job, content_hash
from contracts.fonts.build import default_folder
from contracts.modes import MODES
from desk.answers.house import begin_house, faults_in
from tests.modes.acting import act
from tests.modes.story import walk_to
from tests.world import NOW, World

NOTICE = "本单位约定：一切通知以纸质送达为准。"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation with one house, whose notices are its own and whose contracts are numbered."""
    (tmp_path / "fonts").symlink_to(default_folder())
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    folder = tmp_path / "houses" / "canglan"
    begin_house(folder)
    text = folder / "general" / "notice.txt"
    text.write_text(f"{text.read_text(encoding='utf-8').rstrip()}\n\n{NOTICE}\n", encoding="utf-8")
    settings = folder / "house.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('# contract = "XX', 'contract = "CL'), encoding="utf-8"
    )
    yield folder


def choose(world: World, name: str) -> None:
    save_house(world.db, world.person("administrator"), name, faults_in, NOW)


def text_of(world: World, case_id: int) -> str:
    with world.db.read() as session:
        return plain_text(articles(case_view(world.db, session, world.org_id, case_id, draft=True)))


def test_a_new_folder_can_be_used_as_it_is(home: Path) -> None:
    assert faults_in(home) == ()
    assert [(one.name, one.fault) for one in choices()] == [("canglan", "")]


def test_a_chosen_house_words_new_contracts_and_leaves_running_ones(any_world: World, home: Path) -> None:
    before = any_world.case()
    walk_to(any_world, before, "start_drafting")
    choose(any_world, "canglan")
    after = any_world.case()
    walk_to(any_world, after, "start_drafting")
    assert (NOTICE in text_of(any_world, before), NOTICE in text_of(any_world, after)) == (False, True)
    choose(any_world, "")
    assert NOTICE in text_of(any_world, after)


def test_the_look_goes_into_the_hash_of_a_paper(world: World, home: Path) -> None:
    case_id = world.case()
    walk_to(world, case_id, "start_drafting")

    def hashed() -> str:
        with world.db.read() as session:
            return content_hash("contract", case_view(world.db, session, world.org_id, case_id, draft=True))

    plain = hashed()
    choose(world, "canglan")
    chosen = hashed()
    settings = home / "house.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("# line_percent = 162", "line_percent = 180"),
        encoding="utf-8",
    )
    assert len({plain, chosen, hashed()}) == 3


def test_only_an_administrator_chooses(world: World, home: Path) -> None:
    with pytest.raises(Forbidden):
        save_house(world.db, world.person("officer"), "canglan", faults_in, NOW)


def test_a_faulty_folder_is_not_chosen_and_says_where(world: World, home: Path) -> None:
    (home / "general" / "notice.txt").write_text("通知。\n{{ t.nothing }}", encoding="utf-8")
    with pytest.raises(Invalid) as caught:
        choose(world, "canglan")
    assert caught.value.fields == {"house": "general/notice.txt:2: 没有名为“nothing”的内容。"}
    with world.db.read() as session:
        assert cursor_of(session, world.db.postgres).one("SELECT house FROM organization")[0] == ""


@pytest.mark.parametrize("name", ["nowhere", "../canglan", "canglan/general"])
def test_a_folder_that_is_not_there_is_not_found(world: World, home: Path, name: str) -> None:
    with pytest.raises(NotFound):
        choose(world, name)


def test_a_house_that_breaks_later_stops_papers_with_file_and_line(world: World, home: Path) -> None:
    choose(world, "canglan")
    case_id = world.case()
    walk_to(world, case_id, "start_drafting")
    (home / "house.toml").write_text("[house]\ntitle = 1\n", encoding="utf-8")
    with world.db.read() as session, pytest.raises(Invalid, match=r"house.toml:2: house.title"):
        case_view(world.db, session, world.org_id, case_id, draft=True)


def test_the_next_number_follows_the_highest_of_mode_and_year(world: World, home: Path) -> None:
    def suggested() -> str:
        with world.db.read() as session:
            cur = cursor_of(session, world.db.postgres)
            return next_contract_number(cur, world.org_id, "exclusive_license", 2026, "PH-2026-0001")

    assert suggested() == ""
    choose(world, "canglan")
    assert suggested() == "CL-DZ-2026-001"
    case_id = world.case()
    walk_to(world, case_id, "approve")
    act(world, case_id, "start_drafting", 26, contract_no="CL-DZ-2026-041")
    assert suggested() == "CL-DZ-2026-042"


def test_every_mode_has_a_sign_of_its_own() -> None:
    assert set(WAYS) == set(MODES)
    assert len(set(WAYS.values())) == len(WAYS)


def test_the_logo_is_handed_to_the_renderer(world: World, home: Path) -> None:
    Image.new("RGB", (60, 30), "navy").save(home / "logo.png")
    settings = home / "house.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("# logo", "logo"), encoding="utf-8")
    choose(world, "canglan")
    case_id = world.case()
    walk_to(world, case_id, "start_drafting")
    with world.db.read() as session:
        job = build_job("contract", case_view(world.db, session, world.org_id, case_id, draft=True))
    assert job.assets == {"house-logo": (home / "logo.png").read_bytes()}
    assert "asset:house-logo" in job.html
    assert houses_folder() == home.parent
