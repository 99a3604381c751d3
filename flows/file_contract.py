"""许可合同备案材料: contract, official form, cross-check and filing pack of a contract that took effect."""

import asyncio

from prefect import flow

from flows.shop import run_id, shop
from flows.work import do_file_contract


@flow(name="备案材料", flow_run_name="{case_no} 备案材料", persist_result=False)
async def file_contract(case_id: int, case_no: str) -> str:
    """Make the filing papers of a case; those that are ready stay as they are."""
    return await asyncio.to_thread(do_file_contract, shop(), {"case_id": case_id}, run_id())
