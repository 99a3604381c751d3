"""Sets a machine up: system libraries, and the product's own fonts. Standard library only.

`python3 -m desk.provision system` runs before the virtual environment exists and installs what is missing by
apt (with sudo when not root), or names exactly what to install. `--tests` adds what only the tests need, a
Chromium among it. Safe to repeat: what is there is left alone.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fonts-babelstone-han")


@dataclass(frozen=True)
class Need:
    """Something a machine must have, how to see that it is there, and the packages that bring it."""

    what: str
    is_there: Callable[[], bool]
    packages: tuple[str, ...]


def _library(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def _can_make_environments() -> bool:
    try:
        import ensurepip  # noqa: F401, PLC0415  Debian ships Python without it
    except ImportError:
        return False
    return True


def _has_fallback_font() -> bool:
    return any(
        next(Path(folder).rglob("BabelStoneHan*.[to]tf"), None) is not None
        for folder in FONT_FOLDERS
        if Path(folder).is_dir()
    )


def browser() -> str | None:
    """Return the Chromium on this machine, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found and not _is_snap_stub(Path(found)):
            return found
    return None


def _is_snap_stub(path: Path) -> bool:
    """Ubuntu's chromium package is a script that only asks for the snap."""
    try:
        return path.stat().st_size < 8192 and b"snap" in path.read_bytes()
    except OSError:
        return False


VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
NEEDS = (
    Need("Python's venv module", _can_make_environments, (f"python{VERSION}-venv",)),
    Need("Pango", _library("libpango-1.0.so.0"), ("libpango-1.0-0",)),
    Need("Pango for FreeType", _library("libpangoft2-1.0.so.0"), ("libpangoft2-1.0-0",)),
    Need("HarfBuzz subsetting", _library("libharfbuzz-subset.so.0"), ("libharfbuzz-subset0",)),
    Need("fontconfig", _library("libfontconfig.so.1"), ("libfontconfig1",)),
    Need("BabelStone Han, for rare characters in names", _has_fallback_font, ("fonts-babelstone-han",)),
)
CHROMIUM = Need("Chromium, for the browser tests", lambda: browser() is not None, ("chromium",))
TEST_NEEDS = (
    Need("libatomic, for the browser's driver", _library("libatomic.so.1"), ("libatomic1",)),
    Need("pdftotext, to read PDFs back", lambda: shutil.which("pdftotext") is not None, ("poppler-utils",)),
    Need(
        "LibreOffice Writer, to open the Word files that are made",
        lambda: shutil.which("soffice") is not None,
        ("libreoffice-writer-nogui",),
    ),
    Need("faketime, to move a process's clock", lambda: shutil.which("faketime") is not None, ("faketime",)),
    Need(
        "Redis, for messages between Prefect servers",
        lambda: shutil.which("redis-server") is not None,
        ("redis-server",),
    ),
)


def _is_ubuntu() -> bool:
    """Ubuntu's chromium package only asks for a snap; there the browser comes with Playwright instead."""
    try:
        return "ubuntu" in Path("/etc/os-release").read_text().lower()
    except OSError:
        return False


def provide(needs: Iterable[Need]) -> int:
    """Install what is missing and return 0, or say what could not be installed and return 1."""
    missing = [need for need in needs if not need.is_there()]
    if not missing:
        return 0
    packages = sorted({package for need in missing for package in need.packages})
    _say(f"installing: {', '.join(packages)}")
    if shutil.which("apt-get") and _apt(packages):
        missing = [need for need in missing if not need.is_there()]
    for need in missing:
        _say(f"missing: {need.what}. Install it with: sudo apt-get install {' '.join(need.packages)}")
    return 1 if missing else 0


def _apt(packages: list[str]) -> bool:
    root = [] if os.geteuid() == 0 else ["sudo"]
    if root and not shutil.which("sudo"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*root, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    subprocess.run([*root, "apt-get", "update", "-q"], check=False, env=environment, stdout=sys.stderr)  # noqa: S603
    return subprocess.run(install, check=False, env=environment, stdout=sys.stderr).returncode == 0  # noqa: S603


def _say(text: str) -> None:
    sys.stderr.write(f"panhuo set-up: {text}\n")


def _playwright_browser() -> int:
    """Let Playwright bring a Chromium of its own, where the distribution has none."""
    if browser() is not None:
        return 0
    command = [sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]
    return subprocess.run(command, check=False).returncode  # noqa: S603


def main(arguments: list[str]) -> int:
    """Run `system` (with `--tests`: also what only tests need), or `browser` inside the virtual environment."""
    if arguments == ["browser"]:
        return _playwright_browser()
    if arguments[:1] != ["system"]:
        _say("usage: python3 -m desk.provision system [--tests] | browser")
        return 2
    needs = list(NEEDS)
    if "--tests" in arguments:
        needs.extend(TEST_NEEDS)
        if not _is_ubuntu():
            needs.append(CHROMIUM)
    return provide(needs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
