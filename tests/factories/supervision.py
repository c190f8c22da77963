"""Cases and decisions of non-adoption."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from accounts.models import User
from agency.models import Agency
from applicants.models import Applicant
from core import clock
from core.db import db, transaction
from supervision import casework
from supervision.entries import DrawEntry, WantedPool
from supervision.models import Case, CaseKind, CaseState, Conclusion, InspectionDraw, Misconduct, Result
from supervision.queries import inspections
from supervision.rules import inspecting
from supervision.services import inspecting as services
from tests.factories.accounts import MakesAccounts

_draws = count(1)


class MakesSupervision(MakesAccounts):
    def draw(self, wanted: int = 1, *, source: str = "", by: User | None = None) -> InspectionDraw:
        """Agencies drawn from all that are filed; with a `source` the pool is fixed and waits for the seed."""
        officer = by or self.officer("reviewer")
        with self.app.app_context():
            pool = WantedPool()
            shown = inspecting.pool_mark(inspections.codes_of(inspections.pool_of(db.session(), pool)))
            number = next(_draws)
            entry = DrawEntry(f"{number:032d}", pool, shown, f"随机抽查{number}", "人员在岗", wanted, source)
            return _detached(db.session.get_one(InspectionDraw, services.fix_draw(entry, by=officer)))

    def case(
        self,
        kind: CaseKind = CaseKind.UNFILED,
        *,
        agency: Agency | None = None,
        applicant: Applicant | None = None,
        evaluation_id: int | None = None,
        bureau: str | None = None,
        officers: Sequence[User] = (),
        by: User | None = None,
    ) -> Case:
        """An open case; one that a complaint opened is handled by `by` unless `officers` are named."""
        officer = by or self.officer("reviewer")
        handling = officers or ([officer] if kind is CaseKind.COMPLAINT else ())
        with self.app.app_context():
            with transaction() as session:
                row = casework.open_case(
                    session,
                    kind,
                    ("协议日没有有效的备案", "信息来源：现场督查"),
                    by=officer,
                    agency_id=agency.id if agency else None,
                    applicant_id=applicant.id if applicant else None,
                    evaluation_id=evaluation_id,
                    bureau=bureau,
                    officers=[each.id for each in handling],
                )
            return _detached(row)

    def concluded_case(
        self,
        kind: CaseKind = CaseKind.INSPECTION,
        *,
        agency: Agency | None = None,
        applicant: Applicant | None = None,
        misconduct: Misconduct = Misconduct.FALSIFIED,
        result: Result = Result.SUBSTANTIATED,
        evaluation_ids: Sequence[int] = (),
        bureau: str | None = None,
        officers: Sequence[User] = (),
        by: User | None = None,
    ) -> Case:
        """A case that was verified and concluded, with one conclusion, against the agency or the listed unit."""
        officer = by or self.officer("reviewer")
        case = self.case(
            kind, agency=agency, applicant=applicant, bureau=bureau, officers=officers or [officer], by=officer
        )
        with self.app.app_context():
            with transaction() as session:
                row = session.get_one(Case, case.id)
                session.add(
                    Conclusion(
                        case_id=row.id, misconduct=misconduct, result=result, clause="JL-22-3",
                        agency_id=row.agency_id, applicant_id=row.applicant_id, evaluation_ids=list(evaluation_ids),
                        facts="报告所列用电量与供电公司账单相差 40%", evidence="供电公司账单；现场核查记录",
                        at=clock.now(), by_id=officer.id,
                    )
                )  # fmt: skip
                row.state, row.result = CaseState.CONCLUDED, result
                row.concluded_at, row.concluded_by = clock.now(), officer.id
                row.version += 1
            return _detached(row)


def _detached(row: Any) -> Any:
    db.session.refresh(row)
    db.session.expunge_all()
    return row
