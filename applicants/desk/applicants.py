"""One applicant as the desk keeps it: entered, shown with everything, corrected."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_provincial
from accounts.signin import signed_in
from applicants import policies
from applicants.desk.register import scope_of
from applicants.desk.routing import blueprint
from applicants.forms.particulars import DeskApplicantForm, EditApplicantForm, known
from applicants.models import Applicant, Origin
from applicants.overview import overview_of
from applicants.queries import applicant_seen_by, standing
from applicants.services import changing, entering
from core import clock
from core.db import db
from core.errors import DomainError
from core.guards import guard
from core.places import bureaus


@blueprint.get("/<int:applicant_id>")
@guard(policies.may_keep_applicant, load=applicant_seen_by)
def show(applicant: Applicant) -> ResponseReturnValue:
    session = db.session()
    return render_template(
        "applicants/desk/show.html",
        applicant=applicant,
        overview=overview_of(session, applicant, on=clock.today()),
        accounts=standing.accounts_of(session, applicant.id),
        evaluations=current_app.extensions["evaluations_of"](applicant.id),
        bureaus=bureaus(),
        may_move=is_provincial(signed_in(), applicant),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@guard(policies.may_enter_applicant)
def new() -> ResponseReturnValue:
    user = signed_in()
    form = DeskApplicantForm(bureau=user.bureau or "")
    if form.submitted():
        try:
            applicant_id = entering.enter(form.entry(), by=user, origin=Origin.DESK)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已登记。有第十一条情形的，请在此页登记。")
            return redirect(url_for(".show", applicant_id=applicant_id))
    parks = standing.park_names(db.session(), scope_of(user))
    return render_template("applicants/desk/new.html", form=form, parks=parks), form.status


@blueprint.route("/<int:applicant_id>/edit", methods=["GET", "POST"])
@guard(policies.may_keep_applicant, load=applicant_seen_by)
def edit(applicant: Applicant) -> ResponseReturnValue:
    form = EditApplicantForm(data=known(applicant))
    if form.submitted():
        try:
            entry = form.entry(applicant.bureau)
            changing.change(applicant.id, entry, version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已保存。")
            return redirect(url_for(".show", applicant_id=applicant.id))
    parks = standing.park_names(db.session(), applicant.bureau)
    page = render_template("applicants/desk/edit.html", form=form, applicant=applicant, parks=parks, bureaus=bureaus())
    return page, form.status
