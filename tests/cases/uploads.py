"""Files as people upload them, made here: good ones and bad ones, byte by byte."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pikepdf
from docx import Document as WordDocument
from PIL import Image


def pdf(*, text: str = "", **extra: object) -> bytes:
    """Return a PDF of one empty page; `extra` goes into its root."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(595, 842))
    made.docinfo["/Title"] = text or "scan"
    for name, value in extra.items():
        made.Root[f"/{name}"] = value
    return saved(made)


def saved(made: pikepdf.Pdf, lock: pikepdf.Encryption | None = None) -> bytes:
    """Return the bytes of a PDF, the same each time unless it is encrypted."""
    target = BytesIO()
    made.save(target, encryption=lock or False, deterministic_id=lock is None)
    return target.getvalue()


def encrypted_pdf(password: str = "") -> bytes:
    """Return a PDF that is encrypted; without a password everybody may open it."""
    made = pikepdf.new()
    made.add_blank_page()
    return saved(made, pikepdf.Encryption(owner="owner", user=password))


def pdf_with_attachment(name: str, data: bytes) -> bytes:
    """Return a PDF that carries a file."""
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments[name] = pikepdf.AttachedFileSpec(made, data, filename=name)
    return saved(made)


def pdf_bundle(inflated: int) -> bytes:
    """Return a PDF one object of which lies in a bundle that inflates to so many bytes."""
    packed = zlib.compress(b"10 0 ".ljust(inflated) + b"<<>>", 1)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/MediaBox[0 0 9 9]/Parent 2 0 R>>",
        b"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed),
    )  # fmt: skip
    made, rows = b"%PDF-1.7\n", [(0, 0)]
    for number, content in enumerate(objects, 1):
        rows.append((1, len(made)))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    rows += [(1, len(made)), *[(0, 0)] * 4, (2, 4)]
    table = b"".join(struct.pack(">BIB", kind, place, 0) for kind, place in rows)
    head = b"<</Type/XRef/Size 11/W[1 4 1]/Root 1 0 R/Length %d>>" % len(table)
    return made + b"5 0 obj\n%bstream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % (
        head,
        table,
        len(made),
    )


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 80)) -> bytes:
    """Return a picture."""
    target = BytesIO()
    Image.new("L", size, 200).save(target, kind)
    return target.getvalue()


def sheets(number: int) -> bytes:
    """Return a TIFF of so many tiny sheets."""
    target = BytesIO()
    pages = [Image.new("L", (1, 1), shade % 256) for shade in range(number)]
    pages[0].save(target, "TIFF", save_all=True, append_images=pages[1:])
    return target.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose header claims any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b""))
    chunks = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def word(text: str = "第一条　许可范围") -> bytes:
    """Return a Word file."""
    target = BytesIO()
    made = WordDocument()
    made.add_paragraph(text)
    made.save(target)
    return target.getvalue()


def zipped(**parts: bytes) -> bytes:
    """Return a zip; two underscores in a name stand for a slash, one for a point."""
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return target.getvalue()


def word_with(name: str, data: bytes) -> bytes:
    """Return a Word file with one more part."""
    target = BytesIO(word())
    with ZipFile(target, "a", ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()
