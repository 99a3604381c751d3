"""Sample labels of deals made elsewhere, with the platform's answers and a list taken from it, all fictional."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from cases.db import Database
from cases.label_records import Keeping, put_label
from cases.platform_answers import put_answer, put_entry
from cases.scope import Person
from cases.tables import LabelEvent, Patent

# Label, days ago, other side, evidence; the platform's answer and how many days ago it came.
LABELS: tuple[tuple[str, int, str, str, str, int], ...] = (
    ("已转让", 240, "沧澜精密仪器有限公司", "手续合格通知书（2025年纸质档案第17号）", "accepted", 215),
    ("已达成普通许可", 90, "云岫机器人有限公司", "许可合同备案证明（纸质档案第31号）", "returned", 60),
    ("已由被许可人实现产业化", 12, "启明绿色能源有限公司", "专利产品备案回执与销售发票", "", 0),
    ("已作价入股", 45, "海石生物科技有限公司", "公司登记通知书与投资协议", "", 0),
)
PLATFORM_SOURCE = "sheet:sample"


def fill_feedback(db: Database, person: Person, today: date, now: datetime) -> int:
    """Record labels by hand, answers and a list of the platform; return how many labels."""
    with db.write() as session:
        keeping = Keeping(session, db.postgres, person, now, today)
        own = Patent.org_id == person.org_id
        used = select(LabelEvent.patent_id).where(LabelEvent.org_id == person.org_id)
        query = select(Patent).where(own, Patent.status == "in_force", col(Patent.id).not_in(used))
        patents = session.exec(query.order_by(col(Patent.id).desc()).limit(len(LABELS))).all()
        for patent, (label, ago, party, evidence, outcome, answered) in zip(patents, LABELS, strict=True):
            on = today - timedelta(days=ago)
            values: dict[str, Any] = {
                "patent_id": patent.id,
                "label": label,
                "on": on,
                "party": party,
                "evidence": evidence,
            }
            put_label(keeping, values, "sample")
            if outcome:
                told = {
                    "label": label, "outcome": outcome, "answered_on": today - timedelta(days=answered),
                    "number": "PH-2026-0107" if outcome == "accepted" else "",
                    "reason": "合同金额与备案信息不一致" if outcome == "returned" else "",
                }  # fmt: skip
                put_answer(keeping, int(patent.id or 0), told, PLATFORM_SOURCE)
        _fill_list(keeping, patents[0], today)
    return len(LABELS)


def _fill_list(keeping: Keeping, first: Patent, today: date) -> None:
    """Let the platform show one label a day later than the record, and one label of a case as it is."""
    shown = {
        "label": "已转让",
        "on": today - timedelta(days=239),
        "party": LABELS[0][2],
        "number": "PH-2026-0107",
    }
    put_entry(keeping, int(first.id or 0), shown, PLATFORM_SOURCE)
    query = select(LabelEvent).where(LabelEvent.org_id == keeping.person.org_id).order_by(col(LabelEvent.id))
    event = keeping.session.exec(query).first()
    if event is not None:
        as_it_is = {"label": event.label, "on": event.on, "party": "", "number": "PH-2026-0041"}
        put_entry(keeping, event.patent_id, as_it_is, PLATFORM_SOURCE)
