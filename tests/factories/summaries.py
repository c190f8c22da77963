"""Summaries in any state of their course."""

from datetime import datetime
from typing import Any

from accounts.models import User
from agency.models import Agency
from core import clock
from core.db import db, transaction
from summaries import writing
from summaries.entries import DraftEntry, Upload
from summaries.figures import Stated
from summaries.models import Summary, SummaryAttachment
from summaries.rules import Texts
from summaries.services import drafting, handing_in
from summaries.states import Action, State
from tests.factories.agencies import TINY_PDF
from tests.factories.evaluations import MakesEvaluations

TEXTS = Texts(
    account="全年按要求开展评价，报告均经内部复核。",
    problems="部分企业基础数据不全。",
    suggestions="建议加强培训。",
    plan="下一年度计划开展评价十项。",
)


class MakesSummaries(MakesEvaluations):
    def summary(
        self,
        state: State | str = State.DRAFT,
        *,
        agency: Agency | None = None,
        year: int = 2026,
        at: datetime | None = None,
        nil: bool = False,
        by: User | None = None,
        officer: User | None = None,
        stated: dict[str, Stated] | None = None,
        texts: Texts = TEXTS,
        with_file: bool = False,
    ) -> Summary:
        """A filed agency's summary, brought to a state on 20 November of its year, or at the instant `at`."""
        agency, state = agency or self.filed_agency(), State(state)
        own = by or self.user_of(agency)
        with self.app.app_context(), clock.frozen(at or datetime(year, 11, 20, 10, tzinfo=clock.SHANGHAI)):
            version = 0
            if not nil:
                version = drafting.save(agency.id, year, DraftEntry(texts, stated or {}), version=0, by=own)
            if with_file:
                drafting.attach(agency.id, year, Upload(TINY_PDF, "附件.pdf"), version=version, by=own)
                version += 1
            if state is State.DRAFT:
                return self._summary(agency.id, year)
            act = handing_in.hand_in_nil if nil else handing_in.hand_in
            act(agency.id, year, version=version, by=own)
            if state in (State.RETURNED, State.ACCEPTED):
                self._decide(agency.id, year, state, officer or self.officer("reviewer"))
            return self._summary(agency.id, year)

    def summary_now(self, summary: Summary) -> Summary:
        """As it is now, with all that belongs to it, free of its session."""
        with self.app.app_context():
            return self._summary(summary.agency_id, summary.year)

    def attached(self, agency: Agency, *, year: int = 2026, by: User | None = None) -> SummaryAttachment:
        """A file beside the agency's summary of the year, which can be written in."""
        own = by or self.user_of(agency)
        with self.app.app_context(), clock.frozen(datetime(year, 11, 21, 10, tzinfo=clock.SHANGHAI)):
            version = self._summary(agency.id, year).version
            row_id = drafting.attach(agency.id, year, Upload(TINY_PDF, "附件.pdf"), version=version, by=own)
            row = db.session.get_one(SummaryAttachment, row_id)
            db.session.expunge_all()
            return row

    def _decide(self, agency_id: int, year: int, state: State, officer: User) -> None:
        with transaction() as session:
            summary = session.query(Summary).filter_by(agency_id=agency_id, year=year).one()
            summary.version += 1
            if state is State.RETURNED:
                summary.returned_at, summary.return_reason = clock.now(), "请补充存在的问题"
                action, reason = Action.RETURN, summary.return_reason
            else:
                summary.accepted_at, summary.accepted_by = clock.now(), officer.id
                action, reason = Action.ACCEPT, ""
            writing.take_step(
                session, summary, action, by=officer, name=officer.display_name, at=clock.now(), reason=reason
            )

    def _summary(self, agency_id: int, year: int) -> Summary:
        db.session.expire_all()
        summary = db.session.query(Summary).filter_by(agency_id=agency_id, year=year).one()
        rows: list[Any] = [*summary.figures, *summary.versions, *summary.steps, *summary.attachments]
        rows += summary.supplements
        _ = [getattr(row, "file", None) for row in rows]
        db.session.expunge_all()
        return summary
