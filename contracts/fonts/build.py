"""Decode the shipped fonts once into a private folder that PDF rendering uses alone.

In: the compressed Noto Serif SC (宋体) and Noto Sans SC (黑体, for headings) beside this module, the installed
BabelStone Han (rare characters), and the user's own FangSong if `PANHUO_FANGSONG` names one. Out: static TrueType
files, a fontconfig file and the list of covered characters. Run again, it does nothing unless an input changed.

Run: python -m contracts.fonts.build [OUTDIR]
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont, TTLibError

HERE = Path(__file__).resolve().parent
FAMILY = "Panhuo Serif SC"
SANS_FAMILY = "Panhuo Sans SC"
FANGSONG_FAMILY = "Panhuo FangSong"
FALLBACK_PACKAGE = "fonts-babelstone-han"
FALLBACK_FILE = "BabelStoneHan.ttf"
FORMAT = 4  # Raise it when this module writes something different from the same inputs.
_FONT_ROOTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_WEIGHTS = {"Regular": 400, "Bold": 700}
# Each shipped file, and the family and weight that style sheets know it by. Headings of 黑体 are bold by their face.
_SHIPPED = {
    "NotoSerifSC-Regular.woff2": (FAMILY, "Regular"),
    "NotoSerifSC-Bold.woff2": (FAMILY, "Bold"),
    "NotoSansSC-Medium.woff2": (SANS_FAMILY, "Bold"),
}


class FontProblem(Exception):
    """A font that is missing or not usable; the Chinese text says what to do."""


def default_folder() -> Path:
    """Return the folder of the decoded fonts: `$PANHUO_HOME/fonts`."""
    home = os.environ.get("PANHUO_HOME") or str(HERE.parent.parent / "var")
    return Path(home).resolve() / "fonts"


def find_fallback(roots: Iterable[Path] = _FONT_ROOTS) -> Path:
    """Return the installed BabelStone Han, looked for below the roots.

    Raises: FontProblem naming the package to install.
    """
    for root in roots:
        found = sorted(root.rglob(FALLBACK_FILE)) if root.is_dir() else []
        if found:
            return found[0]
    raise FontProblem(
        f"未找到生僻字字体 {FALLBACK_FILE}。请安装系统软件包 {FALLBACK_PACKAGE}"
        f"（apt-get install {FALLBACK_PACKAGE}）后重试。"
    )


def spoiled_fonts(folder: Path) -> tuple[str, ...]:
    """Return the files of a font folder, made before, that are gone or empty; a new folder has none to miss."""
    if not (folder / "stamp.json").exists():
        return ()
    made = [f"{family.replace(' ', '')}-{weight}.ttf" for family, weight in _SHIPPED.values()]
    wanted = [folder / name for name in (*made, FALLBACK_FILE, "fonts.conf", "coverage.json")]
    return tuple(path.name for path in wanted if not (path.is_file() and path.stat().st_size))


def prepare(folder: Path | None = None) -> Path:
    """Make the font folder if it is not there or out of date, and return it.

    Raises: FontProblem if a font is missing or not usable.
    """
    target = (folder or default_folder()).resolve()  # Fontconfig would read a relative path from elsewhere.
    sources = {"fallback": find_fallback(), **{name: HERE / name for name in _SHIPPED}}
    own = os.environ.get("PANHUO_FANGSONG", "")
    if own:
        sources["fangsong"] = Path(own)
    stamp = _stamp(sources)
    if _read(target / "stamp.json") == stamp:
        return target
    target.mkdir(parents=True, exist_ok=True)
    for name, (family, weight) in _SHIPPED.items():
        _write(
            target / f"{family.replace(' ', '')}-{weight}.ttf", partial(_decode, HERE / name, family, weight)
        )
    _write(target / FALLBACK_FILE, lambda out: shutil.copyfile(sources["fallback"], out))
    _place_fangsong(target / "PanhuoFangSong.ttf", sources.get("fangsong"))
    _write(target / "fonts.conf", lambda out: out.write_text(_config(target), encoding="utf-8"))
    _write(target / "coverage.json", lambda out: out.write_text(_coverage(target), encoding="utf-8"))
    _write(target / "stamp.json", lambda out: out.write_text(stamp, encoding="utf-8"))
    return target


def _stamp(sources: dict[str, Path]) -> str:
    """Describe the inputs: content of the shipped files, size and time of the installed ones."""
    parts: dict[str, str] = {"format": str(FORMAT)}
    for name, path in sources.items():
        try:
            info = path.stat()
        except OSError as error:
            raise FontProblem(f"读不到字体文件 {path}。请检查 PANHUO_FANGSONG 或重新安装本产品。") from error
        shipped = path.parent == HERE
        parts[name] = (
            sha256(path.read_bytes()).hexdigest() if shipped else f"{info.st_size}-{info.st_mtime_ns}"
        )
    return json.dumps(parts, sort_keys=True)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def _write(path: Path, fill: Callable[[Path], object]) -> None:
    """Write a file so that it is there whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".making-")
    os.close(handle)
    made = Path(name)
    try:
        fill(made)
        made.chmod(0o644)
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def _decode(source: Path, family: str, weight: str, out: Path) -> None:
    """Write a font as static TrueType under a clean family name.

    A family name that ends in a weight word would put a comma into the PDF's font name; two files of one
    family and weight would print wrong characters.
    """
    try:
        font = TTFont(source, recalcTimestamp=False)
        font.getBestCmap()
    except (TTLibError, OSError) as error:
        raise FontProblem(f"字体文件 {source} 无法读取：应为单个 TrueType 字体（.ttf）。") from error
    if "glyf" not in font or "fvar" in font:
        raise FontProblem(f"字体文件 {source} 不是静态 TrueType 字体。请换用 .ttf 静态字体。")
    font.flavor = None
    for tag in ("STAT", "DSIG"):
        if tag in font:
            del font[tag]
    plain = family.replace(" ", "")
    names = {1: family, 2: weight, 3: f"{plain}-{weight}", 4: f"{family} {weight}", 6: f"{plain}-{weight}"}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 13, 14)]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    bold = weight == "Bold"
    font["OS/2"].usWeightClass = _WEIGHTS[weight]
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (0x20 if bold else 0x40)
    font["head"].macStyle = 1 if bold else 0
    font.save(out, reorderTables=False)


def _place_fangsong(path: Path, source: Path | None) -> None:
    if source is None:
        path.unlink(missing_ok=True)
    else:
        _write(path, lambda out: _decode(source, FANGSONG_FAMILY, "Regular", out))


def _config(folder: Path) -> str:
    place = escape(str(folder))
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        f"  <dir>{place}</dir>\n  <cachedir>{place}/cache</cachedir>\n</fontconfig>\n"
    )


def _coverage(folder: Path) -> str:
    """Return the covered code points of all fonts as inclusive ranges: [[first, last], …]."""
    codes: set[int] = set()
    for path in sorted(folder.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            codes.update(font.getBestCmap())
    return json.dumps(list(_ranges(sorted(codes))))


def _ranges(codes: list[int]) -> Iterable[list[int]]:
    start = previous = -2
    for code in codes:
        if code != previous + 1:
            if start >= 0:
                yield [start, previous]
            start = code
        previous = code
    if start >= 0:
        yield [start, previous]


def main(arguments: list[str]) -> int:
    """Build the folder named on the command line, or the default one; return an exit code."""
    try:
        folder = prepare(Path(arguments[0]).resolve() if arguments else None)
    except FontProblem as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write(f"字体已就绪：{folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
