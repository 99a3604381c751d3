"""What the forms of a case's changes offer to choose from: only what stands there now, with its present value."""

from collections.abc import Callable, Mapping

from cases.views import CasePage
from desk.web import labels
from desk.web.forms import Choices
from desk.web.i18n import Words
from states.catalog import MODES
from states.context import Context
from states.corrections import dates_of, is_correctable
from states.entries import ENTRIES, correctable, recorded
from states.facts import Actor
from states.milestones import left
from states.modes import Mode
from states.payments import keyed
from states.royalty_facts import plan_of, reported
from states.stepping_back import EVENT, FILING, standing, undoable_in

OF_A_FILING = frozenset({"withdrawn_on", "reference"})
NOBODY = Actor(0, "", "officer")


def offered_in(case: CasePage, event: str, words: Words) -> Mapping[str, Choices]:
    """Return the choices of a step's fields that depend on the case, by field."""
    made = _OFFERED.get(event)
    return made(case, words) if made else {}


def hidden_in(case: CasePage, event: str) -> frozenset[str]:
    """Return the fields of a step that the case has no use for now."""
    lies_there = FILING in standing(_context(case))
    return OF_A_FILING if event == EVENT and not lies_there else frozenset()


def files_of(case: CasePage, kinds: frozenset[str]) -> Choices:
    """Return the files of the case that are of these kinds, the latest first."""
    kept = case.loaded.facts.data.items("files", "list")
    return tuple((str(one["id"]), str(one["filename"])) for one in reversed(kept) if one["kind"] in kinds)


def voided_in(mode: Mode, name: str) -> tuple[str, str]:
    """Return what becomes void in the words of its mode."""
    return labels.VOIDED.get(name) or undoable_in(mode.chart).get(name, (name, name))


def _context(case: CasePage) -> Context:
    book = case.loaded.book
    return Context(case.mode, case.position, case.loaded.facts, None, NOBODY, case.opened_on, book)


def _undoable(case: CasePage, words: Words) -> Mapping[str, Choices]:
    names = undoable_in(case.mode.chart)
    return {"what": tuple((what, words.pick(*names[what])) for what in standing(_context(case)))}


def _entries(case: CasePage, words: Words) -> Mapping[str, Choices]:
    ctx = _context(case)
    names = {which: words.pick(ENTRIES[which].zh, ENTRIES[which].en) for which in correctable(ctx)}
    return {
        "which": tuple((which, _with(words, name, recorded(ctx, which))) for which, name in names.items())
    }


def _dates(case: CasePage, words: Words) -> Mapping[str, Choices]:
    ctx = _context(case)
    found = (
        (which, base, ctx.data.day(base.section, base.key)) for which, base in dates_of(ctx.mode).items()
    )
    return {
        "which": tuple(
            (which, _with(words, words.pick(base.zh, base.en), str(day)))
            for which, base, day in found
            if is_correctable(ctx, which)
        )
    }


def _with(words: Words, name: str, now: str) -> str:
    return words("%(what)s（现为：%(now)s）", what=name, now=now)


def _modes(case: CasePage, words: Words) -> Mapping[str, Choices]:
    return {
        "mode": tuple((slug, words.pick(m.zh, m.en)) for slug, m in MODES.items() if slug != case.mode.slug)
    }


def _milestones(case: CasePage, _words: Words) -> Mapping[str, Choices]:
    ctx = _context(case)
    found = keyed(ctx, "milestone")
    return {
        "milestone": tuple((key, f"{found[key].label} · {found[key].due.isoformat()}") for key in left(ctx))
    }


def _periods(case: CasePage, words: Words) -> Mapping[str, Choices]:
    """Return the periods that can be reported: the next one first, then those that a statement would correct."""
    ctx = _context(case)
    plan, known = plan_of(ctx), reported(ctx)
    periods = plan.periods[: known + 1] if plan else ()
    return {
        "period": tuple(
            (
                str(p.number),
                f"{words('第%(n)s期', n=p.number)} · {p.first.isoformat()} – {p.last.isoformat()}"
                + (f" · {words('更正')}" if p.number <= known else ""),
            )
            for p in reversed(periods)
        )
    }


_OFFERED: Mapping[str, Callable[[CasePage, Words], Mapping[str, Choices]]] = {
    "step_back": _undoable,
    "correct_entry": _entries,
    "correct_date": _dates,
    "switch_mode": _modes,
    "reach_milestone": _milestones,
    "drop_milestone": _milestones,
    "report_royalty": _periods,
}
