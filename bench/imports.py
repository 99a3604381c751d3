"""Import of patent lists: rows a second checked and stored, against the bare floor, and memory by length.

`python -m bench.imports [ROWS] [--pg]` writes lists of made-up patents with right check digits to a temporary
folder. Each figure is taken in a process of its own. The floor is csv.reader and sqlite3.executemany of the same
columns into the same table in one transaction: nothing checked, nothing compared, nothing merged.
"""

import csv
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from cases.db import Database
from cases.schema import upgrade
from cases.tables import Organization
from exchange.patent_import import run_import
from rules.identifiers import check_digit

NOW = datetime(2026, 11, 23, tzinfo=UTC)
HEADER = (
    "序号",
    "申请号",
    "专利名称",
    "申请日",
    "授权公告日",
    "授权公告号",
    "专利权人",
    "发明人",
    "IPC分类号",
    "地址",
    "学院",
    "专利类型",
    "法律状态",
)
KINDS = ((1, "发明", "B"), (1, "发明", "B"), (2, "实用新型", "U"), (3, "外观设计", "S"))
THINGS = (
    "锂离子电池隔膜",
    "钙钛矿太阳能电池",
    "手术机器人末端执行器",
    "水稻联合收割机",
    "点云配准",
    "高熵合金涂层",
    "边缘计算节点",
)
VERBS = ("制备方法", "控制方法及系统", "检测装置", "优化方法", "测试平台", "封装结构")
SURNAMES, GIVEN = "林陈周沈顾江冯钱唐陆韩秦许傅崔范邵", "知远思齐允恭汇川明澈若虚清扬景行以宁书言望舒怀瑾"
COLLEGES = ("材料科学与工程学院", "机械与能源学院", "医学院", "计算机学院", "农业工程学院")


def lines(count: int) -> Iterator[tuple[str, ...]]:
    """Yield made-up patents, no two of one number."""
    dice = random.Random(7)
    for index in range(count):
        digit, kind, suffix = KINDS[index % 4]
        filed = date(2014, 1, 1) + timedelta(days=dice.randrange(4000))
        base = f"{filed.year}{digit}{index:07d}"
        people = ";".join(
            dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN) for _ in range(dice.randint(1, 6))
        )
        yield (
            str(index + 1), f"ZL{base}.{check_digit(base)}",
            f"一种基于{dice.choice(THINGS)}的{dice.choice(VERBS)}（{index}）", filed.strftime("%Y.%m.%d"),
            (filed + timedelta(days=300)).strftime("%Y.%m.%d"), f"CN{100000000 + index}{suffix}", "沧澜理工大学",
            people, f"H01M{dice.randint(1, 60)}/{dice.randint(10, 99)}(2006.01)I;G06F{dice.randint(1, 40)}/00(2006.01)I",
            "沧澜市学府路1号", dice.choice(COLLEGES), kind, "有效",
        )  # fmt: skip


def write_csv(path: Path, count: int) -> None:
    """Write a list as UTF-8 csv."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(lines(count))


def write_xlsx(path: Path, count: int) -> None:
    """Write a list as a workbook."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet()
    for number, cells in enumerate((HEADER, *lines(count))):
        sheet.write_row(number, 0, cells)
    book.close()


def measure(path: Path, url: str) -> dict[str, float]:
    """Import a list into an empty record, then once more; return seconds, counts and memory above the start."""
    db = Database(url)
    upgrade(db)
    with db.write() as session:
        session.add(Organization(name="沧澜理工大学", created_at=NOW))
    seen = [_rss()]
    began, cpu = time.perf_counter(), time.process_time()
    report = run_import(db, path, org_id=1, now=NOW, on_progress=lambda progress: seen.append(_rss()))
    first, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = max(seen) - seen[0]
    began = time.perf_counter()
    again = run_import(db, path, org_id=1, now=NOW)
    second = time.perf_counter() - began
    assert report.rejected == 0 and report.result.added == report.rows, report.as_json()
    assert again.unchanged == report.rows
    return {"rows": report.rows, "first": first, "second": second, "cpu": cpu, "mb": peak}


def floor(path: Path, url: str) -> dict[str, float]:
    """Read and insert the same columns without any check."""
    db = Database(url)
    upgrade(db)
    with db.write() as session:
        session.add(Organization(name="沧澜理工大学", created_at=NOW))
    db.dispose()
    target = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    target.execute("PRAGMA synchronous = FULL")
    began, cpu = time.perf_counter(), time.process_time()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        rows = [
            (
                1,
                n,
                "utility",
                title,
                owner,
                people,
                filed,
                granted,
                publication,
                ipc,
                address,
                college,
                "in_force",
                n,
                "[]",
                "x",
                "x",
            )
            for _, n, title, filed, granted, publication, owner, people, ipc, address, college, _, _ in reader
        ]
    target.execute("BEGIN IMMEDIATE")
    target.executemany(
        "INSERT INTO patent (org_id, application_no, kind, title, owners, inventors, filing_date, grant_date, "
        "publication_no, ipc, address, college, status, content_hash, flags, created_at, updated_at) "
        f"VALUES ({', '.join('?' * 17)})",
        rows,
    )
    target.execute("COMMIT")
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"rows": len(rows), "first": seconds, "second": 0.0, "cpu": cpu, "mb": 0.0}


def _rss() -> float:
    """Return the resident memory of this process in MB (its peak is inherited from the parent, so not that)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / (1 << 20)


def _apart(what: str, path: Path, url: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.imports", what, str(path), url]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def _show(name: str, found: dict[str, float], base: dict[str, float] | None = None) -> None:
    ratio = (
        f"  {found['cpu'] / found['rows'] / (base['cpu'] / base['rows']):.1f} x CPU of floor" if base else ""
    )
    again = f"  again {found['rows'] / found['second']:,.0f} rows/s" if found["second"] else ""
    rate = f"{found['rows'] / found['first']:>8,.0f} rows/s {found['rows'] / found['cpu']:>8,.0f} rows/CPU-s"
    memory = f"  +{found['mb']:.0f} MB" if found["mb"] else ""
    print(f"{name:<24} {found['rows']:>7,.0f} rows  {rate}{ratio}{again}{memory}")


def main(count: int, with_pg: bool) -> None:
    """Print all figures."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        sizes = (count // 10, count, count * 4)
        for size in sizes:
            write_csv(folder / f"{size}.csv", size)
        write_xlsx(folder / "list.xlsx", count)
        (folder / "gb.csv").write_bytes((folder / f"{count}.csv").read_text("utf-8").encode("gb18030"))
        base = _apart("floor", folder / f"{count}.csv", f"sqlite:///{folder}/floor.db")
        _show("floor: csv + sqlite3", base)
        for size in sizes:
            found = _apart("import", folder / f"{size}.csv", f"sqlite:///{folder}/{size}.db")
            _show("csv, SQLite FULL", found, base)
        _show(
            "csv GB18030, SQLite FULL", _apart("import", folder / "gb.csv", f"sqlite:///{folder}/gb.db"), base
        )
        _show("xlsx, SQLite FULL", _apart("import", folder / "list.xlsx", f"sqlite:///{folder}/x.db"), base)
        if with_pg:
            url = os.environ.get("PANHUO_TEST_PG_URL")
            pgserver: Any = import_module("pgserver")  # it looks for the runtime folder while it is imported
            server = None if url else pgserver.get_server(folder / "pg", cleanup_mode="delete")
            address = server.get_uri() if server else str(url)
            _show("csv, PostgreSQL", _apart("import", folder / f"{count}.csv", address), base)
            if server:
                server.cleanup()


if __name__ == "__main__":
    if len(sys.argv) == 4:
        work = floor if sys.argv[1] == "floor" else measure
        print(json.dumps(work(Path(sys.argv[2]), sys.argv[3])))
    else:
        numbers = [int(text) for text in sys.argv[1:] if text.isdigit()]
        main(numbers[0] if numbers else 50_000, "--pg" in sys.argv)
