"""Filings in any state, brought there by the services themselves."""

from collections.abc import Callable

from accounts.models import User
from agency.models import Agency
from core.db import db
from filing import queries, services
from filing.models import Filing
from filing.rules import Correction, State
from tests.factories.agencies import MakesAgencies

PATHS: dict[State, tuple[str, ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: ("submit",),
    State.RETURNED: ("submit", "take", "return"),
    State.UNDER_REVIEW: ("submit", "take"),
    State.REVIEWED: ("submit", "take", "pass"),
    State.FILED: ("submit", "take", "pass", "approve"),
    State.REFUSED: ("submit", "take", "pass", "refuse"),
    State.WITHDRAWN: ("submit", "withdraw"),
    State.CANCELLED: ("submit", "take", "pass", "approve", "cancel"),
}


class MakesFilings(MakesAgencies):
    def filing(
        self,
        state: State | str = State.FILED,
        *,
        agency: Agency | None = None,
        reviewer: User | None = None,
        approver: User | None = None,
    ) -> Filing:
        """A filing of a qualified agency, begun now and brought to a state; a change where one is in force."""
        agency = agency or self.qualified_agency()
        own = self.user_of(agency)
        reviewer, approver = reviewer or self.officer("reviewer"), approver or self.officer("approver")
        with self.app.app_context():
            filing_id = services.begin(agency.id, by=own)
        items = [Correction("clause:JL-20-2", "请补充租赁合同的续签页")]
        acts: dict[str, Callable[[int], object]] = {
            "submit": lambda version: services.submit(filing_id, version=version, by=own),
            "take": lambda version: services.take(filing_id, version=version, by=reviewer),
            "return": lambda version: services.return_(filing_id, version=version, items=items, by=reviewer),
            "pass": lambda version: services.pass_(filing_id, version=version, by=reviewer, reason="材料齐全"),
            "approve": lambda version: services.approve(filing_id, version=version, by=approver, reason="符合条件"),
            "refuse": lambda version: services.refuse(filing_id, version=version, by=approver, reason="材料不实"),
            "withdraw": lambda version: services.withdraw(filing_id, version=version, by=own),
            "cancel": lambda version: services.cancel(filing_id, version=version, by=own, reason="不再从事评价"),
        }
        for act in PATHS[State(state)]:
            with self.app.app_context():
                version = db.session.get_one(Filing, filing_id).version
                acts[act](version)
        return self.filing_now(filing_id)

    def filing_now(self, filing_id: int) -> Filing:
        """A filing as it is now, with its agency, free of its session."""
        with self.app.app_context():
            filing = db.session.get_one(Filing, filing_id)
            for part in (filing.submissions, filing.steps, filing.return_items, filing.comments):
                list(part)
            db.session.expunge_all()
        return filing

    def in_force(self, agency: Agency) -> Filing | None:
        with self.app.app_context():
            return queries.in_force(db.session(), agency.id)
