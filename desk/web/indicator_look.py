"""How the page of indicators is laid out: cards by section, charts, and the table of cycle times, in one language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from cases.indicators.catalog import GROUPINGS, SECTIONS
from cases.indicators.counting import Counted
from cases.indicators.dashboard import Dashboard, source_names
from cases.indicators.opened import EMPTY_WORD
from cases.indicators.scope import Scope
from cases.indicators.series import Deals, Leg
from cases.indicators.words import amount, group_name, made_of, mode_name, shown
from desk.web.i18n import Words
from exchange.reports.charts import Bars, Lines, bars, funnel, lines
from rules.money import format_yuan
from states.modes import STAGES

FILTER_NAMES = {"college": ("院系", "college"), "mode": ("转化方式", "mode")}


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator as a card."""

    id: str
    name: str
    value: str
    made_of: str
    definition: str
    sources: tuple[tuple[str, str], ...]
    confidence: str
    href: str
    over_href: str
    ignores: tuple[str, ...]
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class LegLine:
    """How long a stage took: over all colleges, and each of them."""

    name: str
    whole: Leg
    href: str
    colleges: tuple[tuple[str, Leg, str], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """The page: sections of cards, and charts."""

    sections: tuple[tuple[str, str, tuple[Card, ...]], ...]
    years: Bars
    months: Lines
    funnel: Bars
    colleges: Bars
    modes: Bars
    legs: tuple[LegLine, ...]
    groups: tuple[tuple[str, Bars | None], ...]
    districts: Bars


def look_of(found: Dashboard, words: Words) -> Look:
    """Return the page of what was counted."""
    here = Addresses(found.scope)
    sections = tuple(
        (key, words.pick(*names), tuple(
            _card(one, words, here) for one in found.figures if one.indicator.section == key
        ))
        for key, names in SECTIONS.items()
    )  # fmt: skip
    heads = (words("合同额（元）"), words("到账（元）"))
    return Look(
        sections,
        bars(words("近五年合同额与到账"), words("年度"), heads, _rows(found.years, here, "year"), format_yuan),
        lines(
            words("本年度各月合同额与到账"), words("月份"), [one.name for one in found.months],
            [(heads[0], [one.value for one in found.months]), (heads[1], [one.income for one in found.months])], format_yuan,
        ),
        funnel(
            words("从存量到产业化"), words("环节"), (words("有效专利"),),
            [_step(one, words, here) for one in found.funnel],
        ),
        bars(words("各院系合同额与到账"), words("院系"), heads, _rows(found.colleges, here, "college", words), format_yuan),
        bars(
            words("各转化方式合同额与到账"), words("转化方式"), heads,
            [
                (words.pick(*mode_name(one.name)), here.to("contracts", mode=one.name), (one.value, one.income))
                for one in found.modes
            ],
            format_yuan,
        ),
        tuple(_legs(found.legs, words, here)),
        tuple(_groups(found, words, here)),
        bars(
            words("各区县活动场次"), words("区县"), (words("场次"),),
            [(one.word or words("未填写"), here.to("events"), (one.count,)) for one in found.districts], str,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses that keep the filters."""

    scope: Scope

    def to(self, id_: str = "", **changed: str) -> str:
        """Return the address of the rows behind a figure, or of the page itself."""
        kept = {
            "year": str(self.scope.year),
            "college": self.scope.college,
            "mode": self.scope.mode,
            **changed,
        }
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"/indicators{f'/{id_}' if id_ else ''}?{query}"


def _card(one: Counted, words: Words, here: Addresses) -> Card:
    told = one.indicator
    active = [name for name in one.ignores if getattr(here.scope, name)]
    return Card(
        told.id, words.pick(told.zh, told.en), words.pick(*shown(one)), words.pick(*made_of(one)),
        words.pick(one.definition.zh, one.definition.en),
        tuple((id_, words.pick(zh, en)) for id_, zh, en in source_names(told.sources)), told.confidence,
        here.to(told.id), here.to(told.id, part="over") if one.over is not None and told.how == "share" else "",
        tuple(words.pick(*FILTER_NAMES[name]) for name in active), one.is_unknown,
    )  # fmt: skip


def _rows(
    deals: Sequence[Deals], here: Addresses, by: str, words: Words | None = None
) -> list[tuple[str, str, tuple[int, int]]]:
    return [
        (
            one.name or (words("未填写") if words else ""),
            here.to("contracts", **{by: one.name}) if one.name and one.value else "",
            (one.value, one.income),
        )
        for one in deals
    ]


def _step(one: Counted, words: Words, here: Addresses) -> tuple[str, str, int | None, str, str]:
    told = one.indicator
    count = None if one.is_unknown else one.part
    text = words.pick(*amount("count", count)) if count is not None else words.pick(*shown(one))
    note = words.pick(*shown(one)) if not one.is_unknown else ""
    return words.pick(told.zh, told.en), here.to(told.id), count, text, note


def _legs(legs: Sequence[Leg], words: Words, here: Addresses) -> Iterator[LegLine]:
    for stage, names in STAGES.items():
        mine = [one for one in legs if one.stage == stage]
        if mine and not mine[0].college:
            href = f"leg.{stage}"
            yield LegLine(
                words.pick(*names), mine[0], here.to(href),
                tuple((one.college, one, here.to(href, college=one.college)) for one in mine[1:] if one.college),
            )  # fmt: skip


def _groups(found: Dashboard, words: Words, here: Addresses) -> Iterator[tuple[str, Bars | None]]:
    for key, grouping in GROUPINGS.items():
        title, counted = words.pick(grouping.zh, grouping.en), found.groups[key]
        if counted is None:
            yield title, None
            continue
        rows = [
            (words.pick(*group_name(key, one.word)), here.to(f"{key}.{one.word or EMPTY_WORD}"), (one.count,))
            for one in counted
        ]
        yield title, bars(title, title, (words("有效专利"),), rows, lambda value: f"{value:,}")
