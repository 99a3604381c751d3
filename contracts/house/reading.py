"""The folder of a house, read: `house.toml`, the logo, and clause texts in folders named like the library's.

In: a folder. Out: a `House`, or every fault with file and line. Nothing outside the folder is opened: no link is
followed, nothing is fetched, a picture is measured before it is decoded.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from pydantic import ValidationError

from contracts.house.look import House, Look
from contracts.kinds import MADE_FOR, PACK
from contracts.modes import MODES
from rules.pack_faults import Fault, field_label, place_of, reasons_of
from rules.pack_source import Source, read

SETTINGS = "house.toml"
LARGEST_FILE = 64 * 1024
LARGEST_LOGO = 1024 * 1024
WIDEST_LOGO = 4000  # pixels
MOST_FILES = 500
FOLDERS = frozenset({place for mode in MODES.values() for place in (mode.slug, *mode.folders)})
# What bears no letterhead: the contract, which has a cover, and what is handed in on the office's own form.
_OFFICIAL = frozenset({"contract", PACK}) | {
    form for mode in MODES.values() if mode.filing is not None for form in mode.filing.forms
}


class HouseError(ValueError):
    """A folder that cannot be used; the Chinese text names file, line and remedy of every fault."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def read_house(folder: Path) -> House:
    """Read a folder.

    Raises: HouseError with every fault that keeps it from being read.
    """
    faults: list[Fault] = []
    look = _look(folder, faults)
    files = _files(folder, faults)
    texts = {path.relative_to(folder).as_posix(): text for path, text in _texts(folder, files, faults)}
    logo = _logo(folder, look, faults) if look is not None and look.letterhead.logo else None
    if faults or look is None:
        raise HouseError(tuple(sorted(set(faults))))
    return House(folder.name, look, logo, texts, _digest(folder, files))


def _look(folder: Path, faults: list[Fault]) -> Look | None:
    source = read(folder / SETTINGS)
    if isinstance(source, Fault):
        reason = source.reason.replace("规则包的名称或路径", "单位模板文件夹")
        faults.append(Fault(SETTINGS, source.line, reason, source.reason_en))
        return None
    source = Source(SETTINGS, source.text, source.data)
    try:
        look = Look.model_validate(source.data)
    except ValidationError as error:
        for found in error.errors():
            zh, en = reasons_of(found)
            way = place_of(found)
            faults.append(source.fault(way, f"{_label(way)}{zh}。", en))
        return None
    for n, kind in enumerate(look.letterhead.papers):
        if kind not in MADE_FOR:
            faults.append(
                source.fault(("letterhead", "papers", n), f"没有名为“{kind}”的文书。", f"no paper {kind}")
            )
        elif kind in _OFFICIAL:
            what = "合同封面只放徽标" if kind == "contract" else "官方表格不加单位信头"
            faults.append(
                source.fault(("letterhead", "papers", n), f"“{kind}”：{what}，请删去。", "not headed")
            )
    return look


def _label(way: tuple[str | int, ...]) -> str:
    return field_label(way).removeprefix(" 的 ") + "：" if way else ""


def _files(folder: Path, faults: list[Fault]) -> tuple[Path, ...]:
    """Return the plain files of the folder; a link or an endless folder is a fault."""
    found: list[Path] = []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            faults.append(Fault(name, 0, "是链接，不能使用。请放入文件本身。", "a link"))
        elif path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts):
            found.append(path)
        if len(found) > MOST_FILES:
            faults.append(Fault(".", 0, f"文件超过{MOST_FILES}个，请清理。", "too many files"))
            break
    return tuple(found)


def _texts(folder: Path, files: tuple[Path, ...], faults: list[Fault]) -> Iterator[tuple[Path, str]]:
    for path in files:
        if path.parent == folder:
            continue
        name = path.relative_to(folder).as_posix()
        if path.parent.parent != folder or path.parent.name not in FOLDERS:
            known = "、".join(sorted(FOLDERS))
            faults.append(Fault(name, 0, f"条款文件夹只能是：{known}。请改名或者移出。", "no such folder"))
            continue
        if path.suffix not in {".txt", ".toml"}:
            why = "不是条款文件（.txt）或者条款登记表（clauses.toml），请移出"
            faults.append(Fault(name, 0, f"{why}。", "not a text"))
            continue
        raw = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""
        if not raw:
            why = "是空文件" if not path.stat().st_size else f"超过{LARGEST_FILE // 1024}KB"
            faults.append(Fault(name, 0, f"{why}，请核对。", "empty or too large"))
            continue
        try:
            yield path, raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            faults.append(Fault(name, line, "文件不是UTF-8编码，请另存为UTF-8编码的文本。", str(error)))


def _logo(folder: Path, look: Look, faults: list[Fault]) -> bytes | None:
    """Read the logo after looking at its size on disk and in pixels."""
    name = look.letterhead.logo
    path = folder / name
    fault = _logo_fault(path)
    if fault:
        faults.append(Fault(name, 0, fault, "not a usable picture"))
        return None
    return path.read_bytes()


def _logo_fault(path: Path) -> str:
    if path.is_symlink() or not path.is_file():
        return "没有这个图片文件，请放入文件夹，或删去 letterhead.logo。"
    if path.stat().st_size > LARGEST_LOGO:
        return f"图片超过{LARGEST_LOGO // 1024}KB，请压缩后再用。"
    try:
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            if max(picture.size) > WIDEST_LOGO:
                return f"图片为{picture.size[0]}×{picture.size[1]}像素，边长不能超过{WIDEST_LOGO}像素。"
            picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return f"图片像素过大，边长不能超过{WIDEST_LOGO}像素。"
    except (UnidentifiedImageError, OSError, SyntaxError):
        return "不是可用的PNG或JPEG图片，请重新导出。"
    return ""


def _digest(folder: Path, files: tuple[Path, ...]) -> str:
    digest = sha256()
    for path in files:
        digest.update(
            path.relative_to(folder).as_posix().encode() + b"\0" + sha256(path.read_bytes()).digest()
        )
    return digest.hexdigest()
