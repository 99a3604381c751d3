"""Quality checks of a stocktake: a random sample by a recorded seed, a second rating, and how far the two agree.

The seed and the items are kept with the sample: `drawn` makes the same choice again from the same ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import orjson
from sqlmodel import Session, col, select

from cases.db import Database, cursor_of
from cases.errors import Conflict, Forbidden, Invalid, NotFound
from cases.idempotency import note_made
from cases.scope import Person
from cases.stocktake_answers import CHOICES, loaded
from cases.stocktake_tables import QualitySample, SampleItem, StocktakeItem
from cases.stocktakes import stocktake_row
from cases.tables import Patent, User
from cases.trail import append_org, hold_org
from rules.panel import Agreement, agreement
from states.stocktaking import EVALUATED

DRAWERS = ("officer", "administrator")
RATERS = ("officer", "approver", "administrator")
COMPARED = ("maturity", "prospect", "implementation")
MOST = 500
LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True, slots=True)
class SampledView:
    """One item of a sample. `second` is empty while nobody has rated it again."""

    id: int
    item_id: int
    patent_id: int
    title: str
    application_no: str
    first: Mapping[str, str]
    second: Mapping[str, str]
    rated_by: str


@dataclass(frozen=True, slots=True)
class SampleView:
    """A sample with its agreement by field."""

    id: int
    stocktake_id: int
    seed: int
    drawn_from: int
    size: int
    drawn_by: str
    drawn_at: datetime
    items: tuple[SampledView, ...]
    agreed: tuple[tuple[str, Agreement], ...]

    @property
    def rated(self) -> int:
        """How many items have been rated again."""
        return sum(bool(item.second) for item in self.items)


def drawn(ids: Sequence[int], size: int, seed: int) -> tuple[int, ...]:
    """Return the sample that a seed draws from ids; the same for the same ids, whatever their order."""
    return tuple(sorted(Random(seed).sample(sorted(ids), min(size, len(ids)))))  # noqa: S311


def draw_sample(db: Database, person: Person, stocktake_id: int, size: int, seed: int, now: datetime) -> int:
    """Draw a sample of the rated items of a campaign and return its id.

    Raises: Forbidden, NotFound; Invalid for a size or seed out of bounds, or if nothing has been rated.
    Effects: writes quality_sample, sample_item and one entry of the trail.
    """
    if person.role not in DRAWERS:
        raise Forbidden("抽样检查须由转化专员或管理员组织", "officers and administrators draw samples")
    if not 1 <= size <= MOST or not 0 <= seed <= LARGEST_SEED:
        raise Invalid(
            f"抽样件数须为1至{MOST}", {"size": f"须为1至{MOST}的整数"}, "size or seed out of bounds"
        )
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        stocktake_row(session, person.org_id, stocktake_id)
        query = select(StocktakeItem.id, StocktakeItem.answers).where(
            StocktakeItem.stocktake_id == stocktake_id, col(StocktakeItem.state).in_(EVALUATED)
        )
        rated = {int(id_ or 0): answers for id_, answers in session.exec(query)}
        if not rated:
            raise Invalid(
                "还没有完成自评的专利，无法抽样", {"size": "没有可抽的专利"}, "nothing has been rated"
            )
        chosen = drawn(list(rated), size, seed)
        row = QualitySample(
            org_id=person.org_id, stocktake_id=stocktake_id, seed=seed, drawn_from=len(rated), size=len(chosen),
            drawn_by=person.id, drawn_at=now,
        )  # fmt: skip
        session.add(row)
        session.flush()
        sample_id = int(row.id or 0)
        session.add_all(
            SampleItem(
                org_id=person.org_id, sample_id=sample_id, item_id=id_, first=_compared(loaded(rated[id_]))
            )
            for id_ in chosen
        )
        body = {
            "stocktake_id": stocktake_id,
            "sample_id": sample_id,
            "seed": seed,
            "size": len(chosen),
            "of": len(rated),
        }
        append_org(cur, person.org_id, person.author, "stocktake_sampled", body, now)
        return note_made(sample_id)


def _compared(values: Mapping[str, Any]) -> str:
    return orjson.dumps({name: str(values.get(name, "")) for name in COMPARED}).decode()


def rate_again(
    db: Database, person: Person, sample_item_id: int, values: Mapping[str, object], now: datetime
) -> None:
    """Keep the second rating of a sampled item, once.

    Raises: Forbidden, NotFound, Invalid with the fields, Conflict if it was rated again already.
    Effects: writes sample_item and one entry of the trail.
    """
    if person.role not in RATERS:
        raise Forbidden("您的角色不能复评", "your role does not rate again")
    faults = {
        name: f"请从以下各项中选择：{'、'.join(zh for zh, _ in CHOICES[name].values())}"
        for name in COMPARED
        if str(values.get(name) or "") not in CHOICES[name]
    }
    if faults:
        raise Invalid("复评内容有误，请改正后重新提交", faults, "the second rating is not valid")
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = session.get(SampleItem, sample_item_id)
        if row is None or row.org_id != person.org_id:
            raise NotFound("没有找到该抽样事项", "no such item of a sample")
        if row.second:
            raise Conflict("该专利已经复评，不能更改", "it was rated again already")
        row.second, row.rated_by, row.rated_at = _compared(values), person.id, now
        session.add(row)
        body = {"sample_id": row.sample_id, "item_id": row.item_id, "second": orjson.loads(row.second)}
        append_org(cur, person.org_id, person.author, "stocktake_rated_again", body, now)


def samples_of(session: Session, org_id: int, stocktake_id: int) -> tuple[SampleView, ...]:
    """Return the samples of a campaign, the newest first."""
    query = select(QualitySample).where(
        QualitySample.org_id == org_id, QualitySample.stocktake_id == stocktake_id
    )
    rows = session.exec(query.order_by(col(QualitySample.id).desc()).limit(20)).all()
    names = dict(session.exec(select(User.id, User.name).where(User.org_id == org_id)).all())
    return tuple(_view(session, row, names) for row in rows)


def _view(session: Session, row: QualitySample, names: Mapping[int | None, str]) -> SampleView:
    query = (
        select(SampleItem, Patent)
        .join(StocktakeItem, col(StocktakeItem.id) == col(SampleItem.item_id))
        .join(Patent, col(Patent.id) == col(StocktakeItem.patent_id))
        .where(SampleItem.sample_id == row.id)
        .order_by(col(SampleItem.id))
    )
    items = tuple(
        SampledView(
            int(one.id or 0), one.item_id, int(patent.id or 0), patent.title, patent.application_no,
            loaded(one.first), loaded(one.second) if one.second else {}, names.get(one.rated_by, ""),
        )
        for one, patent in session.exec(query)
    )  # fmt: skip
    agreed = tuple(
        (
            name,
            agreement(
                [(item.first.get(name, ""), item.second.get(name, "")) for item in items if item.second]
            ),
        )
        for name in COMPARED
    )
    return SampleView(
        int(row.id or 0), row.stocktake_id, row.seed, row.drawn_from, row.size, names.get(row.drawn_by, ""),
        row.drawn_at, items, agreed,
    )  # fmt: skip
