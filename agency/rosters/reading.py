"""From sheets to rows of people: where the tables begin, what lies between the people, who is there twice."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from agency.rosters import wording
from agency.rosters.headings import Heading, find_heading, has_long_number
from agency.rosters.roster import Roster, Skipped
from agency.rosters.rows import Cells, Context, RosterRow, read_row
from core.errors import DomainError
from core.headings import NOTE, SIGNATURE, TOTAL, squeezed
from core.sheets import Limits, Row, Sheet, read_sheets, text_of

SECTION = re.compile(
    r"^([一二三四五六七八九十]+|\d+|\([一二三四五六七八九十\d]+\))[、.．)]|(部|室|处|科|组|中心|所|院|类|人员|专家)[:：]?$"
)


class NoHeading(DomainError):
    """No table of people was found."""


class NoPeople(DomainError):
    """There is a heading and nobody below it."""


def read_roster(
    content: bytes, *, file_name: str, on: date, agency_name: str = "", limits: Limits | None = None
) -> Roster:
    """Read a roster as of a day, without judging it.

    Raises the UnreadableSheet refusals of core.sheets, NoHeading and NoPeople.
    """
    sheets = read_sheets(content, limits or Limits())
    chosen, ignored = _chosen(sheets)
    rows: list[RosterRow] = []
    skipped: list[Skipped] = []
    for sheet in chosen:
        for item in _people(sheet, on=on, agency_name=agency_name):
            (rows if isinstance(item, RosterRow) else skipped).append(item)  # type: ignore[arg-type]
    if not rows:
        raise NoPeople("表中没有人员，请在表头下方逐行填写姓名、身份证号和职称。")
    people = _with_notes(_without_repeats(rows), [sheet for sheet in sheets if sheet not in chosen])
    return Roster(file_name, on, tuple(people), tuple(skipped), ignored)


def _chosen(sheets: Sequence[Sheet]) -> tuple[list[Sheet], tuple[tuple[str, str], ...]]:
    """The sheets that are rosters, and why the others aren't."""
    headings = {sheet.name: _first_heading(sheet) for sheet in sheets}
    why: dict[str, str] = {}
    for sheet in sheets:
        heading = headings[sheet.name]
        if _is_outside(sheet, heading):
            why[sheet.name] = "外聘、顾问或离职人员，不是本单位专职人员"
        elif wording.has_word(sheet.name, "instructions"):
            why[sheet.name] = "说明或示例"
        elif heading is None or not heading[1].is_roster:
            why[sheet.name] = "没有人员表头"
    rosters = [sheet for sheet in sheets if sheet.name not in why]
    if any(not sheet.hidden for sheet in rosters):
        why |= {sheet.name: "隐藏的工作表" for sheet in rosters if sheet.hidden}
    if not any(sheet.name not in why for sheet in sheets):
        raise NoHeading(_no_heading_sentence([heading for _, heading in filter(None, headings.values())]))
    return [sheet for sheet in sheets if sheet.name not in why], tuple(why.items())


def _no_heading_sentence(headings: Sequence[Heading]) -> str:
    if any(heading.lacks_number for heading in headings):
        return "表头缺少身份证号一列，请补上后再上传。"
    if any(heading.is_roster for heading in headings):
        return "文件中只有外聘、离职人员或说明性的工作表，没有本单位人员名单。"
    return "没有找到人员名单的表头，请在同一行写明姓名、身份证号、职称等列名，或下载模板填写。"


def _first_heading(sheet: Sheet) -> tuple[int, Heading] | None:
    for place, row in enumerate(sheet.rows):
        heading = find_heading(row, sheet.rows[place + 1] if place + 1 < len(sheet.rows) else None)
        if heading:
            return place, heading
    return None


def _above(sheet: Sheet, place: int) -> str:
    """The sheet's name and what is written above its heading."""
    return squeezed(sheet.name + "".join(text_of(cell) for row in sheet.rows[:place] for cell in set(row.cells)))


def _is_outside(sheet: Sheet, heading: tuple[int, Heading] | None) -> bool:
    return wording.has_word(_above(sheet, heading[0] if heading else 0), "outside")


def _people(sheet: Sheet, *, on: date, agency_name: str) -> Iterator[RosterRow | Skipped]:
    """Walk down a sheet, table by table."""
    context: Context | None = None
    covered = 0  # the last row of the heading
    outside = False
    for place, row in enumerate(sheet.rows):
        heading = find_heading(row, sheet.rows[place + 1] if place + 1 < len(sheet.rows) else None)
        if heading and heading.is_roster:
            if context and row.number > covered:
                yield Skipped(sheet.name, row.number, "repeated_header")
            if row.number > covered:
                context = _context(sheet, place, heading, on=on, agency_name=agency_name)
                covered = row.number + heading.height - 1
            continue
        if context is None or row.number <= covered:
            continue
        kind = _no_person(row, Cells(row, context.heading))
        if kind == "section_heading":
            outside = wording.has_word("".join(text_of(cell) for cell in row.cells), "outside")
        if kind is None and outside:
            kind = "outside"
        if kind is None:
            yield read_row(row, context)
        elif kind != "blank":
            yield Skipped(sheet.name, row.number, kind)


def _context(sheet: Sheet, place: int, heading: Heading, *, on: date, agency_name: str) -> Context:
    above = _above(sheet, place)
    return Context(
        sheet=sheet.name,
        heading=heading,
        on=on,
        own_units=_own_units(sheet.rows[place + heading.height :], heading, above, agency_name),
        says_full_time="专职" in above and "兼职" not in above,
    )


def _own_units(rows: Sequence[Row], heading: Heading, above: str, agency_name: str) -> Collection[str]:
    """The names that stand for the agency itself in the unit columns.

    When nobody says which agency it is, the unit that most rows name, unless it pays for others by trade.
    """
    own = {squeezed(agency_name)} - {""}
    for field in ("unit", "insured_by"):
        named = Counter(squeezed(text) for row in rows if (text := Cells(row, heading).text(field)))
        own |= {unit for unit in named if len(unit) > 3 and unit in above}
        if not own and named:
            unit, count = named.most_common(1)[0]
            if 2 * count > named.total() and not wording.has_word(unit, "paying_others"):
                own.add(unit)
    return frozenset(own)


def _no_person(row: Row, cells: Cells) -> str | None:
    """What a row is that holds no person; None for one that does, or should."""
    if has_long_number([cells.cell("number")]):
        return None
    own = (cell for place, cell in enumerate(row.cells) if place not in row.merged)
    texts = [text for cell in own if (text := squeezed(text_of(cell)))]
    if not texts:
        return "blank"
    if any(TOTAL.match(text) for text in texts):
        return "total"
    if SIGNATURE.match(texts[0]) and ":" in "".join(texts):
        return "signature_line"
    if NOTE.match(texts[0]):
        return "note"
    if not cells.text("name"):
        return _nameless(texts, cells)
    alone = set(texts) == {squeezed(cells.text("name"))}
    is_section = alone and (len(texts) > 1 or len(texts[0]) > 4 or SECTION.search(texts[0]))
    return "section_heading" if is_section else None


def _nameless(texts: Sequence[str], cells: Cells) -> str | None:
    """A row without name and number: a pre-numbered blank one, a heading of a section, or a person left unnamed."""
    if cells.text("title") and not cells.is_merged("title"):
        return None
    if len(set(texts)) == 1 and not texts[0].isdecimal() and not cells.text("full_time"):
        return "section_heading"
    return "blank"


def _with_notes(rows: Iterable[RosterRow], notes: Sequence[Sheet]) -> Iterator[RosterRow]:
    """Flag whom a note on another sheet says to have left: it changes nothing by itself."""
    cells = (text_of(cell) for sheet in notes for row in sheet.rows for cell in row.cells)
    leaving = squeezed("\n".join(text for text in cells if wording.has_left([text])))
    for row in rows:
        is_named = row.reason is None and row.name in leaving
        yield replace(row, flags=(*row.flags, "left_according_to_notes_sheet")) if is_named else row


def _without_repeats(rows: Sequence[RosterRow]) -> Iterator[RosterRow]:
    """Reject what stands twice: every row of a number with two names, the later rows of one person."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.number:
            names[str(row.number)].add(row.name)
    seen: set[str] = set()
    for row in rows:
        number = str(row.number)
        if row.number is None:
            yield row
        elif len(names[number]) > 1:
            yield row.rejected("id_shared_by_two_names")
        elif number in seen:
            yield row.rejected("duplicate_in_file")
        else:
            seen.add(number)
            yield row
