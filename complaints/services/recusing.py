"""The register of those who stand aside: what an officer handles nothing of."""

from accounts.models import Role, User
from complaints.models import Recusal
from complaints.queries import officers
from complaints.rules import handling
from complaints.rules.course import NotPossibleNow
from core import audit, clock
from core.db import transaction


def enter(account_id: int, party: str, *, reason: str, by: User) -> int:
    """登记回避: by its name or code; how many complaints about it the officer has in hand now.

    Raises NotTheirs (only approvers enter it for others), NoSuchParty, IsRecused.
    """
    with transaction() as session:
        officer = session.get_one(User, account_id)
        handling.require_own_or_approver(account_id, by=by.id, is_approver=Role.APPROVER in by.roles)
        found = officers.party_named(session, party)
        if officers.is_recused(session, account_id, found):
            raise handling.IsRecused("该人员对这个单位已经登记回避。", field="party")
        row = Recusal(
            account_id=account_id, agency_id=found.agency_id, applicant_id=found.applicant_id, reason=reason,
            since=clock.now(), entered_by=by.id,
        )  # fmt: skip
        session.add(row)
        audit.record(session, "recusal.entered", row, by=by, after=officer.username)
        return officers.count_in_hand(session, account_id, found)


def end(recusal_id: int, *, by: User) -> None:
    """The reason to stand aside is over. Raises NotPossibleNow."""
    with transaction() as session:
        row = session.get_one(Recusal, recusal_id, with_for_update=True, populate_existing=True)
        if row.until is not None:
            raise NotPossibleNow("这项回避登记已经结束。")
        row.until = clock.now()
        officer = session.get_one(User, row.account_id)
        audit.record(session, "recusal.ended", row, by=by, before=officer.username)
