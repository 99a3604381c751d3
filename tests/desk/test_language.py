"""Both languages are whole: every Chinese text has its English, with the same places to fill in."""

import re
from collections import Counter

from cases.settings import ROOT
from desk.web import labels
from desk.web.i18n import Words, english, known
from tests.desk.conftest import Desk
from tests.desk.msgids import every

CATALOGUE = ROOT / "templates" / "desk" / "locale" / "en.po"
PLACE = re.compile(r"%\(\w+\)s")


def test_every_text_has_its_english() -> None:
    assert [text for text in every() if text not in english()] == []


def test_no_text_is_translated_twice() -> None:
    """Of two entries only one would count, and nobody sees which."""
    told = re.findall(r'^msgid "(.+)"$', CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(told) > 1000
    assert [text for text, count in Counter(told).items() if count > 1] == []


def test_english_fills_in_the_same_places() -> None:
    assert [
        zh for zh, en in english().items() if sorted(PLACE.findall(zh)) != sorted(PLACE.findall(en))
    ] == []


def test_english_has_no_chinese_letters() -> None:
    assert [zh for zh, en in english().items() if re.search("[\u4e00-\u9fff]", en)] == []


def test_words_speak_the_language_of_the_reader() -> None:
    assert Words("zh")("剩%(n)s天", n=3) == "剩3天"
    assert Words("en")("剩%(n)s天", n=3) == "3 days left"
    assert [known(x) for x in ("en", "zh", "fr", None)] == ["en", "zh", "zh", "zh"]


def test_label_tables_hold_pairs_of_both_languages() -> None:
    tables = [value for name, value in vars(labels).items() if name.isupper() and not name.endswith("_COLOR")]
    pairs = [label for table in tables for label in table.values()]
    assert all(re.search("[\u4e00-\u9fff]", zh) and not re.search("[\u4e00-\u9fff]", en) for zh, en in pairs)


def test_the_switch_is_kept_with_the_user(desk: Desk) -> None:
    officer = desk.browser()
    assert "工作台" in officer.text("/")
    answer = officer.post("/my/language", {"language": "en", "next": "/cases?stage=contract"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?stage=contract")
    assert "Workbench" in desk.browser().text("/")


def test_a_guest_switches_by_cookie(desk: Desk) -> None:
    guest = desk.guest()
    page = guest.get("/sign-in").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)[1]  # type: ignore[index]
    assert guest.post("/language", {"csrf": token, "language": "en", "next": "/sign-in"}).status_code == 303
    assert "One-time" not in guest.text("/sign-in")
    assert '<html lang="en">' in guest.get("/sign-in").text
