"""Agreements read: .docx, .pdf and pictures of pages, with their clauses and where each stands.

Whatever a stranger's file could do to a program that opens it happens in `evaluations.reading.worker`, a process of
its own for each file, bounded in time and memory.
"""

import json
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from core.documents import recognised_as
from core.errors import DomainError
from evaluations.reading import worker
from evaluations.reading.faults import Fault, Faulty

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from evaluations.reading.worker import main; main(*sys.argv[1:])"
)
SIGN_OF_LIFE = 30  # seconds
WAITING = 3  # a worker may take this many times its processor seconds on a busy machine

# each may take much memory, so only so many at once in this process; others wait their turn. Recognition takes minutes,
# and who only reads text does not wait for it
_places = {recognise: threading.BoundedSemaphore(2) for recognise in (False, True)}


@dataclass(frozen=True, slots=True)
class Limits:
    bytes: int = 20 * 1024 * 1024
    pages: int = 300
    scans: int = 100
    seconds: int = 30  # of processor time, without recognition
    seconds_a_scan: int = 15
    megabytes: int = 768
    megabytes_recognising: int = 3072


@dataclass(frozen=True, slots=True)
class Piece:
    """`length` characters of a page from `start` on, and where in the clause they stand."""

    page: int | None
    start: int
    length: int
    at: int


@dataclass(frozen=True, slots=True)
class Clause:
    """`start` and `end` count in the text of the page that it begins on, and on over that page's end."""

    text: str
    page: int | None  # from 1; None in a document without pages
    start: int
    end: int
    number: str = ""  # 第三条, 3.1
    lead: str = ""  # what the list it stands in opens with: 有下列情形之一的，乙方退还全部费用：
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    pages: tuple[str, ...]  # a .docx has one
    clauses: tuple[Clause, ...]
    paged: bool = True
    recognised: tuple[int, ...] = ()  # pages read by recognition of characters
    unread: tuple[int, ...] = ()  # pages that are pictures nobody read; a .docx with large ones is page 1


class AgreementRefused(DomainError):
    """What was given can't be read as an agreement."""


Tell = Callable[[int, int], None]  # pages read, of how many; 0 of 0 while others are read first


def _silent(done: int, of: int) -> None:
    """Nobody waits."""


def read_agreement(content: bytes, *, name: str, limits: Limits = Limits(), tell: Tell = _silent) -> Agreement:
    """`tell` hears after each page how far it is; what it raises ends the reading.

    Raises AgreementRefused, with one sentence that says what to do.
    """
    kind = kind_of(content, name=name, limits=limits)
    try:
        read = _work(kind, content, limits, recognise=False, tell=tell)
        if read["unread"] and read["paged"] and can_recognise():
            read = _work(kind, content, limits, recognise=True, scans=len(read["unread"]), tell=tell)
    except Faulty as faulty:
        if faulty.fault is not Fault.NO_OCR or not can_recognise():
            raise AgreementRefused(_sentence(faulty.fault, limits)) from faulty
        try:
            read = _work(kind, content, limits, recognise=True, scans=limits.scans, tell=tell)
        except Faulty as again:
            raise AgreementRefused(_sentence(again.fault, limits)) from again
    return _agreement(read)


@cache
def can_recognise() -> bool:
    """Whether the `ocr` extra is installed."""
    return all(find_spec(package) for package in ("rapidocr", "onnxruntime"))


def _agreement(read: dict[str, Any]) -> Agreement:
    paged = read["paged"]
    return Agreement(
        pages=tuple(read["pages"]),
        clauses=tuple(_clause(each, paged) for each in read["clauses"]),
        paged=paged,
        recognised=tuple(page + 1 for page in read["recognised"]),
        unread=tuple(page + 1 for page in read["unread"]),
    )


def _clause(told: dict[str, Any], paged: bool) -> Clause:
    pieces, at = [], 0
    for run in told["runs"]:
        if run is None:  # a blank between two cells stands nowhere
            at += 1
            continue
        page, start, length = run
        pieces.append(Piece(page + 1 if paged else None, start, length, at))
        at += length
    return Clause(
        text=told["text"],
        page=told["page"] + 1 if paged else None,
        start=told["start"],
        end=told["end"],
        number=told["number"],
        lead=told["lead"],
        pieces=tuple(pieces),
    )


def kind_of(content: bytes, *, name: str, limits: Limits = Limits()) -> str:
    """docx, pdf, JPEG or PNG. By the content, never by the name. Raises AgreementRefused."""
    if not content.strip(b"\0 \t\r\n"):
        raise AgreementRefused("这个文件是空的，请重新选择协议文件。")
    if len(content) > limits.bytes:
        raise AgreementRefused(
            f"这个文件有 {len(content) / 1024**2:.1f} MB，"
            f"超过 {limits.bytes / 1024**2:.0f} MB 的上限，请压缩图片或分成几个文件。"
        )
    for start, kind in ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG")):
        if content.startswith(start):
            return kind
    if content.startswith(b"PK\x03\x04") and b"word/" in content:
        return "docx"
    raise AgreementRefused(_taken_for(content, name))


def _taken_for(content: bytes, name: str) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "这个文件设有打开密码，请取消密码保护后重新保存，再上传。"
        return "这是旧版 Word 或 WPS 文件（.doc、.wps），请用 Word 或 WPS 打开，另存为 .docx 后再上传。"
    what = recognised_as(content)
    ending = re.search(r"\.(docx?|wps|pdf|jpe?g|png)$", name, re.IGNORECASE)
    if ending and ending[1].lower() in ("docx", "pdf") and (what is None or what == "ZIP 压缩包"):
        return f"这个文件的名称是 .{ending[1].lower()}，内容却不是，或者文件已损坏，请重新另存后上传。"
    told = f"这个文件的内容是“{what}”" if what else "无法识别这个文件的格式"
    return f"{told}，不能作为协议读取，请上传 .docx、PDF，或 JPEG、PNG 图片。"


def _work(kind: str, content: bytes, limits: Limits, *, recognise: bool, tell: Tell, scans: int = 0) -> dict[str, Any]:
    """One call of the worker. Raises Faulty, and what `tell` raises."""
    seconds = limits.seconds + limits.seconds_a_scan * scans
    megabytes = limits.megabytes_recognising if recognise else limits.megabytes
    arguments = [kind, seconds, megabytes, limits.pages, limits.scans, "recognise" if recognise else "text"]
    with _place(recognise, tell):
        status, answer, errors = _called([str(each) for each in arguments], content, seconds * WAITING, tell)
    if status == worker.FAULT:
        raise Faulty(Fault(answer.decode()))
    if status < 0:  # by a signal: it crashed, met one of its limits, or was stopped here
        log.warning("reading ended by signal %s: %s", -status, kind)
        raise Faulty(Fault.TOO_COMPLEX)
    if status:
        raise RuntimeError(f"the reading worker does not run here: {errors}")
    read: dict[str, Any] = json.loads(answer)
    return read


@contextmanager
def _place(recognise: bool, tell: Tell) -> Iterator[None]:
    """One of the places, as soon as one is free; who waits is told now and then that no page is read yet."""
    while not _places[recognise].acquire(timeout=SIGN_OF_LIFE):
        tell(0, 0)
    try:
        yield
    finally:
        _places[recognise].release()


def _called(arguments: list[str], content: bytes, seconds: int, tell: Tell) -> tuple[int, bytes, str]:
    """Exit status, last line and complaints of the worker, which is stopped after so many seconds."""
    with _started(arguments, seconds) as (process, complaints):
        with suppress(BrokenPipeError):  # it ended before it read: its status says why
            process.stdin.write(content)
            process.stdin.close()
        answer = b""
        for line in process.stdout:
            if line.startswith(worker.PAGES.encode()):
                _, done, of = line.split()
                tell(int(done), int(of))
            else:
                answer = line
        status = process.wait()
    return status, answer, b"".join(complaints).decode(errors="replace")


@contextmanager
def _started(arguments: list[str], seconds: int) -> Iterator[tuple[Any, list[bytes]]]:
    """The worker's process and the lines it complains with; it does not outlive this, whatever happens."""
    process = subprocess.Popen(  # noqa: S603 - our own program; what it is told are our words and numbers
        [sys.executable, "-I", "-c", START, str(ROOT), *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ONE_THREAD, cwd="/",
    )  # fmt: skip
    complaints: list[bytes] = []
    listening = threading.Thread(target=lambda: complaints.extend(process.stderr or ()), daemon=True)
    stopping = threading.Timer(seconds, process.kill)
    stopping.daemon = True
    listening.start()
    stopping.start()
    try:
        yield process, complaints
    finally:
        stopping.cancel()
        process.kill()  # nothing where it has ended
        process.wait()
        listening.join()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()


# libraries of arithmetic start a thread for every core unless told otherwise, and the worker may start none
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _sentence(fault: Fault, limits: Limits) -> str:
    return {
        Fault.DAMAGED: "这个文件已损坏或不完整，无法打开，请重新另存后上传。",
        Fault.ENCRYPTED: "这个文件设有打开密码，请取消密码保护后重新保存，再上传。",
        Fault.NO_TEXT: "这个文件里没有文字，请确认选择的是协议文本。",
        Fault.NO_OCR: "这个文件是扫描件或图片，本系统没有安装文字识别组件（ocr），请上传 .docx 或带文字的 PDF，"
        "或请管理员安装该组件。",
        Fault.TOO_MANY_PAGES: f"这个 PDF 超过 {limits.pages} 页的上限，请只保留协议部分，或分成几个文件。",
        Fault.TOO_MANY_SCANS: f"这个 PDF 的扫描页超过 {limits.scans} 页的上限，请分成几个文件，或上传带文字的 PDF。",
        Fault.TOO_MANY_PIXELS: "这张图片超过 6000 万像素的上限，请缩小后上传。",
        Fault.TOO_MUCH_TEXT: "这个文件的文字过多，不像一份协议，请只保留协议部分。",
        Fault.UNPACKS_TOO_LARGE: "这个文件解压后过大，不像一份协议，无法读取，请重新另存为 .docx 后上传。",
        Fault.OUTSIDE_REFERENCES: "这个文件的内部结构含有不允许的引用，无法读取，"
        "请用 Word 或 WPS 重新另存为 .docx 后上传。",
        Fault.TOO_COMPLEX: "这个文件内容过于复杂或已损坏，无法读取，请重新另存为 .docx 或 PDF 后上传。",
    }[fault]
