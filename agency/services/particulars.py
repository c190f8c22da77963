"""An agency keeps who it is: identity, legal representative, financial system, declarations."""

from datetime import timedelta

from agency import changing, identities, persons, places, validity
from agency.entries import IdentityEntry, RepresentativeEntry
from agency.models import Declaration, Representation
from agency.particulars import DeclarationKind
from agency.validity import Term
from core import clock
from core.db import transaction
from core.errors import Collected, Conflict, DomainError
from core.identity import Identity
from core.refs import Actor


class NobodyInOffice(Conflict):
    """There is no representative to correct."""


def update_identity(agency_id: int, entry: IdentityEntry, *, version: int, by: Actor) -> None:
    """Change who the agency is; a former name is kept. Raises Conflict, IsBranch and others, several as Refusals."""
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        identities.require_possible(entry)
        before = agency.name
        identities.write(session, agency, entry)
        changing.finish(session, agency, "agency.identity_changed", by=by, before=before, after=agency.name)


def change_representative(agency_id: int, entry: RepresentativeEntry, *, version: int, by: Actor) -> None:
    """A new legal representative, also one entered late: the one before ends on the day before. Raises Conflict."""
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        current, today = agency.representation, clock.today()
        refusals = Collected()
        with refusals.attempt():
            _require_another(entry, current)
        with refusals.attempt():
            if current is None:
                validity.require_past(entry.since, today=today, what="任职日期", field="since")
            else:
                validity.require_later_term(entry.since, current=Term(current.since, None), today=today)
        refusals.settle()
        if current is not None:
            current.until = entry.since - timedelta(days=1)
            session.flush()  # the one in office ends before the next begins: one at a time
        session.add(
            Representation(
                agency_id=agency.id,
                person=persons.find_or_add(session, Identity.read(entry.document, entry.number)),
                name=entry.name,
                phone=entry.phone,
                since=entry.since,
                entered_at=clock.now(),
            )
        )
        places.resettle(session, agency.id, by=by)
        changing.finish(session, agency, "agency.representative_changed", by=by, after=f"自 {entry.since} 起")


def _require_another(entry: RepresentativeEntry, current: Representation | None) -> None:
    person = Identity.read(entry.document, entry.number, field="number")
    if current is not None and current.person.identity == person.key:
        raise DomainError("这是现任法定代表人；姓名、电话录错的，请用“更正现任信息”。", field="number")


def correct_representative(agency_id: int, entry: RepresentativeEntry, *, version: int, by: Actor) -> None:
    """Put right what was mistyped of the one in office. The number only until the first filing: it is then relied on.

    An empty number stays as it is. Raises Conflict, DomainError.
    """
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        current = agency.representation
        if current is None:
            raise NobodyInOffice("没有现任法定代表人，请用“变更法定代表人”登记。")
        former = next((row for row in reversed(agency.representations) if row.until is not None), None)
        refusals, person = Collected(), None
        with refusals.attempt():
            term = Term(former.since, former.until) if former else None
            validity.require_corrected_term(entry.since, former=term, today=clock.today())
        with refusals.attempt():
            if entry.number:
                person = Identity.read(entry.document, entry.number, field="number")
        with refusals.attempt():
            if person is not None and person.key != current.person.identity and not agency.is_unproved:
                raise DomainError("已备案机构不能更正证件号码；换了人的，请用“变更法定代表人”。", field="number")
        refusals.settle()
        if former is not None:
            former.until = entry.since - timedelta(days=1)
        before = f"自 {current.since} 起"
        current.name, current.phone, current.since = entry.name, entry.phone, entry.since
        if person is not None:
            current.person = persons.find_or_add(session, person)
        places.resettle(session, agency.id, by=by)
        changing.finish(
            session, agency, "agency.representative_corrected", by=by, before=before, after=f"自 {entry.since} 起"
        )


def describe_finances(agency_id: int, text: str, *, version: int, by: Actor) -> None:
    """第二十条（二）: a line on the financial system. Raises Conflict."""
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        agency.finance_system = text
        changing.finish(session, agency, "agency.finances_described", by=by)


def sign_declarations(
    agency_id: int, kinds: tuple[DeclarationKind, ...], *, signed_by: str, version: int, by: Actor
) -> None:
    """Declare, each by itself, under today's date; what is declared already stays as it was signed. Raises Conflict."""
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        if not kinds:
            raise DomainError("请逐项勾选要作出的声明。", field="kinds")
        made = {declaration.kind for declaration in agency.declarations}
        new = [kind for kind in DeclarationKind if kind in kinds and kind not in made]
        session.add_all(
            Declaration(agency_id=agency.id, kind=kind, signed_by=signed_by, signed_on=clock.today()) for kind in new
        )
        changing.finish(session, agency, "agency.declared", by=by, after="、".join(kind.value for kind in new))


def withdraw_declaration(agency_id: int, kind: DeclarationKind, *, version: int, by: Actor) -> None:
    """Take a declaration back; one already taken back stays so. Raises Conflict."""
    with transaction() as session:
        agency = changing.begin(session, agency_id, shown=version)
        for declaration in agency.declarations:
            if declaration.kind is kind:
                session.delete(declaration)
        changing.finish(session, agency, "agency.declaration_withdrawn", by=by, before=kind.value)
