"""What the administrator may set, read once from the environment (`PANHUO_*`)."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

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
    secure_cookies: bool = False
    sign_certificate: str = ""
    sign_password: str = field(default="", repr=False)
    sign_authority: str = ""
    sign_trust: str = ""
    renderers: int = 2
    render_seconds: int = 60
    layers: tuple[str, ...] = ("national", "house")

    @property
    def files(self) -> Path:
        """The folder of the file store."""
        return self.home / "files"

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
        return cls(
            home=home,
            database_url=os.environ.get("PANHUO_DATABASE_URL", f"sqlite:///{home / 'panhuo.db'}"),
            host=os.environ.get("PANHUO_HOST", "127.0.0.1"),
            port=_number("PANHUO_PORT", 8000),
            prefect_port=_number("PANHUO_PREFECT_PORT", 4200),
            public_url=os.environ.get("PANHUO_PUBLIC_URL", "").rstrip("/"),
            smtp_host=os.environ.get("PANHUO_SMTP_HOST", ""),
            smtp_port=_number("PANHUO_SMTP_PORT", 25),
            smtp_user=os.environ.get("PANHUO_SMTP_USER", ""),
            smtp_password=os.environ.get("PANHUO_SMTP_PASSWORD", ""),
            smtp_starttls=_yes("PANHUO_SMTP_STARTTLS"),
            smtp_from=os.environ.get("PANHUO_SMTP_FROM", ""),
            secure_cookies=_yes("PANHUO_SECURE_COOKIES"),
            sign_certificate=os.environ.get("PANHUO_SIGN_CERTIFICATE", ""),
            sign_password=os.environ.get("PANHUO_SIGN_PASSWORD", ""),
            sign_authority=os.environ.get("PANHUO_SIGN_TSA", ""),
            sign_trust=os.environ.get("PANHUO_SIGN_TRUST", ""),
            renderers=max(1, _number("PANHUO_RENDERERS", min(2, os.cpu_count() or 1))),
            render_seconds=max(1, _number("PANHUO_RENDER_SECONDS", 60)),
        )


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if not value:
        return default
    if not value.isdigit():
        raise ValueError(f"{name} must be a number, not {value!r}")
    return int(value)


def _yes(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}
