"""Sheets that stand for proofs in the demonstration: one-page PDFs that say what they stand for; and agreements."""

from collections.abc import Sequence
from io import BytesIO

from docx import Document

HEIGHT = 842
ACROSS = 34  # characters of a line
# A font that every PDF reader replaces by one of its machine's: the sheets stay small and need no font of ours.
_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
    b"/Supplement 2>>/FontDescriptor 7 0 R/DW 1000>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
    b"/Descent -120/CapHeight 880/StemV 93>>",
)


def sheet(title: str, lines: tuple[str, ...]) -> bytes:
    """A page with a frame, a title, some lines, and the remark that it is invented."""
    return _sheet([_text(title, 72, HEIGHT - 130, 24), *_lines(lines, HEIGHT - 190, 30)])


def printed_agreement(title: str, clauses: Sequence[str]) -> bytes:
    """An agreement as a PDF with a text layer: its clauses run over the lines as a printer breaks them."""
    lines = [clause[at : at + ACROSS] for clause in clauses for at in range(0, len(clause), ACROSS)]
    return _sheet([_text(title, 72, HEIGHT - 130, 22), *_lines(lines, HEIGHT - 170, 20)])


def typed_agreement(title: str, clauses: Sequence[str]) -> bytes:
    """An agreement as a .docx."""
    document = Document()
    document.add_heading(title, level=1)
    for clause in clauses:
        document.add_paragraph(clause)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def unlettered_sheet() -> bytes:
    """An empty page, as a scan that went wrong: nobody can read it."""
    return _document(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )


def _lines(lines: Sequence[str], top: int, step: int) -> list[bytes]:
    return [_text(line, 72, top - step * number, 13) for number, line in enumerate(lines)]


def _sheet(drawn: list[bytes]) -> bytes:
    return _page([*drawn, _text("演示材料：内容均为虚构，仅供试用系统。", 72, 80, 11)])


def _page(written: list[bytes]) -> bytes:
    drawn = [b"1.2 w 0.08 0.38 0.29 RG 48 48 499 746 re S", *written]
    content = b"\n".join(drawn)
    return _document(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        *_FONT,
    )


def _text(text: str, x: int, y: int, size: int) -> bytes:
    return b"0.11 0.15 0.16 rg BT /F1 %d Tf %d %d Td <%s> Tj ET" % (size, x, y, text.encode("utf-16-be").hex().encode())


def _document(*objects: bytes) -> bytes:
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(body))
    )
