"""Which folder of templates an institution has chosen for its papers, and the clause library that comes of it.

Folders lie in `houses` of the installation's home, one per institution, and are the administrator's to keep. One that
has been chosen is read again when a file in it changes; if it cannot be used any more, drafting says so with file and
line, and nothing is made with half of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cases.db import Cursor, Database, cursor_of
from cases.errors import Forbidden, Invalid, NotFound
from cases.rulebooks import NAME
from cases.scope import Person
from cases.settings import Settings
from cases.tables import Organization
from cases.trail import append_org, hold_org
from contracts.house.look import House
from contracts.house.reading import SETTINGS, HouseError, read_house
from contracts.library.shelf import Library, LibraryFault, load, product_library
from rules.pack_faults import Fault

CHOSEN = "SELECT house FROM organization WHERE id = ?"
Check = Callable[[Path], tuple[Fault, ...]]


@dataclass(frozen=True, slots=True)
class HouseChoice:
    """A folder to choose: its name, title and version, or the first fault that keeps it from being read."""

    name: str
    title: str
    version: str
    fault: str = ""


def houses_folder() -> Path:
    """Return where the folders of houses lie."""
    return Settings.from_environment().own / "houses"


def house_folder(name: str) -> Path:
    """Return the folder of a house.

    Raises: NotFound if there is none of this name.
    """
    folder = houses_folder() / name
    if not NAME.fullmatch(name) or not (folder / SETTINGS).is_file():
        raise NotFound(f"没有名为“{name}”的单位模板，请放入 {houses_folder()} 后重试", f"no house '{name}'")
    return folder


def choices() -> tuple[HouseChoice, ...]:
    """Return every folder, by name, also one that cannot be used."""
    found = sorted(path for path in houses_folder().glob("*") if (path / SETTINGS).is_file())
    return tuple(_choice(path) for path in found if NAME.fullmatch(path.name))


def _choice(folder: Path) -> HouseChoice:
    try:
        house = _read(str(folder), _stamp(folder))
    except HouseError as error:
        return HouseChoice(folder.name, folder.name, "", str(error.faults[0]))
    return HouseChoice(folder.name, house.look.house.title, house.look.house.version)


def chosen_name(cur: Cursor, org_id: int) -> str:
    """Return the name of the folder that an institution has chosen, or the empty text."""
    row = cur.one(CHOSEN, org_id)
    return str(row[0]) if row else ""


def house_of(cur: Cursor, org_id: int) -> House | None:
    """Return the house of an institution, or None if it uses the product's own templates.

    Raises: Invalid naming file and line if the folder cannot be used any more.
    """
    name = chosen_name(cur, org_id)
    if not name:
        return None
    try:
        folder = house_folder(name)
        return _read(str(folder), _stamp(folder))
    except (HouseError, NotFound) as error:
        raise Invalid(_broken(name, error), {}, "the house's templates cannot be used") from error


def library_for(cur: Cursor, org_id: int) -> Library:
    """Return the library from which new contracts of an institution take their texts.

    Raises: Invalid naming the file if the folder cannot be used any more.
    """
    name = chosen_name(cur, org_id)
    if not name:
        return product_library()
    try:
        folder = house_folder(name)
        return _library(str(folder), _stamp(folder))
    except (LibraryFault, NotFound) as error:
        raise Invalid(_broken(name, error), {}, "the house's clause texts cannot be used") from error


def save_house(db: Database, person: Person, name: str, check: Check, now: datetime | None = None) -> str:
    """Choose the folder whose templates the person's institution uses; the empty name goes back to the product's.

    `check` says what is wrong with a folder; nothing is chosen that has a fault. Contracts that are being drafted keep
    the texts they have pinned.

    Raises: Forbidden; NotFound; Invalid with the field `house` telling every fault.
    Effects: writes the organization and, if the choice is another, one trail entry with before and after.
    """
    if person.role != "administrator":
        raise Forbidden("单位模板须由管理员选择", "only administrators choose the templates")
    faults = check(house_folder(name)) if name else ()
    if faults:
        told = "\n".join(map(str, faults))
        raise Invalid("单位模板有误，未启用。请改正后重新选择", {"house": told}, "the templates have faults")
    moment = now or datetime.now(UTC)
    with db.write() as session:
        cur = cursor_of(session, db.postgres)
        hold_org(cur, person.org_id)
        row = session.get(Organization, person.org_id)
        if row is None:
            raise NotFound("没有找到该单位", "no such organization")
        before = {"house": row.house}
        if row.house != name:
            row.house = name
            session.add(row)
            session.flush()
            digest = _read(str(house_folder(name)), _stamp(house_folder(name))).digest if name else ""
            body = {"before": before, "after": {"house": name, "digest": digest}}
            append_org(cur, person.org_id, person.author, "house_saved", body, moment)
    return name


def _broken(name: str, error: Exception) -> str:
    told = error.message if isinstance(error, NotFound) else str(error)
    return f"单位模板“{name}”不能使用，未生成文书：{told}。请管理员运行 panhuo templates check 后改正"


def _stamp(folder: Path) -> str:
    """Describe the files of a folder as they lie on the disk, so that a change is seen."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "|".join(f"{path}:{path.stat().st_mtime_ns}:{path.stat().st_size}" for path in files)


@lru_cache(maxsize=16)
def _read(folder: str, stamp: str) -> House:
    return read_house(Path(folder))


@lru_cache(maxsize=16)
def _library(folder: str, stamp: str) -> Library:
    return load(Path(folder))
