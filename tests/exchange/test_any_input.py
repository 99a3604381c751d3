"""Whatever is thrown at an import, it answers with a patent, a problem or a refusal, never with a crash."""

from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cases.patent_sql import CheckedPatent
from exchange.patent_import import preview
from exchange.tables import FileRefused, Line, Problem
from tests.exchange.lists import CHECKER, GOOD, HEADER, TODAY

CELLS = st.one_of(st.text(max_size=40), *(st.sampled_from(column) for column in zip(*GOOD, strict=True)))
SLOW = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TABLE = "\n".join(",".join(row) for row in (HEADER, *GOOD)).encode()


@given(cells=st.tuples(*(CELLS for _ in HEADER)))
@SLOW
def test_any_line_is_a_patent_or_has_problems(cells: tuple[str, ...]) -> None:
    found = CHECKER.check(Line(2, cells))
    if isinstance(found, CheckedPatent):
        assert (len(found.application_no), bool(found.title)) == (len(found.application_no.strip()), True)
    else:
        assert found
        assert all(isinstance(problem, Problem) and problem.reason and problem.row == 2 for problem in found)


@given(data=st.one_of(st.binary(max_size=400), st.binary(max_size=40).map(lambda tail: TABLE + b"\n" + tail)))
@example(data=b"PK\x03\x04")
@example(data=b"\xff\xfe\x00")
@example(data=b'"')
@example(data="申请号,名称".encode())
@SLOW
def test_any_file_is_shown_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "list"
    path.write_bytes(data)
    try:
        shown = preview(path, today=TODAY)
    except FileRefused as refused:
        assert refused.message.endswith("。")
    else:
        assert shown.mapping
