"""Which column holds which field: by header, in any order, and by content where the header says nothing."""

from exchange.patent_columns import guess
from exchange.tables import Line
from tests.exchange.lists import GOOD, HEADER


def lines(*rows: tuple[str, ...]) -> list[Line]:
    return [Line(number, cells) for number, cells in enumerate(rows, 1)]


def test_chinese_header() -> None:
    layout = guess(lines(HEADER, *GOOD))
    assert layout is not None
    assert layout.mapping == {
        "application_no": "申请号", "title": "专利名称", "filing_date": "申请日", "grant_date": "授权公告日",
        "publication_no": "授权公告号", "owners": "专利权人", "inventors": "发明人", "ipc": "IPC分类号", "kind": "专利类型",
        "college": "学院",
    }  # fmt: skip
    assert (layout.header_row, layout.unmapped) == (1, ("序号",))


def test_title_lines_above_the_header_and_brackets_in_it() -> None:
    rows = lines(
        ("2026年专利清单", "", ""),
        ("", "", ""),
        ("名 称*", "申请（专利）号", "申请日（年-月-日）"),
        ("甲", "201710601862.3", "2017-07-21"),
    )
    layout = guess(rows)
    assert layout is not None
    assert (layout.header_row, layout.mapping) == (
        3, {"application_no": "申请（专利）号", "title": "名 称*", "filing_date": "申请日（年-月-日）"},
    )  # fmt: skip


def test_english_headers_of_gazette_exports() -> None:
    header = (
        "item", "name", "authorization_notice_id", "authorized_announcement_date", "filing_id", "filing_date", "patentee",
        "designer", "address", "Int.Cl.",
    )  # fmt: skip
    layout = guess(lines(header))
    assert layout is not None
    assert layout.mapping == {
        "application_no": "filing_id", "title": "name", "filing_date": "filing_date",
        "grant_date": "authorized_announcement_date", "publication_no": "authorization_notice_id", "owners": "patentee",
        "inventors": "designer", "ipc": "Int.Cl.", "address": "address",
    }  # fmt: skip


def test_better_header_wins_and_the_other_stands_in() -> None:
    layout = guess(lines(("申请号", "专利号", "发明名称", "公开号", "授权公告号", "申请人", "专利权人")))
    assert layout is not None
    assert layout.mapping == {
        "application_no": "申请号", "patent_no": "专利号", "title": "发明名称", "publication_no": "授权公告号",
        "first_publication_no": "公开号", "owners": "专利权人", "applicants": "申请人",
    }  # fmt: skip


def test_spare_column_alone_becomes_the_main_one() -> None:
    layout = guess(lines(("专利号", "名称", "申请人", "公开号")))
    assert layout is not None
    assert layout.mapping == {
        "application_no": "专利号",
        "title": "名称",
        "publication_no": "公开号",
        "owners": "申请人",
    }


def test_list_without_a_header_is_read_by_its_content() -> None:
    layout = guess(lines(*(row[1:] for row in GOOD)))
    assert layout is not None
    assert layout.header_row == 0
    assert layout.mapping == {
        "application_no": "第1列", "title": "第2列", "filing_date": "第3列", "publication_date": "第4列",
        "publication_no": "第5列", "owners": "第6列", "inventors": "第7列", "ipc": "第8列", "kind": "第10列",
    }  # fmt: skip


def test_unknown_headers_are_read_by_content() -> None:
    layout = guess(lines(("编码", "描述", "起"), ("201710601862.3", "一种隔膜的制备方法", "2017-07-21")))
    assert layout is not None
    assert layout.mapping == {"application_no": "编码", "title": "描述", "filing_date": "起"}


def test_places_are_not_taken_for_inventors() -> None:
    layout = guess(
        lines(
            ("申请号", "名称", "region"),
            ("201710601862.3", "一种隔膜", "北京"),
            ("202130123456", "检测仪", "湖北"),
        )
    )
    assert layout is not None
    assert layout.mapping == {"application_no": "申请号", "title": "名称"}


def test_same_header_twice_is_told_apart() -> None:
    layout = guess(lines(("申请号", "名称", "名称")))
    assert layout is not None
    assert layout.headers == ("申请号", "名称", "名称(2)")


def test_no_patent_list_at_all() -> None:
    assert guess(lines(("姓名", "工号"), ("张三", "1001"))) is None
