"""National evaluations as bare rows: no more of them than the places of the cap need."""

from datetime import date
from itertools import count

from sqlalchemy.orm import Session

from applicants.models import Applicant, Kind
from core import clock
from evaluations.models import Evaluation, Party
from evaluations.rules.states import Level, Mode

_numbers = count(1)


def bare_evaluation(
    session: Session, *agency_ids: int, begun_on: date, level: Level = Level.NATIONAL, label: str = "基"
) -> Evaluation:
    """An evaluation begun on a day by these agencies, in the running transaction. It holds no places yet."""
    number = next(_numbers)
    applicant = Applicant(
        name=f"长春基石{number:05d}零部件有限公司",
        search_text="",
        sort_key="",
        bureau="changchun",
        is_factory=True,
        entered_at=clock.now(),
    )
    evaluation = Evaluation(
        number=f"{label}〔{begun_on.year}〕{number:05d}",
        applicant=applicant,
        kind=Kind.FACTORY,
        level=level,
        mode=Mode.THIRD_PARTY if agency_ids else Mode.SELF,
        year=begun_on.year,
        bureau="changchun",
        begun_on=begun_on,
        standard="other",
        other_standard="测试用",
        entered_at=clock.now(),
        parties=[Party(agency_id=agency_id, leads=place == 0) for place, agency_id in enumerate(agency_ids)],
    )
    session.add(evaluation)
    session.flush()
    return evaluation
