"""Whatever is sent: a Chinese problem with status 4xx, never a 500, and the record as it was."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from states.catalog import MODES
from tests.api.conftest import Api

STEPS = MODES["exclusive_license"].steps
QUIET = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
NASTY = st.sampled_from(
    [
        "", " ", "\u0000", "2026-02-30", "2026-13-01", "0000-01-01", "9999-12-31", "10000-01-01", "２０２６年３月１日",
        "1e400", "-1", "NaN", "120万元", "'; DROP TABLE patent; --", "{{7*7}}", "<script>", "💥" * 50, "字" * 3000,
        "true", "null", "\u202e", "\ufeff", "../../etc/passwd", "2026-03-01T10:00:00Z",
    ]
)  # fmt: skip
SCALARS = st.one_of(
    NASTY, st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=30),
)  # fmt: skip
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def payloads(event: str) -> st.SearchStrategy[dict[str, Any]]:
    """Right names with wrong values, and wrong names."""
    names = list(STEPS[event].payload.model_fields)
    known = st.fixed_dictionaries({}, optional=dict.fromkeys(names, JUNK))
    return st.one_of(known, st.dictionaries(st.text(max_size=8), JUNK, max_size=3))


def sent(api: Api, method: str, path: str, body: Any) -> tuple[int, Any]:
    """Send JSON as it is, half characters and all."""
    answer = api.client.request(method, f"/api/v1{path}", json=body, headers=api.headers())
    assert answer.status_code < 500, (path, body, answer.text)
    if answer.status_code >= 400:
        problem = answer.json()
        assert answer.headers["content-type"] == "application/problem+json"
        assert any("\u4e00" <= char <= "\u9fff" for char in problem["detail"]), problem
    return answer.status_code, answer.json()


@pytest.mark.parametrize("event", STEPS)
@QUIET
@given(data=st.data())
def test_any_payload_of_any_step(api: Api, event: str, data: st.DataObject) -> None:
    case_id = api.world.case()
    payload = data.draw(payloads(event))
    status, _ = sent(
        api, "POST", f"/cases/{case_id}/steps/{event}", {"payload": payload, "expected_version": 1}
    )
    version = api.get(f"/cases/{case_id}").json()["version"]
    assert version == (2 if status == 200 else 1)


@QUIET
@given(payload=payloads("clear_title"), on=st.dates())
def test_any_supposed_step_on_any_day(api: Api, payload: dict[str, Any], on: Any) -> None:
    case_id = api.world.case()
    for event in ("clear_title", "withdraw"):
        events = [{"event": event, "payload": payload, "on": on.isoformat()}]
        sent(api, "POST", f"/cases/{case_id}/simulate", {"events": events})


@QUIET
@given(
    terms=st.dictionaries(
        st.sampled_from(
            [
                "start",
                "end",
                "entry_fee_fen",
                "acts",
                "instalments",
                "royalty.base",
                "instalments.0.amount_fen",
                "instalments.x",
                "..",
                "",
            ]
        ),
        JUNK,
        max_size=5,
    )
)
def test_any_terms(api: Api, terms: dict[str, Any]) -> None:
    case_id = api.world.case()
    status, _ = sent(api, "PUT", f"/cases/{case_id}/terms", {"terms": terms, "expected_version": 1})
    assert status == 422
    sent(api, "POST", f"/cases/{case_id}/terms/preview", {"terms": terms})


@QUIET
@given(body=JUNK)
@pytest.mark.parametrize(
    "path", ["/cases", "/companies", "/reminders/run", "/cases/1/simulate", "/cases/1/steps/sign"]
)
def test_any_body(api: Api, path: str, body: Any) -> None:
    status, _ = sent(api, "POST", path, body)
    assert 400 <= status < 500


@QUIET
@given(
    company=st.fixed_dictionaries(
        {"name": JUNK}, optional=dict.fromkeys(("uscc", "address", "phone", "email", "is_foreign"), SCALARS)
    )
)
def test_any_company(api: Api, company: dict[str, Any]) -> None:
    sent(api, "POST", "/companies", company)


@pytest.mark.parametrize(
    "path",
    [
        "/cases/99999999999999999999", "/cases/ZH2026-%00", "/cases/%F0%9F%92%A5", "/cases/0", "/cases/-1",
        "/cases?page=0", "/cases?size=100000", "/cases?page=99999999999999999999", "/cases?stage=x", "/cases?mode=%00",
        "/cases?q=%25%00", "/cases?officer_id=2147483648", "/patents?status=x", "/patents?kind=x", "/patents?size=-1",
        "/patents/2147483648", "/patents/0", "/patents/abc", "/companies/9999999999999", "/companies?limit=0",
        "/deadlines?until=2026-02-30", "/deadlines?until=x", "/deadlines?case=ZH2026-99999", "/deadlines?mine=maybe",
        "/cases/1/trail?after=-1", "/cases/1/documents/0", "/messages?limit=1000", "/nothing",
    ],
)  # fmt: skip
def test_wrong_addresses_are_problems(api: Api, path: str) -> None:
    answer = api.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (path, answer.status_code) == (path, answer.json()["status"])
    assert answer.status_code in (404, 422)


def test_wrong_method_is_a_problem(api: Api) -> None:
    answer = api.client.request("DELETE", "/api/v1/cases", headers=api.headers())
    assert (answer.status_code, answer.json()["title"]) == (405, "不支持的请求方式")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "不是有效的JSON"),
        (b"\xff\xfe", "不是有效的JSON"),
        (b'{"a": NaN}', "不是有效的JSON"),
        (b'{"a": ' + b"1" * 5000 + b"}", "不是有效的JSON"),
        (b'{"name": ' + b"[" * 100_000, "不是有效的JSON"),
        (b'{"name": "\\u0000"}', "name含有空字符"),
        (b'{"name": "\\ud800"}', "name含有不完整的字符"),
        (b'{"name": 1e400}', "name数字过大"),
        (b'{"name": ' + b"[" * 20 + b"]" * 20 + b"}", "嵌套超过"),
        (b'{"\\u0000": 1}', "含有空字符"),
    ],
)
def test_json_that_cannot_be_kept(api: Api, content: bytes, reason: str) -> None:
    headers = api.headers(**{"Content-Type": "application/json"})
    answer = api.client.post("/api/v1/companies", content=content, headers=headers)
    assert answer.status_code == 422
    assert reason in answer.json()["detail"]


def test_body_beyond_the_limit(api: Api) -> None:
    headers = api.headers(**{"Content-Type": "application/json"})
    answer = api.client.post("/api/v1/companies", content=b" " * (1024 * 1024 + 1), headers=headers)
    assert (answer.status_code, "1MB" in answer.json()["detail"]) == (413, True)


def test_body_beyond_the_limit_without_a_length(api: Api) -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b" " * 100_000

    headers = api.headers(**{"Content-Type": "application/json"})
    answer = api.client.post("/api/v1/companies", content=chunks(), headers=headers)
    assert answer.status_code == 413


def test_missing_and_unknown_fields_are_named(api: Api) -> None:
    answer = api.post("/cases", {"mode": "exclusive_license", "patent_ids": ["一"], "nonsense": 1})
    assert answer.json()["fields"] == {
        "title": "此项必填", "patent_ids.0": "应为整数", "nonsense": "没有这个填写项，请删除",
    }  # fmt: skip
