"""Correcting a date that was recorded wrongly: the deadlines that hang on it move, the old ones stay on record."""

from collections.abc import Mapping
from datetime import date

from states import ends
from states import payloads as p
from states.context import Context
from states.filings import label_of, submitted_openings
from states.modes import Mode
from states.performance import counted_from_effect
from states.plan import Effects, Opening, Unmet
from states.preparation import publicity_end
from states.recorded import pauses_in
from states.recorded_dates import Label, RecordedDate
from states.steps import OFFICER, Step, kept, required_day, section


def _publicity(ctx: Context, posted: date) -> tuple[Opening, ...]:
    return (publicity_end(ctx, posted, pauses_in(ctx.data.items("publicity", "pauses"))),)


def _signature(_ctx: Context, signed: date) -> tuple[Opening, ...]:
    return (Opening("stamp_duty", "TX-14", "contract_signed", signed),)


def _submission(ctx: Context, submitted: date) -> tuple[Opening, ...]:
    filing = ctx.mode.filing
    return submitted_openings(filing, submitted) if filing else ()


def _end(ctx: Context, ended: date) -> tuple[Opening, ...]:
    how = ctx.data.get("end", "how")
    return tuple(
        ends.OPENINGS[family](ctx, key, how, ended)
        for key in ends.left(ctx)
        if (family := key.partition(":")[0]) in ends.OPENINGS
    )


def _recording(ctx: Context, recorded: date) -> tuple[Opening, ...]:
    if ctx.mode.filing is not None and not ctx.mode.filing.earns_label:
        return ()
    return (Opening("feedback", "FEEDBACK", "filing_recorded", recorded),)


def _recorded(ctx: Context, recorded: date) -> Label | None:
    return label_of(ctx, {**ctx.data.sections.get("filing", {}), "recorded_on": recorded.isoformat()})


BASES: Mapping[str, RecordedDate] = {
    "price_agreed": RecordedDate(
        "price", "agreed_on", "协议定价日期", "price agreed on", before="publicity_posted"
    ),
    "publicity_posted": RecordedDate(
        "publicity", "posted_on", "公示开始日期", "publicity posted on", _publicity, "price_agreed",
        needs=("publicity_running",),
    ),
    "approved": RecordedDate(
        "approval", "decided_on", "批准日期", "approved on", before="contract_signed"
    ),
    "contract_signed": RecordedDate(
        "contract", "signed_on", "签订日期", "signed on", _signature, "approved", "contract_effective"
    ),
    "contract_effective": RecordedDate(
        "contract", "effective_on", "生效日期", "effective on", counted_from_effect, "contract_signed", "filing_submitted"
    ),
    "filing_submitted": RecordedDate(
        "filing", "submitted_on", "备案提交日期", "filing submitted on", _submission, "contract_effective",
        "filing_recorded", needs=("filing_submitted",),
    ),
    "filing_recorded": RecordedDate(
        "filing", "recorded_on", "备案日期", "filing recorded on", _recording, "filing_submitted", label=_recorded
    ),
    "contract_ended": RecordedDate(
        "end", "on", "合同终止日期", "contract ended on", _end, "contract_effective", needs=ends.CLOSING_LEAVES
    ),
}  # fmt: skip


def dates_of(mode: Mode) -> Mapping[str, RecordedDate]:
    """Return the dates that can be corrected in a mode, by name."""
    return {**BASES, **mode.dates}


def is_date_recorded(ctx: Context) -> tuple[Unmet, ...]:
    """The date to correct has been recorded, and what hangs on it is still under way."""
    if any(
        is_correctable(ctx, which) for which in ([ctx.payload.which] if ctx.payload else dates_of(ctx.mode))
    ):
        return ()
    base = dates_of(ctx.mode)[ctx.payload.which if ctx.payload else "price_agreed"]
    return (
        ctx.unmet(
            "date_not_recorded", "",
            (f"{base.zh}尚未登记，或以其起算的手续已经办结", f"'{base.en}' is not recorded, or what hangs on it is done"),
            ("选择已登记、且手续仍在进行的日期", "choose a recorded date whose procedure is still under way"),
            "officer",
        ),
    )  # fmt: skip


def is_correctable(ctx: Context, which: str) -> bool:
    """Say whether a date has been recorded, and what hangs on it is still under way."""
    base = dates_of(ctx.mode)[which]
    is_under_way = not base.needs or any(ctx.at(leaf) for leaf in base.needs)
    return ctx.data.day(base.section, base.key) is not None and is_under_way


def is_in_order(ctx: Context) -> tuple[Unmet, ...]:
    """The corrected date is not in the future and keeps its place among the recorded dates."""
    if ctx.payload is None:
        return ()
    base, day = dates_of(ctx.mode)[ctx.payload.which], ctx.payload.corrected_on
    wrong = [("今日", "today", ctx.today)] if day > ctx.today else []
    early = [other for other in _others(ctx, base.after) if day < other[2]]
    late = [other for other in _others(ctx, base.before) if day > other[2]]
    return tuple(
        ctx.unmet(
            "date_out_of_order", "",
            (f"更正后的{base.zh}{day.isoformat()}{how}{zh}{other.isoformat()}", f"{base.en} against {en}: {other}"),
            ("核对日期，必要时先更正另一个日期", "check the date; correct the other one first if need be"),
            "officer",
        )
        for how, found in (("晚于", wrong + late), ("早于", early))
        for zh, en, other in found
    )  # fmt: skip


def _others(ctx: Context, name: str) -> list[tuple[str, str, date]]:
    base = dates_of(ctx.mode).get(name)
    day = ctx.data.day(base.section, base.key) if base else None
    return [(base.zh, base.en, day)] if base and day else []


def _correct(ctx: Context) -> Effects:
    """Keep the date before and after; move what is still open and was counted from it."""
    base, day = dates_of(ctx.mode)[ctx.payload.which], required_day(ctx, "corrected_on")
    before = ctx.data.day(base.section, base.key)
    told = {**kept(ctx), "before": before.isoformat() if before else None, "by_name": ctx.actor.name}
    made = [*ctx.data.items("corrected", "dates"), told]
    changed = section(ctx, base.section, **{base.key: day.isoformat()})
    return Effects(
        facts={**changed, **section(ctx, "corrected", dates=made)},
        moves=base.moves(ctx, day),
        label=base.label(ctx, day),
    )


STEPS: tuple[Step, ...] = (
    Step(
        "correct_date", "更正日期", "Correct a date", "更正了登记的日期", "corrected a recorded date",
        OFFICER, p.CorrectDate, (is_date_recorded, is_in_order), _correct, "secondary",
    ),
)  # fmt: skip
