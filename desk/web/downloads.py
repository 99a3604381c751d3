"""Tables to take along: one list as csv or xlsx, named in Chinese."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from fastapi.responses import Response

from exchange.sheets import Cell, csv_file, xlsx_file

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_response(kind: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return a download; `kind` is csv or xlsx, `title` the name of file and sheet."""
    made = xlsx_file(title, header, rows) if kind == "xlsx" else csv_file(header, rows)
    name = quote(f"{title}.{kind}")
    return Response(
        made, media_type=XLSX if kind == "xlsx" else CSV,
        headers={"Content-Disposition": f"attachment; filename=\"table.{kind}\"; filename*=UTF-8''{name}"},
    )  # fmt: skip
