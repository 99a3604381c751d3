"""One exclusive-license case from intake to performance, as a list of scenes that tests can walk or stop."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from cases.advance import Advanced, advance
from tests.world import TODAY, World

TERMS: Mapping[str, Any] = {
    "project_name": "锂离子电池隔膜制备技术",
    "purpose": "动力电池隔膜的工业化生产",
    "acts": ["manufacture", "use", "sell"],
    "products": ["陶瓷涂覆隔膜"],
    "start": "2026-04-01",
    "end": "2031-03-31",
    "price_method": "agreement",
    "entry_fee_fen": "120万元",
    "instalments": [
        {"label": "首期款", "amount_fen": "80万元", "due_on": "2026-05-15"},
        {"label": "第二期款", "amount_fen": "40万元", "due_on": "2026-11-15"},
    ],
}


@dataclass(frozen=True)
class Scene:
    """One step: who, on which day after the opening, with what."""

    event: str
    role: str
    day: int
    payload: Mapping[str, Any]

    @property
    def on(self) -> date:
        """The legal day."""
        return TODAY + timedelta(days=self.day)


def _d(day: int) -> str:
    return (TODAY + timedelta(days=day)).isoformat()


STORY: tuple[Scene, ...] = (
    Scene("edit_terms", "officer", 0, {"terms": TERMS}),
    Scene("clear_title", "officer", 1, {"checked_on": _d(1), "evidence": "登记簿副本2026-0311"}),
    Scene("agree_price", "officer", 2, {"agreed_on": _d(2), "basis": "参照近三年同类许可三件，经两轮谈判确定"}),
    Scene(
        "post_publicity", "officer", 3,
        {"posted_on": _d(3), "place": "校园网公示栏 2026年第12号", "procedure_published": True},
    ),
    Scene("raise_objection", "officer", 8, {"received_on": _d(8), "objector": "材料学院 某教师", "content": "对价格有疑问"}),
    Scene(
        "resolve_objection", "officer", 12,
        {"resolved_on": _d(12), "outcome": "dismissed", "reason": "经复核价格依据充分"},
    ),
    Scene("close_publicity", "officer", 24, {"closed_on": _d(24), "result": "异议已处理，无其他异议"}),
    Scene("submit_approval", "officer", 24, {"note": "请审批"}),
    Scene("approve", "approver", 26, {"decided_on": _d(26), "minutes_no": "校办纪要〔2026〕18号"}),
    Scene("start_drafting", "officer", 26, {"contract_no": "CLLG-XK-2026-007"}),
    Scene("finalize_contract", "officer", 28, {"reviewed_by": "法务室 沈律"}),
    Scene(
        "sign", "officer", 30,
        {"signed_on": _d(30), "licensor_signatory": "江校长", "licensee_signatory": "冯立", "place": "沧澜市"},
    ),
    Scene("take_effect", "officer", 30, {"effective_on": _d(30)}),
    Scene("submit_filing", "officer", 40, {"submitted_on": _d(40), "receipt_no": "SL2026040100"}),
    Scene("receive_correction", "officer", 45, {"received_on": _d(45), "content": "补充被许可人身份证明"}),
    Scene("answer_correction", "officer", 47, {"answered_on": _d(47)}),
    Scene("record_filing", "officer", 55, {"recorded_on": _d(55), "record_no": "X2026440000123"}),
    Scene("report_feedback", "officer", 57, {"reported_on": _d(57), "reference": "盘活系统反馈 2026-0427"}),
    Scene(
        "record_receipt", "finance", 60,
        {"received_on": _d(60), "amount_fen": "800000", "payment": "payment:1", "reference": "工行回单 0501"},
    ),
)  # fmt: skip


def walk(world: World, case_id: int, *, until: str | None = None, scenes: tuple[Scene, ...] = STORY) -> Iterator[Advanced]:
    """Take the scenes in order, up to and including `until`, and yield what came of each."""
    for scene in scenes:
        now = datetime.combine(scene.on, time(10), UTC)
        yield advance(
            world.db, case_id, scene.event, world.person(scene.role), scene.payload,
            expected_version=None, today=scene.on, now=now,
        )  # fmt: skip
        if scene.event == until:
            return


def walk_to(world: World, case_id: int, until: str) -> Advanced:
    """Take the scenes up to and including `until` and return the last outcome."""
    return list(walk(world, case_id, until=until))[-1]
