"""The text of an agreement: as a screening keeps it, and as a page shows it, paragraph by paragraph with its marks."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from evaluations.models import AgreementScreening
from evaluations.reading.agreements import Agreement

PART = 15_000  # characters of a long agreement that are shown at a time


class Marked(Protocol):
    """What is read of a mark to place it: a row of it, or one that belongs to no evaluation."""

    @property
    def id(self) -> int: ...
    @property
    def page(self) -> int | None: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def clause(self) -> str: ...
    @property
    def words(self) -> Any: ...


def kept(agreement: Agreement) -> Mapping[str, Any]:
    """What is kept of what was read: plain values, for a sealed column."""
    return {
        "pages": list(agreement.pages),
        "paged": agreement.paged,
        "recognised": list(agreement.recognised),
        "clauses": [
            [
                clause.number,
                [[(piece.page or 1) - 1, piece.start, piece.length] for piece in clause.pieces],
                *(clause.text, clause.page, clause.start, clause.end),
            ]
            for clause in agreement.clauses
        ],
    }


@dataclass(frozen=True, slots=True)
class Stretch:
    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A clause with its marks; or, `is_aside`, what stands between them: headings, parties, signatures."""

    stretches: tuple[Stretch, ...]
    number: str = ""
    page: int | None = None  # set where a page begins
    marks: tuple[Marked, ...] = ()
    is_aside: bool = False

    @property
    def length(self) -> int:
        return sum(len(stretch.text) for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class AgreementText:
    """Part `part` of `parts`; `loose`: marks that stand nowhere in the text. `all_marks`: each with its part."""

    paragraphs: tuple[Paragraph, ...]
    loose: tuple[Marked, ...]
    all_marks: tuple[tuple[Marked, int], ...]
    pages: int
    paged: bool
    recognised: tuple[int, ...]  # pages read by recognition of characters
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class _Placed:
    page: int  # from 0
    start: int
    paragraph: Paragraph


def text_of(
    content: Mapping[str, Any] | None, marks: Iterable[Marked], *, part: int = 1, only_marked: bool = False
) -> AgreementText:
    """What a page shows; `only_marked`: nothing but the clauses with marks.

    A screening without content (never read) yields no paragraphs: all its marks are loose.
    """
    marks = tuple(marks)
    if content is None:
        return AgreementText((), marks, tuple((mark, 1) for mark in marks), 0, False, ())
    places: dict[tuple[Any, ...], list[Marked]] = {}
    for mark in marks:
        places.setdefault((mark.page, mark.start, mark.end, mark.clause), []).append(mark)
    placed = [*_clauses(content, places), *_asides(content)]
    if only_marked:
        placed = [each for each in placed if each.paragraph.marks]
    placed.sort(key=lambda each: (each.page, each.start))
    divided = list(_divided(_with_pages(placed, paged=content["paged"])))
    at = {mark.id: number for number, paragraphs in enumerate(divided, 1) for each in paragraphs for mark in each.marks}
    part = min(max(part, 1), max(len(divided), 1))
    return AgreementText(
        paragraphs=tuple(divided[part - 1]) if divided else (),
        loose=tuple(mark for mark in marks if mark.id not in at),
        all_marks=tuple((mark, at.get(mark.id, 1)) for mark in marks),
        pages=len(content["pages"]),
        paged=content["paged"],
        recognised=tuple(content["recognised"]),
        part=part,
        parts=max(len(divided), 1),
    )


def _clauses(content: Mapping[str, Any], places: Mapping[tuple[Any, ...], Sequence[Marked]]) -> Iterator[_Placed]:
    for number, pieces, text, page, start, end in content["clauses"]:
        marks = tuple(places.get((page, start, end, text), ()))
        first_page, first_start = (pieces[0][0], pieces[0][1]) if pieces else ((page or 1) - 1, start)
        yield _Placed(first_page, first_start, Paragraph(tuple(_stretches(text, marks)), number, marks=marks))


def _stretches(text: str, marks: Sequence[Marked]) -> Iterator[Stretch]:
    """The clause with the words that its marks rest on set apart."""
    spans = [(start, end) for mark in marks for start, end in mark.words if 0 <= start < end <= len(text)]
    at = 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        if start > at:
            yield Stretch(text[at:start])
        yield Stretch(text[max(start, at) : end], is_marked=True)
        at = end
    if at < len(text):
        yield Stretch(text[at:])


def _asides(content: Mapping[str, Any]) -> Iterator[_Placed]:
    """Lines of the pages that belong to no clause; but not the numbers, which stand with their clauses."""
    covered: dict[int, list[tuple[int, int]]] = {}
    for _, pieces, *_ in content["clauses"]:
        for page, start, length in pieces:
            covered.setdefault(page, []).append((start, start + length))
    numbers = {re.sub(r"\W", "", number) for number, *_ in content["clauses"]}
    for page, text in enumerate(content["pages"]):
        at = 0
        for start, end in [*sorted(covered.get(page, ())), (len(text), len(text))]:
            for line in re.finditer(r"[^\n]+", text[at:start]):
                bare = re.sub(r"\W", "", line[0])
                if bare and bare not in numbers:
                    paragraph = Paragraph((Stretch(line[0].strip()),), is_aside=True)
                    yield _Placed(page, at + line.start(), paragraph)
            at = max(at, end)


def _with_pages(placed: Iterable[_Placed], *, paged: bool) -> Iterator[Paragraph]:
    before = None
    for each in placed:
        paragraph = each.paragraph
        if paged and each.page != before:
            before = each.page
            yield Paragraph(paragraph.stretches, paragraph.number, each.page + 1, paragraph.marks, paragraph.is_aside)
        else:
            yield paragraph


def _divided(paragraphs: Iterable[Paragraph]) -> Iterator[list[Paragraph]]:
    part: list[Paragraph] = []
    length = 0
    for each in paragraphs:
        if part and length + each.length > PART:
            yield part
            part, length = [], 0
        part.append(each)
        length += each.length
    if part:
        yield part


def progress(screening: AgreementScreening) -> dict[str, Any]:
    """How far the reading is, for a page that asks from time to time."""
    return {
        "finished": screening.is_finished,
        "done": screening.pages_done,
        "of": screening.pages,
        "words": screening.how_far,
    }
