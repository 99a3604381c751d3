"""What officers do with the profiles of patents, one or many at a time: grade them, enter them into pools, take them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.db import Database
from cases.errors import ActionError, Forbidden, Invalid
from cases.profiles import change_profiles, enter_pool, leave_pool
from cases.scope import Person

KEEPERS = ("officer", "administrator")
MOST_AT_ONCE = 500
# A grade is looked at again within a year unless somebody names another day (rule ST-03).
REVIEW_AFTER = timedelta(days=365)
OFFICER = "officer"
Standing = str
ACTS: Mapping[str, tuple[str, str]] = {
    "entered": ("入库", "Enter"), "recommended": ("推荐", "Recommend"), "left": ("出库", "Take out"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Done:
    """What became of many patents: how many changed, and why the others did not, by patent id."""

    done: int
    refused: Mapping[int, ActionError]


def check_may_keep(person: Person) -> None:
    """Refuse people who do not keep profiles.

    Raises: Forbidden.
    """
    if person.role not in KEEPERS:
        raise Forbidden("专利档案须由转化专员或管理员维护", "officers and administrators keep the profiles")


def grade(
    db: Database, person: Person, patent_ids: Sequence[int], values: Mapping[str, object], why: str, *, now: datetime,
    today: date,
) -> int:  # fmt: skip
    """Change the profiles of patents alike and return how many changed; a new grade sets the day of its next review.

    Raises: Forbidden; NotFound; Invalid with the fields, also if nothing or too much was chosen.
    Effects: as `cases.profiles.change_profiles`; all or nothing.
    """
    check_may_keep(person)
    ids = _chosen(patent_ids)
    if not values:
        raise Invalid("请至少填写一项", {"grade": "请至少填写一项"}, "fill in something")
    told = dict(values)
    if told.get("grade") and not told.get("review_on"):
        told["review_on"] = today + REVIEW_AFTER
    with db.cursor() as cur:
        changed = change_profiles(
            cur,
            person.org_id,
            dict.fromkeys(ids, told),
            source=OFFICER,
            why=why,
            actor=person.author,
            now=now,
        )
    return len(changed)


def stand(
    db: Database, person: Person, patent_ids: Sequence[int], pool: str, standing: Standing, *, on: date, reason: str,
    now: datetime,
) -> Done:  # fmt: skip
    """Let patents enter a pool, be recommended to it, or leave it; each for itself, and each refusal is told.

    Raises: Forbidden; Invalid if nothing, too much, or a wrong pool, day or reason was given.
    Effects: as `cases.profiles.enter_pool` and `leave_pool`, one transaction per patent.
    """
    check_may_keep(person)
    if standing not in ACTS:
        raise Invalid("请选择入库、推荐或出库", {"standing": "请选择入库、推荐或出库"}, "choose what to do")
    refused: dict[int, ActionError] = {}
    ids = _chosen(patent_ids)
    for patent_id in ids:
        try:
            _stand(db, person, patent_id, pool, standing, on, reason, now)
        except Invalid:
            raise
        except ActionError as error:
            refused[patent_id] = error
    return Done(len(ids) - len(refused), refused)


def _stand(
    db: Database, person: Person, patent_id: int, pool: str, standing: Standing, on: date, reason: str, now: datetime
) -> None:  # fmt: skip
    with db.cursor() as cur:
        if standing == "left":
            leave_pool(
                cur, person.org_id, patent_id, pool, on=on, reason=reason, source=OFFICER, actor=person.author, now=now
            )  # fmt: skip
            return
        enter_pool(
            cur, person.org_id, patent_id, pool, on=on, reason=reason, source=OFFICER, actor=person.author, now=now,
            recommended=standing == "recommended",
        )  # fmt: skip


def _chosen(patent_ids: Sequence[int]) -> tuple[int, ...]:
    ids = tuple(dict.fromkeys(patent_ids))
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        reason = f"请勾选1至{MOST_AT_ONCE}件专利"
        raise Invalid(reason, {"patents": reason}, f"choose 1 to {MOST_AT_ONCE} patents")
    return ids
