"""Receiving a report from anybody: one transaction, one complaint, however often its form is sent."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from accounts.models import PROVINCIAL_ROLES
from complaints import guarding, parties, receipts, steps
from complaints.entries import ComplaintEntry, Receipt
from complaints.guarding import Kind
from complaints.models import Complaint, ComplaintFile, KeptUpload, MailCode, Reporter
from complaints.parties import Party
from complaints.proofs import address_key, confirmed, phone_key
from complaints.rules.handling import occurs
from complaints.rules.intake import Intake, competent_bureau, require_receivable
from core import clock
from core.db import transaction
from core.errors import Conflict
from core.uploads import StoredFile
from notices import outbox
from notices.outbox import Audience

AGAIN = timedelta(minutes=30)  # within which the same form sent again is answered with the same receipt


class ReceivedAlready(Conflict):
    """This form was sent before, too long ago for its secret to be shown once more."""


class _JustSent(Exception):
    """The same form came twice at once; the other one was first."""


def receive(entry: ComplaintEntry, *, token: str, address: str) -> Receipt:
    """收到举报, with the files that were kept for the form. `address`: where it comes from, for the limits alone.

    Raises NotReceivable (or several as Refusals), RiddleDue, TooMany, ReceivedAlready.
    """
    form = receipts.form_key(token)
    try:
        with transaction() as session:
            return _received_before(session, form, token) or _receive(session, entry, form, token, address)
    except _JustSent:
        with transaction() as session:
            return _received_before(session, form, token) or _receive(session, entry, form, token, address)


def _received_before(session: Session, form: str, token: str) -> Receipt | None:
    complaint = session.scalar(select(Complaint).where(Complaint.token == form))
    if complaint is None:
        return None
    if clock.now() - complaint.received_at > AGAIN:
        raise ReceivedAlready(
            "这份举报已经提交过，没有重复登记。编号和查询码在提交时的回执上；要举报别的事情，请重新打开举报表。"
        )
    return _receipt(session, complaint, token)


def _receive(session: Session, entry: ComplaintEntry, form: str, token: str, address: str) -> Receipt:
    proof = confirmed(session, form, entry.email)
    party = parties.chosen(session, entry.target, entry.agency_id, entry.applicant_id)
    require_receivable(_intake(entry, party, email_confirmed=proof is not None))
    guarding.require_answered(session, form, address)
    guarding.count(session, Kind.SEND, address)
    number = receipts.next_number(session)  # from here on the same form sent twice comes one after the other
    if session.scalar(select(Complaint.id).where(Complaint.token == form)) is not None:
        raise _JustSent
    complaint = _opened(session, entry, party, form, token, number)
    _keep_reporter(session, complaint, entry, proof)
    _take_files(session, complaint, form)
    session.execute(delete(MailCode).where(MailCode.form == form))
    steps.begin(session, complaint)
    for to in _who_assigns(complaint):
        outbox.post(session, "complaint_received", to=to, about=complaint)
    return _receipt(session, complaint, token)


def _intake(entry: ComplaintEntry, party: Party | None, *, email_confirmed: bool) -> Intake:
    return Intake(
        name=entry.name,
        phone=entry.phone,
        email=entry.email,
        email_confirmed=email_confirmed,
        names_target=party is not None or bool(entry.target_name),
        matters=len(entry.matters),
        facts=entry.facts,
        consents=entry.consents,
        declares_truth=entry.is_true,
    )


def _opened(
    session: Session, entry: ComplaintEntry, party: Party | None, form: str, token: str, number: str
) -> Complaint:
    complaint = Complaint(
        number=number,
        secret=receipts.secret_key(receipts.secret_of(token)),
        token=form,
        received_at=clock.now(),
        target=party.target if party else parties.UNKNOWN,
        agency_id=party.agency_id if party else None,
        applicant_id=party.applicant_id if party else None,
        target_name=entry.target_name or (party.name if party else ""),
        matters=[matter.value for matter in dict.fromkeys(entry.matters)],
        facts=entry.facts,
        happened=entry.happened,
        bureau=_competent(entry, party),
    )
    session.add(complaint)
    session.flush()
    return complaint


def _competent(entry: ComplaintEntry, party: Party | None) -> str | None:
    """Which bureau it goes to; one that the text names never gets it unseen: the province looks first."""
    if party is None:
        return None
    bureau = competent_bureau(party.target, listed=party.listed, bureau=party.bureau)
    texts = (entry.facts, entry.happened, entry.target_name, entry.relation)
    if bureau is not None and any(occurs(name, *texts) for name in parties.bureau_names(bureau)):
        return None
    return bureau


def _keep_reporter(session: Session, complaint: Complaint, entry: ComplaintEntry, proof: MailCode | None) -> None:
    session.add(
        Reporter(
            complaint_id=complaint.id,
            kind=entry.kind,
            name=entry.name,
            contact=entry.contact,
            phone=entry.phone,
            email=entry.email,
            address=entry.address,
            relation=entry.relation,
            phone_key=phone_key(entry.phone) if entry.phone else None,
            email_key=address_key(entry.email) if entry.email else None,
            email_confirmed_at=proof.confirmed_at if proof else None,
            consented_at=complaint.received_at,
        )
    )


def _take_files(session: Session, complaint: Complaint, form: str) -> None:
    """What was kept for the form becomes the complaint's evidence; its content lies in the store already."""
    kept = session.scalars(select(KeptUpload).where(KeptUpload.form == form).order_by(KeptUpload.id)).all()
    taken: set[str] = set()
    for upload in kept:
        session.delete(upload)
        if upload.digest in taken:  # a form pressed twice at once may keep a file twice
            continue
        taken.add(upload.digest)
        file = StoredFile(
            digest=upload.digest,
            kind=upload.kind,
            pages=upload.pages,
            size=upload.size,
            name=upload.name,
            uploaded_at=upload.kept_at,
        )
        session.add(file)
        session.flush()
        session.add(ComplaintFile(complaint_id=complaint.id, file_id=file.id, added_at=complaint.received_at))


def _who_assigns(complaint: Complaint) -> list[Audience]:
    if complaint.bureau:
        return [Audience.bureau(complaint.bureau)]
    return [Audience.role(role) for role in sorted(PROVINCIAL_ROLES)]


def _receipt(session: Session, complaint: Complaint, token: str) -> Receipt:
    session.flush()
    files = select(ComplaintFile.id).where(ComplaintFile.complaint_id == complaint.id).limit(1)
    email = select(Reporter.complaint_id).where(
        Reporter.complaint_id == complaint.id, Reporter.email_confirmed_at.is_not(None)
    )
    return Receipt(
        number=complaint.number,
        secret=receipts.secret_of(token),
        received_at=complaint.received_at,
        has_evidence=session.scalar(files) is not None,
        has_confirmed_email=session.scalar(email) is not None,
    )
