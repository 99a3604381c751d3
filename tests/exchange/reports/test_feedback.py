"""The batch for the national platform: what is owed, by a mapping, until an officer has confirmed it."""

from pathlib import Path

import pytest

from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.reports import confirm_submitted, report_view, reports
from cases.tables import Patent
from desk.story import terms_of, whole_story
from desk.story import walk as walk_story
from exchange.reports.feedback import FIELDS
from exchange.reports.mapping import SHIPPED, MappingProblem, mapping_of
from tests.cases.dump import dump
from tests.exchange.reports.counted import content, made_on, noon, values
from tests.modes.acting import act, case_data, case_row, day, open_deadlines
from tests.modes.story import walk_to
from tests.world import TODAY, World, settle

LATER = "2026-04-27"
PAID = {"received_on": day(60), "amount_fen": 80_000_000, "payment": "payment:1", "reference": "回单"}


@pytest.fixture
def owing(any_world: World) -> tuple[World, int]:
    """A case recorded at the office on 26 April and not fed back."""
    case_id = any_world.case()
    walk_to(any_world, case_id, "record_filing")
    return any_world, case_id


def test_batch_holds_what_is_owed_with_evidence(owing: tuple[World, int], tmp_path: Path) -> None:
    world, case_id = owing
    made = made_on(world, tmp_path, "feedback", "", LATER)
    found = content(world, made)
    assert values(found) == {"rows": 1, "label:已达成独占许可": 1}
    (row,) = found.sheet("batch").rows
    told = dict(zip((column.zh for column in found.sheet("batch").columns), row.cells, strict=True))
    assert told == {
        "专利号": "ZL202010100001.9", "专利名称": "一种锂离子电池隔膜的制备方法（1）", "专利类型": "发明",
        "专利权人": "沧澜理工大学", "反馈类别": "已达成独占许可", "成交（实现）日期": "2026-04-26",
        "受让人、被许可人或合作企业": "启衡新材料股份有限公司", "企业统一社会信用代码": "91110000600037341L",
        "合同编号": "CLLG-XK-2026-007", "合同签订日期": "2026-04-01", "许可开始日期": "2026-04-01",
        "许可结束日期": "2031-03-31", "合同金额": 120_000_000, "备案或登记编号": "X2026440000123",
        "证明材料": "备案证明 X2026440000123", "本单位反馈期限": "2026-05-11", "案件编号": "ZH2026-00001",
    }  # fmt: skip
    assert (row.case_id, row.event) == (case_id, "report_feedback")
    known = {column.zh for column in found.sheet("batch").columns if column.confidence == "V"}
    assert known == {"反馈类别"}  # the nine values are known, the platform's columns are not


def test_transferred_patent_is_told_with_the_owner_that_signed(world: World, tmp_path: Path) -> None:
    case_id = world.case(mode="transfer")
    scenes = whole_story(TODAY, terms_of(TODAY, mode="transfer"), "ZR-1", mode="transfer")
    list(walk_story(world.db, world.people, case_id, scenes, until="record_filing"))
    with world.db.read() as session:
        owner = session.get(Patent, world.patent_ids[0])
        assert owner is not None
        assert owner.owners == '["启衡新材料股份有限公司"]'
    found = content(world, made_on(world, tmp_path, "feedback", "", "2026-05-04"))
    (row,) = found.sheet("batch").rows
    assert row.cells[3:7] == ("沧澜理工大学", "已转让", "2026-05-01", "启衡新材料股份有限公司")


def test_open_batch_is_one_for_all_days_until_more_is_owed(owing: tuple[World, int], tmp_path: Path) -> None:
    world, first = owing
    batch = made_on(world, tmp_path, "feedback", "", LATER)
    again = made_on(world, tmp_path, "feedback", "", "2026-05-04")
    assert (again.outcome, again.report_id, again.period) == ("unchanged", batch.report_id, LATER)
    second = world.case(title="第二件")
    with world.db.cursor() as cur:  # of another patent, so that the two do not stand against each other
        cur.run("UPDATE case_patent SET patent_id = ? WHERE case_id = ?", world.patent_ids[1], second)
    walk_to(world, second, "record_filing")
    more = made_on(world, tmp_path, "feedback", "", "2026-05-04")
    assert (more.outcome, more.period, more.version, more.rows) == ("made", "2026-05-04", 1, 2)
    assert more.changes == (
        "待反馈：1 → 2", "其中：已达成独占许可：1 → 2",
        "反馈明细：新增 ZL202010100002.3 一种锂离子电池隔膜的制备方法（2） 发明 沧澜理工大学 已达成独占许可 2026-04-26 "
        "启衡新材料股份有限公司 91110000600037341L CLLG-XK-2026-007 2026-04-01 2026-04-01 2031-03-31 120000000 "
        "X2026440000123 备案证明 X2026440000123 2026-05-11 ZH2026-00002",
    )  # fmt: skip
    with world.db.read() as session:
        assert [one.status for one in reports(session, world.org_id)] == ["current", "superseded"]
    with pytest.raises(Conflict, match="该批次已由更新的批次代替"):
        confirm_submitted(
            world.db,
            world.person("officer"),
            batch.report_id or 0,
            "2026-05-04",
            "记录1号",
            noon("2026-05-04"),
        )
    assert "feedback" in open_deadlines(world, first)


def test_confirmed_batch_is_fed_back_in_its_cases_once(owing: tuple[World, int], tmp_path: Path) -> None:
    world, case_id = owing
    batch = made_on(world, tmp_path, "feedback", "", LATER).report_id or 0
    asked = (world.db, world.person("officer"), batch, "2026-04-28", "盘活系统记录1号", noon("2026-04-29"))
    view = confirm_submitted(*asked)
    assert (view.status, view.submitted_by, view.reference) == ("submitted", "林知远", "盘活系统记录1号")
    assert view.answers == (
        {
            "case_id": case_id,
            "event": "report_feedback",
            "case_no": "ZH2026-00001",
            "outcome": "recorded",
            "reason": "",
        },
    )
    assert case_data(world, case_id)["feedback"] == {
        "reported_on": "2026-04-28",
        "reference": "盘活系统记录1号",
    }
    assert "feedback" not in open_deadlines(world, case_id)
    before = dump(world.db)
    assert confirm_submitted(*asked) == view
    assert dump(world.db) == before
    with pytest.raises(Conflict, match="该批次已由林知远确认于2026-04-28提交"):
        confirm_submitted(*asked[:4], "另一凭证", noon("2026-04-30"))
    assert made_on(world, tmp_path, "feedback", "", "2026-05-04").outcome == "nothing"


def test_interrupted_confirmation_goes_on_where_it_was(owing: tuple[World, int], tmp_path: Path) -> None:
    world, case_id = owing
    batch = made_on(world, tmp_path, "feedback", "", LATER).report_id or 0
    asked = (world.db, world.person("officer"), batch, "2026-04-28", "盘活系统记录1号", noon("2026-04-29"))
    confirm_submitted(*asked)
    version = case_row(world, case_id).version
    with world.db.cursor() as cur:  # as if the process had ended before it wrote the batch
        cur.run("UPDATE report SET status = 'current', answers = '[]'")
    assert [one["outcome"] for one in confirm_submitted(*asked).answers] == ["recorded"]
    assert case_row(world, case_id).version == version


def test_feedback_recorded_by_hand_counts_and_empties_the_batch(
    owing: tuple[World, int], tmp_path: Path
) -> None:
    world, case_id = owing
    batch = made_on(world, tmp_path, "feedback", "", LATER).report_id or 0
    act(world, case_id, "report_feedback", 57, reported_on=day(57), reference="手工登记")
    view = confirm_submitted(
        world.db, world.person("officer"), batch, "2026-04-29", "记录1号", noon("2026-04-29")
    )
    assert (view.status, [one["outcome"] for one in view.answers]) == ("submitted", ["already"])


def test_case_that_refuses_keeps_the_batch_open_and_says_why(
    owing: tuple[World, int], tmp_path: Path
) -> None:
    world, case_id = owing
    batch = made_on(world, tmp_path, "feedback", "", LATER).report_id or 0
    early = confirm_submitted(
        world.db, world.person("officer"), batch, "2026-04-20", "记录1号", noon("2026-04-29")
    )
    (answer,) = early.answers
    assert (early.status, answer["outcome"]) == ("current", "refused")
    assert "反馈日期2026-04-20早于备案日期2026-04-26" in answer["reason"]
    assert "feedback" not in case_data(world, case_id)
    late = confirm_submitted(
        world.db, world.person("officer"), batch, "2026-04-28", "记录1号", noon("2026-04-29")
    )
    assert late.status == "submitted"


def test_closed_case_refuses_and_owes_nothing(owing: tuple[World, int], tmp_path: Path) -> None:
    world, case_id = owing
    batch = made_on(world, tmp_path, "feedback", "", LATER).report_id or 0
    with world.db.cursor() as cur:
        cur.run("UPDATE conversion_case SET state = 'terminated', stage = 'end', closed_on = '2026-04-27' WHERE id = ?",
                case_id)  # fmt: skip
    before = case_row(world, case_id).version
    view = confirm_submitted(
        world.db, world.person("officer"), batch, "2026-04-28", "记录1号", noon("2026-04-29")
    )
    assert [one["outcome"] for one in view.answers] == ["refused"]
    assert case_row(world, case_id).version == before
    assert made_on(world, tmp_path, "feedback", "", "2026-05-04").outcome == "nothing"
    with world.db.read() as session:
        assert report_view(session, world.org_id, batch).status == "superseded"


def test_wrong_confirmations_are_told(owing: tuple[World, int], tmp_path: Path) -> None:
    world, _ = owing
    batch = made_on(world, tmp_path, "feedback", "", LATER).report_id or 0
    month = made_on(world, tmp_path, "monthly", "2026-03", LATER).report_id or 0
    officer, moment = world.person("officer"), noon("2026-04-29")
    other = settle(world.db, "另一所大学", "other-")
    before = dump(world.db)
    with pytest.raises(Invalid) as wrong:
        confirm_submitted(world.db, officer, batch, "2026-04-30", " ", moment)
    assert wrong.value.fields == {
        "reported_on": "提交日期不能晚于今日2026-04-29",
        "reference": "请填写反馈凭证（系统记录编号或截图存放位置），2至200个字",
    }
    with pytest.raises(Invalid, match="只有盘活系统反馈批次需要确认提交"):
        confirm_submitted(world.db, officer, month, "2026-04-28", "记录1号", moment)
    with pytest.raises(Forbidden, match="报告由转化专员或管理员生成和确认"):
        confirm_submitted(world.db, world.person("finance"), batch, "2026-04-28", "记录1号", moment)
    for stranger, wanted in ((other.person("officer"), batch), (officer, 999)):
        with pytest.raises(NotFound, match="没有找到该报告"):
            confirm_submitted(world.db, stranger, wanted, "2026-04-28", "记录1号", moment)
    assert dump(world.db) == before


OWN = 'version = "1"\n[[columns]]\nfield = "label"\ntitle = "类别"\n[[columns]]\nfield = "patent_no"\ntitle = "号"\n'


def test_own_mapping_takes_the_place_of_the_shipped_one(owing: tuple[World, int], tmp_path: Path) -> None:
    world, _ = owing
    (tmp_path / "mappings").mkdir()
    (tmp_path / "mappings" / "feedback.toml").write_text(OWN, "utf-8")
    found = content(world, made_on(world, tmp_path, "feedback", "", LATER))
    assert [(one.zh, one.confidence) for one in found.sheet("batch").columns] == [("类别", "U"), ("号", "U")]
    assert [row.cells for row in found.sheet("batch").rows] == [("已达成独占许可", "ZL202010100001.9")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("version = ", "无法读取"),
        (OWN.replace('"类别"', '"号"'), "栏目标题重复：号"),
        (OWN.replace('"label"', '"lable"'), "缺少必需的字段：label"),
        (
            OWN + '[[columns]]\nfield = "price"\ntitle = "价格"\n',
            "没有这些字段：price。可用的字段：amount_wan",
        ),
        (OWN + "colour = 1\n", "colour"),
    ],
)
def test_wrong_mapping_is_told_with_its_file(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "mappings" / "feedback.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    with pytest.raises(MappingProblem) as problem:
        mapping_of(tmp_path, frozenset(FIELDS))
    assert str(path) in str(problem.value)
    assert told in str(problem.value)


def test_shipped_mapping_is_usable(tmp_path: Path) -> None:
    assert SHIPPED.is_file()
    assert len(mapping_of(tmp_path, frozenset(FIELDS)).columns) == 17
