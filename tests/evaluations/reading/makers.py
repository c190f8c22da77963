"""Documents made for the tests: .docx from bare XML, PDFs from the samples' pages."""

import io
import zipfile
from pathlib import Path

import pypdfium2

SAMPLES = Path(__file__).parents[2] / "data" / "samples" / "agreements"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def sample(start: str) -> bytes:
    return next(SAMPLES.glob(f"{start}_*")).read_bytes()


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p>{properties and f'<w:pPr>{properties}</w:pPr>'}{run(text)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(*body: str, prologue: str = "", **parts: str) -> bytes:
    """`parts`: the bare names of further parts (header1, numbering, …) and what is in them."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f"{prologue}<w:document {W}><w:body>{''.join(body)}</w:body></w:document>"
        )
        for name, inside in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {W}>{inside}</w:{name}>")
    return written.getvalue()


def pages(count: int) -> bytes:
    """A PDF of so many empty sheets."""
    with pypdfium2.PdfDocument.new() as pdf:
        for _ in range(count):
            pdf.new_page(595, 842)
        written = io.BytesIO()
        pdf.save(written)
    return written.getvalue()


def repeated(content: bytes, times: int) -> bytes:
    with pypdfium2.PdfDocument(content) as source, pypdfium2.PdfDocument.new() as pdf:
        for _ in range(times):
            pdf.import_pages(source)
        written = io.BytesIO()
        pdf.save(written)
    return written.getvalue()
