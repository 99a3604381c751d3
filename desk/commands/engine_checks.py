"""The doctor's look at the ports and at Prefect: does its server answer, take our password, and really plan runs?"""

import json
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from cases.settings import Settings
from desk.commands.found import Check
from flows.environment import prefect_environment

SECONDS = 3
PLANNED = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}


def check_ports(settings: Settings) -> Iterator[Check]:
    """The desk's port is free, or the desk itself answers there."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104  compared, not bound
    status, told = _asked(f"http://{host}:{settings.port}/healthz")
    is_ours = status == 200 and told == {"status": "ok"}
    taken = status != 0 and not is_ours
    shown = "被其他程序占用" if taken else "工作台正在运行" if is_ours else "空闲（工作台没有运行）"
    yield Check(
        "port", "工作台端口", not taken, True, f"{settings.port}：{shown}",
        f"{settings.port}: {'taken by another program' if taken else 'ours' if is_ours else 'free'}",
        f"停止占用{settings.port}的程序，或设置PANHUO_PORT", f"stop what holds {settings.port}, or set PANHUO_PORT",
    )  # fmt: skip


def check_engine_server(settings: Settings) -> Iterator[Check]:
    """Prefect's server answers as ours, and its scheduler has planned the runs of the schedules.

    A scheduler that fails silently leaves everything else green: only planned runs show that it works.
    """
    if not settings.engine.password and not (settings.home / "prefect" / "password").exists():
        yield _server(settings, False, "尚未启动过", "never started")
        return
    environment = prefect_environment(settings)
    base, auth = environment["PREFECT_API_URL"], environment["PREFECT_API_AUTH_STRING"]
    status, version = _asked(f"{base}/admin/version", auth)
    if status != 200 or not isinstance(version, str):
        reasons = {0: ("没有应答", "no answer"), 401: ("不接受本程序的密码", "refuses our password")}
        yield _server(
            settings,
            False,
            *reasons.get(status, (f"HTTP {status}，应答的不是Prefect", f"HTTP {status}, not Prefect")),
        )
        return
    yield _server(settings, True, f"Prefect {version}", f"Prefect {version}")
    _, found = _asked(f"{base}/deployments/filter", auth, {})
    schedules = [
        d for d in found or () if not d.get("paused") and any(s.get("active") for s in d.get("schedules", ()))
    ]
    _, planned = _asked(f"{base}/flow_runs/count", auth, PLANNED)
    ok = bool(schedules) and isinstance(planned, int) and planned > 0
    yield Check(
        "scheduler", "定时计划", ok, False, f"{len(schedules)}项计划，已排定{planned or 0}次运行",
        f"{len(schedules)} schedules, {planned or 0} planned runs",
        "没有计划：启动panhuo worker；有计划而无排定：重启Prefect服务，并用cron运行panhuo remind",
        "no schedules: start panhuo worker; schedules but no planned runs: restart Prefect's server, run panhuo remind by cron",
    )  # fmt: skip


def _server(settings: Settings, ok: bool, zh: str, en: str) -> Check:
    return Check(
        "prefect", "Prefect服务", ok, False, f"端口{settings.prefect_port}：{zh}", f"port {settings.prefect_port}: {en}",
        "启动工作台：panhuo serve；端口被占用时设置PANHUO_PREFECT_PORT",
        "start the desk: panhuo serve; if the port is taken set PANHUO_PREFECT_PORT",
    )  # fmt: skip


def _asked(url: str, auth: str = "", body: Any = None) -> tuple[int, Any]:
    """Return the status and the JSON of an answer; status 0 if there was none, -1 if it was no HTTP."""
    headers = {"Content-Type": "application/json"}
    if auth:
        headers["Authorization"] = f"Basic {b64encode(auth.encode()).decode()}"
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(url, data, headers), timeout=SECONDS) as answer:  # noqa: S310  our own address
            return int(answer.status), json.load(answer)
    except HTTPError as error:
        error.close()
        return error.code, None
    except (URLError, TimeoutError) as error:
        return (
            (0, None) if isinstance(getattr(error, "reason", error), ConnectionRefusedError) else (-1, None)
        )
    except ValueError:
        return 200, None
    except (OSError, HTTPException):
        return -1, None
