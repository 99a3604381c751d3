"""Searching the pool: 43,000 patents on SQLite, and with `--nation` 1,349,000 of one institution on PostgreSQL.

`python -m bench.search [COUNT] [--nation [COUNT]]` loads made-up patents with profiles, then asks the same
questions of the search with its facets and, as the baseline in the same run, of the LIKE scan that it replaced (no
facets). Prints p50 and p95 by kind of question. Everything lies in a temporary folder and is removed.
"""

import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import orjson

from bench.databases import fresh, postgres
from cases.db import Cursor, Database
from cases.industries import INDUSTRIES
from cases.patent_index import COLUMNS, entries_of, index_patents
from cases.patent_search import Search, search
from cases.patents import list_patents
from cases.schema import upgrade
from cases.tables import Organization
from rules.identifiers import check_digit

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CITY, NATION = 43_000, 1_349_000
LIMITS = {"sqlite": 100, "postgres": 300}
BATCH = 10_000
_HEADS = (
    "一种 一种基于机器视觉的 一种高强度 一种耐高温 一种低成本 "
    "一种用于深海的 一种面向智能制造的 一种可降解 一种多功能 一种自适应"
)
_THINGS = (
    "锂离子电池隔膜 钙钛矿太阳能电池 手术机器人末端执行器 水稻联合收割机 点云配准 "
    "高熵合金涂层 边缘计算节点 石墨烯散热膜 盾构机刀盘 燃料电池双极板 生物炭吸附剂 "
    "微流控芯片 桥梁健康监测 无人机编队 碳纤维复合材料 海水淡化膜 中药提取物 光催化剂 "
    "车联网通信 数控机床主轴 毫米波雷达 蛋白酶抑制剂 污泥干化 混凝土外加剂 激光焊接 "
    "脑电信号 氢气储运 磁悬浮轴承 农药缓释 语音识别"
)
_VERBS = (
    "制备方法 控制方法及系统 检测装置 优化方法 测试平台 封装结构 "
    "及其应用 回收工艺 设计方法 故障诊断方法 评价方法 加工设备"
)
_USES = "于新能源汽车 于医疗器械 于海洋工程 于航空航天 于现代农业 于节能建筑 于智慧城市 于电子信息"
_SUBJECTS = (
    "材料 机械 医 计算机 农业工程 化工 土木 电气 自动化 环境 生命科学 药 海洋 航空 食品 "
    "物理 数学 建筑 交通 能源 光电 集成电路 软件 网络空间安全 仪器 力学 测绘 矿业 冶金 纺织"
)
HEADS, THINGS, VERBS, USES = (text.split() for text in (_HEADS, _THINGS, _VERBS, _USES))
SURNAMES, GIVEN = "林陈周沈顾江冯钱唐陆韩秦许傅崔范邵", "知远思齐允恭汇川明澈若虚清扬景行以宁书言望舒怀瑾"
COLLEGES = [f"{name}学院" for name in _SUBJECTS.split()]
PATENT = (
    "org_id", "application_no", "kind", "title", "owners", "inventors", "filing_date", "grant_date", "publication_no", "ipc",
    "address", "college", "status", "flags", "fee_reduction", "fee_payer", "content_hash", "created_at", "updated_at",
)  # fmt: skip
PROFILE = (
    "patent_id", "org_id", "grade", "patent_class", "maturity", "prospect", "implementation", "disposal", "industry",
    "scenario", "willingness", "in_pool", "key_project", "review_on", "updated_at",
)  # fmt: skip


def patents(count: int, dice: random.Random) -> Iterator[tuple[object, ...]]:
    """Yield made-up patents of organization 1, no two of one number."""
    stamp = NOW.strftime("%Y-%m-%d %H:%M:%S.000000")
    for number in range(count):
        filed = date(2005, 1, 1) + timedelta(days=dice.randrange(7300))
        base = f"{filed.year}{dice.choice('112')}{number:07d}"
        title = f"{dice.choice(HEADS)}{dice.choice(THINGS)}{dice.choice(VERBS)}{dice.choice(USES)}"
        people = [dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN) for _ in range(4)]
        status = dice.choices(("in_force", "lapsed", "in_grace", "expired"), (80, 14, 4, 2))[0]
        ipc = dice.choice(dice.choice(list(INDUSTRIES.values())).ipc)
        yield (
            1, base + check_digit(base), "utility" if base[4] == "2" else "invention", title, '["沧澜理工大学"]',
            orjson.dumps(people).decode(), filed.isoformat(), (filed + timedelta(days=900)).isoformat(),
            f"CN1{number:08d}B", f"{ipc:<4}1/00".replace(" ", "A"), "沧澜市学府路1号", dice.choice(COLLEGES),
            status, "[]", "", "", str(number), stamp, stamp,
        )  # fmt: skip


def profiles(count: int, dice: random.Random) -> Iterator[tuple[object, ...]]:
    """Yield the profiles of three patents in four."""
    stamp = NOW.strftime("%Y-%m-%d %H:%M:%S.000000")
    for patent_id in range(1, count + 1):
        if patent_id % 4 == 0:
            continue
        ways = dice.sample(("transfer", "license", "open_license", "equity", "pool", "own_use"), 2)
        yield (
            patent_id, 1, dice.choices("ABCD", (1, 3, 4, 2))[0], "", dice.choice(("lab", "prototype", "pilot", "product")),
            dice.choice(("high", "medium", "low")), dice.choice(("none", "none", "own", "licensed")), "",
            orjson.dumps([dice.choice(list(INDUSTRIES))]).decode(), dice.choice(USES)[1:], orjson.dumps(ways).decode(),
            patent_id % 3 == 0, False, (NOW.date() + timedelta(days=dice.randrange(-90, 400))).isoformat(), stamp,
        )  # fmt: skip


def load(db: Database, count: int) -> dict[str, float]:
    """Fill an empty record; return the seconds that rows and index took."""
    upgrade(db)
    with db.write() as session:
        session.add(Organization(name="沧澜理工大学", created_at=NOW))
    dice, began = random.Random(7), time.perf_counter()
    for table, columns, rows in (("patent", PATENT, patents), ("patent_profile", PROFILE, profiles)):
        with db.cursor() as cur:
            _insert(cur.raw, db.postgres, table, columns, rows(count, dice))
    if db.postgres:
        with db.cursor() as cur:
            cur.run("ANALYZE patent, patent_profile")
    seconds = {"rows": time.perf_counter() - began}
    began = time.perf_counter()
    with _without_indexes(db):
        for first in range(1, count + 1, BATCH):
            with db.cursor() as cur:
                _index(cur, range(first, min(first + BATCH, count + 1)))
    seconds["index"] = time.perf_counter() - began
    if db.postgres:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return seconds


def _index(cur: Cursor, ids: range) -> None:
    """Index patents; on PostgreSQL by COPY, as nobody else is there."""
    if not cur.postgres:
        index_patents(cur, ids)
        return
    named, entries = ", ".join((*COLUMNS, "words")), entries_of(cur, ids)
    with cur.raw.copy(f"COPY patent_index ({named}) FROM STDIN") as copy:
        for values, pieces in entries:
            copy.write_row((*values, " ".join(f"'{piece}'" for piece in pieces)))


@contextmanager
def _without_indexes(db: Database) -> Iterator[None]:
    """Take the indexes of an empty PostgreSQL index table away while it is filled, and make them afterwards."""
    if not db.postgres:
        yield
        return
    with db.cursor() as cur:
        made = cur.all("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'patent_index'")
        loose = [(name, how) for name, how in made if not name.endswith("_pkey")]
        for name, _ in loose:
            cur.run(f"DROP INDEX {name}")
    yield
    with db.cursor() as cur:
        cur.run("SET LOCAL maintenance_work_mem = '256MB'")
        for _, how in loose:
            cur.run(how)


def _insert(
    raw: object, is_postgres: bool, table: str, columns: Sequence[str], rows: Iterator[tuple[object, ...]]
) -> None:
    named = ", ".join(columns)
    if not is_postgres:
        raw.executemany(f"INSERT INTO {table} ({named}) VALUES ({', '.join('?' * len(columns))})", rows)  # type: ignore[attr-defined]
        return
    with raw.copy(f"COPY {table} ({named}) FROM STDIN") as copy:  # type: ignore[attr-defined]
        for row in rows:
            copy.write_row(row)


@dataclass(frozen=True)
class Question:
    """One thing that somebody looks for."""

    kind: str
    wanted: Search


def questions(count: int) -> list[Question]:
    """Return `count` rounds of every kind of question, mixed."""
    dice, made = random.Random(11), []
    for _ in range(count):
        thing, use = dice.choice(THINGS), dice.choice(USES)[1:]
        cut = dice.randrange(len(thing) - 1)
        person = dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)
        college = dice.choice(COLLEGES)
        made += [
            Question("nothing typed", Search()),
            Question("facets alone", Search("", {"grade": ("A", "B"), "status": ("in_force",), "college": (college,)})),
            Question("common word", Search(dice.choice(("方法", "一种", "装置")))),
            Question("one character", Search(dice.choice("膜机药车"))),
            Question("term", Search(thing)),
            Question("piece of a term", Search(thing[cut : cut + 2])),
            Question("two words", Search(f"{thing} {use}")),
            Question("words and facets", Search(thing, {"in_pool": ("1",), "maturity": ("pilot", "product")})),
            Question("person", Search(person)),
            Question("beginning of a number", Search(f"ZL{dice.randrange(2006, 2024)}1{dice.randrange(count):03d}")),
            Question("nothing has it", Search(f"{thing[:3]}的{use}自动化改造")),
            Question("by grade", Search(use, sort="grade")),
        ]  # fmt: skip
    dice.shuffle(made)
    return made


Ask = Callable[[Database, Search], object]


def with_facets(db: Database, wanted: Search) -> object:
    """Ask the search."""
    with db.read() as session:
        return search(session, 1, wanted)


def by_like(db: Database, wanted: Search) -> object:
    """Ask by a LIKE scan with one filter, without facets."""
    college = wanted.facets.get("college", ("",))[0]
    with db.read() as session:
        return list_patents(session, 1, q=wanted.text.split(" ")[0], college=college)


def measure(db: Database, asked: Sequence[Question], ask: Ask, seconds: float) -> dict[str, list[float]]:
    """Ask until all was asked or the time is over; return the milliseconds by kind of question."""
    took: dict[str, list[float]] = defaultdict(list)
    end = time.perf_counter() + seconds
    for question in asked:
        began = time.perf_counter()
        ask(db, question.wanted)
        took[question.kind].append((time.perf_counter() - began) * 1000)
        if time.perf_counter() > end:
            break
    return took


def show(found: dict[str, list[float]], base: dict[str, list[float]], limit: int) -> float:
    """Print the figures and return the p95 of all."""
    print(f"{'kind':<24}{'n':>5}{'p50 ms':>9}{'p95 ms':>9}{'LIKE p50':>10}{'LIKE p95':>10}")
    for kind in sorted(found):
        _line(kind, found[kind], base.get(kind, []))
    every, every_base = sum(found.values(), []), sum(base.values(), [])
    _line("all", every, every_base)
    p95 = _cuts(every)[1]
    print(f"p95 {p95:.0f} ms, limit {limit} ms: {'met' if p95 < limit else 'NOT met'}")
    return p95


def _line(kind: str, found: list[float], base: list[float]) -> None:
    cells = [*_cuts(found), *(_cuts(base) if base else (0.0, 0.0))]
    print(f"{kind:<24}{len(found):>5}{cells[0]:>9.1f}{cells[1]:>9.1f}{cells[2]:>10.1f}{cells[3]:>10.1f}")


def _cuts(found: list[float]) -> tuple[float, float]:
    if len(found) < 2:
        return found[0], found[0]
    cuts = quantiles(found, n=20)
    return cuts[9], min(cuts[18], max(found))


def run(db: Database, count: int, seconds: float, rounds: int) -> float:
    """Load, ask, print; return the p95 of the search."""
    took = load(db, count)
    print(
        f"{count:,} patents loaded in {took['rows']:.0f} s, indexed in {took['index']:.0f} s ({count / took['index']:,.0f}/s)"
    )
    asked = questions(rounds)
    found = measure(db, asked, with_facets, seconds)
    base = measure(db, asked, by_like, seconds)
    return show(found, base, LIMITS["postgres" if db.postgres else "sqlite"])


def main(arguments: Sequence[str]) -> None:
    """Print all figures."""
    numbers = [int(text) for text in arguments if text.isdigit()]
    with TemporaryDirectory(prefix="panhuo-search-") as name, ExitStack() as stack:
        folder = Path(name)
        if "--nation" in arguments:
            db = stack.enter_context(fresh(stack.enter_context(postgres(folder))))
            run(db, numbers[0] if numbers else NATION, 90, 12)
            return
        db = Database(f"sqlite:///{folder}/panhuo.db", synchronous="OFF")
        run(db, numbers[0] if numbers else CITY, 120, 25)
        db.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])
