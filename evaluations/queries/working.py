"""What is there already of the work on an evaluation: what its rules judge by."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import User
from agency.models import Place, StaffMember
from evaluations.models import Evaluation
from evaluations.queries.rosters import filed_members
from evaluations.rules.entering import Work
from evaluations.rules.states import AdviceKind, Mode


def work_of(session: Session, evaluation: Evaluation) -> Work:
    """The days of what was done, who is on the team, and who might be."""
    own = evaluation.mode is Mode.SELF
    agency_ids = agencies_of(evaluation)
    return Work(
        begun_on=evaluation.begun_on,
        last_visit=max((visit.on for visit in evaluation.visits), default=None),
        last_review=max((review.on for review in evaluation.reviews), default=None),
        last_report=evaluation.reports[-1].issued_on if evaluation.reports else None,
        team=frozenset(member.person_id for member in evaluation.team if member.person_id is not None),
        team_names=frozenset(member.name for member in evaluation.team),
        filed=None if own else frozenset(person_id for _, person_id in filed_members(session, agency_ids)),
    )


def agencies_of(evaluation: Evaluation) -> tuple[int, ...]:
    """The agencies that make it, the leading one first."""
    return tuple(party.agency_id for party in sorted(evaluation.parties, key=lambda party: (not party.leads, party.id)))


def still_there(session: Session, evaluation: Evaluation) -> Collection[tuple[int, int]]:
    """(agency, person) of the team's members who haven't left: they may stay on it, whatever the filing says by now."""
    team = {(member.agency_id, member.person_id) for member in evaluation.team if member.person_id is not None}
    rows = session.execute(
        select(StaffMember.agency_id, StaffMember.person_id).where(
            StaffMember.agency_id.in_(agencies_of(evaluation)),
            StaffMember.person_id.in_([person_id for _, person_id in team]),
            StaffMember.left_on.is_(None),
        )
    )
    return {(row.agency_id, row.person_id) for row in rows} & team


def first_advice(evaluation: Evaluation) -> date | None:
    """When advice was given first."""
    return min((each.on for each in evaluation.advice if each.kind is AdviceKind.ADVICE), default=None)


def has_login(session: Session, applicant_id: int) -> bool:
    """Whether somebody can sign in for an applicant."""
    asked = select(User.id).where(User.applicant_id == applicant_id, User.active).limit(1)
    return session.scalar(asked) is not None


def is_counted(session: Session, evaluation_id: int) -> bool:
    """Whether it counts under the cap: one that is over it has no number, and counts all the same (reading 6)."""
    asked = select(Place.id).where(Place.evaluation_id == evaluation_id).limit(1)
    return session.scalar(asked) is not None
