"""The worker that opens strangers' files: run as a program of its own by `core.documents`, one process a call.

PDFium and the picture codecs are native code. Here they can crash, hang or swell without harm to the server: limits on
processor time and memory are set before the first byte is read, and the environment (with its secrets) is not
inherited. Nothing in a file is ever run: PDFium comes without a script engine, and no action is ever triggered.

    rendering.py examine KIND SECONDS MAX_PAGES MAX_PIXELS  < file  > number of pages
    rendering.py render  KIND SECONDS PAGE WIDTH            < file  > JPEG
    rendering.py sheets  pdf  SECONDS PAGE WIDTH            < file  > pages from PAGE on, each behind its FRAME

KIND is pdf, or what Pillow calls a format. Pages count from 1.

Exit status 0: done; FAULT: stdout names a `Fault`; anything else: it crashed or was stopped.
"""

import resource
import struct
import sys
import traceback
from enum import StrEnum
from io import BytesIO
from math import sqrt
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument

FAULT = 3
MEMORY_BYTES = 1024**3
MAX_RENDERED_PIXELS = 16_000_000  # a strip of 1240 x 12900: long screenshots stay readable
LONGEST_SIDE = 65_500  # the most a JPEG can have
ORIENTATION = 0x0112
QUARTER_TURNED = (5, 6, 7, 8)
SHEETS = 8  # rendered by one call
FRAME = struct.Struct(">ddIII")  # paper in points, picture in pixels, bytes


class Fault(StrEnum):
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    NO_SUCH_PAGE = "no_such_page"
    TOO_COMPLEX = "too_complex"


class Faulty(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def count_pdf_pages(content: bytes, *, max_pages: int) -> int:
    with _opened_pdf(content) as pdf:
        pages = len(pdf)
        if pages > max_pages:
            raise Faulty(Fault.TOO_MANY_PAGES)
        # the count is only what the file says of itself: each page must be there, and one at least
        if not pages or not all(min(pdf.get_page_size(index)) > 0 for index in range(pages)):
            raise Faulty(Fault.DAMAGED)
        return pages


def check_image(content: bytes, kind: str, *, max_pixels: int) -> int:
    image = _opened_image(content, kind)
    if image.width * image.height > max_pixels:
        raise Faulty(Fault.TOO_MANY_PIXELS)
    image.draft(None, (1, 1))  # a JPEG is read to its end but unpacked small
    image.load()
    return 1


def render_pdf(content: bytes, *, page: int, width: int) -> bytes:
    with _opened_pdf(content) as pdf:
        pdf.init_forms()  # before anything else: or what was filled in, and electronic seals, would be missing
        if not 1 <= page <= len(pdf):
            raise Faulty(Fault.NO_SUCH_PAGE)
        sheet = pdf[page - 1]
        scale = _bounded(width / sheet.get_width(), sheet.get_size())
        return _encoded(sheet.render(scale=scale).to_pil())


def render_sheets(content: bytes, *, page: int, width: int) -> bytes:
    """Some pages from one on, each as a picture with the size of its paper: what a copy without anything else needs."""
    out = BytesIO()
    with _opened_pdf(content) as pdf:
        pdf.init_forms()
        if not 1 <= page <= len(pdf):
            raise Faulty(Fault.NO_SUCH_PAGE)
        for index in range(page - 1, min(page - 1 + SHEETS, len(pdf))):
            sheet = pdf[index]
            picture = sheet.render(scale=_bounded(width / sheet.get_width(), sheet.get_size())).to_pil().convert("RGB")
            jpeg = _encoded(picture)
            out.write(FRAME.pack(*sheet.get_size(), *picture.size, len(jpeg)))
            out.write(jpeg)
    return out.getvalue()


def render_image(content: bytes, kind: str, *, page: int, width: int) -> bytes:
    from PIL import ImageOps
    from PIL.Image import Resampling

    if page != 1:
        raise Faulty(Fault.NO_SUCH_PAGE)
    image = _opened_image(content, kind)
    orientation = image.getexif().get(ORIENTATION)
    shown_width = image.height if orientation in QUARTER_TURNED else image.width
    scale = _bounded(min(1.0, width / shown_width), image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    image.draft(None, size)
    small = _on_white(image).resize(size, Resampling.LANCZOS, reducing_gap=3.0)
    small.getexif()[ORIENTATION] = orientation
    return _encoded(ImageOps.exif_transpose(small))


def _opened_pdf(content: bytes) -> "PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        return PdfDocument(content)
    except PdfiumError as error:
        locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Faulty(Fault.ENCRYPTED if locked else Fault.DAMAGED) from error


def _opened_image(content: bytes, kind: str) -> "Image":
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # our own limit stands in check_image
    return Image.open(BytesIO(content), formats=[kind])


def _bounded(scale: float, size: tuple[float, float]) -> float:
    """The scale, smaller where the picture would become too large."""
    return min(scale, sqrt(MAX_RENDERED_PIXELS / (size[0] * size[1])), LONGEST_SIDE / max(size))


def _on_white(image: "Image") -> "Image":
    from PIL import Image

    if image.mode == "I;16":
        return image.convert("I").point([value >> 8 for value in range(65536)], "L")
    if not image.has_transparency_data:
        return image if image.mode == "L" else image.convert("RGB")
    picture = image.convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return paper.convert("RGB")


def _encoded(image: "Image") -> bytes:
    """Pixels only: no metadata, profile or thumbnail of the original goes along.

    Always JPEG: even pages of plain text came out smaller than as PNG, and were written ten times faster.
    """
    image.info.clear()
    out = BytesIO()
    image.save(out, "JPEG", quality=85, subsampling=0)  # full colour: red seals over black text stay crisp
    return out.getvalue()


def _limit_self(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for none_at_all in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        resource.setrlimit(none_at_all, (0, 0))


def _answer(action: str, kind: str, first: int, second: int, content: bytes) -> bytes:
    match action, kind:
        case "examine", "pdf":
            return str(count_pdf_pages(content, max_pages=first)).encode()
        case "examine", _:
            return str(check_image(content, kind, max_pixels=second)).encode()
        case "render", "pdf":
            return render_pdf(content, page=first, width=second)
        case "sheets", "pdf":
            return render_sheets(content, page=first, width=second)
        case _:
            return render_image(content, kind, page=first, width=second)


def main(action: str, kind: str, seconds: str, first: str, second: str) -> NoReturn:
    _limit_self(int(seconds))
    content = sys.stdin.buffer.read()
    try:
        sys.stdout.buffer.write(_answer(action, kind, int(first), int(second), content))
    except Faulty as faulty:
        _report(faulty.fault)
    except MemoryError:
        _report(Fault.TOO_COMPLEX)
    except ImportError:
        raise  # the installation is at fault, not the file
    except Exception:  # the codecs raise whatever broken input leads them to
        traceback.print_exc()
        _report(Fault.DAMAGED)
    sys.exit(0)


def _report(fault: Fault) -> NoReturn:
    sys.stdout.write(fault)
    sys.exit(FAULT)


if __name__ == "__main__":
    main(*sys.argv[1:])
