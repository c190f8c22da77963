"""Persons on whom several agencies count: who they are, and where an officer lets them count."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_provincial
from accounts.signin import signed_in
from agency.desk import blueprint
from agency.forms.standing import AwardForm
from agency.queries import sharing
from agency.queries.sharing import SharedPerson
from agency.services import awarding as services
from core.db import db
from core.errors import DomainError
from core.forms import SelectChoice
from core.guards import guard


def person_of(user: User, person_id: int) -> SharedPerson | None:
    return sharing.shared_person(db.session(), person_id)


@blueprint.get("/shared-persons")
@guard(is_provincial)
def shared_persons() -> ResponseReturnValue:
    page, people = sharing.shared_persons(db.session(), cursor=request.args.get("page"))
    return render_template("agency/desk/shared_persons.html", page=page, people=people)


@blueprint.route("/shared-persons/<int:person_id>/award", methods=["GET", "POST"])
@guard(is_provincial, load=person_of)
def award_person(shared: SharedPerson) -> ResponseReturnValue:
    person_id, form = shared.person.id, AwardForm()
    form.agency_id.choices = [SelectChoice(str(claim.agency.id), claim.agency.name) for claim in shared.claims]
    if form.submitted():
        try:
            services.award(person_id, int(form.agency_id.data), reason=form.reason.data or "", by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已核定，有关机构的备案条件已重新核对并通知。")
            return redirect(url_for("agency_desk.shared_persons"))
    shown = person_of(signed_in(), person_id)
    if shown is None:
        return redirect(url_for("agency_desk.shared_persons"))
    return render_template("agency/desk/award_person.html", shared=shown, form=form), form.status
