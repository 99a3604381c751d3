"""Files of a case: kept once, told by the trail, seen by the case's own institution only, and never changed."""

from hashlib import sha256
from pathlib import Path

import pytest

from cases.case_files import CaseFileView, Kept, file_bytes, file_of, files_of, keep_file
from cases.db import Database
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.file_kinds import KINDS
from cases.files import FolderFiles
from cases.settings import Settings
from cases.trail import entries, verify
from tests.cases import uploads
from tests.modes.acting import act
from tests.stored import place
from tests.world import NOW, World, settle

SCAN = uploads.pdf(text="signed")


def keep(
    world: World, case_id: int, home: Path, data: bytes = SCAN, role: str = "officer", **given: str
) -> Kept:
    settings = Settings(home=home, database_url="")
    chosen = {"kind": "signed_contract", "filename": "合同.pdf", **given}
    return keep_file(world.db, settings, world.person(role), case_id, data=data, now=NOW, **chosen)


def listed(db: Database, org_id: int, case_id: int) -> tuple[CaseFileView, ...]:
    with db.read() as session:
        return files_of(session, org_id, case_id)


def test_file_is_kept_under_its_hash_and_the_trail_tells_it(any_world: World, tmp_path: Path) -> None:
    case_id = any_world.case()
    kept = keep(any_world, case_id, tmp_path, note="双方盖章").file
    digest = sha256(SCAN).hexdigest()
    assert (kept.filename, kept.media_type, kept.sha256, kept.size) == (
        "合同.pdf", "application/pdf", digest, len(SCAN),
    )  # fmt: skip
    assert (kept.uploaded_by, kept.uploaded_at, kept.note) == ("林知远", NOW, "双方盖章")
    assert FolderFiles(tmp_path / "files").path(digest).read_bytes() == SCAN
    with any_world.db.read() as session:
        told = entries(session, any_world.org_id, f"case:{case_id}")[-1]
        assert verify(session, any_world.org_id).breaks == ()
    assert (told.verb, told.body["payload"]["sha256"], told.body["payload"]["id"]) == (
        "file_attached", digest, kept.id,
    )  # fmt: skip
    assert told.body["from"] == told.body["to"]
    assert told.body["facts"]["files"]["list"] == [
        {"filename": "合同.pdf", "id": kept.id, "kind": "signed_contract", "media_type": "application/pdf",
         "sha256": digest, "size": len(SCAN)},
    ]  # fmt: skip


def test_same_file_twice_is_one(world: World, tmp_path: Path) -> None:
    case_id = world.case()
    first = keep(world, case_id, tmp_path)
    again = keep(world, case_id, tmp_path, filename="又一次.pdf")
    assert (first.again, again.again, again.file) == (False, True, first.file)
    assert listed(world.db, world.org_id, case_id) == (first.file,)


def test_one_more_byte_is_another_file(world: World, tmp_path: Path) -> None:
    case_id = world.case()
    first = keep(world, case_id, tmp_path).file
    second = keep(world, case_id, tmp_path, SCAN + b"\n").file
    assert [file.id for file in listed(world.db, world.org_id, case_id)] == [second.id, first.id]
    assert first.sha256 != second.sha256


def test_a_case_with_files_goes_on(world: World, tmp_path: Path) -> None:
    case_id = world.case()
    keep(world, case_id, tmp_path)
    act(world, case_id, "clear_title", 1, checked_on="2026-03-03", evidence="登记簿副本")
    keep(world, case_id, tmp_path, SCAN + b"\n")
    with world.db.read() as session:
        assert verify(session, world.org_id).breaks == ()


def test_other_institution_finds_nothing(world: World, tmp_path: Path) -> None:
    case_id = world.case()
    kept = keep(world, case_id, tmp_path).file
    strangers = settle(world.db, "远山农业大学", "far-")
    with pytest.raises(NotFound):
        keep(strangers, case_id, tmp_path)
    with pytest.raises(NotFound):
        listed(world.db, strangers.org_id, case_id)
    with world.db.read() as session, pytest.raises(NotFound):
        file_of(session, strangers.org_id, case_id, kept.id)
    with world.db.read() as session, pytest.raises(NotFound):
        file_of(session, world.org_id, world.case(), kept.id)


@pytest.mark.parametrize(("role", "kind", "may"), [
    ("officer", "signed_contract", True), ("administrator", "e_signed", True), ("finance", "evidence", True),
    ("approver", "other", True), ("finance", "signed_contract", False), ("approver", "counter_draft", False),
    ("readonly", "evidence", False), ("readonly", "other", False),
])  # fmt: skip
def test_roles_add_their_kinds(world: World, tmp_path: Path, role: str, kind: str, may: bool) -> None:
    case_id = world.case()
    if may:
        assert keep(world, case_id, tmp_path, role=role, kind=kind).file.kind == kind
        return
    with pytest.raises(Forbidden):
        keep(world, case_id, tmp_path, role=role, kind=kind)
    assert listed(world.db, world.org_id, case_id) == ()


@pytest.mark.parametrize(("kind", "name", "data", "reason"), [
    ("secret", "合同.pdf", SCAN, "没有名为“secret”的附件类型"),
    ("signed_contract", "合同.pdf", b"", "文件是空的"),
    ("signed_contract", "合同.docx", uploads.word(), "此处只接受PDF、PNG、JPEG、TIFF"),
    ("counter_draft", "合同.pdf", SCAN, "此处只接受Word（.docx）"),
    ("authorization", "委托书.pdf", b"%PDF-" + b"0" * (20 << 20), "超过20 MB"),
])  # fmt: skip
def test_refused_file_leaves_nothing(
    world: World, tmp_path: Path, kind: str, name: str, data: bytes, reason: str
) -> None:
    case_id = world.case()
    with pytest.raises(Invalid, match=reason):
        keep(world, case_id, tmp_path, data, kind=kind, filename=name)
    assert listed(world.db, world.org_id, case_id) == ()
    assert not (tmp_path / "files").exists()


def test_ended_case_takes_no_more(world: World, tmp_path: Path) -> None:
    case_id = world.case()
    act(world, case_id, "withdraw", 1, reason="不再转化")
    with pytest.raises(Conflict, match="案件已经结束"):
        keep(world, case_id, tmp_path)


def test_altered_bytes_are_called_out(world: World, tmp_path: Path) -> None:
    kept = keep(world, world.case(), tmp_path).file
    settings = Settings(home=tmp_path, database_url="")
    assert file_bytes(settings, kept) == SCAN
    place(settings, kept.sha256).write_bytes(SCAN[:-1] + b"x")
    with pytest.raises(Conflict, match="“合同.pdf”在文件库中的内容与登记的校验值不符"):
        file_bytes(settings, kept)
    place(settings, kept.sha256).unlink()
    with pytest.raises(NotFound, match="文件缺失"):
        file_bytes(settings, kept)


def test_limits_stay_within_what_the_desk_takes() -> None:
    assert max(kind.limit for kind in KINDS.values()) == 50 << 20
