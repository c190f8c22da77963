"""Copies of evidence that may leave the desk: what is seen on the pages, and nothing else of the file.

A picture is painted anew, a PDF becomes one of pictures of its pages. So no author, place, date, program, comment,
thumbnail, layer, attachment or hidden text goes along. What is visible on the page stays: that an officer must judge.
"""

from collections.abc import Collection, Sequence

from core import documents
from core.documents import DocumentKind, Sheet
from core.errors import DomainError

MOST_PAGES = 60
WIDTH = 1654  # pixels of a page: an A4 sheet at 200 to the inch
WIDEST = 65_500  # a picture stays as large as it is, as far as the worker can


class NothingToStrip(DomainError):
    """No such page, too many of them, or a format that can't be painted."""


def stripped(content: bytes, pages: Collection[int] | None = None) -> bytes:
    """The chosen pages (counted from 1; None: all) as a PDF of pictures; of a JPEG or PNG a JPEG painted anew.

    `content` is what examine() accepted. Raises NothingToStrip, PageNotShown.
    """
    kind = documents.kind_of(content)
    if kind is None:
        raise NothingToStrip("这种格式不能制作遮去信息的副本，请打印为 PDF 后重新上传。", field="pages")
    if kind is not DocumentKind.PDF:
        if pages is not None and set(pages) != {1}:
            raise NothingToStrip("图片只有一页，请选择第 1 页。", field="pages")
        return documents.render_page(content, 1, width=WIDEST)
    chosen = sorted(set(pages)) if pages is not None else list(range(1, documents.examine(content).pages + 1))
    if not chosen:
        raise NothingToStrip("请至少选择一页。", field="pages")
    if len(chosen) > MOST_PAGES:
        raise NothingToStrip(f"一份副本最多 {MOST_PAGES} 页，选了 {len(chosen)} 页，请分成几份。", field="pages")
    return _bound(_sheets(content, chosen))


def _sheets(content: bytes, chosen: Sequence[int]) -> list[Sheet]:
    """The chosen pages, a call of the worker for those that lie together."""
    found: dict[int, Sheet] = {}
    for page in chosen:
        if page not in found:
            rendered = documents.render_sheets(content, page, width=WIDTH)
            found |= dict(enumerate(rendered, start=page))
    return [found[page] for page in chosen]


def _bound(sheets: Sequence[Sheet]) -> bytes:
    """A PDF with a picture a page and no information dictionary, identifier or date: the same bytes each time."""
    kids = b" ".join(b"%d 0 R" % (3 + 3 * index) for index in range(len(sheets)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(sheets), kids),
    ]
    for index, sheet in enumerate(sheets):
        page, (width, height) = 3 + 3 * index, sheet.paper
        painted = b"q %.2f 0 0 %.2f 0 0 cm /P Do Q" % (width, height)
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]/Resources<</XObject<</P %d 0 R>>>>/Contents %d 0 R>>"
            % (width, height, page + 2, page + 1),
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(painted), painted),
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8"
            b"/Filter/DCTDecode/Length %d>>\nstream\n%s\nendstream" % (*sheet.pixels, len(sheet.jpeg), sheet.jpeg),
        ]
    out, offsets = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)
