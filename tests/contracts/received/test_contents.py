"""What may be kept of what people upload: the content decides, not the name; everything else says why not."""

import pikepdf
import pytest

from contracts.received.contents import (
    DOCX,
    FORMATS,
    JPEG,
    PDF,
    PNG,
    SCANS,
    TIFF,
    check_contents,
    clean_filename,
)
from contracts.received.refusal import NotAccepted
from tests.cases import uploads

ANY = tuple(FORMATS)


@pytest.mark.parametrize(("name", "data", "media_type"), [
    ("合同.pdf", uploads.pdf(), PDF),
    ("扫描.PNG", uploads.picture("PNG"), PNG),
    ("扫描.jpeg", uploads.picture("JPEG"), JPEG),
    ("扫描.tif", uploads.picture("TIFF"), TIFF),
    ("修改稿.docx", uploads.word(), DOCX),
    ("一批对象.pdf", uploads.pdf_bundle(1000), PDF),
    ("附清单.pdf", uploads.pdf_with_attachment("terms.json", b"{}"), PDF),
])  # fmt: skip
def test_good_file_is_known_by_its_content(name: str, data: bytes, media_type: str) -> None:
    assert check_contents(data, name, ANY) == media_type


def _script(action: str) -> bytes:
    return uploads.pdf(OpenAction=pikepdf.Dictionary(S=pikepdf.Name(f"/{action}"), JS="app.alert(1)"))


REFUSED = {
    "empty": (b"", "合同.pdf", "文件是空的"),
    "program": (b"MZ\x90\x00" + b"\0" * 80, "合同.pdf", "内容是Windows可执行程序"),
    "elf": (b"\x7fELF" + b"\0" * 80, "合同.pdf", "内容是可执行程序"),
    "script": (b"#!/bin/sh\nrm -rf /\n", "合同.pdf", "内容是脚本"),
    "page": (b"<!DOCTYPE html><script>1</script>", "合同.pdf", "内容是网页或XML文本"),
    "svg": (b'<?xml version="1.0"?><svg onload="x()"/>', "公章.png", "内容是SVG图形"),
    "rar": (b"Rar!\x1a\x07", "合同.pdf", "内容是RAR压缩包"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "合同.docx", "内容是旧版Office文档"),
    "zip": (uploads.zipped(a_exe=b"MZ"), "合同.docx", "没有 Word 文档的正文"),
    "workbook": (uploads.zipped(xl__workbook_xml=b"<x/>"), "合同.docx", "这是电子表格"),
    "wrong ending": (uploads.pdf(), "合同.png", "扩展名“.png”与内容不符：内容是PDF"),
    "double ending": (uploads.pdf(), "合同.pdf.exe", "扩展名“.exe”与内容不符"),
    "no ending": (uploads.pdf(), "合同", "扩展名“（没有扩展名）”与内容不符"),
    "late beginning": (b"\n" + uploads.pdf(), "合同.pdf", "内容是无法识别的格式"),
    "broken pdf": (b"%PDF-1.7\nnothing", "合同.pdf", "PDF已损坏"),
    "password": (uploads.encrypted_pdf("secret"), "合同.pdf", "PDF已加密"),
    "bundle that inflates without end": (uploads.pdf_bundle(70 << 20), "合同.pdf", "PDF解压后过大"),
    "owner password": (uploads.encrypted_pdf(), "合同.pdf", "PDF已加密"),
    "javascript": (_script("JavaScript"), "合同.pdf", "PDF中含有JavaScript脚本"),
    "launch": (_script("Launch"), "合同.pdf", "PDF中含有启动外部程序的动作"),
    "script by key": (_script("Named"), "合同.pdf", "PDF中含有JavaScript脚本"),
    "xfa": (uploads.pdf(AcroForm=pikepdf.Dictionary(XFA=pikepdf.Array())), "合同.pdf", "动态表单（XFA）"),
    "program by name": (uploads.pdf_with_attachment("补丁.exe", b"x"), "合同.pdf", "附件“补丁.exe”是可执行程序"),
    "program by bytes": (uploads.pdf_with_attachment("说明.txt", b"MZ\x90"), "合同.pdf", "附件“说明.txt”是可执行程序"),
    "bomb": (uploads.png_claiming(60_000, 60_000), "扫描.png", "图片尺寸为60000×60000像素"),
    "long": (uploads.png_claiming(1, 40_000), "扫描.png", "图片尺寸为1×40000像素"),
    "broken png": (uploads.picture("PNG")[:60], "扫描.png", "图片已损坏"),
    "broken jpeg": (uploads.picture("JPEG", (640, 640))[:700], "扫描.jpg", "图片已损坏"),
    "broken tiff": (uploads.picture("TIFF")[:9], "扫描.tif", "图片已损坏"),
    "macro": (uploads.word_with("word/vbaProject.bin", b"x"), "合同.docx", "文件含有宏（VBA）"),
    "embedded": (uploads.word_with("word/embeddings/a.bin", b"MZ"), "合同.docx", "文件含有"),
    "inflated": (uploads.word_with("word/media/a.bin", b"\0" * (201 << 20)), "合同.docx", "解压后过大"),
    "cut": (uploads.word()[:400], "合同.docx", "文件已损坏"),
    "ribbon": (uploads.word_with("customUI/customUI.xml", b"<x/>"), "合同.docx", "文件含有自定义功能区"),
    "picture bomb": (
        uploads.word_with("word/media/image1.png", uploads.png_claiming(60_000, 60_000)), "合同.docx", "图片尺寸为60000×60000",
    ),
    "entities": (uploads.word_with("word/a.xml", b'<!DOCTYPE a [<!ENTITY b "ha">]><a>&b;</a>'), "合同.docx", "DTD"),
    "path upward": (uploads.word_with("../../a.xml", b"<a/>"), "合同.docx", "部件名称重复或者不合规范"),
    "part twice by case": (uploads.word_with("word/Document.xml", b"<a/>"), "合同.docx", "部件名称重复或者不合规范"),
    "program in word": (uploads.word_with("word/media/a.exe", b"x"), "合同.docx", "文件含有程序或脚本（word/media/a.exe）"),
    "program by its bytes": (uploads.word_with("word/media/a.png", b"MZ\x90"), "合同.docx", "文件含有程序或脚本"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_file_is_refused_with_its_reason(case: str) -> None:
    data, name, reason = REFUSED[case]
    with pytest.raises(NotAccepted) as refused:
        check_contents(data, name, ANY)
    assert reason in refused.value.zh
    assert refused.value.en not in ("", refused.value.zh)


def test_word_file_is_no_scan() -> None:
    with pytest.raises(NotAccepted, match="此处只接受PDF、PNG、JPEG、TIFF"):
        check_contents(uploads.word(), "合同.docx", SCANS)


def test_tiff_of_too_many_sheets_is_refused() -> None:
    with pytest.raises(NotAccepted, match="TIFF有501页"):
        check_contents(uploads.sheets(501), "扫描.tif", ANY)


@pytest.mark.parametrize(("given", "kept"), [
    ("C:\\Users\\林\\合同.pdf", "合同.pdf"),
    ("../../etc/passwd", "passwd"),
    ("合同\u202efdp.exe", "合同fdp.exe"),
    ("合 \t 同\r\n.pdf", "合 同.pdf"),
    ('合同"; filename="x.html', "合同; filename=x.html"),
    ("", "未命名"),
    ("...", "未命名"),
    (".pdf", "未命名.pdf"),
    ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
])  # fmt: skip
def test_name_is_cleaned(given: str, kept: str) -> None:
    assert clean_filename(given) == kept
