"""When an official act asks for a paper: conditions on a case, each with the words for why it is not asked.

In: the case and the day. Out: whether the condition holds. `CONDITIONS` is the whole table; `today` matters only for
what is late.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from contracts.papers import told
from contracts.papers.consent_forms import co_owners
from contracts.view import CaseView
from rules.counting import add_months


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: whether it holds, and what is told where it does not."""

    holds: Callable[[CaseView, date], bool]
    else_zh: str = ""
    else_en: str = ""


def _is_foreign(view: CaseView, _today: date) -> bool:
    return view.theirs is not None and view.theirs.is_foreign


def _is_export(view: CaseView, today: date) -> bool:
    return _is_foreign(view, today) and any(patent.kind != "design" for patent in view.patents)


def _is_late(view: CaseView, today: date) -> bool:
    """Say whether more than three months have gone by since the effect.

    Source: 专利实施许可合同备案办法 art 5
    """
    effective = view.day("effective_on")
    return effective is not None and today > add_months(effective, 3)


def _ended_early(view: CaseView, _today: date) -> bool:
    accepted = view.told.get("acceptance", {})
    return (accepted.get("how") or told.section(view, "end").get("how")) != "expired"


CONDITIONS: Mapping[str, Condition] = {
    "always": Condition(lambda _view, _today: True),
    "co_owned": Condition(
        lambda view, _today: bool(co_owners(view)), "专利没有其他共有人", "no patent has another owner"
    ),
    "pledged": Condition(
        lambda view, _today: told.has_flag(view, "pledged"), "登记簿没有质押记录", "no pledge on record"
    ),
    "foreign": Condition(_is_foreign, "对方是境内主体", "the other side is domestic"),
    "export": Condition(
        _is_export, "不涉及向境外提供发明、实用新型", "no invention or utility model goes abroad"
    ),
    "agent": Condition(
        lambda view, today: bool(view.agent) or _is_foreign(view, today), "没有委托专利代理机构", "no agency acts"
    ),
    "open_licensed": Condition(
        lambda view, _today: told.has_flag(view, "open_license"), "专利没有声明开放许可", "no open license declared"
    ),
    "needs_report": Condition(
        lambda view, _today: any(patent.kind in ("utility", "design") for patent in view.patents),
        "全部是发明专利", "all patents are inventions",
    ),
    "late": Condition(_is_late, "没有超过合同生效后三个月", "within three months of the effect"),
    "ended_early": Condition(_ended_early, "许可期限届满，没有解除协议", "the term ran out"),
    "patented": Condition(lambda view, _today: bool(view.patents), "不涉及专利", "no patents"),
}  # fmt: skip
