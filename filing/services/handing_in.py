"""The agency's steps: begin, hand in, take back, cancel."""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Role, User
from agency import publishing, recheck
from agency.judgements import judgements_of
from agency.models import Agency, ClaimStanding, FilingStatus
from agency.particulars import to_json
from agency.queries import agency_with_everything, particulars_of
from core import clock
from core.db import transaction
from core.sealed import keyring
from filing import checking, claims, likeness, queries, rules, steps
from filing.models import Filing, Submission
from filing.rules import PENDING_STATES, Action, FilingKind, State
from notices import outbox
from notices.outbox import Audience


def begin(agency_id: int, *, by: User) -> int:
    """开始填报: a first filing, or a change of the one in force. Returns its id. Raises AlreadyOpen."""
    with transaction() as session:
        agency = session.get_one(Agency, agency_id, with_for_update=True)
        open_one, in_force = queries.find_open(session, agency_id), queries.in_force(session, agency_id)
        kind = rules.kind_to_begin(has_open=open_one is not None, in_force=in_force is not None)
        filing = Filing(agency=agency, kind=kind, state=State.DRAFT, opened_at=clock.now())
        session.add(filing)
        steps.write_down(session, filing, Action.OPEN, before=State.DRAFT, by=by)
        return filing.id


def submit(filing_id: int, *, version: int, by: User) -> None:
    """提交: keep what the agency is and has today as a snapshot, and hand that in.

    Raises NotPossibleNow, NotReady (the filing stays what it was), NothingChanged.
    """
    with transaction() as session:
        filing = steps.locked(session, filing_id, shown=version)
        again = filing.state is State.RETURNED
        rules.next_state(filing.state, Action.SUBMIT)
        _snapshot(session, filing, by)
        steps.take_step(session, filing, Action.SUBMIT, by=by)
        if filing.kind is FilingKind.INITIAL:
            filing.agency.filing_status = FilingStatus.PENDING
            publishing.publish(filing.agency, queries.snapshot(filing))
        event = "filing_resubmitted" if again else "filing_submitted"
        outbox.post(session, event, to=Audience.role(Role.REVIEWER), about=filing)
        session.flush()
        likeness.note(session, filing, to=(Role.REVIEWER,), by=by)


def _snapshot(session: Session, filing: Filing, by: User) -> None:
    agency = agency_with_everything(session, filing.agency_id)
    if agency is None:
        raise LookupError(f"filing {filing.id} has no agency")
    in_force = queries.in_force(session, agency.id)
    if filing.state is State.DRAFT:  # the one in force may have been cancelled since the draft was begun
        filing.kind = rules.kind_to_begin(has_open=False, in_force=in_force is not None)
    facts = particulars_of(session, agency)
    judgements = judgements_of(session, agency.id)
    result = checking.check(session, facts, judgements, on=clock.today())
    rules.require_ready(result.findings)
    content = to_json(facts)
    fingerprint = fingerprint_of(content)
    rules.require_new(same_as=_same(filing, in_force, fingerprint))
    filing.submitted_at = clock.now()
    filing.submissions.append(
        Submission(
            number=len(filing.submissions) + 1,
            at=filing.submitted_at,
            by_id=by.id,
            content=content,
            findings=[to_json(finding) for finding in result.findings],
            fingerprint=fingerprint,
        )
    )
    session.flush()
    touched = claims.lay(session, agency.id, result.claimed)
    claims.tell(session, touched, "staff_claimed_elsewhere", by=by)


def _same(filing: Filing, in_force: Filing | None, fingerprint: str) -> str | None:
    if filing.latest is not None and filing.latest.fingerprint == fingerprint:
        return "上次提交的内容"
    if in_force is not None and in_force.latest is not None and in_force.latest.fingerprint == fingerprint:
        return "现行备案的内容"
    return None


def fingerprint_of(content: Any) -> str:
    """A keyed hash of a snapshot: equal for equal contents, and not to be made without the key."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return keyring().keyed_hash(text)


def withdraw(filing_id: int, *, version: int, by: User, reason: str = "") -> None:
    """撤回: the agency takes back what the desk has not decided. Raises NotPossibleNow."""
    with transaction() as session:
        filing = steps.locked(session, filing_id, shown=version)
        steps.take_step(session, filing, Action.WITHDRAW, by=by, reason=reason)
        filing.decided_at = clock.now()
        steps.end_pending(session, filing, by=by)
        outbox.post(session, "filing_withdrawn", to=_desk(filing), about=filing)


def _desk(filing: Filing) -> Audience:
    return Audience.account(filing.reviewer_id) if filing.reviewer_id else Audience.role(Role.REVIEWER)


def cancel(filing_id: int, *, version: int, by: User, reason: str) -> None:
    """注销: the agency ends its filing in force. Raises NotPossibleNow, NothingToCancel."""
    with transaction() as session:
        filing = steps.locked(session, filing_id, shown=version)
        rules.next_state(filing.state, Action.CANCEL)
        pending = select(Filing.id).where(Filing.agency_id == filing.agency_id, Filing.state.in_(PENDING_STATES))
        rules.require_cancellable(change_pending=session.scalar(pending) is not None)
        steps.take_step(session, filing, Action.CANCEL, by=by, reason=reason)
        filing.ended_on = filing.agency.filing_ended_on = clock.today()
        filing.agency.filing_status = FilingStatus.CANCELLED
        recheck.drop_flag(session, filing.agency, by=by)
        touched = claims.drop(session, filing.agency_id, ClaimStanding.FILED)
        claims.tell(session, touched, None, by=by)
        for role in (Role.REVIEWER, Role.APPROVER):
            outbox.post(session, "filing_cancelled", to=Audience.role(role), about=filing)
