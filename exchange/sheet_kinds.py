"""Every kind of sheet that can be imported, by name: one line each."""

from cases.errors import NotFound
from exchange.kinds.companies import COMPANIES
from exchange.kinds.promotion import EVENT_SHEET, LEAD_SHEET
from exchange.sheet_kind import SheetKind

ALL: tuple[SheetKind, ...] = (COMPANIES, EVENT_SHEET, LEAD_SHEET)
KINDS: dict[str, SheetKind] = {kind.name: kind for kind in ALL}


def kind_of(name: str) -> SheetKind:
    """Return a kind by its name.

    Raises: NotFound.
    """
    if name not in KINDS:
        raise NotFound("没有这一类表格，请从“批量导入”页面选择", "no such kind of sheet")
    return KINDS[name]
