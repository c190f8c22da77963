"""What is known of an applicant is corrected: by an officer all of it, by the applicant how to reach it."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import User
from applicants import keeping
from applicants.entries import ApplicantEntry, ContactEntry
from applicants.keeping import AlreadyEntered
from applicants.models import Applicant
from core import audit, clock
from core.contacts import phone_text
from core.db import transaction
from core.errors import Conflict


class ChangedMeanwhile(Conflict):
    """Somebody else changed it, or this is a second click."""


def change(applicant_id: int, entry: ApplicantEntry, *, version: int, by: User) -> None:
    """更正或变更登记内容; a new name keeps the old one as a former one (第十九条). The bureau stays.

    Raises ChangedMeanwhile, AlreadyEntered, and what a name, code or number can't be, several as Refusals.
    """
    try:
        with transaction() as session:
            applicant = begin(session, applicant_id, shown=version)
            changed = keeping.change(session, applicant, entry, on=clock.today())
            if changed:
                audit.record(
                    session,
                    "applicant.changed",
                    applicant,
                    by=by,
                    after="、".join(changed),
                    reason=entry.overrule_code or None,
                )
    except IntegrityError as clash:
        if "credit_code" in str(clash.orig):
            raise AlreadyEntered("这个代码刚刚由他人登记，请直接查找它。", field="credit_code") from None
        raise


def correct_contact(applicant_id: int, entry: ContactEntry, *, version: int, by: User) -> None:
    """更正联系方式, by the applicant itself. Raises ChangedMeanwhile, and NotAsItShould for a phone or address."""
    with transaction() as session:
        applicant = begin(session, applicant_id, shown=version)
        keeping.require_contact(entry.phone, entry.email)
        applicant.contact_name = entry.name
        applicant.contact_phone = phone_text(entry.phone) or None
        applicant.contact_email = entry.email
        applicant.version += 1
        audit.record(session, "applicant.contact_corrected", applicant, by=by)


def begin(session: Session, applicant_id: int, *, shown: int) -> Applicant:
    """The applicant, locked. Raises ChangedMeanwhile when it is no longer what the reader saw."""
    applicant = session.get_one(Applicant, applicant_id, with_for_update=True, populate_existing=True)
    if applicant.version != shown:
        raise ChangedMeanwhile("您打开此页之后，登记内容已有改动（也可能是重复提交）。请先核对，仍要保存的再保存一次。")
    return applicant
