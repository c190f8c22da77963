"""Cases and decisions of non-adoption."""

from itertools import count
from typing import Any

from accounts.models import User
from agency.models import Agency
from core.db import db, transaction
from supervision import casework
from supervision.models import Case, CaseKind
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


def _detached(row: Any) -> Any:
    db.session.refresh(row)
    db.session.expunge_all()
    return row
