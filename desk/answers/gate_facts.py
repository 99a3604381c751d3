"""The facts of a gate question: read from JSON, strictly; what is missing is told and never taken for granted.

In: the text of a JSON object, or the object. Out: a `GateFacts`, or one `cases.errors.Invalid` that names every place
that is wrong, why, and what is allowed there. The format is described in docs/gate-facts.md.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn

from cases.errors import Invalid
from desk.answers import gate_words as words
from desk.answers.gate_missing import Missing, missing_of_case, missing_of_patent, strangers
from desk.answers.parsing import Faults
from rules.deadlines import compute
from rules.gate_table import ACTS
from rules.gates import PatentFacts
from rules.grants import Grant
from rules.holiday_notices import calendar_of
from rules.identifiers import IdentifierError, parse_application_number
from rules.packs import RuleBook
from rules.patent_term import YEARS, term_of
from rules.text import normalize

MOST_PATENTS = 500
LONGEST_TEXT = 400
STATUSES = ("pending", "in_force", "in_grace", "lapsed", "expired", "void", "unknown")
TOP = (
    "mode",
    "stage",
    "institution",
    "on",
    "foreign_party",
    "license",
    "patents",
    "other_cases",
    "terms",
    "consents",
)
LICENSE = ("start", "end", "territory")
PATENT = (
    "application_no", "title", "kind", "status", "flags", "filing_date", "grant_date", "term_end", "owners", "checked_on",
    "lapse_notice_on", "consents",
)  # fmt: skip
OTHER = ("mode", "patent", "start", "end", "territory", "number", "title", "signed")
TERMS = ("fixed_fee", "net_sales", "profit", "basis_chars")


@dataclass(frozen=True)
class GateFacts:
    """A gate question, read. `others` pairs each other grant with the patent it is on, or with nothing: on all."""

    institution: str
    foreign_party: bool
    grant: Grant
    patents: tuple[PatentFacts, ...]
    others: tuple[tuple[Grant, str], ...]
    terms: Mapping[str, int]
    missing: tuple[Missing, ...]


def read_json(text: str) -> Mapping[str, Any]:
    """Read the text of a facts file.

    Raises: Invalid naming line and column, or the name that stands twice.
    """
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _invalid(
            "facts",
            f"第{error.lineno}行第{error.colno}列不是有效的JSON（{error.msg}）。请改正后重试。",
            str(error),
        ) from error
    except (RecursionError, ValueError) as error:
        raise _invalid(
            "facts", "嵌套过深或数值过长。请按格式说明填写。", "nested too deeply, or a number too long"
        ) from error
    if not isinstance(value, dict):
        raise _invalid("facts", '须为JSON对象，例如 {"patents": []}。', "the facts are no JSON object")
    return value


def read_facts(raw: Mapping[str, Any], mode: str, on: date, book: RuleBook) -> GateFacts:
    """Read the facts of a question about one mode on one day.

    Raises: Invalid naming every place that is wrong, for instance `patents[1].status`.
    """
    reader = _Reader(book)
    reader.names(raw, TOP, "")
    license_ = reader.mapping(raw.get("license"), LICENSE, "license")
    institution = reader.text(raw.get("institution"), "institution")
    foreign = reader.flag(raw.get("foreign_party"), "foreign_party")
    grant = Grant(
        mode,
        reader.day(license_.get("start"), "license.start"),
        reader.day(license_.get("end"), "license.end"),
        reader.text(license_.get("territory"), "license.territory"),
    )
    reader.order(grant.start, grant.end, "license.end")
    common = reader.choices(raw.get("consents"), words.CONSENTS, words.CONSENT_WORDS, "consents")
    rows = reader.rows(raw.get("patents"), "patents")
    patents = tuple(reader.patent(row, place, number, common) for number, (place, row) in enumerate(rows, 1))
    others = tuple(
        reader.other(row, place) for place, row in reader.rows(raw.get("other_cases"), "other_cases")
    )
    terms = reader.terms(raw.get("terms"))
    reader.faults.check()
    missing = (
        *missing_of_case(raw, mode, grant, institution),
        *(
            gap
            for (place, row), patent in zip(rows, patents, strict=True)
            for gap in missing_of_patent(row, patent, place, mode)
        ),
        *strangers(others, patents),
    )
    return GateFacts(institution, bool(foreign), grant, patents, others, terms, missing)


class _Reader:
    """Reads values and collects what is wrong with them."""

    def __init__(self, book: RuleBook) -> None:
        self.faults = Faults()
        self.book = book

    def wrong(self, place: str, zh: str, en: str) -> None:
        self.faults.add(place, zh, f"{place}: {en}")

    def names(self, value: Mapping[str, Any], known: Sequence[str], place: str) -> None:
        """Refuse names that the format does not have."""
        for name in value:
            if name not in known:
                where = f"{place}.{name}" if place else str(name)
                self.wrong(
                    where,
                    f"没有这个字段。可用的字段：{'、'.join(known)}。",
                    f"unknown; use: {', '.join(known)}",
                )

    def mapping(self, value: Any, known: Sequence[str], place: str) -> Mapping[str, Any]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(place, f"须为JSON对象，字段有：{'、'.join(known)}。", "must be an object")
            return {}
        self.names(value, known, place)
        return value

    def rows(self, value: Any, place: str) -> list[tuple[str, Mapping[str, Any]]]:
        """Return the objects of a list with their places, the first is `patents[1]`."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(place, "须为JSON列表，例如 [{…}]。", "must be a list")
            return []
        if len(value) > MOST_PATENTS:
            self.wrong(place, f"最多{MOST_PATENTS}项，请分批核对。", f"at most {MOST_PATENTS}")
            return []
        return [
            (
                f"{place}[{number}]",
                self.mapping(row, PATENT if place == "patents" else OTHER, f"{place}[{number}]"),
            )
            if row is not None
            else (f"{place}[{number}]", self._no_row(f"{place}[{number}]"))
            for number, row in enumerate(value, 1)
        ]

    def _no_row(self, place: str) -> Mapping[str, Any]:
        self.wrong(place, "须为JSON对象，不能为空。", "must be an object")
        return {}

    def text(self, value: Any, place: str) -> str:
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            self.wrong(place, f"须为不超过{LONGEST_TEXT}字的文字。", "must be a text")
            return ""
        return normalize(value)

    def flag(self, value: Any, place: str) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        self.wrong(place, "须为 true 或 false。", "must be true or false")
        return None

    def day(self, value: Any, place: str) -> date | None:
        if value is None:
            return None
        if not isinstance(value, str):
            self.wrong(place, '须为日期文字，例如 "2026-03-01"。', "must be a date as text")
            return None
        return self.faults.optional_day(value, place)

    def order(self, first: date | None, last: date | None, place: str) -> None:
        if first is not None and last is not None and last < first:
            self.wrong(
                place,
                f"{last.isoformat()}早于{first.isoformat()}，请核对先后。",
                f"before {first.isoformat()}",
            )

    def choice(self, value: Any, known: Sequence[str], aliases: Mapping[str, str], place: str) -> str:
        if not isinstance(value, str):
            self.wrong(place, f"须为文字，可选：{'、'.join(known)}。", f"must be one of: {', '.join(known)}")
            return known[0]
        return self.faults.choice(value, place, known, aliases=aliases)

    def choices(
        self, value: Any, known: frozenset[str], aliases: Mapping[str, str], place: str
    ) -> frozenset[str]:
        if value is None:
            return frozenset()
        if not isinstance(value, list):
            self.wrong(place, f"须为列表，可选：{'、'.join(sorted(known))}。", "must be a list")
            return frozenset()
        options = tuple(sorted(known))
        return frozenset(
            self.choice(word, options, aliases, f"{place}[{number}]") for number, word in enumerate(value, 1)
        )

    def patent(self, row: Mapping[str, Any], place: str, number: int, common: frozenset[str]) -> PatentFacts:
        digits, kind = self._number(row.get("application_no"), f"{place}.application_no")
        given = row.get("kind")
        if given is not None:
            said = self.choice(given, tuple(YEARS), words.KINDS, f"{place}.kind")
            if kind and said != kind:
                self.wrong(
                    f"{place}.kind", "与申请号中的种类不一致，请核对。", "is not the kind of the number"
                )
            kind = said
        filed, granted = (
            self.day(row.get(name), f"{place}.{name}") for name in ("filing_date", "grant_date")
        )
        self.order(filed, granted, f"{place}.grant_date")
        status = row.get("status")
        return PatentFacts(
            id=number,
            application_no=digits,
            title=self.text(row.get("title"), f"{place}.title") or f"第{number}件专利",
            kind=kind,
            status="unknown"
            if status is None
            else self.choice(status, STATUSES, words.STATUSES, f"{place}.status"),
            flags=self.choices(
                row.get("flags"), frozenset(words.FLAG_NAMES), words.FLAG_WORDS, f"{place}.flags"
            ),
            filing_date=filed,
            grant_date=granted,
            owners=self._owners(row.get("owners"), f"{place}.owners"),
            checked_on=self.day(row.get("checked_on"), f"{place}.checked_on"),
            consents=common
            | self.choices(row.get("consents"), words.CONSENTS, words.CONSENT_WORDS, f"{place}.consents"),
            term_end=self._term_end(row, kind, filed, place),
            restore_until=self._restore_until(
                self.day(row.get("lapse_notice_on"), f"{place}.lapse_notice_on")
            ),
        )

    def _number(self, value: Any, place: str) -> tuple[str, str]:
        text = self.text(value, place)
        if not text:
            return "", ""
        try:
            number = parse_application_number(text)
        except IdentifierError as error:
            self.wrong(place, error.reason, f"'{text}' is no application number ({error.code})")
            return "", ""
        return number.digits, number.kind

    def _owners(self, value: Any, place: str) -> tuple[str, ...]:
        if value is None:
            return ()
        if not isinstance(value, list):
            self.wrong(place, '须为列表，例如 ["沧澜理工大学"]。', "must be a list of names")
            return ()
        names = [self.text(name, f"{place}[{number}]") for number, name in enumerate(value, 1)]
        return tuple(name for name in names if name)

    def _term_end(self, row: Mapping[str, Any], kind: str, filed: date | None, place: str) -> date | None:
        given = self.day(row.get("term_end"), f"{place}.term_end")
        if given is not None:
            self.order(filed, given, f"{place}.term_end")
            return given
        return term_of(kind, filed).last_day if kind and filed is not None else None

    def _restore_until(self, notice: date | None) -> date | None:
        """Return the last day for asking for restoration after the notice of the lapse (T-11)."""
        if notice is None:
            return None
        rule = self.book.deadline("T-11", notice)
        return compute(rule, notice, calendar=calendar_of(self.book)).due

    def other(self, row: Mapping[str, Any], place: str) -> tuple[Grant, str]:
        digits, _ = self._number(row.get("patent"), f"{place}.patent")
        mode = row.get("mode")
        if mode is None:
            self.wrong(
                f"{place}.mode", f"未填写，可选：{'、'.join(ACTS)}。", f"is missing: {', '.join(ACTS)}"
            )
        signed = self.flag(row.get("signed"), f"{place}.signed")
        grant = Grant(
            ACTS[0] if mode is None else self.choice(mode, ACTS, words.MODES, f"{place}.mode"),
            self.day(row.get("start"), f"{place}.start"),
            self.day(row.get("end"), f"{place}.end"),
            self.text(row.get("territory"), f"{place}.territory"),
            self.text(row.get("number"), f"{place}.number"),
            self.text(row.get("title"), f"{place}.title"),
            signed is not False,
        )
        self.order(grant.start, grant.end, f"{place}.end")
        return grant, digits

    def terms(self, value: Any) -> Mapping[str, int]:
        """Return the terms of an open license: fen, basis points, basis points, characters."""
        given = self.mapping(value, TERMS, "terms")
        readers: Mapping[str, Callable[[Any, str], int]] = {
            "fixed_fee": self._amount, "net_sales": self._share, "profit": self._share, "basis_chars": self._count,
        }  # fmt: skip
        return {
            name: readers[name](given[name], f"terms.{name}") for name in TERMS if given.get(name) is not None
        }

    def _amount(self, value: Any, place: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int | str):
            self.wrong(place, '须为金额：整数按“分”计，或带单位的文字，例如 "300万元"。', "must be an amount")
            return 0
        return self.faults.amount(value, place)

    def _share(self, value: Any, place: str) -> int:
        """Read basis points, or a percentage with at most two decimals."""
        if isinstance(value, str) and value.strip().endswith("%"):
            whole, _, part = normalize(value).replace(" ", "").removesuffix("%").partition(".")
            if whole.isdecimal() and len(whole) <= 3 and len(part) <= 2 and (not part or part.isdecimal()):
                value = int(whole) * 100 + int(part.ljust(2, "0"))
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10_000:
            return value
        self.wrong(
            place,
            '须为百分比文字或基点（0至10000），例如 "20%" 或 2000。',
            "must be a percentage or basis points",
        )
        return 0

    def _count(self, value: Any, place: str) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000:
            return value
        self.wrong(place, "须为字数（非负整数）。", "must be a whole number")
        return 0


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _invalid("facts", f"字段“{name}”出现了两次，请删去一个。", f"'{name}' stands twice")
        found[name] = value
    return found


def _no_constant(text: str) -> NoReturn:
    raise _invalid("facts", f"“{text}”不是JSON数值，请改正。", f"'{text}' is no JSON number")


def _invalid(field: str, zh: str, en: str) -> Invalid:
    return Invalid(f"{field}：{zh}", {field: zh}, f"{field}: {en}")
