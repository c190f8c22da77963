"""Uploads: what is taken, what is refused with which words, and what officers are shown."""

from io import BytesIO
from time import perf_counter

import pytest
from PIL import ExifTags, Image

from core.documents import DocumentKind, DocumentRefused, Limits, PageNotShown, clean_name, examine, render_page
from tests import uploads

# bytes would be spelled out whole in the name of a test
without_bytes = {"ids": lambda value: "" if isinstance(value, bytes) else None}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DAMAGED = "已损坏或不完整"


def shown(content: bytes, page: int = 1, *, width: int = 1240) -> Image.Image:
    picture = Image.open(BytesIO(render_page(content, page, width=width)))
    picture.load()
    return picture


def turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "TELLTALE"
    return exif


def close(colour: tuple[int, ...], expected: tuple[int, ...]) -> bool:
    return all(abs(is_ - should) < 8 for is_, should in zip(colour, expected, strict=True))


@pytest.mark.parametrize(
    ("content", "kind", "pages", "extension"),
    [
        (uploads.blank_pdf(1), DocumentKind.PDF, 1, "pdf"),
        (uploads.blank_pdf(300), DocumentKind.PDF, 300, "pdf"),
        (uploads.picture((40, 30), "PDF"), DocumentKind.PDF, 1, "pdf"),
        (uploads.picture((40, 30), "JPEG"), DocumentKind.JPEG, 1, "jpg"),
        (uploads.picture((40, 30), "JPEG", mode="CMYK", colour=0), DocumentKind.JPEG, 1, "jpg"),
        (uploads.picture((40, 30), "PNG"), DocumentKind.PNG, 1, "png"),
    ],
    **without_bytes,
)
def test_whole_documents_are_taken(content, kind, pages, extension):
    examined = examine(content)
    assert (examined.kind, examined.pages, examined.suggested_extension) == (kind, pages, extension)


@pytest.mark.parametrize(
    "content",
    [
        uploads.pdf_that_acts(),
        uploads.encrypted_pdf(password=b""),  # opens without a password: only its owner's restrictions
        uploads.picture((40, 30), "JPEG") + b"<html><script>alert(1)</script>",
        uploads.blank_pdf(1) + bytes(5000),  # padded to a block, as some scanners do
    ],
    **without_bytes,
)
def test_what_is_odd_but_never_run_is_taken(content):
    assert examine(content).pages == 1
    assert shown(content).width >= 40


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (uploads.zip_of("[Content_Types].xml", "word/document.xml"), "Word 文档（docx）"),
        (uploads.zip_of("[Content_Types].xml", "xl/workbook.xml"), "Excel 表格（xlsx）"),
        (uploads.zip_of("OFD.xml"), "OFD 版式文件"),
        (uploads.zip_of("材料.pdf"), "ZIP 压缩包"),
        (OLE + "WordDocument".encode("utf-16-le"), "旧版 Word 或 WPS 文字文档"),
        (OLE + "Workbook".encode("utf-16-le"), "旧版 Excel 或 WPS 表格"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "加密的 Office 文件"),
        (OLE, "旧版 Office 或 WPS 文件"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "RAR 压缩包"),
        (b"MZ\x90\x00" + bytes(50), "Windows 程序"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), "HEIC 图片"),
        (b"\x00\x00\x00\x18ftypisom" + bytes(50), "视频"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP 图片"),
        (uploads.picture((4, 3), "TIFF"), "TIFF 图片"),
        (uploads.picture((4, 3), "GIF"), "GIF 图片"),
        (b"\xef\xbb\xbf\n<!DOCTYPE HTML><title>x</title>", "网页（HTML）"),
        (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "SVG 图片"),
        ("培训记录，二〇二六年".encode(), "纯文本"),
        (b"junk\n" + uploads.blank_pdf(1), "开头混入了别的内容"),
        (bytes(range(256)), "无法识别"),
    ],
    **without_bytes,
)
def test_anything_else_is_refused_with_its_name_and_the_way_out(content, words):
    with pytest.raises(DocumentRefused) as refusal:
        examine(content)
    assert words in refusal.value.message
    assert "请" in refusal.value.message
    assert refusal.value.message.count("。") == 1


def test_an_office_file_is_to_be_saved_as_pdf_and_an_archive_unpacked():
    with pytest.raises(DocumentRefused, match="请另存为 PDF 后上传。"):
        examine(uploads.zip_of("word/document.xml"))
    with pytest.raises(DocumentRefused, match="请解压后"):
        examine(uploads.zip_of("a.txt"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (uploads.encrypted_pdf(password=b"secret"), "打开密码"),
        (uploads.blank_pdf(301), "超过 300 页"),
        (uploads.pdf(uploads.CATALOGUE, uploads.page_tree(0)), DAMAGED),
        (uploads.pdf(uploads.CATALOGUE, uploads.page_tree(1, claimed=5), uploads.page()), DAMAGED),
        (uploads.pdf(uploads.CATALOGUE, uploads.page_tree(3)), DAMAGED),
        (b"%PDF-1.7\n%%EOF", DAMAGED),
        (uploads.blank_pdf(3).partition(b"startxref")[0], DAMAGED),  # PDFium alone would mend it and open it
        (uploads.blank_pdf(300)[:-2000], DAMAGED),
        (uploads.picture((400, 300), "PNG")[:60], DAMAGED),
        (b"\xff\xd8\xff\xe0" + bytes(1000), DAMAGED),
        (b"\xff\xd8\xff<html><script>alert(1)</script>", DAMAGED),
        (b"\x89PNG\r\n\x1a\n", DAMAGED),
        (uploads.png_bomb(10_000, 6_001), "超过 6000 万像素"),
    ],
    **without_bytes,
)
def test_documents_that_cannot_be_used_are_refused_with_the_way_out(content, words):
    with pytest.raises(DocumentRefused, match=words) as refusal:
        examine(content)
    assert "请" in refusal.value.message


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_cut_off_anywhere_is_refused(form):
    whole = uploads.photograph((400, 300), form)
    assert examine(whole).pages == 1
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(DocumentRefused, match=DAMAGED):
            examine(whole[: int(len(whole) * share)])


def test_a_file_over_20_mb_is_refused():
    with pytest.raises(DocumentRefused, match=r"20\.0 MB，超过 20 MB 的上限"):
        examine(bytes(20 * 1024 * 1024 + 1))


def test_limits_are_settings():
    assert examine(uploads.blank_pdf(3), limits=Limits(pages=3)).pages == 3
    with pytest.raises(DocumentRefused, match="超过 2 页"):
        examine(uploads.blank_pdf(3), limits=Limits(pages=2))


@pytest.mark.parametrize("content", [uploads.pdf_of_rectangle(), uploads.sealed_pdf()], ids=["drawing", "seal"])
def test_a_page_is_shown_whole_at_the_width_asked_for(content):
    picture = shown(content, width=500)
    assert picture.size == (500, 250)
    assert close(picture.getpixel((100, 125)), (255, 0, 0))
    assert close(picture.getpixel((400, 125)), (255, 255, 255))


def test_a_large_picture_is_made_smaller_and_a_small_one_left():
    assert shown(uploads.picture((4000, 3000), "JPEG"), width=1000).size == (1000, 750)
    assert shown(uploads.picture((40, 30), "PNG")).size == (40, 30)


@pytest.mark.parametrize(("form", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA")])
def test_a_photograph_is_turned_upright_and_tells_nothing_of_its_origin(form, mode):
    content = uploads.picture((3000, 2000), form, mode=mode, exif=turned(6), comment=b"TELLTALE")
    assert b"TELLTALE" in content
    assert b"TELLTALE" not in render_page(content, 1)
    picture = shown(content, width=800)
    assert picture.size == (800, 1200)
    assert not picture.getexif()


@pytest.mark.parametrize(
    ("mode", "colour", "expected"),
    [
        ("RGBA", (0, 0, 0, 0), (255, 255, 255)),
        ("LA", (0, 0), (255, 255, 255)),
        ("RGB", (200, 30, 30), (200, 30, 30)),
        ("1", 0, (0, 0, 0)),
        ("I;16", 0x7FFF, (127, 127, 127)),
    ],
)
def test_every_kind_of_png_is_shown_in_its_colours_on_white(mode, colour, expected):
    picture = shown(uploads.picture((40, 30), "PNG", mode=mode, colour=colour)).convert("RGB")
    assert close(picture.getpixel((20, 15)), expected)


@pytest.mark.parametrize("size", [(14_400, 1), (1, 14_400), (0.001, 100_000), (100, 5_000)])
def test_a_page_of_absurd_size_makes_no_absurd_picture(size):
    content = uploads.pdf(uploads.CATALOGUE, uploads.page_tree(1), uploads.page(size=size))
    picture = shown(content)
    assert picture.width * picture.height <= 17_000_000


def test_a_long_screenshot_stays_whole():
    picture = shown(uploads.picture((1080, 40_000), "PNG"))
    assert picture.height / picture.width == pytest.approx(40_000 / 1080, rel=0.01)


@pytest.mark.parametrize("page", [0, -1, 3])
def test_a_page_that_is_not_there_is_refused(page):
    with pytest.raises(PageNotShown, match=f"没有第 {page} 页"):
        render_page(uploads.blank_pdf(2), page)


def test_a_page_that_would_be_drawn_for_ever_is_given_up(caplog):
    content = uploads.pdf_that_never_ends()
    assert examine(content).pages == 1
    with pytest.raises(PageNotShown, match="第 1 页无法显示，请下载原件查看"):
        render_page(content, 1, limits=Limits(seconds=1))
    assert "ended by signal" in caplog.text


def test_a_worker_that_does_not_answer_in_time_is_stopped(caplog):
    with pytest.raises(DocumentRefused, match="过于复杂"):
        examine(uploads.blank_pdf(1), limits=Limits(seconds=0))
    assert "stopped after 0 s" in caplog.text


def test_a_picture_too_large_for_the_workers_memory_is_given_up():
    with pytest.raises(PageNotShown, match="无法显示"):
        render_page(uploads.png_bomb(20_000, 20_000), 1)


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("材料.pdf", "材料.pdf"),
        ("材料.PDF", "材料.pdf"),
        ("扫描件.jpg.pdf", "扫描件.pdf"),
        ("材料", "材料.pdf"),
        ("材料 v1.2", "材料 v1.2.pdf"),
        ("材料.exe", "材料.exe.pdf"),
        (r"C:\Users\李雪梅\桌面\合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..", "附件.pdf"),
        ("", "附件.pdf"),
        (".pdf", "附件.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("\u202efdp.exe", "fdp.exe.pdf"),
        ("a\x00b\u200bc\udc80.pdf", "abc.pdf"),
        ('<img src="x">.pdf', "img src= x.pdf"),
        ("cafe\u0301.pdf", "caf\u00e9.pdf"),
    ],
)
def test_a_name_is_made_fit_to_be_shown_and_saved(given, cleaned):
    assert clean_name(given, "pdf") == cleaned


@pytest.mark.parametrize("char", ["a", "长", "𠀀"])
def test_a_name_fits_into_any_file_system(char):
    name = clean_name(char * 1000 + ".png", "png")
    assert name.endswith(f"{char}.png")
    assert 150 < len(name.encode()) < 255


@pytest.mark.parametrize("name", [".pdf" * 60 + "x", ".jpg" * 60 + "x", ".pdf" * 300_000 + "x", "/" * 1_000_000])
@pytest.mark.parametrize("extension", ["pdf", "jpg", "xlsx"])
def test_no_name_takes_long_to_clean(name, extension):
    start = perf_counter()
    clean_name(name, extension)
    assert perf_counter() - start < 2
