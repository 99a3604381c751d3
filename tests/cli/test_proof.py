"""`panhuo case proof`: the links as text and JSON; a difference has an exit code."""

from tests.cases import uploads
from tests.cli.conftest import Office
from tests.cli.test_cases import CASE, opened


def test_links_are_told(office: Office) -> None:
    opened(office)
    ran = office.run("case", "proof", CASE, "--as", "officer")
    assert (ran.code, ran.out.splitlines()[:2]) == (
        0, ["尚未办理\t审批通过的商务条款\t", "尚未办理\t合同定稿\t"],
    )  # fmt: skip
    links = office.run("case", "proof", CASE, "--as", "officer", "--json").json["links"]
    assert [link["answer"] for link in links] == ["waiting"] * 5


def test_altered_copy_ends_in_an_exit_code(office: Office) -> None:
    opened(office)
    scan = office.home / "扫描.png"
    scan.write_bytes(uploads.picture())
    kept = office.run(
        "case", "attach", CASE, str(scan), "--kind", "signed_contract", "--as", "officer", "--json"
    )
    digest = kept.json["sha256"]
    assert office.run("case", "proof", CASE, "--as", "officer").code == 0
    (stored,) = office.home.rglob(digest)
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    ran = office.run("case", "proof", CASE, "--as", "officer")
    assert (ran.code, "不一致\t已签合同：扫描.png" in ran.out, "已被改动或损坏" in ran.out) == (1, True, True)
