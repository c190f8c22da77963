"""The approver's steps: send back, approve, refuse."""

from sqlalchemy.orm import Session

from accounts.models import User
from agency import publishing, recheck
from agency.models import FilingStatus
from agency.particulars import Elsewhere, Particulars
from core import clock, numbers
from core.db import transaction
from filing import claims, likeness, queries, rules, steps
from filing.checking import Check
from filing.models import Filing
from filing.rules import Action, FilingKind
from filing.rules.evasion import require_decided, require_not_evading
from notices import outbox
from notices.outbox import Audience


def send_back(filing_id: int, *, version: int, by: User, reason: str) -> None:
    """退回审核: the second officer wants the review looked at again. Raises NotPossibleNow, SameOfficer."""
    with transaction() as session:
        filing = _held_by_second(session, filing_id, version, by)
        steps.take_step(session, filing, Action.SEND_BACK, by=by, reason=reason)
        if filing.reviewer_id is not None:
            outbox.post(session, "filing_sent_back", to=Audience.account(filing.reviewer_id), about=filing)


def approve(filing_id: int, *, version: int, by: User, reason: str) -> str:
    """准予备案: a second officer approves; the filing gets its number, or keeps the one that it changes.

    Raises NotPossibleNow, SameOfficer, JudgementMissing, NotReady (a condition was lost since the review),
    MatchUndecided, Evaded.
    """
    with transaction() as session:
        filing = _held_by_second(session, filing_id, version, by)
        rules.next_state(filing.state, Action.APPROVE)
        facts, check = _judged(session, filing)
        rules.require_judged(check.findings)
        found = likeness.found_in(session, filing)
        require_decided(found.undecided)
        require_not_evading(found.evading)
        replaced = queries.in_force(session, filing.agency_id)
        filing.number = replaced.number if replaced else _next_number(session)
        if replaced is not None:
            steps.take_step(session, replaced, Action.SUPERSEDE, by=by)
            replaced.ended_on = clock.today()
            session.flush()  # only one is in force at a time: the database holds that
        steps.take_step(session, filing, Action.APPROVE, by=by, reason=reason)
        filing.approver_id, filing.filed_on, filing.decided_at = by.id, clock.today(), clock.now()
        _write_facts(filing)
        _settle_claims(session, filing, facts, check.counted, by)
        outbox.post(session, "filing_approved", to=Audience.agency(filing.agency_id), about=filing)
        return filing.number or ""


def _next_number(session: Session) -> str:
    year = clock.today().year
    return f"〔{year}〕{numbers.next_number(session, 'filing', year):03d}"


def refuse(filing_id: int, *, version: int, by: User, reason: str) -> None:
    """不予备案: with reasons; the remedies stand on the decision (reading 16). Raises NotPossibleNow, SameOfficer."""
    with transaction() as session:
        filing = _held_by_second(session, filing_id, version, by)
        steps.take_step(session, filing, Action.REFUSE, by=by, reason=reason)
        _judged(session, filing)
        filing.approver_id, filing.decided_at = by.id, clock.now()
        steps.end_pending(session, filing, by=by)
        outbox.post(session, "filing_refused", to=Audience.agency(filing.agency_id), about=filing)


def _held_by_second(session: Session, filing_id: int, version: int, by: User) -> Filing:
    filing = steps.locked(session, filing_id, shown=version)
    rules.require_second_officer(reviewers=queries.reviewers_of(session, filing), officer_id=by.id)
    return filing


def _judged(session: Session, filing: Filing) -> tuple[Particulars, Check]:
    """What is decided on: others' claims on the staff are kept as they are now, so that it can be recomputed."""
    facts, check = queries.facts_judged(session, filing), queries.check_of(session, filing)
    filing.elsewhere = {
        each.identity: each.elsewhere.value for each in facts.staff if each.elsewhere is not Elsewhere.NOWHERE
    }
    return facts, check


def _write_facts(filing: Filing) -> None:
    """What everyone else reads of a filing lies with the agency."""
    agency = filing.agency
    publishing.publish(agency, queries.snapshot(filing))
    agency.filing_status, agency.filing_number, agency.filing_ended_on = FilingStatus.FILED, filing.number, None
    if filing.kind is FilingKind.INITIAL:
        agency.first_filed_on = filing.filed_on


def _settle_claims(session: Session, filing: Filing, facts: Particulars, counted: tuple[str, ...], by: User) -> None:
    disputed = {member.identity for member in facts.staff if member.elsewhere is not Elsewhere.NOWHERE}
    losing = claims.confirm(session, filing.agency_id, counted=counted, awarded=disputed & set(counted))
    claims.tell(session, losing, "staff_counts_elsewhere", by=by)
    recheck.run(session, filing.agency, by=by)
