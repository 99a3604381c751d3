"""What the administrator may set, read once from the environment (`PANHUO_*`)."""

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from cases.channel_settings import channel_settings
from cases.engine_place import LOOPBACK, EnginePlace, check_engine
from cases.file_place import FilePlace, check_place, open_files
from cases.files import Files
from cases.watching import Watching, watching_of

SHANGHAI = ZoneInfo("Asia/Shanghai")  # where legal days begin and end
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Settings of one process.

    `home` holds everything that is not code: the database, files, fonts, logs and Prefect's own database.
    No address outside this machine is contacted unless one is set here. `renderers` is how many processes make
    documents at once, each of up to 350 MB; `render_seconds` is what one document may take.
    """

    home: Path
    database_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    prefect_port: int = 4200
    public_url: str = ""
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_starttls: bool = False
    smtp_from: str = ""
    smtp_tls: bool = False
    smtp_ca: str = ""
    bounce_address: str = ""
    bounce_host: str = ""
    bounce_port: int = 993
    bounce_user: str = ""
    bounce_password: str = field(default="", repr=False)
    bounce_folder: str = "INBOX"
    bounce_tls: bool = True
    allow_local_webhooks: bool = False
    secure_cookies: bool = False
    sign_certificate: str = ""
    sign_password: str = field(default="", repr=False)
    sign_authority: str = ""
    sign_trust: str = ""
    renderers: int = 2
    render_seconds: int = 60
    layers: tuple[str, ...] = ("national", "house")
    proxies: str = "127.0.0.1"
    shared: Path | None = None
    file_place: FilePlace | None = None
    engine: EnginePlace = EnginePlace()
    watching: Watching | None = None

    @property
    def own(self) -> Path:
        """The folder of what the institution keeps beside the record: keys, rule packs, house templates, mappings.

        It is the home, or on several hosts one folder that they share.
        """
        return self.shared or self.home

    @property
    def place_of_files(self) -> FilePlace:
        """Where the file store lies: the folder `files` of the home, unless another place is set."""
        return self.file_place or FilePlace(str(self.own / "files"), self.home / "cache" / "files")

    @cached_property
    def files(self) -> Files:
        """The file store."""
        return open_files(self.place_of_files)

    @property
    def watched(self) -> Watching:
        """How the installation is watched and kept."""
        return self.watching or Watching(self.home / "backups")

    @property
    def backups(self) -> Path:
        """The folder of backups."""
        return self.watched.backups

    @property
    def fonts(self) -> Path:
        """The folder of the product's own fonts."""
        return self.home / "fonts"

    @property
    def base_url(self) -> str:
        """The address people reach the desk under."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the settings.

        Raises: ValueError naming the variable whose value is not usable.
        """
        home = Path(os.environ.get("PANHUO_HOME", str(ROOT / "var"))).resolve()
        database_url = _secret("PANHUO_DATABASE_URL") or f"sqlite:///{home / 'panhuo.db'}"
        return cls(
            home=home,
            database_url=database_url,
            host=os.environ.get("PANHUO_HOST", "127.0.0.1"),
            port=_number("PANHUO_PORT", 8000),
            prefect_port=_number("PANHUO_PREFECT_PORT", 4200),
            public_url=os.environ.get("PANHUO_PUBLIC_URL", "").rstrip("/"),
            **channel_settings(os.environ, _secret),
            secure_cookies=_yes("PANHUO_SECURE_COOKIES"),
            sign_certificate=os.environ.get("PANHUO_SIGN_CERTIFICATE", ""),
            sign_password=_secret("PANHUO_SIGN_PASSWORD"),
            sign_authority=os.environ.get("PANHUO_SIGN_TSA", ""),
            sign_trust=os.environ.get("PANHUO_SIGN_TRUST", ""),
            renderers=max(1, _number("PANHUO_RENDERERS", min(2, os.cpu_count() or 1))),
            render_seconds=max(1, _number("PANHUO_RENDER_SECONDS", 60)),
            proxies=os.environ.get("PANHUO_PROXIES", "") or "127.0.0.1",
            shared=_shared(),
            file_place=_file_place(home),
            engine=_engine(database_url),
            watching=watching_of(home, _secret("PANHUO_METRICS_TOKEN")),
        )


def _engine(record_url: str) -> EnginePlace:
    return check_engine(
        EnginePlace(
            os.environ.get("PANHUO_PREFECT_HOST", "") or LOOPBACK,
            os.environ.get("PANHUO_PREFECT_API_URL", ""),
            _secret("PANHUO_PREFECT_PASSWORD"),
            _secret("PANHUO_PREFECT_DATABASE_URL"),
            _secret("PANHUO_PREFECT_REDIS_URL"),
        ),
        record_url,
    )


def _shared() -> Path | None:
    told = os.environ.get("PANHUO_SHARED", "")
    if told and not Path(told).is_dir():
        raise ValueError(f"PANHUO_SHARED={told!r} 不是目录。请先挂载或建立各台机器共用的目录")
    return Path(told).resolve() if told else None


def _file_place(home: Path) -> FilePlace:
    return check_place(
        FilePlace(
            os.environ.get("PANHUO_FILES", "") or str((_shared() or home) / "files"),
            home / "cache" / "files",
            os.environ.get("PANHUO_FILES_ENDPOINT", "").rstrip("/"),
            os.environ.get("PANHUO_FILES_REGION", ""),
            os.environ.get("PANHUO_FILES_KEY", ""),
            _secret("PANHUO_FILES_SECRET"),
            max(64, _number("PANHUO_FILES_CACHE_MB", 1024)),
        )
    )


def _secret(name: str) -> str:
    """Return a secret: the variable itself, or the first line of the file that `<name>_FILE` names.

    Raises: ValueError if the file cannot be read.
    """
    file = os.environ.get(f"{name}_FILE", "")
    if not file or os.environ.get(name):
        return os.environ.get(name, "")
    try:
        return Path(file).read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}_FILE={file!r} 无法读取：{error}") from error


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    if not value.isdigit():
        raise ValueError(f"{name} must be a number, not {value!r}")
    return int(value)


def _yes(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}
