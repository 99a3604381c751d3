"""`panhuo user set-email`: where a person's letters go, corrected without the desk."""

import pytest

from tests.cli.conftest import Office


def test_address_is_corrected_and_listed(office: Office) -> None:
    ran = office.run("user", "set-email", "officer", "lin@example.invalid", "--as", "administrator", "--json")
    assert (ran.code, ran.json) == (0, {"login": "officer", "email": "lin@example.invalid"})
    rows = office.run("user", "list", "--as", "administrator", "--json").json["rows"]
    assert [row["email"] for row in rows if row["login"] == "officer"] == ["lin@example.invalid"]
    assert "林知远的电子邮箱已更正为lin@example.invalid" in office.run(
        "user", "set-email", "officer", "lin@example.invalid", "--as", "officer"
    ).out  # fmt: skip


@pytest.mark.parametrize(
    ("login", "address", "by", "code", "told"),
    [
        ("officer", "lin", "administrator", 6, "电子邮箱格式不正确，应形如 name@example.cn"),
        ("officer", "x@example.invalid", "finance", 4, "他人的电子邮箱须由管理员更正"),
        ("nobody", "x@example.invalid", "administrator", 3, "没有名为“nobody”的用户"),
    ],
)
def test_refusal_says_why(office: Office, login: str, address: str, by: str, code: int, told: str) -> None:
    ran = office.run("user", "set-email", login, address, "--as", by)
    assert (ran.code, told in ran.err) == (code, True), ran
