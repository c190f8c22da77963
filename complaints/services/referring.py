"""Handing a complaint to the body that is competent for it, which assigns it anew."""

from accounts.models import User
from complaints import hands, parties, steps
from complaints.models import Complaint
from complaints.queries import alike, officers
from complaints.queries.desk import desk_name
from complaints.rules import handling
from complaints.rules.course import Action, NotPossibleNow
from complaints.telling import tell_reporter
from core.db import transaction
from core.places import bureaus
from notices import outbox
from notices.outbox import Audience


def refer(
    complaint_id: int, bureau: str | None, *, reason: str, mention_is_harmless: bool, version: int, by: User
) -> None:
    """转交: to a bureau, or back to the province (None). Who handled it loses sight of it; the reporter is told.

    Raises NotPossibleNow, Involved.
    """
    with transaction() as session:
        complaint = steps.held(session, complaint_id, version=version)
        if bureau == complaint.bureau:
            raise NotPossibleNow(f"这件举报已经由{desk_name(bureau)}办理。", field="bureau")
        if bureau is not None:
            has_read = complaint.handler_id == by.id and complaint.taken_at is not None
            _require_uninvolved(complaint, bureau, mention_is_harmless and has_read)
        hands.free(session, complaint, by=by)
        for each in (complaint, *alike.joined_to(complaint)):
            each.bureau = bureau
        if complaint.case is not None:
            complaint.case.bureau = bureau
            complaint.case.version += 1
        where = bureaus()[bureau].name if bureau else "省工业和信息化厅"
        steps.take(session, complaint, Action.REFER, by=by, text=f"转交{where}。{reason}")
        to = Audience.bureau(bureau) if bureau else Audience.role("approver")
        outbox.post(session, "complaint_referred", to=to, about=complaint)
        tell_reporter(session, complaint)


def _require_uninvolved(complaint: Complaint, bureau: str, mention_is_harmless: bool) -> None:
    handling.require_uninvolved_bureau(
        parties.bureau_names(bureau),
        target=complaint.target_name,
        texts=officers.texts_of(complaint),
        mention_is_harmless=mention_is_harmless,
    )
