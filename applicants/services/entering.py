"""An applicant is entered: by an officer, or by an agency that is to evaluate it and doesn't find it."""

from sqlalchemy.exc import IntegrityError

from accounts.models import Role, User
from applicants import keeping
from applicants.entries import ApplicantEntry
from applicants.keeping import AlreadyEntered
from applicants.models import Origin
from core import audit
from core.db import transaction
from core.errors import DomainError


class NotThisBureau(DomainError):
    """A bureau keeps the applicants of its own area."""


class OnlyAnOfficer(DomainError):
    """A code with a wrong check character needs somebody who has seen the certificate."""


def enter(entry: ApplicantEntry, *, by: User, origin: Origin) -> int:
    """登记培育对象; returns its id. One that a published list knows by name alone is completed.

    Raises AlreadyEntered, NotThisBureau, OnlyAnOfficer, and what a name, code or number can't be, several as Refusals.
    """
    require_own_bureau(entry.bureau, by=by)
    if entry.overrule_code and not by.is_department:
        raise OnlyAnOfficer("代码校验位不符的，由主管部门核验证照后登记，请与所属工信局联系。", field="credit_code")
    try:
        with transaction() as session:
            applicant = keeping.add(session, entry, origin=origin)
            is_new = applicant.version == 1
            action = "applicant.entered" if is_new else "applicant.completed"
            after = f"{keeping.words_of(applicant.kinds)}，{applicant.credit_code or applicant.body_code}"
            audit.record(session, action, applicant, by=by, after=after, reason=entry.overrule_code or None)
            return applicant.id
    except IntegrityError as clash:
        # two enter it at once: the second to commit finds the constraint
        if "credit_code" in str(clash.orig):
            raise AlreadyEntered("这个代码刚刚由他人登记，请直接查找它。", field="credit_code") from None
        raise


def require_own_bureau(bureau: str, *, by: User) -> None:
    """A municipal officer enters the applicants of the own bureau only. Raises NotThisBureau."""
    if Role.MUNICIPAL in by.roles and bureau != by.bureau:
        own = by.bureau_name or "本局"
        raise NotThisBureau(f"您只能登记{own}的培育对象；属于其他工信局的，请由该局或省厅登记。", field="bureau")
