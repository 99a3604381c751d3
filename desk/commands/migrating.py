"""`panhuo migrate-cases`: what a new version would change about running cases; doing it; undoing a run."""

from typing import TYPE_CHECKING, Annotated

import typer

from desk.commands.console import As, Json, On, clean, day_of, guarded, now, open_desk, print_json, say, today

if TYPE_CHECKING:
    from desk.migration_shapes import MigrationReportShape, MigrationShape, UndoShape


def migrate_cases(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只列出变化，不写入 · tell what would change, write nothing")
    ] = False,
    mode: Annotated[str, typer.Option("--mode", help="只迁移这种转化方式 · one mode only")] = "",
    case: Annotated[str, typer.Option("--case", metavar="NO", help="只迁移这一件 · one case only")] = "",
    undo: Annotated[str, typer.Option("--undo", metavar="RUN", help="撤销该批次 · undo a run")] = "",
    on: On = "",
    as_login: As = "",
    as_json: Json = False,
) -> None:
    """案件迁移：在办案件改用新版流程和单位规则，可按批次撤销 · bring running cases under the newest version."""
    with guarded(as_json), open_desk() as desk:
        from cases.migrating import migrate, plan_migration  # noqa: PLC0415  start-up time
        from cases.unmigrating import undo_migration  # noqa: PLC0415  start-up time
        from desk.migration_shapes import MigrationReportShape, UndoShape  # noqa: PLC0415  start-up time

        day = day_of(on) or today()
        with desk.db.read() as session:
            person = desk.person(session, as_login)
        if undo:
            back = UndoShape.of(undo_migration(desk.db, person, clean(undo), day, now()))
            print_json(back) if as_json else _show_undo(back)
            return
        which, number = clean(mode), clean(case)
        report = (
            plan_migration(desk.db, person, day, mode=which, number=number)
            if dry_run
            else migrate(desk.db, person, day, now(), mode=which, number=number)
        )
        shape = MigrationReportShape.of(report)
        print_json(shape) if as_json else _show(shape, dry_run=dry_run)


def _show(report: "MigrationReportShape", *, dry_run: bool) -> None:
    for told in report.cases:
        _show_case(told)
    movable = sum(told.possible for told in report.cases)
    stuck = len(report.cases) - movable
    if dry_run:
        say(
            f"共查看{report.examined}件在办案件：{movable}件可以迁移，{stuck}件暂不能迁移，其余没有变化",
            f"{report.examined} running cases: {movable} would change, {stuck} cannot, the rest stay as they are",
        )
    elif report.run:
        say(
            f"已迁移{movable}件，批次{report.run}；撤销：panhuo migrate-cases --undo {report.run}",
            f"migrated {movable} cases in run {report.run}; undo: panhuo migrate-cases --undo {report.run}",
        )
    else:
        say("没有需要迁移的案件", "nothing to migrate")


def _show_case(told: "MigrationShape") -> None:
    mark = "✓" if told.possible else "✗"
    say(f"{mark} {told.number} {told.title}（第{told.from_version}版→第{told.to_version}版）",
        f"{mark} {told.number} {told.title} (version {told.from_version} to {told.to_version})")  # fmt: skip
    if not told.possible:
        say(f"    不能迁移：{told.stuck_zh}", f"    cannot: {told.stuck_en}")
        return
    for sign, steps in (("+", told.offered), ("-", told.gone)):
        for step in steps:
            say(f"    {sign} 步骤 {step.zh}（{step.event}）", f"    {sign} step {step.en} ({step.event})")
    for one in told.newly_unmet:
        for unmet in one.unmet:
            say(f"    ! {one.step.zh}：{unmet.what_zh}", f"    ! {one.step.en}: {unmet.what_en}")
    for moved in told.moved:
        say(
            f"    期限 {moved.title}：{moved.before} → {moved.after}",
            f"    {moved.key}: {moved.before} → {moved.after}",
        )
    for pack in told.packs:
        say(f"    规则包 {pack.pack}：{pack.before or '—'} → {pack.after or '—'}")


def _show_undo(back: "UndoShape") -> None:
    say(
        f"已撤销批次{back.run}：{len(back.back)}件恢复",
        f"undid run {back.run}: {len(back.back)} cases are back",
    )
    for number in back.moved_since:
        say(f"  {number} 迁移后又办理过，保持不变", f"  {number} has moved since and stays")
