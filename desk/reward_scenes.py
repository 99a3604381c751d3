"""How a receipt is shared out, as scenes that every mode with a price tells alike."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

Row = tuple[str, str, int, Mapping[str, Any]]


def distributed(opened_on: date, first: int = 62, number: int = 1) -> tuple[Row, ...]:
    """Return the scenes from the plan of a distribution, so many days after the opening, to the filing of its tax."""
    posted, closed, paid, filed = first + 1, first + 36, first + 38, first + 43

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    return (
        (
            "plan_distribution", "finance", first,
            {
                "planned_on": text(first), "costs": "评估费用 8000元 发票20260012",
                "persons": "成果完成人甲 60%\n成果完成人乙 30%\n成果转化人员丙 10%",
            },
        ),
        ("post_reward_publicity", "officer", posted, {"posted_on": text(posted), "place": "校园网信息公开栏"}),
        ("close_reward_publicity", "officer", closed, {"closed_on": text(closed), "result": "公示期内未收到异议"}),
        ("pay_rewards", "finance", paid, {"paid_on": text(paid), "reference": f"奖励发放表第{number}号"}),
        (
            "record_duty", "finance", filed,
            {"duty": "reward_filing", "done_on": text(filed), "reference": "现金奖励个税备案表"},
        ),
    )  # fmt: skip
