"""The file store, on a folder and on a simulation of S3 over real HTTP (moto): the same promises on both."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random

import obstore
import pytest

from cases.file_cache import FileCache
from cases.file_place import FilePlace, check_place, open_files
from cases.files import Damaged, Files, FolderFiles, StoreDown
from cases.object_files import ObjectFiles
from tests.buckets import new_bucket, simulated_s3

SCAN = b"%PDF-1.7 scan"
DIGEST = sha256(SCAN).hexdigest()
NOT_THERE = "0" * 64


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """One simulated service for this module; each test has a bucket of its own."""
    with simulated_s3() as address:
        yield address


@pytest.fixture
def bucket(endpoint: str, tmp_path: Path) -> FilePlace:
    return new_bucket(endpoint, tmp_path / "cache")


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    place = FilePlace(str(tmp_path / "files"), tmp_path / "cache")
    return open_files(place if request.param == "folder" else request.getfixturevalue("bucket"))


def spoil(files: Files, digest: str, data: bytes) -> None:
    """Put other bytes under a name, as a broken disk or a careless hand would."""
    if isinstance(files, FolderFiles):
        files.path(digest).write_bytes(data)
    else:
        assert isinstance(files, ObjectFiles)
        obstore.put(files._objects, f"{digest[:2]}/{digest}", data)


def test_what_is_stored_is_found_under_its_hash(files: Files) -> None:
    assert files.store(SCAN) == files.store(SCAN) == DIGEST
    assert (files.fetch(DIGEST), files.local(DIGEST).read_bytes(), files.has(DIGEST)) == (SCAN, SCAN, True)
    assert list(files.names()) == [DIGEST]


def test_what_is_not_there_is_told_as_missing(files: Files) -> None:
    assert not files.has(NOT_THERE)
    for ask in (files.fetch, files.local, files.check):
        with pytest.raises(FileNotFoundError):
            ask(NOT_THERE)


def test_bytes_that_were_changed_are_never_handed_out(files: Files) -> None:
    files.store(SCAN)
    spoil(files, DIGEST, b"%PDF-1.7 scam")
    for ask in (files.fetch, files.local, files.check):
        with pytest.raises(Damaged):
            ask(DIGEST)


def test_storing_again_mends_what_was_cut_off(files: Files) -> None:
    files.store(SCAN)
    spoil(files, DIGEST, SCAN[:5])
    files.store(SCAN)
    assert files.fetch(DIGEST) == SCAN


def test_a_large_file_goes_in_and_out_as_a_stream(files: Files, tmp_path: Path) -> None:
    data = Random(7).randbytes(17 << 20)  # noqa: S311  no secret
    source = tmp_path / "list.xlsx"
    source.write_bytes(data)
    digest = files.store_file(source)
    assert digest == files.store_file(source) == sha256(data).hexdigest()
    assert files.local(digest).stat().st_size == len(data)
    assert source.exists()


def test_many_who_store_the_same_at_once_agree(files: Files) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: files.store(SCAN), range(24)))
    assert set(found) == {DIGEST}
    assert files.fetch(DIGEST) == SCAN


def test_an_area_beside_the_files_is_no_part_of_them(files: Files) -> None:
    uploads = files.within("uploads")
    uploads.store(SCAN)
    assert (list(files.names()), list(uploads.names())) == ([], [DIGEST])
    uploads.drop(DIGEST)
    uploads.drop(DIGEST)
    assert list(uploads.names()) == []


def test_a_folder_keeps_no_leftovers(tmp_path: Path) -> None:
    store = FolderFiles(tmp_path / "files")
    store.store(SCAN)
    source = tmp_path / "source"
    source.write_bytes(SCAN)
    store.store_file(source)
    assert [path for path in store.folder.rglob("*") if path.is_file()] == [store.path(DIGEST)]


def test_a_folder_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file where the share should be")
    with pytest.raises(StoreDown, match="文件目录.*暂时不能读写"):
        FolderFiles(tmp_path / "files").store(SCAN)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", DIGEST.upper(), DIGEST[:-1]])
def test_a_name_that_is_no_hash_reaches_no_store(files: Files, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        files.local(name)


def test_a_service_that_is_down_is_told_from_a_missing_file(tmp_path: Path) -> None:
    with simulated_s3() as address:
        store = open_files(new_bucket(address, tmp_path / "cache"))
        store.store(SCAN)
        read = store.local(DIGEST)
    for ask in (store.has, store.check):
        with pytest.raises(StoreDown, match="暂时不能访问：连接不上"):
            ask(DIGEST)
    with pytest.raises(StoreDown, match="文件不会丢失，稍后自动重试"):
        store.store(b"another")
    assert store.local(DIGEST) == read  # what has been read once is still at hand


def test_a_bucket_that_is_not_there_is_told_from_a_missing_file(bucket: FilePlace) -> None:
    store = open_files(replace(bucket, address="s3://panhuo-no-such/files"))
    with pytest.raises(StoreDown, match="没有存储桶“panhuo-no-such”"):
        store.fetch(DIGEST)


def test_a_spoiled_copy_in_the_cache_is_read_anew(bucket: FilePlace) -> None:
    store = open_files(bucket)
    store.store(SCAN)
    store.local(DIGEST).write_bytes(b"spoiled")
    assert store.fetch(DIGEST) == SCAN


def test_the_cache_throws_away_what_was_not_used_for_longest(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "cache", limit=250)
    old, young = (cache.fill(sha256(data).hexdigest(), [data]) for data in (b"o" * 200, b"y" * 200))
    used = young.stat().st_mtime
    cache.trim(used)
    assert (old.exists(), young.exists()) == (True, True)  # both may still be being read
    cache.trim(used + 3600)
    assert (old.exists(), young.exists()) == (False, True)


def test_two_desks_see_each_others_files_and_keep_their_own_caches(bucket: FilePlace, tmp_path: Path) -> None:
    here, there = open_files(bucket), open_files(replace(bucket, cache=tmp_path / "other"))
    here.store(SCAN)
    assert there.fetch(DIGEST) == SCAN
    assert there.local(DIGEST).is_relative_to(tmp_path / "other")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("https://example.cn/files", "应为目录或 s3://"),
        ("files", "应为绝对路径"),
        ("s3://", "没有写明存储桶"),
        ("s3://bucket", "还须设置 PANHUO_FILES_KEY、PANHUO_FILES_SECRET"),
    ],
)
def test_an_address_that_cannot_be_used_names_the_setting(address: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=told):
        check_place(FilePlace(address, tmp_path))


def test_an_endpoint_without_a_scheme_is_refused(bucket: FilePlace) -> None:
    with pytest.raises(ValueError, match="PANHUO_FILES_ENDPOINT 应以"):
        check_place(replace(bucket, endpoint="minio.example.cn"))
