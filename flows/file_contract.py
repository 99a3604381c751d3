"""许可合同备案材料: contract, official form, cross-check and filing pack of a contract that took effect."""

import asyncio

from prefect import flow
from prefect.artifacts import acreate_markdown_artifact, acreate_table_artifact

from flows.in_hand import carry_out
from flows.shop import shop
from flows.shown import compared_fields, documents_of, link


@flow(name="备案材料", flow_run_name="{case_no} 备案材料", persist_result=False)
async def file_contract(case_id: int, case_no: str) -> str:
    """Make the filing papers of a case; those that are ready stay as they are."""
    told = await carry_out("file_contract", {"case_id": case_id})
    place = shop()
    fields = await asyncio.to_thread(compared_fields, place, case_id)
    papers = await asyncio.to_thread(documents_of, place, case_id)
    page = link(place, f"/cases/{case_id}?tab=documents", f"打开案件{case_no}")
    differing = sum(str(row["结果"]).startswith("不一致") for row in fields)
    await acreate_markdown_artifact(
        f"# {case_no} 备案材料\n\n{told}\n\n核对{len(fields)}项，{differing}项不一致。{page}",
        key=f"filing-{case_id}", description="备案材料小结",
    )  # fmt: skip
    await acreate_table_artifact(
        fields, key=f"filing-fields-{case_id}", description="合同、表格与登记逐项核对"
    )
    await acreate_table_artifact(papers, key=f"filing-papers-{case_id}", description="文书和材料包")
    return told
