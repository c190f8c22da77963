"""送达: notice and decision reach the other side electronically with its consent, or otherwise, as is recorded."""

from datetime import date

from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import Agency
from core import audit, clock
from core.db import transaction
from sanctions import periods, steps
from sanctions.entries import ServiceEntry
from sanctions.models import Channel, Measure, Proceeding, Served, Service
from sanctions.rules import course, serving
from sanctions.rules.course import Action

SENDING = {Served.NOTICE: Action.SEND_NOTICE, Served.DECISION: Action.SEND_DECISION}
ARRIVING = {Served.NOTICE: Action.TELL, Served.DECISION: Action.SERVE}
BASIS = "经核实在评价过程中弄虚作假或者故意隐瞒评价对象问题（第二十二条第三款）"


def send(proceeding_id: int, what: Served, entry: ServiceEntry, *, version: int, by: User) -> None:
    """发出文书: electronically it counts as served at once; else when the day of its receipt is recorded.

    Raises NotPossibleNow, DomainError (channel, day), and of a decision of non-adoption what periods.begin raises.
    """
    with transaction() as session:
        agency = _locked_agency(session, proceeding_id)
        row = steps.shown(session, proceeding_id, version)
        serving.require_none_under_way([each.is_under_way for each in row.services if each.what is what])
        course.next_state(row.state, ARRIVING[what])
        electronic = entry.channel is Channel.ELECTRONIC
        serving.require_channel(entry.channel, consented=steps.consents(session, row))
        day = clock.today() if electronic else entry.served_on
        _require_day(row, what, day)
        service = Service(
            proceeding_id=row.id, what=what, channel=entry.channel, sent_at=clock.now(), served_on=day,
            note=entry.note, recorded_by=by.id,
        )  # fmt: skip
        row.services.append(service)
        if day is None:
            steps.take(session, row, SENDING[what], by=by)
        else:
            _arrived(session, row, what, day, agency, by)


def record_receipt(proceeding_id: int, service_id: int, served_on: date, *, note: str, version: int, by: User) -> None:
    """登记送达: what was under way has arrived on a day. Raises NotPossibleNow, DomainError."""
    with transaction() as session:
        agency = _locked_agency(session, proceeding_id)
        row = steps.shown(session, proceeding_id, version)
        service = _under_way(row, service_id)
        serving.require_not_before_sending(served_on, clock.day_of(service.sent_at))
        _require_day(row, service.what, served_on)
        service.served_on = served_on
        service.note = "\n".join(part for part in (service.note, note) if part)
        _arrived(session, row, service.what, served_on, agency, by)


def record_failure(proceeding_id: int, service_id: int, *, note: str, version: int, by: User) -> None:
    """登记未能送达: what was under way came back; the document is sent again, another way. Raises NotPossibleNow."""
    with transaction() as session:
        row = steps.shown(session, proceeding_id, version)
        service = _under_way(row, service_id)
        service.failed_at = clock.now()
        service.note = "\n".join(part for part in (service.note, note) if part)
        steps.take(session, row, Action.FAIL, by=by)


def _under_way(row: Proceeding, service_id: int) -> Service:
    service = next((each for each in row.services if each.id == service_id), None)
    if service is None or not service.is_under_way:
        raise course.NotPossibleNow("该文书的送达已经登记。")
    return service


def open_document(proceeding_id: int, service_id: int, *, by: User) -> None:
    """查阅: the moment at which the other side first opened it is kept; later ones change nothing."""
    with transaction() as session:
        row = session.get_one(Proceeding, proceeding_id, with_for_update={"of": Proceeding}, populate_existing=True)
        service = next((each for each in row.services if each.id == service_id), None)
        if service is None or service.served_on is None:
            raise course.NotPossibleNow("该文书还没有送达。")
        if service.opened_at is None:
            service.opened_at, service.opened_by = clock.now(), by.id
            audit.record(session, "proceeding.opened", row, by=by, after=service.what.label)


def _require_day(row: Proceeding, what: Served, day: date | None) -> None:
    if day is None:
        return
    made = row.proposed_at if what is Served.NOTICE else row.decided_at
    serving.require_day(day, made_on=clock.day_of(made) if made else None, today=clock.today())
    if what is Served.DECISION and row.measure is Measure.NON_ADOPTION:
        serving.require_served_in_time(row.first_day, day)


def _arrived(session: Session, row: Proceeding, what: Served, day: date, agency: Agency | None, by: User) -> None:
    course.next_state(row.state, ARRIVING[what])
    if what is Served.DECISION and row.measure is Measure.NON_ADOPTION and agency and row.first_day and row.document:
        # what rests on the agency is locked before the log's one row is
        period = periods.begin(session, agency, first_day=row.first_day, document=row.document, basis=BASIS, by=by)
        row.non_adoption_id = period.id
    steps.take(session, row, ARRIVING[what], by=by)
    if what is Served.NOTICE:
        row.told_at = steps.instant_of(day)
        row.statement_due = steps.statement_term(session, day).day
        steps.tell_other_side(session, "proceeding_told", row, due=str(row.statement_due))
        return
    row.served_at = steps.instant_of(day)
    steps.tell_other_side(session, "proceeding_served", row)


def _locked_agency(session: Session, proceeding_id: int) -> Agency | None:
    """The agency first, as all who begin or annul a period lock it."""
    agency_id = session.get_one(Proceeding, proceeding_id).agency_id
    if agency_id is None:
        return None
    return session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
