"""The work of a bulk run as a plain function: Prefect wraps it, the command line and tests call it."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from time import monotonic

from cases.bulk_making import extend, hold, let_go, make_item, note_failure, waiting_items
from cases.processes import this_process
from flows.failures import failure_of
from flows.work import Workshop

LOG = logging.getLogger("panhuo.bulk")
BATCH = 50
HEARTBEAT_SECONDS = 10.0


def do_bulk(
    shop: Workshop,
    run_id: int,
    flow_run_id: str = "",
    *,
    stop: Event | None = None,
    tell: Callable[[Mapping[str, int]], object] = lambda done: None,
) -> dict[str, int]:
    """Work on a run until nothing waits, it is stopped or `stop` is set; return what came of the cases.

    As many cases at a time as there are renderers. A run that another process works on is left alone. `tell` hears
    now and then what came of the cases so far.
    """
    holder = this_process()
    if not hold(shop.db, run_id, holder, shop.clock(), flow_run_id):
        return {}
    done: Counter[str] = Counter()
    halt = stop or Event()
    try:
        with ThreadPoolExecutor(shop.renderer.processes, thread_name_prefix="bulk") as threads:
            for _ in _steps(shop, run_id, holder, flow_run_id, threads, halt, done):
                tell(done)
    finally:
        let_go(shop.db, run_id, holder, shop.clock())
    return dict(done)


def _steps(
    shop: Workshop, run_id: int, holder: str, flow_run_id: str, threads: ThreadPoolExecutor, halt: Event,
    done: Counter[str],
) -> Iterator[None]:  # fmt: skip
    """Keep every thread busy with one case, and the run in hand; yield whenever one is done."""
    busy: set[Future[str]] = set()
    held = monotonic()
    items = _items(shop, run_id)
    while not halt.is_set():
        for item_id in items:
            busy.add(threads.submit(_one, shop, item_id, flow_run_id, halt))
            if len(busy) >= shop.renderer.processes:
                break
        if not busy:
            return
        finished, busy = wait(busy, HEARTBEAT_SECONDS, FIRST_COMPLETED)
        done.update(future.result() for future in finished)
        yield
        if monotonic() - held > HEARTBEAT_SECONDS:
            held = monotonic()
            if not extend(shop.db, run_id, holder, shop.clock()):
                return


def _items(shop: Workshop, run_id: int) -> Iterator[int]:
    """Yield what waits, each once."""
    last = 0
    while batch := waiting_items(shop.db, run_id, last, BATCH):
        yield from batch
        last = batch[-1]


def _one(shop: Workshop, item_id: int, flow_run_id: str, halt: Event) -> str:
    """Do one case; a failure of any kind is that of the case alone, unless the work is being ended."""
    try:
        return make_item(
            shop.db, shop.settings, shop.renderer.patient(), item_id, shop.clock(), flow_run_id, halt.is_set
        )
    except Exception as error:
        LOG.exception("bulk item %s failed", item_id)
        if not halt.is_set():
            note_failure(shop.db, item_id, failure_of(error).reason, shop.clock())
        return "failed"
