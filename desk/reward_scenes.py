"""How a receipt is shared out, as scenes that every mode with a price tells alike."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

Row = tuple[str, str, int, Mapping[str, Any]]


def distributed(opened_on: date) -> tuple[Row, ...]:
    """Return the scenes from the plan of a distribution to the filing of its tax."""

    def text(number: int) -> str:
        return (opened_on + timedelta(days=number)).isoformat()

    return (
        (
            "plan_distribution", "finance", 62,
            {
                "planned_on": text(62), "costs": "评估费用 8000元 发票20260012",
                "persons": "成果完成人甲 60%\n成果完成人乙 30%\n成果转化人员丙 10%",
            },
        ),
        ("post_reward_publicity", "officer", 63, {"posted_on": text(63), "place": "校园网信息公开栏"}),
        ("close_reward_publicity", "officer", 98, {"closed_on": text(98), "result": "公示期内未收到异议"}),
        ("pay_rewards", "finance", 100, {"paid_on": text(100), "reference": "奖励发放表第1号"}),
        (
            "record_duty", "finance", 105,
            {"duty": "reward_filing", "done_on": text(105), "reference": "现金奖励个税备案表"},
        ),
    )  # fmt: skip
