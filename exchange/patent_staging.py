"""Good lines of a patent list in the scratch database of an import, and back."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import orjson

from cases.patent_sql import CheckedPatent
from exchange.staging import Staging


def add_patents(staging: Staging, patents: Iterable[CheckedPatent], cells: Iterable[Sequence[str]]) -> None:
    """Keep good lines, with their cells: a line may still turn out to contradict another."""
    staging.add(
        (patent.application_no, patent.line, _packed(patent, line_cells))
        for patent, line_cells in zip(patents, cells, strict=True)
    )


def patent_groups(staging: Staging) -> Iterator[list[tuple[CheckedPatent, list[str]]]]:
    """Yield the good lines of each application number, in the order of the numbers."""
    for group in staging.groups():
        yield [_unpacked(number, line, body) for number, line, body in group]


def _packed(patent: CheckedPatent, cells: Sequence[str]) -> bytes:
    return orjson.dumps((
        patent.kind, patent.title, patent.owners, patent.inventors, patent.filing_date, patent.grant_date,
        patent.publication_no, patent.ipc, patent.address, patent.college, patent.status, patent.is_status_stated,
        patent.fee_paid_year, patent.fee_reduction, cells,
    ))  # fmt: skip


def _unpacked(number: str, line: int, body: bytes) -> tuple[CheckedPatent, list[str]]:
    (
        kind,
        title,
        owners,
        inventors,
        filed,
        granted,
        publication,
        ipc,
        address,
        college,
        status,
        stated,
        paid_year,
        reduction,
        cells,
    ) = orjson.loads(body)
    patent = CheckedPatent(
        line, number, kind, title, tuple(owners), tuple(inventors), filed and date.fromisoformat(filed),
        granted and date.fromisoformat(granted), publication, ipc, address, college, status, stated,
        paid_year, reduction,
    )  # fmt: skip
    return patent, cells
