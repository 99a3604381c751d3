"""Settings of several hosts, as the environment gives them."""

from pathlib import Path

import pytest

from cases.files import FolderFiles
from cases.object_files import ObjectFiles
from cases.settings import Settings
from flows.environment import prefect_environment


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    return tmp_path


def test_files_lie_in_the_home_unless_another_place_is_set(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Settings.from_environment().files
    monkeypatch.setenv("PANHUO_FILES", str(home / "share"))
    there = Settings.from_environment().files
    assert isinstance(here, FolderFiles)
    assert isinstance(there, FolderFiles)
    assert (here.folder, there.folder) == (home / "files", home / "share")


def test_a_secret_may_stand_in_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "secret").write_text("hush\n")
    monkeypatch.setenv("PANHUO_FILES", "s3://bucket/panhuo")
    monkeypatch.setenv("PANHUO_FILES_KEY", "key")
    monkeypatch.setenv("PANHUO_FILES_SECRET_FILE", str(home / "secret"))
    files = Settings.from_environment().files
    assert isinstance(files, ObjectFiles)
    assert (files.bucket.name, files.bucket.prefix, files.bucket.secret) == ("bucket", "panhuo", "hush")
    assert "hush" not in repr(Settings.from_environment())
    monkeypatch.setenv("PANHUO_FILES_SECRET_FILE", str(home / "nowhere"))
    with pytest.raises(ValueError, match="PANHUO_FILES_SECRET_FILE=.*无法读取"):
        Settings.from_environment()


def test_a_server_elsewhere_is_asked_with_the_shared_password(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANHUO_PREFECT_API_URL", "https://prefect.example.cn/api/")
    monkeypatch.setenv("PANHUO_PREFECT_PASSWORD", "hush")
    told = prefect_environment(Settings.from_environment())
    assert told["PREFECT_API_URL"] == "https://prefect.example.cn/api"
    assert told["PREFECT_API_AUTH_STRING"] == "panhuo:hush"


def test_redis_joins_several_servers(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANHUO_DATABASE_URL", "postgresql://u@h/panhuo")
    monkeypatch.setenv("PANHUO_PREFECT_DATABASE_URL", "panhuo_prefect")
    assert "PREFECT_SERVER_DOCKET_URL" not in prefect_environment(Settings.from_environment())
    monkeypatch.setenv("PANHUO_PREFECT_REDIS_URL", "redis://h:6379/0")
    told = prefect_environment(Settings.from_environment())
    assert told["PREFECT_API_DATABASE_CONNECTION_URL"] == "postgresql+asyncpg://u@h/panhuo_prefect"
    assert told["PREFECT_SERVER_DOCKET_URL"] == told["PREFECT_REDIS_MESSAGING_URL"] == "redis://h:6379/0"
    assert told["PREFECT_SERVER_EVENTS_MESSAGING_BROKER"] == "prefect_redis.messaging"


def test_hosts_that_share_a_folder_share_keys_and_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANHUO_SHARED", str(home / "share"))
    with pytest.raises(ValueError, match="PANHUO_SHARED=.*不是目录"):
        Settings.from_environment()
    (home / "share").mkdir()
    settings = Settings.from_environment()
    assert isinstance(settings.files, FolderFiles)
    assert (settings.own, settings.files.folder) == (home / "share", home / "share" / "files")
    assert settings.fonts == home / "fonts"
