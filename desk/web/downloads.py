"""Files to take along, named in Chinese."""

from urllib.parse import quote

from fastapi.responses import Response

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


def download(title: str, kind: str, content: bytes) -> Response:
    """Return a file; `kind` is one of `TYPES`, `title` its name without the ending."""
    name = quote(f"{title}.{kind}")
    disposition = f"attachment; filename=\"table.{kind}\"; filename*=UTF-8''{name}"
    return Response(content, media_type=TYPES[kind], headers={"Content-Disposition": disposition})


def paper(title: str, content: bytes) -> Response:
    """Return a PDF to look at in the browser."""
    disposition = f"inline; filename=\"paper.pdf\"; filename*=UTF-8''{quote(f'{title}.pdf')}"
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": disposition})
