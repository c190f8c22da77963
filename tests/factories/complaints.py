"""Complaints, as the public form hands them in."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from accounts.models import User
from agency.models import Agency
from applicants.models import Applicant
from complaints import receipts
from complaints.entries import ComplaintEntry, Receipt
from complaints.models import (
    CallResult,
    Complaint,
    KeptUpload,
    MailCode,
    Matter,
    Recusal,
    Reporter,
    ReporterKind,
    Target,
)
from complaints.proofs import address_key
from complaints.queries import shown
from complaints.services import assigning, calling, deciding, receiving, recusing
from core import clock
from core.db import db, transaction
from core.documents import DocumentKind
from core.uploads import store
from tests.factories.accounts import MakesAccounts
from tests.uploads import blank_pdf


class MakesComplaints(MakesAccounts):
    def complaint(
        self,
        *,
        agency: Agency | None = None,
        applicant: Applicant | None = None,
        files: int = 0,
        email_confirmed: bool = True,
        token: str | None = None,
        address: str = "192.0.2.1",
        at: datetime | None = None,
        **given: Any,
    ) -> Complaint:
        """A received complaint with its reporter (`complaint.reporter` is loaded), about whom is given, or somebody
        unknown; `given` as in ComplaintEntry. Its secret: `make.secret_of(complaint)`.
        """
        receipt, token = self.received(
            agency=agency,
            applicant=applicant,
            files=files,
            email_confirmed=email_confirmed,
            token=token,
            address=address,
            at=at,
            **given,
        )
        self._tokens[receipt.number] = token
        self._aim(receipt.number, agency, applicant)
        with self.app.app_context():
            loaded = (joinedload(Complaint.reporter), selectinload(Complaint.files), selectinload(Complaint.steps))
            row = db.session.scalars(select(Complaint).options(*loaded).filter_by(number=receipt.number)).one()
            db.session.expunge_all()
            return row

    def received(
        self,
        *,
        agency: Agency | None = None,
        applicant: Applicant | None = None,
        files: int = 0,
        email_confirmed: bool = True,
        token: str | None = None,
        address: str = "192.0.2.1",
        at: datetime | None = None,
        **given: Any,
    ) -> tuple[Receipt, str]:
        """What the reporter gets, and the token of the form."""
        token = token or receipts.new_token()
        target = Target.AGENCY if agency else Target.LISTED if applicant else Target.UNKNOWN
        values: dict[str, Any] = {
            "kind": ReporterKind.PERSON,
            "name": "辛实名",
            "phone": "13804310001",
            "email": "reporter@example.org",
            "relation": "曾在该机构工作",
            "target": target,
            "agency_id": agency.id if agency else None,
            "applicant_id": applicant.id if applicant else None,
            "target_name": agency.name if agency else applicant.name if applicant else "某某环境咨询有限公司",
            "matters": (Matter.FALSE_REPORT,),
            "facts": "评价报告里的能耗数据与实际电费单不符，现场没有人来过。",
            "happened": "2026年3月",
        } | given
        with self.app.app_context(), clock.frozen(at or clock.now()):
            self._prepare(receipts.form_key(token), values["email"] if email_confirmed else "", files)
            return receiving.receive(ComplaintEntry(**values), token=token, address=address), token

    def complaint_in_hand(
        self, handler: User, *, by: User | None = None, bureau: str | None = None, declared: bool = True, **given: Any
    ) -> Complaint:
        """A complaint that was assigned to an officer of the desk that is competent, who declared no interest."""
        complaint = self.complaint(**given)
        assigner = by or (self.officer("municipal", bureau=bureau) if bureau else self.officer("approver"))
        with self.app.app_context(), clock.frozen(given.get("at") or clock.now()):
            with transaction() as session:
                session.get_one(Complaint, complaint.id).bureau = bureau
            assigning.assign(complaint.id, handler.id, version=self._version(complaint), by=assigner)
            if declared:
                assigning.declare(complaint.id, version=self._version(complaint), by=handler)
        return self.complaint_now(complaint)

    def accepted_complaint(self, handler: User, *, by: User | None = None, **given: Any) -> Complaint:
        """A complaint whose reporter was called, with a case."""
        complaint = self.complaint_in_hand(handler, by=by, **given)
        with self.app.app_context():
            calling.record(complaint.id, CallResult.CONFIRMED, note="", version=self._version(complaint), by=handler)
            facts = "核实年度数据是否属实。"
            deciding.accept(complaint.id, facts, version=self._version(complaint), by=handler)
        return self.complaint_now(complaint)

    def complaint_now(self, complaint: Complaint) -> Complaint:
        """The same complaint as it is now, with all of its page."""
        with self.app.app_context():
            row = shown.find(db.session(), complaint.id)
            db.session.expunge_all()
            if row is None:
                raise LookupError(complaint.number)
            return row

    def recusal(self, officer: User, agency: Agency) -> Recusal:
        """An officer who stands aside for an agency."""
        with self.app.app_context():
            recusing.enter(officer.id, agency.name, reason="近亲属在该单位任职", by=officer)
            row = db.session.scalars(select(Recusal).order_by(Recusal.id.desc())).first()
            db.session.expunge_all()
            if row is None:
                raise LookupError(agency.name)
            return row

    def _version(self, complaint: Complaint) -> int:
        return db.session.get_one(Complaint, complaint.id, populate_existing=True).version

    def secret_of(self, complaint: Complaint) -> str:
        """The secret on the receipt of a complaint that was made here."""
        with self.app.app_context():
            return receipts.secret_of(self._tokens[complaint.number])

    def reporter_of(self, complaint: Complaint) -> Reporter:
        """Who reported: the desk asks its own query, which logs."""
        with self.app.app_context():
            row = db.session.get_one(Reporter, complaint.id)
            db.session.expunge_all()
            return row

    @property
    def _tokens(self) -> dict[str, str]:
        kept: dict[str, str] = self.__dict__.setdefault("_form_tokens", {})
        return kept

    def _aim(self, number: str, agency: Agency | None, applicant: Applicant | None) -> None:
        """Also at whom the public can't find: an agency that has not filed, a unit on no list."""
        with self.app.app_context(), transaction() as session:
            row = session.scalars(select(Complaint).filter_by(number=number)).one()
            row.target = Target.AGENCY if agency else Target.LISTED if applicant else row.target
            row.agency_id, row.applicant_id = agency and agency.id, applicant and applicant.id

    def _prepare(self, form: str, email: str, files: int) -> None:
        with transaction() as session:
            if email:
                now = clock.now()
                proof = MailCode(form=form, address_key=address_key(email), code="", sent_at=now, confirmed_at=now)
                session.add(proof)
            for number in range(1, files + 1):
                content = blank_pdf(1) + b"%% %d\n" % number
                session.add(
                    KeptUpload(
                        form=form,
                        digest=store().put(content),
                        kind=DocumentKind.PDF,
                        pages=1,
                        size=len(content),
                        name=f"佐证{number}.pdf",
                        kept_at=clock.now(),
                    )
                )
