"""The provincial desk gives an applicant, with its evaluations, to another bureau."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.policies import is_provincial
from accounts.signin import signed_in
from applicants.models import Applicant
from applicants.queries import applicant_seen_by
from core.errors import DomainError
from core.guards import guard
from core.places import bureaus
from evaluations.desk.routing import blueprint
from evaluations.forms.moving import MoveApplicantForm
from evaluations.services import moving


@blueprint.route("/applicants/<int:applicant_id>/move", methods=["GET", "POST"])
@guard(is_provincial, load=applicant_seen_by)
def move_applicant(applicant: Applicant) -> ResponseReturnValue:
    form = MoveApplicantForm(version=applicant.version)
    if form.submitted():
        try:
            moved = moving.move(
                applicant.id,
                form.bureau.data or "",
                version=form.shown_version,
                reason=form.reason.data or "",
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"已变更，{moved} 项评价一并移交。" if moved else "已变更。")
            return redirect(url_for("applicant_desk.show", applicant_id=applicant.id))
    page = render_template(
        "evaluations/desk/move_applicant.html",
        form=form,
        applicant=applicant,
        bureau=bureaus()[applicant.bureau].name if applicant.bureau in bureaus() else "未定",
    )
    return page, form.status
