"""第十一条: facts are entered, lifted, annulled."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.signin import signed_in
from applicants import policies
from applicants.desk.routing import blueprint
from applicants.forms.exclusions import AnnulForm, ExclusionForm, LiftForm
from applicants.models import Applicant, Exclusion
from applicants.queries import applicant_seen_by, standing
from applicants.services import excluding
from core.errors import DomainError
from core.guards import guard


def may_keep_exclusion(user: User, exclusion: Exclusion) -> bool:
    """Whoever keeps the applicant."""
    return policies.may_keep_applicant(user, exclusion.applicant)


@blueprint.route("/<int:applicant_id>/exclusions/new", methods=["GET", "POST"])
@guard(policies.may_keep_applicant, load=applicant_seen_by)
def new_exclusion(applicant: Applicant) -> ResponseReturnValue:
    form = ExclusionForm()
    if form.submitted():
        try:
            excluding.enter(applicant.id, form.entry(), by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已登记，培育对象已收到通知。")
            return redirect(url_for(".show", applicant_id=applicant.id))
    return render_template("applicants/desk/new_exclusion.html", form=form, applicant=applicant), form.status


@blueprint.route("/exclusions/<int:exclusion_id>/lift", methods=["GET", "POST"])
@guard(may_keep_exclusion, load=standing.exclusion_seen_by)
def lift_exclusion(exclusion: Exclusion) -> ResponseReturnValue:
    form, applicant = LiftForm(), exclusion.applicant
    if form.submitted() and form.lifted_on.data:
        try:
            excluding.lift(exclusion.id, form.lifted_on.data, reason=form.reason.data or "", by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已登记移出。")
            return redirect(url_for(".show", applicant_id=applicant.id))
    page = render_template("applicants/desk/lift_exclusion.html", form=form, exclusion=exclusion, applicant=applicant)
    return page, form.status


@blueprint.route("/exclusions/<int:exclusion_id>/annul", methods=["GET", "POST"])
@guard(may_keep_exclusion, load=standing.exclusion_seen_by)
def annul_exclusion(exclusion: Exclusion) -> ResponseReturnValue:
    form, applicant = AnnulForm(), exclusion.applicant
    if form.submitted():
        try:
            excluding.annul(exclusion.id, reason=form.reason.data or "", by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已撤销这一登记。")
            return redirect(url_for(".show", applicant_id=applicant.id))
    page = render_template("applicants/desk/annul_exclusion.html", form=form, exclusion=exclusion, applicant=applicant)
    return page, form.status
