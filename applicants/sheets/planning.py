"""What a spreadsheet would do to the register of applicants: planned row by row, before anything is saved."""

import dataclasses
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from applicants import keeping, queries
from applicants.entries import ApplicantEntry
from applicants.keeping import Sound
from applicants.models import Applicant, ApplicantFormerName, Kind
from applicants.sheets.reading import SheetRead, SheetRow
from applicants.sheets.words import values_of
from core.contacts import masked_phone
from core.errors import Collected, DomainError, Refusals
from core.labels import Labelled
from core.names import key_of
from core.places import bureaus
from core.search import sort_key

COMPARED = (
    "name", "kinds", "credit_code", "body_name", "body_code", "bureau", "county", "address", "industry_code",
    "industry", "representative", "contact_name", "contact_phone", "contact_email", "listed", "is_green_factory",
    "industrial_share", "park",
)  # fmt: skip
WORDS = {name: keeping.WORDS.get(name, "") for name in COMPARED} | {"kinds": "类型", "park": "所在园区"}
AT_ONCE = 500


class Outcome(Labelled):
    ADDED = "added", "新增"
    CHANGED = "changed", "更改"
    UNCHANGED = "unchanged", "不变"
    REJECTED = "rejected", "不导入"


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the spreadsheet and what becomes of it. `applicant_id` None: a new one."""

    row: SheetRow
    outcome: Outcome
    entry: ApplicantEntry
    applicant_id: int | None
    version: int
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    sound: Sound | None  # None: not imported
    alone: Applicant | None = None  # the one that a published list knows by this name alone, to be completed


@dataclass(frozen=True, slots=True)
class Plan:
    read: SheetRead
    rows: tuple[PlannedRow, ...]

    def having(self, outcome: Outcome) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def counts(self) -> Mapping[Outcome, int]:
        return Counter(row.outcome for row in self.rows)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to confirm."""
        return not (self.counts[Outcome.ADDED] or self.counts[Outcome.CHANGED])

    @property
    def version(self) -> int:
        """What a form carries: another one as soon as anything else would come of the sheet."""
        told = [(row.row.row, row.outcome.value, row.applicant_id, row.version) for row in self.rows]
        return zlib.crc32(repr(told).encode()) % 10**9


def plan(session: Session, read: SheetRead, *, bureau: str) -> Plan:
    """What confirming a sheet would do to the register as it stands. Changes nothing.

    `bureau`: the one whose officer brought it, "" for the province's.
    """
    return Plan(read, tuple(_Planner(session, read, bureau).rows()))


class _Planner:
    """What is known while the rows are gone through."""

    def __init__(self, session: Session, read: SheetRead, bureau: str) -> None:
        self._session, self._bureau = session, bureau
        self._read = [(row, *values_of(row)) for row in read.rows]
        self._there = self._known([values.get("credit_code", "") for _, values, _ in self._read])
        self._taken: dict[int, SheetRow] = {}
        self._named = self._names([values.get("name", "") for _, values, _ in self._read])
        self._twice = _repeats([(row, values) for row, values, _ in self._read])

    def _known(self, codes: Sequence[str]) -> dict[str, Applicant]:
        """The applicants that have these codes."""
        wanted = sorted(set(filter(None, codes)))
        found: dict[str, Applicant] = {}
        for start in range(0, len(wanted), AT_ONCE):
            rows = select(Applicant).where(Applicant.credit_code.in_(wanted[start : start + AT_ONCE]))
            for applicant in self._session.scalars(rows.options(joinedload(Applicant.park))):
                found[str(applicant.credit_code)] = applicant
        return found

    def _names(self, names: Sequence[str]) -> frozenset[str]:
        """Those of the names that an applicant has or had."""
        wanted = sorted(set(filter(None, names)))
        found: set[str] = set()
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start : start + AT_ONCE]
            keys = [sort_key(name)[:500] for name in some]
            found.update(self._session.scalars(select(Applicant.name).where(Applicant.sort_key.in_(keys))))
            former = select(ApplicantFormerName.name).where(ApplicantFormerName.name.in_(some))
            found.update(self._session.scalars(former))
        return frozenset(found)

    def rows(self) -> Iterator[PlannedRow]:
        for row, values, problems in self._read:
            if self._bureau:
                values.setdefault("bureau", self._bureau)
            refusals = Collected()
            sound, known, alone = None, None, None
            remarks: tuple[str, ...] = ()
            with refusals.attempt():
                known = self._applicant(values)
                remarks = self._kept(values, known) if known else ()
            entry = _fitting(dataclasses.replace(entry_of(known), **values) if known else _new(values))
            with refusals.attempt():
                alone = None if known else self._alone(entry)
                self._require_first(row, known or alone)
                sound = self._sound(values, entry, known, alone)
            told = [each for refusal in refusals.found for each in _single(refusal, unread=problems)]
            why = self._twice.get(row.row_key) or [*problems.values(), *told]
            if why or sound is None:
                yield PlannedRow(row, Outcome.REJECTED, entry, None, 0, (), tuple(dict.fromkeys(why)), None)
            else:
                yield _planned(row, sound, known, alone, remarks)

    def _kept(self, values: dict[str, Any], known: Applicant) -> tuple[str, ...]:
        """Take out what says the same in other words: a former name, the park by its name instead of its code."""
        if "park" in values and known.park in keeping.find_parks(self._session, values["park"]):
            del values["park"]
        name = values.get("name", known.name)
        if name != known.name and any(former.name == name for former in known.former_names):
            del values["name"]
            return (f"表中的名称“{name}”是曾用名，保持现名“{known.name}”",)
        return ()

    def _applicant(self, values: Mapping[str, Any]) -> Applicant | None:
        """The one that a row is about: by its code, a park by its body's, without any code by its name alone."""
        if code := values.get("credit_code"):
            return self._there.get(code)
        named = queries.find_by_name(self._session, values.get("name", ""))
        if body := values.get("body_code"):
            same = [each for each in named if each.body_code == body]
        else:
            same = [each for each in named if each.bureau == values.get("bureau", each.bureau)]
        if len(same) > 1:
            raise DomainError("登记有几个同名的培育对象，请补上统一社会信用代码。")
        return same[0] if same else None

    def _alone(self, entry: ApplicantEntry) -> Applicant | None:
        return keeping.known_by_name_alone(self._session, entry) if entry.name in self._named else None

    def _require_first(self, row: SheetRow, known: Applicant | None) -> None:
        """Two rows may mean one applicant, one by its code, one by its name. Raises DomainError for the later."""
        if known is not None and (first := self._taken.setdefault(known.id, row)) is not row:
            raise DomainError(f"与第 {first.row} 行是同一培育对象，只保留最先出现的一行。")

    def _sound(
        self, values: Mapping[str, Any], entry: ApplicantEntry, known: Applicant | None, alone: Applicant | None
    ) -> Sound:
        """Judge what a row says together with what is known. Raises DomainError: why it can't be taken over."""
        if self._bureau and entry.bureau != self._bureau:
            own = bureaus()[self._bureau].name
            raise DomainError(f"不属于{own}，只能导入本局的培育对象。")
        if known is not None and not known.bureau and values.get("bureau"):
            raise DomainError("历年名单中已有，尚未确定所属工信局，请由省厅先在该培育对象页“变更所属工信局”。")
        if known is not None:
            keeping.require_same_bureau(entry, known)
        return keeping.require_sound(self._session, entry, known=known or alone)


def _single(refusal: DomainError, *, unread: Collection[str]) -> list[str]:
    """Each reason by itself; not that a field is missing which is there and can't be read."""
    found = refusal.refusals if isinstance(refusal, Refusals) else (refusal,)
    return [each.message for each in found if each.field not in unread]


def _planned(
    row: SheetRow, sound: Sound, known: Applicant | None, alone: Applicant | None, remarks: tuple[str, ...]
) -> PlannedRow:
    entry = sound.entry
    if known is not None:
        changes = tuple(changes_between(entry_of(known), entry))
        outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
        return PlannedRow(row, outcome, entry, known.id, known.version, changes, remarks, sound)
    if alone is not None:
        told = ("历年名单中有这个名称而没有代码，导入后补全它的登记",)
        return PlannedRow(row, Outcome.CHANGED, entry, None, alone.version, (), told, sound, alone)
    return PlannedRow(row, Outcome.ADDED, entry, None, 0, (), (), sound)


def _fitting(entry: ApplicantEntry) -> ApplicantEntry:
    """Without what is asked of other kinds only: it is not kept."""
    is_green = entry.is_green_factory if Kind.SUPPLY_CHAIN in entry.kinds else None
    share = entry.industrial_share if Kind.PARK in entry.kinds else None
    return dataclasses.replace(entry, is_green_factory=is_green, industrial_share=share)


def _new(values: Mapping[str, Any]) -> ApplicantEntry:
    given = {"name": "", "kinds": ()} | dict(values)
    return ApplicantEntry(**given)


def entry_of(applicant: Applicant) -> ApplicantEntry:
    """What is known of an applicant, as it would be entered."""
    return ApplicantEntry(
        name=applicant.name,
        kinds=applicant.kinds,
        credit_code=applicant.credit_code or "",
        body_name=applicant.body_name,
        body_code=applicant.body_code or "",
        region=applicant.region,
        bureau=applicant.bureau,
        county=applicant.county,
        address=applicant.address,
        industry_code=applicant.industry_code,
        industry=applicant.industry,
        representative=applicant.representative,
        contact_name=applicant.contact_name,
        contact_phone=applicant.contact_phone or "",
        contact_email=applicant.contact_email,
        listed=applicant.listed,
        is_green_factory=applicant.is_green_factory,
        industrial_share=applicant.industrial_share,
        park=(applicant.park.credit_code or applicant.park.name) if applicant.park else "",
    )


def changes_between(before: ApplicantEntry, after: ApplicantEntry) -> Iterator[Change]:
    for name in COMPARED:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change(WORDS[name], told(name, old), told(name, new))


def told(name: str, value: Any) -> str:
    """A value as an officer reads it."""
    if value in (None, "", ()):
        return "（空）"
    if name == "kinds":
        return keeping.words_of(value)
    if name == "contact_phone":
        return masked_phone(value)
    if name == "bureau":
        return bureaus()[value].place if value in bureaus() else str(value)
    if name == "industrial_share":
        return f"{value / 10:g}%"
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.label if isinstance(value, Labelled) else str(value)


def _repeats(rows: Sequence[tuple[SheetRow, Mapping[str, Any]]]) -> dict[tuple[str, int], list[str]]:
    """Why a row stands twice: every row of a code with two names, the later rows of one applicant."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for _, values in rows:
        if code := values.get("credit_code"):
            names[code].add(key_of(values.get("name", "")))
    first: dict[tuple[str, str], SheetRow] = {}
    found: dict[tuple[str, int], list[str]] = {}
    for row, values in rows:
        code, name = values.get("credit_code", ""), key_of(values.get("name", ""))
        key = (code or values.get("body_code", ""), name)
        if code and len(names[code]) > 1:
            found[row.row_key] = ["同一统一社会信用代码在表中对应不同名称，请核对后保留正确的一行。"]
        elif name and key in first:
            found[row.row_key] = [f"与第 {first[key].row} 行重复，只保留最先出现的一行。"]
        else:
            first[key] = row
    return found
