"""The logins of an applicant: an officer opens, resets and closes them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts.forms import NewColleagueForm, ReasonForm
from accounts.models import User
from accounts.services import managed
from accounts.signin import signed_in
from applicants import policies
from applicants.desk.routing import blueprint
from applicants.models import Applicant
from applicants.queries import applicant_seen_by, standing
from applicants.queries.standing import AccountOfApplicant
from core.errors import DomainError
from core.forms import Form
from core.guards import guard


def may_keep_account(user: User, shown: AccountOfApplicant) -> bool:
    """Whoever keeps the applicant."""
    return policies.may_keep_applicant(user, shown.applicant)


@blueprint.route("/<int:applicant_id>/accounts/new", methods=["GET", "POST"])
@guard(policies.may_keep_applicant, load=applicant_seen_by)
def new_account(applicant: Applicant) -> ResponseReturnValue:
    form = NewColleagueForm()
    if form.submitted():
        username, name = form.username.data or "", form.display_name.data or ""
        try:
            first = managed.create_applicant_account(
                applicant.id, username=username, display_name=name, by=signed_in(), email=form.email.data or ""
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _first_password(applicant, name, username, first)
    return render_template("applicants/desk/new_account.html", form=form, applicant=applicant), form.status


@blueprint.route("/<int:applicant_id>/accounts/<int:user_id>/reset-password", methods=["GET", "POST"])
@guard(may_keep_account, load=standing.account_seen_by)
def reset_account(shown: AccountOfApplicant) -> ResponseReturnValue:
    form, account = Form(), shown.account
    if form.submitted():
        try:
            first = managed.reset_password(account.id, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _first_password(shown.applicant, account.display_name, account.username, first)
    return render_template("applicants/desk/reset_account.html", form=form, shown=shown), form.status


@blueprint.route("/<int:applicant_id>/accounts/<int:user_id>/deactivate", methods=["GET", "POST"])
@guard(may_keep_account, load=standing.account_seen_by)
def deactivate_account(shown: AccountOfApplicant) -> ResponseReturnValue:
    form = ReasonForm()
    if form.submitted():
        try:
            managed.deactivate(shown.account.id, by=signed_in(), reason=form.reason.data or "")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{shown.account.display_name} 的账号已停用。")
            return _back(shown.applicant)
    return render_template("applicants/desk/deactivate_account.html", form=form, shown=shown), form.status


@blueprint.post("/<int:applicant_id>/accounts/<int:user_id>/reactivate")
@guard(may_keep_account, load=standing.account_seen_by)
def reactivate_account(shown: AccountOfApplicant) -> ResponseReturnValue:
    managed.reactivate(shown.account.id, by=signed_in())
    flash(f"{shown.account.display_name} 的账号已恢复使用。")
    return _back(shown.applicant)


def _back(applicant: Applicant) -> ResponseReturnValue:
    return redirect(url_for(".show", applicant_id=applicant.id, _anchor="accounts"))


def _first_password(applicant: Applicant, display_name: str, username: str, first: str) -> ResponseReturnValue:
    """Shown in the answer itself, once: it is kept nowhere, not even in a cookie."""
    back = url_for(".show", applicant_id=applicant.id, _anchor="accounts")
    return render_template(
        "accounts/first_password.html", display_name=display_name, username=username, first=first, back=back
    )
