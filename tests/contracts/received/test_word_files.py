"""Word files that are not read: each with a clear reason in Chinese, nothing fetched, nothing run."""

import io
import zipfile
import zlib
from collections.abc import Callable

import pytest

from contracts.received.refusal import NotAccepted
from contracts.received.word_files import open_package
from contracts.word.package import IDENTITY_NAMESPACE, zipped
from contracts.word.reading import read_docx
from tests.contracts.word.files import MAIN, parts_of, sent, with_parts

DATA = sent()[0]
RELATIONS = "word/_rels/document.xml.rels"
ROOT = "_rels/.rels"
SETTINGS = "word/_rels/settings.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SECOND = f'<Relationship Id="rIdX" Type="{OFFICE}/officeDocument" Target="word/other.xml"/>'.encode()
NO_RELATIONS = b"<Relationships/>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def related(kind: str, target: str, part: str = RELATIONS) -> bytes:
    one = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    empty = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    known = parts_of(DATA).get(part, empty.encode()).decode()
    return with_parts(DATA, **{part: known.replace("</Relationships>", one + "</Relationships>").encode()})


def inward(kind: str, target: str) -> bytes:
    one = f'<Relationship Id="rIdX" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>'
    known = parts_of(DATA)[RELATIONS].replace(b"</Relationships>", one.encode())
    return with_parts(DATA, **{RELATIONS: known, f"word/{target}": b"<a/>"})


def renamed(old: bytes, new: bytes) -> bytes:
    """The file after a change of the relations that name its text."""
    known = parts_of(DATA)[ROOT]
    assert old in known
    return with_parts(DATA, **{ROOT: known.replace(old, new), "word/document.bin": b"<a/>"})


def bomb() -> bytes:
    return with_parts(DATA, **{"word/media/image1.bmp": bytes(20 << 20)})


def crowded() -> bytes:
    return with_parts(DATA, **{f"word/x{n}.bin": b"" for n in range(2_001)})


def doubled() -> bytes:
    buffer = io.BytesIO(DATA)
    with pytest.warns(UserWarning), zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(MAIN, b"<x/>")
    return buffer.getvalue()


def flipped() -> bytes:
    place = DATA.index(b"word/document.xml") + 60
    return DATA[:place] + bytes(255 - byte for byte in DATA[place : place + 200]) + DATA[place + 200 :]


def with_main(content: bytes) -> bytes:
    return with_parts(DATA, **{MAIN: content})


NESTED = b'<w:document xmlns:w="x">' + b"<w:p>" * 300 + b"</w:p>" * 300 + b"</w:document>"
ENTITY = b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
FETCHED = b'<!DOCTYPE a SYSTEM "http://example.invalid/a.dtd"><a/>'
REFUSED = [
    ("empty", lambda: b"", "文件是空的"),
    ("too large", lambda: b"PK" + bytes(50 << 20), "文件超过 50 MB"),
    ("old .doc", lambda: OLE + bytes(600), "旧格式的 .doc"),
    ("password", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "设有打开密码"),
    ("PDF", lambda: b"%PDF-1.7", "这是PDF文件"),
    ("RTF", lambda: b"{\\rtf1 }", "这是RTF文件"),
    ("page", lambda: b"\n<html></html>", "网页或 XML"),
    ("picture", lambda: b"\x89PNG\r\n", "图片"),
    ("text", "合同".encode, "这不是 .docx 文件"),
    ("zip cut off", lambda: DATA[:2000], "已损坏"),
    ("bytes flipped", flipped, "已损坏"),
    ("other zip", lambda: zipped({"a.txt": b"a"}), "没有 Word 文档的正文"),
    ("workbook", lambda: zipped({"[Content_Types].xml": b"<a/>", "xl/workbook.xml": b"<a/>"}), "这是电子表格"),
    ("slides", lambda: zipped({"[Content_Types].xml": b"<a/>", "ppt/presentation.xml": b"<a/>"}), "这是演示文稿"),
    ("odt", lambda: zipped({"mimetype": b"", "content.xml": b"<a/>"}), "OpenDocument"),
    ("macro part", lambda: with_parts(DATA, **{"word/vbaProject.bin": b"x"}), "宏（VBA）"),
    (
        "macro type",
        lambda: with_parts(DATA, **{"[Content_Types].xml": parts_of(DATA)["[Content_Types].xml"].replace(
            b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main")}),
        "宏（.docm）",
    ),
    ("control", lambda: with_parts(DATA, **{"word/activeX/activeX1.xml": b"<a/>"}), "ActiveX"),
    ("object", lambda: with_parts(DATA, **{"word/embeddings/oleObject1.bin": b"x"}), "OLE"),
    ("linked object", lambda: related("oleObject", "file:///c:/a.xls"), "链接的对象"),
    ("subdocument", lambda: related("subDocument", "http://example.invalid/a.docx"), "外部子文档"),
    ("foreign text of any name", lambda: inward("aFChunk", "a.xml"), "并入的外来文档"),
    ("control of any name", lambda: inward("control", "a.xml"), "ActiveX"),
    ("macro of any name", lambda: inward("vbaProject", "a.bin"), "宏（VBA）"),
    ("no text named", lambda: with_parts(DATA, **{ROOT: NO_RELATIONS}), "没有 Word 文档的正文"),
    ("two texts named", lambda: renamed(b"</Relationships>", SECOND + b"</Relationships>"), "没有 Word 文档的正文"),
    ("text that is no XML by name", lambda: renamed(MAIN.encode(), b"word/document.bin"), "没有 Word 文档的正文"),
    ("template", lambda: with_parts(DATA, **{"[Content_Types].xml": parts_of(DATA)["[Content_Types].xml"].replace(
        b"document.main+xml", b"template.main+xml")}), "可能是模板"),
    ("remote template", lambda: related("attachedTemplate", "http://example.invalid/a.dotm", SETTINGS), "网络上的模板"),
    ("template on a share", lambda: related("attachedTemplate", "\\\\host\\a.dotm", SETTINGS), "网络上的模板"),
    ("broken XML", lambda: with_main(b"<w:document><w:p></w:document>"), "已损坏"),
    ("entities", lambda: with_main(ENTITY), "DTD"),
    ("outside DTD", lambda: with_main(FETCHED), "DTD"),
    ("DTD in UTF-16", lambda: with_main(ENTITY.decode().encode("utf-16")), "DTD"),
    ("nested", lambda: with_main(NESTED), "嵌套过深"),
    ("bomb", bomb, "解压后过大"),
    ("crowd", crowded, "部件"),
    ("part twice", doubled, "名称重复"),
    ("path upward", lambda: with_parts(DATA, **{"word/../../a.xml": b"<a/>"}), "不合规范"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "reason"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_file_is_refused_with_its_reason(make: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(NotAccepted) as caught:
        read_docx(make())
    assert reason in caught.value.zh
    assert caught.value.en.isascii()


@pytest.mark.parametrize(
    ("kind", "target", "part", "remark"),
    [
        ("image", "http://example.invalid/track.png", RELATIONS, "未读取链接的图片：http://example.invalid/track.png"),
        ("hyperlink", "http://example.invalid/", RELATIONS, "未读取超链接：http://example.invalid/"),
        ("attachedTemplate", "file:///C:/Users/a/Normal.dotm", SETTINGS, "未读取模板：file:///C:/Users/a/Normal.dotm"),
    ],
)  # fmt: skip
def test_what_points_outside_is_named_and_not_followed(
    kind: str, target: str, part: str, remark: str
) -> None:
    incoming = read_docx(related(kind, target, part))
    assert [zh for zh, _ in incoming.remarks] == [remark]
    assert incoming.accepted == read_docx(DATA).accepted


def test_the_text_is_read_where_the_package_names_it() -> None:
    """A decoy at the usual place would show people here another text than Word shows."""
    parts = parts_of(DATA)
    told = parts["[Content_Types].xml"].replace(b"/word/document.xml", b"/word/document2.xml")
    named = parts[ROOT].replace(b"word/document.xml", b"word/document2.xml")
    other = parts[MAIN].replace("许可".encode(), "让与".encode())
    moved = {"[Content_Types].xml": told, ROOT: named, "word/document2.xml": other}
    assert "".join(one.text for one in read_docx(with_parts(DATA, **moved)).accepted).count("让与") > 10


def test_a_broken_part_that_is_no_xml_by_name_is_not_read() -> None:
    broken = b"<broken " + IDENTITY_NAMESPACE.encode()
    incoming = read_docx(with_parts(DATA, **{"customXml/item9.bin": broken}))
    assert incoming.accepted == read_docx(DATA).accepted


def test_encrypted_zip_is_refused() -> None:
    data = bytearray(DATA)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(sign)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(sign, place + 4)
    with pytest.raises(NotAccepted, match="设有密码"):
        open_package(bytes(data))


def test_any_damage_is_refused_or_read_and_never_crashes() -> None:
    for place in range(40, len(DATA), len(DATA) // 20):
        damaged = DATA[:place] + bytes([DATA[place] ^ 0x55]) + DATA[place + 1 :]
        try:
            read_docx(damaged)
        except NotAccepted as refused:
            assert refused.zh  # noqa: PT017 - either way is right, a crash is not.
    assert zlib.crc32(DATA) == zlib.crc32(sent()[0])
