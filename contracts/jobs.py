"""What is asked of a renderer and what comes back, as plain values: nothing that typesets is imported for them.

Whoever only asks (the desk, the worker) holds no engine in memory; renderers are processes of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.annex.table import LongTable


class RenderProblem(Exception):
    """A document that could not be made; the Chinese text says why."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a document says of itself besides its text: its number, who made it, its own day (never the clock's)."""

    number: str = ""
    author: str = ""
    day: date | None = None


NO_PARTICULARS = Particulars()


@dataclass(frozen=True, slots=True)
class RenderedPdf:
    """A finished PDF: its bytes, number of pages and SHA-256."""

    data: bytes
    pages: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RenderJob:
    """One document to render. `css_name` names style sheets joined by `+`, for instance `contract+draft`.

    `attachments` are files to embed, by name; `assets` are what `asset:<name>` in the HTML stands for. `tables` are
    long tables that another engine lays onto their placeholders in the HTML, `particulars` what the file says of
    itself.
    """

    html: str
    css_name: str
    title: str
    attachments: Mapping[str, bytes] | None = None
    assets: Mapping[str, bytes] | None = None
    tables: Sequence[LongTable] = ()
    particulars: Particulars = NO_PARTICULARS


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: wall time in seconds, address space of its process in bytes."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class RenderFailure:
    """Why a document was not made, in Chinese; `is_lost` says that its process ended for no reason that it gave."""

    reason: str
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a job, and the resident memory of the process afterwards, in bytes."""

    result: RenderedPdf | RenderFailure
    memory: int
