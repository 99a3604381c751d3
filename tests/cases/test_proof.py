"""Approved = signed = filed: every link agrees where all was done as it should be, and a difference is named where it is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cases.case_files import keep_file
from cases.case_view import case_view
from cases.errors import Invalid, NotFound
from cases.papers import document_of, render_document, request_document
from cases.proof import Link, proof_of
from cases.settings import Settings
from cases.signing import sign_contract
from cases.tables import Document
from cases.trail import entries
from contracts.documents import build_job
from contracts.pack import PackItem, build_pack
from contracts.pdf import Renderer
from tests.cases import uploads
from tests.cases.test_signing import finalized, settings
from tests.modes.acting import act, day
from tests.modes.story import STORY
from tests.stored import place
from tests.world import NOW, World, settle

__all__ = ["settings"]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def links(world: World, settings: Settings, case_id: int) -> tuple[Link, ...]:
    with world.db.read() as session:
        return proof_of(world.db, session, settings, world.org_id, case_id)


def answers(world: World, settings: Settings, case_id: int) -> list[str]:
    return [link.answer for link in links(world, settings, case_id)]


def upload(
    world: World, settings: Settings, case_id: int, name: str, data: bytes, kind: str = "signed_contract"
) -> int:
    officer = world.person("officer")
    return keep_file(
        world.db, settings, officer, case_id, kind=kind, filename=name, data=data, now=NOW
    ).file.id


def printed_contract(world: World, settings: Settings, renderer: Renderer, case_id: int) -> bytes:
    """Return a new version of the contract."""
    document_id = request_document(world.db, world.person("officer"), case_id, "contract", now=NOW)
    render_document(world.db, settings, renderer, document_id, NOW)
    with world.db.read() as session:
        view = document_of(session, world.org_id, document_id)
    return place(settings, view.sha256).read_bytes()


def altered(world: World, settings: Settings, renderer: Renderer, case_id: int, old: str, new: str) -> bytes:
    """Return the case's contract with other words on its pages, and the same data inside."""
    with world.db.read() as session:
        job = build_job(
            "contract", case_view(world.db, session, world.org_id, case_id, draft=False, kind="contract")
        )
    assert old in job.html
    return renderer.render_job(replace(job, html=job.html.replace(old, new))).data


def put_into_pack(world: World, settings: Settings, case_id: int, contract: bytes) -> None:
    """Store a filing pack that holds this contract."""
    item = PackItem("01-合同.pdf", contract, "合同", "备案材料")
    digest = settings.files.store(build_pack([item], {"case": "1"}))
    with world.db.write() as session:
        session.add(
            Document(
                org_id=world.org_id, case_id=case_id, kind="filing_pack", version=1, title="备案材料包", filename="a.zip",
                draft=False, status="ready", sha256=digest, size=1, requested_seq=1, requested_at=NOW,
            )
        )  # fmt: skip


def test_new_case_waits_for_every_link(world: World, settings: Settings) -> None:
    assert answers(world, settings, world.case()) == ["waiting"] * 5


def test_another_institution_is_told_nothing(any_world: World, settings: Settings) -> None:
    case_id = any_world.case()
    other = settle(any_world.db, "云岭大学", "yl-")
    with any_world.db.read() as session, pytest.raises(NotFound):
        proof_of(any_world.db, session, settings, other.org_id, case_id)


def test_electronic_signature_of_the_final_contract_agrees(
    any_world: World, settings: Settings, renderer: Renderer
) -> None:
    case_id = finalized(any_world, settings, renderer)
    sign_contract(any_world.db, settings, renderer, any_world.person("officer"), case_id, "ours", now=NOW)
    found = links(any_world, settings, case_id)
    assert [link.answer for link in found] == ["same", "same", "same", "waiting", "waiting"]
    _, final, signed, _, _ = found
    assert (final.who, signed.who) == ("林知远", "林知远")
    assert [zh for zh, _ in signed.notes] == [
        "封面、条款、表格、附件与合同定稿逐字一致", "文件以合同定稿的全部字节开头，签名系追加",
    ]  # fmt: skip
    assert [(one.signer, one.ok) for one in signed.signatures] == [("沧澜理工大学", True)]


def test_trusted_certificates_that_cannot_be_read_are_told(
    world: World, settings: Settings, renderer: Renderer, tmp_path: Path
) -> None:
    case_id = finalized(world, settings, renderer)
    upload(world, settings, case_id, "合同.pdf", uploads.pdf())
    wrong = replace(settings, sign_trust=str(tmp_path / "nothing.pem"))
    with pytest.raises(Invalid, match="PANHUO_SIGN_TRUST"):
        links(world, wrong, case_id)


def test_scan_without_words_is_never_called_equal(
    world: World, settings: Settings, renderer: Renderer
) -> None:
    case_id = finalized(world, settings, renderer)
    upload(world, settings, case_id, "扫描.png", uploads.picture())
    upload(world, settings, case_id, "扫描.pdf", uploads.pdf())
    told = links(world, settings, case_id)[2:4]
    assert [(link.answer, link.notes[0][0]) for link in told] == [
        ("unknown", "扫描件，无法逐字核对，已记录校验值")
    ] * 2


def test_copy_printed_again_agrees(world: World, settings: Settings, renderer: Renderer) -> None:
    case_id = finalized(world, settings, renderer)
    upload(world, settings, case_id, "已签.pdf", printed_contract(world, settings, renderer, case_id))
    assert links(world, settings, case_id)[2].answer == "same"


@pytest.mark.parametrize(("old", "new", "told"), [
    ("</h2>", "之补充</h2>", "后多出定稿没有的“之补充”"),
    ("启衡新材料股份有限公司", "启恒新材料股份有限公司", "启恒新材料"),
    ('<td class="r">800,000.00', '<td class="r">500,000.00', "500,000.00"),
    ('<td class="c">ZL202010100001.9', '<td class="c">ZL202010100002.7', "ZL202010100002.7"),
])  # fmt: skip
def test_altered_words_and_tables_are_called_out(
    world: World, settings: Settings, renderer: Renderer, old: str, new: str, told: str
) -> None:
    case_id = finalized(world, settings, renderer)
    upload(world, settings, case_id, "另一份.pdf", altered(world, settings, renderer, case_id, old, new))
    signed = links(world, settings, case_id)[2]
    assert signed.answer == "differs"
    assert any(told in zh for zh, _ in signed.notes)


def test_names_and_days_beside_the_seals_are_no_difference(
    world: World, settings: Settings, renderer: Renderer
) -> None:
    case_id = finalized(world, settings, renderer)
    pdf = altered(world, settings, renderer, case_id, "（签字）：", "（签字）：冯立")
    upload(world, settings, case_id, "已签.pdf", pdf)
    signed = links(world, settings, case_id)[2]
    assert (signed.answer, signed.notes[1][0]) == ("same", "签署页填写：冯立")


def test_altered_file_in_the_store_is_named(world: World, settings: Settings, renderer: Renderer) -> None:
    case_id = finalized(world, settings, renderer)
    upload(world, settings, case_id, "扫描.png", uploads.picture())
    _, final, signed, _, _ = links(world, settings, case_id)
    for link in (signed, final):
        path = place(settings, link.hash)
        path.write_bytes(path.read_bytes() + b"x")
    _, final, signed, _, _ = links(world, settings, case_id)
    assert (signed.answer, "已被改动或损坏" in signed.notes[0][0]) == ("differs", True)
    assert (final.answer, final.notes[0][0]) == ("differs", "文件库中的文件缺失或被改动，无法核对")
    place(settings, final.hash).unlink()
    assert links(world, settings, case_id)[1].answer == "differs"


def test_contract_in_the_pack_is_compared(world: World, settings: Settings, renderer: Renderer) -> None:
    case_id = finalized(world, settings, renderer)
    put_into_pack(world, settings, case_id, printed_contract(world, settings, renderer, case_id))
    assert links(world, settings, case_id)[-1].answer == "same"


def test_other_contract_in_the_pack_differs(world: World, settings: Settings, renderer: Renderer) -> None:
    case_id = finalized(world, settings, renderer)
    pdf = altered(world, settings, renderer, case_id, '<td class="r">800,000.00', '<td class="r">80,000.00')
    put_into_pack(world, settings, case_id, pdf)
    filed = links(world, settings, case_id)[-1]
    assert (filed.answer, any("此处为" in zh and "80,000.00" in zh for zh, _ in filed.notes)) == (
        "differs",
        True,
    )
    path = place(settings, filed.hash)
    path.write_bytes(path.read_bytes()[:-1])
    assert links(world, settings, case_id)[-1].notes[0][0] == "文件库中的文件缺失或被改动，无法核对"


def signed_on_paper(world: World, settings: Settings, renderer: Renderer) -> int:
    """A case whose paper signature is recorded with everything that can be told of it."""
    case_id = finalized(world, settings, renderer)
    copy = upload(world, settings, case_id, "已签.pdf", printed_contract(world, settings, renderer, case_id))
    power = upload(world, settings, case_id, "委托书.png", uploads.picture(), "authorization")
    given = next(scene.payload for scene in STORY if scene.event == "sign")
    act(world, case_id, "sign", 61, **{
        **given, "licensor_capacity": "authorized", "licensor_authorization": str(power),
        "licensee_capacity": "legal_representative", "seal": "双方合同专用章、骑缝章", "originals": "6",
        "signed_file": str(copy),
    })  # fmt: skip
    return case_id


def test_record_of_a_paper_signature_is_told(
    any_world: World, settings: Settings, renderer: Renderer
) -> None:
    case_id = signed_on_paper(any_world, settings, renderer)
    _, _, copy, recorded, _ = links(any_world, settings, case_id)
    assert (copy.answer, recorded.answer, recorded.hash) == ("same", "same", copy.hash)
    told = [zh for zh, _ in recorded.notes]
    assert told[-6:] == [
        "本单位签署人身份：授权代表", "本单位授权委托书：附件2", "对方签署人身份：法定代表人（负责人）",
        "用印：双方合同专用章、骑缝章", "正本份数：6", "已签合同：附件1",
    ]  # fmt: skip
    with any_world.db.read() as session:
        (entry,) = [
            one for one in entries(session, any_world.org_id, f"case:{case_id}") if one.verb == "sign"
        ]
    assert entry.body["facts"]["contract"]["signed_sha256"] == copy.hash


def test_contract_that_was_changed_later_is_proven_on_the_terms_of_its_signature(
    any_world: World, settings: Settings, renderer: Renderer
) -> None:
    case_id = signed_on_paper(any_world, settings, renderer)
    before = links(any_world, settings, case_id)
    effect = next(scene.payload for scene in STORY if scene.event == "take_effect")
    act(any_world, case_id, "take_effect", 61, **effect)
    steps: tuple[tuple[str, int, dict[str, Any]], ...] = (
        (
            "propose_amendment",
            70,
            {"proposed_on": day(70), "reason": "市场变化", "changes": {"purpose": "储能电池隔膜的生产"}},
        ),
        ("post_amendment", 70, {"posted_on": day(70), "place": "公告栏"}),
        ("close_amendment_publicity", 100, {"closed_on": day(100), "result": "无异议"}),
        ("submit_amendment", 100, {}),
        ("approve_amendment", 101, {"decided_on": day(101), "minutes_no": "变更1号"}),
        (
            "sign_amendment",
            102,
            {"signed_on": day(102), "our_signatory": "授权代表", "their_signatory": "冯立"},
        ),
    )
    for event, number, payload in steps:
        act(any_world, case_id, event, number, **payload)
    after = links(any_world, settings, case_id)
    assert [link.answer for link in after] == [link.answer for link in before]
    assert [link.hash for link in after] == [link.hash for link in before]
    assert "签订后又签有变更或续展协议1份" in after[0].notes[0][0]


def test_scan_in_the_pack_is_the_signed_copy_by_its_bytes(
    world: World, settings: Settings, renderer: Renderer
) -> None:
    """A pack holds what was signed on paper: its words cannot be compared, its bytes can."""
    case_id = finalized(world, settings, renderer)
    scan = uploads.pdf(text="scan")
    put_into_pack(world, settings, case_id, scan)
    assert links(world, settings, case_id)[-1].answer == "unknown"
    upload(world, settings, case_id, "扫描.pdf", scan)
    filed = links(world, settings, case_id)[-1]
    assert (filed.answer, "“扫描.pdf”逐字节一致" in filed.notes[0][0]) == ("same", True)
