"""An agency's own accounts: everyone of the agency sees them, its first user manages them."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from accounts import policies, queries
from accounts.forms import NewColleagueForm, ReasonForm
from accounts.queries import Colleague, Colleagues
from accounts.services import managed
from accounts.signin import signed_in
from accounts.views import blueprint
from core.errors import DomainError
from core.forms import Form
from core.guards import guard


@blueprint.get("/colleagues")
@guard(policies.is_agency, load=queries.colleagues_seen_by)
def colleagues(everyone: Colleagues) -> ResponseReturnValue:
    manages = policies.manages_colleagues(signed_in(), everyone)
    return render_template("accounts/colleagues.html", everyone=everyone, manages=manages, own_id=signed_in().id)


@blueprint.route("/colleagues/new", methods=["GET", "POST"])
@guard(policies.manages_colleagues, load=queries.colleagues_seen_by)
def new_colleague(everyone: Colleagues) -> ResponseReturnValue:
    form = NewColleagueForm()
    if form.submitted():
        try:
            first = managed.create_colleague(
                username=form.username.data or "",
                display_name=form.display_name.data or "",
                by=signed_in(),
                email=form.email.data or "",
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _first_password(form.display_name.data or "", form.username.data or "", first)
    return render_template("accounts/new_colleague.html", form=form), form.status


@blueprint.route("/colleagues/<int:user_id>/deactivate", methods=["GET", "POST"])
@guard(policies.manages_colleagues, load=queries.colleague_seen_by)
def deactivate_colleague(colleague: Colleague) -> ResponseReturnValue:
    form = ReasonForm()
    if form.submitted():
        try:
            managed.deactivate(colleague.account.id, by=signed_in(), reason=form.reason.data or "")
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            flash(f"{colleague.account.display_name} 的账号已停用。")
            return redirect(url_for("accounts.colleagues"))
    return render_template("accounts/deactivate_colleague.html", form=form, shown=colleague.account), form.status


@blueprint.post("/colleagues/<int:user_id>/reactivate")
@guard(policies.manages_colleagues, load=queries.colleague_seen_by)
def reactivate_colleague(colleague: Colleague) -> ResponseReturnValue:
    managed.reactivate(colleague.account.id, by=signed_in())
    flash(f"{colleague.account.display_name} 的账号已恢复使用。")
    return redirect(url_for("accounts.colleagues"))


@blueprint.route("/colleagues/<int:user_id>/reset-password", methods=["GET", "POST"])
@guard(policies.manages_colleagues, load=queries.colleague_seen_by)
def reset_colleague_password(colleague: Colleague) -> ResponseReturnValue:
    form = Form()
    if form.submitted():
        try:
            first = managed.reset_password(colleague.account.id, by=signed_in())
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return _first_password(colleague.account.display_name, colleague.account.username, first)
    page = render_template("accounts/reset_colleague_password.html", form=form, shown=colleague.account)
    return page, form.status


def _first_password(display_name: str, username: str, first: str) -> ResponseReturnValue:
    """Shown in the answer itself, once: it is kept nowhere, not even in a cookie."""
    back = url_for("accounts.colleagues")
    return render_template(
        "accounts/first_password.html", display_name=display_name, username=username, first=first, back=back
    )
