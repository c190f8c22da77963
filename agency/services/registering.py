"""An agency registers; a code whose check character fails is looked at by an officer first (reading 20)."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts import enrolment, passwords, throttle
from accounts.models import Role
from agency import identities, persons, places, recheck, validity
from agency.entries import AccountEntry, CodeCheckEntry, IdentityEntry, RepresentativeEntry, UploadEntry
from agency.ledgers import bodies
from agency.models import Agency, CodeCheck, CodeCheckState, Representation, Standing
from core import audit, clock, uploads
from core.db import db, transaction
from core.documents import examine
from core.errors import Collected, Conflict, DomainError
from core.identifiers import CreditCode, CreditCodeCheckFailed, IdentifierError
from core.identity import Identity
from core.refs import Actor
from notices import outbox
from notices.outbox import Audience

HOW_TO_GET_ACCESS = (
    "该统一社会信用代码已经登记。需要使用的，请由本单位已有账号的人员在“本单位账号”中为您添加；"
    "无法联系，或者认为是他人登记的，请持营业执照（法人证书）联系吉林省工业和信息化厅，尚未备案的登记可以移交给有权的单位。"
)


class AlreadyRegistered(Conflict):
    """One code, one agency."""


class CheckPending(DomainError):
    """An officer has not decided yet, or has declined."""


class AlreadyDecided(Conflict):
    """Another officer decided first."""


def register(
    credit_code: str,
    identity: IdentityEntry,
    representative: RepresentativeEntry,
    account: AccountEntry,
    *,
    address: str | None = None,
) -> int:
    """Register an agency with its representative and its first account; returns the agency's id.

    An entry known from the department's ledger is taken over. Raises IdentifierError (CreditCodeCheckFailed: an officer
    may be asked), AlreadyRegistered, IsBranch, UsernameTaken, WeakPassword and others, several as Refusals, and
    TooManyHandedIn where many came from one network `address`.
    """
    try:
        with transaction() as session:
            if address is not None:
                throttle.count_hand_in(session, address)
            code, person = _require_sound(session, credit_code, identity, representative, account)
            agency = _entry_for(session, code, identity.name)
            identities.write(session, agency, identity)
            agency.representations.append(
                Representation(
                    person=persons.find_or_add(session, person),
                    name=representative.name,
                    phone=representative.phone,
                    since=representative.since,
                    entered_at=clock.now(),
                )
            )
            user = enrolment.enrol(
                session,
                username=account.username,
                display_name=identity.contact_name,
                password=account.password,
                roles=[Role.AGENCY],
                agency_id=agency.id,
            )
            places.resettle(session, agency.id, by=user)  # an officer may have recorded what it did before
            recheck.run(session, agency, by=user)
            audit.record(session, "agency.registered", agency, by=user, after=str(code))
            outbox.post(session, "agency_registered", to=Audience.role(Role.REVIEWER), about=agency)
            return agency.id
    except IntegrityError as clash:
        # two registrations at once: the second to commit finds the constraint
        if "credit_code" in str(clash.orig):
            raise AlreadyRegistered(HOW_TO_GET_ACCESS, field="credit_code") from None
        if "username" in str(clash.orig):
            raise enrolment.UsernameTaken("这个用户名刚刚被人使用，请换一个。", field="username") from None
        raise


def _require_sound(
    session: Session,
    credit_code: str,
    identity: IdentityEntry,
    representative: RepresentativeEntry,
    account: AccountEntry,
) -> tuple[CreditCode, Identity]:
    refusals = Collected()
    code, person = CreditCode(""), None
    with refusals.attempt():
        code = _read_code(session, credit_code)
    with refusals.attempt():
        identities.require_possible(identity)
    with refusals.attempt():
        person = Identity.read(representative.document, representative.number, field="representative_number")
    with refusals.attempt():
        validity.require_past(representative.since, today=clock.today(), what="任职日期", field="representative_since")
    with refusals.attempt():
        passwords.require_strong(account.password, not_these=(account.username, str(code)))
    refusals.settle()
    assert person is not None  # noqa: S101 - settle() has raised otherwise
    return code, person


def _read_code(session: Session, text: str) -> CreditCode:
    """The code of a body that may register now."""
    code = _shaped(text)
    _require_unregistered(session, code)
    if not code.passes_check:
        _require_overruled(session, code)
    return code


def _shaped(text: str) -> CreditCode:
    try:
        return CreditCode.parse(text, overrule_check=True)
    except IdentifierError as refusal:
        refusal.field = "credit_code"
        raise


def _require_unregistered(session: Session, code: CreditCode) -> None:
    standing = session.scalar(select(Agency.standing).where(Agency.credit_code == str(code)))
    if standing is Standing.REGISTERED:
        raise AlreadyRegistered(HOW_TO_GET_ACCESS, field="credit_code")


def _last_check(session: Session, code: CreditCode) -> CodeCheck | None:
    checks = select(CodeCheck).where(CodeCheck.credit_code == str(code)).order_by(CodeCheck.id.desc())
    return session.scalars(checks).first()


def _require_overruled(session: Session, code: CreditCode) -> None:
    """An officer has accepted the code, or the refusal says where its check stands."""
    last = _last_check(session, code)
    if last is not None and last.state is CodeCheckState.ACCEPTED:
        return
    _require_nothing_pending(last)
    try:
        CreditCode.parse(str(code))
    except CreditCodeCheckFailed as refusal:
        refusal.field = "credit_code"
        if last is not None:
            refusal.message += f"上次人工核验（{last.decided_on}）未通过：{last.reason}"
        raise


def _require_nothing_pending(last: CodeCheck | None) -> None:
    if last is not None and last.state is CodeCheckState.ASKED:
        asked = clock.day_of(last.asked_at)
        raise CheckPending(f"这个代码的人工核验已于 {asked} 申请，正在办理；通过后即可登记。", field="credit_code")


def _entry_for(session: Session, code: CreditCode, name: str) -> Agency:
    """A new row for a code, or the one known from the ledger: by the code, or by its name where it has none."""
    rows = select(Agency).where(Agency.credit_code == str(code)).with_for_update()
    known = session.scalars(rows, execution_options={"populate_existing": True}).one_or_none()
    if known is not None and known.standing is Standing.REGISTERED:  # by now: somebody else held the lock
        raise AlreadyRegistered(HOW_TO_GET_ACCESS, field="credit_code")
    agency = known or bodies.find_known(session, name) or Agency()
    agency.credit_code = str(code)
    agency.name = ""  # what a ledger called it stays as its spelling: it is no former name
    agency.standing = Standing.REGISTERED
    agency.registered_at = clock.now()
    agency.code_overruled = not code.passes_check
    return agency


def ask_code_check(entry: CodeCheckEntry, proof: UploadEntry, *, address: str) -> int:
    """申请人工核验: ask an officer to look at the certificate of a code whose check character fails.

    Raises IdentifierError for what is no code at all, CheckPending, TooManyHandedIn, and DomainError where there is
    nothing to ask.
    """
    _require_doubtful(db.session(), entry.credit_code)  # nobody's file is looked at for nothing
    examined = examine(proof.content)
    try:
        with transaction() as session:
            throttle.count_hand_in(session, address)
            code = _require_doubtful(session, entry.credit_code)
            file = uploads.keep(session, proof.content, examined, name=proof.name, by=None)
            check = CodeCheck(
                credit_code=str(code),
                name=entry.name,
                contact_name=entry.contact_name,
                contact_phone=entry.contact_phone,
                explanation=entry.explanation,
                file_id=file.id,
                asked_at=clock.now(),
            )
            session.add(check)
            audit.record(session, "code_check.asked", check, by=None, after=str(code))
            outbox.post(session, "code_check_asked", to=Audience.role(Role.REVIEWER), about=check)
            return check.id
    except IntegrityError:
        raise CheckPending("这个代码的人工核验已经申请，正在办理，不必重复申请。", field="credit_code") from None


def _require_doubtful(session: Session, text: str) -> CreditCode:
    code = _shaped(text)
    _require_unregistered(session, code)
    last = _last_check(session, code)
    if code.passes_check or (last is not None and last.state is CodeCheckState.ACCEPTED):
        raise DomainError("这个代码可以直接登记，不需要人工核验。", field="credit_code")
    _require_nothing_pending(last)
    return code


def decide_code_check(check_id: int, *, accepted: bool, reason: str, by: Actor) -> None:
    """An officer accepts or declines a code after seeing the certificate. Raises AlreadyDecided."""
    with transaction() as session:
        check = session.get_one(CodeCheck, check_id, with_for_update=True, populate_existing=True)
        if check.state is not CodeCheckState.ASKED:
            raise AlreadyDecided("这一申请已由其他办理人作出决定，请刷新后查看。")
        before, check.state = check.state, CodeCheckState.ACCEPTED if accepted else CodeCheckState.DECLINED
        check.decided_on, check.decided_by, check.reason = clock.today(), by.id, reason
        audit.record(session, "code_check.decided", check, by=by, before=before, after=check.state, reason=reason)
        event = "code_overruled" if accepted else "code_check_declined"
        outbox.post(session, event, to=Audience.role(Role.REVIEWER), about=check)
