"""文书生成: makes one queued document. Ids in, one action called."""

from prefect import flow

from flows.in_hand import carry_out


@flow(name="文书生成", flow_run_name="{case_no} 文书生成 #{document_id}", persist_result=False)
async def render(document_id: int, case_no: str) -> str:
    """Render a document and store its bytes; a document that is ready stays as it is."""
    return await carry_out("render", {"document_id": document_id})
