"""The rulebook of the visitor's institution, and how its lists are narrowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cases.organizations import rule_layers_of
from cases.pack_choices import choices
from cases.rulebooks import book_of
from desk.web.desk_state import Desk, Visit
from rules.deadline_rule import DeadlineRule
from rules.packs import PackError, RuleBook
from rules.rule import Rule
from rules.subjects import SUBJECTS, Subject, subject_of
from rules.text import fold


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule of a list: the version that holds today, or the nearest one; `versions` are all, by date."""

    rule: Rule
    versions: tuple[Rule, ...]
    subject: Subject

    @property
    def is_timer(self) -> bool:
        """Say whether the rule gives a date."""
        return isinstance(self.rule, DeadlineRule)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to; an empty text is no limit. `confidence` may be `unverified`."""

    q: str = ""
    subject: str = ""
    confidence: str = ""
    layer: str = ""


def layers_of_visit(desk: Desk, visit: Visit) -> str:
    """Return the rule packs of the visitor's institution, comma-separated."""
    with desk.db.read() as session:
        return ",".join(rule_layers_of(session, visit.person.org_id))


def book_of_visit(desk: Desk, visit: Visit) -> RuleBook:
    """Return the rulebook the visitor's institution works under.

    Raises: rules.packs.PackError if a pack has become unusable.
    """
    return book_of(layers_of_visit(desk, visit))


def book_with(rule_id: str) -> RuleBook | None:
    """Return a rulebook of a pack that the institution has not chosen, if one has this rule; None if none has."""
    for choice in choices():
        try:
            book = book_of(",".join((*choice.base, choice.name)))
        except PackError:
            continue
        if rule_id in book.versions or rule_id in book.aliases:
            return book
    return None


def entries(book: RuleBook, today: date) -> tuple[Entry, ...]:
    """Return every rule once, by subject, then by id."""
    order = {subject.key: number for number, subject in enumerate(SUBJECTS)}
    found = [_entry(versions, today) for versions in book.versions.values()]
    return tuple(sorted(found, key=lambda one: (order[one.subject.key], one.rule.id)))


def narrowed(every: Sequence[Entry], to: Narrowing) -> tuple[Entry, ...]:
    """Return the entries that a narrowing leaves; every word of `q` must be found."""
    words = [fold(word) for word in to.q.split()]
    return tuple(
        one
        for one in every
        if (not to.subject or one.subject.key == to.subject)
        and (not to.layer or one.rule.layer == to.layer)
        and (not to.confidence or to.confidence in (one.rule.confidence, _verified(one.rule)))
        and all(word in _searched(one) for word in words)
    )


def _entry(versions: Sequence[Rule], today: date) -> Entry:
    held = [rule for rule in versions if rule.is_valid(today)]
    begun = [rule for rule in versions if rule.valid_from <= today]
    rule = (held or begun or list(versions))[-1 if held or begun else 0]
    return Entry(rule, tuple(versions), subject_of(rule.id))


def _verified(rule: Rule) -> str:
    return "verified" if rule.is_verified else "unverified"


def _searched(one: Entry) -> str:
    rule = one.rule
    return fold(" ".join((rule.id, *rule.also, rule.title, rule.title_en, rule.article, rule.text)))
