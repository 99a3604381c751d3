"""`make demo [OUT=DIR]`: one case of every mode from intake to its end without a browser, its papers in a folder.

Works on a temporary record of its own; the same actions, the same outbox and the same rendering as the product,
only without Prefect between them. Prints each step, the deadlines with how they came about, and the files.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from cases.db import Database
from cases.outbox import claim, fail, finish
from cases.papers import document_file
from cases.reminders import remind
from cases.schema import upgrade
from cases.settings import Settings
from cases.tables import Case
from cases.trail import verify
from cases.views import deadlines, documents
from desk.sample import found_institution
from desk.story import MORNING, terms_of, walk, whole_story
from flows.work import Workshop, perform, render_pool
from states.catalog import MODES

OPENED = date(2026, 3, 2)
PATENTS = 120  # enough for three of its own in each case
PAPERS = 7  # what each case leaves behind at least: contract, approval form, notice or form in versions
Say = Callable[[str], object]


def run(out: Path, fonts: Path, say: Say, modes: tuple[str, ...] = tuple(MODES)) -> dict[str, int]:
    """Walk a case of each mode, make its documents under `out/<mode>` and return the number of files by mode."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=f"sqlite:///{home}/panhuo.db")
        db = Database(settings.database_url)
        upgrade(db)
        institution = found_institution(db, OPENED, patents=PATENTS)
        shop = Workshop(db, settings, render_pool(settings, fonts))
        counts = {}
        for number, mode in enumerate(MODES[slug] for slug in modes):
            say(f"== {mode.zh} {mode.slug}")
            case_id = institution.open_case(OPENED, patents=2, number=number, mode=mode.slug)
            terms = terms_of(OPENED, mode=mode.slug)
            scenes = whole_story(OPENED, terms, f"XK-{number + 1:03d}", mode=mode.slug)
            reminded = 0
            for scene, done in zip(scenes, walk(db, institution.people, case_id, scenes), strict=True):
                say(f"{done.number}  {done.event:20}  {' '.join(done.position)}")
                _hand_on(shop, datetime.combine(scene.on, MORNING) + timedelta(hours=1), say)
                reminded += remind(db, scene.on, datetime.combine(scene.on, MORNING)).reminders
            say(f"提醒：{reminded}条")
            _check_ended(db, case_id)
            _tell(db, institution.org_id, case_id, scenes[-1].on, say)
            counts[mode.slug] = _copy(db, settings, institution.org_id, case_id, out / mode.slug, say)
        _check(db, institution.org_id, say)
        shop.close()
        db.dispose()
    return counts


def _hand_on(shop: Workshop, now: datetime, say: Say) -> None:
    """Do what stands in the outbox at a moment of the story."""
    while works := claim(shop.db, now):
        for work in works:
            try:
                result = perform(shop, work)
            except Exception as error:
                fail(shop.db, work, str(error), now)
                raise
            finish(shop.db, work, now)
            say(f"            {work.topic}: {result}")


def _tell(db: Database, org_id: int, case_id: int, on: date, say: Say) -> None:
    with db.read() as session:
        for deadline in deadlines(session, org_id, on, case_id=case_id, open_only=False):
            say(f"{deadline.due}  {deadline.status:8}{deadline.title}")
            for line in deadline.explanation_zh:
                say(f"            {line}")


def _check_ended(db: Database, case_id: int) -> None:
    with db.read() as session:
        case = session.get(Case, case_id)
    if case is None or case.closed_on is None:
        raise SystemExit(f"the story of case {case_id} does not end: {case.state if case else ''}")


def _check(db: Database, org_id: int, say: Say) -> None:
    with db.read() as session:
        checked = verify(session, org_id)
    say(f"留痕校验：{checked.entries}条记录，{len(checked.breaks)}处断链，摘要{checked.digest[:16]}")


def _copy(db: Database, settings: Settings, org_id: int, case_id: int, folder: Path, say: Say) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with db.read() as session:
        for document in documents(session, org_id, case_id):
            if document.status != "ready":
                raise SystemExit(f"未生成：{document.kind} {document.error}")
            target = folder / document.filename
            shutil.copyfile(document_file(settings, document), target)
            say(f"{target}  {document.pages}页  {document.size}字节")
            count += 1
    return count


def main(arguments: list[str]) -> int:
    """Run with the output folder as argument (default `out`); return 1 if a document is missing."""
    out = Path(arguments[0] if arguments else "out").resolve()
    fonts = Settings.from_environment().fonts
    counts = run(out, fonts, lambda line: sys.stdout.write(f"{line}\n"))
    return 0 if all(count >= PAPERS for count in counts.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
