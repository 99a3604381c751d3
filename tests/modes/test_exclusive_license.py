"""One exclusive license walked straight through the real actions, on both databases."""

import orjson
from sqlmodel import col, select

from cases.tables import Deadline, Document, LabelEvent, Outbox
from cases.trail import entries, verify
from tests.modes.acting import case_data, case_row, open_deadlines
from tests.modes.story import STORY, walk
from tests.world import World

PAYMENTS = {"payment:1": "2026-05-15", "payment:2": "2026-11-16"}
RECEIVED = {"distribution:1": "2026-08-03", "reward_tax:1": "2029-05-01"}
SECOND = {"payment:2": "2026-11-16"}
# Scene by scene: the leaf reached, and every open deadline with its date.
EXPECTED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("edit_terms", "title_pending", {}),
    ("clear_title", "title_cleared", {}),
    ("agree_price", "price_agreed", {}),
    ("post_publicity", "publicity_running", {"publicity": "2026-03-21"}),
    ("raise_objection", "publicity_paused", {}),
    ("resolve_objection", "publicity_running", {"publicity": "2026-03-26"}),
    ("close_publicity", "publicity_closed", {}),
    ("submit_approval", "approval_submitted", {}),
    ("approve", "approval_granted", {}),
    ("start_drafting", "drafting", {}),
    ("finalize_contract", "signing", {}),
    ("sign", "signed", {"stamp_duty": "2026-04-16"}),
    (
        "take_effect", "filing_due",
        {"stamp_duty": "2026-04-16", "technology_contract": "2026-05-06", "license_filing": "2026-07-01", **PAYMENTS},
    ),
    (
        "submit_filing", "filing_submitted",
        {"stamp_duty": "2026-04-16", "filing_decision": "2026-04-21", "technology_contract": "2026-05-06", **PAYMENTS},
    ),
    (
        "record_duty", "filing_submitted",
        {"filing_decision": "2026-04-21", "technology_contract": "2026-05-06", **PAYMENTS},
    ),
    (
        "apply_registration", "registration_submitted",
        {"filing_decision": "2026-04-21", "registration_decision": "2026-05-07", **PAYMENTS},
    ),
    (
        "receive_correction", "filing_correction",
        {"correction": "2026-05-06", "registration_decision": "2026-05-07", **PAYMENTS},
    ),
    (
        "answer_correction", "filing_submitted",
        {"filing_decision": "2026-04-28", "registration_decision": "2026-05-07", **PAYMENTS},
    ),
    ("register_contract", "registered", {"filing_decision": "2026-04-28", **PAYMENTS}),
    ("record_filing", "filing_recorded", {"feedback": "2026-05-11", **PAYMENTS}),
    ("report_feedback", "feedback_reported", PAYMENTS),
    ("record_receipt", "rewards_due", {**RECEIVED, **SECOND}),
    ("plan_distribution", "rewards_planned", {**RECEIVED, **SECOND}),
    ("post_reward_publicity", "rewards_publicized", {"reward_publicity": "2026-05-25", **RECEIVED, **SECOND}),
    ("close_reward_publicity", "rewards_confirmed", {**RECEIVED, **SECOND}),
    ("pay_rewards", "rewards_idle", {"reward_filing:1": "2026-07-15", **SECOND}),
    ("record_duty", "rewards_idle", SECOND),
    ("record_working", "worked", SECOND),
    ("record_industrialization", "industrialized", {"industrialization_feedback": "2026-09-14", **SECOND}),
    (
        "record_product_filing", "industrialized",
        {"industrialization_feedback": "2026-09-14", "product_update": "2027-03-31", **SECOND},
    ),
    ("report_industrialization", "industrialization_reported", {"product_update": "2027-03-31", **SECOND}),
)  # fmt: skip
# Every deadline that ever stood, in the order of opening: (key, base day, nominal, due, roll, status, closed on).
DEADLINES = (
    ("publicity", "2026-03-05", "2026-03-21", "2026-03-21", "", "dropped", "2026-03-10"),
    ("publicity", "2026-03-05", "2026-03-26", "2026-03-26", "", "met", "2026-03-26"),
    ("stamp_duty", "2026-04-01", "2026-04-16", "2026-04-16", "", "met", "2026-04-12"),
    ("license_filing", "2026-04-01", "2026-07-01", "2026-07-01", "", "met", "2026-04-11"),
    ("technology_contract", "2026-04-01", "2026-05-01", "2026-05-06", "next_workday", "met", "2026-04-13"),
    ("payment:1", "2026-04-01", "2026-05-15", "2026-05-15", "", "met", "2026-05-01"),
    ("payment:2", "2026-04-01", "2026-11-16", "2026-11-16", "", "open", "None"),
    ("filing_decision", "2026-04-11", "2026-04-21", "2026-04-21", "", "dropped", "2026-04-16"),
    ("registration_decision", "2026-04-13", "2026-05-07", "2026-05-07", "", "met", "2026-04-21"),
    ("correction", "2026-04-16", "2026-05-01", "2026-05-06", "next_workday", "met", "2026-04-18"),
    ("filing_decision", "2026-04-18", "2026-04-28", "2026-04-28", "", "met", "2026-04-26"),
    ("feedback", "2026-04-26", "2026-05-11", "2026-05-11", "", "met", "2026-04-28"),
    ("distribution:1", "2026-05-01", "2026-08-03", "2026-08-03", "", "met", "2026-06-10"),
    ("reward_tax:1", "2026-05-01", "2029-05-01", "2029-05-01", "", "met", "2026-06-10"),
    ("reward_publicity", "2026-05-04", "2026-05-25", "2026-05-25", "", "met", "2026-06-08"),
    ("reward_filing:1", "2026-06-10", "2026-07-15", "2026-07-15", "", "met", "2026-06-15"),
    (
        "industrialization_feedback",
        "2026-08-29",
        "2026-09-13",
        "2026-09-14",
        "next_workday",
        "met",
        "2026-09-08",
    ),
    ("product_update", "2026-09-03", "2027-03-31", "2027-03-31", "", "open", "None"),
)
DOCUMENTS = (
    ("publicity_notice", 1, False), ("objection_procedure", 1, False), ("objection_receipt", 1, False),
    ("objection_reply", 1, False), ("approval_form", 1, False), ("interest_statement", 1, False),
    ("approval_form", 2, False), ("contract", 1, True), ("contract", 2, False), ("contract", 3, False),
    ("registration_sheet", 1, False), ("reward_table", 1, False), ("reward_table", 2, False),
)  # fmt: skip
WORK = (*["render"] * 6, "notify_approvers", *["render"] * 4, "file_contract", *["render"] * 3)


def test_each_scene_reaches_its_place_and_its_deadlines(any_world: World) -> None:
    case_id = any_world.case()
    version = case_row(any_world, case_id).version
    for (event, leaf, deadlines), done in zip(EXPECTED, walk(any_world, case_id), strict=True):
        version += 1
        assert (done.event, done.version, done.seq, done.voids) == (event, version, version, ())
        assert leaf in done.position, event
        assert open_deadlines(any_world, case_id) == deadlines, event


def test_story_leaves_its_record_behind(any_world: World) -> None:
    case_id = any_world.case()
    *_, last = walk(any_world, case_id)
    case = case_row(any_world, case_id)
    assert (case.number, case.stage, tuple(case.state.split())) == (
        "ZH2026-00001",
        "performance",
        last.position,
    )
    assert (case.version, case.trail_seq, case.closed_on) == (32, 32, None)
    with any_world.db.read() as session:
        rows = session.exec(select(Deadline).order_by(col(Deadline.id)))
        assert (
            tuple(
                (d.key, str(d.base_date), str(d.nominal), str(d.due), d.roll, d.status, str(d.closed_on))
                for d in rows
            )
            == DEADLINES
        )
        papers = session.exec(select(Document).order_by(col(Document.id)))
        assert tuple((d.kind, d.version, d.draft) for d in papers) == DOCUMENTS
        work = session.exec(select(Outbox).order_by(col(Outbox.id))).all()
        assert tuple(row.topic for row in work) == WORK
        filing = work[WORK.index("file_contract")]
        assert orjson.loads(filing.payload) == {"case_id": case_id, "seq": 14}
        labels = session.exec(select(LabelEvent).order_by(col(LabelEvent.on)))
        assert [(label.label, str(label.on), label.patent_id) for label in labels] == [
            ("已达成独占许可", "2026-04-26", any_world.patent_ids[0]),
            ("已由被许可人实现产业化", "2026-08-29", any_world.patent_ids[0]),
        ]
        verified = verify(session)
        assert (verified.breaks, verified.entries) == ((), 32)


def test_story_binds_price_publicity_approval_and_contract_to_the_terms(world: World) -> None:
    case_id = world.case()
    list(walk(world, case_id))
    hashes = orjson.loads(case_row(world, case_id).terms_facts)["hashes"]
    data = case_data(world, case_id)
    assert {name: data[name]["hash"] for name in ("price", "publicity", "approval", "contract")} == {
        "price": hashes["publicity"], "publicity": hashes["publicity"], "approval": hashes["approval"],
        "contract": hashes["approval"],
    }  # fmt: skip
    assert (data["approval"]["body_zh"], data["approval"]["amount_fen"]) == (
        "科技成果转化中心主任审批",
        120_000_000,
    )


def test_timeline_tells_who_did_what(world: World) -> None:
    case_id = world.case()
    list(walk(world, case_id))
    with world.db.read() as session:
        told = [(entry.verb, entry.actor_name) for entry in entries(session, world.org_id, f"case:{case_id}")]
    assert told == [
        ("open_case", "林知远"),
        *((scene.event, world.person(scene.role).name) for scene in STORY),
    ]


def test_case_on_several_patents_labels_each(world: World) -> None:
    case_id = world.case(patents=3)
    list(walk(world, case_id, until="record_filing"))
    with world.db.read() as session:
        labelled = session.exec(select(LabelEvent.patent_id).order_by(col(LabelEvent.patent_id))).all()
    assert tuple(labelled) == world.patent_ids[:3]
