"""`panhuo verify-paper` with and without the record, and `panhuo org key`."""

from pathlib import Path

from tests.cli.conftest import Office
from tests.cli.test_cases import CASE, opened, walk
from tests.cli.test_render import fonts, office

__all__ = ["fonts", "office"]


def test_paper_is_recognized_and_checked_offline(office: Office, tmp_path: Path) -> None:
    opened(office)
    walk(office, until="agree_price")
    path = Path(office.run("render", CASE, "contract", "--as", "officer").out.strip())
    same = office.run("verify-paper", str(path), "--as", "officer")
    assert (same.code, same.out.splitlines()[-1]) == (0, "逐字节一致")
    altered = tmp_path / "altered.pdf"
    altered.write_bytes(path.read_bytes() + b"\n")
    other = office.run("verify-paper", str(altered), "--as", "officer", "--json")
    assert (other.code, other.json["answer"], other.json["case"]) == (1, "differs", CASE)
    altered.write_bytes(b"nothing")
    assert office.run("verify-paper", str(altered), "--as", "officer").code == 1
    key = office.run("org", "key", "--as", "officer", "--json").json["keys"][0]["public_key"]
    offline = office.run("verify-paper", str(path), "--key", key)
    assert (offline.code, offline.out.splitlines()[-1]) == (0, "结论：一致")
    pem = tmp_path / "key.pem"
    pem.write_text(office.run("org", "key", "--as", "officer").out.split("\n", 1)[1])
    assert office.run("verify-paper", str(path), "--key", str(pem), "--json").json == {
        "ok": True, "findings": [], "words_compared": True,
    }  # fmt: skip
    wrong = office.run("verify-paper", str(path), "--key", "00" * 32)
    assert (wrong.code, "公钥不对" in wrong.out) == (1, True)
    assert office.run("verify-paper", str(path), "--key", "short").code == 2
