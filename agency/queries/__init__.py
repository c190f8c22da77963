"""Reading agencies: one as facts for rules and pages, one as seen by a user."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from accounts.models import User
from agency import models, particulars
from agency.particulars import Elsewhere, Particulars
from agency.persons import in_chunks
from core.audit import AuditEntry
from core.contacts import masked_phone
from core.paging import Page, page_of
from core.traces import phone_mark

Row = TypeVar("Row", models.Office, models.Record, models.Training, models.OutsideProjects)


def agency_with_everything(session: Session, agency_id: int) -> models.Agency | None:
    """An agency and all its particulars, in a fixed number of queries."""
    parts = (
        models.Agency.former_names,
        models.Agency.representations,
        models.Agency.offices,
        models.Agency.records,
        models.Agency.trainings,
        models.Agency.outside_projects,
        models.Agency.declarations,
        models.Agency.materials,
        models.Agency.flags,
    )
    return session.scalar(
        select(models.Agency)
        .where(models.Agency.id == agency_id)
        .options(*(selectinload(part) for part in parts))
        .execution_options(populate_existing=not session.info.get("writing"))
    )


def particulars_of(session: Session, agency: models.Agency) -> Particulars:
    """What an agency is and has now, as frozen facts."""
    staff = _staff_rows(session, agency.id)
    elsewhere = claims_elsewhere(session, agency, (row.person_id for row in staff if row.left_on is None))
    return Particulars(
        credit_code=agency.credit_code or "",
        name=agency.name,
        kind=agency.kind,
        address=agency.address,
        division=agency.division,
        in_china=agency.in_china,
        platform_number=agency.platform_number,
        platform_registered_on=agency.platform_registered_on,
        capabilities=agency.capabilities,
        finance_system=agency.finance_system,
        contact_name=agency.contact_name,
        contact_phone=masked_phone(agency.contact_phone or ""),
        contact_email=agency.contact_email,
        service_address=agency.service_address,
        representative=_representative(agency.representation),
        offices=tuple(
            particulars.Office(row.id, row.address, row.area_m2, row.tenure, row.leased_until) for row in agency.offices
        ),
        staff=tuple(_staff_member(row, elsewhere.get(row.person_id, Elsewhere.NOWHERE)) for row in staff),
        records=tuple(
            particulars.Record(row.id, row.kind, row.role, row.title, row.number, row.commissioner, row.on)
            for row in agency.records
        ),
        trainings=tuple(
            particulars.Training(row.id, row.topic, row.on, row.attendees, row.hours) for row in agency.trainings
        ),
        outside_projects=tuple(
            particulars.OutsideProjects(row.id, row.year, row.province, row.capability, row.count)
            for row in agency.outside_projects
        ),
        declarations=tuple(
            particulars.Declaration(row.kind, row.signed_by, row.signed_on) for row in agency.declarations
        ),
        materials=tuple(
            particulars.Material(
                row.id, row.kind, row.subject, row.subject_id, row.file_id, row.file.name, row.file.digest
            )
            for row in agency.materials
        ),
        bureau=agency.bureau,
        phones=_phones(agency),
    )


def _phones(agency: models.Agency) -> tuple[str, ...]:
    """Contact's first, "" where there is none: the two stand at their places."""
    representative = agency.representation
    return phone_mark(agency.contact_phone), phone_mark(representative.phone if representative else "")


def _representative(row: models.Representation | None) -> particulars.Representative | None:
    if row is None:
        return None
    return particulars.Representative(
        name=row.name,
        document=row.person.document,
        number=row.person.masked,
        identity=row.person.identity,
        phone=masked_phone(row.phone),
        since=row.since,
    )


def _staff_rows(session: Session, agency_id: int) -> Sequence[Any]:
    """The columns of the staff and of who they are: there may be thousands, and no object of theirs is changed."""
    member, person = models.StaffMember, models.Person
    columns = (person.masked, person.identity, person.birth_on, person.sex)
    rows = select(*member.__table__.columns, *columns).join(person, person.id == member.person_id)
    return session.execute(rows.where(member.agency_id == agency_id).order_by(member.id)).all()


def _staff_member(row: Any, elsewhere: Elsewhere) -> particulars.StaffMember:
    if row.birth_on is None or row.sex is None:
        raise ValueError(f"staff member {row.id}: an identity number gives birth date and sex")
    return particulars.StaffMember(
        id=row.id,
        name=row.name,
        number=row.masked,
        identity=row.identity,
        birth_on=row.birth_on,
        sex=row.sex,
        title=row.title,
        series=row.series,
        declared_level=row.declared_level,
        major=row.major,
        degree_major=row.degree_major,
        granted_on=row.granted_on,
        certificate_number=row.certificate_number,
        employment=row.employment,
        full_time=row.full_time,
        contract_until=row.contract_until,
        insured_since=row.insured_since,
        insured_elsewhere=row.insured_elsewhere,
        joined_on=row.joined_on,
        left_on=row.left_on,
        elsewhere=elsewhere,
        note=row.note,
    )


def claims_elsewhere(session: Session, agency: models.Agency, persons: Iterable[int]) -> dict[int, Elsewhere]:
    """Reading 3: person id → how other agencies' claims bear on this one's, for the persons given.

    An award by an officer decides. Otherwise a person on this agency's filing in force goes on counting here; a
    filing in force elsewhere bars a later claim; between two claims not yet filed, the person counts for neither.
    """
    claims = [
        claim
        for some in in_chunks(persons)
        for claim in session.scalars(select(models.RosterClaim).where(models.RosterClaim.person_id.in_(some)))
    ]
    own = {claim.person_id: claim for claim in claims if claim.agency_id == agency.id}
    result: dict[int, Elsewhere] = {}
    for claim in claims:
        if claim.agency_id == agency.id:
            continue
        bearing = _bearing(own.get(claim.person_id), claim)
        known = result.get(claim.person_id, Elsewhere.NOWHERE)
        result[claim.person_id] = max(known, bearing, key=list(Elsewhere).index)
    return result


def _bearing(own: models.RosterClaim | None, other: models.RosterClaim) -> Elsewhere:
    filed = models.ClaimStanding.FILED
    own_award = own.awarded_at if own is not None else None
    if own_award is not None and (other.awarded_at is None or other.awarded_at < own_award):
        return Elsewhere.NOWHERE
    if other.awarded_at is not None:
        # a claim handed in after the award brings new facts, which an officer may judge anew
        is_decided = own is not None and own.since <= other.awarded_at
        return Elsewhere.AWARDED if is_decided else Elsewhere.FILED
    if own is not None and own.standing is filed:
        return Elsewhere.FILED if other.standing is filed and other.since < own.since else Elsewhere.NOWHERE
    return Elsewhere.FILED if other.standing is filed else Elsewhere.CLAIMED


def own_agency(session: Session, user: User) -> models.Agency | None:
    """The agency a user belongs to, with everything."""
    return agency_with_everything(session, user.agency_id) if user.agency_id is not None else None


def material_of(session: Session, agency_id: int | None, material_id: int) -> models.Material | None:
    """A material of an agency, also one taken out: what was handed in may hold it."""
    material = session.get(models.Material, material_id)
    return material if material is not None and material.agency_id == agency_id else None


def possession_of(session: Session, agency_id: int | None, kind: type[Row], row_id: int) -> Row | None:
    """One row of what an agency has."""
    row = session.get(kind, row_id)
    return row if row is not None and row.agency_id == agency_id else None


def users_of(session: Session, agency_id: int) -> Sequence[User]:
    """The accounts of an agency, those cut off too."""
    return session.scalars(select(User).where(User.agency_id == agency_id).order_by(User.id)).all()


def history_of(session: Session, agency: models.Agency) -> Sequence[AuditEntry]:
    """What was done about an agency itself, newest first; changes of single rows stand under these."""
    rows = select(AuditEntry).where(AuditEntry.object_kind == "agency", AuditEntry.object_id == agency.id)
    return session.scalars(rows.order_by(AuditEntry.number.desc()).limit(50)).all()


def code_checks(session: Session, *, cursor: str | None, pending: bool) -> Page[models.CodeCheck]:
    """申请人工核验, those that wait or those decided, newest first."""
    asked = models.CodeCheck.state == models.CodeCheckState.ASKED
    return page_of(
        session,
        select(models.CodeCheck).where(asked if pending else ~asked),
        keys=(models.CodeCheck.id,),
        cursor=cursor,
        descending=True,
    )


def code_check(session: Session, check_id: int) -> models.CodeCheck | None:
    return session.get(models.CodeCheck, check_id)


def non_adoptions_of(session: Session, agency_id: int) -> Sequence[models.NonAdoption]:
    """Every decision that its results are not adopted, those annulled too, the latest end first."""
    rows = select(models.NonAdoption).where(models.NonAdoption.agency_id == agency_id)
    return session.scalars(rows.order_by(models.NonAdoption.last_day.desc(), models.NonAdoption.id.desc())).all()
