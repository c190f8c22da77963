"""The old years: published lists brought as history, and entries that were taken off a list later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from applicants import naming
from applicants.models import Applicant, ApplicantFormerName, Kind, ListLevel, Origin
from core import audit, clock
from core.db import transaction
from core.documents import clean_name
from core.errors import Conflict
from core.refs import Actor
from core.sheets import Limits, extension_of
from evaluations import removing
from evaluations.models import ListEntry, ListImport
from evaluations.published.bodies import Body, bodies_of
from evaluations.published.known import list_name
from evaluations.published.reading import Place, PublishedRow, WrongRow, read_list, spellings, together
from evaluations.rules.states import Level

AT_ONCE = 500  # of the values in one statement


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brought, and what it holds altogether; `import_id` is None where nothing of it was new."""

    import_id: int | None
    rows: int
    new_rows: int
    applicants: int  # that its rows mean
    new_applicants: int
    spellings: int  # of agencies
    without_agency: int


def bring(content: bytes, *, file_name: str, level: Level, limits: Limits, by: Actor | None) -> Brought:
    """Take a published list as history: applicants by code or name, agencies as published. It holds no places.

    An entry that is there already is not kept twice. Raises UnreadableSheet, Refusals or WrongRow with the rows that
    are wrong, then nothing is kept; Conflict where another list is brought at the same moment.
    """
    rows = read_list(content, limits, level=level, today=clock.today())
    try:
        with transaction() as session:
            there = _there(session, rows)
            new = [row for row in rows if row.place not in there]
            bodies = bodies_of(session, new) if new else []
            made = sum(1 for body in bodies if body.id is None)
            import_id = None
            if new:
                brought = ListImport(
                    file_name=clean_name(file_name, extension_of(content))[:200],
                    rows=len(rows),
                    new_rows=len(new),
                    brought_at=clock.now(),
                    brought_by=by.id if by else None,
                )
                session.add(brought)
                session.flush()
                _keep(session, brought.id, bodies)
                told = f"{len(rows)} 条，新 {len(new)} 条，新培育对象 {made} 家"
                audit.record(session, "list_import.brought", brought, by=by, after=told)
                import_id = brought.id
            applicants = set(there.values()) | {body.id for body in bodies}
    except IntegrityError as clash:
        if any(table in str(clash.orig) for table in ("list_entry", "credit_code")):
            raise Conflict("另一份名单或其中的培育对象刚刚有人录入，请刷新后再导入一次。") from None
        raise
    return Brought(
        import_id=import_id,
        rows=len(rows),
        new_rows=len(new),
        applicants=len(applicants),
        new_applicants=made,
        spellings=len(list(spellings(rows))),
        without_agency=sum(1 for row in rows if row.agency is None),
    )


def _there(session: Session, rows: Sequence[PublishedRow]) -> dict[Place, int]:
    """The entries that were brought before, with their applicants. Raises what differs from them."""
    levels, batches = {row.place.level for row in rows}, {row.place.batch for row in rows}
    kept = {
        Place(entry.level, entry.kind, entry.batch, entry.position): entry
        for entry in session.execute(
            select(*ListEntry.__table__.columns).where(ListEntry.level.in_(levels), ListEntry.batch.in_(batches))
        )
    }
    found, wrong = {}, []
    for row in rows:
        entry = kept.get(row.place)
        if entry is None:
            continue
        before = {name: getattr(entry, name) for name in ("year", *AS_PUBLISHED)}
        now = {"year": row.year, **as_published(row)}
        if before != now:
            label = f"{list_name(row.place.level, row.place.batch)}{row.place.kind.label}第 {row.place.position} 号"
            wrong.append(WrongRow(row.row, f"{label}此前已导入为“{entry.name}”，与本文件不同，请核对"))
        found[row.place] = entry.applicant_id
    if wrong:
        raise together(wrong)
    return found


AS_PUBLISHED = ("published", "name", "region", "industry", "credit_code", "agency")


def as_published(row: PublishedRow) -> dict[str, Any]:
    """What an entry keeps of its row word by word."""
    return {
        "published": row.published,
        "name": row.name,
        "region": row.region,
        "industry": row.industry,
        "credit_code": row.code,
        "agency": row.agency,
    }


def _keep(session: Session, import_id: int, bodies: Sequence[Body]) -> None:
    made = [(body, _applicant(body)) for body in bodies if body.id is None]
    session.add_all([applicant for _, applicant in made])
    session.flush()
    touched = _touched(session, [body for body in bodies if body.id is not None])
    naming.index(session, [*(applicant for _, applicant in made), *touched])
    for body, applicant in made:
        body.id = applicant.id
    entries = [
        {
            "import_id": import_id,
            "applicant_id": body.id,
            "kind": row.place.kind,
            "level": row.place.level,
            "year": row.year,
            "batch": row.place.batch,
            "position": row.place.position,
            "source": row.source,
            "basis": "",
            **as_published(row),
        }
        for body in bodies
        for row in body.rows
    ]
    session.execute(insert(ListEntry), sorted(entries, key=lambda entry: _order(entry)))


def _order(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """As they were published: the list shows them by id within a batch."""
    kinds = list(Kind)
    return entry["year"], entry["published"], entry["batch"], kinds.index(entry["kind"]), entry["position"]


def _applicant(body: Body) -> Applicant:
    """A new applicant goes by its latest name; the others in the file were former ones, or are spellings."""
    rows = sorted(body.rows, key=lambda row: (row.published, row.code is not None, row.row))
    last = rows[-1]
    applicant = Applicant(
        name=last.name,
        credit_code=body.code,
        region=last.region,
        industry=next((row.industry for row in reversed(rows) if row.industry), ""),
        listed=ListLevel(last.place.level.value),
        origin=Origin.HISTORY,
        entered_at=clock.now(),
        search_text="",
        sort_key="",
        former_names=[ApplicantFormerName(name=name) for name in body.new_names if name != last.name],
    )
    _set_kinds(applicant, body)
    return applicant


def _set_kinds(applicant: Applicant, body: Body) -> bool:
    """Say what it is listed as; returns whether that was new."""
    before = applicant.kinds
    kinds = {row.place.kind for row in body.rows} | set(before)
    applicant.is_factory, applicant.is_park = Kind.FACTORY in kinds, Kind.PARK in kinds
    applicant.is_supply_chain = Kind.SUPPLY_CHAIN in kinds
    return applicant.kinds != before


def _touched(session: Session, bodies: Sequence[Body]) -> list[Applicant]:
    """Tell applicants that were there what the list says of them; returns those to be found by more than before."""
    ids = {body.id: body for body in bodies}
    renamed = []
    for part in _parts(sorted(id_ for id_ in ids if id_ is not None)):
        rows = select(Applicant).where(Applicant.id.in_(part)).options(selectinload(Applicant.former_names))
        for applicant in session.scalars(rows.with_for_update(), execution_options={"populate_existing": True}):
            body = ids[applicant.id]
            more = _set_kinds(applicant, body)
            if body.learnt:
                applicant.credit_code = body.code
            applicant.former_names.extend(ApplicantFormerName(name=name) for name in body.new_names)
            if body.learnt or body.new_names:
                renamed.append(applicant)
            if more or body.learnt or body.new_names:
                applicant.version += 1
    return renamed


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


def remove(entry_id: int, *, on: date, basis: str, by: Actor) -> None:
    """移出名单: an entry stays with the day and the basis of its removal, which is a fact of 第十一条（三） as well.

    Raises AlreadyRemoved, DomainError.
    """
    with transaction() as session:
        removing.remove(session, removing.locked(session, entry_id), on=on, basis=basis, by=by)


def put_back(entry_id: int, *, reason: str, by: Actor) -> None:
    """撤销移出: entered wrongly; the fact of 第十一条（三） that came of it is annulled with it. Raises NotRemoved."""
    with transaction() as session:
        removing.put_back(session, removing.locked(session, entry_id), reason=reason, by=by)
