"""What outbox rows ask for, without Prefect: reminders become letters, papers become files, nothing twice."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlmodel import col, func, select

from cases.advance import advance
from cases.backlog import backlog
from cases.errors import NotFound
from cases.outbox import MAX_ATTEMPTS, claim, fail, finish
from cases.papers import document_of, request_document
from cases.reminders import remind
from cases.settings import Settings
from cases.tables import Company, Document, Message, Outbox
from contracts.change_forms import CHANGE_PAPERS
from contracts.pack import PackCheck, verify_pack
from contracts.pdf import RenderedPdf, RenderJob
from contracts.pool import RenderPool
from desk.story import story, terms_of, walk
from flows.shown import compared_fields, documents_of
from flows.work import NO_PAPERS, TOPICS, Workshop, perform
from tests.flows.conftest import free_port
from tests.modes.acting import act, day
from tests.modes.story import walk_to
from tests.stored import place
from tests.world import TODAY, World

NOW = datetime(2026, 6, 1, 1, tzinfo=UTC)


class Mailbox:
    """A real SMTP peer that keeps what it is given."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        content = getattr(envelope, "content")  # noqa: B009
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def shop(world: World, tmp_path: Path, renderers: RenderPool) -> Iterator[Workshop]:
    settings = Settings(home=tmp_path, database_url=str(world.db.url))
    made = Workshop(world.db, settings, renderers, clock=lambda: NOW)
    yield made
    if made.postman is not None:
        made.postman.close()


def _hand_on(shop: Workshop) -> None:
    while works := claim(shop.db, NOW):
        for work in works:
            perform(shop, work)
            finish(shop.db, work, NOW)


def test_reminder_reaches_the_mailbox_once_with_what_it_is_about(
    world: World, shop: Workshop, mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    shop.settings = replace(shop.settings, smtp_host="127.0.0.1", smtp_port=port)
    walk_to(world, world.case(), "take_effect")
    with world.db.cursor() as cur:
        cur.run("UPDATE outbox SET status = 'done'")
    on = TODAY + timedelta(
        days=62
    )  # stamp duty, which finance sees to, is two weeks late by then: the approver is told
    assert remind(world.db, on, NOW, mail=True).messages == 3
    assert remind(world.db, on, NOW, mail=True).messages == 0
    _hand_on(shop)
    _hand_on(shop)
    assert sorted(letter["To"] for letter in box.letters) == [
        "approver@example.invalid", "finance@example.invalid", "officer@example.invalid",
    ]  # fmt: skip
    letter = next(letter for letter in box.letters if letter["To"] == "officer@example.invalid")
    body = letter.get_body(("plain",))
    html = letter.get_body(("html",))
    assert body is not None and html is not None
    assert "许可合同备案" in body.get_content()
    assert "2026-07-01" in html.get_content()
    with world.db.read() as session:
        assert [message.mail_status for message in session.exec(select(Message))] == ["sent"] * 3


def test_mail_server_away_means_later_then_dead_with_its_reason(world: World, shop: Workshop) -> None:
    shop.settings = replace(shop.settings, smtp_host="127.0.0.1", smtp_port=9)
    walk_to(world, world.case(), "take_effect")
    with world.db.cursor() as cur:
        cur.run("UPDATE outbox SET status = 'done'")
    assert remind(world.db, TODAY + timedelta(days=40), NOW, mail=True).messages == 2
    later = NOW
    for _ in range(MAX_ATTEMPTS):
        for work in claim(world.db, later):
            with pytest.raises(Exception, match="拒绝连接"):
                perform(shop, work)
            fail(world.db, work, "邮件服务器无法连接", later)
        later += timedelta(days=1)
    with world.db.read() as session:
        rows = session.exec(select(Outbox).where(Outbox.topic == "mail")).all()
    assert [(row.status, row.error) for row in rows] == [("dead", "邮件服务器无法连接")] * 2


def test_papers_of_a_case_are_made_once_and_the_pack_verifies(world: World, shop: Workshop) -> None:
    case_id = world.case(patents=2)
    walk_to(world, case_id, "take_effect")
    _hand_on(shop)
    with world.db.read() as session:
        # Ten papers on the way, the approval form a second time with its decisions; approvers told; filing papers.
        assert backlog(session) == {}
        assert session.exec(select(func.count()).select_from(Outbox)).one() == 12
        documents = session.exec(select(Document).order_by(Document.id)).all()  # type: ignore[arg-type]
    newest = {document.kind: document for document in documents}
    assert {d.status for d in newest.values()} == {"ready"}
    assert [d.kind for d in documents].count("contract") == 3
    assert (newest["contract"].draft, newest["contract"].pages >= 8) == (False, True)
    pack = (place(shop.settings, newest["filing_pack"].sha256)).read_bytes()
    checked = verify_pack(pack)
    assert checked.problems == ()
    assert len(checked.names) == 4

    TOPICS["file_contract"](shop, {"case_id": case_id}, "")
    with world.db.read() as session:
        again = session.exec(select(Document)).all()
    assert len(again) == len(documents)


def test_every_act_has_a_pack_with_cover_checklist_and_what_was_compared(
    world: World, shop: Workshop
) -> None:
    case_id = world.case(patents=2, mode="transfer")
    scenes = story(TODAY, terms_of(TODAY, mode="transfer"), contract_no="ZR-1", mode="transfer")
    list(walk(world.db, world.people, case_id, scenes, until="take_effect"))
    _hand_on(shop)
    for kind in ("registration_sheet", "registration_pack", "registration_pack"):
        request_document(world.db, world.person("officer"), case_id, kind, now=shop.clock())
        _hand_on(shop)
    with world.db.read() as session:
        rows = session.exec(select(Document).where(Document.kind == "registration_pack")).all()
    assert len({row.sha256 for row in rows}) == 1
    data = place(shop.settings, rows[0].sha256).read_bytes()
    checked = verify_pack(data)
    assert (checked.problems, checked.names) == (
        (),
        ("00-材料目录.pdf", "01-技术合同认定登记表（资料）.pdf", "02-完整的合同文本及附件.pdf"),
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        told = json.loads(archive.read("manifest.json"))
    assert told["meta"]["act"] == "技术合同认定登记"
    assert {row["paper"]: row["state"] for row in told["checklist"]}["双方主体资格证明"] == "missing"
    assert len(told["compared"]) > 30


def test_pack_does_not_leave_when_the_record_differs(world: World, shop: Workshop) -> None:
    case_id = world.case(patents=2)
    walk_to(world, case_id, "sign")
    _hand_on(shop)
    with world.db.write() as session:
        company = session.get(Company, world.company_id)
        assert company is not None
        company.address = "新地址"
    act(world, case_id, "take_effect", 50, effective_on=day(50))
    _hand_on(shop)
    pack = _papers(shop, case_id)["filing_pack"]
    assert pack.status == "failed"
    assert "材料核对不一致，未打包：被许可人地址" in pack.error


def _papers(shop: Workshop, case_id: int) -> dict[str, Document]:
    """The newest version of each paper of a case."""
    with shop.db.read() as session:
        query = select(Document).where(Document.case_id == case_id).order_by(col(Document.id))
        return {document.kind: document for document in session.exec(query)}


def _pack(shop: Workshop, papers: dict[str, Document]) -> PackCheck:
    pack = papers["filing_pack"]
    return verify_pack(place(shop.settings, pack.sha256).read_bytes())


CHANGE_PACK = ["材料目录", "著录项目变更申报书", "著录项目变更理由证明", "合同", "委托书"]


def test_change_of_owner_is_packed_once_a_transfer_is_in_force(world: World, shop: Workshop) -> None:
    case_id = world.case(patents=2, mode="transfer")
    scenes = story(TODAY, terms_of(TODAY, mode="transfer"), contract_no="ZR-1", mode="transfer")
    list(walk(world.db, world.people, case_id, scenes, until="take_effect"))
    _hand_on(shop)
    papers = _papers(shop, case_id)
    assert {paper.status for paper in papers.values()} == {"ready"}
    checked = _pack(shop, papers)
    assert checked.problems == ()
    assert [any(part in name for name in checked.names) for part in CHANGE_PACK] == [True] * 5


def test_pack_of_a_transfer_can_be_made_after_the_patents_have_moved(world: World, shop: Workshop) -> None:
    case_id = world.case(mode="transfer")
    scenes = story(TODAY, terms_of(TODAY, mode="transfer"), contract_no="ZR-1", mode="transfer")
    list(walk(world.db, world.people, case_id, scenes, until="record_filing"))
    _hand_on(shop)
    assert _papers(shop, case_id)["filing_pack"].error == ""


def test_change_of_a_contribution_waits_for_the_company_that_takes_the_patents(
    world: World, shop: Workshop
) -> None:
    case_id = world.case(mode="equity")
    scenes = story(TODAY, contract_no="GQ-1", mode="equity")
    list(walk(world.db, world.people, case_id, scenes, until="take_effect"))
    _hand_on(shop)
    assert {"change_form", "filing_pack"} & set(_papers(shop, case_id)) == set()
    register = next(scene for scene in scenes if scene.event == "register_company")
    done = [scene.event for scene in scenes].index("take_effect") + 1
    list(walk(world.db, world.people, case_id, scenes[done : scenes.index(register) + 1]))
    _hand_on(shop)
    papers = _papers(shop, case_id)
    assert {papers[kind].status for kind in (*CHANGE_PAPERS, "filing_pack")} == {"ready"}
    assert (_pack(shop, papers).problems, len(_pack(shop, papers).names)) == ((), 5)


def test_registration_sheet_is_made_when_the_contract_goes_to_the_office(
    world: World, shop: Workshop
) -> None:
    case_id = world.case()
    walk_to(world, case_id, "take_effect")
    act(world, case_id, "apply_registration", 35, applied_on=day(35), office="沧澜市技术市场")
    _hand_on(shop)
    assert _papers(shop, case_id)["registration_sheet"].status == "ready"


def test_mode_without_an_official_act_has_no_filing_papers(world: World, shop: Workshop) -> None:
    case_id = world.case(mode="development")
    assert TOPICS["file_contract"](shop, {"case_id": case_id}, "") == NO_PAPERS
    assert _papers(shop, case_id) == {}


def test_pack_is_refused_when_the_record_changed_after_signing(world: World, shop: Workshop) -> None:
    case_id = world.case()
    walk_to(world, case_id, "sign")
    _hand_on(shop)
    with world.db.cursor() as cur:
        cur.run("UPDATE patent SET title = ? WHERE id = ?", "另一个名称", world.patent_ids[0])
    advance(
        world.db, case_id, "take_effect", world.person("officer"), {"effective_on": "2026-04-01"},
        expected_version=None, today=TODAY + timedelta(days=30), now=NOW,
    )  # fmt: skip
    _hand_on(shop)
    with world.db.read() as session:
        pack = session.exec(select(Document).where(Document.kind == "filing_pack")).one()
    assert pack.status == "failed"
    assert "另一个名称" in pack.error


class Endless(RenderPool):
    """A pool to which every document comes as one that its engine never finishes."""

    def render_job(self, job: RenderJob, *, urgent: bool = True) -> RenderedPdf:
        endless = "<div style='display:flex'>" * 14 + "x" + "</div>" * 14
        return super().render_job(replace(job, html=endless, tables=()), urgent=urgent)


class Growing(RenderPool):
    """A pool to which every document comes as one that needs more memory than there is."""

    def render_job(self, job: RenderJob, *, urgent: bool = True) -> RenderedPdf:
        growing = "<table>" + "<tr><td colspan=65534>x</td></tr>" * 400 + "</table>"
        return super().render_job(replace(job, html=growing, tables=()), urgent=urgent)


@pytest.mark.parametrize(
    ("kind_of_pool", "limits", "reason"),
    [(Endless, {"timeout": 4.0}, "超过 4 秒，已停止"), (Growing, {"memory": 500 * 1024**2}, "内存")],
)
def test_document_without_end_fails_with_its_reason_and_can_be_asked_for_again(
    world: World, shop: Workshop, renderers: RenderPool, kind_of_pool: type[RenderPool],
    limits: dict[str, float], reason: str,
) -> None:  # fmt: skip
    case_id = world.case()
    walk_to(world, case_id, "approve")
    officer = world.person("officer")
    asked = request_document(world.db, officer, case_id, "approval_form", now=NOW)
    with kind_of_pool(renderers.fonts, processes=1, **limits) as pool:  # type: ignore[arg-type]
        shop.renderer = pool
        assert reason in TOPICS["render"](shop, {"document_id": asked}, "")
    with world.db.read() as session:
        failed = document_of(session, officer.org_id, asked)
    assert (failed.status, reason in failed.error) == ("failed", True)
    shop.renderer = renderers
    again = request_document(world.db, officer, case_id, "approval_form", now=NOW)
    TOPICS["render"](shop, {"document_id": again}, "")
    assert _papers(shop, case_id)["approval_form"].status == "ready"


def test_unknown_ids_end_in_a_clear_error_or_harmlessly(world: World, shop: Workshop) -> None:
    for topic, payload in (("register", {"import_id": 77}), ("file_contract", {"case_id": 77})):
        with pytest.raises(NotFound, match="没有编号为77的"):
            TOPICS[topic](shop, payload, "")
    assert TOPICS["render"](shop, {"document_id": 77}, "") == "文书已不存在"


def test_case_that_has_ended_gets_no_filing_papers_any_more(world: World, shop: Workshop) -> None:
    case_id = world.case()
    walk_to(world, case_id, "take_effect")
    with world.db.cursor() as cur:
        cur.run("UPDATE conversion_case SET state = ' withdrawn ', stage = 'end' WHERE id = ?", case_id)
        before = cur.one("SELECT count(*) FROM document")
    assert TOPICS["file_contract"](shop, {"case_id": case_id}, "") == NO_PAPERS
    with world.db.cursor() as cur:
        assert cur.one("SELECT count(*) FROM document") == before


def test_artifacts_show_fields_side_by_side_and_papers_with_links(world: World, shop: Workshop) -> None:
    case_id = world.case()
    walk_to(world, case_id, "take_effect")
    _hand_on(shop)
    fields, papers = compared_fields(shop, case_id), documents_of(shop, case_id)
    assert {row["结果"] for row in fields} == {"一致"}
    assert {"合同", "表格", "登记"} <= set(fields[0])
    made = {str(row["文书"]): str(row["链接"]) for row in papers if row["状态"] == "已生成"}
    assert all(
        re.fullmatch(rf"\[下载\]\(http://127.0.0.1:8000/cases/{case_id}/documents/\d+\)", url)
        for url in made.values()
    )
    assert len(made) >= 3
    assert compared_fields(shop, 77) == []
