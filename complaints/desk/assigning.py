"""Who handles it: assigned, declared, stood aside, handed over; extensions and reviews by an approver."""

from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from complaints import policies
from complaints.desk import blueprint
from complaints.desk.acting import back_to, carried_out, page
from complaints.forms.desk import AssignForm, DecideExtensionForm, DeclareForm, RecuseForm, ReferForm
from complaints.models import Complaint
from complaints.queries import desk, officers, shown
from complaints.rules import clocks
from complaints.services import assigning, extending, looking, referring
from core import law, workdays
from core.db import db
from core.forms import SelectChoice
from core.guards import guard


@blueprint.route("/<int:complaint_id>/assign", methods=["GET", "POST"])
@guard(policies.may_assign, load=shown.seen_by, refused=looking.refused)
def assign(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = AssignForm(data={"version": complaint.version}), complaint.id
    _offer(form, complaint, bureau=complaint.bureau, review=complaint.reviewed_at is not None)
    if carried_out(
        form, lambda: assigning.assign(complaint_id, form.chosen, version=form.shown_version, by=signed_in())
    ):
        return back_to(complaint_id, "已指派，办理人会收到通知；声明无利害关系后开始办理。")
    return page("assign", complaint_id, form, review=False)


@blueprint.route("/<int:complaint_id>/assign-review", methods=["GET", "POST"])
@guard(policies.may_oversee, load=shown.seen_by, refused=looking.refused)
def assign_review(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = AssignForm(data={"version": complaint.version}), complaint.id
    _offer(form, complaint, bureau=None, review=True)
    if carried_out(
        form, lambda: assigning.assign_review(complaint_id, form.chosen, version=form.shown_version, by=signed_in())
    ):
        return back_to(complaint_id, "已指派复核人，声明无利害关系后开始复核。")
    return page("assign", complaint_id, form, review=True)


def _offer(form: AssignForm, complaint: Complaint, *, bureau: str | None, review: bool = False) -> None:
    """Those who may be given it; what was chosen otherwise the service judges."""
    free = officers.candidates(db.session(), complaint, bureau=bureau, review=review)
    form.account_id.choices = [SelectChoice(each.id, each.display_name) for each in free]
    form.account_id.validate_choice = False


@blueprint.route("/<int:complaint_id>/declare", methods=["GET", "POST"])
@guard(policies.is_named_handler, load=shown.seen_by, refused=looking.refused)
def declare(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = DeclareForm(data={"version": complaint.version}), complaint.id
    if carried_out(form, lambda: assigning.declare(complaint_id, version=form.shown_version, by=signed_in())):
        return back_to(complaint_id, "已声明无利害关系，现在可以查看举报内容。")
    return page("declare", complaint_id, form)


@blueprint.route("/<int:complaint_id>/recuse", methods=["GET", "POST"])
@guard(policies.is_named_handler, load=shown.seen_by, refused=looking.refused)
def recuse(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = RecuseForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: assigning.recuse(
            complaint_id, reason=form.reason.data or "", version=form.shown_version, by=signed_in()
        ),
    ):
        return back_to(complaint_id, "已申请回避，指派人会另行指派。")
    return page("recuse", complaint_id, form)


@blueprint.route("/<int:complaint_id>/refer", methods=["GET", "POST"])
@guard(policies.may_refer, load=shown.seen_by, refused=looking.refused)
def refer(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = ReferForm(data={"version": complaint.version}, here=complaint.bureau), complaint.id
    received_at = complaint.received_at
    if carried_out(
        form,
        lambda: referring.refer(
            complaint_id,
            form.chosen,
            reason=form.reason.data or "",
            mention_is_harmless=bool(form.mention_is_harmless.data),
            version=form.shown_version,
            by=signed_in(),
        ),
    ):
        return back_to(complaint_id, f"已转交{desk.desk_name(form.chosen)}，由其指派办理人。")
    calendar = workdays.calendar(db.session())
    return page(
        "refer", complaint_id, form,
        term=clocks.referral_due(received_at, calendar=calendar, law=law.jurisdiction()),
        basis=clocks.basis_of("complaint_referral_workdays", received_at, law=law.jurisdiction()),
    )  # fmt: skip


@blueprint.route("/<int:complaint_id>/extension/decision", methods=["GET", "POST"])
@guard(policies.may_oversee, load=shown.seen_by, refused=looking.refused)
def decide_extension(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = DecideExtensionForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: extending.decide(
            complaint_id,
            grant=form.grant.data == "yes",
            reason=form.reason.data or "",
            version=form.shown_version,
            by=signed_in(),
        ),
    ):
        return back_to(complaint_id, "已作出决定，办理人会收到通知。")
    return page("decide_extension", complaint_id, form)
