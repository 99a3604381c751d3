"""The flows of reports: what is wrong is told before anything is written."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.db import Database
from cases.errors import Invalid, NotFound
from cases.runs import runs
from cases.schema import upgrade
from flows.report import feedback_batch, monthly_report, yearly_report
from flows.shop import shop
from tests.cases.dump import Dump, dump
from tests.world import settle


@pytest.fixture
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dump]:
    """A record with an institution in it as the flows of this process find it, and all that is in it."""
    monkeypatch.setenv("PANHUO_HOME", str(tmp_path))
    monkeypatch.delenv("PANHUO_DATABASE_URL", raising=False)
    db = Database(f"sqlite:///{tmp_path / 'panhuo.db'}", synchronous="OFF")
    upgrade(db)
    settle(db)
    shop.cache_clear()
    yield dump(db, "flow_run")
    shop().close()
    shop().db.dispose()
    shop.cache_clear()
    db.dispose()


def test_unknown_institution_is_told(before: Dump) -> None:
    for flow in (feedback_batch, monthly_report, yearly_report):
        with pytest.raises(NotFound, match="没有编号为99的单位"):
            asyncio.run(flow.fn(org_id=99))
    assert dump(shop().db, "flow_run") == before
    assert _told() == {("failed", "没有编号为99的单位")}


def test_wrong_period_is_told(before: Dump) -> None:
    with pytest.raises(Invalid, match="2999年1月尚未结束"):
        asyncio.run(monthly_report.fn("2999-01"))
    with pytest.raises(Invalid, match="年度须写成2025或2025年的形式"):
        asyncio.run(yearly_report.fn("../2025"))
    assert dump(shop().db, "flow_run") == before
    assert _told() == {
        ("failed", "2999年1月尚未结束，请选择已经结束的期间"), ("failed", "年度须写成2025或2025年的形式"),
    }  # fmt: skip


def _told() -> set[tuple[str, str]]:
    """What an administrator sees of the runs."""
    with shop().db.read() as session:
        return {(run.state, run.error) for run in runs(session, shop().clock())}
