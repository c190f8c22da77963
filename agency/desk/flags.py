"""Following up an agency below the conditions: the term to mend it, and the confirmation that it is mended."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.models import User
from accounts.policies import is_provincial
from accounts.signin import signed_in
from agency.desk import blueprint
from agency.forms.standing import MendedForm, TermForm
from agency.queries import followup
from agency.queries.followup import Followed
from agency.services import flagging as services
from core import clock
from core.db import db
from core.errors import DomainError
from core.forms import Form
from core.guards import guard


def flag_of(user: User, flag_id: int) -> Followed | None:
    return followup.flag_of(db.session(), flag_id, on=clock.today())


@blueprint.route("/flags/<int:flag_id>/term", methods=["GET", "POST"])
@guard(is_provincial, load=flag_of)
def set_term(followed: Followed) -> ResponseReturnValue:
    flag_id, term = followed.flag.id, followed.flag.mend_by
    form = TermForm(data={"shown": term or "", "mend_by": term or services.default_term(clock.today())})
    if form.submitted():
        try:
            services.set_term(
                flag_id,
                form.day(),
                shown=followup.day_in(form.shown.data),
                reason=form.reason.data or "",
                by=signed_in(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
            now = flag_of(signed_in(), flag_id)
            form.shown.data = str(now.flag.mend_by or "") if now else ""
        else:
            flash(f"补正期限已定为 {form.mend_by.data}，已通知机构。")
            return redirect(url_for("agency_desk.show", agency_id=followed.agency.id))
    return _page("agency/desk/set_term.html", flag_id, form)


@blueprint.route("/flags/<int:flag_id>/mended", methods=["GET", "POST"])
@guard(is_provincial, load=flag_of)
def confirm_mended(followed: Followed) -> ResponseReturnValue:
    flag_id, form = followed.flag.id, MendedForm()
    if form.submitted():
        try:
            services.confirm_mended(flag_id, reason=form.reason.data or "", by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash("已确认补正，条件不符的标记解除，已通知机构。")
            return redirect(url_for("agency_desk.show", agency_id=followed.agency.id))
    return _page("agency/desk/confirm_mended.html", flag_id, form)


def _page(template: str, flag_id: int, form: Form) -> ResponseReturnValue:
    return render_template(template, followed=flag_of(signed_in(), flag_id), form=form), form.status
