"""The handler's pages until the case is open: calling, asking, accepting, refusing, joining."""

from flask import url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from complaints import policies
from complaints.desk import blueprint
from complaints.desk.acting import back_to, carried_out, page
from complaints.forms.desk import (
    AskForm,
    CallForm,
    ExtensionForm,
    FactsForm,
    JoinForm,
    RefuseForm,
    VersionForm,
    WithdrawnForm,
)
from complaints.models import CallResult, Complaint, Refusal
from complaints.queries import alike, reporters, shown
from complaints.rules import clocks
from complaints.services import asking, calling, deciding, extending, joining, looking, replying
from core import clock, law, workdays
from core.db import db
from core.guards import guard


@blueprint.route("/<int:complaint_id>/call", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def call(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = CallForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: calling.record(
            complaint_id,
            CallResult(form.result.data),
            note=form.note.data or "",
            version=form.shown_version,
            by=signed_in(),
        ),
    ):
        return back_to(complaint_id, "已登记核实结果。")
    return page("call", complaint_id, form, contact=reporters.contact_of(db.session(), complaint_id))


@blueprint.route("/<int:complaint_id>/ask", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def ask(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = AskForm(data={"version": complaint.version}), complaint.id
    if not form.is_submitted() and not complaint.files and not shown.asked_for_evidence(complaint):
        form.for_evidence.data = True
    mailed: list[bool] = []
    if carried_out(
        form,
        lambda: mailed.append(
            asking.ask(
                complaint_id,
                form.text.data or "",
                for_evidence=bool(form.for_evidence.data),
                version=form.shown_version,
                by=signed_in(),
            )
        ),
    ):
        told = "已发出，举报人会收到邮件提示" if mailed[0] else "已发出；举报人没有确认的邮箱，请另行电话告知"
        return back_to(complaint_id, f"{told}。其间暂停计时。", "message" if mailed[0] else "warning")
    calendar = workdays.calendar(db.session())
    due = clocks.answer_due(clock.now(), calendar=calendar, law=law.jurisdiction())
    basis = clocks.basis_of("complaint_supplement_days", clock.now(), law=law.jurisdiction())
    return page("ask", complaint_id, form, due=due, basis=basis)


@blueprint.route("/<int:complaint_id>/accept", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def accept(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = FactsForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: deciding.accept(complaint_id, form.facts.data or "", version=form.shown_version, by=signed_in()),
    ):
        return back_to(complaint_id, "已受理并立案，只有您能看到这个案件；举报人能看到已受理。")
    return page("accept", complaint_id, form)


@blueprint.route("/<int:complaint_id>/keep", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def keep(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = FactsForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: deciding.keep_as_clue(complaint_id, form.facts.data or "", version=form.shown_version, by=signed_in()),
    ):
        return back_to(complaint_id, "已作为线索立案核实，不需要答复。")
    return page("keep", complaint_id, form)


@blueprint.route("/<int:complaint_id>/accept-clue", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def accept_clue(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = VersionForm(data={"version": complaint.version}), complaint.id
    if carried_out(form, lambda: deciding.accept_clue(complaint_id, version=form.shown_version, by=signed_in())):
        return back_to(complaint_id, "已转为受理，核实期限从今天起算。")
    return page("accept_clue", complaint_id, form)


@blueprint.route("/<int:complaint_id>/refuse", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def refuse(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = RefuseForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: deciding.refuse(
            complaint_id,
            Refusal(form.ground.data),
            reasons=form.reasons.data or "",
            way=form.chosen_way,
            version=form.shown_version,
            by=signed_in(),
        ),
    ):
        return back_to(complaint_id, "已决定不予受理，理由已告知举报人。")
    return page("refuse", complaint_id, form, contact=reporters.contact_of(db.session(), complaint_id))


@blueprint.route("/<int:complaint_id>/join", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def join(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = JoinForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: joining.join(complaint_id, form.number.data or "", version=form.shown_version, by=signed_in()),
    ):
        return back_to(complaint_id, "已并入，随那一件核实和答复。")
    found = shown.find(db.session(), complaint_id)
    return page("join", complaint_id, form, alike=alike.find(db.session(), found) if found else ())


@blueprint.route("/<int:complaint_id>/extension", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def ask_extension(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = ExtensionForm(data={"version": complaint.version}), complaint.id
    if carried_out(
        form,
        lambda: extending.ask(complaint_id, reason=form.reason.data or "", version=form.shown_version, by=signed_in()),
    ):
        return back_to(complaint_id, "已申请延长，等另一名审批人决定。")
    extend = law.jurisdiction().parameter("complaint_extend_days", on=clock.today())
    return page("ask_extension", complaint_id, form, extend=extend)


@blueprint.route("/<int:complaint_id>/withdrawn", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def withdrawn(complaint: Complaint) -> ResponseReturnValue:
    form, complaint_id = WithdrawnForm(data={"version": complaint.version}), complaint.id
    decide = replying.close_withdrawn if form.decision.data == "close" else replying.go_on
    if carried_out(
        form,
        lambda: decide(complaint_id, reason=form.reason.data or "", version=form.shown_version, by=signed_in()),
    ):
        return back_to(complaint_id, "已作出决定，举报人能看到。")
    return page("withdrawn", complaint_id, form)


def case_url(complaint: Complaint) -> str:
    """Where its case is."""
    return url_for("supervision_desk.show_case", case_id=complaint.case_id) if complaint.case_id else ""
