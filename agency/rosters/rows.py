"""One row of a roster: a person who can be used, or why not."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from agency.particulars import Elsewhere, Employment, StaffMember, TitleLevel
from agency.rosters import wording
from agency.rosters.headings import Heading
from agency.rules import Assessment
from core.headings import squeezed
from core.identifiers import IdentifierError, IdNumber, IdPrecisionLost
from core.identity import Sex
from core.sheets import Cell, Row, day_of, is_rounded, text_of

REASONS: Mapping[str, str] = {
    "name_missing": "没有姓名，请补填。",
    "id_precision_lost": "身份证号码被存成了数字，末三位已丢失，请将该列设为“文本”后按证件重新填写。",
    "id_shared_by_two_names": "同一身份证号码对应不同姓名，请核对后保留正确的一行。",
    "duplicate_in_file": "同一人在表中重复，只保留最先出现的一行。",
}


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row of a spreadsheet as it was understood. `reason` is None for an accepted row."""

    sheet: str
    row: int
    name: str
    number: IdNumber | None
    number_in_file: str = field(repr=False)  # in clear
    title: str
    series: str
    declared_level: TitleLevel | None
    major: str
    degree_major: str
    granted_on: date | None
    certificate_number: str
    employment: Employment
    full_time: bool
    contract_until: date | None
    insured_since: date | None
    insured_elsewhere: str
    joined_on: date | None
    left_on: date | None
    note: str
    reason: str | None
    message: str
    flags: tuple[str, ...]  # what is worth seeing in an accepted row
    assessment: Assessment | None = None  # None until the roster is judged, and for a rejected row

    @property
    def review(self) -> tuple[str, ...]:
        """The reasons for which an officer must look at the row."""
        return tuple(doubt.value for doubt in self.assessment.doubts) if self.assessment else ()

    def rejected(self, reason: str) -> "RosterRow":
        return replace(self, reason=reason, message=REASONS[reason], flags=(), assessment=None)

    def member(self, *, id: int, identity: str, elsewhere: Elsewhere = Elsewhere.NOWHERE) -> StaffMember:
        """The facts of an accepted row, as the rules take them."""
        if self.number is None:
            raise ValueError(f"row {self.row} is no person")
        return StaffMember(
            id=id,
            name=self.name,
            number=self.number.masked,
            identity=identity,
            birth_on=self.number.birth_on,
            sex=Sex.MALE if self.number.is_male else Sex.FEMALE,
            title=self.title,
            series=self.series,
            declared_level=self.declared_level,
            major=self.major,
            degree_major=self.degree_major,
            granted_on=self.granted_on,
            certificate_number=self.certificate_number,
            employment=self.employment,
            full_time=self.full_time,
            contract_until=self.contract_until,
            insured_since=self.insured_since,
            insured_elsewhere=self.insured_elsewhere,
            joined_on=self.joined_on,
            left_on=self.left_on,
            elsewhere=elsewhere,
            note=self.note,
        )


@dataclass(frozen=True, slots=True)
class Context:
    """What holds for every row of a table."""

    sheet: str
    heading: Heading
    on: date
    own_units: Collection[str]  # squeezed names of the agency
    says_full_time: bool  # the table is headed 专职人员…


class Cells:
    """The cells of a row by field."""

    def __init__(self, row: Row, heading: Heading) -> None:
        self._row = row
        self._columns = heading.columns

    def cell(self, field: str) -> Cell:
        place = self._columns.get(field)
        return self._row.cells[place] if place is not None and place < len(self._row.cells) else ""

    def text(self, field: str) -> str:
        cell = self.cell(field)
        if cell == "":
            return ""
        text = " ".join(text_of(cell).split())
        return "" if wording.is_nothing(text) else text

    def has(self, field: str) -> bool:
        return field in self._columns

    def is_merged(self, field: str) -> bool:
        return self._columns.get(field) in self._row.merged


def read_row(row: Row, context: Context) -> RosterRow:
    """Read a row that is neither heading nor total."""
    cells = Cells(row, context.heading)
    name, remark = _name(cells.text("name"))
    number, reason, message = _number(name, cells.cell("number"), context.on)
    unit = cells.text("unit")
    is_foreign = bool(unit) and bool(context.own_units) and squeezed(unit) not in context.own_units
    said = [cells.text(field) for field in ("full_time", "employment", "note")] + [remark]
    if is_foreign:  # the agency's own name may well say 顾问
        said.append(unit)
    employment = wording.employment_of(said)
    if is_foreign and employment in (Employment.CONTRACT, Employment.ESTABLISHMENT):
        employment = Employment.SECONDED
    has_left = wording.has_left([cells.text("employment"), cells.text("note"), remark])
    full_time = _declared_full_time(cells, context)
    read = RosterRow(
        sheet=context.sheet,
        row=row.number,
        name=name,
        number=number,
        number_in_file="" if wording.is_nothing(text_of(cells.cell("number"))) else text_of(cells.cell("number")),
        title="".join((cells.text("title") if cells.has("title") else cells.text("level")).split()),
        series=cells.text("series"),
        declared_level=wording.level_of(cells.text("level") or cells.text("title")),
        major=cells.text("major"),
        degree_major=cells.text("degree_major"),
        granted_on=day_of(cells.cell("granted_on")),
        certificate_number=cells.text("certificate_number"),
        employment=employment,
        full_time=bool(full_time) and not has_left and employment is not Employment.PART_TIME,
        contract_until=wording.last_day_of(cells.cell("contract_until")),
        insured_since=day_of(cells.cell("insured_since")),
        insured_elsewhere=wording.insured_elsewhere(
            cells.text("note"), cells.text("insured_since"), cells.text("insured_by"), context.own_units
        ),
        joined_on=day_of(cells.cell("joined_on")),
        left_on=wording.last_day_of(cells.cell("left_on")),
        note=cells.text("note"),
        reason=reason,
        message=message,
        flags=(),
    )
    if number is None:
        return read
    flags = _flags(cells, number, full_time=full_time, has_left=has_left, employment=employment)
    return replace(read, flags=tuple(flags))


def _name(text: str) -> tuple[str, str]:
    """A name without blanks, and what stood in brackets behind it."""
    bare = "".join(char for char in text if char.isprintable() and not char.isspace())
    name, _, remark = bare.replace("（", "(").partition("(")
    return name.strip("*＊'"), remark.rstrip(")）")


def _number(name: str, cell: Cell, on: date) -> tuple[IdNumber | None, str | None, str]:
    """The identity number of a cell, or the reason and the sentence for its refusal."""
    if not name:
        return None, "name_missing", REASONS["name_missing"]
    if is_rounded(cell):
        return None, IdPrecisionLost.code, REASONS[IdPrecisionLost.code]
    text = text_of(cell)
    try:
        return IdNumber.parse(text if any(char.isdigit() for char in text) else "", on=on), None, ""
    except IdentifierError as refusal:
        if refusal.code == "id_check_digit_invalid" and text.endswith("000"):
            return None, IdPrecisionLost.code, REASONS[IdPrecisionLost.code]
        return None, refusal.code, refusal.message


def _declared_full_time(cells: Cells, context: Context) -> bool | None:
    """What the row declares; None when neither the row nor the table's heading says anything."""
    if cells.has("full_time"):
        return wording.yes_or_no(text_of(cells.cell("full_time")))
    if cells.has("part_time"):
        is_part_time = wording.yes_or_no(text_of(cells.cell("part_time")))
        return True if wording.is_nothing(text_of(cells.cell("part_time"))) else is_part_time is False
    if cells.has("employment") and wording.is_employed(cells.text("employment")):
        return True
    return True if context.says_full_time else wording.yes_or_no(cells.text("employment") or "未填")


def _flags(
    cells: Cells, number: IdNumber, *, full_time: bool | None, has_left: bool, employment: Employment
) -> list[str]:
    sex = squeezed(cells.text("sex"))
    found = {
        "part_time": full_time is False or employment is Employment.PART_TIME,
        "full_time_unstated": full_time is None,
        "left": has_left,
        "gender_disagrees_with_id": sex[:1] in ("男", "女") and (sex[:1] == "男") is not number.is_male,
        "birth_date_disagrees_with_id": wording.disagrees(cells.cell("birth_on"), number.birth_on),
        "title_from_merged_cell": cells.is_merged("title"),
        "title_missing": not cells.text("title"),
    }
    return [flag for flag, holds in found.items() if holds]
