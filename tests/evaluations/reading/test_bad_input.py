"""Whatever is handed in: one sentence that says what to do, within bounded time."""

import time
import zipfile
from io import BytesIO

import pytest
from PIL import Image

from evaluations.reading import agreements
from evaluations.reading.agreements import AgreementRefused, Limits, read_agreement
from evaluations.reading.examining import TooManyAtOnce, examine_agreement
from tests.evaluations.reading.makers import docx, pages, paragraph, repeated, sample

USUAL = Limits()


def refusal(content: bytes, name: str = "协议.docx", limits: Limits = USUAL) -> str:
    with pytest.raises(AgreementRefused) as refused:
        read_agreement(content, name=name, limits=limits)
    return refused.value.message


def ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le")


def picture() -> bytes:
    written = BytesIO()
    Image.new("RGB", (400, 300), "white").save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "协议.docx", "是空的"),
        (b"\0" * 4096, "协议.pdf", "是空的"),
        (ole("WordDocument"), "协议.doc", "另存为 .docx"),
        (ole("WordDocument"), "协议.wps", "另存为 .docx"),
        (ole("EncryptedPackage"), "协议.docx", "打开密码"),
        (b"MZ\x90\0" * 200, "协议.docx", "内容是“Windows 程序”"),
        (b"PK\x03\x04" + b"\0" * 100, "协议.docx", "内容却不是"),
        (b"nothing that was ever a document", "协议.pdf", "纯文本"),
        (sample("01")[:9000], "协议.docx", "已损坏"),
        (b"%PDF-1.7\n" + b"\0" * 900, "协议.pdf", "已损坏"),
        (docx(), "协议.docx", "没有文字"),
        (docx(paragraph("甲方</w:t>")), "协议.docx", "已损坏"),
        (pages(1), "协议.pdf", "没有文字"),
    ],
)
def test_what_is_no_readable_agreement_is_refused_with_one_sentence(content: bytes, name: str, told: str) -> None:
    message = refusal(content, name)
    assert told in message
    assert message.count("。") == 1
    assert "\n" not in message


def test_the_content_counts_and_not_the_name() -> None:
    assert len(read_agreement(sample("05"), name="协议.docx").clauses) == 16


@pytest.mark.parametrize("content", [sample("07"), picture()], ids=["pdf", "png"])
def test_without_the_ocr_extra_a_scan_is_refused_and_told_why(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreements, "can_recognise", lambda: False)  # as on a machine without the extra
    assert "文字识别组件（ocr）" in refusal(content, "扫描件.pdf")


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">',
        '<!DOCTYPE x [<!ENTITY a "甲方"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_declared_entities_are_refused_before_they_do_anything(doctype: str) -> None:
    started = time.monotonic()
    assert "不允许的引用" in refusal(docx(paragraph("甲方按期付款。"), prologue=doctype))
    assert time.monotonic() - started < 10


def test_a_bomb_is_stopped_where_it_swells() -> None:
    written = BytesIO()
    with (
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(200):
            part.write(b"<p>" * 400_000)
    assert len(written.getvalue()) < 2_000_000
    assert "解压后过大" in refusal(written.getvalue())


def test_xml_that_nests_without_end_is_stopped() -> None:
    assert "过于复杂" in refusal(docx("<w:sdt>" * 5000 + "</w:sdt>" * 5000))


def test_two_thousand_pages_are_refused_at_once() -> None:
    started = time.monotonic()
    assert "超过 300 页" in refusal(pages(2000), "协议.pdf")
    assert time.monotonic() - started < 20


def test_a_file_above_the_limit_is_not_opened() -> None:
    assert "超过 0 MB" in refusal(sample("05"), "协议.pdf", Limits(bytes=1000))


def test_a_reader_that_takes_too_much_memory_or_time_is_stopped() -> None:
    assert "过于复杂" in refusal(repeated(sample("05"), 40), "协议.pdf", Limits(seconds=0))


def test_a_request_does_not_wait_for_ever_while_others_are_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreements, "SIGN_OF_LIFE", 0.01)
    text = docx(paragraph("评价费用于签订之日一次付清。"))
    places = agreements._places[False]
    assert places.acquire(timeout=0)
    assert places.acquire(timeout=0)
    try:
        with pytest.raises(TooManyAtOnce, match="请过一会儿再上传"):
            examine_agreement(text, name="协议.docx")
    finally:
        places.release()
        places.release()
    assert examine_agreement(text, name="协议.docx").pages == 1
