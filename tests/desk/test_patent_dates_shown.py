"""The annual fees on a patent's page: how long there is, which reminders went out, and what has become of them."""

import re
from datetime import date

from cases.patent_dates import date_fees
from cases.patent_fees import set_fee_data
from cases.reminders import remind
from tests.desk.conftest import Desk, visible
from tests.world import NOW, TODAY

NEAR = date(2026, 4, 29)  # a week before the seventh year's fee of patents filed on 2020-05-06


def _remind(desk: Desk, on: date) -> None:
    desk.clock.now = NOW.replace(month=on.month, day=on.day)
    date_fees(desk.world.db, desk.world.org_id, desk.clock.now, on)
    remind(desk.world.db, on, desk.clock.now)


def test_patent_tells_the_reminders_of_its_fee(desk: Desk) -> None:
    _remind(desk, NEAR)
    page = desk.browser().get(f"/patents/{desk.world.patent_ids[0]}").text
    block = visible(page[page.index('id="deadline-') :])
    assert "年费缴纳：第7年度" in block
    assert re.search(r"提醒记录（\d+条） · 下次提醒 2026-", block)
    assert "到期前7天 · 站内消息 已发送" in block


def test_links_of_messages_lead_to_the_date(desk: Desk) -> None:
    _remind(desk, NEAR)
    officer = desk.browser()
    links = re.findall(r'href="(/patents/\d+)#(deadline-\d+)"', officer.get("/deadlines").text)
    assert len(links) == len(desk.world.patent_ids)
    assert [link for link in links if f'id="{link[1]}"' not in officer.get(link[0]).text] == []


def test_fee_paid_stands_among_the_closed_dates(desk: Desk) -> None:
    date_fees(desk.world.db, desk.world.org_id, NOW, TODAY)
    patent_id = desk.world.patent_ids[0]
    set_fee_data(desk.world.db, desk.world.person("officer"), patent_id, {"fee_paid_year": "7"}, NOW)
    date_fees(desk.world.db, desk.world.org_id, NOW, TODAY, [patent_id])
    text = desk.browser().text(f"/patents/{patent_id}")
    assert "已结束的期限（1项）" in text
    assert "年费缴纳：第7年度 专利法实施细则第115条" in re.sub(r"\s+", " ", text)


def test_numbers_of_patents_are_written_as_printed(desk: Desk) -> None:
    _remind(desk, NEAR)
    officer = desk.browser()
    for path in ("/deadlines", "/messages", "/"):
        assert re.findall(r"\b20\d{10}[\dX]\b", officer.text(path)) == []
