"""No space left, or a disk that can only be read: actions are refused in plain words, nothing is half done."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.durability.findings import half_files, rows
from cases.db import Database
from cases.trail import verify
from desk.web.app import create_app
from tests.api.conftest import Api, api_over
from tests.cases.uploads import pdf
from tests.desk.conftest import Browser
from tests.durability.disks import SmallDisk, small_disk
from tests.world import World, settle

STEP = {"payload": {"checked_on": "2026-03-01", "evidence": "副本"}, "expected_version": 1}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 8) as mounted:
        yield mounted


@pytest.fixture
def api(disk: SmallDisk, migrated: Path) -> Iterator[Api]:
    """The API over a record and a file store on the small disk."""
    shutil.copy(migrated, disk.folder / "panhuo.db")
    db = Database(f"sqlite:///{disk.folder / 'panhuo.db'}")
    yield api_over(settle(db), disk.folder)
    db.dispose()


def upload(api: Api, case_id: int, data: bytes) -> tuple[int, str]:
    files = {"file": ("凭证.pdf", data, "application/pdf")}
    answer = api.client.post(
        f"/api/v1/cases/{case_id}/files", data={"kind": "evidence"}, files=files, headers=api.headers()
    )
    return answer.status_code, answer.json().get("detail", "")


def test_a_full_disk_refuses_and_goes_on_when_there_is_space(api: Api, disk: SmallDisk) -> None:
    case_id = api.world.case()
    path = f"/cases/{case_id}/steps/clear_title"
    disk.fill()
    refused = api.post(path, STEP, key="k-1")
    assert refused.status_code == 507
    assert "磁盘空间已满，本次操作没有生效" in refused.json()["detail"]
    assert refused.headers["retry-after"] == "30"
    status, told = upload(api, case_id, pdf(text="一"))
    assert (status, "磁盘空间" in told) == (503, True)
    assert api.get(f"/cases/{case_id}").json()["version"] == 1  # what is there can still be read
    disk.free()
    assert api.post(path, STEP, key="k-1").status_code == 200
    assert upload(api, case_id, pdf(text="一"))[0] == 201
    assert_whole(api.world, disk)


def test_a_page_says_that_the_disk_is_full(api: Api, disk: SmallDisk) -> None:
    guest = Browser(create_app(api.settings, api.world.db))
    form = guest.get("/sign-in").text
    token = form.split('name="csrf" value="')[1].split('"')[0]
    disk.fill()
    answer = guest.send(
        "POST", "/sign-in", data={"login": "officer", "password": "wrong-password", "csrf": token}
    )
    disk.free()
    assert answer.status_code == 507
    assert "磁盘空间不足" in answer.text
    assert "请联系管理员清理磁盘空间" in answer.text


def test_a_disk_that_can_only_be_read(api: Api, disk: SmallDisk) -> None:
    case_id = api.world.case()
    path = f"/cases/{case_id}/steps/clear_title"
    api.world.db.dispose()
    disk.close_to_writing(True)
    refused = api.post(path, STEP, key="k-1")
    disk.close_to_writing(False)
    assert refused.status_code == 503
    assert refused.json()["type"] == "urn:panhuo:problem:unavailable"
    assert api.post(path, STEP, key="k-1").status_code == 200
    assert_whole(api.world, disk)


def assert_whole(world: World, disk: SmallDisk) -> None:
    with world.db.read() as session:
        assert verify(session).breaks == ()
    assert rows(world.db, "PRAGMA integrity_check") == [("ok",)]
    assert rows(world.db, "SELECT version FROM conversion_case") in ([(2,)], [(3,)])
    assert half_files(disk.folder / "files") == []
