"""The steps of the night, in their order: to add one, write a plain function and name it here."""

from cases.night_conflicts import check_conflicts
from cases.night_dates import check_again, recompute_dates
from cases.night_fees import date_annual_fees
from cases.night_followups import follow_up
from cases.night_holidays import check_holidays
from cases.night_indicators import count_indicators
from cases.night_reviews import tell_overdue_reviews
from cases.night_stocktakes import remind_inventors, take_in_grants
from cases.night_trail import check_trail
from cases.night_use import date_uses
from cases.nightly import Step
from cases.pruning import clear_away

STEPS: tuple[Step, ...] = (
    Step("holidays", "放假安排", "Days off", check_holidays),
    Step("recompute", "暂定期限重算", "Provisional dates", recompute_dates),
    Step("annual_fees", "年费期限", "Annual fees", date_annual_fees),
    Step("use", "声明与实施", "Declaration and use", date_uses),
    Step("recheck", "日期与金额复核", "Second computation", check_again),
    Step("grade_reviews", "分级复核", "Grades to review", tell_overdue_reviews),
    Step("conflicts", "案件授权冲突", "Conflicting grants", check_conflicts),
    Step("stocktakes", "盘点新授权专利", "New grants for stocktakes", take_in_grants),
    Step("stocktake_reminders", "盘点提醒", "Reminders of stocktakes", remind_inventors),
    Step("indicators", "指标统计", "Counting indicators", count_indicators),
    Step("trail", "留痕核验", "Trail verification", check_trail),
    Step("followups", "线索与任务提醒", "Leads and tasks", follow_up),
    Step("prune", "清理后台任务记录", "Clearing finished jobs", clear_away),
)
NAMES = {step.slug: (step.zh, step.en) for step in STEPS}
