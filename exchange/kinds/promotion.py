"""Sheets of events and leads: the columns are those of their registers."""

from collections.abc import Iterable, Sequence

from cases.errors import Invalid
from cases.event_registers import EVENTS, LEADS
from cases.registers import Column as Kept
from cases.registers import Register, checked, write_row
from cases.trail import append_org, hold_org
from exchange.sheet_cells import Choice, long_text, text
from exchange.sheet_kind import Column, Fault, Outcome, SheetKind, SheetRow, Work

# How lists call a column beside its own name, and what the template shows as an example.
WORDS = {
    "events": {
        "name": (("名称", "活动", "主题名称"), "新材料专场对接会"),
        "held_on": (("时间", "活动日期", "举办日期"), "2026-03-01"),
        "kind": (("活动类型", "形式"), "专场对接"),
        "campaign": (("专项行动", "活动系列"), ""),
        "organizer": (("主办方", "组织单位"), "沧澜市市场监管局"),
        "district": (("县区", "所在区县", "县（市）区"), "高新区"),
        "status": (("举办情况",), "已举办"),
        "result": (("活动成效", "成果"), ""),
    },
    "leads": {
        "company_name": (("企业名称", "意向企业"), "启衡新材料股份有限公司"),
        "patent_id": (("申请号", "专利号"), "202010100001.9"),
        "need": (("需求", "技术需求"), ""),
        "event_id": (("活动", "活动名称"), ""),
        "status": (("进展", "对接状态"), "已联系"),
        "owner_id": (("负责人", "联系人"), ""),
        "next_step": (("下一步工作",), "寄样品"),
        "due_on": (("截止日期", "完成期限"), "2026-03-20"),
    },
}


def _column(register: Register, kept: Kept) -> Column:
    titles, example = WORDS[register.name].get(kept.name, ((), ""))
    codes = {zh: key for key, (zh, _) in kept.options.items()}
    codes |= {en: key for key, (_, en) in kept.options.items()}
    parse = Choice(codes) if kept.kind == "choice" else long_text if kept.kind == "long" else text()
    return Column(kept.name, (kept.zh, *titles, kept.name), parse, kept.required, kept.help_zh, example)


def _typed(row: SheetRow) -> dict[str, str]:
    return {name: str(value) for name, value in row.values.items()}


def _kind(register: Register, key: tuple[str, ...], about_zh: str, about_en: str) -> SheetKind:
    def check(work: Work, rows: Sequence[SheetRow]) -> Iterable[Fault]:
        for row in rows:
            try:
                checked(work.session, work.org_id, register, _typed(row))
            except Invalid as invalid:
                yield from (Fault(row, field, reason) for field, reason in invalid.fields.items())

    def write(work: Work, row: SheetRow) -> Outcome:
        hold_org(work.cur, work.org_id)
        kept = write_row(
            work.session, work.person, register, _typed(row), row_id=None, is_repeatable=True, now=work.now
        )
        if not kept.changed:
            return "same"
        entry = {**kept.entry, "source": work.source}
        append_org(work.cur, work.org_id, work.person.author, register.verb, entry, work.now)
        return "added" if kept.is_new else "changed"

    columns = tuple(_column(register, kept) for kept in register.columns)
    return SheetKind(
        name=register.name, zh=register.zh, en=register.en.lower(), columns=columns, write=write, check=check, key=key,
        about_zh=about_zh, about_en=about_en,
    )  # fmt: skip


EVENT_SHEET = _kind(
    EVENTS,
    ("held_on", "name"),
    "同一日期、同一名称的活动只登记一次，再次导入时更新。",
    "An event of a day and name is kept once.",
)
LEAD_SHEET = _kind(
    LEADS, ("company_name", "patent_id", "event_id", "need"), "专利须已在专利库中，活动须已登记。",
    "Patents and events must be known already.",
)  # fmt: skip
