"""The negotiation of a contract's words: sent, changed by the other side, compared, decided, signed."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cases import negotiation
from cases.case_files import files_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.loading import load
from cases.negotiation import Compared, Version
from cases.settings import Settings
from cases.trail import entries, verify
from cases.views import case_page
from contracts.word.package import build_docx
from contracts.word.reading import read_docx
from contracts.word.sheet import sheet_of
from desk.story import story
from desk.story import walk as walk_story
from tests.contracts.received.test_word_files import OLE
from tests.contracts.samples import view
from tests.contracts.word.files import edited, replaced
from tests.modes.acting import act, refusal
from tests.modes.story import walk_to
from tests.world import NOW, TODAY, World, settle

REPORT = "三十日内，向许可人书面报告"
FEE = "1,200,000.00（大写：人民币壹佰贰拾万元整）"


class Talks:
    """One case whose contract is being drafted, and the folder of its files."""

    def __init__(self, world: World, home: Path, until: str = "start_drafting") -> None:
        self.world, self.settings = world, Settings(home=home, database_url="")
        self.case_id = world.case()
        walk_to(world, self.case_id, until)

    def send(self, role: str = "officer") -> bytes:
        person = self.world.person(role)
        return negotiation.send_draft(self.world.db, self.settings, person, self.case_id, now=NOW)[1]

    def receive(self, data: bytes, name: str = "返回稿.docx", role: str = "officer") -> Version:
        person = self.world.person(role)
        return negotiation.receive_draft(
            self.world.db, self.settings, person, self.case_id, filename=name, data=data, now=NOW
        )

    def compared(self, no: int = 0) -> Compared:
        person = self.world.person("officer")
        return negotiation.compared(self.world.db, self.settings, person, self.case_id, no)

    def decide(self, clause: str, decision: str, note: str = "", no: int = 1) -> Mapping[str, Any]:
        return negotiation.decide_difference(
            self.world.db, self.settings, self.world.person("officer"), self.case_id, no=no, clause_id=clause,
            decision=decision, note=note, now=NOW,
        )  # fmt: skip

    def versions(self) -> list[tuple[str, int, int]]:
        with self.world.db.cursor() as cur:
            found = negotiation.versions_of(load(cur, self.case_id, self.world.org_id))
        return [(version.direction, version.no, version.answers) for version in found]

    def why_not(self, event: str) -> list[str]:
        with self.world.db.read() as session:
            page = case_page(self.world.db, session, self.world.person("officer"), self.case_id, TODAY)
        option = next(option for option in page.options if option.step.event == event)
        return [unmet.what_zh for unmet in option.unmet if unmet.code == "difference_undecided"]


def untracked(data: bytes) -> bytes:
    return edited(data, (REPORT, "六十日内，向许可人书面报告"))


def tracked(data: bytes) -> bytes:
    return edited(data, (REPORT, replaced("三十日", "六十日") + "内，向许可人书面报告"))


@pytest.fixture
def talks(world: World, tmp_path: Path) -> Talks:
    return Talks(world, tmp_path)


def test_present_text_is_sent_once_and_kept(talks: Talks) -> None:
    first = talks.send()
    assert talks.send() == first
    assert talks.versions() == [("sent", 1, 0)]
    with talks.world.db.read() as session:
        kept = files_of(session, talks.world.org_id, talks.case_id)
        assert [(file.kind, file.size) for file in kept] == [("sent_draft", len(first))]
        assert entries(session, talks.world.org_id, f"case:{talks.case_id}")[-1].verb == "draft_sent"
        assert verify(session, talks.world.org_id).breaks == ()


def test_unchanged_file_that_comes_back_opens_nothing(talks: Talks) -> None:
    version = talks.receive(talks.send())
    assert (version.answers, version.differences, version.untracked) == (1, (), 0)
    assert talks.why_not("finalize_contract") == []


@pytest.mark.parametrize(("change", "said"), [
    (tracked, "对方返回稿中“第五条 实施计划与实施义务”的改动尚未决定"),
    (untracked, "对方返回稿中“第五条 实施计划与实施义务”的改动尚未决定，且含有未留修订痕迹的改动"),
])  # fmt: skip
def test_contract_is_not_final_while_a_difference_is_undecided(
    talks: Talks, change: Callable[[bytes], bytes], said: str
) -> None:
    talks.receive(change(talks.send()))
    assert talks.why_not("finalize_contract") == [said]
    assert "difference_undecided" in refusal(
        talks.world, talks.case_id, "finalize_contract", 31, reviewed_by="周律师"
    )


def test_note_leaves_a_difference_open_and_keeping_ours_settles_it(talks: Talks) -> None:
    talks.receive(untracked(talks.send()))
    talks.decide("performance", "note", "与对方电话沟通")
    assert len(talks.why_not("finalize_contract")) == 1
    talks.decide("performance", "keep")
    assert talks.why_not("finalize_contract") == []
    act(talks.world, talks.case_id, "finalize_contract", 31, reviewed_by="周律师")


def test_contract_is_not_signed_on_a_version_that_came_back_late(world: World, tmp_path: Path) -> None:
    late = Talks(world, tmp_path, "finalize_contract")
    late.receive(untracked(late.send()))
    assert len(late.why_not("sign")) == 1


def test_changed_fee_is_a_change_of_terms_and_never_of_words(talks: Talks) -> None:
    talks.receive(edited(talks.send(), (FEE, "1,000,000.00（大写：人民币壹佰万元整）")))
    first = talks.compared().comparison.figures[0]
    assert (first.label, first.before, first.after) == ("入门费", "1,200,000.00", "1,000,000.00")
    with pytest.raises(Conflict, match="请先修改商务条款"):
        talks.decide("fees", "accept")
    form = negotiation.proposed_terms(
        talks.world.db, talks.settings, talks.world.person("officer"), talks.case_id
    )
    assert form["entry_fee_fen"] == "1,000,000.00"


def test_second_version_answers_the_version_it_was_made_from(talks: Talks) -> None:
    first = talks.send()
    talks.receive(untracked(first))
    talks.receive(tracked(first), "第二次.docx")
    assert talks.versions() == [("received", 2, 1), ("received", 1, 1), ("sent", 1, 0)]
    assert [talks.compared(no).comparison.untracked for no in (1, 2)] == [1, 0]


def test_same_file_twice_is_told(talks: Talks) -> None:
    data = untracked(talks.send())
    talks.receive(data)
    with pytest.raises(Conflict, match="已经上传过"):
        talks.receive(data)


def test_contract_of_another_case_is_refused(talks: Talks) -> None:
    with pytest.raises(Invalid, match="案件PH-2026-0001的合同稿，不是本案的") as caught:
        talks.receive(build_docx(sheet_of(view(case_no="PH-2026-0001", contract_no="X"))))
    assert "file" in caught.value.fields or talks.versions() == []


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "文件是空的"), (OLE + bytes(600), "旧格式的 .doc"), (b"%PDF", "PDF")]
)
def test_bad_file_says_why_and_leaves_nothing(talks: Talks, data: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        talks.receive(data)
    assert talks.versions() == []
    with talks.world.db.read() as session:
        assert files_of(session, talks.world.org_id, talks.case_id) == ()


def test_other_roles_and_other_institutions_do_not_negotiate(talks: Talks) -> None:
    data = talks.send()
    with pytest.raises(Forbidden):
        talks.send("approver")
    with pytest.raises(Forbidden):
        talks.receive(data, role="finance")
    strangers = settle(talks.world.db, "远山农业大学", "far-")
    with pytest.raises(NotFound):
        negotiation.compared(talks.world.db, talks.settings, strangers.person("officer"), talks.case_id)


@pytest.mark.parametrize(("clause", "decision", "note", "error"), [
    ("performance", "burn", "", Invalid), ("performance", "note", " ", Invalid), ("fees", "keep", "", NotFound),
])  # fmt: skip
def test_wrong_decision_is_refused(
    talks: Talks, clause: str, decision: str, note: str, error: type[Exception]
) -> None:
    talks.receive(untracked(talks.send()))
    with pytest.raises(error):
        talks.decide(clause, decision, note)
    assert len(talks.why_not("finalize_contract")) == 1


def test_accepted_words_become_the_contract_and_the_next_version(talks: Talks) -> None:
    version = talks.receive(untracked(talks.send()))
    assert talks.decide("performance", "accept", "已与发明人核对")["decision"] == "accept"
    with talks.world.db.read() as session:
        told = [
            entry for entry in entries(session, talks.world.org_id, f"case:{talks.case_id}")
            if entry.verb == "rewrite_clause"
        ]  # fmt: skip
    payload = told[0].body["payload"]
    assert (payload["clause"], payload["reason"], payload["source_id"]) == (
        "performance", "接受对方第1稿的改动：已与发明人核对", version.file_id,
    )  # fmt: skip
    assert "六十日内，向许可人书面报告" in payload["text"]
    assert talks.why_not("finalize_contract") == []
    second = read_docx(talks.send())
    assert any("六十日内，向许可人书面报告" in one.text for one in second.accepted)
    assert second.identity is not None
    assert second.identity.version == 2


def test_accepted_clause_changes_nothing_else(talks: Talks) -> None:
    """Sent, accepted and sent again: only the sentence that was accepted differs, numbers, items and tables stay."""
    first = talks.send()
    talks.receive(edited(untracked(first), ("期支付。", "期付清。")))
    talks.decide("performance", "accept")
    talks.decide("fees", "accept")
    after = [one.text for one in read_docx(talks.send()).accepted]
    before = [one.text for one in read_docx(first).accepted]
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert [(a.replace("三十日", "六十日").replace("期支付", "期付清"), b) for a, b in changed] == [
        (b, b) for _, b in changed
    ]
    assert len(changed) == 2


def test_accepting_twice_takes_one_step(talks: Talks) -> None:
    talks.receive(untracked(talks.send()))
    talks.decide("performance", "accept")
    talks.decide("performance", "accept")
    with talks.world.db.read() as session:
        verbs = [entry.verb for entry in entries(session, talks.world.org_id, f"case:{talks.case_id}")]
        assert verify(session, talks.world.org_id).breaks == ()
    assert verbs.count("rewrite_clause") == 1
    with pytest.raises(Conflict, match="已经接受并改写"):
        talks.decide("performance", "keep")


def test_mode_without_a_contract_of_its_own_says_so(world: World, tmp_path: Path) -> None:
    case_id = world.case(mode="open_license", title="隔膜专利开放许可")
    list(walk_story(world.db, world.people, case_id, story(TODAY, mode="open_license"), until="edit_terms"))
    settings = Settings(home=tmp_path, database_url="")
    with pytest.raises(Invalid, match="没有由双方磋商的单一合同文本"):
        negotiation.send_draft(world.db, settings, world.person("officer"), case_id, now=NOW)
