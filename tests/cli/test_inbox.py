"""`panhuo inbox`."""

from tests.cli.conftest import Office
from tests.cli.test_cases import opened


def test_inbox_lists_what_needs_me_with_the_next_step(office: Office) -> None:
    opened(office)
    assert office.run("inbox", "--as", "officer", "--on", "2026-03-05").out == (
        "等我办理（1）\n"
        "  ZH2026-00001 隔膜专利独占许可\n"
        "    转化专员 林知远，已0天\n"
        "    下一步：修改商务条款 (edit_terms)、权属核查 (clear_title)\n"
        "等他人办理（0）\n"
        "已逾期（0）\n"
    )


def test_inbox_as_json_names_the_three_lists(office: Office) -> None:
    opened(office)
    found = office.run("inbox", "--as", "readonly", "--json").json
    assert list(found) == ["on", "login", "needs", "waiting", "overdue"]
    assert [row["number"] for row in found["waiting"]] == ["ZH2026-00001"]


def test_inbox_of_nobody_is_missing(office: Office) -> None:
    assert office.run("inbox", "--as", "nobody").code == 3
