"""For each invariant a case that breaks it: what was seen, with one thing changed by hand."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import orjson

from cases.tables import Case, Deadline
from cases.trail import Break, Entry
from states.decide import Option
from tests.cases.invariants import Seen


def spoiled(check: str, seen: Seen) -> Seen:
    """Return what would be seen of a case that breaks the check of this name."""
    return SPOILERS[check](seen)


def _case(seen: Seen, **values: Any) -> Seen:
    return replace(seen, case=Case(**{**seen.case.model_dump(), **values}))


def _dates(seen: Seen, **values: Any) -> Seen:
    first, *rest = seen.dates
    return replace(seen, dates=(Deadline(**{**first.model_dump(), **values}), *rest))


def _known(seen: Seen, **sections: Any) -> Seen:
    return replace(seen, loaded=replace(seen.loaded, data={**seen.loaded.data, **sections}))


def _fraction(entry: Entry) -> Entry:
    return replace(entry, body={**entry.body, "payload": {"amount_fen": [0.1]}})


def _without_remedy(option: Option) -> Option:
    return replace(option, unmet=tuple(replace(unmet, remedy_zh="") for unmet in option.unmet))


def _other_terms(seen: Seen) -> Seen:
    return _case(seen, terms=orjson.dumps({**orjson.loads(seen.case.terms), "copies": 29}).decode())


def _granted(seen: Seen) -> Seen:
    loaded = replace(seen.loaded, position=("approval_granted",))
    return _known(replace(seen, loaded=loaded), approval={"hash": "another"})


SPOILERS: Mapping[str, Callable[[Seen], Seen]] = {
    "check_every_change_has_its_entry": lambda seen: _case(seen, version=seen.case.version + 1),
    "check_stage_and_closing_follow_from_the_position": lambda seen: _case(seen, stage="end"),
    "check_asking_again_answers_the_same": lambda seen: replace(
        seen, offered={**seen.offered, "officer": ()}
    ),
    "check_refusals_explain_themselves": lambda seen: replace(
        seen, offered={"officer": tuple(map(_without_remedy, seen.offered["officer"]))}
    ),
    "check_dates_explain_themselves": lambda seen: _dates(
        seen, explanation='{"zh": [], "en": [], "tree": {}}'
    ),
    "check_moved_dates_stay_on_record": lambda seen: _dates(seen, status="open", closed_seq=3),
    "check_terms_are_what_their_hashes_say": _other_terms,
    "check_approvals_bind_to_the_terms": _granted,
    "check_trail_verifies_and_replays": lambda seen: replace(
        seen, verified=replace(seen.verified, breaks=(Break("case:1", 1, "断", "broken"),))
    ),
    "check_money_is_exact": lambda seen: replace(seen, told=(*seen.told[:-1], _fraction(seen.told[-1]))),
    "check_the_officer_holds_case_and_dates": lambda seen: _case(seen, officer_id=seen.case.officer_id + 1),
    "check_patents_are_those_on_record": lambda seen: replace(seen, patents=(*seen.patents, 99)),
    "check_work_is_handed_on_once": lambda seen: replace(seen, outbox=(*seen.outbox, seen.outbox[0])),
    "check_an_end_leaves_only_its_duties": lambda seen: _known(seen, end={"left": ["nothing_known"]}),
    "check_someone_can_go_on": lambda seen: replace(seen, offered={}),
}
