"""Programs and scripts, by how a file is named and how it begins: nothing of the kind may travel inside a paper."""

from pathlib import PurePosixPath

ENDINGS = frozenset({
    ".exe", ".com", ".scr", ".msi", ".bat", ".cmd", ".ps1", ".vbs", ".vbe", ".js", ".jse", ".wsf", ".hta", ".jar",
    ".lnk", ".dll", ".sh", ".app", ".html", ".htm", ".svg", ".docm", ".xlsm", ".pptm", ".iso", ".img", ".cpl", ".reg",
})  # fmt: skip
BEGINNINGS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def is_runnable(name: str, beginning: bytes) -> bool:
    """Say whether a file inside another is a program or script."""
    return PurePosixPath(name.lower()).suffix in ENDINGS or beginning.startswith(BEGINNINGS)
