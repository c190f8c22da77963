"""Cases and decisions of non-adoption."""

from datetime import date
from itertools import count
from typing import Any

from accounts.models import User
from agency.models import Agency, NonAdoption
from core import clock
from core.db import db, transaction
from supervision import casework
from supervision.entries import NonAdoptionEntry
from supervision.models import Case, CaseKind
from supervision.services import barring
from tests.factories.accounts import MakesAccounts

_documents = count(1)


class MakesSupervision(MakesAccounts):
    def case(
        self,
        kind: CaseKind = CaseKind.UNFILED,
        *,
        agency: Agency | None = None,
        evaluation_id: int | None = None,
        by: User | None = None,
    ) -> Case:
        """An open case."""
        officer = by or self.officer("reviewer")
        with self.app.app_context():
            with transaction() as session:
                row = casework.open_case(
                    session,
                    kind,
                    ("协议日没有有效的备案", "信息来源：现场督查"),
                    by=officer,
                    agency_id=agency.id if agency else None,
                    evaluation_id=evaluation_id,
                )
            return _detached(row)

    def non_adoption(self, agency: Agency, first_day: date | None = None, *, by: User | None = None) -> NonAdoption:
        """A decision that was made on paper, from today unless a day is given."""
        officer = by or self.officer("approver")
        entry = NonAdoptionEntry(f"测决〔2026〕{next(_documents)}号", first_day or clock.today(), "报告数据不实")
        with self.app.app_context():
            row_id = barring.enter(agency.id, entry, by=officer)
            return _detached(db.session.get_one(NonAdoption, row_id))


def _detached(row: Any) -> Any:
    db.session.refresh(row)
    db.session.expunge_all()
    return row
