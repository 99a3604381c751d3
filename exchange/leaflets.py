"""Leaflets: what is published about an event or a typical case, as text, page, PDF and Word file, from the same content.

Nothing is sent anywhere: the files are taken to the channels by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases import event_codes as codes
from cases.event_registers import EVENTS, TYPICAL
from cases.events import promoted
from cases.industries import NAMES as INDUSTRIES
from cases.profile_fields import MATURITIES, PROSPECTS, WILLINGNESS
from cases.profile_tables import PatentProfile
from cases.registers import get_row
from cases.tables import Case, Organization
from contracts.jobs import RenderJob
from contracts.word.package import build_docx
from contracts.word.sheet import Line, Section, Sheet
from rules.dates import chinese_date
from rules.identifiers import display_number
from states.catalog import MODES
from templates import environment

PATENT_KIND = {"invention": "发明专利", "utility": "实用新型专利", "design": "外观设计专利"}
FORMATS = ("txt", "html", "pdf", "docx")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with what stands under it: lines of a name and a value, or of a value alone."""

    heading: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Leaflet:
    """What is published: the parts in their order, by whom and on which day of the matter."""

    title: str
    institution: str
    day: date
    parts: tuple[Part, ...]


def leaflet_of_event(session: Session, org_id: int, event_id: int) -> Leaflet:
    """Return what is published of an event: when and where, and a card for each patent.

    Raises: NotFound.
    Source: S1-13 (一点发布、全网通达)
    """
    event = get_row(session, org_id, EVENTS, event_id)
    organization = session.get_one(Organization, org_id)
    patents = promoted(session, org_id, event_id)
    query = select(PatentProfile).where(col(PatentProfile.patent_id).in_([one.id for one in patents]))
    profiles = {row.patent_id: row for row in session.exec(query)}
    told = {name: cell.zh for name, cell in event.cells.items()}
    about = [("时间", chinese_date(event.values["held_on"]))]
    about += [(zh, told[name]) for name, zh in ABOUT if told[name]]
    cards = [_card(one.title, one.application_no, one.kind, profiles.get(one.id)) for one in patents]
    contact = Part("联系方式", tuple(_filled(
        ("单位", organization.name), ("地址", organization.address), ("联系人", organization.contact),
        ("电话", organization.phone), ("电子邮箱", organization.email),
    )))  # fmt: skip
    return Leaflet(
        event.values["name"],
        organization.name,
        event.values["held_on"],
        (Part("活动", tuple(about)), *cards, contact),
    )


ABOUT = (("place", "地点"), ("organizer", "主办单位"), ("campaign", "专项行动"), ("theme", "主题"))


def _card(title: str, number: str, kind: str, profile: PatentProfile | None) -> Part:
    lines = [("申请号", display_number(number)), ("类型", PATENT_KIND[kind])]
    if profile is not None:
        lines += _filled(
            ("产业领域", _named(INDUSTRIES, profile.industry)),
            ("技术成熟度", MATURITIES.get(profile.maturity, ("", ""))[0]),
            ("产业化前景", PROSPECTS.get(profile.prospect, ("", ""))[0]),
            ("应用场景", profile.scenario), ("转化意愿", _named(WILLINGNESS, profile.willingness)),
        )  # fmt: skip
    return Part(title, tuple(lines))


def leaflet_of_typical(session: Session, org_id: int, row_id: int) -> Leaflet:
    """Return the summary of a typical case.

    Raises: NotFound.
    Source: S1-22 (典型案例和先进经验), S3-34 (总结存量专利转化的有效模式并复制推广)
    """
    row = get_row(session, org_id, TYPICAL, row_id)
    case = session.get_one(Case, row.values["case_id"])
    pattern = codes.PATTERN.get(row.values["pattern"], ("", ""))[0]
    facts = _filled(("转化方式", MODES[case.mode].zh), ("转化模式", pattern), ("案件编号", case.number))
    parts = [Part("基本情况", tuple(facts))]
    for name in ("background", "practice", "outcome"):
        texts = [("", line) for line in str(row.values[name]).splitlines() if line.strip()]
        if texts:
            parts.append(Part(TYPICAL.column(name).zh, tuple(texts)))
    institution = session.get_one(Organization, org_id).name
    return Leaflet(row.values["title"], institution, row.values["marked_on"], tuple(parts))


def _filled(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in pairs if value]


def _named(names: Mapping[str, tuple[str, str]], stored: str) -> str:
    return "、".join(names.get(word, (word, ""))[0] for word in orjson.loads(stored or "[]"))


def as_text(leaflet: Leaflet) -> str:
    """Return a leaflet as plain text, for channels that take nothing else."""
    blocks = [leaflet.title]
    for part in leaflet.parts:
        lines = [f"{name}：{value}" if name else value for name, value in part.lines]
        blocks.append("\n".join([f"【{part.heading}】", *lines]))
    return "\n\n".join([*blocks, leaflet.institution]) + "\n"


def as_html(leaflet: Leaflet) -> str:
    """Return a leaflet as a page that stands alone."""
    values: dict[str, Any] = {"leaflet": leaflet}
    return environment().get_template("reports/leaflet.html").render(values)


def as_docx(leaflet: Leaflet) -> bytes:
    """Return a leaflet as a Word file."""
    sections = tuple(
        Section(
            f"part{number}", "article", "", part.heading,
            tuple(Line("para", "", f"{name}：{value}" if name else value) for name, value in part.lines),
        )
        for number, part in enumerate(leaflet.parts, 1)
    )  # fmt: skip
    return build_docx(
        Sheet("leaflet", leaflet.title, "", "", False, leaflet.day, leaflet.institution, sections)
    )


def as_job(leaflet: Leaflet) -> RenderJob:
    """Return the job that makes a leaflet's PDF."""
    return RenderJob(as_html(leaflet), "forms", leaflet.title)
