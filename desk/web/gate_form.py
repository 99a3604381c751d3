"""The form of a gate question, and the facts it makes: patents of the library, or one that is typed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.patent_grants import PatentGrant
from cases.patents import PatentView
from desk.web import labels
from desk.web.calculators import Question
from desk.web.forms import Field
from desk.web.i18n import Words
from rules.gate_table import ACT_NAMES, STAGE_NAMES

NAMES = (
    "mode", "stage", "on", "foreign", "start", "end", "number", "status", "owners", "filed", "granted", "checked",
    "lapse_notice", "patent_q",
)  # fmt: skip
LISTS = ("patent", "flag", "consent")
MOST_PATENTS = 50


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a question is about: patents of the library with what other cases grant on them."""

    patents: Sequence[PatentView]
    grants: Sequence[PatentGrant]


def facts_of(
    typed: Mapping[str, str], lists: Mapping[str, Sequence[str]], chosen: Chosen, institution: str
) -> dict[str, Any]:
    """Return the facts of the question; an empty field is left out, and the answer tells what is missing."""
    patents = [_patent_facts(patent) for patent in chosen.patents]
    if typed["number"].strip() or typed["status"]:
        patents.append(_typed_facts(typed, lists["flag"], institution))
    license_ = {name: typed[name].strip() for name in ("start", "end") if typed[name].strip()}
    return {
        "institution": institution,
        "foreign_party": typed["foreign"] == "yes",
        "license": license_,
        "patents": patents,
        "other_cases": [_other(one) for one in chosen.grants],
        "consents": list(lists["consent"]),
    }


def place_to_field(place: str, typed_number: int) -> str:
    """Return the field of the form that a place in the facts comes from, or the place itself.

    `typed_number` is the place of the typed patent in the list.
    """
    plain = {"license.start": "start", "license.end": "end", "foreign_party": "foreign"}
    names = {
        "application_no": "number", "status": "status", "owners": "owners", "filing_date": "filed",
        "grant_date": "granted", "checked_on": "checked", "lapse_notice_on": "lapse_notice",
    }  # fmt: skip
    prefix = f"patents[{typed_number}]."
    if place.startswith(prefix):
        return names.get(place.removeprefix(prefix).partition("[")[0], place)
    return plain.get(place, place)


def _patent_facts(patent: PatentView) -> dict[str, Any]:
    days = {
        "filing_date": patent.filing_date, "grant_date": patent.grant_date, "checked_on": patent.register_checked_on,
    }  # fmt: skip
    return {
        "application_no": patent.display_no,
        "title": patent.title,
        "kind": patent.kind,
        "status": patent.status,
        "flags": list(patent.flags),
        "owners": list(patent.owners),
        **{name: day.isoformat() for name, day in days.items() if day is not None},
    }


def _typed_facts(typed: Mapping[str, str], flags: Sequence[str], institution: str) -> dict[str, Any]:
    owners = [
        name for name in typed["owners"].replace("；", ";").replace("、", ";").split(";") if name.strip()
    ]
    named = {
        "application_no": "number", "status": "status", "filing_date": "filed", "grant_date": "granted",
        "checked_on": "checked", "lapse_notice_on": "lapse_notice",
    }  # fmt: skip
    return {
        "owners": owners or [institution],
        "flags": list(flags),
        **{name: typed[field].strip() for name, field in named.items() if typed[field].strip()},
    }


def _other(one: PatentGrant) -> dict[str, Any]:
    grant = one.grant
    days = {"start": grant.start, "end": grant.end}
    return {
        "mode": grant.mode,
        "patent": one.application_no,
        "territory": grant.territory,
        "number": grant.number,
        "title": grant.title,
        "signed": grant.signed,
        **{name: day.isoformat() for name, day in days.items() if day is not None},
    }


def fields_of(question: Question, lists: Mapping[str, Sequence[str]], words: Words) -> dict[str, Field]:
    """Return the fields of the form, by name."""

    def pairs(table: Mapping[str, labels.Label]) -> list[tuple[str, str]]:
        return [(key, words.pick(*label)) for key, label in table.items()]

    stages = pairs(dict(STAGE_NAMES))
    stage = Question({**question.typed, "stage": question.typed["stage"] or "sign"}, errors=question.errors)
    statuses = [("", words("未填写")), *pairs(labels.PATENT_STATUS)]
    return {
        "mode": question.choice("mode", words("转化方式"), pairs(dict(ACT_NAMES)), required=True),
        "stage": stage.choice("stage", words("办到哪一步"), stages, required=True),
        "on": question.date("on", words("办理日期"), required=False, help=words("默认今天")),
        "foreign": question.tick("foreign", words("对方是境外或港澳台主体")),
        "start": question.date("start", words("许可起始日"), required=False),
        "end": question.date("end", words("许可终止日"), required=False),
        "number": question.text("number", words("申请号或专利号"), required=False),
        "status": question.choice("status", words("法律状态"), statuses),
        "owners": question.text("owners", words("专利权人"), required=False,
                                help=words("多个用分号隔开；不填视为本单位")),
        "filed": question.date("filed", words("申请日"), required=False),
        "granted": question.date("granted", words("授权公告日"), required=False),
        "checked": question.date("checked", words("登记簿核查日期"), required=False),
        "lapse_notice": question.date("lapse_notice", words("收到终止通知书日"), required=False),
        "flag": _multi("flag", words("权利情况"), pairs(labels.FLAG), lists["flag"]),
        "consent": _multi("consent", words("已经取得的同意和材料"), pairs(labels.CONSENT), lists["consent"]),
    }  # fmt: skip


def _multi(name: str, label: str, options: list[tuple[str, str]], chosen: Sequence[str]) -> Field:
    return Field(name, label, "multi", options=tuple(options), values=tuple(chosen))
