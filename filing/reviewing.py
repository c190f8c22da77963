"""What the review page shows: one hand-in with its check, open points, materials and remarks, ready for templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from accounts.models import User
from accounts.policies import is_approver, is_reviewer
from agency import models
from agency.particulars import MATERIALS, Material, MaterialKind, Particulars, StaffMember, Subject
from agency.rules import Assessment, OpenPoint
from core.labels import Labelled
from core.uploads import StoredFile
from filing import queries
from filing.changes import SectionChanges, subject_name
from filing.checking import Check
from filing.models import Comment, Filing
from filing.rules import State


class Tab(Labelled):
    CHECK = "check", "条件核对"
    PARTICULARS = "particulars", "资料"
    MATERIALS = "materials", "材料"
    CHANGES = "changes", "变化"
    HISTORY = "history", "经过"


class Turn(StrEnum):
    """What this officer can do now."""

    TAKE = "take"
    REVIEW = "review"
    TAKE_OVER = "take_over"
    DECIDE = "decide"
    SECOND = "second"  # somebody else must decide: this officer reviewed
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PointShown:
    """An open point with what an officer needs to judge it."""

    point: OpenPoint
    clause: str
    member: StaffMember | None
    rivals: tuple[str, ...]
    materials: tuple[Material, ...]
    judged: models.Judgement | None


@dataclass(frozen=True, slots=True)
class FileShown:
    id: int
    name: str
    kind: str
    bytes: int
    at: datetime
    target: str


@dataclass(frozen=True, slots=True)
class StaffFiles:
    """One person's row in the table of proofs: kind → materials."""

    assessment: Assessment
    files: Mapping[MaterialKind, tuple[Material, ...]]


@dataclass(frozen=True, slots=True)
class Review:
    """Everything about one hand-in that its page and its forms show."""

    filing: Filing
    facts: Particulars
    check: Check
    points: tuple[PointShown, ...]
    comments: Mapping[str, tuple[Comment, ...]]
    judgements: Sequence[models.Judgement]
    corrections: Sequence[queries.AskedCorrection]
    before: str | None
    changes: tuple[SectionChanges, ...]
    officers: Mapping[int, str]
    reviewers: frozenset[int]

    @property
    def questions(self) -> dict[str, str]:
        return {point.point: point.question for point in self.check.points}

    def turn(self, user: User) -> Turn:
        """What a user can do with the filing now."""
        match self.filing.state:
            case State.SUBMITTED if is_reviewer(user, None):
                return Turn.TAKE
            case State.UNDER_REVIEW if self.filing.reviewer_id == user.id:
                return Turn.REVIEW
            case State.UNDER_REVIEW if is_reviewer(user, None):
                return Turn.TAKE_OVER
            case State.REVIEWED if is_approver(user, None):
                return Turn.SECOND if user.id in self.reviewers else Turn.DECIDE
        return Turn.NONE


def review_of(session: Session, filing: Filing) -> Review:
    """Read a hand-in in a fixed number of queries."""
    facts = queries.snapshot(filing)
    check = queries.check_of(session, filing)
    before = queries.previous_particulars(session, filing)
    reviewers = queries.reviewers_of(session, filing)
    return Review(
        filing=filing,
        facts=facts,
        check=check,
        points=_points(session, filing, facts, check),
        comments=by_target(filing.comments),
        judgements=queries.judgements_in(session, filing),
        corrections=queries.corrections(filing, facts),
        before=before[0] if before else None,
        changes=queries.changes_of(before[1] if before else None, facts),
        officers=queries.names_of(session, {filing.reviewer_id, filing.approver_id}),
        reviewers=reviewers,
    )


def by_target(comments: Sequence[Comment]) -> dict[str, tuple[Comment, ...]]:
    """Remarks by the clause or kind of material that they are on."""
    found: dict[str, tuple[Comment, ...]] = {}
    for comment in comments:
        found[comment.target] = (*found.get(comment.target, ()), comment)
    return found


def _points(session: Session, filing: Filing, facts: Particulars, check: Check) -> tuple[PointShown, ...]:
    if not check.points:
        return ()
    judged, rivals = queries.standing_judgements(session, filing), queries.rivals(session, filing)
    members = {str(member.id): member for member in facts.staff}
    shown = []
    for point in check.points:
        about, name = point.point.split(":")[:2]
        member = members.get(name) if about == "staff" else None
        shown.append(
            PointShown(
                point=point,
                clause="JL-20-3" if member else name,
                member=member,
                rivals=rivals.get(member.identity, ()) if member else (),
                materials=materials_of(facts, Subject.STAFF, member.id) if member else (),
                judged=judged.get((point.point, point.basis)),
            )
        )
    return tuple(shown)


def materials_of(facts: Particulars, subject: Subject, subject_id: int | None) -> tuple[Material, ...]:
    """What hangs on one row."""
    return tuple(each for each in facts.materials if each.subject is subject and each.subject_id == subject_id)


def staff_files(review: Review) -> tuple[StaffFiles, ...]:
    """The proofs of each person, for a table of persons by kinds."""
    return tuple(
        StaffFiles(
            person,
            {
                kind: tuple(
                    each for each in materials_of(review.facts, Subject.STAFF, person.member.id) if each.kind is kind
                )
                for kind in STAFF_KINDS
            },
        )
        for person in review.check.staff
    )


STAFF_KINDS = tuple(slot.kind for slot in MATERIALS if slot.subject is Subject.STAFF)


def files_by_clause(review: Review, files: Mapping[int, StoredFile]) -> dict[str, tuple[FileShown, ...]]:
    """Clause → the materials handed in for it, those of the staff apart (they have a table of their own)."""
    found: dict[str, tuple[FileShown, ...]] = {}
    for slot in MATERIALS:
        if slot.subject is Subject.STAFF:
            continue
        for material in review.facts.materials:
            if material.kind is slot.kind:
                shown = _shown(review.facts, material, files[material.file_id])
                found[slot.clause] = (*found.get(slot.clause, ()), shown)
    return found


def _shown(facts: Particulars, material: Material, file: StoredFile) -> FileShown:
    owner = subject_name(material, facts)
    return FileShown(
        id=material.id,
        name=f"{owner}：{material.title}" if owner else material.title,
        kind=material.kind.label,
        bytes=file.size,
        at=file.uploaded_at,
        target=f"material:{material.kind}",
    )
