"""`panhuo case checklist | compare` and `panhuo pack verify`: the same answers as the API, and exit codes."""

import io
import zipfile
from pathlib import Path

from sqlmodel import select

from cases.tables import Case
from contracts.pack import PackItem, build_pack
from desk.story import story, walk
from tests.cli.conftest import Cli, Office
from tests.world import TODAY


def _signed(office: Office) -> str:
    case_id = office.world.case(mode="transfer")
    scenes = story(TODAY, contract_no="ZR-1", mode="transfer")
    list(walk(office.world.db, office.world.people, case_id, scenes, until="take_effect"))
    with office.world.db.read() as session:
        return str(session.exec(select(Case.number).where(Case.id == case_id)).one())


def test_checklist_tells_each_paper_its_state_and_why_it_is_asked(office: Office) -> None:
    case = _signed(office)
    done = office.run("case", "checklist", case, "--as", "officer", "--json")
    assert done.code == 0
    acts = {act["act"]: act for act in done.json["acts"]}
    assert set(acts) == {"owner_change", "registration"}
    rows = {row["paper_zh"]: row for row in acts["owner_change"]["rows"]}
    assert rows["变更费缴费凭证"]["state"] == "missing"
    assert rows["变更费缴费凭证"]["note_zh"].startswith("每件每次200元，共1件，合计200元")
    assert rows["全体权利人同意的证明"]["state"] == "not_needed"
    assert rows["著录项目变更申报书"]["rule"] == "TR-02"
    said = office.run("case", "checklist", case, "--as", "officer")
    assert "[缺少] 变更费缴费凭证" in said.out and "[不需要] 全体权利人同意的证明" in said.out


def test_comparison_lists_what_agrees_and_leaves_with_zero(office: Office) -> None:
    case = _signed(office)
    done = office.run("case", "compare", case, "--as", "officer", "--json")
    assert (done.code, done.json["differing"], done.json["may_pack"]) == (0, 0, True)
    assert done.json["compared"] == len(done.json["rows"]) > 15
    assert all(row["agrees"] for row in done.json["rows"])
    said = office.run("case", "compare", case, "--as", "officer")
    assert f"共核对{done.json['compared']}项，0项不一致" in said.out


def test_pack_is_verified_offline(cli: Cli, tmp_path: Path) -> None:
    whole = build_pack([PackItem("01-申请表.pdf", b"%PDF-1", "申请表", "办法第8条")], {"case_no": "PH-1"})
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(whole)
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"%PDF-2" if name.endswith(".pdf") else old.read(name))
    found = cli.run("pack", "verify", str(good), "--json")
    assert (found.code, found.json["files"], found.json["problems"]) == (0, ["01-申请表.pdf"], [])
    changed = cli.run("pack", "verify", str(bad))
    assert changed.code == 1
    assert "文件“01-申请表.pdf”与清单记载的校验值不一致" in changed.err
    assert cli.run("pack", "verify", str(tmp_path / "none.zip")).code == 2
