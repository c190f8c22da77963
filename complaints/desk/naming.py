"""Saying whom a complaint concerns. What is looked for goes in the form, not in the address: logs keep addresses."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from accounts.signin import signed_in
from complaints import policies
from complaints.desk import blueprint
from complaints.desk.acting import back_to, carried_out, page
from complaints.forms.desk import NamePartyForm
from complaints.models import Complaint
from complaints.queries import officers, shown
from complaints.services import looking, naming
from core.db import db
from core.guards import guard


@blueprint.route("/<int:complaint_id>/party", methods=["GET", "POST"])
@guard(policies.may_handle, load=shown.seen_by, refused=looking.refused)
def name_party(complaint: Complaint) -> ResponseReturnValue:
    """What the reporter wrote is looked for at once; other words by the button that only looks."""
    form = NamePartyForm(data={"version": complaint.version, "q": complaint.target_name})
    complaint_id, case_id = complaint.id, complaint.case_id
    form.offer(officers.parties_named(db.session(), form.q.data or ""))
    only_looks = "find" in request.form
    if not only_looks and carried_out(
        form,
        lambda: naming.name_party(complaint_id, form.chosen, version=form.shown_version, by=signed_in()),
    ):
        done = "已写明涉及的单位。"
        return back_to(complaint_id, done + ("可以在案件里询问对方。" if case_id else ""))
    return page("name_party", complaint_id, form)


@blueprint.get("/cases/<int:case_id>/party")
@guard(policies.may_handle, load=shown.of_case_seen_by, refused=looking.refused)
def name_party_of_case(complaint: Complaint) -> ResponseReturnValue:
    """The way there from the case, which knows nothing of complaints."""
    return redirect(url_for(".name_party", complaint_id=complaint.id))
