""".docx as its reader sees it: paragraphs, tables row by row, text boxes, footnotes; without what was struck out.

Names are matched without their namespaces: the transitional and the strict form of the format differ in nothing else
that matters here. A part that declares a document type is refused: no word processor writes one, and only through it
could entities grow or reach outside.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from evaluations.reading.faults import Fault, Faulty
from evaluations.reading.lines import Kind, Passage, Reading, Sheet, glued, is_heading_row, joined
from evaluations.reading.word_numbers import Numbers

MAX_PART_BYTES = 24 * 1024 * 1024
MAX_PARTS_BYTES = 48 * 1024 * 1024
MAX_MEMBERS = 5000
MAX_DEPTH = 200
# not the reader's: struck out or moved away, the older twin of a drawing, field codes, marks for pronunciation
UNSEEN = {"del", "moveFrom", "Fallback", "instrText", "delText", "rt", "rPr", "pPr", "tblPr", "sectPr"}
ENCRYPTED = 0x1
EMU_A_POINT = 12_700
A_PICTURE = 7_560_000 * 10_692_000 / 8  # an eighth of a sheet of A4, in EMU: smaller ones are seals, logos, signatures
POINTS = re.compile(r"(?<![\w-])(width|height):([0-9]{1,6}(?:\.[0-9]{1,6})?)pt")
HEADING_STYLE = re.compile(r"(?:heading|title|subtitle|标题|副标题|toc)", re.IGNORECASE)
ASIDES, NOTES = re.compile(r"(?:header|footer)\d*\.xml"), re.compile(r"(?:foot|end)notes\.xml")


def read(content: bytes) -> Reading:
    try:
        parts = _parts(content)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Faulty(Fault.DAMAGED) from error
    numbers = Numbers(parts.get("numbering.xml"), parts.get("styles.xml"))
    walk = _Walk(Sheet(0), numbers, _heading_styles(parts.get("styles.xml")))
    for name in sorted(parts):
        if ASIDES.fullmatch(name):
            walk.aside(parts[name])
    walk.block(parts["document.xml"])
    for name in sorted(parts):
        if NOTES.fullmatch(name):
            walk.block(parts[name])
    unread = [0] if any(_shows_picture(part) for part in parts.values()) else []
    return Reading([walk.sheet], walk.passages, paged=False, unread=unread)


def _shows_picture(part: Element) -> bool:
    """Whether a picture stands in it that is large enough for clauses: a scanned page, a photograph of one."""
    extents = [
        (_number(extent.get("cx")), _number(extent.get("cy")))
        for drawing in part.iter("drawing")
        if drawing.find(".//blip") is not None
        for extent in drawing.iter("extent")
    ]
    shapes = [shape.get("style", "") for shape in part.iter("shape") if shape.find("imagedata") is not None]
    for sides in (dict(POINTS.findall(style)) for style in shapes):
        extents.append((EMU_A_POINT * float(sides.get("width", 0)), EMU_A_POINT * float(sides.get("height", 0))))
    return any(width * height > A_PICTURE for width, height in extents)


def _number(text: str | None) -> float:
    return float(text) if text and re.fullmatch(r"\d{1,12}", text) else 0


def _parts(content: bytes) -> dict[str, Element]:
    """The parts that hold text, by their bare names."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MAX_MEMBERS:
            raise Faulty(Fault.UNPACKS_TOO_LARGE)
        body = next((each.filename for each in members if re.fullmatch(r"word/document\d*\.xml", each.filename)), None)
        if body is None:
            raise Faulty(Fault.DAMAGED)
        wanted = [
            each for each in members
            if each.filename == body
            or re.fullmatch(r"word/(?:(?:header|footer)\d*|(?:foot|end)notes|numbering|styles)\.xml", each.filename)
        ]  # fmt: skip
        if any(each.flag_bits & ENCRYPTED for each in wanted):
            raise Faulty(Fault.ENCRYPTED)
        left = MAX_PARTS_BYTES
        found: dict[str, Element] = {}
        for member in wanted:
            with archive.open(member) as part:
                most = min(MAX_PART_BYTES, left)
                xml = part.read(most + 1)  # what a member says of its own size is not believed
            if len(xml) > most:
                raise Faulty(Fault.UNPACKS_TOO_LARGE)
            left -= len(xml)
            name = "document.xml" if member.filename == body else member.filename.removeprefix("word/")
            found[name] = _tree(xml)
        return found


def _tree(xml: bytes) -> Element:
    """Parsed with bare names."""
    builder = TreeBuilder()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Faulty(Fault.TOO_COMPLEX)
        builder.start(_bare(name), {_bare(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_bare(name))

    def refuse(*_: object) -> None:
        raise Faulty(Fault.OUTSIDE_REFERENCES)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise Faulty(Fault.DAMAGED) from error
    return builder.close()


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]


def _heading_styles(styles: Element | None) -> frozenset[str]:
    """What the document calls the styles of its headings: by their own names, or by the level they stand for."""
    found = set()
    for style in styles.iter("style") if styles is not None else ():
        name = style.find("name")
        called = name.get("val", "") if name is not None else ""
        if HEADING_STYLE.search(called) or style.find("pPr/outlineLvl") is not None:
            found.add(style.get("styleId", ""))
    return frozenset(found)


class _Walk:
    """Through the parts in the order of reading."""

    def __init__(self, sheet: Sheet, numbers: Numbers, headings: frozenset[str]) -> None:
        self.sheet = sheet
        self.passages: list[Passage] = []
        self._numbers = numbers
        self._headings = headings

    def aside(self, part: Element) -> None:
        seen = {passage.text for passage in self.passages}
        for paragraph in _paragraphs(part):
            text = "".join(_shown(paragraph)).strip()
            if text and text not in seen:
                self.passages.append(Passage(self.sheet.add(text), Kind.ASIDE, whole=True))

    def block(self, element: Element) -> None:
        for child in element:
            match child.tag:
                case "p":
                    self._paragraph(child)
                case "tbl":
                    self._table(child)
                case name if name not in UNSEEN:
                    self.block(child)

    def _paragraph(self, paragraph: Element) -> None:
        style = _value(paragraph, "pPr/pStyle")
        heading = style in self._headings or paragraph.find("pPr/outlineLvl") is not None
        number = self._numbers.of(paragraph, style)
        lines = [line for line in "".join(_shown(paragraph)).split("\n") if line.strip()]
        for index, line in enumerate(lines):
            self.passages.append(
                Passage(
                    self.sheet.add(line),
                    Kind.HEADING if heading else Kind.PARAGRAPH,
                    automatic_number="" if index else number,
                )
            )
        for box in _boxes(paragraph):
            self.block(box)

    def _table(self, table: Element) -> None:
        rows = [list(_children(row, "tc")) for row in _children(table, "tr")]
        texts = [[_cell_text(cell) for cell in row] for row in rows]
        heading = len(rows) > 1 and is_heading_row(texts[0])
        for index, (cells, row) in enumerate(zip(rows, texts, strict=True)):
            filled = [text for text in row if text]
            if len(filled) <= 1:  # a frame around prose, or a note that runs over all columns
                for cell in cells:
                    self.block(cell)
                continue
            pieces = [self.sheet.add(text, ending=" ") for text in filled[:-1]]
            pieces.append(self.sheet.add(filled[-1]))
            kind = Kind.HEADING_ROW if heading and index == 0 else Kind.ROW
            self.passages.append(Passage(glued(pieces, blank=True), kind, whole=True))


def _shown(element: Element) -> Iterator[str]:
    """The text of a paragraph without what stands in boxes anchored to it."""
    for child in element:
        match child.tag:
            case "t":
                yield child.text or ""
            case "tab" | "ptab":
                yield "\t"
            case "br" | "cr":
                yield "\n"
            case "noBreakHyphen":
                yield "-"
            case "r" if child.find("rPr/vanish") is not None and _value(child, "rPr/vanish") not in ("0", "false"):
                continue
            case name if name not in UNSEEN and name not in ("txbxContent", "p", "tbl"):
                yield from _shown(child)


def _boxes(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == "txbxContent":
            yield child
        elif child.tag not in UNSEEN:
            yield from _boxes(child)


def _children(element: Element, tag: str) -> Iterator[Element]:
    """Its own rows or cells, not those of a table inside one of its cells."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _children(child, tag)


def _paragraphs(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag == "p":
            yield child
            for box in _boxes(child):
                yield from _paragraphs(box)
        elif child.tag not in UNSEEN:
            yield from _paragraphs(child)


def _cell_text(cell: Element) -> str:
    """The paragraphs of a cell as one text."""
    lines = ("".join(_shown(paragraph)) for paragraph in _paragraphs(cell))
    return joined(line.strip() for chunk in lines for line in chunk.split("\n"))


def _value(element: Element, path: str) -> str:
    found = element.find(path)
    return found.get("val", "") if found is not None else ""
