"""Uploads judged by their content, never by their name, and pictures of their pages for people to look at.

A PDF with JavaScript, embedded files or launch actions is accepted: nothing in it is ever run, officers see pictures of
its pages, and the file itself only leaves as an attachment. So is one that opens without a password though its owner
restricted copying (sealed official documents often do). Whatever native code has to touch happens in
`core.rendering`, a process of its own for each call.
"""

import logging
import re
import subprocess
import sys
import threading
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core import rendering
from core.errors import DomainError
from core.rendering import Fault

log = logging.getLogger(__name__)

WORKER = Path(rendering.__file__).resolve()
TAIL_BYTES = 1024  # how far from its end a PDF may have its end mark
# control, formatting (bidirectional marks are such), surrogates, private, unassigned, line and paragraph separators
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
LONGEST_NAME = 200  # bytes: file systems take 255
WAITING = 3  # a worker may take this many times its processor seconds on a busy machine

# each may take a gigabyte, so only so many at once in this process; others wait their turn
_places = threading.BoundedSemaphore(2)


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class DocumentKind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    DOCX = "docx"  # of agreements alone: its text is shown, never a picture of it

    @property
    def extension(self) -> str:
        return "jpg" if self is DocumentKind.JPEG else self.value

    @property
    def media_type(self) -> str:
        if self is DocumentKind.DOCX:
            return WORD
        return "application/pdf" if self is DocumentKind.PDF else f"image/{self.value}"

    @property
    def has_pictures(self) -> bool:
        """Whether its pages can be rendered as pictures."""
        return self is not DocumentKind.DOCX


@dataclass(frozen=True, slots=True)
class Limits:
    bytes: int = 20 * 1024 * 1024
    pages: int = 300
    pixels: int = 60_000_000
    seconds: int = 15  # of processor time, for one call of the worker


@dataclass(frozen=True, slots=True)
class Examined:
    kind: DocumentKind
    pages: int

    @property
    def suggested_extension(self) -> str:
        return self.kind.extension


class DocumentRefused(DomainError):
    """What was uploaded can't be taken as a material."""


class PageNotShown(DomainError):
    """The file is kept, but this page of it can't be made into a picture."""


def kind_of(content: bytes) -> DocumentKind | None:
    """By the first bytes alone: they must be the format's own, with nothing before them."""
    if content.startswith(b"%PDF-"):
        return DocumentKind.PDF
    if content.startswith(b"\xff\xd8\xff"):
        return DocumentKind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return DocumentKind.PNG
    return None


def examine(content: bytes, *, limits: Limits = Limits()) -> Examined:
    """Whether this is a whole, readable PDF, JPEG or PNG within the limits. Raises DocumentRefused."""
    if not content:
        raise DocumentRefused("这个文件是空的，请重新选择要上传的文件。")
    if len(content) > limits.bytes:
        raise DocumentRefused(
            f"这个文件有 {len(content) / 1024**2:.1f} MB，超过 {limits.bytes / 1024**2:.0f} MB 的上限，"
            "请压缩图片或分成几个文件后上传。"
        )
    kind = kind_of(content)
    if kind is None:
        raise DocumentRefused(_taken_for(content))
    # readers rebuild a PDF that was cut off, and silently lose its last pages
    if kind is DocumentKind.PDF and b"%%EOF" not in content.rstrip(b"\0 \t\r\n")[-TAIL_BYTES:]:
        raise DocumentRefused(_sentence(Fault.DAMAGED, limits))
    try:
        pages = int(_work("examine", kind, limits.pages, limits.pixels, content, limits.seconds))
    except rendering.Faulty as faulty:
        raise DocumentRefused(_sentence(faulty.fault, limits)) from faulty
    return Examined(kind, pages)


def render_page(content: bytes, page: int, *, width: int = 1240, limits: Limits = Limits()) -> bytes:
    """A page, counted from 1, as a JPEG without metadata, `width` pixels wide.

    Photographs are turned upright and only ever made smaller; what is very long becomes narrower than `width`.
    Raises PageNotShown.
    """
    kind = kind_of(content)
    if kind is None:
        raise ValueError("only what examine() accepted can be rendered")
    try:
        return _work("render", kind, page, width, content, limits.seconds)
    except rendering.Faulty as faulty:
        if faulty.fault is Fault.NO_SUCH_PAGE:
            raise PageNotShown(f"这个文件没有第 {page} 页。") from faulty
        raise PageNotShown(f"第 {page} 页无法显示，请下载原件查看。") from faulty


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as a picture: its paper in points, its size in pixels."""

    paper: tuple[float, float]
    pixels: tuple[int, int]
    jpeg: bytes


def render_sheets(content: bytes, first: int, *, width: int = 1240, limits: Limits = Limits()) -> list[Sheet]:
    """Pages of a PDF from `first` on, `rendering.SHEETS` at most. Raises PageNotShown."""
    try:
        packed = _work("sheets", DocumentKind.PDF, first, width, content, limits.seconds)
    except rendering.Faulty as faulty:
        raise PageNotShown(f"第 {first} 页起无法显示，请下载原件查看。") from faulty
    sheets, at = [], 0
    while at < len(packed):
        paper_width, paper_height, pixel_width, pixel_height, size = rendering.FRAME.unpack_from(packed, at)
        at += rendering.FRAME.size
        sheets.append(Sheet((paper_width, paper_height), (pixel_width, pixel_height), packed[at : at + size]))
        at += size
    return sheets


def clean_name(name: str, extension: str) -> str:
    """The name a user gave a file, fit to be shown and to be saved under: a bare name with the right extension."""
    stem = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1][: 2 * LONGEST_NAME]
    stem = "".join(char for char in stem if unicodedata.category(char) not in INVISIBLE)
    stem = re.sub(r'[<>:"|?*\s]+', " ", stem)
    # each extension once: two ways to read one and the same would be tried in all their combinations
    extensions = "|".join({extension, "pdf", "jpg", "jpeg", "png"})
    stem = re.sub(rf"(\.({extensions}))+$", "", stem.strip(), flags=re.IGNORECASE).strip(" .")
    stem = stem.encode()[:LONGEST_NAME].decode(errors="ignore").strip(" .")
    return f"{stem or '附件'}.{extension}"


def bare_name(title: str, extension: str) -> str:
    """A title fit to be saved under, without its ending."""
    return clean_name(title, extension).removesuffix(f".{extension}")


def _work(action: str, kind: DocumentKind, first: int, second: int, content: bytes, seconds: int) -> bytes:
    """One call of the worker. Raises Faulty."""
    pillow_name = kind if kind is DocumentKind.PDF else kind.upper()
    arguments = [action, pillow_name, str(seconds), str(first), str(second)]
    with _places:
        try:
            done = subprocess.run(  # noqa: S603 - our own program; what it is told are our words and numbers
                [sys.executable, "-I", WORKER, *arguments],
                input=content, capture_output=True, timeout=seconds * WAITING, env={}, cwd="/", check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired as error:
            log.warning("worker stopped after %s s: %s %s", seconds * WAITING, action, kind)
            raise rendering.Faulty(Fault.TOO_COMPLEX) from error
    if done.returncode == rendering.FAULT:
        raise rendering.Faulty(Fault(done.stdout.decode()))
    if done.returncode < 0:  # by a signal: it crashed or met one of its limits
        log.warning("worker ended by signal %s: %s %s", -done.returncode, action, kind)
        raise rendering.Faulty(Fault.TOO_COMPLEX)
    if done.returncode:
        raise RuntimeError(f"the rendering worker does not run here: {done.stderr.decode(errors='replace')}")
    return done.stdout


def _sentence(fault: Fault, limits: Limits) -> str:
    return {
        Fault.DAMAGED: "这个文件已损坏或不完整，无法打开，请重新另存为 PDF 后上传。",
        Fault.ENCRYPTED: "这个 PDF 设有打开密码，请取消密码保护后重新上传。",
        Fault.TOO_MANY_PAGES: f"这个 PDF 超过 {limits.pages} 页的上限，请分成几个文件后上传。",
        Fault.TOO_MANY_PIXELS: f"这张图片超过 {limits.pixels // 10_000} 万像素的上限，请缩小后上传。",
        Fault.TOO_COMPLEX: "这个文件内容过于复杂或已损坏，无法读取，请重新打印为 PDF 后上传。",
    }[fault]


TO_PDF = "请另存为 PDF 后上传。"
TO_PICTURE = "请另存为 JPEG、PNG 图片或 PDF 后上传。"
UNPACKED = "请解压后把其中的材料另存为 PDF，逐个上传。"
ONLY_THESE = "请上传 PDF 文件，或 JPEG、PNG 图片。"

# how a file begins: what it is, what to do
SIGNATURES = (
    (b"Rar!\x1a\x07", "RAR 压缩包", UNPACKED),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", UNPACKED),
    (b"\x1f\x8b", "GZIP 压缩包", UNPACKED),
    (b"MZ", "Windows 程序", ONLY_THESE),
    (b"\x7fELF", "程序", ONLY_THESE),
    (b"#!", "程序", ONLY_THESE),
    (b"II*\0", "TIFF 图片", TO_PICTURE),
    (b"MM\0*", "TIFF 图片", TO_PICTURE),
    (b"GIF8", "GIF 图片", TO_PICTURE),
    (b"BM", "BMP 图片", TO_PICTURE),
    (b"{\\rtf", "RTF 文档", TO_PDF),
)
# what the members of a ZIP are called: these formats are ZIP files with agreed members
ZIP_MEMBERS = (
    (b"word/document", "Word 文档（docx）", TO_PDF),
    (b"xl/workbook", "Excel 表格（xlsx）", TO_PDF),
    (b"ppt/presentation", "PowerPoint 演示文稿（pptx）", TO_PDF),
    (b"OFD.xml", "OFD 版式文件", TO_PDF),
)
# streams of the older Office container
OLE_STREAMS = (
    ("EncryptedPackage", "加密的 Office 文件", "请取消密码并另存为 PDF 后上传。"),
    ("WordDocument", "旧版 Word 或 WPS 文字文档", TO_PDF),
    ("Workbook", "旧版 Excel 或 WPS 表格", TO_PDF),
)
HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script")


def _taken_for(content: bytes) -> str:
    what, advice = _recognised(content) or ("", ONLY_THESE)
    if not what:
        return f"无法识别这个文件的格式，{advice}"
    return f"这个文件的内容是“{what}”，不能作为材料上传，{advice}"


def recognised_as(content: bytes) -> str | None:
    """What a file that is no material is, by its content."""
    found = _recognised(content)
    return found[0] if found else None


def _recognised(content: bytes) -> tuple[str, str] | None:
    start = content[:TAIL_BYTES]
    if b"%PDF-" in start:
        return "PDF，但开头混入了别的内容", "请重新另存为 PDF 后上传。"
    if start.startswith(b"PK\x03\x04"):
        return next((found[1:] for found in ZIP_MEMBERS if found[0] in content), ("ZIP 压缩包", UNPACKED))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        named = (found[1:] for found in OLE_STREAMS if found[0].encode("utf-16-le") in content)
        return next(named, ("旧版 Office 或 WPS 文件", TO_PDF))
    if start[4:8] == b"ftyp":
        return _in_iso_container(start[8:12])
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "WebP 图片", TO_PICTURE
    signed = (found[1:] for found in SIGNATURES if start.startswith(found[0]))
    return next(signed, None) or _in_text(start)


def _in_iso_container(brand: bytes) -> tuple[str, str]:
    if brand in (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"):
        return "HEIC 图片（苹果手机照片）", TO_PICTURE
    if brand in (b"avif", b"avis"):
        return "AVIF 图片", TO_PICTURE
    return "视频", ONLY_THESE


def _in_text(start: bytes) -> tuple[str, str] | None:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(HTML_STARTS) or (text.startswith(b"<?xml") and b"<html" in text):
        return "网页（HTML）", TO_PDF
    if text.startswith((b"<?xml", b"<svg")):
        return "SVG 图片" if b"<svg" in text else "XML 文件", TO_PDF
    return ("纯文本", TO_PDF) if min(start) >= ord("\t") else None
