"""Who gets in, what they see, and what is refused at the door."""

from pathlib import Path

import pytest
from sqlmodel import select

from cases.people import set_active
from cases.tables import ApiToken
from tests.api.conftest import Api, api_over
from tests.world import NOW, settle

PROBLEM = "application/problem+json"
PATHS = (
    ("GET", "/me"), ("GET", "/patents"), ("POST", "/patents/import"), ("GET", "/companies"),
    ("GET", "/enterprises"), ("POST", "/pushes"), ("GET", "/evaluations"), ("POST", "/evaluations"),
    ("GET", "/enterprise-messages"), ("POST", "/enterprise-messages/1/answer"),

    ("GET", "/organization"), ("PUT", "/organization"),
    ("POST", "/companies"), ("GET", "/cases"), ("POST", "/cases"), ("GET", "/cases/1"),
    ("GET", "/cases/1/steps"), ("GET", "/cases/1/steps/sign"), ("POST", "/cases/1/steps/sign"),
    ("PUT", "/cases/1/terms"), ("POST", "/cases/1/simulate"), ("GET", "/cases/1/documents"),
    ("POST", "/cases/1/documents"), ("GET", "/cases/1/documents/1/file"), ("GET", "/cases/1/files"),
    ("POST", "/cases/1/files"), ("GET", "/cases/1/files/1/file"), ("GET", "/cases/1/negotiation"),
    ("POST", "/cases/1/negotiation"), ("POST", "/cases/1/negotiation/docx"), ("GET", "/cases/1/negotiation/1"),
    ("POST", "/cases/1/negotiation/1/decisions"), ("GET", "/cases/1/negotiation/1/redline"),
    ("GET", "/deadlines"), ("GET", "/inbox"),
    ("GET", "/cases/1/clauses"), ("GET", "/cases/1/clauses/breach"),
    ("GET", "/messages"), ("GET", "/trail"), ("GET", "/verify"), ("GET", "/audit/export"), ("POST", "/reminders/run"),
    ("GET", "/document-runs"), ("POST", "/document-runs"), ("GET", "/document-runs/1"), ("GET", "/document-runs/1/files"),
    ("POST", "/document-runs/1/stop"), ("POST", "/document-runs/1/retry"),
    ("GET", "/reports"), ("POST", "/reports"), ("GET", "/reports/1"), ("GET", "/reports/1/file"),
    ("GET", "/reports/1/paper"), ("GET", "/reports/1/drift"),
    ("POST", "/reports/1/submitted"),
    ("GET", "/indicators"), ("GET", "/indicators/valid/rows"), ("PUT", "/indicators/valid/definition"),
    ("GET", "/reviews"), ("GET", "/reviews/1"), ("POST", "/reviews/1/close"),
)  # fmt: skip


def test_without_a_token_nothing_answers(api: Api) -> None:
    for method, path in PATHS:
        answer = api.client.request(method, f"/api/v1{path}")
        assert (path, answer.status_code, answer.headers["content-type"]) == (path, 401, PROBLEM)
        assert answer.headers["www-authenticate"] == 'Bearer realm="panhuo"'


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer wrong", "Basic b2ZmaWNlcjo=", "Bearer é"])
def test_wrong_token_is_no_token(api: Api, authorization: str) -> None:
    answer = api.client.get("/api/v1/me", headers={"Authorization": authorization.encode()})
    assert (answer.status_code, answer.json()["title"]) == (401, "未登录")


def test_the_token_is_looked_at_before_the_body(api: Api) -> None:
    answer = api.client.post("/api/v1/cases", content=b"x" * 10_000_000)
    assert answer.status_code == 401


def test_revoked_token_and_closed_account_end(api: Api) -> None:
    assert api.get("/me").status_code == 200
    with api.world.db.write() as session:
        for row in session.exec(select(ApiToken).where(ApiToken.user_id == api.world.person("finance").id)):
            row.revoked_at = NOW
    assert api.get("/me", role="finance").status_code == 401
    set_active(api.world.db, api.world.person("administrator"), api.world.person("officer").id, False)
    assert api.get("/me").status_code == 401


def test_another_organization_sees_nothing(api: Api, tmp_path: Path) -> None:
    case_id = api.world.case()
    other = api_over(settle(api.world.db, "云麓医院", "b-"), tmp_path)
    assert api.get(f"/cases/{case_id}").status_code == 200
    patent, company = api.world.patent_ids[0], api.world.company_id
    paths = (
        f"/cases/{case_id}", "/cases/ZH2026-00001", f"/cases/{case_id}/steps", f"/cases/{case_id}/steps/sign",
        f"/cases/{case_id}/trail", f"/patents/{patent}", f"/companies/{company}",
    )  # fmt: skip
    for path in paths:
        assert (path, api.get(path).status_code, other.get(path).status_code) == (path, 200, 404)
    assert other.get("/cases").json()["total"] == 0
    step = {"payload": {"reason": "不再推进"}, "expected_version": 1}
    assert other.post(f"/cases/{case_id}/steps/withdraw", step).status_code == 404
    body = {
        "mode": "exclusive_license",
        "title": "借用他人专利",
        "patent_ids": [patent],
        "company_id": company,
    }
    assert other.post("/cases", body).status_code == 404
    assert api.get(f"/cases/{case_id}").json()["version"] == 1


@pytest.mark.parametrize("role", ["approver", "finance", "readonly"])
def test_other_roles_may_not_write(api: Api, role: str) -> None:
    case_id = api.world.case()
    company = api.post("/companies", {"name": "启衡材料有限公司", "uscc": "91110000600037341L"}, role=role)
    body = {"mode": "exclusive_license", "title": "某案", "patent_ids": [1], "company_id": 1}
    opened = api.post("/cases", body, role=role)
    step = {"payload": {"checked_on": "2026-03-01", "evidence": "副本"}, "expected_version": 1}
    taken = api.post(f"/cases/{case_id}/steps/clear_title", step, role=role)
    assert [company.status_code, opened.status_code, taken.status_code] == [403, 403, 403]
    assert [unmet["code"] for unmet in taken.json()["unmet"]] == ["role"]
    assert api.get("/cases").json()["total"] == 1


def test_refusal_names_every_unmet_condition_with_its_article(api: Api) -> None:
    case_id = api.world.case()
    step = {"payload": {"contract_no": "XK-1"}, "expected_version": 1}
    answer = api.post(f"/cases/{case_id}/steps/start_drafting", step)
    assert (answer.status_code, answer.headers["content-type"]) == (409, PROBLEM)
    unmet = answer.json()["unmet"]
    assert [one["code"] for one in unmet] == [
        "needs_title",
        "needs_price",
        "needs_publicity",
        "needs_approval",
    ]
    assert all(one["article"] and one["remedy_zh"] and one["who_zh"] for one in unmet)


def test_why_tells_the_role_too(api: Api) -> None:
    case_id = api.world.case()
    step = api.get(f"/cases/{case_id}/steps/approve").json()
    assert (step["possible"], step["permitted"], step["roles"]) == (False, False, ["approver"])
    assert step["unmet"][0]["code"] == "role"


def test_stale_version_names_who_changed_what(api: Api) -> None:
    case_id = api.world.case()
    step = {"payload": {"checked_on": "2026-03-01", "evidence": "副本"}, "expected_version": 1}
    assert api.post(f"/cases/{case_id}/steps/clear_title", step).status_code == 200
    answer = api.post(f"/cases/{case_id}/steps/clear_title", step)
    assert answer.status_code == 409
    assert answer.json()["detail"].startswith("林知远刚刚完成权属核查")


def test_the_organizations_own_trail_is_for_auditors(api: Api) -> None:
    assert api.get("/trail").status_code == 403
    found = api.get("/trail", role="readonly").json()
    assert {entry["verb"] for entry in found["entries"]} == {"api_token_made"}
    assert "token" not in {key for entry in found["entries"] for key in entry["body"]}


def test_me_is_who_the_token_acts_as(api: Api) -> None:
    me = api.get("/me", role="finance").json()
    assert (me["login"], me["role"], me["role_zh"], me["unread"]) == ("finance", "finance", "财务人员", 0)
