"""Proceedings in each of their states, and decisions of non-adoption."""

from datetime import date
from itertools import count
from typing import Any

from accounts.models import User
from agency.models import Agency, NonAdoption
from applicants.models import Applicant
from core import clock, law
from core.db import db, transaction
from core.workdays import add_working_days, calendar
from evaluations.models import ListEntry
from sanctions import periods
from sanctions.entries import NonAdoptionEntry
from sanctions.models import Channel, Measure, Point, Proceeding, RemovalGround, Served, Service, State
from sanctions.services import barring
from supervision.models import Case
from tests.factories.summaries import MakesSummaries
from tests.factories.supervision import MakesSupervision

_documents = count(1)
ORDER = (
    State.PROPOSED, State.TOLD, State.STATED, State.ANSWERED, State.DECIDED, State.SERVED, State.PUBLISHED,
)  # fmt: skip


class MakesSanctions(MakesSummaries, MakesSupervision):
    def non_adoption(self, agency: Agency, first_day: date | None = None, *, by: User | None = None) -> NonAdoption:
        """A decision that was made on paper, from today unless a day is given."""
        officer = by or self.officer("approver")
        entry = NonAdoptionEntry(f"测决〔2026〕{next(_documents)}号", first_day or clock.today(), "报告数据不实")
        with self.app.app_context():
            row_id = barring.enter(agency.id, entry, by=officer)
            return _detached(db.session.get_one(NonAdoption, row_id))

    def proceeding(
        self,
        state: State | str = State.PROPOSED,
        *,
        measure: Measure = Measure.NON_ADOPTION,
        agency: Agency | None = None,
        entry: ListEntry | None = None,
        first_day: date | None = None,
        by: User | None = None,
        decider: User | None = None,
        evaluation_ids: tuple[int, ...] = (),
    ) -> Proceeding:
        """A proceeding that has come as far as `state`: told three days ago; answered ones without a statement.

        Against an agency, or for the removal of `entry` against its unit. `by` investigated and proposed it.
        """
        state, officer = State(state), by or self.officer("reviewer")
        decider = decider or self.officer("approver")
        reached = ORDER.index(state) if state in ORDER else ORDER.index(State.PUBLISHED)
        if measure is not Measure.REMOVAL:
            agency = agency or self.agency()
        elif entry is None:
            raise ValueError("a removal needs its list entry")
        applicant_id = entry.applicant_id if entry else None
        with self.app.app_context():
            applicant = db.session.get_one(Applicant, applicant_id) if applicant_id else None
        case = self.concluded_case(
            agency=None if entry else agency, applicant=applicant, by=officer, evaluation_ids=evaluation_ids
        )
        with self.app.app_context():
            with transaction() as session:
                row = _proposed(case, measure, None if entry else agency, entry, officer, evaluation_ids)
                session.add(row)
                session.flush()
                _bring(session, row, reached, decider, first_day)
                if state in (State.DROPPED, State.ANNULLED):
                    row.state = state
            return _detached(row)


def _proposed(
    case: Case,
    measure: Measure,
    agency: Agency | None,
    entry: ListEntry | None,
    officer: User,
    evaluation_ids: tuple[int, ...],
) -> Proceeding:
    return Proceeding(
        number=f"告〔2026〕测{next(_documents)}",
        case_id=case.id,
        measure=measure,
        intended=measure,
        ground=RemovalGround.FORGED if entry else None,
        agency_id=agency.id if agency else None,
        applicant_id=entry.applicant_id if entry else None,
        list_entry_id=entry.id if entry else None,
        clause="JL-18" if entry else "JL-22-3",
        facts="评价报告所附用能数据与原始记录不符，系编造。",
        evidence="书证：用能台账；现场核查记录",
        files=[],
        evaluation_ids=list(evaluation_ids),
        proposed_at=clock.now(),
        proposed_by=officer.id,
        state=State.PROPOSED,
    )


def _bring(session: Any, row: Proceeding, reached: int, decider: User, first_day: date | None) -> None:
    now, today = clock.now(), clock.today()
    served = {"proceeding_id": row.id, "channel": Channel.IN_PERSON, "sent_at": now, "recorded_by": row.proposed_by}
    if reached >= 1:
        days = law.jurisdiction().number("statement_workdays", on=today)
        row.state, row.told_at = State.TOLD, now
        row.statement_due = add_working_days(today, days, calendar(session)).day
        session.add(Service(what=Served.NOTICE, served_on=today, **served))
    if reached >= 2:
        row.state, row.statement, row.stated_at = State.STATED, "数据出自企业，我们没有编造。", now
        answered = {"answer": "经查不成立", "accepted": False, "answered_at": now} if reached >= 3 else {}
        session.add(Point(proceeding_id=row.id, text=row.statement, **answered))
    if reached >= 3:
        row.state = State.ANSWERED
    if reached >= 4:
        row.state, row.decided_at, row.decided_by = State.DECIDED, now, decider.id
        row.reasons, row.document, row.dated = "事实清楚，证据确凿。", f"测通〔2026〕{next(_documents)}号", today
        row.legal_review = "同意。"
        row.first_day = first_day or today if row.measure is Measure.NON_ADOPTION else None
    if reached >= 5:
        row.state, row.served_at = State.SERVED, now
        session.add(Service(what=Served.DECISION, served_on=today, **served))
        if row.measure is Measure.NON_ADOPTION and row.first_day and row.document:
            agency = session.get_one(Agency, row.agency_id)
            period = periods.begin(
                session, agency, first_day=row.first_day, document=row.document, basis="弄虚作假", by=decider
            )
            row.non_adoption_id = period.id
    if reached >= 6:
        row.state, row.published_at, row.published_text = State.PUBLISHED, now, "经核实，该机构弄虚作假。"


def _detached(row: Any) -> Any:
    db.session.refresh(row)
    db.session.expunge_all()
    return row
