"""Copies that leave the desk: what the pages show, and nothing of where, when, by whom or with what they were made."""

import re
from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdfium2 import PdfDocument

from core import documents
from core.documents import DocumentKind, PageNotShown
from core.stripping import MOST_PAGES, NothingToStrip, stripped
from tests import uploads

AUTHOR = b"Zhang Reporter"


def photo_with_place() -> bytes:
    """A photograph turned by a quarter, with its place, its maker, a comment and a profile."""
    out, image = BytesIO(), Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = 6, "Phone of the reporter", "Zhang Reporter"
    exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 53.0, 1.5), 3: "E", 4: (125.0, 19.0, 2.5)})
    image.save(out, "JPEG", exif=exif, comment=AUTHOR, icc_profile=b"profile of Zhang Reporter")
    return out.getvalue()


def named_pdf(pages: int = 1) -> bytes:
    """Each page shows a red half and carries text that nobody sees; author, dates, XMP and an attachment beside."""
    hidden = b"BT /F 12 Tf 3 Tr 20 20 Td (Zhang Reporter) Tj ET 1 0 0 rg 0 0 100 100 re f"
    font = b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    first = 3 + pages
    sheet = uploads.page(size=(200, 100), extra=font + b"/Contents %d 0 R" % first)
    catalogue = uploads.CATALOGUE[:-2] + b"/Metadata %d 0 R>>" % (first + 1)
    return uploads.pdf(
        catalogue,
        uploads.page_tree(pages),
        *[sheet] * pages,
        uploads.stream(hidden),
        uploads.stream(b"<x:xmpmeta>Zhang Reporter</x:xmpmeta>", b"/Type/Metadata/Subtype/XML"),
        b"<</Author(Zhang Reporter)/Producer(Scanner 7)/CreationDate(D:20260101)>>",
        trailer=b"/Info %d 0 R/ID[<00><00>]" % (first + 2),
    )


def texts(content: bytes) -> str:
    with PdfDocument(content) as pdf:
        return "".join(page.get_textpage().get_text_bounded() for page in pdf)


def test_a_photograph_loses_place_maker_comment_and_profile_and_stands_upright() -> None:
    photo = photo_with_place()
    assert AUTHOR in photo
    copy = stripped(photo)
    assert AUTHOR not in copy
    assert b"Exif" not in copy
    assert b"ICC_PROFILE" not in copy
    image = Image.open(BytesIO(copy))
    assert (image.size, dict(image.getexif()), set(image.info)) == (
        (20, 40), {}, {"jfif", "jfif_version", "jfif_unit", "jfif_density"},
    )  # fmt: skip


def test_a_screenshot_is_painted_anew_without_its_texts() -> None:
    out, notes = BytesIO(), PngInfo()
    notes.add_itxt("Author", "Zhang Reporter")
    notes.add_itxt("XML:com.adobe.xmp", "<x>Zhang Reporter</x>")
    Image.new("RGBA", (30, 10), (255, 0, 0, 0)).save(out, "PNG", pnginfo=notes)
    copy = stripped(out.getvalue() + AUTHOR)  # and what was hung on at its end
    assert AUTHOR not in copy
    assert documents.examine(copy).kind is DocumentKind.JPEG
    assert Image.open(BytesIO(copy)).size == (30, 10)


def test_a_pdf_becomes_pictures_of_its_pages_without_author_dates_or_hidden_text() -> None:
    original = named_pdf()
    assert AUTHOR.decode() in texts(original)
    copy = stripped(original)
    assert documents.examine(copy) == documents.Examined(DocumentKind.PDF, 1)
    assert texts(copy) == ""
    assert not re.search(rb"Zhang|Scanner|/Info|/ID|/Metadata|/Author|/Producer|Date|/Font", copy)
    with PdfDocument(copy) as pdf:
        assert pdf[0].get_size() == (200, 100)
        assert pdf.get_metadata_dict(skip_empty=True) == {}
    seen = Image.open(BytesIO(documents.render_page(copy, 1, width=200))).convert("RGB")
    assert seen.getpixel((50, 50))[0] > 240
    assert seen.getpixel((50, 50))[1] < 20
    assert min(seen.getpixel((150, 50))) > 240


def test_only_the_chosen_pages_are_in_the_copy_in_their_order() -> None:
    sizes = [(100 + 10 * number, 100) for number in range(20)]
    whole = uploads.pdf(uploads.CATALOGUE, uploads.page_tree(20), *[uploads.page(size=size) for size in sizes])
    with PdfDocument(stripped(whole, [20, 2, 11, 2])) as pdf:
        assert [page.get_size() for page in pdf] == [sizes[1], sizes[10], sizes[19]]
    with PdfDocument(stripped(whole)) as pdf:
        assert [page.get_size() for page in pdf] == sizes


def test_what_acts_or_is_attached_does_not_go_along() -> None:
    copy = stripped(uploads.pdf_that_acts())
    assert not re.search(rb"JavaScript|Launch|EmbeddedFile|OpenAction", copy)


@pytest.mark.parametrize("pages", [[], [0], [3], [-1], range(1, MOST_PAGES + 2)])
def test_pages_that_are_not_there_or_too_many_are_refused(pages: list[int]) -> None:
    with pytest.raises((NothingToStrip, PageNotShown)):
        stripped(uploads.blank_pdf(2), pages)


def test_a_picture_has_one_page() -> None:
    with pytest.raises(NothingToStrip):
        stripped(uploads.picture((5, 5), "PNG"), [2])


def test_the_same_pages_give_the_same_bytes() -> None:
    assert stripped(named_pdf()) == stripped(named_pdf())
