"""Evaluations in any state of their course, entered as the services enter them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from agency.models import Agency, StaffMember
from applicants.models import Applicant, Kind
from core import clock
from core.db import db, transaction
from core.documents import DocumentKind
from core.uploads import StoredFile, store
from evaluations import agreed, entering, screenings, standards, steps
from evaluations.entries import RegistrationEntry, Upload
from evaluations.models import Adoption, Agreement, AgreementScreening, Confirmation, Evaluation, Report, Review, Visit
from evaluations.queries.screening import find_screening, screenings_of
from evaluations.reading.agreements import Agreement as Read
from evaluations.reading.agreements import Clause, Piece
from evaluations.rules.states import Action, Conclusion, Level, Release, ScreeningState, State
from evaluations.screening.agreements import screen_agreement
from filing.models import Filing
from home.demonstration.paper import sheet
from tests.factories.agencies import TINY_PDF
from tests.factories.applicants import MakesApplicants
from tests.factories.filings import MakesFilings

AGREEMENT = Upload(
    sheet("第三方评价协议", ("第一条　甲方委托乙方开展绿色工厂评价。", "第二条　评价费用于签订之日一次付清。")),
    "评价协议.pdf",
)
_TO_REPORT = (State.IN_PROGRESS, State.REPORT_ISSUED)
_TO_DESK = (*_TO_REPORT, State.HANDED_OVER)
COURSES: dict[State, Sequence[State]] = {
    State.REGISTERED: (),
    State.IN_PROGRESS: _TO_REPORT[:1],
    State.REPORT_ISSUED: _TO_REPORT,
    State.HANDED_OVER: _TO_DESK,
    State.ADOPTED: (*_TO_DESK, State.ADOPTED),
    State.NOT_ADOPTED: (*_TO_DESK, State.NOT_ADOPTED),
    State.WITHDRAWN: (State.WITHDRAWN,),
}


class MakesEvaluations(MakesFilings, MakesApplicants):
    _filed: Agency | None = None

    def filed_agency(self) -> Agency:
        """An agency with a filing in force; the same at each call, since making one takes its time."""
        if self._filed is None:
            self._filed = self.filing().agency
        return self._filed

    def entry(
        self,
        agency: Agency | None = None,
        applicant: Applicant | None = None,
        *,
        kind: Kind = Kind.FACTORY,
        level: Level = Level.MUNICIPAL,
        begun_on: date | None = None,
        **changed: Any,
    ) -> RegistrationEntry:
        """A sound registration: of today, with the first two of the agency's staff, led by the first."""
        agency, begun_on = agency or self.filed_agency(), begun_on or clock.today()
        applicant = applicant or self.applicant(kind=kind)
        with self.app.app_context():
            staff = select(StaffMember.person_id).where(
                StaffMember.agency_id == agency.id, StaffMember.left_on.is_(None)
            )
            people = db.session.scalars(staff.order_by(StaffMember.id).limit(2)).all()
        entry = RegistrationEntry(
            applicant_id=applicant.id,
            kind=kind,
            level=level,
            year=begun_on.year,
            begun_on=begun_on,
            standard=next((standard.key for standard in standards.standards(begun_on, kind)), standards.OTHER),
            other_standard="",
            amount_fen=80_000_00,
            agency_ids=(agency.id,),
            team=tuple((agency.id, person_id) for person_id in people),
            leader_id=people[0] if people else None,
            planned_from=None,
            planned_until=None,
        )
        entry = replace(entry, **changed)
        return replace(entry, other_standard="地方评价指南") if entry.standard == standards.OTHER else entry

    def evaluation(
        self,
        state: State | str = State.REGISTERED,
        *,
        agency: Agency | None = None,
        applicant: Applicant | None = None,
        level: Level = Level.MUNICIPAL,
        kind: Kind = Kind.FACTORY,
        begun_on: date | None = None,
        **changed: Any,
    ) -> Evaluation:
        """An evaluation of a filed agency, begun today or on a day on which its filing is then in force.

        Everything that leads to the state is there (visit, review, report, confirmation …), all of the begin date.
        """
        agency = agency or self.filed_agency()
        entry = self.entry(agency, applicant, kind=kind, level=level, begun_on=begun_on, **changed)
        with self.app.app_context():
            with transaction() as session:
                _file_before(session, agency.id, entry.begun_on)
                evaluation = entering.enter(session, entry, by=None, name=agency.name, agreement=_file(session))
                _screened(session, evaluation)
                for each in COURSES[State(state)]:
                    _ACTS[each](session, evaluation)
                session.flush()
            return self._whole(evaluation.id)

    def marked(
        self,
        *clauses: str,
        state: State | str = State.REGISTERED,
        evaluation: Evaluation | None = None,
        **changed: Any,
    ) -> Evaluation:
        """An evaluation whose agreement in use has these clauses and is judged by them: no file is read for it."""
        evaluation = evaluation or self.evaluation(state, **changed)
        with self.app.app_context():
            with transaction() as session:
                screening = screenings_of(session, session.get_one(Evaluation, evaluation.id))[0]
                screening.state, screening.finished_at = ScreeningState.RUNNING, None
                screening.token = "of the test"
                read = written(*clauses)
                screenings.finish(session, screening, read, screen_agreement(read))
            return self._whole(evaluation.id)

    def unreadable(self, state: State | str = State.REGISTERED, **changed: Any) -> Evaluation:
        """An evaluation whose agreement nobody could read."""
        evaluation = self.evaluation(state, **changed)
        with self.app.app_context():
            with transaction() as session:
                screening = screenings_of(session, session.get_one(Evaluation, evaluation.id))[0]
                screenings.give_up(session, screening, "这个文件里没有文字，请确认选择的是协议文本。")
            return self._whole(evaluation.id)

    def replaced(self, evaluation: Evaluation) -> Evaluation:
        """An evaluation with another version of its agreement, read and without a mark."""
        with self.app.app_context():
            with transaction() as session:
                row = session.get_one(Evaluation, evaluation.id)
                number = max(each.number for each in row.agreements) + 1
                agreement = Agreement(number=number, amount_fen=0, file=_file(session), entered_at=clock.now())
                row.agreements.append(agreement)
                session.flush()
                session.execute(
                    update(AgreementScreening).where(AgreementScreening.evaluation_id == row.id).values(by_eye=False)
                )
                session.add(
                    AgreementScreening(
                        evaluation_id=row.id,
                        agreement=agreement,
                        asked_at=clock.now(),
                        state=ScreeningState.DONE,
                        finished_at=clock.now(),
                        content=agreed.kept(CLEAN),
                        pages=1,
                        pages_done=1,
                    )
                )
            return self._whole(evaluation.id)

    def screening_now(self, screening_id: int) -> AgreementScreening:
        """A screening as it is now, with its marks, free of its session."""
        with self.app.app_context():
            found = find_screening(db.session(), screening_id)
            assert found is not None
            db.session.expunge_all()
            return found

    def screening(self, evaluation: Evaluation) -> AgreementScreening:
        """The screening of the agreement in use, with its marks, free of its session."""
        return self.screening_of(evaluation)

    def screening_of(self, evaluation: Evaluation, *, number: int | None = None) -> AgreementScreening:
        """That of a version of its agreement, or of the one in use."""
        with self.app.app_context():
            session = db.session()
            found = screenings_of(session, session.get_one(Evaluation, evaluation.id))
            db.session.expunge_all()
            return next(each for each in found if number in (None, each.agreement.number))

    def self_evaluation(self, applicant: Applicant | None = None, **changed: Any) -> Evaluation:
        """第十二条: an applicant's evaluation of itself, just registered."""
        applicant = applicant or self.applicant()
        entry = replace(
            self.entry(self.filed_agency(), applicant, **changed), agency_ids=(), team=(), leader_id=None, amount_fen=0
        )
        with self.app.app_context():
            with transaction() as session:
                evaluation = entering.enter(session, entry, by=None, name=applicant.name, agreement=None)
            return self._whole(evaluation.id)

    def joint(
        self, leading: Agency, *partners: Agency, state: State | str = State.REGISTERED, **changed: Any
    ) -> Evaluation:
        """An evaluation that an agency registered as made with these others, which were not heard yet."""
        ids = (leading.id, *(partner.id for partner in partners))
        return self.evaluation(state, agency=leading, agency_ids=ids, **changed)

    def evaluation_now(self, evaluation_id: int) -> Evaluation:
        """An evaluation as it is now, with all that belongs to it, free of its session."""
        with self.app.app_context():
            return self._whole(evaluation_id)

    def _whole(self, evaluation_id: int) -> Evaluation:
        db.session.expire_all()
        evaluation = db.session.get_one(Evaluation, evaluation_id)
        for rows in (evaluation.team, evaluation.visits, evaluation.reviews, evaluation.advice, evaluation.holds):
            list(rows)
        for row in (*evaluation.parties, *evaluation.adoptions, *evaluation.steps):
            db.session.refresh(row)
        for kept in (*evaluation.agreements, *evaluation.reports, evaluation.confirmation):
            _ = kept.file if kept is not None else None
        db.session.expunge_all()
        return evaluation


def written(*clauses: str) -> Read:
    """An agreement of these clauses, as the reader reads it from a .docx."""
    found, at = [], 0
    for number, text in enumerate(clauses, start=1):
        start, end = at + len(f"第{number}条　"), at + len(f"第{number}条　") + len(text)
        found.append(Clause(text, None, start, end, f"第{number}条", pieces=(Piece(None, start, len(text), 0),)))
        at = end + 1
    page = "".join(f"{clause.number}　{clause.text}\n" for clause in found)
    return Read((page,), tuple(found), paged=False)


CLEAN = written("甲方委托乙方开展绿色工厂评价。", "评价费用于签订之日一次付清，与评价结果无关。")


def _screened(session: Session, evaluation: Evaluation) -> None:
    """Its agreement was read, and nothing was found: without opening a file."""
    for screening in screenings_of(session, evaluation):
        screening.state, screening.finished_at = ScreeningState.DONE, clock.now()
        screening.content, screening.pages, screening.pages_done = agreed.kept(CLEAN), 1, 1


def _file_before(session: Session, agency_id: int, day: date) -> None:
    """The agency's filing was in force on the day: it began a little earlier than it was made."""
    for filing in session.scalars(select(Filing).where(Filing.agency_id == agency_id, Filing.filed_on > day)):
        filing.filed_on = day
        filing.agency.first_filed_on = min(filing.agency.first_filed_on or day, day)


def _file(session: Session) -> StoredFile:
    row = StoredFile(
        digest=store().put(TINY_PDF),
        kind=DocumentKind.PDF,
        pages=1,
        size=len(TINY_PDF),
        name="协议或报告.pdf",
        uploaded_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def _step(session: Session, evaluation: Evaluation, action: Action, reason: str = "") -> None:
    evaluation.version += 1
    steps.take(session, evaluation, action, by=None, name="测试", reason=reason)


def _start(session: Session, evaluation: Evaluation) -> None:
    evaluation.visits.append(
        Visit(
            on=evaluation.begun_on, place="厂区", attendees="高职员01、韩联络", record="已查看", entered_at=clock.now()
        )
    )
    _step(session, evaluation, Action.START)


def _issue(session: Session, evaluation: Evaluation) -> None:
    day, now = evaluation.begun_on, clock.now()
    evaluation.reviews.append(Review(name="中职员11", on=day, opinions="无意见", entered_at=now))
    evaluation.reports.append(
        Report(
            version=1,
            number=f"R-{evaluation.id}",
            issued_on=day,
            file=_file(session),
            score=862,
            conclusion=Conclusion.CONFORMS,
            entered_at=now,
        )
    )
    _step(session, evaluation, Action.ISSUE)


def _hand_over(session: Session, evaluation: Evaluation) -> None:
    evaluation.handed_over_on = clock.today()
    evaluation.confirmation = Confirmation(at=clock.now(), by=evaluation.applicant.name)
    _step(session, evaluation, Action.HAND_OVER)


def _decide(session: Session, evaluation: Evaluation, *, adopted: bool) -> None:
    reason = "符合要求" if adopted else "数据不足以支持结论"
    evaluation.adoptions.append(
        Adoption(level=evaluation.level, adopted=adopted, on=clock.today(), reason=reason, by="测试")
    )
    _step(session, evaluation, Action.ADOPT if adopted else Action.DECLINE, reason)


def _withdraw(session: Session, evaluation: Evaluation) -> None:
    before = evaluation.state
    _step(session, evaluation, Action.WITHDRAW, "培育对象不再申报")
    evaluation.withdrawn_from = before
    evaluation.release = Release.ASKED if evaluation.level is Level.NATIONAL else Release.NONE


_ACTS: dict[State, Callable[[Session, Evaluation], None]] = {
    State.IN_PROGRESS: _start,
    State.REPORT_ISSUED: _issue,
    State.HANDED_OVER: _hand_over,
    State.ADOPTED: lambda session, evaluation: _decide(session, evaluation, adopted=True),
    State.NOT_ADOPTED: lambda session, evaluation: _decide(session, evaluation, adopted=False),
    State.WITHDRAWN: _withdraw,
}
