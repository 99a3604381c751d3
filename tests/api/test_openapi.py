"""The interface description: complete, tagged, and honest about failures."""

from typing import Any

from desk.api import PREFIX, RULES
from tests.api.conftest import Api

METHODS = {"get", "post", "put", "delete", "patch"}
# Questions to the rulebook, by GET and by POST; they write nothing.
ASKED = (
    "", "/{rule}", "/roll", "/due", "/fees/due", "/fees/other", "/fees/forecast", "/fees/restore",
    "/fees/compensation", "/fees/refund", "/fees/reduction", "/number/check", "/shares", "/net-income", "/gate",
    "/check", "/diff", "/caps", "/taxes/stamp", "/taxes/vat", "/taxes/cit", "/taxes/iit", "/taxes/deferral",
)  # fmt: skip
POSTED = ("/roll", "/due", "/fees/due", "/number/check", "/shares", "/net-income", "/gate", "/check")
PROBLEM = "#/components/schemas/Problem"


def operations(api: Api) -> dict[str, Any]:
    paths = api.client.get(f"{PREFIX}/openapi.json", headers=api.headers("officer")).json()["paths"]
    return {
        f"{method} {path}": found
        for path, item in paths.items()
        for method, found in item.items()
        if method in METHODS
    }


def test_every_verb_is_described(api: Api) -> None:
    assert sorted(operations(api)) == sorted(
        [*(f"get {RULES}{path}" for path in ASKED), *(f"post {RULES}{path}" for path in POSTED), *_verbs()]
    )


def _verbs() -> list[str]:
    return [
        f"{method} {PREFIX}{path}"
        for method, path in (
            ("get", "/use"),
            ("get", "/use/patents/{patent_id}/fundings"),
            ("post", "/use/patents/{patent_id}/fundings"),
            ("delete", "/use/fundings/{funding_id}"),
            ("get", "/use/patents/{patent_id}/statements"),
            ("post", "/use/patents/{patent_id}/statements"),
            ("get", "/use/assessments"),
            ("post", "/use/assessments"),
            ("get", "/use/assessments/{assessment_id}"),
            ("get", "/use/assessments/{assessment_id}/unmet"),
            ("post", "/use/assessments/{assessment_id}/assess"),
            ("post", "/use/assessments/{assessment_id}/override"),
            ("post", "/use/assessments/{assessment_id}/file"),
            ("get", "/use/products"),
            ("post", "/use/products"),
            ("get", "/use/products/{product_id}"),
            ("post", "/use/products/{product_id}/file"),
            ("post", "/use/products/{product_id}/prompt"),
            ("post", "/use/products/{product_id}/withdraw"),
            ("get", "/use/outcomes"),
            ("post", "/use/companies/{company_id}/outcomes"),
            ("get", "/pool"), ("post", "/pool/grades"), ("post", "/pool/standings"), ("get", "/patents/{patent_id}/profile"),
            ("put", "/patents/{patent_id}/profile"),
            ("get", "/me"), ("get", "/patents"), ("get", "/patents/{patent_id}"), ("post", "/patents/import"),
            ("get", "/patents/imports/{import_id}/rejects"),
            ("get", "/feedback"), ("post", "/feedback"), ("post", "/feedback/{source}/{label_id}/withdraw"),
            ("get", "/feedback/differences"), ("get", "/feedback/quality"),
            ("get", "/sheets"), ("get", "/sheets/{name}/template"), ("post", "/sheets/{name}/import"),
            ("get", "/sheets/{name}/imports/{import_id}/rejects"), ("get", "/companies"),
            ("get", "/enterprises"), ("post", "/pushes"), ("get", "/evaluations"), ("post", "/evaluations"),
            ("get", "/enterprise-messages"), ("post", "/enterprise-messages/{message_id}/answer"),
            ("post", "/companies"),
            ("get", "/organization"), ("put", "/organization"), ("get", "/modes"), ("get", "/modes/compare"),
            ("get", "/companies/{company_id}"), ("get", "/cases"), ("post", "/cases"), ("get", "/cases/{case}"),
            ("get", "/cases/{case}/trail"), ("get", "/cases/{case}/steps"), ("get", "/cases/{case}/steps/{event}"),
            ("post", "/cases/{case}/steps/{event}"), ("put", "/cases/{case}/terms"),
            ("post", "/cases/{case}/steps/{event}/preview"),
            ("get", "/migrations"), ("post", "/migrations"), ("post", "/migrations/{run_id}/undo"),
            ("post", "/cases/{case}/terms/preview"), ("post", "/cases/{case}/simulate"),
            ("get", "/cases/{case}/royalty"), ("post", "/cases/{case}/royalty"),
            ("get", "/cases/{case}/checklists"), ("get", "/cases/{case}/comparison"),
            ("get", "/cases/{case}/clauses"), ("get", "/cases/{case}/clauses/{clause}"),
            ("get", "/cases/{case}/documents"), ("post", "/cases/{case}/documents"),
            ("get", "/cases/{case}/documents/{document_id}"), ("get", "/cases/{case}/documents/{document_id}/file"),
            ("get", "/cases/{case}/files"), ("get", "/cases/{case}/proof"),
            ("post", "/cases/{case}/files"), ("get", "/cases/{case}/files/{file_id}/file"),
            ("get", "/document-runs"), ("post", "/document-runs"), ("get", "/document-runs/{run_id}"),
            ("post", "/document-runs/{run_id}/stop"), ("post", "/document-runs/{run_id}/retry"),
            ("get", "/document-runs/{run_id}/files"),
            ("get", "/cases/{case}/negotiation"), ("post", "/cases/{case}/negotiation"),
            ("post", "/cases/{case}/negotiation/docx"), ("get", "/cases/{case}/negotiation/{no}"),
            ("post", "/cases/{case}/negotiation/{no}/decisions"), ("get", "/cases/{case}/negotiation/{no}/redline"),
            ("get", "/work"), ("get", "/work/runs"), ("get", "/work/{job_id}"), ("post", "/work/{job_id}/retry"),
            ("get", "/approvals"), ("post", "/approvals/seats"), ("delete", "/approvals/seats/{seat_id}"),
            ("post", "/approvals/deputies"), ("delete", "/approvals/deputies/{deputy_id}"),
            ("get", "/inbox"), ("get", "/deadlines"), ("post", "/reminders/run"), ("get", "/messages"),
            ("post", "/messages/{message_id}/read"), ("get", "/trail"), ("get", "/verify"), ("get", "/audit/export"),
            ("put", "/patents/{patent_id}/register"), ("put", "/patents/{patent_id}/fees"),
            ("get", "/reports"), ("post", "/reports"), ("get", "/reports/{report_id}"),
            ("get", "/reports/{report_id}/file"), ("post", "/reports/{report_id}/submitted"),
            ("get", "/reports/{report_id}/drift"), ("get", "/reports/{report_id}/paper"), ("get", "/indicators"),
            ("get", "/indicators/{id}/rows"), ("put", "/indicators/{id}/definition"),
            ("get", "/registers/{register}"), ("post", "/registers/{register}"), ("get", "/registers/{register}/{row_id}"),
            ("put", "/registers/{register}/{row_id}"), ("post", "/registers/events/{row_id}/patents"),
            ("post", "/registers/leads/{row_id}/case"),
            ("get", "/stocktakes"), ("post", "/stocktakes"), ("post", "/stocktakes/preview"),
            ("get", "/stocktakes/{stocktake_id}"), ("post", "/stocktakes/{stocktake_id}/status"),
            ("get", "/stocktakes/{stocktake_id}/items"), ("post", "/stocktakes/{stocktake_id}/links"),
            ("get", "/stocktakes/items/{item_id}"), ("post", "/stocktakes/items/{item_id}/steps"),
            ("get", "/demands"), ("post", "/demands"), ("get", "/demands/{demand_id}"), ("put", "/demands/{demand_id}"),
            ("post", "/demands/{demand_id}/status"), ("get", "/demands/{demand_id}/matches"),
            ("post", "/demands/{demand_id}/matches/{patent_id}"), ("post", "/demands/{demand_id}/case"),
            ("get", "/patents/{patent_id}/demands"), ("get", "/teams"),
            ("get", "/supervision"),
            ("get", "/reviews"), ("get", "/reviews/{review_id}"), ("post", "/reviews/{review_id}/close"),
        )
    ]  # fmt: skip


def test_every_verb_is_tagged_labelled_and_needs_a_token(api: Api) -> None:
    for name, found in operations(api).items():
        assert (name, len(found["tags"]), found["security"]) == (name, 1, [{"token": []}])
        assert any("\u4e00" <= char <= "\u9fff" for char in found["summary"]), name
        assert found["summary"][0].isascii()


def test_every_verb_tells_its_problems(api: Api) -> None:
    for name, found in operations(api).items():
        for status in ("401", "403", "404", "409", "413", "422"):
            content = found["responses"][status]["content"]["application/problem+json"]
            assert (name, content["schema"]) == (name, {"$ref": PROBLEM})


def test_every_write_takes_a_key(api: Api) -> None:
    reading = {"/preview", "/simulate", "/royalty"}
    for name, found in operations(api).items():
        method, path = name.split(" ")
        names = {parameter["name"] for parameter in found.get("parameters", [])}
        asks = path.startswith(RULES) or any(path.endswith(end) for end in reading)
        writes = method != "get" and not asks
        assert (name, "idempotency-key" in names) == (name, writes)
