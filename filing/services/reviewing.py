"""The reviewer's steps: take, comment, judge, return, pass."""

from collections.abc import Sequence

from accounts.models import Role, User
from agency.models import Judgement
from core import audit, clock
from core.db import transaction
from filing import likeness, queries, rules, steps
from filing.models import Comment, Filing, ReturnItem
from filing.rules import Action, Correction, Decision, State
from filing.rules.evasion import require_decided
from notices import outbox
from notices.outbox import Audience


def take(filing_id: int, *, version: int, by: User) -> None:
    """受理: the officer who takes a filing reviews it. Raises NotPossibleNow."""
    with transaction() as session:
        filing = steps.locked(session, filing_id, shown=version)
        steps.take_step(session, filing, Action.TAKE, by=by)
        filing.reviewer_id, filing.taken_at = by.id, clock.now()
        outbox.post(session, "filing_taken", to=Audience.agency(filing.agency_id), about=filing)


def take_over(filing_id: int, *, version: int, by: User, reason: str) -> None:
    """接办: another officer goes on with a review; who began it doesn't approve it either. Raises NotPossibleNow."""
    with transaction() as session:
        filing = steps.locked(session, filing_id, shown=version)
        before = filing.reviewer_id
        steps.take_step(session, filing, Action.TAKE_OVER, by=by, reason=reason)
        filing.reviewer_id = by.id
        if before is not None and before != by.id:
            outbox.post(session, "filing_taken_over", to=Audience.account(before), about=filing)


def comment(filing_id: int, *, target: str, text: str, by: User) -> None:
    """A remark within the desk on one item; no step, and nothing that the agency sees. Raises NothingToCorrect.

    Said again in the same words by the same officer, as by a second click, it stays one.
    """
    rules.require_corrections([Correction(target, text)])
    with transaction() as session:
        filing = session.get_one(Filing, filing_id, with_for_update={"of": Filing}, populate_existing=True)
        number, said = filing.latest.number if filing.latest else 0, text.strip()
        if any(
            (each.submission_number, each.target, each.text, each.by_id) == (number, target, said, by.id)
            for each in filing.comments
        ):
            return
        filing.comments.append(
            Comment(
                submission_number=number,
                target=target,
                text=said,
                by_id=by.id,
                by=by.display_name,
                at=clock.now(),
            )
        )
        audit.record(session, "filing.commented", filing, by=by)


def judge(filing_id: int, *, version: int, decisions: Sequence[Decision], by: User) -> None:
    """Decide what the rules leave open in what was handed in; the newest decision on a point holds.

    Raises NotPossibleNow, NotTheReviewer, NothingToJudge, LevelMissing.
    """
    with transaction() as session:
        filing = steps.locked(session, filing_id, shown=version)
        rules.require_state(filing.state, State.UNDER_REVIEW)
        rules.require_reviewer(reviewer_id=filing.reviewer_id, officer_id=by.id)
        bases = {point.point: point.basis for point in queries.check_of(session, filing).points}
        rules.require_judgeable(decisions, possible=bases.keys())
        for decision in decisions:
            session.add(
                Judgement(
                    agency_id=filing.agency_id,
                    filing_id=filing.id,
                    point=decision.point,
                    basis=bases[decision.point],
                    accepted=decision.accepted,
                    level=decision.level if decision.about_title and decision.accepted else None,
                    reason=decision.reason.strip(),
                    by_id=by.id,
                    by=by.display_name,
                    at=clock.now(),
                )
            )
            after = f"{decision.point} {'accepted' if decision.accepted else 'not accepted'}"
            audit.record(session, "filing.judged", filing, by=by, after=after, reason=decision.reason)
        filing.version += 1


def return_(filing_id: int, *, version: int, items: Sequence[Correction], by: User) -> None:
    """退回补正: tell the agency, once and completely, what to put right.

    Raises NotPossibleNow, NotTheReviewer, NothingToCorrect.
    """
    with transaction() as session:
        filing = steps.locked(session, filing_id, shown=version)
        rules.next_state(filing.state, Action.RETURN)
        if filing.state is State.UNDER_REVIEW:
            rules.require_reviewer(reviewer_id=filing.reviewer_id, officer_id=by.id)
        rules.require_corrections(items)
        number = filing.latest.number if filing.latest else 0
        filing.return_items.extend(
            ReturnItem(submission_number=number, target=item.target, text=item.text.strip()) for item in items
        )
        steps.take_step(session, filing, Action.RETURN, by=by, reason=f"需补正 {len(items)} 项")
        filing.reviewer_id = by.id
        outbox.post(session, "filing_returned", to=Audience.agency(filing.agency_id), about=filing)


def pass_(filing_id: int, *, version: int, by: User, reason: str) -> None:
    """审核通过: every open point is judged and every condition met.

    One that an officer found to evade a non-adoption goes to the approver too, who can only refuse it.
    Raises NotPossibleNow, NotTheReviewer, JudgementMissing, NotReady, MatchUndecided.
    """
    with transaction() as session:
        filing = steps.locked(session, filing_id, shown=version)
        rules.next_state(filing.state, Action.PASS)
        rules.require_reviewer(reviewer_id=filing.reviewer_id, officer_id=by.id)
        rules.require_judged(queries.check_of(session, filing).findings)
        require_decided(likeness.found_in(session, filing).undecided)
        steps.take_step(session, filing, Action.PASS, by=by, reason=reason)
        outbox.post(session, "filing_reviewed", to=Audience.role(Role.APPROVER), about=filing)
