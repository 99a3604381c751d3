"""Hands out a file that is written for one request: streamed from disk, and gone afterwards."""

from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask


def hand_out(name: str, write: Callable[[Path], object]) -> Response:
    """Return the zip that `write` writes to the path it is given; `name` is without the ending."""
    folder = Path(mkdtemp(prefix="panhuo-"))
    path = folder / "download.zip"
    try:
        write(path)
    except BaseException:
        rmtree(folder, ignore_errors=True)
        raise
    gone = BackgroundTask(rmtree, folder, ignore_errors=True)
    return FileResponse(path, media_type="application/zip", filename=f"{name}.zip", background=gone)
