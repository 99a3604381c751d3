"""The rule that a number cites, also for days before its first known version.

In: rulebook, id, day. Out: a `Rule`. A day before the first version is served by the first version, as for deadlines.
"""

from datetime import date

from rules.packs import RuleBook, UnknownRule
from rules.rule import Rule


def cited(book: RuleBook, rule_id: str, on: date) -> Rule:
    """Return the rule in force on a day, or the version nearest to that day.

    Raises: UnknownRule if the rulebook has no version of the rule at all.
    """
    try:
        return book.rule(rule_id, on)
    except UnknownRule:
        versions = book.versions_of(rule_id)
        if not versions:
            raise
        earlier = [rule for rule in versions if rule.valid_from <= on]
        return earlier[-1] if earlier else versions[0]
