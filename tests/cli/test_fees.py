"""`panhuo fees`: one year's fee, the list of fees, and the forecast over the record."""

from pathlib import Path

import pytest

from cases.db import Database
from cases.tables import Patent
from tests.cli.conftest import Cli, Office

DUE = ("fees", "due", "--kind", "invention", "--filed", "2020-05-06", "--year", "7")
FORECAST = ("fees", "forecast", "--on", "2026-11-23", "--as", "officer")


def test_due_has_the_promised_keys(cli: Cli) -> None:
    ran = cli.run(*DUE, "--paid-on", "2026-08-01", "--reduction", "85", "--json")
    told = ran.json
    assert ran.code == 0
    wanted = {
        "fee_fen": 30_000, "surcharge_fen": 20_000, "total_fen": 50_000, "bracket": "10%",
        "window": {"from": "2026-07-07", "to": "2026-08-06"}, "due": "2026-05-06", "status": "grace",
    }  # fmt: skip
    assert {key: told[key] for key in wanted} == wanted
    assert told["derivation"]["tree"]["value"] == 50_000
    assert [note["code"] for note in told["notes"]] == ["late", "grant_date_missing"]


def test_due_lapsed_has_an_open_window(cli: Cli) -> None:
    told = cli.run(*DUE, "--paid-on", "2026-11-07", "--json").json
    assert (told["bracket"], told["window"]) == ("lapsed", {"from": "2026-11-07", "to": None})


def test_due_in_words_of_either_language(cli: Cli) -> None:
    zh = cli.run(*DUE, "--paid-on", "2026-08-01").out
    en = cli.run("--lang", "en", *DUE, "--paid-on", "2026-08-01").out
    assert zh.startswith("第7年度：年费2,000.00元，滞纳金200.00元，合计2,200.00元（滞纳期内，10%）\n")
    assert en.startswith(
        "year 7: fee CNY 2,000.00, surcharge CNY 200.00, total CNY 2,200.00 (in the grace period, 10%)\n"
    )


def test_due_takes_earlier_payments_grant_and_open_license(cli: Cli) -> None:
    told = cli.run(
        *DUE, "--paid-on", "2026-06-15", "--granted", "2022-08-09", "--open-license", "--payment",
        "2026-05-20=1700元", "--json",
    ).json  # fmt: skip
    assert (told["reduction"], told["fee_fen"], told["still_due_fen"]) == ("open_license", 170_000, 0)
    assert (told["status"], told["judged_on"]) == ("paid", "2026-05-20")


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        (("--filed", "2020-02-30"), ["filed"]),
        (("--filed", "1984-12-31"), ["filed"]),
        (("--filed", "2101-01-01"), ["filed"]),
        (("--year", "21"), ["year"]),
        (("--year", "0"), ["year"]),
        (("--year", "-1"), ["year"]),
        (("--year", "seven"), ["year"]),
        (("--kind", "plant"), ["kind"]),
        (("--paid-on", "2020-05-05"), ["paid_on"]),
        (("--granted", "2020-05-05"), ["granted"]),
        (("--reduction", "90"), ["reduction"]),
        (("--payment", "2026-05-20"), ["payments"]),
        (("--payment", "2026-05-20=925.5"), ["payments"]),
        (("--payment", "2026-05-20=-1"), ["payments"]),
        (("--layers", "nowhere"), ["layers"]),
        (("--kind", "plant", "--filed", "x", "--year", "x"), ["kind", "filed", "year"]),
    ],
)
def test_wrong_question_names_every_field(cli: Cli, arguments: tuple[str, ...], fields: list[str]) -> None:
    ran = cli.run(*DUE, "--paid-on", "2026-05-06", *arguments, "--json")
    assert (ran.code, list(ran.json["fields"])) == (6, fields)


@pytest.mark.parametrize(
    ("kind", "filed", "year", "words"),
    [
        ("design", "2021-05-31", "11", "2021-05-31以前申请的外观设计期限为10年"),
        ("invention", "2021-05-31", "21", "补偿期年费"),
        ("utility", "2021-05-31", "11", "1至10的整数"),
    ],
)
def test_year_outside_the_term_says_which_years_there_are(
    cli: Cli, kind: str, filed: str, year: str, words: str
) -> None:
    ran = cli.run("fees", "due", "--kind", kind, "--filed", filed, "--year", year, "--paid-on", "2026-05-06")
    assert (ran.code, words in ran.err) == (6, True)


def test_other_fees_of_a_kind(cli: Cli) -> None:
    rows = cli.run("fees", "other", "--kind", "实用新型", "--on", "2026-11-23", "--json").json
    assert {row["key"]: row["fee_fen"] for row in rows}["evaluation_report"] == 240_000
    assert "compensation_year" not in {row["key"] for row in rows}
    assert "无效宣告请求费\t1,500.00元\t每件\t实用新型、外观设计\n" in cli.run("fees", "other").out


def test_forecast_by_month(office: Office) -> None:
    told = office.run(*FORECAST, "--json").json
    assert (told["from"], told["to"], told["paid_on"]) == ("2026-11-01", "2028-10-31", "2026-11-23")
    assert [(row["month"], row["count"], row["total_fen"]) for row in told["rows"]] == [
        ("2027-05", 5, 150_000), ("2028-05", 5, 150_000),
    ]  # fmt: skip
    assert (told["patents"], told["fees"], told["total_fen"], told["left_out"]) == (5, 10, 300_000, [])
    assert {note["code"] for note in told["notes"]} == {"sole_owner", "paid_year_assumed"}


def test_forecast_by_patent_of_a_few_months(office: Office) -> None:
    told = office.run(*FORECAST, "--from", "2027-05", "--months", "1", "--by", "patent", "--json").json
    first = told["rows"][0]
    assert (told["from"], told["to"], len(told["rows"])) == ("2027-05-01", "2027-05-31", 5)
    assert (first["number"], first["year"], first["due"], first["fee_fen"]) == (
        "202010100001.9", 8, "2027-05-06", 30_000,
    )  # fmt: skip


def test_forecast_in_words_tells_what_was_left_out(office: Office) -> None:
    db = Database(f"sqlite:///{office.home / 'panhuo.db'}")
    with db.write() as session:
        row = session.get_one(Patent, office.world.patent_ids[0])
        row.filing_date = None
        session.add(row)
    db.dispose()
    out = office.run(*FORECAST).out
    assert "未计入1件：缺申请日，无法计算；请补录申请日（202010100001.9）" in out
    assert "2026-11-01至2028-10-31：5件专利，应缴8笔，合计2,400.00元" in out


def test_forecast_as_files(office: Office, tmp_path: Path) -> None:
    book, table = tmp_path / "年费.xlsx", tmp_path / "年费.csv"
    ran = office.run(*FORECAST, "--by", "patent", "--xlsx", str(book), "--csv", str(table), "--json")
    assert ran.json["files"] == [str(book), str(table)]
    assert book.read_bytes().startswith(b"PK")
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == 11


def test_forecast_that_cannot_be_written_says_where(office: Office, tmp_path: Path) -> None:
    ran = office.run(*FORECAST, "--csv", str(tmp_path / "nowhere" / "a.csv"))
    assert (ran.code, "nowhere" in ran.err, "Traceback" in ran.err) == (1, True, False)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--by", "owner"), 2),
        (("--months", "0"), 6),
        (("--months", "121"), 6),
        (("--months", "x"), 6),
        (("--from", "2026-13"), 6),
        (("--from", "1984-01"), 6),
        (("--from", "soon"), 6),
        (("--from", "2099-01", "--months", "120"), 6),
    ],
)
def test_wrong_span_is_refused(office: Office, arguments: tuple[str, ...], code: int) -> None:
    ran = office.run(*FORECAST, *arguments)
    assert (ran.code, ran.out, "Traceback" in ran.err) == (code, "", False)


@pytest.mark.parametrize("text", ["2027-05", "2027/5", "2027年5月", "２０２７－０５", "2027-05-31"])
def test_first_month_is_read_as_people_write_it(office: Office, text: str) -> None:
    assert office.run(*FORECAST, "--from", text, "--json").json["from"] == "2027-05-01"
