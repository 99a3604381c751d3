"""Papers are sealed when they are made: the key stays private, the token finds its paper, an altered file is called out."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from cases.errors import Conflict
from cases.known_papers import recognized, vouched
from cases.papers import document_of, render_document, request_document
from cases.seals import keys_of, public_pem, seal_of
from cases.settings import Settings
from cases.trail import entries, verify
from contracts.pdf import Renderer
from contracts.seal.paper_checker import check, inside, read_key, read_token
from tests.modes.story import walk
from tests.stored import place
from tests.world import NOW, World, settle

KIND = "publicity_notice"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def _settings(home: Path) -> Settings:
    return Settings(home=home, database_url="", public_url="https://tto.example.edu.cn")


def made(world: World, case_id: int, home: Path, renderer: Renderer, kind: str = KIND) -> bytes:
    """Make a new version of a paper and return its bytes."""
    settings = _settings(home)
    document_id = request_document(world.db, world.person("officer"), case_id, kind, now=NOW)
    render_document(world.db, settings, renderer, document_id, NOW)
    with world.db.read() as session:
        view = document_of(session, world.org_id, document_id)
    return place(settings, view.sha256).read_bytes()


@pytest.fixture
def case_id(world: World) -> int:
    number = world.case()
    list(walk(world, number, until="agree_price"))
    return number


def test_key_is_made_once_and_stays_private(any_world: World, tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    first = seal_of(any_world.db, settings, any_world.org_id, now=NOW)
    assert seal_of(any_world.db, settings, any_world.org_id).public_key == first.public_key
    with any_world.db.read() as session:
        (key,) = keys_of(session, any_world.org_id)
        told = entries(session, any_world.org_id, f"org:{any_world.org_id}")[-1]
        assert verify(session, any_world.org_id).breaks == ()
    (path,) = (tmp_path / "keys").iterdir()
    assert (path.name, stat.S_IMODE(path.stat().st_mode)) == (f"{key.key_id}.pem", 0o600)
    assert (told.verb, told.body["fingerprint"]) == ("institution_key_made", key.fingerprint)
    assert key.raw == first.public_key == read_key(public_pem(key))


def test_lost_key_is_followed_by_a_new_one_and_old_papers_stay_good(
    world: World, tmp_path: Path, case_id: int, renderer: Renderer
) -> None:
    token = inside(made(world, case_id, tmp_path, renderer)).token or ""
    for path in (tmp_path / "keys").iterdir():
        path.unlink()
    made(world, case_id, tmp_path, renderer)
    with world.db.read() as session:
        assert len(keys_of(session, world.org_id)) == 2
        assert vouched(session, token) is not None


def test_unreadable_key_is_an_error_and_never_a_new_key(world: World, tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    seal_of(world.db, settings, world.org_id)
    (path,) = (tmp_path / "keys").iterdir()
    path.write_text("nothing")
    with pytest.raises(Conflict, match="单位签章密钥文件无法读取"):
        seal_of(world.db, settings, world.org_id)


def test_token_tells_of_the_paper_and_whether_it_counts(
    world: World, tmp_path: Path, case_id: int, renderer: Renderer
) -> None:
    first = inside(made(world, case_id, tmp_path, renderer)).token or ""
    assert first.startswith("https://tto.example.edu.cn/v/")
    with world.db.read() as session:
        paper = vouched(session, first)
    assert paper is not None
    assert (paper.institution, paper.number, paper.version, paper.standing) == (
        "沧澜理工大学", "ZH2026-00001", 1, "current",
    )  # fmt: skip
    made(world, case_id, tmp_path, renderer)
    with world.db.read() as session:
        again = vouched(session, first)
        assert again is not None
        assert again.standing == "superseded"
        assert vouched(session, "nonsense") is None
        assert vouched(session, first[:-6] + "AAAAAA") is None


def test_file_is_recognized_to_the_byte(
    world: World, tmp_path: Path, case_id: int, renderer: Renderer
) -> None:
    data = made(world, case_id, tmp_path, renderer)
    strangers = settle(world.db, "远山农业大学", "far-")
    with world.db.read() as session:
        same = recognized(session, world.org_id, data)
        other = recognized(session, world.org_id, data + b"\n")
        unknown = recognized(session, world.org_id, b"%PDF-1.7 something else")
        theirs = recognized(session, strangers.org_id, data)
    assert (same.answer, same.case_no, same.version, same.differences) == ("same", "ZH2026-00001", 1, ())
    assert (other.answer, other.expected, len(other.differences)) == ("differs", same.sha256, 1)
    assert "至少有一个字节不一致" in other.differences[0][0]
    assert (unknown.answer, theirs.answer) == ("unknown", "unknown")


def test_contract_altered_on_its_page_names_the_words(
    world: World, tmp_path: Path, case_id: int, renderer: Renderer
) -> None:
    data = made(world, case_id, tmp_path, renderer, "contract")
    token = inside(data).token or ""
    with world.db.read() as session:
        (key,) = keys_of(session, world.org_id)
    assert check(data, key.raw).ok
    claim, _ = read_token(token)
    assert (claim.kind, claim.draft) == ("contract", True)
    assert claim.day is None or claim.day - NOW.date() < timedelta(3650)
