"""Grades whose review is due are told to the officers, once a month."""

from datetime import timedelta

from sqlmodel import select

from cases.night_reviews import tell_overdue_reviews
from cases.tables import Message
from tests.cases.test_profiles import change
from tests.world import NOW, TODAY, World


def test_officers_are_told_once_a_month_of_grades_to_review(any_world: World) -> None:
    assert tell_overdue_reviews(any_world.db, NOW, TODAY).counts == (("overdue", 0),)
    change(any_world, {"grade": "A", "review_on": "2026-03-01"})
    change(any_world, {"grade": "A", "review_on": "2026-03-02"}, patent=1)
    report = tell_overdue_reviews(any_world.db, NOW, TODAY)
    assert (report.zh, [line.org_id for line in report.lines]) == ("分级复核：1件已到期", [any_world.org_id])
    tell_overdue_reviews(any_world.db, NOW, TODAY + timedelta(days=1))
    with any_world.db.read() as session:
        (message,) = session.exec(select(Message)).all()
    assert (message.user_id, message.subject) == (
        any_world.person("officer").id, "专利分级复核：1件已到复核日期",
    )  # fmt: skip
    tell_overdue_reviews(any_world.db, NOW, TODAY + timedelta(days=30))
    with any_world.db.read() as session:
        assert len(session.exec(select(Message)).all()) == 2
