"""Compares pages with the pictures in `golden/`; PANHUO_UPDATE_GOLDEN=1 writes them instead.

Pictures are small and gray. A page may differ a little, as by another rasterizer, but not by a moved line.
"""

import os
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageFilter, ImageStat

FOLDER = Path(__file__).resolve().parent / "golden"
_SCALE = 0.75  # of a point: 446 × 631 for a page of A4
_SHADES = 16
_MEAN = 1.5  # of 255, the mean difference of blurred pictures
_WORST = 96  # of 255, the largest difference of blurred pictures


def page_picture(data: bytes, page: int) -> Image.Image:
    """Return a page as a small gray picture."""
    document = pypdfium2.PdfDocument(data)
    try:
        image: Image.Image = document[page].render(scale=_SCALE).to_pil().convert("L")
    finally:
        document.close()
    return image.quantize(_SHADES)


def matches_picture(name: str, picture: Image.Image, folder: Path = FOLDER) -> bool:
    """Say whether a page looks as the golden picture does, or write the picture if asked to."""
    path = folder / name
    if os.environ.get("PANHUO_UPDATE_GOLDEN") == "1":
        picture.save(path, optimize=True)
        return True
    with Image.open(path) as golden:
        assert golden.size == picture.size
        found, expected = (image.convert("L").filter(ImageFilter.BoxBlur(2)) for image in (picture, golden))
    difference = ImageChops.difference(found, expected)
    mean, worst = ImageStat.Stat(difference).mean[0], max(difference.tobytes())
    assert (mean < _MEAN, worst < _WORST) == (True, True), f"{name}: mean {mean:.2f}, worst {worst}"
    return True
