"""Brings the lines about one application number together.

The same line twice is one patent. A later publication of the same application (B after A) wins over the
earlier one, and title and owner may have changed on the way. Two lines of the same stage that say different
things contradict each other: the first stands, the other goes back to the officer.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from cases.patent_sql import CheckedPatent
from cases.patents import STATUS_ZH
from exchange.patent_fields import FIELDS
from exchange.tables import Problem
from rules.text import fold

Where = Callable[[int], str]


def merge(patents: Sequence[CheckedPatent], where: Where) -> tuple[CheckedPatent, tuple[Problem, ...]]:
    """Return the one patent that lines about one number describe, and the lines that contradict it.

    `patents` come in the order of the file; the result carries the line of the first. `where` names a line
    for people.
    """
    chosen, first_line = patents[0], patents[0].line
    problems: list[Problem] = []
    by_stage: dict[str, CheckedPatent] = {}
    for patent in patents:
        peer = by_stage.get(_stage(patent)) or next(
            (p for s, p in by_stage.items() if not s or not _stage(patent)), None
        )
        found = _contradictions(patent, peer or chosen, where, is_same_stage=peer is not None)
        if found:
            problems.extend(found)
            continue
        by_stage[_stage(patent)] = patent
        newer, older = (patent, chosen) if _rank(patent) > _rank(chosen) else (chosen, patent)
        chosen = _joined(newer, older, is_same_stage=peer is not None)
    return replace(chosen, line=first_line), tuple(problems)


def _stage(patent: CheckedPatent) -> str:
    """The kind letter of the publication: A, B, C, U, Y, S, D; blank if the line names none."""
    return patent.publication_no.rstrip("0123456789")[-1:]


def _rank(patent: CheckedPatent) -> tuple[int, str]:
    stage = _stage(patent)
    if patent.grant_date or stage not in ("", "A"):
        return 2, stage
    return (1 if stage else 0), stage


def _contradictions(
    new: CheckedPatent, old: CheckedPatent, where: Where, *, is_same_stage: bool
) -> list[Problem]:
    """Compare what may not change at all, and within one stage also what else may not."""

    def differ(field: str, mine: str, its: str) -> Problem:
        label = FIELDS[field].label
        told = f"与{where(old.line)}是同一申请号，但{label}不同（该行为“{its}”）。请核对，只保留正确的一行。"
        return Problem(new.line, label, mine, told)

    problems: list[Problem] = []
    if new.filing_date and old.filing_date and new.filing_date != old.filing_date:
        problems.append(differ("filing_date", new.filing_date.isoformat(), old.filing_date.isoformat()))
    if not is_same_stage:
        return problems
    if _letters(new.title) != _letters(old.title):
        problems.append(differ("title", new.title, old.title))
    if new.owners and old.owners and set(map(_letters, new.owners)) != set(map(_letters, old.owners)):
        problems.append(differ("owners", "、".join(new.owners), "、".join(old.owners)))
    if new.publication_no and old.publication_no and new.publication_no != old.publication_no:
        problems.append(differ("publication_no", new.publication_no, old.publication_no))
    if new.grant_date and old.grant_date and new.grant_date != old.grant_date:
        problems.append(differ("grant_date", new.grant_date.isoformat(), old.grant_date.isoformat()))
    if new.is_status_stated and old.is_status_stated and new.status != old.status:
        problems.append(differ("status", STATUS_ZH[new.status], STATUS_ZH[old.status]))
    return problems


def _joined(newer: CheckedPatent, older: CheckedPatent, *, is_same_stage: bool) -> CheckedPatent:
    """Fill what the winning line leaves blank. Lines of one stage may each name other inventors or colleges."""
    inventors, college = newer.inventors or older.inventors, newer.college or older.college
    if is_same_stage:
        first, second = sorted((newer, older), key=lambda patent: patent.line)
        inventors = tuple(dict.fromkeys(first.inventors + second.inventors))
        college = "、".join(
            dict.fromkeys(filter(None, (*first.college.split("、"), *second.college.split("、"))))
        )
    if newer.is_status_stated or not older.is_status_stated:
        status, is_stated = newer.status, newer.is_status_stated
    else:
        status, is_stated = older.status, older.is_status_stated
    if status == "unknown":
        status, is_stated = older.status, older.is_status_stated
    return replace(
        newer,
        owners=newer.owners or older.owners,
        inventors=inventors,
        college=college,
        filing_date=newer.filing_date or older.filing_date,
        grant_date=newer.grant_date or older.grant_date,
        publication_no=newer.publication_no or older.publication_no,
        ipc=newer.ipc or older.ipc,
        address=newer.address or older.address,
        status=status,
        is_status_stated=is_stated,
        fee_paid_year=newer.fee_paid_year or older.fee_paid_year,
        fee_reduction=newer.fee_reduction or older.fee_reduction,
    )


def _letters(text: str) -> str:
    """A text as it is compared: without marks, blanks, case and width."""
    return "".join(filter(str.isalnum, fold(text)))
