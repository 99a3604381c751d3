"""The acceptances of an open license: what the record knows of each licensee, and the conditions that ask for one.

They stand in the case's data as a list under `acceptances.list`, numbered from 1. `place` says where an acceptance
stands, one of `PLACES`; its deadlines bear its number (`acceptance_filing:2`), its payments too (`payment:1@2`).

Source: 专利法 art 51; 专利法实施细则 art 87; 专利审查指南 part 5 ch 11 §§6-8
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from states.context import Context
from states.facts import Payment
from states.guards import Guard
from states.plan import Unmet

Acceptance = Mapping[str, Any]

PLACES: Mapping[str, tuple[str, str]] = {
    "notified": ("已通知，待付款", "notified, not paid"),
    "due": ("已生效，待备案", "in force, to be filed"),
    "submitted": ("备案审查中", "filing examined"),
    "correction": ("备案待补正", "correction of the filing asked"),
    "refused": ("不予备案", "filing refused"),
    "recorded": ("已备案", "filed"),
    "cancellation": ("许可已终止，待注销备案", "ended, filing to be cancelled"),
    "over": ("已终止", "over"),
}
LIVING = ("due", "submitted", "correction", "refused", "recorded")
ON_FILE = ("submitted", "correction", "recorded")

# Duties beside the filing that an acceptance opens: the rule of each, by the name in its deadline's key.
DUTIES: Mapping[str, str] = {
    "acceptance_stamp_duty": "TX-14",
    "acceptance_registration": "TC",
    "acceptance_export": "T-22",
}


def all_of(ctx: Context) -> tuple[Acceptance, ...]:
    """Return the acceptances in the order in which they came."""
    return tuple(ctx.data.items("acceptances", "list"))


def standing(ctx: Context, *places: str) -> tuple[Acceptance, ...]:
    """Return the acceptances that stand at one of the places."""
    return tuple(found for found in all_of(ctx) if found["place"] in places)


def reached(ctx: Context) -> tuple[Acceptance, ...]:
    """Return the acceptances by which a license has arisen, whether it still runs or not."""
    return tuple(found for found in all_of(ctx) if found["effective_on"])


def named(ctx: Context) -> Acceptance | None:
    """Return the acceptance that the step names by its number, or None."""
    number = str(ctx.payload.acceptance).strip().removeprefix("第").removesuffix("号")
    return next((found for found in all_of(ctx) if str(found["no"]) == number), None)


def required(ctx: Context) -> Acceptance:
    """Return the acceptance that the step names.

    Raises: ValueError if there is none; guards come before effects.
    """
    found = named(ctx)
    if found is None:
        raise ValueError("an acceptance that is not of this case")
    return found


def changed(ctx: Context, number: int, **changes: Any) -> dict[str, Mapping[str, Any]]:
    """Return the section with one acceptance changed."""
    kept = [{**found, **changes} if found["no"] == number else found for found in all_of(ctx)]
    return {"acceptances": {**ctx.data.sections.get("acceptances", {}), "list": kept}}


def key(name: str, acceptance: Acceptance) -> str:
    """Return the key of a deadline of an acceptance."""
    return f"{name}:{acceptance['no']}"


def day_of(acceptance: Acceptance, name: str) -> date | None:
    """Return a date of an acceptance, or None."""
    return date.fromisoformat(acceptance[name]) if acceptance.get(name) else None


def owed(payments: tuple[Payment, ...], acceptance: Acceptance, effective: date) -> list[str]:
    """Return the keys of the payments that fall to a licensee: after the effect, up to the first after the end."""
    last = day_of(acceptance, "end")
    found: list[str] = []
    for number, payment in enumerate(payments, 1):
        if payment.due <= effective:
            continue
        found.append(f"payment:{number}@{acceptance['no']}")
        if last is not None and payment.due > last:
            break
    return found


def list_of(acceptances: tuple[Acceptance, ...]) -> str:
    """Return acceptances as people read them, by number, licensee and place."""
    return "；".join(
        f"{found['no']}（{found['company']}，{PLACES[found['place']][0]}）" for found in acceptances
    )


def is_acceptance_at(*places: str) -> Guard:
    """Return the guard that holds a step to acceptances at these places; it lists those that there are."""

    def guard(ctx: Context) -> tuple[Unmet, ...]:
        here = standing(ctx, *places)
        if ctx.payload is None:
            return () if here else (_none_at(ctx, places),)
        found = named(ctx)
        if found is None:
            return (_unknown(ctx, places),)
        return () if found in here else (_elsewhere(ctx, found, places),)

    return guard


def _none_at(ctx: Context, places: tuple[str, ...]) -> Unmet:
    where = "、".join(PLACES[place][0] for place in places)
    return ctx.unmet(
        "no_acceptance_here", "", (f"没有“{where}”的被许可人", "no acceptance stands there"),
        (f"本案被许可人：{list_of(all_of(ctx)) or '无'}", "see the acceptances of the case"), "officer",
    )  # fmt: skip


def _unknown(ctx: Context, places: tuple[str, ...]) -> Unmet:
    typed = ctx.payload.acceptance
    return ctx.unmet(
        "unknown_acceptance", "", (f"本案没有接受编号“{typed}”", f"no acceptance '{typed}' in this case"),
        (f"可填：{list_of(standing(ctx, *places)) or '无'}", "give the number of an acceptance of this case"), "officer",
    )  # fmt: skip


def _elsewhere(ctx: Context, found: Acceptance, places: tuple[str, ...]) -> Unmet:
    where = "、".join(PLACES[place][0] for place in places)
    here = PLACES[found["place"]]
    return ctx.unmet(
        "acceptance_elsewhere", "",
        (
            f"第{found['no']}号接受（{found['company']}）目前“{here[0]}”，本步骤须处于“{where}”",
            f"acceptance {found['no']} stands at: {here[1]}",
        ),
        (f"可填：{list_of(standing(ctx, *places)) or '无'}", "choose an acceptance that stands there"), "officer",
    )  # fmt: skip


def day_after(name: str, label: str, earlier: str, earlier_zh: str) -> Guard:
    """Return the guard that holds a payload date between a date of the acceptance named and today."""

    def guard(ctx: Context) -> tuple[Unmet, ...]:
        value = ctx.day(name)
        if value is None:
            return ()
        told = []
        found = named(ctx)
        before = day_of(found, earlier) if found else None
        if value > ctx.today:
            told.append((f"{name}_future", f"{label}{value.isoformat()}晚于今日{ctx.today.isoformat()}"))
        if before is not None and value < before:
            told.append((f"{name}_early", f"{label}{value.isoformat()}早于{earlier_zh}{before.isoformat()}"))
        return tuple(
            ctx.unmet(code, "", (text, code.replace("_", " ")), ("核对日期", "check the date"), "officer")
            for code, text in told
        )

    return guard
