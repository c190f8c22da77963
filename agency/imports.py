"""What a roster in a spreadsheet would do to the staff of an agency: planned row by row, before anything is saved."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy.orm import Session

from agency import members, models, particulars, persons
from agency.judgements import judgements_of
from agency.members import FIELDS, Change, MemberEntry
from agency.particulars import Elsewhere, Employment
from agency.queries import claims_elsewhere, particulars_of
from agency.rosters import Roster, RosterRow
from agency.rules import Assessment, Tables, assess, enough_specialists
from core.errors import DomainError
from core.forms import tidy
from core.identity import Identity
from core.labels import Labelled
from core.law import Finding, jurisdiction

# what the reader noticed in an accepted row, as a person is told
FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "part_time": "表中标为兼职或非专职，不计入",
        "full_time_unstated": "表中未注明是否专职，不作专职计",
        "left": "表中注明已离职，不计入",
        "left_according_to_notes_sheet": "其他工作表的说明提到此人已离职，请核对；确已离职的导入后请登记离职",
        "gender_disagrees_with_id": "表中性别与身份证号码不符，以号码为准",
        "birth_date_disagrees_with_id": "表中出生日期与身份证号码不符，以号码为准",
        "title_from_merged_cell": "职称取自合并单元格，请核对是否适用于此人",
        "title_missing": "没有填写职称，不计入",
    }
)
# which of them a person must look into before the row is believed
TO_LOOK_INTO = frozenset({"left_according_to_notes_sheet"})
LONGEST: Mapping[str, int] = MappingProxyType(
    {
        "name": 60,
        "title": 60,
        "series": 60,
        "major": 80,
        "degree_major": 80,
        "certificate_number": 60,
        "insured_elsewhere": 120,
        "note": 1000,
    }
)


class Outcome(Labelled):
    ADDED = "added", "新增"
    CHANGED = "changed", "更改"
    UNCHANGED = "unchanged", "不变"
    REJECTED = "rejected", "不导入"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the spreadsheet and what becomes of it."""

    row: RosterRow
    outcome: Outcome
    entry: MemberEntry
    identity: Identity | None  # None: no usable number
    key: str  # of the identity
    member_id: int | None  # the row on the roster that it is about
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    member: particulars.StaffMember | None  # as it would be; None: not imported

    @property
    def number(self) -> str:
        """Masked, also where it is no number."""
        text = self.row.number_in_file
        if self.identity is not None:
            return self.identity.masked
        return text if len(text) < 6 else f"{text[:3]}{'*' * (len(text) - 5)}{text[-2:]}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of all rows, and who is on the roster without being named in the spreadsheet: they stay."""

    roster: Roster
    rows: tuple[PlannedRow, ...]
    staying: tuple[particulars.StaffMember, ...]
    proofs: tuple[particulars.Material, ...]

    def having(self, outcome: Outcome) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def counts(self) -> Mapping[Outcome, int]:
        return Counter(row.outcome for row in self.rows)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How the agency would stand under Article 20 (3) with a plan carried out."""

    assessments: tuple[Assessment | None, ...]  # a row each; None: not imported
    finding: Finding
    undecided: tuple[str, ...]  # who counts only if an officer decides so


def plan(session: Session, agency: models.Agency, roster: Roster, *, on: date) -> Plan:
    """What confirming a roster would do to an agency as it stands. Changes nothing."""
    facts = particulars_of(session, agency)
    rows = tuple(_Planner(session, agency, facts, roster, on).rows())
    named = {row.member_id for row in rows}
    staying = tuple(member for member in facts.staff if member.id not in named)
    return Plan(roster, rows, staying, facts.materials)


def outlook(session: Session, agency: models.Agency, plan: Plan, *, tables: Tables, on: date) -> Outlook:
    """Judge everybody as they would be on the roster."""
    law, judgements = jurisdiction(), judgements_of(session, agency.id)

    def judge(member: particulars.StaffMember) -> Assessment:
        proofs = plan.proofs if member.id else ()  # who is new has none yet
        return assess(member, on=on, tables=tables, law=law, judgements=judgements, materials=proofs)

    assessments = tuple(judge(row.member) if row.member else None for row in plan.rows)
    everybody = [*map(judge, plan.staying), *(assessment for assessment in assessments if assessment)]
    finding = enough_specialists(
        everybody, intermediate=law.number("min_intermediate", on=on), senior=law.number("min_senior", on=on)
    )
    undecided = tuple(person.member.name for person in everybody if person.doubts)
    return Outlook(assessments, finding, undecided)


class _Planner:
    """What is known while the rows are gone through."""

    def __init__(
        self, session: Session, agency: models.Agency, facts: particulars.Particulars, roster: Roster, on: date
    ) -> None:
        self._on, self._roster = on, roster
        self._present = {member.identity: member for member in facts.staff if member.left_on is None}
        self._last_days: dict[str, date] = {}
        for member in facts.staff:
            if member.left_on is not None:
                known = self._last_days.get(member.identity, member.left_on)
                self._last_days[member.identity] = max(known, member.left_on)
        self._identities = [Identity.of_number(row.number) if row.number else None for row in roster.rows]
        self._keys = [identity.key if identity else "" for identity in self._identities]
        self._elsewhere = self._claims(session, agency)

    def _claims(self, session: Session, agency: models.Agency) -> Mapping[str, Elsewhere]:
        """How other agencies' claims bear on the people of the file, by identity."""
        known = persons.find_all(session, [key for key in self._keys if key])
        bearing = claims_elsewhere(session, agency, known.values())
        return {identity: bearing[person_id] for identity, person_id in known.items() if person_id in bearing}

    def rows(self) -> Iterator[PlannedRow]:
        for row, identity, key in zip(self._roster.rows, self._identities, self._keys, strict=True):
            entry = entry_of(row, on=self._on)
            if row.reason is not None or identity is None:
                yield _rejected(row, entry, identity, key, row.message)
            elif key in self._present:
                yield self._known(row, entry, identity, key)
            else:
                yield self._new(row, entry, identity, key)

    def _new(self, row: RosterRow, entry: MemberEntry, identity: Identity, key: str) -> PlannedRow:
        try:
            members.require_return(entry.joined_on, left_on=self._last_days.get(key), today=self._on)
        except DomainError as refusal:
            return _rejected(row, entry, identity, key, refusal.message)
        if identity.birth_on is None or identity.sex is None:
            raise ValueError(f"row {row.row}: an identity number gives birth date and sex")
        member = particulars.StaffMember(
            id=0,
            number=identity.masked,
            identity=key,
            birth_on=identity.birth_on,
            sex=identity.sex,
            elsewhere=self._elsewhere.get(key, Elsewhere.NOWHERE),
            **members.values(entry),
        )
        remarks = [*self._remarks(row, entry, identity)]
        if key in self._last_days:
            remarks.insert(0, f"此前已于 {self._last_days[key]} 离职，作为重新到岗导入")
        return PlannedRow(row, Outcome.ADDED, entry, identity, key, None, (), tuple(remarks), member)

    def _known(self, row: RosterRow, entry: MemberEntry, identity: Identity, key: str) -> PlannedRow:
        present = self._present[key]
        before = MemberEntry.of(present)
        after = merged(before, entry, states_full_time="full_time_unstated" not in row.flags)
        changed = members.changes(before, after)
        return PlannedRow(
            row,
            Outcome.CHANGED if changed else Outcome.UNCHANGED,
            after,
            identity,
            key,
            present.id,
            changed,
            (*_kept(before, entry), *self._remarks(row, after, identity)),
            dataclasses.replace(present, **members.values(after)),
        )

    def _remarks(self, row: RosterRow, entry: MemberEntry, identity: Identity) -> Iterator[str]:
        yield from (FLAGS[flag] for flag in row.flags)
        if row.left_on and row.left_on > self._on:
            yield f"表中的离职日期 {row.left_on} 在今天之后，暂按在职导入，离职后请登记"
        if identity.birth_on is not None:
            for problem in members.problems(entry, born=identity.birth_on, today=self._on):
                yield problem.message


def _rejected(row: RosterRow, entry: MemberEntry, identity: Identity | None, key: str, why: str) -> PlannedRow:
    return PlannedRow(row, Outcome.REJECTED, entry, identity, key, None, (), (why,), None)


def entry_of(row: RosterRow, *, on: date) -> MemberEntry:
    """What a row says, within what a record holds: nobody has left before the day."""
    said = {name: getattr(row, name) for name in FIELDS}
    for name, longest in LONGEST.items():
        if len(said[name]) > longest or not said[name].isprintable():
            said[name] = tidy(said[name])[:longest]
    if row.left_on is not None and row.left_on > on:
        said["left_on"] = None
    return MemberEntry(**said)


def merged(before: MemberEntry, said: MemberEntry, *, states_full_time: bool) -> MemberEntry:
    """What is written of a person after the import: what the spreadsheet leaves out stays as it was.

    An ordinary contract is also what a spreadsheet without that column reads as, so it never takes the place of 返聘,
    派遣 or 借调; nor does an unstated 专职 change the declaration.
    """
    given = {name: value for name in FIELDS if (value := getattr(said, name)) not in (None, "")}
    if said.employment is Employment.CONTRACT:
        del given["employment"]
    if not states_full_time:
        del given["full_time"]
    return dataclasses.replace(before, **given)


def _kept(before: MemberEntry, said: MemberEntry) -> Iterator[str]:
    if said.employment is Employment.CONTRACT and before.employment is not Employment.CONTRACT:
        yield f"用工形式仍按原记录“{before.employment.label}”，确已改变的请在人员资料中修改"
    if before.insured_elsewhere and not said.insured_elsewhere:
        yield f"社保缴纳单位仍按原记录“{before.insured_elsewhere}”，已转入本单位的请在人员资料中修改"
