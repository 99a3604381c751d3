"""`panhuo fees restore|compensation|refund|reduction|set`."""

import pytest

from cases.db import Database
from cases.patent_fees import FeeData, fee_data_of
from tests.cli.conftest import Cli, Office

RESTORE = ("fees", "restore", "--kind", "invention", "--filed", "2020-05-06", "--year", "7")


def test_restoration(cli: Cli) -> None:
    told = cli.run(
        *RESTORE, "--received", "2026-12-01", "--reduction", "85", "--payment", "2026-05-06=100元", "--json"
    ).json
    assert {key: told[key] for key in ("total_fen", "still_due_fen", "restoration_fen", "due")} == {
        "total_fen": 180_000, "still_due_fen": 170_000, "restoration_fen": 100_000, "due": "2027-02-01",
    }  # fmt: skip
    free = cli.run(*RESTORE, "--received", "2026-12-01", "--force-majeure", "2027-03-10", "--json").json
    assert (free["restoration_fen"], free["due"]) == (0, "2027-05-10")


def test_compensation(cli: Cli) -> None:
    asked = ("fees", "compensation", "--filed", "2021-09-06", "--on", "2026-11-23", "--until")
    told = cli.run(*asked, "2044-09-04", "--json").json
    assert (told["years"], told["fee_fen"], told["due"]) == (2, 1_600_000, "2041-09-05")
    assert "满2年，每年8,000元" in cli.run(*asked, "2044-09-04").out


def test_refund(cli: Cli) -> None:
    paid = ("--payment", "2026-05-08=200元", "--payment", "2026-05-09=200元")
    told = cli.run("fees", "refund", "--owed", "20000", *paid, "--on", "2026-11-23", "--json").json
    assert told["refundable_fen"] == 20_000
    assert told["lines"] == [{"paid_on": "2026-05-09", "fen": 20_000, "until": "2029-05-09"}]


def test_reduction(cli: Cli) -> None:
    told = cli.run(
        "fees", "reduction", "--owner", "沧澜理工大学=事业单位", "--owner", "启衡公司=企业=99万", "--former", "沧澜理工大学",
        "--kind", "发明", "--filed", "2020-05-06", "--on", "2026-02-20", "--json",
    ).json  # fmt: skip
    assert (told["reduction"], told["unmet"]) == ("70", [])
    assert (told["carried"]["stays"], told["first_year"]["year"]) == (False, 8)


def test_reduction_in_words_names_who_stands_against_it(cli: Cli) -> None:
    ran = cli.run(
        "fees",
        "reduction",
        "--owner",
        "启衡公司=企业=100万",
        "--former",
        "沧澜理工大学",
        "--on",
        "2026-02-20",
    )
    assert "不符合条件" in ran.out
    assert "不再减缴" in ran.out


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        ((*RESTORE, "--received", "2026-08-01"), ["received"]),
        ((*RESTORE, "--received", "2019-08-01"), ["received"]),
        ((*RESTORE, "--received", "x", "--force-majeure", "y"), ["received", "obstacle_ended"]),
        (("fees", "compensation", "--filed", "2021-09-06", "--until", "2041-09-05"), ["until"]),
        (("fees", "refund", "--owed", "-1"), ["owed", "payments"]),
        (("fees", "refund", "--owed", "600.5", "--payment", "x"), ["owed", "payments"]),
        (("fees", "reduction"), ["owners"]),
        (("fees", "reduction", "--owner", "沧澜理工大学"), ["owners"]),
        (("fees", "reduction", "--owner", "课题组=团队"), ["owners"]),
        (("fees", "reduction", "--owner", "甲=企业", "--kind", "design"), ["filed"]),
        (("fees", "reduction", "--owner", "甲=企业", "--filed", "2020-01-01"), ["kind"]),
        (
            (
                "fees",
                "reduction",
                "--owner",
                "甲=企业",
                "--kind",
                "design",
                "--filed",
                "2026-01-01",
                "--on",
                "2025-01-01",
            ),
            ["filed"],
        ),
    ],
)
def test_wrong_question_names_every_field(cli: Cli, arguments: tuple[str, ...], fields: list[str]) -> None:
    ran = cli.run(*arguments, "--json")
    assert (ran.code, list(ran.json["fields"])) == (6, fields)


def test_fee_data_are_recorded(office: Office) -> None:
    ran = office.run(
        "fees",
        "set",
        "ZL202010100001.9",
        "--paid-year",
        "7",
        "--payer",
        "project",
        "--as",
        "officer",
        "--json",
    )
    assert ran.json == {
        "patent": office.world.patent_ids[0], "application_no": "2020101000019", "fee_reduction": "",
        "fee_paid_year": 7, "fee_payer": "project",
    }  # fmt: skip
    db = Database(f"sqlite:///{office.home / 'panhuo.db'}")
    with db.read() as session:
        saved = fee_data_of(session, office.world.org_id, office.world.patent_ids[0])
    db.dispose()
    assert saved == FeeData(office.world.patent_ids[0], "2020101000019", "", 7, "project")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("2020101000019",), 2),
        (("2020101000019", "--paid-year", "21"), 6),
        (("2020101099999", "--paid-year", "7"), 3),
        (("2020101000019", "--paid-year", "7", "--as", "readonly"), 4),
    ],
)
def test_recording_that_is_refused(office: Office, arguments: tuple[str, ...], code: int) -> None:
    assert office.run("fees", "set", "--as", "officer", *arguments).code == code
