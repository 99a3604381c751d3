"""Files to take along, named in Chinese."""

from urllib.parse import quote

from fastapi.responses import Response

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(title: str, kind: str, content: bytes) -> Response:
    """Return a file; `kind` is csv or xlsx, `title` its name without the ending."""
    name = quote(f"{title}.{kind}")
    disposition = f"attachment; filename=\"table.{kind}\"; filename*=UTF-8''{name}"
    return Response(content, media_type=TYPES[kind], headers={"Content-Disposition": disposition})
