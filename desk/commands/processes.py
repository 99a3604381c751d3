"""`panhuo processes`: which processes of the product are alive, on all machines."""

from desk.commands.console import Json, guarded, now, open_desk, print_value, say

KINDS = {"desk": "工作台", "worker": "任务进程", "prefect": "Prefect服务"}
STATES = {"starting": "启动中", "running": "运行中", "stopped": "已停止", "lost": "失去联系"}


def processes(as_json: Json = False) -> None:
    """列出各台机器上的进程 · list the processes of all machines."""
    with guarded(as_json), open_desk() as desk:
        from cases.heartbeats import processes as found  # noqa: PLC0415  start-up time
        from cases.settings import SHANGHAI  # noqa: PLC0415  start-up time

        with desk.db.read() as session:
            rows = found(session, now())
        if as_json:
            print_value({"rows": [{
                "kind": row.kind, "host": row.host, "pid": row.pid, "version": row.version, "state": row.state,
                "started_at": row.started_at.isoformat(), "seen_at": row.seen_at.isoformat(),
            } for row in rows]})  # fmt: skip
            return
        for row in rows:
            seen = f"{row.seen_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
            say(
                f"{KINDS[row.kind]}\t{row.host}\t{row.pid}\t{row.version}\t{STATES[row.state]}\t{seen}",
                f"{row.kind}\t{row.host}\t{row.pid}\t{row.version}\t{row.state}\t{seen}",
            )
        alive = sum(row.is_alive for row in rows)
        say(f"共{len(rows)}个进程，{alive}个在运行", f"{len(rows)} processes, {alive} alive")
