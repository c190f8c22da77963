"""Complaints that may be the same matter: about the same party, by the same reporter, of the same time."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from complaints.models import Complaint, State
from complaints.queries.reporters import same_reporter
from complaints.rules import handling
from complaints.rules.handling import JOINABLE, NotJoinable

NEAR = timedelta(days=180)  # received within which another one may be about the same
MOST = 10
MONTH = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Alike:
    """Another complaint, and what speaks for its being the same matter."""

    complaint: Complaint
    why: tuple[str, ...]


def find(session: Session, complaint: Complaint) -> list[Alike]:
    """The likeliest first; only those of the same desk that can take this one up."""
    same = same_reporter(session, complaint)
    about: list[ColumnElement[bool]] = [Complaint.id.in_(same)]
    if complaint.agency_id is not None:
        about.append(Complaint.agency_id == complaint.agency_id)
    if complaint.applicant_id is not None:
        about.append(Complaint.applicant_id == complaint.applicant_id)
    if complaint.agency_id is None and complaint.applicant_id is None:  # a name is sealed: compared one by one
        about.append(and_(Complaint.agency_id.is_(None), Complaint.applicant_id.is_(None)))
    rows = session.scalars(
        select(Complaint)
        .where(
            or_(*about),
            Complaint.id != complaint.id,
            Complaint.joined_to_id.is_(None),
            Complaint.state.in_(sorted(JOINABLE)),
            Complaint.bureau.is_(None) if complaint.bureau is None else Complaint.bureau == complaint.bureau,
            Complaint.received_at > complaint.received_at - NEAR,
        )
        .order_by(Complaint.id.desc())
        .limit(200)
    )
    found = [Alike(row, _why(complaint, row, same)) for row in rows]
    return sorted((each for each in found if each.why), key=lambda each: -len(each.why))[:MOST]


def _why(complaint: Complaint, other: Complaint, same: set[int]) -> tuple[str, ...]:
    is_party = (
        (complaint.agency_id is not None and complaint.agency_id == other.agency_id)
        or (complaint.applicant_id is not None and complaint.applicant_id == other.applicant_id)
        or handling.plain(complaint.target_name) == handling.plain(other.target_name)
    )
    months = set(MONTH.findall(complaint.happened)) & set(MONTH.findall(other.happened))
    speaks = (
        (is_party, "同一被举报单位"),
        (other.id in same, "同一联系方式"),
        (is_party and bool(set(complaint.matters) & set(other.matters)), "同类事项"),
        (is_party and bool(months), "同一时间"),
    )
    return tuple(word for is_so, word in speaks if is_so)


def joined_to(complaint: Complaint) -> Sequence[Complaint]:
    """Those that are replied to with it: not the ones that were closed apart."""
    return [each for each in complaint.joined if each.state is State.JOINED]


def numbered(session: Session, number: str) -> int:
    """The complaint of a number. Raises NotJoinable."""
    wanted = unicodedata.normalize("NFKC", number).strip().upper()
    found = session.scalar(select(Complaint.id).where(Complaint.number == wanted))
    if found is None:
        raise NotJoinable("没有这个编号的举报，请核对，例如 JB20260012。", field="number")
    return found
