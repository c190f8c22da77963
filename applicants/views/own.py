"""An applicant sees what is known of it and what stands against it, and corrects how it is reached."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_applicant
from accounts.signin import signed_in
from applicants.forms.particulars import OwnContactForm
from applicants.models import Applicant
from applicants.overview import overview_of
from applicants.queries import applicant_seen_by
from applicants.services import changing
from applicants.views.routing import blueprint
from core import clock
from core.db import db
from core.errors import DomainError
from core.guards import guard
from core.places import bureaus


def own_applicant(user: User) -> Applicant | None:
    """The applicant that a user belongs to."""
    return applicant_seen_by(user, user.applicant_id) if user.applicant_id is not None else None


@blueprint.get("")
@guard(is_applicant, load=own_applicant)
def show(applicant: Applicant) -> ResponseReturnValue:
    overview = overview_of(db.session(), applicant, on=clock.today())
    return render_template(
        "applicants/show.html",
        applicant=applicant,
        overview=overview,
        bureaus=bureaus(),
    )


@blueprint.route("/contact", methods=["GET", "POST"])
@guard(is_applicant, load=own_applicant)
def contact(applicant: Applicant) -> ResponseReturnValue:
    form = OwnContactForm(
        version=applicant.version,
        contact_name=applicant.contact_name,
        contact_phone=applicant.contact_phone or "",
        contact_email=applicant.contact_email,
    )
    if form.submitted():
        try:
            changing.correct_contact(applicant.id, form.entry(), version=form.shown_version, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("联系方式已更新。")
            return redirect(url_for(".show"))
    return render_template("applicants/contact.html", form=form, applicant=applicant), form.status
