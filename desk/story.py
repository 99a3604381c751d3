"""The case of a mode as scenes, from intake to performance or to its end: the demonstration and the sample data walk it.

Fictional throughout. A scene is a step with its day after the opening; whoever walks it calls the same action as
the desk does.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Any, NamedTuple

from cases.advance import Advanced, advance
from cases.db import Database
from cases.scope import Person
from desk import (
    development_scenes,
    equity_scenes,
    open_license_scenes,
    patent_pool_scenes,
    transfer_scenes,
)
from desk.ending_scenes import ending
from desk.open_license_scenes import Row
from desk.paying_scenes import BEFORE_MONEY, WAYS
from desk.reward_scenes import distributed
from exchange.sample_patents import sample_companies
from states.catalog import mode_of

# What each kind of license alone agrees.
OWN_TERMS: Mapping[str, Mapping[str, Any]] = {
    "ordinary_license": {"equal_terms": "是"},
    "sole_license": {"own_working": "one_license"},
}
COMPANIES = tuple(company.name for company in sample_companies())


def _nothing_beside(_opened_on: date) -> tuple[Row, ...]:
    return ()


class ModeStory(NamedTuple):
    """What tells the story of a mode that is no license: its terms, its scenes after the draft and beside those before."""

    terms: Callable[[date, str], dict[str, Any]]
    rows: Callable[[date, Sequence[str]], tuple[Row, ...]]
    beside: Callable[[date], tuple[Row, ...]] = _nothing_beside


OWN_STORIES: Mapping[str, ModeStory] = {
    "open_license": ModeStory(open_license_scenes.terms, open_license_scenes.rows),
    "equity": ModeStory(equity_scenes.terms, equity_scenes.rows, equity_scenes.beside),
    "transfer": ModeStory(transfer_scenes.terms, transfer_scenes.rows, transfer_scenes.beside),
    "patent_pool": ModeStory(patent_pool_scenes.terms, patent_pool_scenes.rows, patent_pool_scenes.beside),
    "development": ModeStory(development_scenes.terms, development_scenes.rows),
}
MORNING = time(2, 0, tzinfo=UTC)  # ten o'clock in Shanghai


@dataclass(frozen=True)
class Scene:
    """One step: who (a role), on which day, with what."""

    event: str
    role: str
    on: date
    payload: Mapping[str, Any]


def terms_of(
    opened_on: date,
    *,
    project: str = "锂离子电池隔膜制备技术",
    years: int = 5,
    mode: str = "exclusive_license",
) -> dict[str, Any]:
    """Return commercial terms as an officer would type them, with dates after the opening."""
    if mode in OWN_STORIES:
        return OWN_STORIES[mode].terms(opened_on, project)
    start = opened_on + timedelta(days=30)
    end = start.replace(year=start.year + years) - timedelta(days=1)
    return {
        **OWN_TERMS.get(mode, {}),
        "project_name": project,
        "purpose": "许可产品的工业化生产和销售",
        "acts": ["manufacture", "use", "sell"],
        "products": ["许可专利权利要求覆盖的产品"],
        "start": start.isoformat(),
        "end": end.isoformat(),
        "price_method": "agreement",
        "entry_fee_fen": "120万元",
        "instalments": [
            {"label": "首期款", "amount_fen": "80万元", "due_on": (start + timedelta(days=44)).isoformat()},
            {
                "label": "第二期款",
                "amount_fen": "40万元",
                "due_on": (start + timedelta(days=228)).isoformat(),
            },
        ],
    }


def story(
    opened_on: date,
    terms: Mapping[str, Any] | None = None,
    contract_no: str = "XK-001",
    *,
    mode: str = "exclusive_license",
    companies: Sequence[str] = COMPANIES,
) -> tuple[Scene, ...]:
    """Return the scenes of a case opened on a day: with an objection, a correction notice and a receipt.

    `companies` are registered names, for a mode that learns its companies one after another.
    """

    def day(number: int) -> date:
        return opened_on + timedelta(days=number)

    def text(number: int) -> str:
        return day(number).isoformat()

    rows: tuple[Row, ...] = (
        ("edit_terms", "officer", 0, {"terms": dict(terms or terms_of(opened_on, mode=mode))}),
        ("clear_title", "officer", 1, {"checked_on": text(1), "evidence": "专利登记簿副本"}),
        ("agree_price", "officer", 2, {"agreed_on": text(2), "basis": "参照近三年同类许可三件，经两轮谈判确定"}),
        (
            "post_publicity", "officer", 3,
            {"posted_on": text(3), "place": "校园网信息公开栏", "procedure_published": True},
        ),
        (
            "raise_objection", "officer", 8,
            {"received_on": text(8), "objector": "材料学院教师一名", "content": "对拟交易价格的依据有疑问"},
        ),
        (
            "resolve_objection", "officer", 12,
            {"resolved_on": text(12), "outcome": "dismissed", "reason": "经复核，价格依据充分，已书面答复异议人"},
        ),
        ("close_publicity", "officer", 24, {"closed_on": text(24), "result": "异议已处理完毕，无其他异议"}),
        ("submit_approval", "officer", 24, {"note": "公示期满，提请审批"}),
        ("approve", "approver", 26, {"decided_on": text(26), "minutes_no": "成果转化领导小组会议纪要第18期"}),
        ("start_drafting", "officer", 26, {"contract_no": contract_no}),
        ("finalize_contract", "officer", 28, {"reviewed_by": "法律事务室"}),
    )  # fmt: skip
    own = OWN_STORIES.get(mode)
    beside = own.beside(opened_on) if own else ()
    after = own.rows(opened_on, companies) if own else _license(opened_on)
    known = mode_of(mode).steps
    return _scenes(opened_on, [row for row in (*rows, *beside, *after) if row[0] in known])


def whole_story(
    opened_on: date, terms: Mapping[str, Any], contract_no: str, *, mode: str
) -> tuple[Scene, ...]:
    """Return the scenes of a story and those that end its case."""
    return (
        *story(opened_on, terms, contract_no, mode=mode),
        *_scenes(opened_on, ending(opened_on, terms, mode)),
    )


def paid_by_result(
    opened_on: date, terms: Mapping[str, Any], contract_no: str, *, mode: str, way: str
) -> tuple[Scene, ...]:
    """Return the scenes of a license that is paid for in another way: the usual story up to its money, then its own."""
    paying = WAYS[way]
    usual = story(opened_on, {**terms, **paying.terms(opened_on)}, contract_no, mode=mode)
    sums = {"total_fen": paying.registered, "technical_fen": paying.registered}
    before = (
        replace(scene, payload={**scene.payload, **sums}) if scene.event == "register_contract" else scene
        for scene in takewhile(lambda scene: scene.event != BEFORE_MONEY, usual)
    )
    return (*before, *_scenes(opened_on, paying.rows(opened_on)))


def _scenes(opened_on: date, rows: Sequence[Row]) -> tuple[Scene, ...]:
    """Return rows as scenes in the order of their days."""
    return tuple(
        Scene(event, role, opened_on + timedelta(days=number), payload)
        for event, role, number, payload in sorted(rows, key=lambda row: row[2])
    )


def _license(opened_on: date) -> tuple[Row, ...]:
    """Return the scenes of a license from the signature on."""

    def day(number: int) -> date:
        return opened_on + timedelta(days=number)

    def text(number: int) -> str:
        return day(number).isoformat()

    return (
        (
            "sign", "officer", 30,
            {"signed_on": text(30), "licensor_signatory": "授权代表", "licensee_signatory": "法定代表人"},
        ),
        ("take_effect", "officer", 30, {"effective_on": text(30)}),
        ("submit_filing", "officer", 40, {"submitted_on": text(40), "receipt_no": f"SL{day(40):%Y%m%d}01"}),
        ("record_duty", "finance", 41, {"duty": "stamp_duty", "done_on": text(41), "reference": "完税凭证"}),
        ("apply_registration", "officer", 42, {"applied_on": text(42), "office": "沧澜市技术合同认定登记机构"}),
        ("receive_correction", "officer", 45, {"received_on": text(45), "content": "补充被许可人主体资格证明"}),
        ("answer_correction", "officer", 47, {"answered_on": text(47)}),
        (
            "register_contract", "officer", 50,
            {
                "registered_on": text(50), "registration_no": f"{day(50):%Y}440000000123", "total_fen": "120万元",
                "technical_fen": "120万元",
            },
        ),
        ("record_filing", "officer", 55, {"recorded_on": text(55), "record_no": f"X{day(55):%Y}440000123"}),
        ("report_feedback", "officer", 57, {"reported_on": text(57), "reference": "盘活系统反馈记录"}),
        (
            "record_receipt", "finance", 60,
            {"received_on": text(60), "amount_fen": "800000", "payment": "payment:1", "reference": "银行回单"},
        ),
        *distributed(opened_on),
        ("record_working", "officer", 110, {"worked_on": text(110), "evidence": "投产记录"}),
        (
            "record_industrialization", "officer", 180,
            {"industrialized_on": text(180), "product": "锂离子电池隔膜", "evidence": "首批销售合同与发票"},
        ),
        (
            "record_product_filing", "officer", 185,
            {"filed_on": text(185), "product": "锂离子电池隔膜", "filed_by": "被许可人", "filing_no": f"ZLCP{day(185):%Y}00012"},
        ),
        ("report_industrialization", "officer", 190, {"reported_on": text(190), "reference": "盘活系统反馈记录"}),
    )  # fmt: skip


def walk(
    db: Database,
    people: Mapping[str, Person],
    case_id: int,
    scenes: tuple[Scene, ...],
    *,
    until: str | None = None,
) -> Iterator[Advanced]:
    """Take the scenes in order, up to and including `until`, and yield what came of each."""
    for scene in scenes:
        yield advance(
            db, case_id, scene.event, people[scene.role], scene.payload,
            expected_version=None, today=scene.on, now=datetime.combine(scene.on, MORNING),
        )  # fmt: skip
        if scene.event == until:
            return
