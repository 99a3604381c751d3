"""The audit archive and its checker: intact it says so, and whatever byte is changed is found and named."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import audit_checker as checker
from cases.case_files import keep_file
from cases.companies import save_company
from cases.db import Database
from cases.errors import Forbidden, NotFound
from cases.settings import Settings
from cases.tables import Document
from cases.trail import canonical
from exchange.audit import export_audit
from tests.cases import uploads
from tests.cases.dump import execute, unlock_trail
from tests.modes.story import walk_to
from tests.stored import place
from tests.world import NOW, World, settle

COMPANY = {"name": "某某公司", "uscc": "91440300708461136T"}


@dataclass(frozen=True)
class Office:
    """A world with two cases and a stored document, and where its archive lies."""

    world: World
    settings: Settings
    target: Path

    def export(self, **asked: object) -> Path:
        person = self.world.person("readonly")
        export_audit(self.world.db, self.settings, person, self.target, NOW, files=True, **asked)  # type: ignore[arg-type]
        return self.target


def _office(world: World, folder: Path) -> Office:
    office = Office(world, Settings(folder, str(world.db.url)), folder / "out" / "audit.zip")
    save_company(world.db, world.person("officer"), COMPANY)
    first, second = world.case(), world.case(title="另一件")
    walk_to(world, first, "submit_approval")
    walk_to(world, second, "clear_title")
    with world.db.write() as session:
        digest = office.settings.files.store(b"%PDF-1.7 contract")
        session.add(
            Document(
                case_id=first, org_id=world.org_id, kind="contract", version=9, title="合同", filename="合同.pdf",
                draft=False, status="ready", sha256=digest, requested_seq=2, requested_at=NOW,
            )
        )  # fmt: skip
    return office


@pytest.fixture
def office(any_world: World, tmp_path: Path) -> Office:
    return _office(any_world, tmp_path)


@pytest.fixture(scope="module")
def parts(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, bytes]]:
    """The members of one intact archive."""
    folder = tmp_path_factory.mktemp("audit")
    path = folder / "panhuo.db"
    path.write_bytes(migrated.read_bytes())
    db = Database(f"sqlite:///{path}", synchronous="OFF")
    with ZipFile(_office(settle(db), folder).export()) as archive:
        yield {name: archive.read(name) for name in archive.namelist()}
    db.dispose()


def _zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def _lines(report: checker.Report) -> list[str]:
    return [finding.line("en") for finding in report.findings]


def test_an_intact_archive_holds(office: Office) -> None:
    report = checker.check(office.export())
    assert _lines(report) == []
    assert (report.chains, report.cases, report.documents > 0, report.files) == (3, 2, True, 1)
    only = checker.check(office.export(case_id=2))
    assert (_lines(only), only.chains, only.cases, only.entries) == ([], 1, 1, 3)
    assert only.manifest["scope"] == "ZH2026-00002"


def test_the_checker_runs_alone(office: Office, tmp_path: Path) -> None:
    """No repository on the path: only what is in the archive, with `-I`."""
    alone = tmp_path / "alone"
    with ZipFile(office.export()) as archive:
        archive.extractall(alone)
    assert (alone / "check.py").read_bytes() == Path(checker.__file__).read_bytes()
    for arguments, text in (
        (["--lang", "zh"], "结论：记录完整"), ([str(office.target), "--lang", "en"], "Result: intact"), ([], "intact"),
    ):  # fmt: skip
        ran = _alone(alone, *arguments)
        assert (ran.returncode, ran.stderr, text in ran.stdout) == (0, "", True)
    digest = re.search(r"[0-9a-f]{64}", _alone(alone).stdout)
    assert digest is not None
    (alone / "files" / "x").write_bytes(b"auditors keep notes beside it")
    (alone / "trail.jsonl").write_bytes(
        (alone / "trail.jsonl").read_bytes().replace("林知远".encode(), "林远知".encode())
    )
    ran = _alone(alone, "--lang", "zh")
    assert ran.returncode == 1
    assert "trail.jsonl：与清单登记的哈希值不符，文件被改动" in ran.stdout
    assert "case:1 第1条：内容与哈希值不符，记录被改动" in ran.stdout


def _alone(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "check.py", *arguments], cwd=folder, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": "", "PATH": ""}, encoding="utf-8",
    )  # fmt: skip


def test_the_checker_needs_only_the_standard_library_of_python_3_9() -> None:
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"), feature_version=(3, 9))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        )
    }
    assert imported <= sys.stdlib_module_names


@settings(max_examples=150, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data())
def test_any_changed_byte_is_found_and_named(
    parts: dict[str, bytes], tmp_path: Path, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[name]) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != parts[name][at]))
    changed = parts[name][:at] + bytes([other]) + parts[name][at + 1 :]
    report = checker.check(_zipped(tmp_path / "changed.zip", {**parts, name: changed}))
    assert any(finding.place.split(":")[0] == name for finding in report.findings), (name, at, other)


@settings(max_examples=250, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data())
def test_any_changed_byte_of_an_entry_is_named_even_if_the_manifest_is_made_anew(
    parts: dict[str, bytes], tmp_path: Path, data: st.DataObject
) -> None:
    """The chain alone betrays it: the finding names the line that was changed."""
    trail = parts["trail.jsonl"]
    at = data.draw(st.integers(0, len(trail) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != trail[at]))
    changed = trail[:at] + bytes([other]) + trail[at + 1 :]
    report = checker.check(_zipped(tmp_path / "changed.zip", _resealed({**parts, "trail.jsonl": changed})))
    line = trail[:at].count(b"\n") + 1
    assert f"trail.jsonl:{line}" in [finding.place for finding in report.findings], (
        at,
        other,
        _lines(report),
    )


def _resealed(parts: dict[str, bytes]) -> dict[str, bytes]:
    manifest = json.loads(parts["manifest.json"])
    del manifest["seal"]
    manifest["parts"] = {name: sha256(parts[name]).hexdigest() for name in manifest["parts"]}
    seal = sha256(checker.plain(manifest).encode()).hexdigest()
    return {**parts, "manifest.json": (checker.plain({**manifest, "seal": seal}) + "\n").encode()}


@pytest.mark.parametrize(
    ("part", "old", "new", "expected"),
    [
        ("cases.jsonl", '"title":"另一件"', '"title":"第三件"',
         "cases.jsonl:2 case:2 entry 3: the stored case is not what the entries lead to: title (title)"),
        ("cases.jsonl", '"trail_seq":3', '"trail_seq":4', "trail.jsonl case:2 entry 4: the tail does not match the head"),
    ],
)  # fmt: skip
def test_changed_case_is_named(
    parts: dict[str, bytes], tmp_path: Path, part: str, old: str, new: str, expected: str
) -> None:
    changed = parts[part].replace(old.encode(), new.encode())
    assert changed != parts[part]
    path = _zipped(tmp_path / "changed.zip", _resealed({**parts, part: changed}))
    assert _lines(checker.check(path)) == [expected]


def test_missing_and_added_parts_are_named(parts: dict[str, bytes], tmp_path: Path) -> None:
    without = {name: data for name, data in parts.items() if name != "trail.jsonl"}
    report = checker.check(_zipped(tmp_path / "changed.zip", {**without, "more.txt": b"x"}))
    assert _lines(report)[:2] == [
        "trail.jsonl: the file is missing", "more.txt: the manifest does not know this file",
    ]  # fmt: skip
    assert checker.main([str(_zipped(tmp_path / "other.zip", {"a.txt": b""}))]) == 1
    (tmp_path / "no.zip").write_bytes(b"PK")
    assert checker.main([str(tmp_path / "no.zip")]) == 2


def test_file_put_in_afterwards_is_checked(parts: dict[str, bytes], tmp_path: Path) -> None:
    (name,) = (name for name in parts if name.startswith("files/"))
    manifest = json.loads(parts["manifest.json"])
    assert name in manifest["parts"]
    bare = {part: data for part, data in parts.items() if part != name}
    del manifest["parts"][name]
    bare = _resealed({**bare, "manifest.json": json.dumps(manifest).encode()})
    folder = tmp_path / "unpacked"
    with ZipFile(_zipped(tmp_path / "bare.zip", bare)) as archive:
        archive.extractall(folder)
    assert (_lines(checker.check(folder)), checker.check(folder).files) == ([], 0)
    (folder / "files").mkdir()
    (folder / name).write_bytes(parts[name])
    assert (_lines(checker.check(folder)), checker.check(folder).files) == ([], 1)
    (folder / name).write_bytes(b"another contract")
    assert [line.split(": ")[1] for line in _lines(checker.check(folder))] == [
        f"the file {name} does not match its hash"
    ]


def test_record_that_was_tampered_with_shows_in_the_archive(office: Office) -> None:
    unlock_trail(office.world.db)
    execute(
        office.world.db,
        "UPDATE trail SET body = replace(body, '林知远', '林远知') WHERE chain = 'case:2' AND seq = 2",
    )
    assert [line.partition(" ")[2] for line in _lines(checker.check(office.export()))] == [
        "case:2 entry 2: the body does not match its hash"
    ]


def test_missing_file_of_the_store_is_told(office: Office) -> None:
    digest = next(office.settings.files.names())
    place(office.settings, digest).write_bytes(b"damaged")
    person = office.world.person("administrator")
    report = export_audit(office.world.db, office.settings, person, office.target, NOW, files=True)
    assert (report.files, report.missing) == (0, (digest,))
    assert _lines(checker.check(office.target)) == []


def test_only_auditors_take_it_along_and_only_their_own(office: Office) -> None:
    for role in ("officer", "approver", "finance"):
        with pytest.raises(Forbidden):
            export_audit(office.world.db, office.settings, office.world.person(role), office.target, NOW)
    other = settle(office.world.db, "另一所大学", "other-")
    with pytest.raises(NotFound):
        export_audit(
            office.world.db, office.settings, other.person("readonly"), office.target, NOW, case_id=1
        )
    assert not office.target.exists()
    export_audit(office.world.db, office.settings, other.person("readonly"), office.target, NOW, files=True)
    with ZipFile(office.target) as archive:
        assert [archive.read(f"{part}.jsonl") for part in ("trail", "cases", "documents")] == [b"", b"", b""]
        assert sorted(archive.namelist()) == [
            "README.en.md", "README.zh.md", "cases.jsonl", "check.py", "documents.jsonl", "manifest.json", "trail.jsonl",
        ]  # fmt: skip


def test_checker_writes_the_canonical_text_of_the_record() -> None:
    value = {"b": '引"号\\\n\t\u0001', "a": [1, None, True, {"ü": "𬱖"}]}
    assert checker.plain(value) == canonical(value)


def test_uploaded_file_is_checked_against_the_trail(office: Office) -> None:
    scan = uploads.picture()
    kept = keep_file(
        office.world.db, office.settings, office.world.person("officer"), 1, kind="signed_contract", filename="扫描.png",
        data=scan, now=NOW,
    ).file  # fmt: skip
    folder = office.settings.home / "unpacked"
    with ZipFile(office.export()) as archive:
        assert archive.read(f"files/{kept.sha256}") == scan
        archive.extractall(folder)
    assert checker.check(office.target).findings == []
    other = b"\x00" + scan
    stored = folder / "files" / kept.sha256
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["parts"].pop(f"files/{kept.sha256}")
    manifest.pop("seal")
    seal = sha256(checker.plain(manifest).encode()).hexdigest()
    (folder / "manifest.json").write_text(checker.plain({**manifest, "seal": seal}) + "\n", "utf-8")
    assert checker.check(folder).findings == []
    stored.write_bytes(other)
    (finding,) = checker.check(folder).findings
    assert (finding.chain, finding.what[0]) == ("case:1", f"文件files/{kept.sha256}与登记的哈希值不符")
