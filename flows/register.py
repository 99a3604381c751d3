"""登记入库: looks through the patents of a finished import and names what needs an officer's eye."""

from prefect import flow
from prefect.artifacts import acreate_table_artifact

from cases.registering import check_import
from flows.in_hand import carry_out
from flows.shop import shop
from flows.shown import looked_through


@flow(name="登记入库", flow_run_name="登记入库 导入#{import_id}", persist_result=False)
async def register(import_id: int) -> list[dict[str, object]]:
    """Check identifiers, status and encumbrances of the imported patents; tell the importer the result."""
    rows: list[dict[str, object]] = []

    def check() -> str:
        rows.extend(check_import(shop().db, import_id, shop().clock()))
        return f"{len(rows)}项需要关注"

    await carry_out("register", {"import_id": import_id}, check)
    table = looked_through(shop(), rows)
    await acreate_table_artifact(table, key=f"register-{import_id}", description="入库检查：需要查看的专利")
    return rows
