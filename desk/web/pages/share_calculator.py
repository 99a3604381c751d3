"""The income shares calculator: who gets what of net income, the floor of the law, and what breaks it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cases.errors import Invalid
from cases.pack_choices import choices
from desk.answers import net_income, taxes
from desk.answers import shares as answers
from desk.web import labels
from desk.web.books import layers_of_visit
from desk.web.calculators import Question, asked, given, in_yuan
from desk.web.derivations import Why, why
from desk.web.desk_state import DeskArg, VisitArg
from desk.web.forms import Field
from desk.web.i18n import Words
from rules.money import format_yuan
from rules.money_words import COST_LABELS, GROUP_LABELS, MODE_GROUPS, MODE_LABELS
from rules.places import PROVINCES

router = APIRouter(prefix="/tools")
COSTS = tuple(f"cost_{kind}" for kind in COST_LABELS)
NAMES = ("mode", "net", "receipt", *COSTS, "contract", "place", "pack", "on", "unit", "leader")


@dataclass(frozen=True, slots=True)
class Tax:
    """A tax that goes with the deal: what it comes to, and why."""

    name: str
    told: str
    why: Why | None


@router.get("/shares")
def show(request: Request, desk: DeskArg, visit: VisitArg) -> Response:
    """Show the form and, once an amount is there, the distribution."""
    words, layers = visit.words, layers_of_visit(desk, visit)

    def run(typed: Mapping[str, str]) -> dict[str, Any]:
        net = _net(typed, layers, visit.today) if _has_costs(typed) else None
        return {
            "net": net,
            "shares": answers.shares(
                given(typed["mode"]), net["net_fen"] if net else in_yuan(typed["net"]), in_yuan(typed["contract"]),
                place=given(typed["place"]), pack=given(typed["pack"]), on=given(typed["on"]),
                unit=given(typed["unit"]), leader=given(typed["leader"]), layers=layers, today=visit.today,
            ),
        }  # fmt: skip

    question = asked(request, words, NAMES, ("net", "receipt", "contract"), run)
    answer = question.answer
    return desk.screens.page(
        request, "calc_shares.html", words, status=question.status, visit=visit, question=question,
        fields=_fields(question, words), costs=[_cost(question, kind, words) for kind in COST_LABELS],
        with_costs=_has_costs(question.typed),
        net=answer["net"] if answer else None, shares=answer["shares"] if answer else None,
        share_of=words.pick(*GROUP_LABELS[MODE_GROUPS[answer["shares"]["mode"]]]) if answer else "",
        why=why(answer["shares"]["derivation"]["tree"], words) if answer else None,
        taxes=_taxes(answer["shares"], question.typed, layers, words) if answer else [],
        net_why=why(answer["net"]["derivation"]["tree"], words) if answer and answer["net"] else None,
    )  # fmt: skip


def _has_costs(typed: Mapping[str, str]) -> bool:
    return any(typed[name].strip() for name in ("receipt", *COSTS))


def _net(typed: Mapping[str, str], layers: str, today: date) -> dict[str, Any]:
    costs = {kind: in_yuan(typed[f"cost_{kind}"]) for kind in COST_LABELS}
    return net_income.net(
        in_yuan(typed["receipt"]), costs, place=given(typed["place"]), pack=given(typed["pack"]),
        on=given(typed["on"]), layers=layers, today=today,
    )  # fmt: skip


def _taxes(answer: Mapping[str, Any], typed: Mapping[str, str], layers: str, words: Words) -> list[Tax]:
    """Return the taxes that go with the deal, those that the rules know for its mode and day."""
    mode, on, reward = answer["mode"], answer["on"], answer["reward_fen"]
    day = date.fromisoformat(on)
    found: list[Tax] = []
    with suppress(Invalid):
        duty = taxes.stamp(mode, in_yuan(typed["contract"]), on=on, layers=layers, today=day)
        told = (
            f"{format_yuan(duty['duty_fen'])} {words('元')}"
            if duty["duty_fen"] is not None
            else words("按实际结算")
        )
        found.append(Tax(words("印花税（双方各缴）"), told, why(duty["derivation"]["tree"], words)))
    with suppress(Invalid):
        vat = taxes.vat(mode, on=on, layers=layers, today=day)
        told = words.pick(*labels.of(labels.VAT_STATE, vat["state"]))
        found.append(Tax(words("增值税"), told, why(vat["derivation"]["tree"], words)))
    with suppress(Invalid):
        iit = taxes.iit(mode, on, [f"{on}={reward}分"], layers=layers)
        told = words("%(day)s（含）以前发放", day=iit["parts"][0]["last_day"])
        found.append(Tax(words("现金奖励减半计税"), told, why(iit["derivation"]["tree"], words)))
    return found


def _cost(question: Question, kind: str, words: Words) -> Field:
    return question.text(f"cost_{kind}", words.pick(*COST_LABELS[kind]), required=False, unit=words("元"))


def _fields(question: Question, words: Words) -> dict[str, Field]:
    modes = [(slug, words.pick(*label)) for slug, label in MODE_LABELS.items()]
    places = [("", words("按本单位适用的规则包")), *((name, name) for name in PROVINCES)]
    packs = [("", words("本单位现行的规则")),
             *((one.name, one.title) for one in choices() if one.kind == "house")]  # fmt: skip
    units = [("state", words("国家设立的单位")), ("other", words("其他单位"))]
    leaders = [("none", words("没有")), ("head", words("有单位正职领导")), ("other", words("有其他领导"))]
    yuan = words("元")
    return {
        "mode": question.choice("mode", words("转化方式"), modes, required=True),
        "net": question.text("net", words("净收入"), unit=yuan, required=False,
                             help=words("作价入股填股权价值，自行实施填当年营业利润；可写120万")),
        "receipt": question.text("receipt", words("到账金额"), unit=yuan, required=False),
        "contract": question.text("contract", words("合同金额"), unit=yuan, required=False,
                                  help=words("单位规则按合同金额分档时必填，档次按合同金额、比例按净收入")),
        "place": question.choice("place", words("省份"), places),
        "pack": question.choice("pack", words("单位规则"), packs),
        "on": question.date("on", words("到账日"), required=False, help=words("按当日有效的规则计算，默认今天")),
        "unit": question.choice("unit", words("单位性质"), units),
        "leader": question.choice("leader", words("完成人中的领导人员"), leaders),
    }  # fmt: skip
