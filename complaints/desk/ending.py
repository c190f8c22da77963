"""The handler's pages from the conclusion on: the reply, and the review of it."""

from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from complaints import policies
from complaints.desk import blueprint
from complaints.desk.acting import back_to, carried_out, page
from complaints.forms.desk import REASONS, ReopenForm, ReplyForm, UpholdForm, VersionForm
from complaints.models import Complaint, State
from complaints.queries import alike, reporters, shown
from complaints.services import looking, replying, reviewing
from core.db import db
from core.guards import guard
from sanctions.queries.proceedings import was_annulled


@blueprint.route("/<int:complaint_id>/conclude", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def conclude(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = VersionForm(data={"version": complaint.version}), complaint.id
    states: list[State] = []
    if carried_out(
        form, lambda: states.append(replying.conclude(complaint_id, version=form.shown_version, by=signed_in()))
    ):
        is_clue = states[0] is State.CLOSED
        return back_to(complaint_id, "线索已办结。" if is_clue else "已核实完毕，请在期限内答复举报人。")
    return page("conclude", complaint_id, form)


@blueprint.route("/<int:complaint_id>/reply", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def reply(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = ReplyForm(data={"version": complaint.version}), complaint.id
    if not form.is_submitted():
        form.text.data = _draft(complaint)
    told: list[int] = []
    if carried_out(
        form,
        lambda: told.append(
            replying.reply(
                complaint_id, form.text.data or "", way=form.chosen_way, version=form.shown_version, by=signed_in()
            )
        ),
    ):
        also = f"，并入的 {told[0] - 1} 件一并答复" if told[0] > 1 else ""
        return back_to(complaint_id, f"已答复举报人{also}。")
    return page("reply", complaint_id, form, unreachable=_unreachable(complaint_id))


def _draft(complaint: Complaint) -> str:
    """What is known already of result and outcome, to begin with."""
    case = complaint.case
    result = case.result.label if case is not None and case.result is not None else ""
    outcome = case.outcome.label if case is not None and case.outcome is not None else ""
    if case is not None and was_annulled(db.session(), case.id):
        outcome = f"{outcome}；该决定后来经复核撤销"
    return f"核实结果：{result}\n处理情况：{outcome}\n{REASONS}"


def _unreachable(complaint_id: int) -> int:
    """How many of those who are replied to have no proved mailbox."""
    session = db.session()
    found = shown.find(session, complaint_id)
    asked = [found, *alike.joined_to(found)] if found else []
    return sum(not reporters.contact_of(session, each.id).mail_confirmed for each in asked)


@blueprint.route("/<int:complaint_id>/uphold", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def uphold(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = UpholdForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: reviewing.uphold(
            complaint_id, form.text.data or "", way=form.chosen_way, version=form.shown_version, by=signed_in()
        ),
    ):
        return back_to(complaint_id, "已维持原答复并办结，举报人能看到复核意见。")
    return page("uphold", complaint_id, form, contact=reporters.contact_of(db.session(), complaint_id))


@blueprint.route("/<int:complaint_id>/reopen", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def reopen(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = ReopenForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: reviewing.reopen(
            complaint_id,
            form.text.data or "",
            form.facts.data or "",
            version=form.shown_version,
            by=signed_in(),
        ),
    ):
        return back_to(complaint_id, "已重新立案核实，核实期限从今天起算。")
    return page("reopen", complaint_id, form)
