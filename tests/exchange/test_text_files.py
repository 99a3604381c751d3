"""Text files: encodings, delimiters, and damage that is told with its place."""

from pathlib import Path

import pytest

from exchange.list_files import open_list
from exchange.tables import FileRefused, Line
from tests.exchange.lists import GOOD, HEADER, write_csv


def read(path: Path) -> list[Line]:
    return list(open_list(path).sheets[0].lines())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = write_csv(tmp_path / "list.txt", (HEADER, *GOOD), encoding, delimiter)
    file = open_list(path)
    assert (file.format, file.encoding, file.delimiter) == ("csv", encoding, delimiter)
    assert read(path) == [Line(number, row) for number, row in enumerate((HEADER, *GOOD), 1)]


def test_nul_byte_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("申请号,名称\n1,甲\n2,\0乙\n".encode())
    with pytest.raises(FileRefused) as caught:
        open_list(path)
    assert (
        caught.value.message
        == "第 3 行含有空字节（NUL），文件已损坏或不是文本。请重新导出为 csv（UTF-8）或 xlsx。"
    )
    assert caught.value.kind == "invalid"


def test_endless_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("申请号,名称\n".encode() + b"1" * (10 << 20))
    with pytest.raises(FileRefused) as caught:
        open_list(path)
    assert caught.value.message == "第 2 行超过 8 MB，这不是逐行的清单。请重新导出为 csv（UTF-8）或 xlsx。"


def test_unknown_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("申请号,名称\n".encode() + b"1,\xff\xff\xff\n")
    with pytest.raises(FileRefused) as caught:
        open_list(path)
    assert caught.value.message.startswith("第 2 行附近的文字既不是 UTF-8 也不是 GB18030 编码。")


def test_quotes_line_breaks_and_blank_lines_keep_the_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes('申请号,名称\r\n1,"甲,""乙""\n丙"\r\n\r\n2,丁\r\n'.encode())
    assert read(path) == [
        Line(1, ("申请号", "名称")), Line(2, ("1", '甲,"乙"\n丙')), Line(3, ()), Line(4, ("2", "丁")),
    ]  # fmt: skip


def test_unpaired_quote_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes('申请号,名称\n1,"甲\n2,乙"丙"\n3,丁\n'.encode())
    found = read(path)
    assert [(line.number, line.cells) for line in found] == [
        (1, ("申请号", "名称")),
        (2, ()),
        (4, ("3", "丁")),
    ]
    assert found[1].fault == (
        "引号不成对，从这一行起到下一个引号为止无法读取。请检查单元格内的英文双引号后重新导出。（文本第 2 至 3 行）"
    )


def test_quote_never_closed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes('申请号,名称\n1,"甲\n2,乙\n'.encode())
    assert [(line.number, bool(line.fault)) for line in read(path)] == [(1, False), (2, True)]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "文件是空的。请重新导出清单后再导入。"),
        (b"%PDF-1.7 ...", "这是PDF，不是清单。请导入 xlsx 或 csv 文件。"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100),
            "这是旧版 .xls 文件。请用电子表格打开，另存为 .xlsx 后再导入。",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100) + "EncryptedPackage".encode("utf-16-le"),
            "工作簿设有打开密码。请在电子表格中取消密码，另存为 xlsx 后再导入。",
        ),
        (b"PK\x03\x04broken", "工作簿已损坏，无法读取。请用电子表格打开确认后另存为 xlsx，再导入一次。"),
    ],
)
def test_other_files_are_refused_with_advice(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(data)
    with pytest.raises(FileRefused) as caught:
        open_list(path)
    assert caught.value.message == message
