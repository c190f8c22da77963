"""What the other side is asked in a case, and what it is told to put right."""

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.models import User
from agency.models import Agency
from applicants.models import Applicant
from core import clock
from core.db import db
from evaluations.entries import Upload
from supervision.entries import DemandEntry, InquiryEntry
from supervision.models import Case, CaseFile, CaseKind, Inquiry, Rectification
from supervision.services import asking, evidencing, measuring
from tests import uploads
from tests.factories.supervision import MakesSupervision, _detached


class MakesMatters(MakesSupervision):
    def evidence(self, case: Case, title: str = "供电公司账单", *, by: User, cleared: bool = False) -> CaseFile:
        """A piece of evidence of two pages; cleared: its first page may be shown to the other side."""
        with self.app.app_context():
            content = Upload(uploads.blank_pdf(2), "zhangsan.pdf")
            evidencing.add(case.id, title, [content], version=self.version(case), by=by)
            row = db.session.query(CaseFile).filter_by(case_id=case.id).order_by(CaseFile.id.desc()).first()
            assert row is not None
            row_id = row.id
            if cleared:
                evidencing.prepare(case.id, row_id, [1], version=self.version(case), by=by)
                evidencing.clear(case.id, row_id, version=self.version(case), looked_over=False, by=by)
            return _detached(db.session.get_one(CaseFile, row_id))

    def inquiry(
        self,
        case: Case | None = None,
        *,
        agency: Agency | None = None,
        applicant: Applicant | None = None,
        evidence: Sequence[CaseFile] = (),
        due: date | None = None,
        by: User | None = None,
    ) -> Inquiry:
        """One that was sent, in an inspection unless a case is given."""
        officer = by or self.officer("reviewer")
        found = case or self.case(CaseKind.INSPECTION, agency=agency, applicant=applicant, by=officer)
        key = f"a:{found.agency_id}" if found.agency_id else f"u:{found.applicant_id}"
        with self.app.app_context():
            entry = InquiryEntry(
                key,
                "报告所列 2025 年用电量与账单不一致，请说明原因。",
                due or clock.today() + timedelta(days=14),
                tuple(each.id for each in evidence),
            )
            row = asking.send(found.id, entry, version=self.version(found), by=officer)
            return _detached(db.session.get_one(Inquiry, row.id))

    def rectification(
        self,
        case: Case | None = None,
        *,
        agency: Agency | None = None,
        applicant: Applicant | None = None,
        by: User | None = None,
    ) -> Rectification:
        """One that was demanded, of a concluded case against the agency or the listed unit."""
        officer = by or self.officer("reviewer")
        found = case or self.concluded_case(agency=agency, applicant=applicant, by=officer)
        key = f"a:{found.agency_id}" if found.agency_id else f"u:{found.applicant_id}"
        with self.app.app_context():
            entry = DemandEntry(key, "更正 2025 年用电量，补齐计量台账。", clock.today() + timedelta(days=30))
            row = measuring.demand(found.id, entry, version=self.version(found), by=officer)
            return _detached(db.session.get_one(Rectification, row.id))

    def version(self, case: Case) -> int:
        """As it stands now."""
        db.session.expire_all()
        return db.session.get_one(Case, case.id).version
