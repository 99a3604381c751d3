"""许可合同备案材料: contract, official form, cross-check and filing pack of a contract that took effect."""

from prefect import flow

from flows.in_hand import carry_out


@flow(name="备案材料", flow_run_name="{case_no} 备案材料", persist_result=False)
async def file_contract(case_id: int, case_no: str) -> str:
    """Make the filing papers of a case; those that are ready stay as they are."""
    return await carry_out("file_contract", {"case_id": case_id})
