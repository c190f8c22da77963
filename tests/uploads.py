"""Uploads as people and attackers make them, built byte by byte where no program would."""

import hashlib
import struct
import zipfile
import zlib
from io import BytesIO

from PIL import Image

CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
Colour = int | tuple[int, ...] | str
PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, table)
    return bytes(out)


def page_tree(pages: int, *, claimed: int | None = None) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + index) for index in range(pages))
    return b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages if claimed is None else claimed, kids)


def page(*, size: tuple[float, float] = (595, 842), extra: bytes = b"") -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %f %f]%s>>" % (*size, extra)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def blank_pdf(pages: int) -> bytes:
    return pdf(CATALOGUE, page_tree(pages), *[page()] * pages)


def pdf_of_rectangle() -> bytes:
    """One page, its left half red."""
    contents = stream(b"1 0 0 rg 0 0 100 100 re f")
    return pdf(CATALOGUE, page_tree(1), page(size=(200, 100), extra=b"/Contents 4 0 R"), contents)


def sealed_pdf() -> bytes:
    """An electronic seal is the appearance of a signature field; this one fills the left half with red."""
    catalogue = b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>"
    field = b"<</Type/Annot/Subtype/Widget/FT/Sig/T(a)/F 4/Rect[0 0 100 100]/AP<</N 5 0 R>>>>"
    seal = stream(b"1 0 0 rg 0 0 100 100 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 100 100]")
    return pdf(catalogue, page_tree(1), page(size=(200, 100), extra=b"/Annots[4 0 R]"), field, seal)


def pdf_that_acts() -> bytes:
    """JavaScript on opening, an embedded program, and an action that launches it."""
    catalogue = b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R/Names<</EmbeddedFiles<</Names[(a.exe) 5 0 R]>>>>>>"
    script = b"<</S/JavaScript/JS(while (true) {})/Next<</S/Launch/F(a.exe)>>>>"
    specification = b"<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>"
    embedded = stream(b"MZ", b"/Type/EmbeddedFile")
    return pdf(catalogue, page_tree(1), page(), script, specification, embedded)


def pdf_that_never_ends() -> bytes:
    """A drawing that draws another ten times, which draws another ten times …: 10^10 squares in 3 kB."""
    resources = b"/Resources<</XObject<</X %d 0 R>>>>"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]"
    ten_times = b"/X Do " * 10
    forms = [stream(ten_times, form + resources % (number + 1)) for number in range(5, 14)]
    return pdf(
        CATALOGUE, page_tree(1), page(extra=resources % 5 + b"/Contents 4 0 R"), stream(ten_times), *forms,
        stream(b"0 0 10 10 re f", form),
    )  # fmt: skip


def encrypted_pdf(*, password: bytes) -> bytes:
    """PDF 1.7, 7.6: standard security handler, revision 2. With an empty password anybody can open it."""
    identity, permissions = b"0123456789abcdef", -44
    padded = (password + PADDING)[:32]
    owner = _rc4(hashlib.md5(PADDING).digest()[:5], padded)  # noqa: S324 - as the format demands
    seed = padded + owner + struct.pack("<i", permissions) + identity
    key = hashlib.md5(seed).digest()[:5]  # noqa: S324
    entries = b"/Encrypt<</Filter/Standard/V 1/R 2/P %d/O<%s>/U<%s>>>/ID[<%s><%s>]"
    hexed = [part.hex().encode() for part in (owner, _rc4(key, PADDING), identity, identity)]
    return pdf(CATALOGUE, page_tree(1), page(), trailer=entries % (permissions, *hexed))


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def picture(
    size: tuple[int, int], form: str, *, mode: str = "RGB", colour: Colour = "white", **options: object
) -> bytes:
    out = BytesIO()
    Image.new(mode, size, colour).save(out, form, **options)
    return out.getvalue()


def photograph(size: tuple[int, int], form: str = "JPEG") -> bytes:
    """Grain, so that cutting the file anywhere cuts the picture."""
    out = BytesIO()
    Image.effect_noise(size, 80).save(out, form)
    return out.getvalue()


def png_bomb(width: int, height: int) -> bytes:
    """A picture that is large only once it is unpacked."""
    rows = (b"\0" * (width // 8 + 1) for _ in range(height))
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for row in rows) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )


def zip_of(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "内容")
    return out.getvalue()
