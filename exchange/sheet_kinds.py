"""Every kind of sheet that can be imported, by name: one line each."""

from pathlib import Path

from cases.errors import NotFound
from exchange.kinds.companies import COMPANIES
from exchange.kinds.demands import DEMANDS
from exchange.kinds.enterprises import EVALUATIONS, EXPERTS, PROFILES
from exchange.kinds.feedback import ANSWERS, ENTRIES, LABEL_RECORDS
from exchange.kinds.promotion import EVENT_SHEET, LEAD_SHEET
from exchange.kinds.stocktake import CENTRAL_RATINGS, INVENTORS, SELF_RATINGS
from exchange.kinds.use import ASSESSMENTS, DECLARATIONS, PRODUCTS, USES
from exchange.sheet_kind import SheetKind
from exchange.sheet_mapping import mapped

ALL: tuple[SheetKind, ...] = (
    COMPANIES,
    DEMANDS,
    PROFILES,
    EXPERTS,
    EVALUATIONS,
    LABEL_RECORDS,
    ANSWERS,
    ENTRIES,
    EVENT_SHEET,
    LEAD_SHEET,
    INVENTORS,
    SELF_RATINGS,
    CENTRAL_RATINGS,
    DECLARATIONS,
    USES,
    ASSESSMENTS,
    PRODUCTS,
)
KINDS: dict[str, SheetKind] = {kind.name: kind for kind in ALL}


def kind_of(name: str, home: Path | None = None) -> SheetKind:
    """Return a kind by its name, with the titles that the installation's mapping file adds.

    Raises: NotFound; Invalid if the mapping file cannot be used.
    """
    if name not in KINDS:
        raise NotFound("没有这一类表格，请从“批量导入”页面选择", "no such kind of sheet")
    return mapped(KINDS[name], home) if home else KINDS[name]
