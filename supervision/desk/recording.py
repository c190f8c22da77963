"""Recording past the gate (reading 6): find agency and applicant, see what stands against it, confirm."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.signin import signed_in
from agency.models import Agency
from applicants.models import Applicant
from core.db import db
from core.errors import DomainError
from core.guards import guard
from evaluations.rules.gate import Refusal
from supervision import policies, queries
from supervision.desk import blueprint
from supervision.forms.recording import RecordForm, finder
from supervision.services import recording


@dataclass(frozen=True, slots=True)
class Sides:
    """Whose evaluation, of whom."""

    agency: Agency
    applicant: Applicant


def sides_of(user: User, agency_id: int, applicant_id: int) -> Sides | None:
    agency, applicant = db.session.get(Agency, agency_id), db.session.get(Applicant, applicant_id)
    return Sides(agency, applicant) if agency is not None and applicant is not None else None


@blueprint.get("/record")
@guard(policies.may_record)
def record() -> ResponseReturnValue:
    """Both sides are found by a part of their names; what was chosen stands in the address bar."""
    session, (form, asked) = db.session(), finder(request.args)
    agency_id = request.args.get("agency_id", type=int)
    applicant_id = request.args.get("applicant_id", type=int)
    chosen = queries.chosen(session, agency_id, applicant_id)
    if chosen.agency is not None and chosen.applicant is not None:
        return redirect(url_for(".record_evaluation", agency_id=chosen.agency.id, applicant_id=chosen.applicant.id))
    return render_template(
        "supervision/desk/record.html",
        form=form,
        asked=asked,
        chosen=chosen,
        agencies=queries.agencies_named(session, form.agency_word.data or ""),
        applicants=queries.applicants_named(session, form.applicant_word.data or ""),
        most=queries.FOUND,
    )


@blueprint.route("/record/<int:agency_id>/<int:applicant_id>", methods=["GET", "POST"])
@guard(policies.may_record, load=sides_of)
def record_evaluation(sides: Sides) -> ResponseReturnValue:
    """The first hand-in only looks at what stands against it; the second, which shows it, records."""
    form, agency_id, applicant_id = RecordForm(), sides.agency.id, sides.applicant.id
    against: tuple[Refusal, ...] = ()
    if form.submitted():
        try:
            partners = queries.partners_of(db.session(), agency_id, form.partner_lines)
            entry = form.entry((agency_id, *partners), applicant_id)
            if entry.shown and request.form.get("confirmed") and not request.form.get("again"):
                done = recording.record(entry, form.upload(), by=signed_in())
                flash(f"已补录，评价编号 {done.number}；已立案 {done.case_number}（{done.kind.label}）。")
                return redirect(url_for(".show_case", case_id=done.case_id))
            against = queries.against(db.session(), entry.evaluation)
        except DomainError as refusal:
            form.refuse(refusal)
    form.shown.data = " ".join(each.what for each in against)
    found = sides_of(signed_in(), agency_id, applicant_id)
    return render_template(
        "supervision/desk/record_evaluation.html", sides=found, form=form, against=against
    ), form.status
