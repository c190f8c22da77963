"""Reading published lists: entries as they were filtered, and how many entries each agency stands behind."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session, aliased, contains_eager

from accounts.models import User
from agency.models import Agency, Spelling
from agency.models.ledgers import parts
from applicants import naming
from applicants.models import Applicant, Kind
from core.db import db
from core.exports import Column
from core.paging import Page, bounded_count, page_of
from core.search import searchable
from evaluations.models import ListEntry, ListImport
from evaluations.published.known import batch_label, list_name
from evaluations.rules.states import Level

COLUMNS = (
    Column("级别", 8), Column("类别", 18), Column("年度", 8), Column("批次", 8), Column("公布日期", 12),
    Column("序号", 8), Column("地区", 10), Column("名称", 40), Column("统一社会信用代码", 22), Column("行业", 12),
    Column("第三方机构", 36), Column("归并后的机构", 36), Column("移出日期", 12), Column("移出依据", 30),
    Column("来源", 40),
)  # fmt: skip
LISTED = 5_000  # counted no further


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of the entries; "" and None: everything. `body`: an agency's id; `spelling`: as published."""

    word: str = ""
    level: Level | None = None
    batch: str = ""
    year: int | None = None
    kind: Kind | None = None
    region: str = ""
    agency: str = ""
    body: int | None = None
    spelling: str = ""
    applicant: int | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a published agency name means: bodies by id and name; none where nothing was decided or known."""

    bodies: tuple[tuple[int, str], ...] = ()
    divided: bool = False
    joint_cell: bool = False  # may name several, and an officer has not said yet
    spelling_id: int | None = None

    @property
    def names(self) -> str:
        return "、".join(name for _, name in self.bodies)


UNKNOWN = Meaning()


@dataclass(frozen=True, slots=True)
class Listing:
    """`found` is None where there are too many to count at each look."""

    page: Page[ListEntry]
    found: int | None
    meanings: Mapping[str, Meaning]


def listing(session: Session, wanted: Wanted, *, cursor: str | None = None, size: int = 50) -> Listing:
    """A page of entries, in the order of their publishing."""
    rows = _asked_for(session, wanted)
    page = page_of(
        session,
        rows.options(contains_eager(ListEntry.applicant)),
        keys=(ListEntry.year, ListEntry.batch, ListEntry.id),
        cursor=cursor,
        size=size,
    )
    texts = {entry.agency for entry in page.items if entry.agency}
    return Listing(page, bounded_count(session, rows, most=LISTED), meanings(session, texts))


def exported(session: Session, wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    """Every entry that is asked for, a row each for the spreadsheet."""
    meant = meanings(session, None)
    columns = [getattr(ListEntry, name) for name in (
        "level", "kind", "year", "batch", "published", "position", "region", "name", "credit_code", "industry",
        "agency", "removed_on", "basis", "source",
    )]  # fmt: skip
    rows = _asked_for(session, wanted).with_only_columns(*columns, maintain_column_froms=True)
    ordered = rows.order_by(ListEntry.year, ListEntry.batch, ListEntry.id).execution_options(yield_per=500)
    for level, kind, *middle, agency, removed_on, basis, source in session.execute(ordered):
        yield level.label, kind.label, *middle, agency, meant.get(agency, UNKNOWN).names, removed_on, basis, source


def _asked_for(session: Session, wanted: Wanted) -> Select[Any]:
    rows = select(ListEntry).join(Applicant, Applicant.id == ListEntry.applicant_id)
    exact = {
        ListEntry.level: wanted.level,
        ListEntry.batch: wanted.batch,
        ListEntry.year: wanted.year,
        ListEntry.kind: wanted.kind,
        ListEntry.region: wanted.region,
        ListEntry.agency: wanted.spelling,
        ListEntry.applicant_id: wanted.applicant,
    }
    rows = rows.where(*(column == value for column, value in exact.items() if value))
    if wanted.agency or wanted.body is not None:
        texts = _texts_of(session, wanted)
        rows = rows.where(ListEntry.agency.in_(texts) if texts else false())
    return naming.named(session, rows, wanted.word)


def _texts_of(session: Session, wanted: Wanted) -> list[str]:
    """The published names that mean a body, or that contain a word, or whose body's name or other spellings do."""
    texts = session.scalars(select(ListEntry.agency).distinct().where(ListEntry.agency.is_not(None))).all()
    meant = meanings(session, None)
    if wanted.body is not None:
        bodies = {wanted.body}
    else:
        word = searchable(wanted.agency)
        texts_with = {text for text in meant if word in searchable(text)}
        bodies = {id_ for text in texts_with for id_, _ in meant[text].bodies}
        bodies |= {id_ for each in meant.values() for id_, name in each.bodies if word in searchable(name)}
        own = [text for text in texts if text and word in searchable(text)]
        return sorted({*own, *_meaning(texts, meant, bodies)})
    return sorted(_meaning(texts, meant, bodies))


def _meaning(texts: Sequence[str | None], meant: Mapping[str, Meaning], bodies: Collection[int]) -> set[str]:
    return {text for text in texts if text and any(id_ in bodies for id_, _ in meant.get(text, UNKNOWN).bodies)}


def meanings(session: Session, texts: Collection[str] | None) -> dict[str, Meaning]:
    """What published names mean; None: all that any ledger brought. Two queries."""
    if texts is not None and not texts:
        return {}
    rows = select(Spelling.id, Spelling.text, Spelling.joint_cell, Spelling.agency_id, Agency.name).outerjoin(
        Agency, Agency.id == Spelling.agency_id
    )
    part, body = aliased(Spelling), aliased(Agency)
    divided = (
        select(parts.c.spelling_id, part.agency_id, body.name)
        .join(part, part.id == parts.c.part_id)
        .join(body, body.id == part.agency_id)
        .order_by(part.id)
    )
    if texts is not None:
        rows = rows.where(Spelling.text.in_(texts))
        divided = divided.join(Spelling, Spelling.id == parts.c.spelling_id).where(Spelling.text.in_(texts))
    inside: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for spelling_id, agency_id, name in session.execute(divided):
        if (agency_id, name) not in inside[spelling_id]:
            inside[spelling_id].append((agency_id, name))
    found = {}
    for id_, text, joint, agency_id, name in session.execute(rows):
        if agency_id is not None:
            found[text] = Meaning(((agency_id, name),), spelling_id=id_)
        else:
            found[text] = Meaning(tuple(inside[id_]), bool(inside[id_]), joint and not inside[id_], id_)
    return found


@dataclass(frozen=True, slots=True)
class ListRef:
    """A list that was brought, with how many entries it has."""

    level: Level
    year: int
    batch: str
    entries: int
    without_agency: int

    @property
    def key(self) -> str:
        return f"{self.level.value}:{self.batch}"

    @property
    def name(self) -> str:
        return list_name(self.level, self.batch)

    @property
    def short(self) -> str:
        return batch_label(self.batch)


def lists(session: Session) -> list[ListRef]:
    """The lists there are, oldest first."""
    rows = session.execute(
        select(
            ListEntry.level, ListEntry.year, ListEntry.batch, func.count(), func.count() - func.count(ListEntry.agency)
        ).group_by(ListEntry.level, ListEntry.year, ListEntry.batch)
    )
    found = [ListRef(*row) for row in rows]
    return sorted(found, key=lambda each: (list(Level).index(each.level), each.year, len(each.batch), each.batch))


def regions(session: Session) -> Sequence[str]:
    """The regions as published, those with most entries first."""
    return session.scalars(
        select(ListEntry.region).group_by(ListEntry.region).order_by(func.count().desc(), ListEntry.region)
    ).all()


def imports(session: Session) -> list[tuple[ListImport, str]]:
    """What was brought and by whom, newest first."""
    rows = session.execute(
        select(ListImport, User.display_name)
        .outerjoin(User, User.id == ListImport.brought_by)
        .order_by(ListImport.id.desc())
    )
    return [(row, by or "命令行") for row, by in rows]


def entry_seen_by(user: User, entry_id: int) -> ListEntry | None:
    """Published lists are the same for every officer."""
    return db.session.get(ListEntry, entry_id)


def others_of(session: Session, entry: ListEntry) -> Sequence[ListEntry]:
    """The other entries of the same applicant."""
    rows = select(ListEntry).where(ListEntry.applicant_id == entry.applicant_id, ListEntry.id != entry.id)
    return session.scalars(rows.order_by(ListEntry.year, ListEntry.batch, ListEntry.id)).all()


@dataclass(frozen=True, slots=True)
class Behind:
    """A published body, joined or a spelling of its own, and how many entries of each list it stands behind."""

    name: str
    body: int | None  # an agency's id; None: nothing was joined, the spelling counts by itself
    spellings: tuple[str, ...]
    counts: Counter[str]  # by ListRef.key
    undecided: bool  # a cell that may name several, counted as published

    @property
    def total(self) -> int:
        return self.counts.total()


def by_spelling(session: Session) -> Mapping[str, Counter[str]]:
    """How many entries each published name stands behind, by list."""
    rows = session.execute(
        select(ListEntry.agency, ListEntry.level, ListEntry.batch, func.count())
        .where(ListEntry.agency.is_not(None))
        .group_by(ListEntry.agency, ListEntry.level, ListEntry.batch)
    )
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text, level, batch, count in rows:
        found[str(text)][f"{level.value}:{batch}"] = count
    return found


def behind(session: Session) -> list[Behind]:
    """Every body that stands behind entries, those with most first; a divided cell counts for each of its bodies."""
    counted, meant = by_spelling(session), meanings(session, None)
    sums: defaultdict[tuple[int | None, str], Counter[str]] = defaultdict(Counter)
    texts: defaultdict[tuple[int | None, str], list[str]] = defaultdict(list)
    for text, counts in counted.items():
        bodies: Sequence[tuple[int | None, str]] = meant.get(text, UNKNOWN).bodies or [(None, text)]
        for key in bodies:
            sums[key].update(counts)
            texts[key].append(text)
    rows = [
        Behind(name, id_, tuple(texts[id_, name]), counts, id_ is None and meant.get(name, UNKNOWN).joint_cell)
        for (id_, name), counts in sums.items()
    ]
    return sorted(rows, key=lambda row: (-row.total, row.name))


def called(rows: Sequence[Behind], word: str) -> Sequence[Behind]:
    """Those whose name or a spelling contains a word."""
    plain = searchable(word)
    return [row for row in rows if any(plain in searchable(text) for text in (row.name, *row.spellings))]


def above(rows: Sequence[Behind], lists: Sequence[ListRef], number: int) -> list[tuple[ListRef, list[Behind]]]:
    """The lists in which a body stands behind more entries than a number, with these bodies."""
    found = [(each, [row for row in rows if row.counts[each.key] > number]) for each in lists]
    return [(each, sorted(most, key=lambda row: -row.counts[each.key])) for each, most in found if most]


def name_of_body(session: Session, agency_id: int) -> str:
    return session.scalar(select(Agency.name).where(Agency.id == agency_id)) or ""
