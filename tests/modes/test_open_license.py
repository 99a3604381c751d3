"""One open license from opening to its end: declared, gazetted, accepted by several, withdrawn while licenses go on."""

from typing import Any

import orjson
import pytest
from sqlmodel import Session, col, select

from cases.advance import Refused
from cases.errors import Invalid
from cases.opening import open_case
from cases.tables import Company, LabelEvent, Patent, TrailEntry
from cases.trail import verify
from desk.story import Scene, story
from desk.story import walk as walk_story
from tests.modes.acting import act, case_data, case_row, change_patent, day, open_deadlines, refusal
from tests.modes.story import walk_to as walk_license_to
from tests.world import INSTITUTION, NOW, TODAY, World

MODE = "open_license"
FIRST, SECOND = "启衡新材料股份有限公司", "澜海智能装备有限公司"
SCENES: tuple[Scene, ...] = story(TODAY, mode=MODE, companies=(FIRST, SECOND))
SIGNED = {"licensor_signatory": "授权代表", "licensee_signatory": "冯立"}
PAID: dict[str, Any] = {"amount_fen": "10万元", "reference": "回单9"}


def _companies(world: World) -> None:
    with world.db.write() as session:
        for name, address, foreign in (
            (SECOND, "沧澜市港口路3号", False),
            ("海外制造有限公司", "某国某市", True),
        ):
            session.add(
                Company(org_id=world.org_id, name=name, address=address, is_foreign=foreign, created_at=NOW)
            )


def _walk_to(world: World, until: str, **opening: Any) -> int:
    _companies(world)
    case_id = world.case(mode=MODE, title="隔膜专利开放许可", **opening)
    list(walk_story(world.db, world.people, case_id, SCENES, until=until))
    return case_id


def _notice(company: str, number: int) -> dict[str, Any]:
    return {
        "company": company, "notified_on": day(number), "notice": "通知9", "start": day(number), "end": day(900),
    }  # fmt: skip


def _flags(session: Session, patent_id: int) -> list[str]:
    found = session.get(Patent, patent_id)
    assert found is not None
    return list(orjson.loads(found.flags))


def test_open_license_is_declared_accepted_twice_and_withdrawn(any_world: World) -> None:
    """专利法 arts 50-51: the withdrawal, once gazetted, leaves the licenses reached before it alone."""
    case_id = _walk_to(any_world, SCENES[-1].event)
    row, data = case_row(any_world, case_id), case_data(any_world, case_id)
    assert (row.company_id, row.stage, "declaration_over" in row.state) == (None, "performance", True)
    assert [(one["company"], one["place"], one["effective_on"]) for one in data["acceptances"]["list"]] == [
        (FIRST, "recorded", "2026-05-03"),
        (SECOND, "due", "2026-05-12"),
    ]
    assert open_deadlines(any_world, case_id) == {
        "acceptance_stamp_duty:2": "2026-05-27", "acceptance_registration:2": "2026-06-11",
        "acceptance_filing:2": "2026-08-12", "payment:1@1": "2027-06-10", "payment:1@2": "2027-06-10",
        "distribution:1": "2026-08-03", "distribution:2": "2026-08-12", "reward_tax:1": "2029-05-03",
        "reward_tax:2": "2029-05-12",
        "payment:2@1": "2028-06-12", "payment:2@2": "2028-06-12", "payment:3@1": "2029-06-11", "payment:3@2": "2029-06-11",
    }  # fmt: skip
    with any_world.db.read() as session:
        labels = session.exec(select(LabelEvent)).all()
        assert [(label.label, label.on.isoformat()) for label in labels] == [("已达成开放许可", "2026-05-03")]
        assert verify(session).breaks == ()


def test_withdrawn_declaration_ends_with_its_last_license(any_world: World) -> None:
    case_id = _walk_to(any_world, SCENES[-1].event)
    assert set(refusal(any_world, case_id, "complete", 141)) == {
        "licenses_running",
        "duties_open",
        "payments_open",
        "receipts_undistributed",
    }
    for number, how in ((1, "terminated"), (2, "terminated")):
        given: dict[str, Any] = {
            "acceptance": str(number),
            "how": how,
            "ended_on": day(150),
            "reason": "协商一致",
        }
        act(any_world, case_id, "end_acceptance", 150, **given)
    assert open_deadlines(any_world, case_id)["acceptance_cancellation:1"] == "2026-08-31"
    act(
        any_world,
        case_id,
        "cancel_acceptance_filing",
        160,
        acceptance="1",
        cancelled_on=day(160),
        reference="注销1",
    )
    for duty in ("acceptance_stamp_duty", "acceptance_registration"):
        act(
            any_world,
            case_id,
            "record_acceptance_duty",
            160,
            acceptance="2",
            duty=duty,
            done_on=day(160),
            reference="1",
        )
    act(any_world, case_id, "plan_distribution", 162, planned_on=day(162), persons="丁某 60%\n戊某 40%")
    act(any_world, case_id, "post_reward_publicity", 162, posted_on=day(162), place="公告栏")
    act(any_world, case_id, "close_reward_publicity", 200, closed_on=day(200), result="无异议")
    act(any_world, case_id, "pay_rewards", 201, paid_on=day(201), reference="发放表1号")
    done = act(any_world, case_id, "complete", 202)
    assert (done.position, open_deadlines(any_world, case_id)) == (("completed",), {})


def test_gazette_and_withdrawal_stand_on_the_patent_with_before_and_after(any_world: World) -> None:
    case_id = _walk_to(any_world, "record_filing")
    patent_id = any_world.patent_ids[0]
    seen = []
    for event in ("record_filing", "submit_withdrawal", "record_withdrawal"):
        scene = next(scene for scene in SCENES if scene.event == event)
        if event != "record_filing":
            act(any_world, case_id, event, (scene.on - TODAY).days, **scene.payload)
        with any_world.db.read() as session:
            seen.append(_flags(session, patent_id))
    assert seen == [["open_license"], ["open_license", "open_withdrawal_filed"], []]
    with any_world.db.read() as session:
        query = select(TrailEntry.body).where(
            TrailEntry.case_id == case_id, TrailEntry.verb == "record_withdrawal"
        )
        (told,) = orjson.loads(session.exec(query).one())["register"]
    assert told["before"]["flags"] == ["open_license", "open_withdrawal_filed"]
    assert (told["application_no"], told["after"]["flags"]) == ("2020101000019", [])


def test_notice_after_the_withdrawal_reaches_no_license(world: World) -> None:
    case_id = _walk_to(world, SCENES[-1].event)
    assert refusal(world, case_id, "record_acceptance", 145, **_notice(SECOND, 141)) == ["declaration_over"]
    act(world, case_id, "record_acceptance", 145, **_notice(SECOND, 139))
    late = refusal(world, case_id, "reach_license", 146, acceptance="3", paid_on=day(145), **PAID)
    assert late == ["paid_too_late"]


@pytest.mark.parametrize(
    ("typed", "code", "remedy"),
    [
        ("7", "unknown_acceptance", f"可填：1（{FIRST}，已通知，待付款）"),
        ("第1号", "", ""),
    ],
)
def test_unknown_acceptance_is_refused_and_the_known_ones_are_listed(
    world: World, typed: str, code: str, remedy: str
) -> None:
    case_id = _walk_to(world, "record_acceptance")
    try:
        act(world, case_id, "reach_license", 62, acceptance=typed, paid_on=day(62), **PAID)
        assert code == ""
    except Refused as refused:
        (unmet,) = refused.unmet
        assert (unmet.code, unmet.remedy_zh) == (code, remedy)


def test_payment_short_of_the_declared_sum_reaches_nothing(world: World) -> None:
    case_id = _walk_to(world, "record_acceptance")
    given: dict[str, Any] = {
        "acceptance": "1",
        "paid_on": day(62),
        "amount_fen": "9万元",
        "reference": "回单",
    }
    assert refusal(world, case_id, "reach_license", 62, **given) == ["sum_short"]


def test_licensee_from_abroad_goes_by_the_export_rules(world: World) -> None:
    """专利审查指南 part 5 ch 11 §6; 技术进出口合同登记管理办法 art 6: 60 days."""
    case_id = _walk_to(world, "record_filing")
    act(world, case_id, "record_acceptance", 60, **_notice("海外制造有限公司", 60))
    given: dict[str, Any] = {"acceptance": "1", "paid_on": day(61), **PAID}
    assert refusal(world, case_id, "reach_license", 61, **given) == ["export_control"]
    assert refusal(world, case_id, "reach_license", 61, export="restricted", **given) == ["export_control"]
    act(world, case_id, "reach_license", 61, export="free", **given)
    assert open_deadlines(world, case_id)["acceptance_export:1"] == "2026-07-01"


def test_refused_filing_of_one_licensee_leaves_the_others(world: World) -> None:
    case_id = _walk_to(world, "submit_acceptance_filing")
    act(
        world,
        case_id,
        "receive_acceptance_correction",
        66,
        acceptance="1",
        received_on=day(66),
        content="补身份证明",
    )
    act(world, case_id, "answer_acceptance_correction", 68, acceptance="1", answered_on=day(68))
    act(world, case_id, "refuse_acceptance_filing", 72, acceptance="1", refused_on=day(72), reason="材料不全")
    assert open_deadlines(world, case_id)["acceptance_filing:1"] == "2026-08-03"
    again: dict[str, Any] = {
        "acceptance": "1",
        "submitted_on": day(73),
        "receipt_no": "SL2",
        "filed_by": "licensee",
    }
    act(world, case_id, "submit_acceptance_filing", 73, **again)
    assert case_data(world, case_id)["acceptances"]["list"][0]["place"] == "submitted"


def test_refused_declaration_is_handed_in_again_or_given_up(world: World) -> None:
    case_id = _walk_to(world, "answer_correction")
    act(world, case_id, "refuse_filing", 50, refused_on=day(50), reason="缺少评价报告")
    act(world, case_id, "submit_filing", 52, submitted_on=day(52), receipt_no="SL2")
    done = act(world, case_id, "withdraw_filing", 53, withdrawn_on=day(53), reason="不再开放")
    assert (done.position, open_deadlines(world, case_id)) == (("withdrawn",), {})


def test_co_owned_patent_is_declared_and_withdrawn_by_all(world: World) -> None:
    """专利审查指南 part 5 ch 11 §§3.2, 4."""
    change_patent(world, owners=f'["{INSTITUTION}", "某研究院"]')
    case_id = _walk_to(world, "finalize_contract")
    sealed: dict[str, Any] = {"signed_on": day(30), "signatory": "授权代表"}
    assert refusal(world, case_id, "sign", 30, **sealed) == ["patent_OP-07"]
    given: dict[str, Any] = {"given_by": "某研究院", "given_on": day(29), "evidence": "同意书1号"}
    act(world, case_id, "record_consent", 30, consent="co_owner", **given)
    act(world, case_id, "sign", 30, **sealed)
    act(world, case_id, "submit_filing", 32, submitted_on=day(32), receipt_no="SL1")
    act(world, case_id, "record_filing", 50, recorded_on=day(50), record_no="KF1")
    withdrawal: dict[str, Any] = {"submitted_on": day(60), "receipt_no": "CH1", "reason": "拟转让"}
    assert refusal(world, case_id, "submit_withdrawal", 60, **withdrawal) == ["co_owners_of_withdrawal"]
    act(world, case_id, "submit_withdrawal", 60, co_owners="同意书2号", **withdrawal)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"flags": '["pledged"]'}, "patent_OP-06"),
        ({"flags": '["suspended"]'}, "patent_OP-06"),
        ({"flags": '["exclusive_license"]'}, "patent_OP-06"),
        ({"status": "in_grace"}, "patent_OP-06"),
        ({"kind": "utility"}, "patent_OP-01"),
    ],
)
def test_grounds_against_an_open_license_stop_the_seal(
    world: World, changes: dict[str, Any], code: str
) -> None:
    """专利法实施细则 art 86; 专利法 art 50: no report, no declaration of a utility model."""
    case_id = _walk_to(world, "finalize_contract")
    change_patent(world, **changes)
    assert code in refusal(world, case_id, "sign", 30, signed_on=day(30), signatory="授权代表")


def test_ground_that_arises_later_has_the_declaration_withdrawn_and_licensees_told(world: World) -> None:
    """专利审查指南 part 5 ch 11 §§2, 4: withdraw and tell the licensees, or the office ends it."""
    case_id = _walk_to(world, "reach_license")
    given: dict[str, Any] = {"ground": "suspended", "found_on": day(80), "withdraw_by": day(90)}
    act(world, case_id, "record_bar", 80, **given)
    pressing = {
        key: due for key, due in open_deadlines(world, case_id).items() if key[:4] in ("open", "lice")
    }
    assert pressing == {"open_withdrawal": "2026-05-31", "licensee_notice": "2026-05-31"}
    office: dict[str, Any] = {
        "how": "ended",
        "gazetted_on": day(95),
        "reference": "通知1号",
        "reason": "未撤回",
    }
    act(world, case_id, "record_revocation", 95, **office)
    act(world, case_id, "notify_licensees", 96, notified_on=day(96), reference="函1号", all_told="是")
    assert not {"open_withdrawal", "licensee_notice"} & set(open_deadlines(world, case_id))


def test_patent_that_lapses_underway_ends_every_license(world: World) -> None:
    case_id = _walk_to(world, "record_acceptance_filing")
    ended: dict[str, Any] = {
        "patent": "ZL202010100001.9",
        "how": "lapsed",
        "ended_on": day(90),
        "reason": "未缴年费",
    }
    done = act(world, case_id, "record_patent_ended", 92, **ended)
    found = open_deadlines(world, case_id)
    assert (done.position, "acceptance_cancellation:1" in found, "acceptance_filing:2" in found) == (
        ("duties_due",), True, False,
    )  # fmt: skip
    with world.db.read() as session:
        assert _flags(session, world.patent_ids[0]) == []


@pytest.mark.parametrize("narrow", ["exclusive_license", "sole_license"])
def test_declaration_and_narrow_license_exclude_each_other(any_world: World, narrow: str) -> None:
    """专利法 art 51(3): no exclusive or sole license while the patent is open; 专利法实施细则 art 86 the other way."""
    other = any_world.case(mode=narrow, title="乙公司许可")
    walk_license_to(any_world, other, "finalize_contract")
    case_id = _walk_to(any_world, "record_filing")
    refused = refusal(any_world, other, "sign", 57, signed_on=day(57), **SIGNED)
    assert refused == ["patent_OP-10", "conflicting_case"]
    for event in ("submit_withdrawal", "record_withdrawal"):
        scene = next(scene for scene in SCENES if scene.event == event)
        act(any_world, case_id, event, (scene.on - TODAY).days, **scene.payload)
    assert "signed" in act(any_world, other, "sign", 141, signed_on=day(141), **SIGNED).position


def test_declaration_is_not_handed_in_beside_a_signed_exclusive_license(any_world: World) -> None:
    other = any_world.case(title="甲公司独占许可")
    walk_license_to(any_world, other, "finalize_contract")
    case_id = _walk_to(any_world, "finalize_contract")
    act(any_world, other, "sign", 30, signed_on=day(30), **SIGNED)
    assert refusal(any_world, case_id, "sign", 31, signed_on=day(31), signatory="授权代表") == [
        "conflicting_case"
    ]


def test_case_is_opened_without_a_company_and_only_so(world: World) -> None:
    officer, chosen = world.person("officer"), world.patent_ids[:1]
    for mode, company_id, reason in (
        (
            MODE,
            world.company_id,
            "开放许可面向不特定的被许可人，立案时不选企业；被许可人在其书面通知到达后逐一登记",
        ),
        ("sole_license", None, "请选择企业；没有登记的，请先登记企业"),
    ):
        with pytest.raises(Invalid) as invalid:
            open_case(
                world.db, officer, mode=mode, title="隔膜许可", patent_ids=chosen, company_id=company_id, today=TODAY,
            )  # fmt: skip
        assert invalid.value.fields == {"company_id": reason}


def test_licensee_must_be_registered_with_its_address(world: World) -> None:
    case_id = _walk_to(world, "record_filing")
    assert refusal(world, case_id, "record_acceptance", 60, **_notice("无此公司", 60)) == ["unknown_company"]
    with world.db.write() as session:
        company = session.exec(select(Company).where(col(Company.name) == SECOND)).one()
        company.address = ""
    assert refusal(world, case_id, "record_acceptance", 60, **_notice(SECOND, 60)) == ["no_licensee_address"]
