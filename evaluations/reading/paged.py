"""PDFs and pictures: page by page the text layer where there is one, else characters recognised from the picture."""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

from evaluations.reading import recognition
from evaluations.reading.faults import Fault, Faulty
from evaluations.reading.layout import arranged
from evaluations.reading.lines import Reading, Sheet
from evaluations.reading.printed import Laid, laid, opened

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfPage

MAX_PIXELS = 60_000_000
SCAN_PIXELS = 4_200_000  # a page of A4 at 200 dots an inch has 3.9 million: more only takes longer
DOTS = 200 / 72
FEW_CHARACTERS = 15  # a stamp or a page number over a picture is no text layer
A_PICTURE = 0.25  # of the page: smaller ones are seals and logos
HEADER_AND_FOOTER = 80  # characters: so many may stand beside a scan that takes most of the page
MOST_OF_IT = 0.5


Tell = Callable[[int, int], None]  # pages done, of how many


def read(kind: str, content: bytes, *, max_pages: int, max_scans: int, recognise: bool, tell: Tell) -> Reading:
    if kind == "pdf":
        return _read_pdf(content, max_pages, max_scans, recognise, tell)
    if not recognise:
        raise Faulty(Fault.NO_OCR)
    sheet = Sheet(0)
    passages = arranged([(sheet, recognition.recognised(_opened_image(content, kind)))])
    return Reading([sheet], passages, paged=True, recognised=[0])


def _read_pdf(content: bytes, max_pages: int, max_scans: int, recognise: bool, tell: Tell) -> Reading:
    reading = Reading([], [], paged=True)
    pages: list[tuple[Sheet, Laid]] = []
    with opened(content) as pdf:
        if len(pdf) > max_pages:
            raise Faulty(Fault.TOO_MANY_PAGES)
        if not len(pdf):
            raise Faulty(Fault.DAMAGED)
        for index in range(len(pdf)):
            page = pdf[index]
            found = laid(page)
            if _is_scan(page, found):
                (reading.recognised if recognise else reading.unread).append(index)
                if len(reading.recognised) + len(reading.unread) > max_scans:
                    raise Faulty(Fault.TOO_MANY_SCANS)
                if recognise:
                    found = recognition.recognised(_picture(page))
            page.close()
            sheet = Sheet(index)
            reading.sheets.append(sheet)
            pages.append((sheet, found))
            tell(index + 1, len(pdf))
    reading.passages = arranged(pages)
    return reading


def _is_scan(page: "PdfPage", found: Laid) -> bool:
    from pypdfium2 import raw

    characters = sum(len(each.text) for each in found.stretches)
    if characters >= HEADER_AND_FOOTER:
        return False
    share, kinds = MOST_OF_IT, [raw.FPDF_PAGEOBJ_IMAGE]
    if characters < FEW_CHARACTERS:
        share, kinds = A_PICTURE, [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH]
    whole = page.get_width() * page.get_height()
    for picture in page.get_objects(filter=kinds, max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) > share * whole:
            return True
    return False


def _picture(page: "PdfPage") -> "Image":
    width, height = page.get_size()
    scale = min(DOTS, (SCAN_PIXELS / (width * height)) ** 0.5)
    picture: Image = page.render(scale=scale).to_pil()
    return picture


def _opened_image(content: bytes, kind: str) -> "Image":
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit stands below
    image = Image.open(BytesIO(content), formats=[kind])
    if image.width * image.height > MAX_PIXELS:
        raise Faulty(Fault.TOO_MANY_PIXELS)
    scale = min(1.0, (SCAN_PIXELS / (image.width * image.height)) ** 0.5)
    image.draft("RGB", (round(image.width * scale), round(image.height * scale)))
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        paper = Image.new("RGBA", upright.size, "white")
        paper.alpha_composite(upright)
        upright = paper
    scale = min(1.0, (SCAN_PIXELS / (upright.width * upright.height)) ** 0.5)
    return upright.convert("RGB").resize((max(1, round(upright.width * scale)), max(1, round(upright.height * scale))))
