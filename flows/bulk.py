"""批量文书: one kind of document for many cases, as one flow run over many rows."""

import asyncio
from threading import Event

from prefect import flow
from prefect.artifacts import acreate_table_artifact

from flows.bulk_work import do_bulk
from flows.shop import run_id as flow_id
from flows.shop import shop

STOP = Event()


@flow(name="批量文书", flow_run_name="批量文书 #{run_id}", persist_result=False)
async def bulk(run_id: int) -> dict[str, int]:
    """Make the documents of a run; what is ready and unchanged stays as it is."""
    done = await asyncio.to_thread(do_bulk, shop(), run_id, flow_id(), stop=STOP)
    await acreate_table_artifact(key=f"bulk-{run_id}", table=[dict(done)], description="批量文书结果")
    return done
